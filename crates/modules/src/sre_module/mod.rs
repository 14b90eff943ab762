//! `_sre`: compiled regular expressions. The compiler is the library's `re`.
//!
//! * `engine` – matching;
//! * `pattern` – `re.Pattern`; `match_object` – `re.Match`; `scanner` – what `finditer` steps; `substitute` – templates and `sub`;
//! * `subject` – texts and bytes as the engine sees them; `validate` – programs are checked before they may run.
//!
//! Invariant: the engine runs no program that `validate` has not passed.

mod engine;
mod match_object;
mod pattern;
mod scanner;
mod subject;
mod substitute;
mod validate;

pub use module::spec;

use engine::charset::{lower, upper};
use engine::code;
use engine::program::Program;
use pattern::{Pattern, Regex};
use substitute::Template;
use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::vm::{PyResult, Vm};

/// The code words of a list of ints.
fn code_words(vm: &Vm, code: &Obj<List>) -> PyResult<Box<[u32]>> {
    let words = code.snapshot().into_iter().map(|word| match int::index_i64(vm, &word)?.map(u32::try_from) {
        Some(Ok(word)) => Ok(word),
        _ => Err(vm.overflow_error("regular expression code size limit exceeded")),
    });
    words.collect()
}

#[pymodule(name = "_sre")]
mod module {
    use super::*;

    #[constant]
    const MAGIC: i64 = code::MAGIC as i64;
    #[constant]
    const CODESIZE: i64 = code::CODESIZE as i64;
    #[constant]
    const MAXREPEAT: i64 = code::MAXREPEAT as i64;
    #[constant]
    const MAXGROUPS: i64 = code::MAXGROUPS as i64;

    #[function]
    fn getcodesize() -> i64 {
        CODESIZE
    }

    #[function(sig = "character, /")]
    fn ascii_iscased(character: i32) -> bool {
        u8::try_from(character).is_ok_and(|byte| byte.is_ascii_alphabetic())
    }

    #[function(sig = "character, /")]
    fn unicode_iscased(character: i32) -> bool {
        let character = character as u32;
        lower(character) != character || upper(character) != character
    }

    #[function(sig = "character, /")]
    fn ascii_tolower(character: i32) -> i32 {
        u8::try_from(character).map_or(character, |byte| i32::from(byte.to_ascii_lowercase()))
    }

    #[function(sig = "character, /")]
    fn unicode_tolower(character: i32) -> i32 {
        lower(character as u32) as i32
    }

    #[function(sig = "pattern, flags, code, groups, groupindex, indexgroup")]
    fn compile(
        vm: &Vm,
        pattern: Value,
        flags: i32,
        code: &Obj<List>,
        groups: isize,
        groupindex: &Obj<Dict>,
        indexgroup: &Obj<Tuple>,
    ) -> PyResult<Value> {
        let bytes = if is_none(&pattern) { None } else { Some(subject::Subject::new(vm, &pattern, None)?.is_bytes()) };
        let code = code_words(vm, code)?;
        let program = usize::try_from(groups).ok().filter(|&groups| groups <= code::MAXGROUPS).and_then(|groups| {
            validate::validate(&code, groups).ok()?;
            Program::translate(&code, groups)
        });
        match program {
            Some(program) => {
                let regex = Regex { flags: i64::from(flags), code, program };
                Pattern::make(vm, pattern, bytes, regex, groupindex.to_ref(), indexgroup.to_ref())
            }
            None => Err(vm.runtime_error("invalid SRE code")),
        }
    }

    ///   template
    ///     A list containing interleaved literal strings (str or bytes) and group
    ///     indices (int), as returned by re._parser.parse_template():
    ///         [literal1, group1, ..., literalN, groupN]
    #[function(sig = "pattern, template, /")]
    fn template(vm: &Vm, pattern: &Value, template: &Obj<List>) -> PyResult<Value> {
        let _ = pattern;
        Template::make(vm, &template.snapshot())
    }
}

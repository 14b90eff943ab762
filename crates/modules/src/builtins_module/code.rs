//! `compile`, `eval`, `exec`, `globals`, `locals`.
//!
//! Invariant: code given as text or bytes is compiled with the `__future__` features of the code that asks, unless told otherwise.

use super::{syntax_error, warning};
use taipan_compiler::parse::{Flags, Parsed, parse};
use taipan_compiler::source::{Origin, Source, codec_error, foreign_encoding};
use taipan_compiler::tree::{Invalid, adjust};
use taipan_compiler::{Input, Mode, Options, SyntaxWarning, compile_parsed};
use taipan_heap::{Charge, Obj, Ref, Value};
use taipan_interp::code::CodeObject;
use taipan_interp::eval::run_function_with_locals;
use taipan_interp::frame;
use taipan_interp::function::Function;
use taipan_macros::pymodule;
use taipan_objects::builtins::{buffer, bytes::Bytes, dict::Dict, is_none, str::Str, tuple::Tuple};
use taipan_objects::codecs;
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

const ONLY_AST: i64 = 0x400;
const OPTIMIZED_AST: i64 = 0x8000 | ONLY_AST;
const TYPE_COMMENTS: i64 = 0x1000;
const DONT_IMPLY_DEDENT: i64 = 0x200;
const ALLOW_TOP_LEVEL_AWAIT: i64 = 0x2000;
const ALLOW_INCOMPLETE_INPUT: i64 = 0x4000;
/// All flags that `compile` takes: the above, the features, nested scopes, UTF-8 source, ignored cookies, optimised trees.
const KNOWN_FLAGS: i64 = ONLY_AST
    | DONT_IMPLY_DEDENT
    | ALLOW_TOP_LEVEL_AWAIT
    | ALLOW_INCOMPLETE_INPUT
    | taipan_bytecode::future::MASK as i64
    | 0x10
    | 0x100
    | 0x800
    | TYPE_COMMENTS
    | 0x8000;

/// Functions on code.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Compile source into a code object that can be executed by exec() or eval().
    ///
    /// The source code may represent a Python module, statement or expression.
    /// The filename will be used for run-time error messages.
    /// The mode must be 'exec' to compile a module, 'single' to compile a
    /// single (interactive) statement, or 'eval' to compile an expression.
    /// The flags argument, if present, controls which future statements influence
    /// the compilation of the code.
    /// The dont_inherit argument, if true, stops the compilation inheriting
    /// the effects of any future statements in effect in the code calling
    /// compile; if absent or false these statements do influence the compilation,
    /// in addition to any features explicitly specified.
    #[function(sig = "source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1")]
    #[allow(clippy::too_many_arguments)]
    pub fn compile(
        vm: &Vm,
        source: &Value,
        filename: &Value,
        mode: &Value,
        flags: i64,
        dont_inherit: bool,
        optimize: i64,
        _feature_version: i64,
    ) -> PyResult<Value> {
        let filename = crate::posix_module::path_text(vm, filename)?;
        let Some(mode) = mode.downcast::<Str>() else {
            let given = vm.given_name(mode);
            return Err(vm.type_error(format!("compile() argument 'mode' must be str, not {given}")));
        };
        if flags & !KNOWN_FLAGS != 0 {
            return Err(vm.value_error("compile(): unrecognised flags"));
        }
        let optimize = match optimize {
            -1 => taipan_interp::import::hooks(vm).optimize.get(),
            level @ 0..=2 => level as u8,
            _ => return Err(vm.value_error("compile(): invalid optimize value")),
        };
        let inherited = if dont_inherit { 0 } else { features_of_caller(vm)? };
        let mode = match &*mode.to_lossy() {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            "func_type" if flags & ONLY_AST != 0 => return function_type(vm, source, &filename, _feature_version),
            "func_type" => {
                return Err(vm.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
            }
            _ if flags & ONLY_AST != 0 => {
                return Err(vm.value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'"));
            }
            _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
        };
        let options = Options {
            optimize,
            future_flags: (flags as u32 & taipan_bytecode::future::MASK) | inherited,
            top_level_await: flags & ALLOW_TOP_LEVEL_AWAIT != 0,
            allow_incomplete_input: flags & ALLOW_INCOMPLETE_INPUT != 0,
            dont_imply_dedent: flags & DONT_IMPLY_DEDENT != 0,
        };
        if crate::ast_module::is_node(vm, source)? {
            if flags & ONLY_AST != 0 {
                let (mut tree, _) = crate::ast_module::read(vm, source, wanted_root(mode))?;
                if flags & OPTIMIZED_AST == OPTIMIZED_AST {
                    adjust::fold(&mut tree, optimize);
                }
                return crate::ast_module::object(vm, &tree);
            }
            return Ok(compile_tree(vm, source, &filename, mode, &options)?.into());
        }
        let Some(text) = source_bytes(vm, source)? else {
            return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object"));
        };
        if flags & ONLY_AST != 0 {
            let _working = working_memory(vm, text.input())?;
            let (source, parsed) = parse_source(vm, text.input(), &filename, mode, &options)?;
            let tree = taipan_compiler::tree::tree(&source, &parsed, mode, flags & TYPE_COMMENTS != 0);
            let mut tree = tree.map_err(|error| syntax_error(vm, &error, &filename, Some(source.text())))?;
            if let Some(message) = adjust::too_new(&tree, _feature_version).filter(|_| _feature_version >= 0) {
                return Err(vm.raise_new(&vm.types().syntax_error, &message));
            }
            if flags & OPTIMIZED_AST == OPTIMIZED_AST {
                adjust::fold(&mut tree, optimize);
            }
            return crate::ast_module::object(vm, &tree);
        }
        Ok(compile_source(vm, text.input(), &filename, mode, &options)?.into())
    }

    /// Evaluate the given source in the context of globals and locals.
    ///
    /// The source may be a string representing a Python expression
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    #[function(sig = "source, /, globals=None, locals=None")]
    pub fn eval(vm: &Vm, source: &Value, globals: Option<&Value>, locals: Option<&Value>) -> PyResult<Value> {
        let (globals, locals) = (present(globals), present(locals));
        if locals.is_some_and(|locals| !is_mapping(vm, locals)) {
            return Err(vm.type_error("locals must be a mapping"));
        }
        if let Some(globals) = globals
            && globals.downcast::<Dict>().is_none()
        {
            let message = if is_mapping(vm, globals) {
                "globals must be a real dict; try eval(code, {}, mapping)"
            } else {
                "globals must be a dict"
            };
            return Err(vm.type_error(message));
        }
        let (globals, locals) = namespaces(vm, globals, locals)?;
        if let Some(code) = source.downcast::<CodeObject>() {
            refuse_free_variables(vm, code, "eval")?;
            return run(vm, code, &globals, locals, None);
        }
        let Some(text) = source_bytes(vm, source)? else {
            return Err(vm.type_error("eval() arg 1 must be a string, bytes or code object"));
        };
        let options = inherited_options(vm)?;
        let code = compile_source(vm, text.trimmed(), "<string>", Mode::Eval, &options)?;
        run(vm, &code, &globals, locals, None)
    }

    /// Execute the given source in the context of globals and locals.
    ///
    /// The source may be a string representing one or more Python statements
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    /// The closure must be a tuple of cellvars, and can only be used
    /// when source is a code object requiring exactly that many cellvars.
    #[function(sig = "source, /, globals=None, locals=None, *, closure=None")]
    pub fn exec(
        vm: &Vm,
        source: &Value,
        globals: Option<&Value>,
        locals: Option<&Value>,
        closure: Option<&Value>,
    ) -> PyResult<()> {
        let (globals, locals, closure) = (present(globals), present(locals), present(closure));
        if let Some(globals) = globals.filter(|globals| globals.downcast::<Dict>().is_none()) {
            let given = vm.type_name(globals);
            return Err(vm.type_error(format!("exec() globals must be a dict, not {given}")));
        }
        if let Some(locals) = locals.filter(|locals| !is_mapping(vm, locals)) {
            let given = vm.type_name(locals);
            return Err(vm.type_error(format!("locals must be a mapping or None, not {given}")));
        }
        let (globals, locals) = namespaces(vm, globals, locals)?;
        if let Some(code) = source.downcast::<CodeObject>() {
            check_closure(vm, code, closure)?;
            return run(vm, code, &globals, locals, closure).map(drop);
        }
        if closure.is_some() {
            return Err(vm.type_error("closure can only be used when source is a code object"));
        }
        let Some(text) = source_bytes(vm, source)? else {
            return Err(vm.type_error("exec() arg 1 must be a string, bytes or code object"));
        };
        let options = inherited_options(vm)?;
        let code = compile_source(vm, text.input(), "<string>", Mode::Exec, &options)?;
        run(vm, &code, &globals, locals, None).map(drop)
    }

    /// Return the dictionary containing the current scope's global variables.
    ///
    /// NOTE: Updates to this dictionary *will* affect name lookups in the current
    /// global scope and vice-versa.
    #[function]
    pub fn globals(vm: &Vm) -> PyResult<Value> {
        match frame::current(vm, 0)? {
            Some(frame) => Ok(frame.globals().to_value()),
            None => Err(vm.system_error("frame does not exist")),
        }
    }

    /// Return a dictionary containing the current scope's local variables.
    ///
    /// NOTE: Whether or not updates to this dictionary will affect name lookups in
    /// the local scope and vice-versa is *implementation dependent* and not
    /// covered by any backwards compatibility guarantees.
    #[function]
    pub fn locals(vm: &Vm) -> PyResult<Value> {
        match frame::current(vm, 0)? {
            Some(frame) => frame.locals(vm),
            None => Err(vm.system_error("frame does not exist")),
        }
    }
}

/// The class of a tree's root.
/// What `compile` gives in mode `func_type`.
fn function_type(vm: &Vm, source: &Value, filename: &str, feature_version: i64) -> PyResult<Value> {
    if crate::ast_module::is_node(vm, source)? {
        let (tree, _) = crate::ast_module::read(vm, source, "FunctionType")?;
        return crate::ast_module::object(vm, &tree);
    }
    let Some(text) = source_bytes(vm, source)? else {
        return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object"));
    };
    let source = read_source(vm, text.input(), filename)?;
    let tree = taipan_compiler::tree::function_type(&source);
    let tree = tree.map_err(|error| syntax_error(vm, &error, filename, Some(source.text())))?;
    if let Some(message) = adjust::too_new(&tree, feature_version).filter(|_| feature_version >= 0) {
        return Err(vm.raise_new(&vm.types().syntax_error, &message));
    }
    crate::ast_module::object(vm, &tree)
}

fn wanted_root(mode: Mode) -> &'static str {
    match mode {
        Mode::Exec => "Module",
        Mode::Eval => "Expression",
        Mode::Single => "Interactive",
    }
}

/// Compiles a tree of nodes.
fn compile_tree(vm: &Vm, root: &Value, filename: &str, mode: Mode, options: &Options) -> PyResult<Ref<CodeObject>> {
    let (tree, depth) = crate::ast_module::read(vm, root, wanted_root(mode))?;
    let (source, parsed) = taipan_compiler::tree::lower(filename, &tree, depth).map_err(|invalid| match invalid {
        Invalid::Value(message) => vm.value_error(message),
        Invalid::Type(message) => vm.type_error(message),
        Invalid::System(message) => vm.system_error(message),
    })?;
    generate(vm, &source, &parsed, filename, mode, options)
}

/// Counts what tokens, tree and tables of a source take while it is compiled.
fn working_memory(vm: &Vm, input: Input<'_>) -> PyResult<Charge> {
    const PER_BYTE: usize = 64;
    let source = match input {
        Input::Text(text) => text.as_bytes(),
        Input::Bytes(bytes) | Input::File(bytes) => bytes,
    };
    vm.charge(source.len() * PER_BYTE)
}

/// Compiles a source, with its warnings issued and its errors raised.
pub fn compile_source(
    vm: &Vm,
    input: Input<'_>,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> PyResult<Ref<CodeObject>> {
    let _working = working_memory(vm, input)?;
    let (source, parsed) = parse_source(vm, input, filename, mode, options)?;
    generate(vm, &source, &parsed, filename, mode, options)
}

fn generate(
    vm: &Vm,
    source: &Source,
    parsed: &Parsed,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> PyResult<Ref<CodeObject>> {
    let failed = |error: &taipan_compiler::SyntaxError| syntax_error(vm, error, filename, Some(source.text()));
    let compiled = compile_parsed(source, parsed, mode, options).map_err(|error| failed(&error))?;
    issue(vm, source, filename, compiled.warnings)?;
    CodeObject::new(vm, compiled.code)
}

/// Issues the compiler's warnings; one that is to be an error becomes a SyntaxError.
fn issue(vm: &Vm, source: &Source, filename: &str, warnings: Vec<SyntaxWarning>) -> PyResult<()> {
    for issued in warnings {
        let category = &vm.types().syntax_warning;
        if let Err(raised) = warning::warn_explicit(vm, category, &issued.message, filename, issued.line) {
            if !vm.raised_is(category) {
                return Err(raised);
            }
            drop(vm.take_exception(raised));
            return Err(syntax_error(vm, &issued.into_error(source), filename, Some(source.text())));
        }
    }
    Ok(())
}

/// Decodes a source by Python's codec of this name.
fn decode_source(vm: &Vm, bytes: &[u8], encoding: &str) -> PyResult<Result<String, taipan_compiler::SyntaxError>> {
    let given: Value = Bytes::new(vm, bytes)?.into();
    match vm.call_method(&given, &*vm.intern("decode")?, &[encoding.into_value(vm)?]) {
        Ok(text) => Ok(Ok(Str::display(&text))),
        Err(raised) if vm.raised_is(&vm.types().lookup_error) || vm.raised_is(&vm.types().unicode_decode_error) => {
            let error = vm.take_exception(raised).to_value();
            Ok(Err(codec_error(vm.str(&error)?.to_lossy().into_owned())))
        }
        Err(raised) => Err(raised),
    }
}

/// Decodes the source of a program.
fn read_source(vm: &Vm, input: Input<'_>, filename: &str) -> PyResult<Source> {
    let (bytes, origin) = match input {
        Input::Text(text) => (text.as_bytes(), None),
        Input::Bytes(bytes) => (bytes, Some(Origin::String)),
        Input::File(bytes) => (bytes, Some(Origin::File)),
    };
    match (input, origin.and_then(|_| foreign_encoding(bytes)), origin) {
        (Input::Text(text), ..) => Source::from_text(filename, text),
        (_, Some(encoding), _) => {
            decode_source(vm, bytes, &encoding)?.and_then(|text| Source::from_text(filename, &text))
        }
        (_, None, origin) => Source::from_bytes(filename, bytes, origin.unwrap_or(Origin::String)),
    }
    .map_err(|error| syntax_error(vm, &error, filename, None))
}

/// Parses a source; errors are raised.
pub fn parse_source(
    vm: &Vm,
    input: Input<'_>,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> PyResult<(Source, Parsed)> {
    let source = read_source(vm, input, filename)?;
    let flags = Flags {
        allow_top_level_await: options.top_level_await,
        allow_incomplete_input: options.allow_incomplete_input,
        dont_imply_dedent: options.dont_imply_dedent,
        barry_as_flufl: options.future_flags & taipan_bytecode::future::BARRY_AS_BDFL != 0,
        digit_limit: vm.interp().max_str_digits.get(),
    };
    match parse(&source, mode, flags) {
        Ok(parsed) => Ok((source, parsed)),
        Err(mut error) => {
            issue(vm, &source, filename, std::mem::take(&mut error.warnings))?;
            Err(syntax_error(vm, &error, filename, Some(source.text())))
        }
    }
}

/// Source code given to `compile`, `eval` or `exec`.
enum Text {
    Str(String),
    Bytes(Vec<u8>),
}

impl Text {
    fn input(&self) -> Input<'_> {
        match self {
            Text::Str(text) => Input::Text(text),
            Text::Bytes(bytes) => Input::Bytes(bytes),
        }
    }

    /// Without leading spaces and tabs, as `eval` takes it.
    fn trimmed(&self) -> Input<'_> {
        match self {
            Text::Str(text) => Input::Text(text.trim_start_matches([' ', '\t'])),
            Text::Bytes(bytes) => {
                let blank = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                Input::Bytes(&bytes[blank..])
            }
        }
    }
}

/// The source's text or bytes; `None` when it is neither.
fn source_bytes(vm: &Vm, source: &Value) -> PyResult<Option<Text>> {
    if let Some(text) = source.downcast::<Str>() {
        return match text.to_utf8() {
            Some(text) => Ok(Some(Text::Str(text.into_owned()))),
            None => codecs::encode(vm, text, "utf-8", "strict").map(|bytes| Some(Text::Bytes(bytes.bytes().to_vec()))),
        };
    }
    if !buffer::is_buffer(vm, source) {
        return Ok(None);
    }
    buffer::to_vec(vm, source).map(|bytes| Some(Text::Bytes(bytes)))
}

fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !is_none(value))
}

fn is_mapping(vm: &Vm, value: &Value) -> bool {
    vm.class_of(value).slots.getitem.get().is_some()
}

fn features_of_caller(vm: &Vm) -> PyResult<u32> {
    let frame = frame::current(vm, 0)?;
    Ok(frame.map_or(0, |frame| frame.code().plain().flags.0 & taipan_bytecode::future::MASK))
}

fn inherited_options(vm: &Vm) -> PyResult<Options> {
    let optimize = taipan_interp::import::hooks(vm).optimize.get();
    Ok(Options { optimize, future_flags: features_of_caller(vm)?, ..Options::default() })
}

/// The namespaces to run in; the caller's where none are given. `__builtins__` is put into the global one.
fn namespaces(vm: &Vm, globals: Option<&Value>, locals: Option<&Value>) -> PyResult<(Ref<Dict>, Value)> {
    let frame = frame::current(vm, 0)?;
    let (globals, locals) = match (globals.and_then(Value::downcast::<Dict>), locals, &frame) {
        (Some(globals), Some(locals), _) => (globals.to_ref(), locals.clone()),
        (Some(globals), None, _) => (globals.to_ref(), globals.to_value()),
        (None, Some(locals), Some(frame)) => (frame.globals().clone(), locals.clone()),
        (None, None, Some(frame)) => (frame.globals().clone(), frame.locals(vm)?),
        (None, _, None) => return Err(vm.system_error("globals and locals cannot be NULL")),
    };
    let name = vm.names().__builtins__.to_value();
    if !globals.contains(vm, &name)? {
        let builtins = match &frame {
            Some(frame) => frame.builtins().to_value(),
            None => taipan_interp::builtins_dict(vm)?.into(),
        };
        globals.set(vm, &name, builtins)?;
    }
    Ok((globals, locals))
}

fn free_variables(code: &CodeObject) -> usize {
    usize::from(code.shape().variables - code.shape().first_free)
}

fn refuse_free_variables(vm: &Vm, code: &CodeObject, function: &str) -> PyResult<()> {
    match free_variables(code) {
        0 => Ok(()),
        _ => Err(vm.type_error(format!("code object passed to {function}() may not contain free variables"))),
    }
}

fn check_closure(vm: &Vm, code: &CodeObject, closure: Option<&Value>) -> PyResult<()> {
    let wanted = free_variables(code);
    let Some(closure) = closure else { return refuse_free_variables(vm, code, "exec") };
    if wanted == 0 {
        return Err(vm.type_error("cannot use a closure with this code object"));
    }
    let cells = closure.downcast::<Tuple>().map(|tuple| tuple.items());
    let fits = cells.is_some_and(|cells| {
        cells.len() == wanted && cells.iter().all(|cell| cell.downcast::<taipan_interp::cell::Cell>().is_some())
    });
    if fits {
        return Ok(());
    }
    Err(vm.type_error(format!("code object requires a closure of exactly length {wanted}")))
}

fn run(
    vm: &Vm,
    code: &Obj<CodeObject>,
    globals: &Obj<Dict>,
    locals: Value,
    closure: Option<&Value>,
) -> PyResult<Value> {
    let function = Function::new(vm, code, globals)?;
    function.set_closure_to(closure.cloned());
    run_function_with_locals(vm, &function, Some(locals))
}

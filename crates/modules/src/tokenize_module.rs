//! `_tokenize`: the tokens of Python source. Not written yet beyond its name, which `tokenize` asks for when it is imported.
//!
//! Invariant: making a tokenizer raises NotImplementedError.

pub use module::spec;

use taipan_heap::{Obj, Payload, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// The iterator over tokens.
#[derive(Payload)]
#[payload(name = "TokenizerIter")]
pub struct TokenizerIter {}

#[pytype(name = "TokenizerIter", module = "_tokenize")]
impl TokenizerIter {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = (class, args);
        Err(vm.not_implemented_error("the tokens of a source text (_tokenize)"))
    }
}

#[pymodule(name = "_tokenize", types(TokenizerIter))]
mod module {
    use super::*;
}

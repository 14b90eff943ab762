//! `_suggestions`: what a misspelt name was probably meant to be.
//!
//! Invariant: it finds what the hints of tracebacks find.

pub use module::spec;

use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::exception::suggest;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Vm};

/// Suggestions for misspelt names.
#[pymodule(name = "_suggestions")]
mod module {
    use super::*;

    /// Returns the candidate in candidates that is closest to item.
    #[function(sig = "candidates, item, /")]
    fn _generate_suggestions(vm: &Vm, candidates: &Value, item: &Obj<Str>) -> PyResult<Option<String>> {
        let Some(list) = candidates.downcast_exact::<List>() else {
            return Err(vm.type_error("candidates must be a list"));
        };
        let mut names = Vec::new();
        for candidate in vm.collect(&list.to_value())? {
            match candidate.downcast::<Str>() {
                Some(name) => names.push(name.to_lossy().into_owned()),
                None => return Err(vm.type_error("all elements in 'candidates' must be strings")),
            }
        }
        Ok(suggest::closest(&item.to_lossy(), &names))
    }
}

//! `_decimal`: decimal numbers and their contexts.
//!
//! * `state` – what the module keeps with the interpreter; `signals` – exceptions and the mappings of flags and traps.
//! * `object` – `Decimal`'s payload, conversions and results; `decimal` – its type; `construct`, `compare`, `format`, `ratio`.
//! * `settings` – `Context`'s payload and attributes; `context` – its type; `current` – the context that a thread works in.
//!
//! The arithmetic is `taipan_numeric::decimal`. Invariant: conditions that an operation meets are put into its context before its result, or the
//! exception that they are trapped by, is seen.

mod compare;
mod construct;
mod context;
mod current;
mod decimal;
mod format;
mod object;
mod ratio;
mod settings;
mod signals;
mod state;

pub use module::spec;

use context::PyContext;
use state::state;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_numeric::decimal as numbers;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::native::FuncArgs;
use taipan_objects::vm::{PyResult, Vm};

/// C decimal arithmetic module
#[pymodule(name = "_decimal", init = fill)]
mod module {
    use super::*;

    #[constant(name = "MAX_PREC")]
    const MAX_PREC: i64 = numbers::MAX_PREC;
    #[constant(name = "MAX_EMAX")]
    const MAX_EMAX: i64 = numbers::MAX_EMAX;
    #[constant(name = "MIN_EMIN")]
    const MIN_EMIN: i64 = numbers::MIN_EMIN;
    #[constant(name = "MIN_ETINY")]
    const MIN_ETINY: i64 = numbers::MIN_ETINY;
    #[constant(name = "IEEE_CONTEXT_MAX_BITS")]
    const IEEE_CONTEXT_MAX_BITS: i64 = settings::INTERCHANGE_MOST;
    #[constant(name = "HAVE_THREADS")]
    const HAVE_THREADS: bool = true;
    #[constant(name = "HAVE_CONTEXTVAR")]
    const HAVE_CONTEXTVAR: bool = true;
    #[constant(name = "__version__")]
    const VERSION: &str = "1.70";
    #[constant(name = "__libmpdec_version__")]
    const LIBRARY_VERSION: &str = "2.5.1";

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let state = state(vm)?;
        module.set_attr(vm, "Decimal", state.decimal.clone().into())?;
        module.set_attr(vm, "Context", state.context.clone().into())?;
        module.set_attr(vm, "DecimalTuple", state.tuple.clone())?;
        for (name, class) in state.signals.exported() {
            module.set_attr(vm, name, class.to_value())?;
        }
        for (rounding, name) in numbers::Rounding::ALL.into_iter().zip(&state.roundings) {
            module.set_attr(vm, rounding.name(), name.clone())?;
        }
        for (name, context) in ["DefaultContext", "BasicContext", "ExtendedContext"].into_iter().zip(&state.templates) {
            module.set_attr(vm, name, context.clone().into())?;
        }
        Ok(())
    }

    /// The context that the calling thread, or task, works in.
    #[function]
    fn getcontext(vm: &Vm) -> PyResult<Value> {
        Ok(current::current(vm, &*state(vm)?)?.into())
    }

    /// Makes a context the one that the calling thread, or task, works in.
    #[function(sig = "context, /")]
    fn setcontext(vm: &Vm, context: &Value) -> PyResult<()> {
        let state = state(vm)?;
        match context.downcast::<PyContext>() {
            Some(context) => current::set_current(vm, &state, context),
            None => Err(vm.type_error("argument must be a context")),
        }
    }

    /// A context manager that works in a copy of a context, of the current one if none is given, and goes back to the current one at its end.
    ///
    /// Keywords change attributes of the copy.
    #[function(sig = "ctx=None, **kwargs")]
    fn localcontext(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        current::local(vm, &*state(vm)?, args.0)
    }

    /// A context for the interchange format of so many bits.
    #[function(name = "IEEEContext", sig = "bits, /")]
    fn ieee_context(vm: &Vm, bits: &Value) -> PyResult<Ref<PyContext>> {
        settings::interchange(vm, &*state(vm)?, bits)
    }
}

//! The context that a thread, or task, works in.
//!
//! Invariant: it is the value of the context variable; what is remembered of it is marked (see `State`).

use super::context::PyContext;
use super::settings::{self, Settings};
use super::state::{State, state};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::is_none;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{FALSE, NONE};
use taipan_objects::native::{Args, Rest};
use taipan_objects::vm::{PyResult, Vm};

/// The current context.
#[inline]
pub fn current(vm: &Vm, state: &State) -> PyResult<Ref<PyContext>> {
    let mark = vm.context_mark.get();
    if mark != 0
        && mark == state.mark.get()
        && let Some(context) = &*state.current.borrow()
    {
        return Ok(context.clone());
    }
    find(vm, state)
}

#[cold]
fn find(vm: &Vm, state: &State) -> PyResult<Ref<PyContext>> {
    let found = vm.call_method(&state.variable, &*vm.intern("get")?, &[NONE])?;
    match found.downcast_into::<PyContext>() {
        Ok(context) => {
            remember(vm, state, &context);
            Ok(context)
        }
        Err(_) => {
            let fresh = settings::copy(vm, state, &state.templates[0], 0)?;
            install(vm, state, &fresh)?;
            Ok(fresh)
        }
    }
}

fn remember(vm: &Vm, state: &State, context: &Ref<PyContext>) {
    let mark = state.last_mark.get() + 1;
    state.last_mark.set(mark);
    vm.context_mark.set(mark);
    state.mark.set(mark);
    let old = state.current.replace(Some(context.clone()));
    drop(old);
}

fn install(vm: &Vm, state: &State, context: &Ref<PyContext>) -> PyResult<()> {
    let token = vm.call_method(&state.variable, &*vm.intern("set")?, &[context.to_value()])?;
    drop(token);
    remember(vm, state, context);
    Ok(())
}

/// Makes a context the current one, or a copy of it if it is one of the module's.
pub fn set_current(vm: &Vm, state: &State, context: &Obj<PyContext>) -> PyResult<()> {
    if state.templates.iter().any(|template| template.is_same(context)) {
        return install(vm, state, &settings::copy(vm, state, context, 0)?);
    }
    install(vm, state, &context.to_ref())
}

/// What `localcontext` returns.
#[derive(Payload)]
#[payload(name = "decimal.ContextManager")]
pub struct ContextManager {
    local: Ref<PyContext>,
    global: Ref<PyContext>,
}

/// A manager for a copy of a context with some attributes changed.
pub fn local(vm: &Vm, state: &State, args: Args<'_>) -> PyResult<Value> {
    let positionals = args.positionals();
    if positionals.len() > 1 {
        let given = positionals.len();
        return Err(vm.type_error(format!("function takes at most 1 positional argument ({given} given)")));
    }
    // The context may be given by name, too.
    let (mut values, mut names) = (Vec::new(), Vec::new());
    let mut context = positionals.first();
    for (name, value) in args.keywords() {
        if Str::is_text(name, "ctx") {
            if context.replace(value).is_some() {
                return Err(vm.type_error("argument for function given by name ('ctx') and position (1)"));
            }
        } else {
            names.push(name.clone());
            values.push(value.clone());
        }
    }
    let changes = Args { values: &values, names: &names };
    let global = current(vm, state)?;
    let base = match context.filter(|context| !is_none(context)) {
        None => global.clone(),
        Some(value) => match value.downcast::<PyContext>() {
            Some(context) => context.to_ref(),
            None => return Err(vm.type_error("optional argument must be a context")),
        },
    };
    let mut settings: Settings = base.settings();
    settings.change_all(vm, state, &settings::arguments(vm, changes)?)?;
    let local = PyContext::make(vm, &state.context, &state.signal_dict, settings)?;
    let manager = ContextManager { local, global };
    Ok(vm.alloc(&*vm.native_type(ContextManager::spec())?, manager)?.into())
}

#[pytype(name = "ContextManager", module = "decimal", flags = DISALLOW_INSTANTIATION)]
impl ContextManager {
    #[method]
    fn __enter__(this: &Obj<ContextManager>, vm: &Vm) -> PyResult<Value> {
        set_current(vm, &*state(vm)?, &this.local)?;
        Ok(this.local.to_value())
    }

    #[method(sig = "*exc_info")]
    fn __exit__(this: &Obj<ContextManager>, vm: &Vm, _exception: Rest<'_>) -> PyResult<Value> {
        set_current(vm, &*state(vm)?, &this.global)?;
        Ok(FALSE)
    }
}

//! Asynchronous generators: the type, and the awaitables that `__anext__`, `asend`, `athrow` and `aclose` return.
//!
//! Invariant: a value yielded by the generator itself arrives wrapped; anything else that comes out is being awaited and passes through.

use crate::eval::Resumption;
use crate::generator::{Generator, thrown};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A value that an asynchronous generator yields.
#[derive(Payload)]
#[payload(name = "async_generator_wrapped_value")]
pub struct WrappedValue {
    value: Value,
}

#[pytype(name = "async_generator_wrapped_value", flags = DISALLOW_INSTANTIATION)]
impl WrappedValue {
    pub(crate) fn make(vm: &Vm, value: Value) -> PyResult<Value> {
        let class = crate::types(vm)?.wrapped_value.clone();
        Ok(vm.alloc(&*class, WrappedValue { value })?.into())
    }
}

/// What an awaitable does to its generator.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Send,
    Throw,
    Close,
}
taipan_heap::no_references!(Action, Stage);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Fresh,
    Running,
    Done,
}

/// The awaitable of one step of an asynchronous generator.
#[derive(Payload)]
#[payload(name = "async_generator_asend")]
pub struct Step {
    generator: Ref<Generator>,
    action: Action,
    argument: Slot,
    stage: Cell<Stage>,
}

impl Step {
    fn make(vm: &Vm, generator: &Obj<Generator>, action: Action, argument: Option<Value>) -> PyResult<Value> {
        call_hooks(vm, generator)?;
        let types = crate::types(vm)?;
        let class = if action == Action::Send { &types.async_send } else { &types.async_throw };
        let step = Step {
            generator: generator.to_ref(),
            action,
            argument: Slot::new(argument),
            stage: Cell::new(Stage::Fresh),
        };
        Ok(vm.alloc(&**class, step)?.into())
    }

    fn name(&self) -> &'static str {
        match self.action {
            Action::Send => "asend()",
            Action::Throw => "athrow()",
            Action::Close => "aclose()",
        }
    }

    fn begin(&self, vm: &Vm, sent: Value) -> PyResult<PyResult<Value>> {
        let generator = &self.generator;
        if generator.busy.get() {
            self.stage.set(Stage::Done);
            let what = match self.action {
                Action::Send => "anext()",
                _ => self.name(),
            };
            let what = what.trim_end_matches("()");
            return Err(vm.runtime_error(format!("{what}(): asynchronous generator is already running")));
        }
        if generator.closed.get() {
            self.stage.set(Stage::Done);
            return match self.action {
                Action::Close => Err(vm.stop_iteration(None)),
                _ => Err(vm.raise_bare(&vm.types().stop_async_iteration)),
            };
        }
        self.stage.set(Stage::Running);
        generator.busy.set(true);
        if self.action == Action::Close {
            generator.closed.set(true);
        }
        Ok(match self.action {
            Action::Send => Ok(if is_none(&sent) { self.argument.take().unwrap_or(NONE) } else { sent }),
            Action::Throw => match self.argument.take() {
                Some(exception) => Err(vm.raise_value(exception)),
                None => Ok(NONE),
            },
            Action::Close => Err(vm.raise_bare(&vm.types().generator_exit)),
        })
    }

    fn advance(&self, vm: &Vm, sent: Value) -> PyResult<Value> {
        let sent = match self.stage.get() {
            Stage::Done => {
                let name = self.name();
                return Err(vm.runtime_error(format!("cannot reuse already awaited {name}")));
            }
            Stage::Fresh => self.begin(vm, sent)?,
            Stage::Running => Ok(sent),
        };
        self.step(vm, sent)
    }

    fn step(&self, vm: &Vm, sent: PyResult<Value>) -> PyResult<Value> {
        let generator = &self.generator;
        let result = match sent {
            Ok(value) => generator.resume(vm, Ok(value)),
            Err(raised) => {
                let exception = vm.take_exception(raised);
                match generator.throw_exception(vm, exception) {
                    Ok(value) => Ok(Resumption::Yielded(value)),
                    Err(raised) => Err(raised),
                }
            }
        };
        let types = vm.types();
        match result {
            Ok(Resumption::Yielded(value)) => match value.downcast::<WrappedValue>() {
                None => Ok(value),
                Some(_) if self.action == Action::Close => {
                    self.finish();
                    Err(vm.runtime_error("async generator ignored GeneratorExit"))
                }
                Some(wrapped) => {
                    self.finish();
                    Err(vm.stop_iteration(Some(wrapped.value.clone())))
                }
            },
            Ok(Resumption::Returned(_)) => {
                self.finish();
                generator.closed.set(true);
                if self.action == Action::Close {
                    return Err(vm.stop_iteration(None));
                }
                Err(vm.raise_bare(&types.stop_async_iteration))
            }
            Err(raised) => {
                self.finish();
                let ended = vm.raised_is(&types.stop_async_iteration) || vm.raised_is(&types.generator_exit);
                if ended || generator.finished() {
                    generator.closed.set(true);
                }
                if ended && self.action == Action::Close {
                    drop(vm.take_exception(raised));
                    return Err(vm.stop_iteration(None));
                }
                Err(raised)
            }
        }
    }

    fn finish(&self) {
        self.stage.set(Stage::Done);
        self.generator.busy.set(false);
    }

    fn throw_now(&self, vm: &Vm, kind: &Value, value: Option<&Value>, traceback: Option<&Value>) -> PyResult<Value> {
        if self.stage.get() == Stage::Done {
            let name = self.name();
            return Err(vm.runtime_error(format!("cannot reuse already awaited {name}")));
        }
        let exception = thrown(vm, kind, value, traceback)?;
        if self.stage.get() == Stage::Fresh {
            if self.generator.busy.get() {
                self.stage.set(Stage::Done);
                return Err(vm.runtime_error("anext(): asynchronous generator is already running"));
            }
            self.stage.set(Stage::Running);
            self.generator.busy.set(true);
        }
        let raised = vm.restore(exception);
        self.step(vm, Err(raised))
    }
}

fn call_hooks(vm: &Vm, generator: &Obj<Generator>) -> PyResult<()> {
    if generator.hooked.replace(true) {
        return Ok(());
    }
    let hooks = vm.interp().state(AsyncHooks::default);
    generator.finalizer.set(hooks.finalizer.get());
    match hooks.first_iteration.get() {
        Some(hook) => vm.call(&hook, &[generator.to_value()]).map(drop),
        None => Ok(()),
    }
}

/// `sys.set_asyncgen_hooks`
#[derive(Default)]
pub struct AsyncHooks {
    /// Called when an asynchronous generator is first iterated.
    pub first_iteration: Slot,
    /// Called instead of closing an abandoned one.
    pub finalizer: Slot,
}

#[pytype(name = "async_generator_asend")]
impl Step {
    #[slot]
    fn await_(this: &Obj<Step>) -> Value {
        this.to_value()
    }

    #[slot]
    fn iter(this: &Obj<Step>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<Step>, vm: &Vm) -> PyResult<Option<Value>> {
        this.advance(vm, NONE).map(Some)
    }

    /// Send a value into the step.
    #[method]
    fn send(this: &Obj<Step>, vm: &Vm, value: Value) -> PyResult<Value> {
        this.advance(vm, value)
    }

    /// Raise an exception in the step.
    #[method]
    fn throw(
        this: &Obj<Step>,
        vm: &Vm,
        kind: &Value,
        value: Option<&Value>,
        traceback: Option<&Value>,
    ) -> PyResult<Value> {
        this.throw_now(vm, kind, value, traceback)
    }

    /// End the step.
    #[method]
    fn close(this: &Obj<Step>, vm: &Vm) -> PyResult<()> {
        if this.stage.get() == Stage::Running {
            let exit = vm.types().generator_exit.to_value();
            if let Err(raised) = this.throw_now(vm, &exit, None, None) {
                let types = vm.types();
                if !(vm.raised_is(&types.generator_exit)
                    || vm.raised_is(&types.stop_iteration)
                    || vm.raised_is(&types.stop_async_iteration))
                {
                    return Err(raised);
                }
                drop(vm.take_exception(raised));
            }
        }
        this.stage.set(Stage::Done);
        Ok(())
    }
}

/// The type of what `athrow` and `aclose` return.
pub struct ThrowStep;

#[pytype(name = "async_generator_athrow", payload = Step)]
impl ThrowStep {
    #[slot]
    fn await_(this: &Obj<Step>) -> Value {
        this.to_value()
    }

    #[slot]
    fn iter(this: &Obj<Step>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<Step>, vm: &Vm) -> PyResult<Option<Value>> {
        this.advance(vm, NONE).map(Some)
    }

    /// Send a value into the step.
    #[method]
    fn send(this: &Obj<Step>, vm: &Vm, value: Value) -> PyResult<Value> {
        this.advance(vm, value)
    }

    /// Raise an exception in the step.
    #[method]
    fn throw(
        this: &Obj<Step>,
        vm: &Vm,
        kind: &Value,
        value: Option<&Value>,
        traceback: Option<&Value>,
    ) -> PyResult<Value> {
        this.throw_now(vm, kind, value, traceback)
    }

    /// End the step.
    #[method]
    fn close(this: &Obj<Step>, vm: &Vm) -> PyResult<()> {
        Step::close(this, vm)
    }
}

/// The type `async_generator`.
pub struct AsyncGenerator;

#[pytype(name = "async_generator", payload = Generator)]
impl AsyncGenerator {
    /// async generators are generic over the types of their yield and send values
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    #[slot]
    fn aiter(this: &Obj<Generator>) -> Value {
        this.to_value()
    }

    #[slot]
    fn anext(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        Step::make(vm, this, Action::Send, None)
    }

    #[slot]
    fn repr(this: &Obj<Generator>) -> String {
        Generator::repr(this)
    }

    #[slot]
    fn finalize(this: &Obj<Generator>, vm: &Vm) -> PyResult<()> {
        Generator::finalize(this, vm)
    }

    /// asend(v) -> send 'v' in generator.
    #[method]
    fn asend(this: &Obj<Generator>, vm: &Vm, value: Value) -> PyResult<Value> {
        Step::make(vm, this, Action::Send, Some(value))
    }

    /// Raise an exception in the generator.
    #[method]
    fn athrow(
        this: &Obj<Generator>,
        vm: &Vm,
        kind: &Value,
        value: Option<&Value>,
        traceback: Option<&Value>,
    ) -> PyResult<Value> {
        let exception = thrown(vm, kind, value, traceback)?;
        Step::make(vm, this, Action::Throw, Some(exception.into()))
    }

    /// aclose() -> raise GeneratorExit inside generator.
    #[method]
    fn aclose(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        Step::make(vm, this, Action::Close, None)
    }

    #[getter(member)]
    fn ag_running(this: &Obj<Generator>) -> bool {
        this.busy.get()
    }

    #[getter]
    fn ag_code(this: &Obj<Generator>) -> Value {
        Generator::gi_code(this)
    }

    #[getter]
    fn ag_frame(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        Generator::gi_frame(this, vm)
    }

    #[getter]
    fn ag_await(this: &Obj<Generator>) -> Value {
        Generator::gi_yieldfrom(this)
    }

    #[getter]
    fn __name__(this: &Obj<Generator>) -> Value {
        Generator::__name__(this)
    }

    #[getter]
    fn __qualname__(this: &Obj<Generator>) -> Value {
        Generator::__qualname__(this)
    }
}

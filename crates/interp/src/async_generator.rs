//! Asynchronous generators: the type, and the awaitables that `__anext__`, `asend`, `athrow` and `aclose` return.
//!
//! Invariant: a value yielded by the generator itself arrives wrapped; anything else that comes out is being awaited and passes through.

use crate::eval::Resumption;
use crate::generator::{Generator, thrown, warn_of_three_arguments};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::{NONE, is_none, tuple::Tuple};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

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

/// What a step has come to.
enum Outcome {
    /// The generator awaits something: what that has yielded.
    Awaits(Value),
    /// The step's end, and its value.
    Done(Option<Value>),
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
            Action::Send => "asend",
            Action::Throw => "athrow",
            Action::Close => "aclose",
        }
    }

    fn used_up(&self, vm: &Vm) -> Raised {
        let what = if self.action == Action::Send { "__anext__()/asend()" } else { "aclose()/athrow()" };
        vm.runtime_error(format!("cannot reuse already awaited {what}"))
    }

    fn already_running(&self, vm: &Vm) -> Raised {
        self.stage.set(Stage::Done);
        let what = if self.action == Action::Send { "anext" } else { self.name() };
        vm.runtime_error(format!("{what}(): asynchronous generator is already running"))
    }

    fn begin(this: &Obj<Step>, vm: &Vm, sent: Value) -> PyResult<PyResult<Value>> {
        let generator = &this.generator;
        if generator.finished() && this.action != Action::Send {
            this.stage.set(Stage::Done);
            return Err(vm.stop_iteration(None));
        }
        if generator.busy.get() {
            return Err(this.already_running(vm));
        }
        if generator.closed.get() {
            this.stage.set(Stage::Done);
            return Err(vm.raise_bare(&vm.types().stop_async_iteration));
        }
        if this.action != Action::Send && !is_none(&sent) {
            return Err(vm.runtime_error("can't send non-None value to a just-started coroutine"));
        }
        this.stage.set(Stage::Running);
        // Only of a step that nobody awaits is there something to say when it dies.
        this.header().set_finalized();
        generator.busy.set(true);
        if this.action == Action::Close {
            generator.closed.set(true);
        }
        Ok(match this.action {
            Action::Send => Ok(if is_none(&sent) { this.argument.take().unwrap_or(NONE) } else { sent }),
            Action::Throw => {
                let arguments = this.argument.take().unwrap_or(NONE);
                let given = arguments.downcast::<Tuple>().map_or(&[][..], |tuple| tuple.items());
                let [kind, value, traceback] = given else { return Ok(Ok(NONE)) };
                match thrown(vm, kind, Some(value), Some(traceback)) {
                    Ok(exception) => Err(vm.restore(exception)),
                    Err(raised) => {
                        this.finish();
                        return Err(raised);
                    }
                }
            }
            Action::Close => Err(vm.raise_bare(&vm.types().generator_exit)),
        })
    }

    fn go_on(this: &Obj<Step>, vm: &Vm, sent: Value) -> PyResult<Outcome> {
        let sent = match this.stage.get() {
            Stage::Done => return Err(this.used_up(vm)),
            Stage::Fresh => Step::begin(this, vm, sent)?,
            Stage::Running => Ok(sent),
        };
        this.step(vm, sent)
    }

    /// Sends a value: what is awaited has yielded and `false`, or the step's value and `true`.
    pub(crate) fn drive(this: &Obj<Step>, vm: &Vm, sent: Value) -> PyResult<(Value, bool)> {
        Ok(match Step::go_on(this, vm, sent)? {
            Outcome::Awaits(value) => (value, false),
            Outcome::Done(value) => (value.unwrap_or(NONE), true),
        })
    }

    fn advance(this: &Obj<Step>, vm: &Vm, sent: Value) -> PyResult<Value> {
        let outcome = Step::go_on(this, vm, sent)?;
        delivered(vm, outcome)
    }

    fn step(&self, vm: &Vm, sent: PyResult<Value>) -> PyResult<Outcome> {
        let generator = &self.generator;
        let result = match sent {
            Ok(value) => generator.check_sent(vm, &value).and_then(|()| generator.resume(vm, Ok(value))),
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
                None => Ok(Outcome::Awaits(value)),
                Some(_) if self.action == Action::Close => {
                    self.finish();
                    Err(vm.runtime_error("async generator ignored GeneratorExit"))
                }
                Some(wrapped) => {
                    self.finish();
                    Ok(Outcome::Done(Some(wrapped.value.clone())))
                }
            },
            Ok(Resumption::Returned(_)) => {
                self.finish();
                generator.closed.set(true);
                if self.action == Action::Close {
                    return Ok(Outcome::Done(None));
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
                    return Ok(Outcome::Done(None));
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
            return Err(self.used_up(vm));
        }
        if self.stage.get() == Stage::Fresh {
            if self.generator.busy.get() {
                return Err(self.already_running(vm));
            }
            self.stage.set(Stage::Running);
            self.generator.busy.set(true);
        }
        let exception = match thrown(vm, kind, value, traceback) {
            Ok(exception) => exception,
            Err(raised) => {
                self.finish();
                return Err(raised);
            }
        };
        let raised = vm.restore(exception);
        let outcome = self.step(vm, Err(raised))?;
        delivered(vm, outcome)
    }

    /// `close()`: the generator has to let GeneratorExit pass.
    fn close_now(&self, vm: &Vm) -> PyResult<()> {
        if self.stage.get() == Stage::Done {
            return Ok(());
        }
        let exit = vm.types().generator_exit.to_value();
        match self.throw_now(vm, &exit, None, None) {
            Ok(_) => Err(vm.runtime_error("coroutine ignored GeneratorExit")),
            Err(raised) => {
                let types = vm.types();
                let ends = [&types.generator_exit, &types.stop_iteration, &types.stop_async_iteration];
                if !ends.iter().any(|class| vm.raised_is(class)) {
                    return Err(raised);
                }
                drop(vm.take_exception(raised));
                Ok(())
            }
        }
    }

    /// A step that nobody awaited is likely a mistake.
    fn finalize_now(&self, vm: &Vm) -> PyResult<()> {
        if self.stage.get() != Stage::Fresh {
            return Ok(());
        }
        let generator = self.generator.qualname_text();
        let message = format!("coroutine method '{}' of '{generator}' was never awaited", self.name());
        crate::warn(vm, &vm.types().runtime_warning, &message)
    }
}

/// What a step has come to as the result of `send` and `throw`.
fn delivered(vm: &Vm, outcome: Outcome) -> PyResult<Value> {
    match outcome {
        Outcome::Awaits(value) => Ok(value),
        Outcome::Done(value) => Err(vm.stop_iteration(value)),
    }
}

fn call_hooks(vm: &Vm, generator: &Obj<Generator>) -> PyResult<()> {
    if generator.hooked.replace(true) {
        return Ok(());
    }
    let hooks = &crate::stack(vm)?.hooks;
    generator.extra.set(hooks.finalizer.get());
    match hooks.first_iteration.get() {
        Some(hook) => vm.call(&hook, &[generator.to_value()]).map(drop),
        None => Ok(()),
    }
}

/// `sys.set_asyncgen_hooks`, of a thread.
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
        Step::advance(this, vm, NONE).map(Some)
    }

    /// Send a value into the step.
    #[method(fixed)]
    fn send(this: &Obj<Step>, vm: &Vm, value: Value) -> PyResult<Value> {
        Step::advance(this, vm, value)
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
        warn_of_three_arguments(vm, "throw", value, traceback)?;
        this.throw_now(vm, kind, value, traceback)
    }

    /// End the step.
    #[method]
    fn close(this: &Obj<Step>, vm: &Vm) -> PyResult<()> {
        this.close_now(vm)
    }

    #[slot]
    fn finalize(this: &Obj<Step>, vm: &Vm) -> PyResult<()> {
        this.finalize_now(vm)
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
        Step::advance(this, vm, NONE).map(Some)
    }

    /// Send a value into the step.
    #[method(fixed)]
    fn send(this: &Obj<Step>, vm: &Vm, value: Value) -> PyResult<Value> {
        Step::advance(this, vm, value)
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
        warn_of_three_arguments(vm, "throw", value, traceback)?;
        this.throw_now(vm, kind, value, traceback)
    }

    /// End the step.
    #[method]
    fn close(this: &Obj<Step>, vm: &Vm) -> PyResult<()> {
        this.close_now(vm)
    }

    #[slot]
    fn finalize(this: &Obj<Step>, vm: &Vm) -> PyResult<()> {
        this.finalize_now(vm)
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
        warn_of_three_arguments(vm, "athrow", value, traceback)?;
        let arguments = [Some(kind), value, traceback].map(|given| given.cloned().unwrap_or(NONE));
        let arguments = Tuple::new(vm, arguments.into_iter())?;
        Step::make(vm, this, Action::Throw, Some(arguments.into()))
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
    fn ag_suspended(this: &Obj<Generator>) -> bool {
        Generator::gi_suspended(this)
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
    fn __name__(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        Generator::__name__(this, vm)
    }

    #[setter(name = "__name__")]
    fn set_name(this: &Obj<Generator>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        Generator::set_name(this, vm, value)
    }

    #[getter]
    fn __qualname__(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        Generator::__qualname__(this, vm)
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(this: &Obj<Generator>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        Generator::set_qualname(this, vm, value)
    }
}

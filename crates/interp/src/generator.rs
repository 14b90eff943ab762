//! Generators, coroutines and asynchronous generators: one payload, three types. A frame that is not running waits in `saved`.
//!
//! Invariant G1: `saved` is taken away exactly when the frame has finished; while the frame runs, `running` is set and nobody else touches it.

use crate::async_generator::Step;
use crate::code::{CodeObject, Suspends};
use crate::eval::{Held, Resumption, Room, SavedFrame, drive, resume, resume_throwing, waiting, wind_up};
use crate::function::Function;
use std::cell::{Cell, RefCell};
use taipan_bytecode::CodeFlags;
use taipan_heap::{Obj, Payload, Ref, Retire, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::{NONE, is_none, str::Str, tuple::Tuple};
use taipan_objects::types::{Take, Type, TypeObject, finalize};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// A generator, coroutine or asynchronous generator.
#[derive(Payload, Default)]
#[payload(name = "generator", retire)]
pub struct Generator {
    pub(crate) saved: RefCell<Option<SavedFrame>>,
    /// What held its registers, once it has ended.
    pub(crate) room: Room,
    pub(crate) running: Cell<bool>,
    /// Its code.
    pub code: Held<CodeObject>,
    /// Its name, unless that is the code's.
    name: Slot,
    /// The same.
    qualname: Slot,
    /// The exception that the generator itself is handling while it is suspended.
    pub(crate) handled: Slot,
    /// For async generators: `aclose` or the end was reached.
    pub(crate) closed: Cell<bool>,
    /// For async generators: an `asend`, `athrow` or `aclose` is under way.
    pub(crate) busy: Cell<bool>,
    /// For async generators: the hooks have been called.
    pub(crate) hooked: Cell<bool>,
    /// For async generators: the finalizer hook. For coroutines: who made it (`cr_origin`).
    pub(crate) extra: Slot,
}

impl Retire for Generator {
    const SHELF: usize = 2;
    fn retire(&self) -> bool {
        let keep = self.saved.borrow().is_none() && self.room.is_worth_keeping();
        if keep {
            self.code.clear();
            self.name.set(None);
            self.qualname.set(None);
            self.handled.set(None);
            self.extra.set(None);
        }
        keep
    }
    #[inline(always)]
    fn retire_quietly(&self) -> bool {
        let bare = self.name.is_empty() && self.qualname.is_empty() && self.handled.is_empty() && self.extra.is_empty();
        bare && self.saved.borrow().is_none() && self.room.is_worth_keeping() && self.code.let_go()
    }
}

/// Whether somebody listens to what the thread does, and is to be told of frames that end.
fn listened_to(vm: &Vm) -> bool {
    crate::stack(vm).is_ok_and(|stack| stack.tracing.active())
}

impl Generator {
    /// An object of the type that `function`'s code asks for, without a frame.
    #[inline(always)]
    pub(crate) fn make(vm: &Vm, function: &Function, code: &Obj<CodeObject>) -> PyResult<Ref<Generator>> {
        let types = crate::types(vm)?;
        let suspends = code.shape().suspends;
        let class = match suspends {
            Suspends::AsyncGenerator => &types.async_generator,
            Suspends::Coroutine => &types.coroutine,
            Suspends::Generator => &types.generator,
        };
        let generator = match vm.heap().take_retired_at_once::<Generator>(&**class) {
            Some(generator) => generator,
            None => Generator::make_slowly(vm, class)?,
        };
        generator.code.fill(code);
        for flag in [&generator.closed, &generator.busy, &generator.hooked] {
            flag.set(false);
        }
        if let (name, qualname) = function.own_names()
            && (name.is_some() || qualname.is_some())
        {
            generator.name.set(name);
            generator.qualname.set(qualname);
        }
        if vm.origin_depth.get() > 0 && suspends == Suspends::Coroutine {
            generator.extra.set(Some(origin(vm)?));
        }
        Ok(generator)
    }

    #[inline(never)]
    fn make_slowly(vm: &Vm, class: &Obj<Type>) -> PyResult<Ref<Generator>> {
        match vm.heap().take_retired::<Generator>(class) {
            Some(generator) => Ok(generator),
            None => vm.alloc(class, Generator::default()),
        }
    }

    /// Whether it has not begun to run.
    pub fn is_fresh(&self) -> bool {
        self.saved.borrow().as_ref().is_some_and(|saved| saved.dst.is_none()) && !self.running.get()
    }

    /// `__qualname__` as text.
    pub(crate) fn qualname_text(&self) -> String {
        match self.qualname.get() {
            Some(name) => Str::display(&name),
            None => self.code.qualname_text().to_string(),
        }
    }

    /// Whether it came from `async def` (or was declared a coroutine).
    pub fn is_coroutine(&self) -> bool {
        self.code.has(CodeFlags::COROUTINE) || self.code.has(CodeFlags::ITERABLE_COROUTINE)
    }

    /// Whether it can be iterated over: it is no coroutine of `async def`, and no asynchronous generator.
    #[inline]
    pub(crate) fn is_iterator(&self) -> bool {
        self.code.shape().suspends == Suspends::Generator
    }

    /// Whether it is an asynchronous generator.
    pub fn is_async_generator(&self) -> bool {
        self.code.has(CodeFlags::ASYNC_GENERATOR)
    }

    fn kind(&self) -> &'static str {
        if self.is_async_generator() {
            "async generator"
        } else if self.code.has(CodeFlags::COROUTINE) {
            "coroutine"
        } else {
            "generator"
        }
    }

    fn started(&self) -> bool {
        self.saved.borrow().as_ref().is_some_and(|saved| saved.dst.is_some())
    }

    /// Whether it has run to its end.
    pub fn finished(&self) -> bool {
        !self.running.get() && self.saved.borrow().is_none()
    }

    fn already_running(&self, vm: &Vm) -> Raised {
        vm.value_error(format!("{} already executing", self.kind()))
    }

    /// Resumes it. `Ok(Yielded)`, `Ok(Returned)`, or the exception it raised; a finished one returns None or raises what is sent.
    pub(crate) fn resume(&self, vm: &Vm, sent: PyResult<Value>) -> PyResult<Resumption> {
        if self.running.get() {
            if let Err(raised) = sent {
                drop(vm.take_exception(raised));
            }
            return Err(self.already_running(vm));
        }
        let Some(saved) = self.waiting() else {
            if self.code.has(CodeFlags::COROUTINE) {
                if let Err(raised) = sent {
                    drop(vm.take_exception(raised));
                }
                return Err(vm.runtime_error("cannot reuse already awaited coroutine"));
            }
            sent?;
            return Ok(Resumption::Returned(NONE));
        };
        // What is raised at the point of suspension has what is handled there as its context.
        let sent = sent.map_err(|raised| {
            let exception = vm.take_exception(raised);
            if let Some(handled) = self.handled.get() {
                BaseException::chain(&exception, &handled);
            }
            vm.restore(exception)
        });
        resume(vm, saved, sent)
    }

    /// Its frame, if that waits to be resumed.
    #[inline]
    pub(crate) fn waiting(&self) -> Option<*mut SavedFrame> {
        waiting(self)
    }

    /// It starts to run: its handled exception is the thread's from here on.
    #[inline(always)]
    pub(crate) fn begin(&self, vm: &Vm) {
        self.running.set(true);
        vm.begin_generator(&self.handled);
    }

    /// It has been suspended.
    #[inline(always)]
    pub(crate) fn end(&self, vm: &Vm) {
        vm.end_generator(&self.handled);
        self.running.set(false);
    }

    /// It has returned or raised.
    pub(crate) fn finish(&self, vm: &Vm) {
        self.end(vm);
        wind_up(self);
        if !self.handled.is_empty() {
            self.handled.set(None);
        }
    }

    fn delegate(&self) -> Option<Value> {
        self.saved.borrow().as_ref().and_then(|saved| saved.delegate())
    }

    /// The result of `resume` as a call's: a value, or StopIteration.
    fn delivered(&self, vm: &Vm, result: PyResult<Resumption>) -> PyResult<Value> {
        match result? {
            Resumption::Yielded(value) => Ok(value),
            Resumption::Returned(value) if self.is_async_generator() => {
                drop(value);
                Err(vm.raise_bare(&vm.types().stop_async_iteration))
            }
            Resumption::Returned(value) => Err(vm.stop_iteration(Some(value).filter(|value| !is_none(value)))),
        }
    }

    /// Only None can be sent before there is a `yield` to receive it.
    pub(crate) fn check_sent(&self, vm: &Vm, value: &Value) -> PyResult<()> {
        if !self.running.get() && !self.started() && !self.finished() && !is_none(value) {
            let kind = self.kind();
            return Err(vm.type_error(format!("can't send non-None value to a just-started {kind}")));
        }
        Ok(())
    }

    /// `send()`
    pub(crate) fn send(&self, vm: &Vm, value: Value) -> PyResult<Value> {
        self.check_sent(vm, &value)?;
        let result = self.resume(vm, Ok(value));
        self.delivered(vm, result)
    }

    /// `throw()` of an exception.
    pub(crate) fn throw_exception(&self, vm: &Vm, exception: Ref<BaseException>) -> PyResult<Value> {
        let given = exception.to_value();
        self.throw_given(vm, exception, &[given])
    }

    /// As `throw_exception`; an object that is no generator and is delegated to sees the arguments of `throw` as they were given.
    fn throw_given(&self, vm: &Vm, exception: Ref<BaseException>, given: &[Value]) -> PyResult<Value> {
        if self.running.get() {
            return Err(self.already_running(vm));
        }
        if let Some(inner) = self.delegate() {
            return self.throw_into(vm, &inner, exception, given);
        }
        let raised = vm.restore(exception);
        let result = self.resume(vm, Err(raised));
        self.delivered(vm, result)
    }

    /// Throws into what the generator delegates to; its frame is there meanwhile.
    fn throw_into(&self, vm: &Vm, inner: &Value, exception: Ref<BaseException>, given: &[Value]) -> PyResult<Value> {
        let Some(saved) = self.waiting() else { return Err(self.already_running(vm)) };
        self.begin(vm);
        let result = resume_throwing(vm, saved, |vm| {
            let outcome = if vm.is_instance(&exception.to_value(), &vm.types().generator_exit) {
                close_inner(vm, inner)?;
                None
            } else if let Some(generator) = inner.downcast::<Generator>() {
                Some(generator.throw_given(vm, exception.clone(), given)?)
            } else {
                match vm.find_attr(inner, &vm.names().throw)? {
                    Some(throw) => Some(vm.call(&throw, given)?),
                    None => None,
                }
            };
            outcome.ok_or_else(|| vm.restore(exception))
        });
        match result {
            Ok(Resumption::Yielded(_)) => self.end(vm),
            _ => self.finish(vm),
        }
        self.delivered(vm, result)
    }

    /// `close()`
    pub(crate) fn close_now(&self, vm: &Vm) -> PyResult<Value> {
        if self.running.get() {
            return Err(self.already_running(vm));
        }
        if self.finished() {
            return Ok(NONE);
        }
        if !self.started() {
            self.end_frame();
            return Ok(NONE);
        }
        let inner = self.delegate();
        if inner.is_none() && self.drop_frame_without_handler(vm) {
            return Ok(NONE);
        }
        let mut sent = None;
        if let Some(inner) = inner {
            self.running.set(true);
            let closed = close_inner(vm, &inner);
            self.running.set(false);
            sent = closed.err();
        }
        let raised = match sent {
            Some(raised) => raised,
            None if self.drop_frame_without_handler(vm) => return Ok(NONE),
            None => vm.raise_bare(&vm.types().generator_exit),
        };
        match self.resume(vm, Err(raised)) {
            Ok(Resumption::Yielded(_)) => {
                let kind = self.kind();
                Err(vm.runtime_error(format!("{kind} ignored GeneratorExit")))
            }
            Ok(Resumption::Returned(value)) => Ok(value),
            Err(raised) => {
                let types = vm.types();
                if vm.raised_is(&types.generator_exit) || vm.raised_is(&types.stop_iteration) {
                    drop(vm.take_exception(raised));
                    return Ok(NONE);
                }
                Err(raised)
            }
        }
    }

    /// Ends a suspended frame that has nothing to run when it is closed; says whether it was one.
    fn drop_frame_without_handler(&self, vm: &Vm) -> bool {
        if listened_to(vm) || self.saved.borrow().as_ref().is_none_or(|saved| saved.has_handler()) {
            return false;
        }
        self.end_frame();
        true
    }

    /// `clear` of its frame: ends it if it has not begun.
    pub(crate) fn clear_unstarted(&self, vm: &Vm, this: &Value) -> PyResult<bool> {
        if self.running.get() || self.started() {
            return Ok(false);
        }
        self.finalize_now(vm, this)?;
        if !self.finished() {
            self.end_frame();
        }
        Ok(true)
    }

    fn end_frame(&self) {
        let ended = self.saved.borrow_mut().take();
        self.handled.set(None);
        if let Some(ended) = ended {
            ended.end();
        }
    }

    pub(crate) fn finalize_now(&self, vm: &Vm, this: &Value) -> PyResult<()> {
        if self.finished() || self.running.get() {
            return Ok(());
        }
        if self.is_async_generator()
            && let Some(finalizer) = self.extra.get()
            && !self.closed.get()
        {
            let what = format!("Exception ignored while finalizing generator {}", self.described(this));
            finalize::aside(vm, &what, None, |vm| vm.call(&finalizer, std::slice::from_ref(this)).map(drop));
            return Ok(());
        }
        if !self.started() {
            if self.code.has(CodeFlags::COROUTINE) {
                let what = format!("Exception ignored while finalizing coroutine {}", self.described(this));
                finalize::aside(vm, &what, None, |vm| self.warn_never_awaited(vm, this));
            }
            return Ok(());
        }
        // With nothing to run, the frame goes with the generator: a chain of them then needs no native stack.
        let idle = |saved: &SavedFrame| saved.object.is_none() && saved.delegate().is_none() && !saved.has_handler();
        if self.saved.borrow().as_ref().is_some_and(idle) && !listened_to(vm) {
            return Ok(());
        }
        if let Err(raised) = self.close_now(vm) {
            let exception = vm.take_exception(raised);
            let what = format!("Exception ignored while closing generator {}", self.described(this));
            finalize::unraisable(vm, exception, &what, None);
        }
        Ok(())
    }

    /// The library's function words the warning, if `warnings` has been imported and still has it.
    fn warn_never_awaited(&self, vm: &Vm, this: &Value) -> PyResult<()> {
        if let Some(warnings) = crate::import::modules(vm)?.get_text(vm, "warnings")?
            && let Some(warn) = vm.find_attr(&warnings, &*vm.intern("_warn_unawaited_coroutine")?)?
        {
            let raised = match vm.call(&warn, std::slice::from_ref(this)) {
                Ok(_) => return Ok(()),
                Err(raised) => raised,
            };
            if vm.raised_is(&vm.types().runtime_warning) {
                return Err(raised);
            }
            let exception = vm.take_exception(raised);
            let what = format!("Exception ignored while finalizing coroutine {}", self.described(this));
            finalize::unraisable(vm, exception, &what, None);
        }
        let name = self.qualname_text();
        crate::warn(vm, &vm.types().runtime_warning, &format!("coroutine '{name}' was never awaited"))
    }

    /// The saved frame's object, for `gi_frame`.
    fn frame(&self, vm: &Vm) -> PyResult<Value> {
        let mut saved = self.saved.borrow_mut();
        match saved.as_mut() {
            None => Ok(NONE),
            Some(saved) if saved.object.is_some() => Ok(saved.object.as_ref().map_or(NONE, |object| object.to_value())),
            Some(saved) if self.running.get() && !saved.suspended => {
                let saved = std::ptr::from_mut::<SavedFrame>(saved);
                Ok(crate::frame::running(vm, saved)?.map_or(NONE, Value::from))
            }
            Some(saved) => {
                let object = crate::frame::FrameObject::of_saved(vm, saved)?;
                saved.object = Some(object.clone());
                Ok(object.into())
            }
        }
    }

    fn repr_text(this: &Obj<Generator>) -> String {
        this.described(&this.to_value())
    }

    /// Its repr; `this` is the object.
    fn described(&self, this: &Value) -> String {
        let kind = match self.kind() {
            "async generator" => "async_generator",
            kind => kind,
        };
        let name = self.qualname_text();
        format!("<{kind} object {name} at {:#x}>", this.header().map_or(0, |header| header.address()))
    }
}

fn close_inner(vm: &Vm, inner: &Value) -> PyResult<()> {
    if let Some(generator) = inner.downcast::<Generator>() {
        return generator.close_now(vm).map(drop);
    }
    let name = vm.intern("close")?;
    match vm.find_attr(inner, &name) {
        Ok(Some(close)) => vm.call(&close, &[]).map(drop),
        Ok(None) => Ok(()),
        Err(raised) => {
            let exception = vm.take_exception(raised);
            let what = format!("Exception ignored while closing generator {}", vm.repr(inner)?.to_lossy());
            finalize::unraisable(vm, exception, &what, None);
            Ok(())
        }
    }
}

/// Where a coroutine is being made: file, line and name of as many callers as the thread wants, the innermost first.
fn origin(vm: &Vm) -> PyResult<Value> {
    let mut callers = Vec::new();
    // The top frame is the coroutine's own.
    for depth in 1..=vm.origin_depth.get() as usize {
        let Some(frame) = crate::frame::current(vm, depth)? else { break };
        let plain = frame.code().plain();
        let line = Value::try_int(frame.line().into()).unwrap_or(NONE);
        let entry = [Str::new(vm, &plain.filename)?.into(), line, Str::new(vm, &plain.name)?.into()];
        callers.push(Tuple::new(vm, entry.into_iter())?.into());
    }
    Ok(Tuple::new(vm, callers.into_iter())?.into())
}

/// The deprecation of all but one argument of `throw` and `athrow`.
pub(crate) fn warn_of_three_arguments(
    vm: &Vm,
    method: &str,
    value: Option<&Value>,
    traceback: Option<&Value>,
) -> PyResult<()> {
    if value.is_none() && traceback.is_none() {
        return Ok(());
    }
    let message =
        format!("the (type, exc, tb) signature of {method}() is deprecated, use the single-arg signature instead.");
    crate::warn(vm, &vm.types().deprecation_warning, &message)
}

/// The exception that `throw(type, value, traceback)` means.
pub(crate) fn thrown(
    vm: &Vm,
    kind: &Value,
    value: Option<&Value>,
    traceback: Option<&Value>,
) -> PyResult<Ref<BaseException>> {
    let traceback = traceback.filter(|traceback| !is_none(traceback));
    if let Some(traceback) = traceback
        && traceback.downcast::<taipan_objects::builtins::traceback::Traceback>().is_none()
    {
        return Err(vm.type_error("throw() third argument must be a traceback object"));
    }
    let value = value.filter(|value| !is_none(value));
    let exception = if let Some(exception) = kind.downcast::<BaseException>() {
        if value.is_some() {
            return Err(vm.type_error("instance exception may not have a separate value"));
        }
        exception.to_ref()
    } else if let Some(class) = kind.downcast::<Type>().filter(|c| c.is_subclass(&vm.types().base_exception)) {
        let made = match value {
            Some(value) if vm.is_instance(value, class) => match value.clone().downcast_into::<BaseException>() {
                Ok(exception) => Ok(exception),
                Err(_) => return Err(vm.system_error("not an exception")),
            },
            Some(value) => BaseException::make(vm, class, std::slice::from_ref(value)),
            None => BaseException::make(vm, class, &[]),
        };
        // What making it raises is thrown instead.
        made.unwrap_or_else(|raised| vm.take_exception(raised))
    } else {
        let given = vm.type_name(kind);
        return Err(
            vm.type_error(format!("exceptions must be classes or instances deriving from BaseException, not {given}"))
        );
    };
    if let Some(traceback) = traceback {
        exception.traceback.set(Some(traceback.clone()));
    }
    Ok(exception)
}

/// Sends a value to any iterator, as `yield from` and `await` do: what it yields and `false`, or what it returns and `true`.
pub(crate) fn send(vm: &Vm, receiver: &Value, value: Value) -> PyResult<(Value, bool)> {
    if let Some(generator) = receiver.downcast::<Generator>()
        && !generator.is_async_generator()
    {
        return match generator.resume(vm, Ok(value))? {
            Resumption::Yielded(value) => Ok((value, false)),
            Resumption::Returned(value) => Ok((value, true)),
        };
    }
    let result = if let Some(step) = receiver.downcast_exact::<Step>() {
        match Step::drive(step, vm, value) {
            Ok(came_to) => return Ok(came_to),
            Err(raised) => Err(raised),
        }
    } else if is_none(&value) {
        vm.next_raising(receiver)
    } else {
        vm.call_method(receiver, &vm.names().send, &[value]).map(Some)
    };
    match result {
        Ok(Some(value)) => Ok((value, false)),
        Ok(None) => Ok((NONE, true)),
        Err(raised) if vm.raised_is(&vm.types().stop_iteration) => {
            let exception = vm.take_exception(raised);
            Ok((vm.get_attr(&exception.to_value(), &vm.names().value)?, true))
        }
        Err(raised) => Err(raised),
    }
}

/// The iterator behind `await value`.
pub(crate) fn awaitable_iterator(vm: &Vm, value: &Value) -> PyResult<Value> {
    if let Some(generator) = value.downcast::<Generator>()
        && generator.is_coroutine()
    {
        if generator.delegate().is_some() && generator.code.has(CodeFlags::COROUTINE) {
            return Err(vm.runtime_error("coroutine is being awaited already"));
        }
        return Ok(value.clone());
    }
    let Some(function) = vm.class_of(value).slots.await_.get() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("'{given}' object can't be awaited")));
    };
    let iterator = function(vm, value)?;
    check_awaited(vm, &iterator)?;
    Ok(iterator)
}

/// Whether `__await__` may have returned this.
pub(crate) fn check_awaited(vm: &Vm, iterator: &Value) -> PyResult<()> {
    if iterator.downcast::<Generator>().is_some_and(Generator::is_coroutine_object) {
        return Err(vm.type_error("__await__() returned a coroutine"));
    }
    if vm.class_of(iterator).slots.next.get().is_none() {
        let given = vm.type_name(iterator);
        return Err(vm.type_error(format!("__await__() returned non-iterator of type '{given}'")));
    }
    Ok(())
}

impl Generator {
    fn is_coroutine_object(object: &Obj<Generator>) -> bool {
        object.is_coroutine()
    }
}

/// Wraps a value that an asynchronous generator yields, so that its driver can tell it from what it awaits.
pub(crate) fn wrap_async_value(vm: &Vm, value: &Value) -> PyResult<Value> {
    crate::async_generator::WrappedValue::make(vm, value.clone())
}

fn text_attribute(vm: &Vm, attribute: &str, value: Option<&Value>) -> PyResult<Value> {
    match value {
        Some(value) if value.downcast::<Str>().is_some() => Ok(value.clone()),
        _ => Err(vm.type_error(format!("{attribute} must be set to a string object"))),
    }
}

/// The value of a `next` slot: the end with a value is StopIteration raised.
fn next_of(vm: &Vm, this: &Obj<Generator>) -> PyResult<Option<Value>> {
    match this.resume(vm, Ok(NONE))? {
        Resumption::Yielded(value) => Ok(Some(value)),
        Resumption::Returned(value) if is_none(&value) => Ok(None),
        Resumption::Returned(value) => Err(vm.stop_iteration(Some(value))),
    }
}

/// The `drive` slot: one item only where somebody listens or there is nothing to resume.
pub(crate) fn drive_all(vm: &Vm, this: &Value, take: &mut Take<'_>) -> PyResult<Option<Value>> {
    let Some(generator) = this.downcast::<Generator>() else { return Ok(None) };
    let resumed = match generator.waiting().filter(|_| !listened_to(vm)) {
        Some(saved) => drive(vm, saved, take),
        None => generator.resume(vm, Ok(NONE)),
    };
    match resumed? {
        Resumption::Yielded(value) => Ok(Some(value)),
        Resumption::Returned(_) => Ok(None),
    }
}

#[pytype(name = "generator")]
impl Generator {
    /// generators are generic over the types of their yield, send, and return values
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    #[slot]
    fn iter(this: &Obj<Generator>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<Generator>, vm: &Vm) -> PyResult<Option<Value>> {
        next_of(vm, this)
    }

    #[slot]
    pub(crate) fn repr(this: &Obj<Generator>) -> String {
        Generator::repr_text(this)
    }

    #[slot]
    pub(crate) fn finalize(this: &Obj<Generator>, vm: &Vm) -> PyResult<()> {
        this.finalize_now(vm, &this.to_value())
    }

    /// send(value) -> send 'value' into generator,
    /// return next yielded value or raise StopIteration.
    #[method(name = "send", fixed)]
    fn send_method(this: &Obj<Generator>, vm: &Vm, value: Value) -> PyResult<Value> {
        this.send(vm, value)
    }

    /// Raise an exception in the generator; returns the next yielded value or raises StopIteration.
    #[method]
    fn throw(
        this: &Obj<Generator>,
        vm: &Vm,
        kind: &Value,
        value: Option<&Value>,
        traceback: Option<&Value>,
    ) -> PyResult<Value> {
        warn_of_three_arguments(vm, "throw", value, traceback)?;
        let exception = thrown(vm, kind, value, traceback)?;
        let given: Vec<Value> =
            [Some(kind), value, traceback].into_iter().map_while(Option::<&Value>::cloned).collect();
        this.throw_given(vm, exception, &given)
    }

    /// Raise GeneratorExit inside the generator.
    #[method]
    fn close(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        this.close_now(vm)
    }

    #[getter]
    fn gi_running(this: &Obj<Generator>) -> bool {
        this.running.get()
    }

    #[getter]
    pub(crate) fn gi_suspended(this: &Obj<Generator>) -> bool {
        !this.running.get() && this.started()
    }

    #[getter]
    pub(crate) fn gi_code(this: &Obj<Generator>) -> Value {
        this.code.to_value()
    }

    #[getter]
    pub(crate) fn gi_frame(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        this.frame(vm)
    }

    #[getter]
    pub(crate) fn gi_yieldfrom(this: &Obj<Generator>) -> Value {
        this.delegate().unwrap_or(NONE)
    }

    /// name of the generator
    #[getter]
    pub(crate) fn __name__(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        this.name.get().map_or_else(|| this.code.name(vm), Ok)
    }

    #[setter(name = "__name__")]
    pub(crate) fn set_name(this: &Obj<Generator>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.name.set(Some(text_attribute(vm, "__name__", value)?));
        Ok(())
    }

    /// qualified name of the generator
    #[getter]
    pub(crate) fn __qualname__(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        this.qualname.get().map_or_else(|| this.code.qualname(vm), Ok)
    }

    #[setter(name = "__qualname__")]
    pub(crate) fn set_qualname(this: &Obj<Generator>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.qualname.set(Some(text_attribute(vm, "__qualname__", value)?));
        Ok(())
    }
}

/// The type `coroutine`.
pub struct Coroutine;

#[pytype(name = "coroutine", payload = Generator)]
impl Coroutine {
    /// coroutines are generic over the types of their yield, send, and return values
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    #[slot]
    fn await_(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        CoroutineWrapper::make(vm, this)
    }

    #[slot]
    fn repr(this: &Obj<Generator>) -> String {
        Generator::repr_text(this)
    }

    #[slot]
    fn finalize(this: &Obj<Generator>, vm: &Vm) -> PyResult<()> {
        this.finalize_now(vm, &this.to_value())
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next iterated value or raise StopIteration.
    #[method(fixed)]
    fn send(this: &Obj<Generator>, vm: &Vm, value: Value) -> PyResult<Value> {
        Generator::send(this, vm, value)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next iterated value or raise StopIteration.
    /// the (type, val, tb) signature is deprecated, and may be removed in a future version of Python.
    #[method]
    fn throw(
        this: &Obj<Generator>,
        vm: &Vm,
        kind: &Value,
        value: Option<&Value>,
        traceback: Option<&Value>,
    ) -> PyResult<Value> {
        warn_of_three_arguments(vm, "throw", value, traceback)?;
        let exception = thrown(vm, kind, value, traceback)?;
        let given: Vec<Value> =
            [Some(kind), value, traceback].into_iter().map_while(Option::<&Value>::cloned).collect();
        this.throw_given(vm, exception, &given)
    }

    /// Raise GeneratorExit inside coroutine.
    #[method]
    fn close(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        this.close_now(vm)
    }

    #[getter]
    fn cr_running(this: &Obj<Generator>) -> bool {
        this.running.get()
    }

    #[getter]
    fn cr_suspended(this: &Obj<Generator>) -> bool {
        !this.running.get() && this.started()
    }

    #[getter]
    fn cr_code(this: &Obj<Generator>) -> Value {
        this.code.to_value()
    }

    #[getter]
    fn cr_frame(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        this.frame(vm)
    }

    #[getter]
    fn cr_await(this: &Obj<Generator>) -> Value {
        this.delegate().unwrap_or(NONE)
    }

    #[getter(member)]
    fn cr_origin(this: &Obj<Generator>) -> Value {
        this.extra.get().unwrap_or(NONE)
    }

    /// name of the coroutine
    #[getter]
    fn __name__(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        Generator::__name__(this, vm)
    }

    #[setter(name = "__name__")]
    fn set_name(this: &Obj<Generator>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.name.set(Some(text_attribute(vm, "__name__", value)?));
        Ok(())
    }

    /// qualified name of the coroutine
    #[getter]
    fn __qualname__(this: &Obj<Generator>, vm: &Vm) -> PyResult<Value> {
        Generator::__qualname__(this, vm)
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(this: &Obj<Generator>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.qualname.set(Some(text_attribute(vm, "__qualname__", value)?));
        Ok(())
    }
}

/// What `coroutine.__await__()` returns: an iterator that drives the coroutine.
#[derive(Payload)]
#[payload(name = "coroutine_wrapper")]
pub struct CoroutineWrapper {
    coroutine: Ref<Generator>,
}

impl CoroutineWrapper {
    fn make(vm: &Vm, coroutine: &Obj<Generator>) -> PyResult<Value> {
        let class = crate::types(vm)?.coroutine_wrapper.clone();
        Ok(vm.alloc(&*class, CoroutineWrapper { coroutine: coroutine.to_ref() })?.into())
    }
}

#[pytype(name = "coroutine_wrapper")]
impl CoroutineWrapper {
    #[slot]
    fn iter(this: &Obj<CoroutineWrapper>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<CoroutineWrapper>, vm: &Vm) -> PyResult<Option<Value>> {
        next_of(vm, &this.coroutine)
    }

    /// send(arg) -> send 'arg' into coroutine
    #[method(fixed)]
    fn send(this: &Obj<CoroutineWrapper>, vm: &Vm, value: Value) -> PyResult<Value> {
        this.coroutine.send(vm, value)
    }

    /// Raise an exception in the coroutine.
    #[method]
    fn throw(
        this: &Obj<CoroutineWrapper>,
        vm: &Vm,
        kind: &Value,
        value: Option<&Value>,
        traceback: Option<&Value>,
    ) -> PyResult<Value> {
        warn_of_three_arguments(vm, "throw", value, traceback)?;
        let exception = thrown(vm, kind, value, traceback)?;
        this.coroutine.throw_exception(vm, exception)
    }

    /// Raise GeneratorExit inside the coroutine.
    #[method]
    fn close(this: &Obj<CoroutineWrapper>, vm: &Vm) -> PyResult<Value> {
        this.coroutine.close_now(vm)
    }
}

//! `gc`: the cycle collector's switches, counters and views of the heap.
//!
//! Invariant: everything is asked of the heap; only `callbacks`, `garbage` and the debugging flags live here.

pub use gc::spec;

use std::cell::{Cell, RefCell};
use taipan_heap::{Collected, Ref, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::native::IntoValue;
use taipan_objects::types::finalize;
use taipan_objects::vm::{PyResult, Vm};

const DEBUG_STATS: i64 = 1;
const DEBUG_COLLECTABLE: i64 = 2;
const DEBUG_SAVEALL: i64 = 32;

#[derive(Default)]
struct GcState {
    callbacks: RefCell<Option<Ref<List>>>,
    garbage: RefCell<Option<Ref<List>>>,
    debug: Cell<i64>,
}

impl GcState {
    fn of(vm: &Vm) -> std::rc::Rc<GcState> {
        vm.interp().state(GcState::default)
    }
}

/// Begin and end of a collection: fills `gc.garbage`, prints statistics, calls `gc.callbacks`.
fn event(vm: &Vm, generation: u8, end: Option<&Collected>) {
    let state = GcState::of(vm);
    let garbage = state.garbage.borrow().clone();
    let statistics = state.debug.get() & DEBUG_STATS != 0;
    if statistics {
        report(vm, generation, end);
    }
    if let (Some(garbage), Some(_)) = (garbage, end) {
        for object in vm.heap().take_garbage() {
            if let Err(raised) = garbage.push(vm, object) {
                drop(vm.take_exception(raised));
            }
        }
    }
    let callbacks = state.callbacks.borrow().clone();
    let Some(callbacks) = callbacks.filter(|callbacks| !callbacks.is_empty()) else { return };
    let arguments = || {
        let info = Dict::new(vm)?;
        info.set_text(vm, "generation", Value::small_int(generation.into()))?;
        let (collected, uncollectable) = end.map_or((0, 0), |end| (end.collected, end.uncollectable));
        info.set_text(vm, "collected", collected.into_value(vm)?)?;
        info.set_text(vm, "uncollectable", uncollectable.into_value(vm)?)?;
        let (candidates, duration) = end.map_or((0, 0.0), |end| (end.candidates, end.duration.as_secs_f64()));
        info.set_text(vm, "candidates", candidates.into_value(vm)?)?;
        info.set_text(vm, "duration", duration.into_value(vm)?)?;
        Ok([if end.is_some() { "stop" } else { "start" }.into_value(vm)?, info.into()])
    };
    for callback in callbacks.snapshot() {
        finalize::aside(vm, "Exception ignored while calling GC callback", Some(&callback), |vm| {
            vm.call(&callback, &arguments()?).map(drop)
        });
    }
}

/// When the collection began that is being reported.
#[derive(Default)]
struct Began(std::cell::Cell<Option<std::time::Instant>>);

fn report(vm: &Vm, generation: u8, end: Option<&Collected>) {
    let began = vm.interp().state(Began::default);
    use crate::sys::hooks::write_stderr;
    match end {
        None => {
            let count = |generation| vm.heap().objects(Some(generation)).len();
            let text = format!(
                "gc: collecting generation {generation}...\ngc: objects in each generation: {} {} {}\ngc: objects in permanent generation: {}\n",
                count(0),
                count(1),
                count(2),
                vm.heap().frozen_count()
            );
            write_stderr(vm, &text);
            began.0.set(Some(std::time::Instant::now()));
        }
        Some(end) => {
            let (unreachable, uncollectable) = (end.collected + end.uncollectable, end.uncollectable);
            let text = format!(
                "gc: done, {unreachable} unreachable, {uncollectable} uncollectable, {:.4}s elapsed\n",
                began.0.get().map_or(0.0, |began| began.elapsed().as_secs_f64())
            );
            write_stderr(vm, &text);
        }
    }
}

fn apply_debug(vm: &Vm, flags: i64) {
    GcState::of(vm).debug.set(flags);
    let mut debug = vm.heap().debug();
    debug.collectable = flags & DEBUG_COLLECTABLE != 0;
    debug.save_all = flags & DEBUG_SAVEALL != 0;
    vm.heap().set_debug(debug);
}

fn generation(vm: &Vm, generation: i64) -> PyResult<u8> {
    match u8::try_from(generation) {
        Ok(generation) if generation <= 2 => Ok(generation),
        _ => Err(vm.value_error("invalid generation")),
    }
}

/// This module provides access to the garbage collector for reference cycles.
#[taipan_macros::pymodule(name = "gc", init = init)]
mod gc {
    use super::{GcState, apply_debug, event};
    use taipan_heap::{Obj, Ref, Value};
    use taipan_objects::builtins::dict::Dict;
    use taipan_objects::builtins::list::List;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::builtins::tuple::Tuple;
    use taipan_objects::builtins::{int, is_none};
    use taipan_objects::native::{IntoValue, Rest};
    use taipan_objects::types::finalize::FinalizeHooks;
    use taipan_objects::types::{Type, type_flags};
    use taipan_objects::vm::{PyResult, Vm};

    #[constant]
    const DEBUG_STATS: i64 = 1;
    #[constant]
    const DEBUG_COLLECTABLE: i64 = 2;
    #[constant]
    const DEBUG_UNCOLLECTABLE: i64 = 4;
    #[constant]
    const DEBUG_SAVEALL: i64 = 32;
    #[constant]
    const DEBUG_LEAK: i64 = DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL;

    fn init(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let state = GcState::of(vm);
        let (callbacks, garbage) = (List::new(vm, std::iter::empty())?, List::new(vm, std::iter::empty())?);
        module.set_attr(vm, "callbacks", callbacks.to_value())?;
        module.set_attr(vm, "garbage", garbage.to_value())?;
        state.callbacks.replace(Some(callbacks));
        state.garbage.replace(Some(garbage));
        *vm.interp().state(FinalizeHooks::default).collection.borrow_mut() = Some(event);
        Ok(())
    }

    /// Lets collections come by themselves.
    #[function]
    fn enable(vm: &Vm) {
        vm.heap().enable();
    }

    /// Lets collections come only when asked for.
    #[function]
    fn disable(vm: &Vm) {
        vm.heap().disable();
    }

    /// Whether collections come by themselves.
    #[function]
    fn isenabled(vm: &Vm) -> bool {
        vm.heap().is_enabled()
    }

    /// Collects a generation and the younger ones; how many unreachable objects there were.
    #[function(sig = "generation=2")]
    fn collect(vm: &Vm, generation: i32) -> PyResult<usize> {
        let generation = super::generation(vm, generation.into())?;
        if vm.heap().is_collecting() {
            return Ok(0);
        }
        let done = vm.heap().collect(generation);
        Ok(done.collected + done.uncollectable)
    }

    #[function]
    fn get_count(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let counts = vm.heap().counts().map(|count| count.into_value(vm));
        Tuple::new(vm, counts.into_iter().collect::<PyResult<Vec<Value>>>()?.into_iter())
    }

    #[function]
    fn get_threshold(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let thresholds = vm.heap().thresholds().map(|threshold| threshold.into_value(vm));
        Tuple::new(vm, thresholds.into_iter().collect::<PyResult<Vec<Value>>>()?.into_iter())
    }

    #[function(sig = "*args")]
    fn set_threshold(vm: &Vm, args: Rest<'_>) -> PyResult<()> {
        if args.0.is_empty() || args.0.len() > 3 {
            return Err(vm.type_error("gc.set_threshold requires 1 to 3 arguments"));
        }
        let mut thresholds = vm.heap().thresholds();
        for (threshold, value) in thresholds.iter_mut().zip(args.0) {
            let Some(number) = int::index_i64(vm, value)?.and_then(|number| i32::try_from(number).ok()) else {
                return Err(vm.overflow_error("signed integer is greater than maximum"));
            };
            *threshold = number as u32;
        }
        vm.heap().set_thresholds(thresholds);
        Ok(())
    }

    #[function]
    fn get_debug(vm: &Vm) -> i64 {
        GcState::of(vm).debug.get()
    }

    #[function(sig = "flags, /")]
    fn set_debug(vm: &Vm, flags: i32) {
        apply_debug(vm, flags.into());
    }

    /// What the collections of each generation did.
    #[function]
    fn get_stats(vm: &Vm) -> PyResult<Ref<List>> {
        let mut all = Vec::new();
        for stats in vm.heap().stats() {
            let shown = Dict::new(vm)?;
            shown.set_text(vm, "collections", stats.collections.into_value(vm)?)?;
            shown.set_text(vm, "collected", stats.collected.into_value(vm)?)?;
            shown.set_text(vm, "uncollectable", stats.uncollectable.into_value(vm)?)?;
            all.push(shown.into());
        }
        List::new(vm, all.into_iter())
    }

    /// The objects the collector tracks, of one generation or all.
    #[function(sig = "generation=None")]
    fn get_objects(vm: &Vm, generation: Option<&Value>) -> PyResult<Ref<List>> {
        let generation = match generation.filter(|generation| !is_none(generation)) {
            None => None,
            Some(generation) => match int::index_i64(vm, generation)? {
                Some(generation @ 0..=2) => Some(generation as u8),
                Some(-1) => None,
                Some(..-1) => return Err(vm.value_error("generation parameter cannot be negative")),
                _ => {
                    let text = "generation parameter must be less than the number of available generations (3)";
                    return Err(vm.value_error(text));
                }
            },
        };
        List::new(vm, vm.heap().objects(generation).into_iter())
    }

    /// The objects that refer to one of the given ones.
    #[function(sig = "*objs")]
    fn get_referrers(vm: &Vm, objs: Rest<'_>) -> PyResult<Ref<List>> {
        let mut found = vm.heap().referrers(objs.0);
        for holder in taipan_interp::frame::running_holders(vm, objs.0)? {
            if !found.iter().any(|other| other.is(&holder)) {
                found.push(holder);
            }
        }
        List::new(vm, found.into_iter())
    }

    /// The objects that the given ones refer to.
    #[function(sig = "*objs")]
    fn get_referents(vm: &Vm, objs: Rest<'_>) -> PyResult<Ref<List>> {
        let mut found: Vec<Value> = Vec::new();
        for object in objs.0 {
            let class = vm.class_of(object);
            // Only classes made by Python code are among what their instances refer to.
            let shown = class.has(type_flags::PYTHON_CLASS);
            found.extend(vm.heap().referents(object).into_iter().filter(|referent| shown || !class.is(referent)));
        }
        List::new(vm, found.into_iter())
    }

    /// Whether the collector tracks the object.
    #[function(sig = "obj, /")]
    fn is_tracked(vm: &Vm, obj: &Value) -> bool {
        // Builtin classes live as long as the interpreter, so programs are told that the collector does not look at them.
        let builtin = obj.downcast::<Type>().and_then(|class| class.native_spec());
        let builtin = builtin.is_some_and(|spec| spec.module == "builtins");
        let instance = vm.class_of(obj).has(type_flags::PYTHON_CLASS);
        !builtin && obj.header().is_some_and(|header| header.is_tracked() || instance)
    }

    /// Whether the object's finalizer has run.
    #[function(sig = "obj, /")]
    fn is_finalized(obj: &Value) -> bool {
        // One that has not begun is marked because it has nothing to finalize.
        let fresh = obj.downcast::<taipan_interp::generator::Generator>().is_some_and(|generator| generator.is_fresh());
        !fresh && obj.header().is_some_and(|header| header.has(taipan_heap::bits::FINALIZED))
    }

    /// Moves all tracked objects to the permanent generation.
    #[function]
    fn freeze(vm: &Vm) {
        vm.heap().freeze();
    }

    /// Moves the permanent generation to the oldest one.
    #[function]
    fn unfreeze(vm: &Vm) {
        vm.heap().unfreeze();
    }

    /// The number of objects in the permanent generation.
    #[function]
    fn get_freeze_count(vm: &Vm) -> usize {
        vm.heap().frozen_count()
    }
}

//! `traceback`: one entry per frame that an exception left, the outermost first.
//!
//! Invariant: following `tb_next` never comes back to the same traceback.

use crate::builtins::exception::BaseException;
use crate::builtins::{NONE, int, is_none};
use crate::types::{ClassHooks, Type};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Retire, Slot, Value};
use taipan_macros::pytype;

/// A traceback entry.
#[derive(Payload)]
#[payload(name = "traceback", retire)]
pub struct Traceback {
    /// `tb_next`
    pub next: Slot,
    /// `tb_frame`; never empty while anybody can reach the entry.
    frame: Slot,
    /// `tb_lasti`
    pub lasti: Cell<i64>,
    /// `tb_lineno`, or `LATER`.
    lineno: Cell<i64>,
}

impl Retire for Traceback {
    const SHELF: usize = 3;
    fn retire(&self) -> bool {
        self.next.set(None);
        self.frame.set(None);
        true
    }
    #[inline(always)]
    fn retire_quietly(&self) -> bool {
        self.next.let_go() && self.frame.let_go()
    }
}

/// The line is found when it is asked for: most tracebacks are never looked at.
const LATER: i64 = i64::MIN;

/// Puts a frame in front of the traceback of `exception`.
pub fn add_traceback(vm: &Vm, exception: &Obj<BaseException>, frame: Value, lasti: u32) -> PyResult<()> {
    let made = match vm.heap().take_retired_at_once::<Traceback>(&*vm.types().traceback) {
        Some(made) => made,
        None => empty(vm)?,
    };
    made.frame.set(Some(frame));
    made.lasti.set(i64::from(lasti) * 8);
    made.lineno.set(LATER);
    made.next.set(exception.traceback.take());
    exception.traceback.set(Some(made.into()));
    Ok(())
}

#[inline(never)]
fn empty(vm: &Vm) -> PyResult<Ref<Traceback>> {
    let class = &*vm.types().traceback;
    match vm.heap().take_retired::<Traceback>(class) {
        Some(made) => Ok(made),
        None => {
            let (next, frame) = (Slot::default(), Slot::default());
            vm.alloc(class, Traceback { next, frame, lasti: Cell::new(0), lineno: Cell::new(LATER) })
        }
    }
}

impl Traceback {
    /// `tb_frame`
    pub fn frame(&self) -> Value {
        self.frame.get().unwrap_or(NONE)
    }

    /// The line, by way of the frame's code.
    pub fn line(&self, vm: &Vm) -> i64 {
        if self.lineno.get() == LATER {
            let line = ClassHooks::of(vm).line_at.get().map_or(0, |line_at| line_at(&self.frame(), self.lasti.get()));
            self.lineno.set(line);
        }
        self.lineno.get()
    }

    /// The next entry.
    pub fn next_entry(&self) -> Option<Ref<Traceback>> {
        self.next.get().and_then(|next| next.downcast_into::<Traceback>().ok())
    }
}

fn traceback_or_none<'a>(vm: &Vm, value: &'a Value, what: &str) -> PyResult<Option<&'a Obj<Traceback>>> {
    if is_none(value) {
        return Ok(None);
    }
    match value.downcast::<Traceback>() {
        Some(traceback) => Ok(Some(traceback)),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("expected traceback object{what}, got '{given}'")))
        }
    }
}

/// traceback(tb_next, tb_frame, tb_lasti, tb_lineno)
/// --
///
/// Create a new traceback object.
#[pytype(name = "traceback")]
impl Traceback {
    #[slot(sig = "tb_next, tb_frame, tb_lasti, tb_lineno")]
    fn new(
        _class: &Obj<Type>,
        vm: &Vm,
        tb_next: &Value,
        tb_frame: &Value,
        tb_lasti: &Value,
        tb_lineno: &Value,
    ) -> PyResult<Ref<Traceback>> {
        let next = traceback_or_none(vm, tb_next, " or None")?.map(|next| next.to_value());
        let given = vm.type_name(tb_frame);
        if &*given != "frame" {
            return Err(vm.type_error(format!("traceback() argument 'tb_frame' must be frame, not {given}")));
        }
        let (lasti, lineno) = (int::index_clamped(vm, tb_lasti)?, int::index_clamped(vm, tb_lineno)?);
        let frame = Slot::new(Some(tb_frame.clone()));
        let payload = Traceback { next: Slot::new(next), frame, lasti: Cell::new(lasti), lineno: Cell::new(lineno) };
        vm.alloc(&*vm.types().traceback, payload)
    }

    #[getter(member)]
    fn tb_frame(this: &Obj<Traceback>) -> Value {
        this.frame()
    }

    #[getter(member)]
    fn tb_lasti(this: &Obj<Traceback>) -> i64 {
        this.lasti.get()
    }

    #[getter]
    fn tb_lineno(this: &Obj<Traceback>, vm: &Vm) -> i64 {
        this.line(vm)
    }

    #[getter]
    fn tb_next(this: &Obj<Traceback>) -> Option<Value> {
        this.next.get()
    }

    #[setter]
    fn set_tb_next(this: &Obj<Traceback>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("can't delete tb_next attribute")) };
        let next = traceback_or_none(vm, value, "")?.map(|next| next.to_ref());
        let mut at = next.clone();
        while let Some(entry) = at {
            if entry.is_same(this) {
                return Err(vm.value_error("traceback loop detected"));
            }
            at = entry.next_entry();
        }
        this.next.set(next.map(Value::from));
        Ok(())
    }

    #[method]
    fn __dir__(_this: &Obj<Traceback>, vm: &Vm) -> PyResult<Ref<crate::builtins::list::List>> {
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|name| vm.intern(name).map(Value::from));
        let names = names.into_iter().collect::<PyResult<Vec<Value>>>()?;
        crate::builtins::list::List::new(vm, names.into_iter())
    }
}

//! `IsoCalendarDate`: what `date.isocalendar()` returns, a tuple with names.
//!
//! Invariant: there are three items.

use super::Shared;
use super::arguments::c_int;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::{IntoValue, TypeSpec};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

struct IsoCalendarDate;

pub fn spec() -> &'static TypeSpec {
    IsoCalendarDate::spec()
}

/// The result of a date's `isocalendar`.
pub fn make(vm: &Vm, (year, week, day): (i64, i64, i64)) -> PyResult<Value> {
    make_in(vm, &Shared::of(vm)?.iso_date, [year, week, day])
}

fn make_in(vm: &Vm, class: &Obj<Type>, parts: [i64; 3]) -> PyResult<Value> {
    let items = parts.iter().map(|part| part.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
    Ok(Tuple::new_subclass(vm, class, items)?.into())
}

fn item(this: &Obj<Tuple>, index: usize) -> Value {
    this.items().get(index).cloned().unwrap_or(NONE)
}

/// The result of date.isocalendar() or datetime.isocalendar()
///
/// This object may be accessed either as a tuple of
///   ((year, week, weekday)
/// or via the object attributes as named in the above tuple.
#[pytype(name = "IsoCalendarDate", module = "datetime", payload = Tuple)]
impl IsoCalendarDate {
    #[slot(sig = "year, week, weekday")]
    fn new(class: &Obj<Type>, vm: &Vm, year: &Value, week: &Value, weekday: &Value) -> PyResult<Value> {
        make_in(vm, class, [c_int(vm, year)?, c_int(vm, week)?, c_int(vm, weekday)?])
    }

    #[slot]
    fn repr(this: &Obj<Tuple>, vm: &Vm) -> PyResult<Ref<Str>> {
        let [year, week, day] = [0, 1, 2].map(|index| vm.repr(&item(this, index)));
        let (year, week, day) = (year?, week?, day?);
        let name = vm.class_of(&this.to_value()).tp_name();
        let text = format!("{name}(year={}, week={}, weekday={})", year.to_lossy(), week.to_lossy(), day.to_lossy());
        Str::new(vm, &text)
    }

    #[method]
    fn __reduce__(this: &Obj<Tuple>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let items = Tuple::new(vm, this.items().to_vec().into_iter())?;
        let arguments = Tuple::new(vm, [items.into()].into_iter())?;
        Tuple::pair(vm, vm.types().tuple.to_value(), arguments.into())
    }

    #[getter]
    fn year(this: &Obj<Tuple>) -> Value {
        item(this, 0)
    }

    #[getter]
    fn week(this: &Obj<Tuple>) -> Value {
        item(this, 1)
    }

    #[getter]
    fn weekday(this: &Obj<Tuple>) -> Value {
        item(this, 2)
    }
}

//! `_datetime`: dates, times, durations and zones.
//!
//! Invariant: dates and times are immutable packed words; an instance's fold and zone are set once more only by the native function that has just made it.

mod arguments;
mod date;
mod delta;
mod delta_math;
mod format;
mod iso_calendar;
mod iso_text;
mod local;
mod moment;
mod moment_math;
mod time;
mod zone;

pub use format::host_format;
pub use module::spec;

use date::Date;
use delta::TimeDelta;
use moment::DateTime;
use std::cell::OnceCell;
use std::rc::Rc;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_numeric::calendar::{MAX_YEAR, MIN_YEAR, Packed};
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};
use time::Time;
use zone::{Timezone, TzInfo};

/// The classes, and what else is made once for an interpreter.
pub struct Shared {
    date: Ref<Type>,
    time: Ref<Type>,
    datetime: Ref<Type>,
    delta: Ref<Type>,
    tzinfo: Ref<Type>,
    timezone: Ref<Type>,
    iso_date: Ref<Type>,
    /// `timezone.utc`
    utc: Ref<Timezone>,
    utcoffset: Ref<Str>,
    dst: Ref<Str>,
    tzname: Ref<Str>,
    fromutc: Ref<Str>,
    isoformat: Ref<Str>,
    strftime: Ref<Str>,
    timetuple: Ref<Str>,
    fromtimestamp: Ref<Str>,
}

impl Shared {
    /// The interpreter's.
    fn of(vm: &Vm) -> PyResult<Rc<Shared>> {
        let state = vm.interp().state(OnceCell::<Rc<Shared>>::new);
        if let Some(found) = state.get() {
            return Ok(found.clone());
        }
        let made = Rc::new(Shared::make(vm)?);
        Ok(state.get_or_init(|| made).clone())
    }

    fn make(vm: &Vm) -> PyResult<Shared> {
        let object = [vm.types().object.clone()];
        let tzinfo = Type::from_spec(vm, TzInfo::spec(), &object)?;
        let delta = Type::from_spec(vm, TimeDelta::spec(), &object)?;
        let timezone = Type::from_spec(vm, Timezone::spec(), &[tzinfo.clone()])?;
        let date = Type::from_spec(vm, Date::spec(), &object)?;
        let time = Type::from_spec(vm, Time::spec(), &object)?;
        let datetime = Type::from_spec(vm, DateTime::spec(), &[date.clone()])?;
        let iso_date = Type::from_spec(vm, iso_calendar::spec(), &[vm.types().tuple.clone()])?;
        let span = |days, seconds, micros| vm.alloc(&*delta, TimeDelta::of_parts(days, seconds, micros));
        let zone = |seconds: i32| {
            let offset = span(if seconds < 0 { -1 } else { 0 }, seconds.rem_euclid(86_400), 0)?;
            vm.alloc(&*timezone, Timezone::new_fixed(offset, None))
        };
        let utc = zone(0)?;
        let (first, last) = (Packed::of_date(MIN_YEAR, 1, 1), Packed::of_date(MAX_YEAR, 12, 31));
        let end = Packed::of_time(23, 59, 59, 999_999);
        let micro: Value = span(0, 0, 1)?.into();
        let day = |packed| vm.alloc(&*date, Date::of(packed));
        let clock = |packed| vm.alloc(&*time, Time::of(packed, None));
        let moment = |packed| vm.alloc(&*datetime, DateTime::of(packed, None));
        const MOST_DAYS: i32 = 999_999_999;
        let constants: [(&Ref<Type>, &str, Value); 15] = [
            (&delta, "min", span(-MOST_DAYS, 0, 0)?.into()),
            (&delta, "max", span(MOST_DAYS, 86_399, 999_999)?.into()),
            (&delta, "resolution", micro.clone()),
            (&timezone, "utc", utc.clone().into()),
            (&timezone, "min", zone(-86_340)?.into()),
            (&timezone, "max", zone(86_340)?.into()),
            (&date, "min", day(first)?.into()),
            (&date, "max", day(last)?.into()),
            (&date, "resolution", span(1, 0, 0)?.into()),
            (&time, "min", clock(Packed::default())?.into()),
            (&time, "max", clock(end)?.into()),
            (&time, "resolution", micro.clone()),
            (&datetime, "min", moment(first)?.into()),
            (&datetime, "max", moment(last.with_time(end))?.into()),
            (&datetime, "resolution", micro),
        ];
        for (class, name, value) in constants {
            class.dict().set_text(vm, name, value)?;
        }
        Ok(Shared {
            date,
            time,
            datetime,
            delta,
            tzinfo,
            timezone,
            iso_date,
            utc,
            utcoffset: vm.intern("utcoffset")?,
            dst: vm.intern("dst")?,
            tzname: vm.intern("tzname")?,
            fromutc: vm.intern("fromutc")?,
            isoformat: vm.intern("isoformat")?,
            strftime: vm.intern("strftime")?,
            timetuple: vm.intern("timetuple")?,
            fromtimestamp: vm.intern("fromtimestamp")?,
        })
    }
}

/// Fast implementation of the datetime module.
#[pymodule(name = "_datetime", init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let shared = Shared::of(vm)?;
        let classes = [
            ("date", &shared.date),
            ("datetime", &shared.datetime),
            ("time", &shared.time),
            ("timedelta", &shared.delta),
            ("timezone", &shared.timezone),
            ("tzinfo", &shared.tzinfo),
        ];
        for (name, class) in classes {
            module.set_attr(vm, name, class.to_value())?;
        }
        module.set_attr(vm, "UTC", shared.utc.to_value())?;
        module.set_attr(vm, "datetime_CAPI", crate::types_module::Capsule::named(vm, "datetime.datetime_CAPI")?)?;
        module.set_attr(vm, "MINYEAR", MIN_YEAR.into_value(vm)?)?;
        module.set_attr(vm, "MAXYEAR", MAX_YEAR.into_value(vm)?)
    }
}

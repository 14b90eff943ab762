//! `resource`: limits and figures of processes.
//!
//! Invariant: "no limit" is -1 to programs and the largest number to the system.

pub use module::spec;

use crate::posix_module::{RUSAGE, given, rusage};
use taipan_heap::{Obj, Ref, Value};
use taipan_host::{children as host, constants as c};
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{int, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Raised, Vm};

fn pair(vm: &Vm, (soft, hard): (u64, u64)) -> PyResult<Ref<Tuple>> {
    let number = |limit: u64| if limit == u64::MAX { Ok(Value::small_int(-1)) } else { limit.into_value(vm) };
    Tuple::pair(vm, number(soft)?, number(hard)?)
}

fn limits(vm: &Vm, value: &Value) -> PyResult<(u64, u64)> {
    let items = vm.collect(value)?;
    let [soft, hard] = &items[..] else { return Err(vm.value_error("expected a tuple of 2 integers")) };
    let number = |value: &Value| {
        let value = int::index(vm, value)?;
        if let Some(number) = int::index_i64(vm, &value)? {
            return match number {
                -1 => Ok(u64::MAX),
                number if number < 0 => Err(vm.value_error("Cannot convert negative int")),
                number => Ok(number as u64),
            };
        }
        let big = int::as_big(&value).and_then(|big| u64::try_from(big.as_ref()).ok());
        big.ok_or_else(|| vm.overflow_error("Python int too large to convert to C rlim_t"))
    };
    Ok((number(soft)?, number(hard)?))
}

fn known(vm: &Vm, resource: i32) -> PyResult<u32> {
    match u32::try_from(resource) {
        Ok(resource) if resource < 16 => Ok(resource),
        _ => Err(vm.value_error("invalid resource specified")),
    }
}

#[cold]
fn failed(vm: &Vm, error: &std::io::Error, setting: bool) -> Raised {
    match taipan_host::errno(error) {
        c::EINVAL if setting => vm.value_error("current limit exceeds maximum limit"),
        c::EPERM if setting => vm.value_error("not allowed to raise maximum limit"),
        number => vm.os_error(number, None),
    }
}

/// Limits and figures of processes.
#[pymodule(name = "resource", init = fill)]
mod module {
    use super::*;

    #[rustfmt::skip]
    const NUMBERS: &[(&str, i64)] = &[
        ("RLIMIT_AS", 9), ("RLIMIT_CORE", 4), ("RLIMIT_CPU", 0), ("RLIMIT_DATA", 2), ("RLIMIT_FSIZE", 1),
        ("RLIMIT_MEMLOCK", 8), ("RLIMIT_MSGQUEUE", 12), ("RLIMIT_NICE", 13), ("RLIMIT_NOFILE", 7),
        ("RLIMIT_NPROC", 6), ("RLIMIT_OFILE", 7), ("RLIMIT_RSS", 5), ("RLIMIT_RTPRIO", 14),
        ("RLIMIT_RTTIME", 15), ("RLIMIT_SIGPENDING", 11), ("RLIMIT_STACK", 3), ("RLIM_INFINITY", -1),
        ("RUSAGE_CHILDREN", -1), ("RUSAGE_SELF", 0), ("RUSAGE_THREAD", 1),
    ];

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for (name, number) in NUMBERS {
            module.set_attr(vm, name, int::from_i64(vm, *number)?)?;
        }
        module.set_attr(vm, "struct_rusage", RUSAGE.class(vm)?.into())?;
        module.set_attr(vm, "error", vm.types().os_error.to_value())
    }

    #[function(sig = "resource, /")]
    fn getrlimit(vm: &Vm, resource: i32) -> PyResult<Ref<Tuple>> {
        let resource = known(vm, resource)?;
        pair(vm, host::prlimit(0, resource, None).map_err(|error| failed(vm, &error, false))?)
    }

    #[function(sig = "resource, limits, /")]
    fn setrlimit(vm: &Vm, resource: i32, limits: &Value) -> PyResult<()> {
        let resource = known(vm, resource)?;
        let new = super::limits(vm, limits)?;
        host::prlimit(0, resource, Some(new)).map(drop).map_err(|error| failed(vm, &error, true))
    }

    #[function(sig = "pid, resource, limits=None, /")]
    fn prlimit(vm: &Vm, pid: i32, resource: i32, limits: Option<&Value>) -> PyResult<Ref<Tuple>> {
        let resource = known(vm, resource)?;
        let new = given(limits).map(|limits| super::limits(vm, limits)).transpose()?;
        pair(vm, host::prlimit(pid, resource, new).map_err(|error| failed(vm, &error, new.is_some()))?)
    }

    #[function(sig = "who, /")]
    fn getrusage(vm: &Vm, who: i32) -> PyResult<Value> {
        match host::getrusage(who) {
            Ok(usage) => rusage(vm, &usage),
            Err(error) if taipan_host::errno(&error) == c::EINVAL => Err(vm.value_error("invalid who parameter")),
            Err(error) => Err(failed(vm, &error, false)),
        }
    }

    #[function]
    fn getpagesize() -> usize {
        taipan_host::memory::page_size()
    }
}

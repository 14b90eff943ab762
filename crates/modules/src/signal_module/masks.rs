//! Masks of signals, and waiting for signals without handlers: part of `_signal`.
//!
//! Invariant: Python handlers run before a call here returns.

use super::{failed, known, run_handlers};
use taipan_heap::{Ref, Value};
use taipan_host::{children as host, constants as c};
use taipan_macros::pymodule;
use taipan_objects::builtins::set::Set;
use taipan_objects::builtins::structseq::StructSeq;
use taipan_objects::builtins::{float, int, is_none};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// `signal.struct_siginfo`
pub static SIGINFO: StructSeq = StructSeq {
    name: "struct_siginfo",
    module: "signal",
    doc: "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed either as a tuple of\n(si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\nor via the attributes si_signo, si_code, and so on.",
    fields: &["si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"],
    visible: 7,
    callable: true,
};

fn numbers(vm: &Vm, value: &Value) -> PyResult<Vec<i32>> {
    let mut all = Vec::new();
    let iterator = vm.iter(value)?;
    while let Some(item) = vm.next(&iterator)? {
        match int::index_i64(vm, &item)? {
            Some(number) if (1..=64).contains(&number) => all.push(number as i32),
            _ => return Err(vm.value_error("signal number out of range [1; 64]")),
        }
    }
    // The C library keeps two signals for itself.
    all.retain(|number| !matches!(number, 32 | 33));
    Ok(all)
}

fn set_of(vm: &Vm, numbers: &[i32]) -> PyResult<Ref<Set>> {
    let set = Set::new(vm)?;
    for &number in numbers {
        set.add(vm, &Value::small_int(number))?;
    }
    Ok(set)
}

fn siginfo(vm: &Vm, numbers: [i64; 7]) -> PyResult<Value> {
    let values = numbers.into_iter().map(|number| number.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
    SIGINFO.make(vm, values)
}

/// Functions of `_signal`.
#[pymodule(name = "_signal")]
pub mod functions {
    use super::*;

    /// Fetch and/or change the signal mask of the calling thread.
    #[function(sig = "how, mask, /")]
    fn pthread_sigmask(vm: &Vm, how: i32, mask: &Value) -> PyResult<Ref<Set>> {
        let mask = numbers(vm, mask)?;
        let old = host::sigmask(how, &mask).map_err(|error| failed(vm, &error))?;
        run_handlers(vm)?;
        set_of(vm, &old)
    }

    /// Examine pending signals.
    ///
    /// Returns a set of signal numbers that are pending for delivery to
    /// the calling thread.
    #[function]
    fn sigpending(vm: &Vm) -> PyResult<Ref<Set>> {
        set_of(vm, &host::sigpending().map_err(|error| failed(vm, &error))?)
    }

    /// Wait for a signal.
    ///
    /// Suspend execution of the calling thread until the delivery of one of the
    /// signals specified in the signal set sigset.  The function accepts the signal
    /// and returns the signal number.
    #[function(sig = "sigset, /")]
    fn sigwait(vm: &Vm, sigset: &Value) -> PyResult<i64> {
        let set = numbers(vm, sigset)?;
        let waited =
            crate::posix_module::retry(vm, || crate::posix_module::blocking(vm, || host::sigwait(&set, None)))?;
        Ok(waited.map_err(|error| failed(vm, &error))?[0])
    }

    /// Wait synchronously until one of the signals in *sigset* is delivered.
    ///
    /// Returns a struct_siginfo containing information about the signal.
    #[function(sig = "sigset, /")]
    fn sigwaitinfo(vm: &Vm, sigset: &Value) -> PyResult<Value> {
        let set = numbers(vm, sigset)?;
        let waited =
            crate::posix_module::retry(vm, || crate::posix_module::blocking(vm, || host::sigwait(&set, None)))?;
        siginfo(vm, waited.map_err(|error| failed(vm, &error))?)
    }

    /// Like sigwaitinfo(), but with a timeout.
    ///
    /// The timeout is specified in seconds, rounded up, with floating-point
    /// numbers allowed.
    #[function(sig = "sigset, timeout, /")]
    fn sigtimedwait(vm: &Vm, sigset: &Value, timeout: &Value) -> PyResult<Option<Value>> {
        let seconds = match (float::get(timeout), int::is_int(timeout)) {
            (Some(seconds), _) => seconds,
            (None, true) => int::index_clamped(vm, timeout)? as f64,
            (None, false) => {
                let given = vm.type_name(timeout);
                return Err(vm.type_error(format!("'{given}' object cannot be interpreted as an integer or float")));
            }
        };
        if seconds.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        if seconds < 0.0 {
            return Err(vm.value_error("timeout must be non-negative"));
        }
        if seconds > 9.2e9 {
            return Err(vm.overflow_error("timestamp out of range for C PyTime_t"));
        }
        let set = numbers(vm, sigset)?;
        let end = std::time::Instant::now() + std::time::Duration::from_secs_f64(seconds);
        let waited = crate::posix_module::retry(vm, || {
            let left = end.saturating_duration_since(std::time::Instant::now());
            let time = c::timespec { tv_sec: left.as_secs() as i64, tv_nsec: i64::from(left.subsec_nanos()) };
            crate::posix_module::blocking(vm, || host::sigwait(&set, Some(time)))
        })?;
        match waited {
            Ok(numbers) => siginfo(vm, numbers).map(Some),
            Err(error) if taipan_host::errno(&error) == c::EAGAIN => Ok(None),
            Err(error) => Err(failed(vm, &error)),
        }
    }

    /// Send a signal to a thread.
    #[function(sig = "thread_id, signalnum, /")]
    fn pthread_kill(vm: &Vm, thread_id: u64, signalnum: i32) -> PyResult<()> {
        if signalnum != 0 {
            known(vm, signalnum)?;
        }
        if !crate::thread_module::is_running(vm, thread_id) {
            return Err(vm.os_error(c::ESRCH, None));
        }
        host::pthread_kill(thread_id, signalnum).map_err(|error| failed(vm, &error))?;
        run_handlers(vm)
    }

    /// Send a signal to a process referred to by a pid file descriptor.
    #[function(sig = "pidfd, signalnum, siginfo=None, flags=0, /")]
    fn pidfd_send_signal(
        vm: &Vm,
        pidfd: i32,
        signalnum: i32,
        siginfo: Option<&Value>,
        flags: Option<i32>,
    ) -> PyResult<()> {
        let _ = flags;
        if siginfo.is_some_and(|siginfo| !is_none(siginfo)) {
            return Err(vm.type_error("siginfo must be None"));
        }
        host::pidfd_send_signal(pidfd, signalnum).map_err(|error| failed(vm, &error))?;
        run_handlers(vm)
    }
}

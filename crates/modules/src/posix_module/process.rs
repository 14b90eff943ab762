//! The process: its environment, users, limits, and ways to end it; and small functions on numbers and paths.
//!
//! Invariant: changes of the environment are the whole process's.

use super::failed;
use super::path::{system_bytes, system_value};
use super::stat::{TIMES_RESULT, UNAME_RESULT};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use taipan_heap::{Ref, Value};
use taipan_host::process as host;
use taipan_macros::pymodule;
use taipan_objects::builtins::{bytes::Bytes, float, int, str::Str, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// Functions on the process.
#[pymodule(name = "posix")]
pub mod functions {
    use super::*;

    /// Return the current process id.
    #[function]
    fn getpid() -> i32 {
        host::pid()
    }

    /// Return the parent's process id.
    #[function]
    fn getppid() -> i32 {
        host::parent_pid()
    }

    /// Return the current process's user id.
    #[function]
    fn getuid() -> u32 {
        host::identity().uid
    }

    /// Return the current process's effective user id.
    #[function]
    fn geteuid() -> u32 {
        host::identity().euid
    }

    /// Return the current process's group id.
    #[function]
    fn getgid() -> u32 {
        host::identity().gid
    }

    /// Return the current process's effective group id.
    #[function]
    fn getegid() -> u32 {
        host::identity().egid
    }

    /// Change or add an environment variable.
    #[function(sig = "name, value, /")]
    fn putenv(vm: &Vm, name: &Value, value: &Value) -> PyResult<()> {
        let (name, value) = (system_bytes(vm, name)?, system_bytes(vm, value)?);
        if name.contains(&b'=') {
            return Err(vm.value_error("illegal environment variable name"));
        }
        if name.contains(&0) || value.contains(&0) {
            return Err(vm.value_error("embedded null byte"));
        }
        host::set_variable(OsStr::from_bytes(&name), OsStr::from_bytes(&value)).map_err(|error| failed(vm, &error))
    }

    /// Delete an environment variable.
    #[function(sig = "name, /")]
    fn unsetenv(vm: &Vm, name: &Value) -> PyResult<()> {
        let name = system_bytes(vm, name)?;
        if name.contains(&0) {
            return Err(vm.value_error("embedded null byte"));
        }
        host::unset_variable(OsStr::from_bytes(&name)).map_err(|error| failed(vm, &error))
    }

    #[function]
    fn _create_environ(vm: &Vm) -> PyResult<Value> {
        Ok(super::super::environment(vm)?.into())
    }

    /// Exit to the system with specified status, without normal exit processing.
    #[function(sig = "status")]
    fn _exit(status: i32) -> Value {
        std::process::exit(status)
    }

    /// Abort the interpreter immediately.
    #[function]
    fn abort() -> Value {
        std::process::abort()
    }

    /// Kill a process with a signal.
    #[function(sig = "pid, signal, /")]
    fn kill(vm: &Vm, pid: i32, signal: i32) -> PyResult<()> {
        taipan_host::signal::kill(pid, signal).map_err(|error| failed(vm, &error))?;
        crate::signal_module::run_handlers(vm)
    }

    /// Return the number of logical CPUs in the system.
    ///
    /// Return None if indeterminable.
    #[function]
    fn cpu_count(vm: &Vm) -> Option<usize> {
        let told = crate::sys::SysState::of(vm).cpu_count.get();
        told.map_or_else(host::cpu_count, |count| usize::try_from(count).ok())
    }

    /// Voluntarily relinquish the CPU.
    #[function]
    fn sched_yield(vm: &Vm) {
        super::super::blocking(vm, std::thread::yield_now);
    }

    /// Return an integer-valued system configuration variable.
    #[function(sig = "name, /")]
    fn sysconf(vm: &Vm, name: &Value) -> PyResult<i64> {
        let number = match name.downcast::<Str>() {
            Some(text) => {
                let found = super::super::constants::SYSCONF.iter().find(|(known, _)| text.equals(known));
                found.map(|(_, number)| *number).ok_or_else(|| vm.value_error("unrecognized configuration name"))?
            }
            None if int::is_int(name) => int::index_clamped(vm, name)? as i32,
            None => return Err(vm.type_error("configuration names must be strings or integers")),
        };
        Ok(host::sysconf(number).map_err(|error| failed(vm, &error))?.unwrap_or(-1))
    }

    /// Return a bytes object containing random bytes suitable for cryptographic use.
    #[function(sig = "size, /")]
    fn urandom(vm: &Vm, size: isize) -> PyResult<Ref<Bytes>> {
        let Ok(size) = usize::try_from(size) else { return Err(vm.value_error("negative argument not allowed")) };
        let mut data = Vec::new();
        if data.try_reserve_exact(size).is_err() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        data.resize(size, 0);
        taipan_host::memory::random_bytes(&mut data).map_err(|error| failed(vm, &error))?;
        Bytes::new(vm, &data)
    }

    /// Obtain a series of random bytes.
    #[function(sig = "size, flags=0")]
    fn getrandom(vm: &Vm, size: isize, flags: i32) -> PyResult<Ref<Bytes>> {
        let _ = flags;
        urandom(vm, size)
    }

    /// Translate an error code to a message string.
    #[function(sig = "code, /")]
    fn strerror(code: i32) -> String {
        taipan_host::strerror(code)
    }

    /// Return an object identifying the current operating system.
    #[function]
    fn uname(vm: &Vm) -> PyResult<Value> {
        let parts = host::uname().map_err(|error| failed(vm, &error))?;
        let values = parts.into_iter().map(|part| part.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
        UNAME_RESULT.make(vm, values)
    }

    /// Return a collection containing process timing information.
    #[function]
    fn times(vm: &Vm) -> PyResult<Value> {
        let (user, system) = host::processor_times().map_err(|error| failed(vm, &error))?;
        let elapsed = taipan_host::clock::monotonic_ns() as f64 / 1e9;
        let seconds = [user.as_secs_f64(), system.as_secs_f64(), 0.0, 0.0, elapsed];
        let values = seconds.into_iter().map(|x| float::new(vm, x)).collect::<PyResult<Vec<Value>>>()?;
        TIMES_RESULT.make(vm, values)
    }

    /// Return a string describing the encoding of a terminal's file descriptor.
    #[function(sig = "fd")]
    fn device_encoding(fd: i32) -> Option<&'static str> {
        taipan_host::file::isatty(fd).then_some("UTF-8")
    }

    /// Convert a wait status to an exit code.
    #[function(sig = "status")]
    fn waitstatus_to_exitcode(vm: &Vm, status: i64) -> PyResult<i64> {
        match status & 0x7f {
            0 => Ok((status >> 8) & 0xff),
            0x7f => Err(vm.value_error(
                "process stopped by delivery of signal ".to_owned() + &((status >> 8) & 0xff).to_string(),
            )),
            signal => Ok(-signal),
        }
    }

    /// Return True if the process returning status exited via the exit() system call.
    #[function(name = "WIFEXITED", sig = "status")]
    fn exited(status: i64) -> bool {
        status & 0x7f == 0
    }

    /// Return the process return code from status.
    #[function(name = "WEXITSTATUS", sig = "status")]
    fn exit_status(status: i64) -> i64 {
        (status >> 8) & 0xff
    }

    /// Return True if the process returning status was terminated by a signal.
    #[function(name = "WIFSIGNALED", sig = "status")]
    fn signaled(status: i64) -> bool {
        !matches!(status & 0x7f, 0 | 0x7f)
    }

    /// Return the signal that terminated the process that provided the status value.
    #[function(name = "WTERMSIG", sig = "status")]
    fn termination_signal(status: i64) -> i64 {
        status & 0x7f
    }

    /// Return True if the process returning status was stopped.
    #[function(name = "WIFSTOPPED", sig = "status")]
    fn stopped(status: i64) -> bool {
        status & 0xff == 0x7f
    }

    /// Return the signal that stopped the process that provided the status value.
    #[function(name = "WSTOPSIG", sig = "status")]
    fn stop_signal(status: i64) -> i64 {
        (status >> 8) & 0xff
    }

    /// Normalizes a path without the system: `.` and `..` and repeated slashes are taken out.
    #[function(sig = "path")]
    fn _path_normpath(vm: &Vm, path: &Value) -> PyResult<Value> {
        let is_bytes = path.downcast::<Bytes>().is_some();
        let bytes = system_bytes(vm, &super::super::fspath(vm, path)?)?;
        let slashes = bytes.iter().take_while(|byte| **byte == b'/').count();
        let root: &[u8] = match slashes {
            0 => b"",
            2 => b"//",
            _ => b"/",
        };
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in bytes.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." if !parts.is_empty() && parts.last() != Some(&&b".."[..]) => {
                    parts.pop();
                }
                b".." if !root.is_empty() => {}
                part => parts.push(part),
            }
        }
        let mut normal = root.to_vec();
        normal.extend_from_slice(&parts.join(&b'/'));
        if normal.is_empty() {
            normal.push(b'.');
        }
        system_value(vm, std::path::Path::new(OsStr::from_bytes(&normal)), is_bytes)
    }

    /// Splits a path into drive, root and tail.
    #[function(sig = "path, /")]
    fn _path_splitroot_ex(vm: &Vm, path: &Value) -> PyResult<Ref<Tuple>> {
        let path = super::super::fspath(vm, path)?;
        let is_bytes = path.downcast::<Bytes>().is_some();
        let bytes = system_bytes(vm, &path)?;
        let slashes = bytes.iter().take_while(|byte| **byte == b'/').count();
        let root = match slashes {
            0 => 0,
            2 => 2,
            _ => 1,
        };
        let part = |bytes: &[u8]| system_value(vm, std::path::Path::new(OsStr::from_bytes(bytes)), is_bytes);
        Tuple::new(vm, [part(b"")?, part(&bytes[..root])?, part(&bytes[root..])?].into_iter())
    }
}

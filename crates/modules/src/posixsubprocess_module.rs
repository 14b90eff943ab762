//! `_posixsubprocess`: making a child process in one step.
//!
//! Invariant: everything the child needs is made before the fork; only a `preexec_fn` runs Python code in the child.

pub use module::spec;

use crate::posix_module::{c_argument, fork_with, given, id_argument};
use std::ffi::CString;
use taipan_heap::Value;
use taipan_host::children::{self as host, Spawn};
use taipan_macros::pymodule;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::native::FuncArgs;
use taipan_objects::vm::{PyResult, Vm};

fn number(vm: &Vm, value: &Value) -> PyResult<i32> {
    match int::index_i64(vm, value)?.map(i32::try_from) {
        Some(Ok(number)) => Ok(number),
        _ => Err(vm.overflow_error("Python int too large to convert to C int")),
    }
}

fn strings(vm: &Vm, value: &Value) -> PyResult<Vec<CString>> {
    vm.collect(value)?.iter().map(|item| c_argument(vm, item)).collect()
}

/// Descriptors that stay open, which must come sorted and not negative.
fn kept(vm: &Vm, value: &Value) -> PyResult<Vec<i32>> {
    let bad = || vm.value_error("bad value(s) in fds_to_keep");
    let Some(tuple) = value.downcast::<Tuple>() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("fork_exec() argument 4 must be tuple, not {given}")));
    };
    let mut all = Vec::new();
    for item in tuple.items() {
        let fd = match int::is_int(item) {
            true => int::index_i64(vm, item)?.and_then(|fd| i32::try_from(fd).ok()),
            false => None,
        };
        match fd {
            Some(fd) if fd >= 0 && all.last().is_none_or(|&last| last < fd) => all.push(fd),
            _ => return Err(bad()),
        }
    }
    Ok(all)
}

/// A POSIX helper for the subprocess module.
#[pymodule(name = "_posixsubprocess")]
mod module {
    use super::*;

    /// Spawn a fresh new child process.
    ///
    /// Fork a child process, close parent file descriptors as appropriate in the
    /// child and duplicate the few that are needed before calling exec() in the
    /// child process.
    ///
    /// If close_fds is True, close file descriptors 3 and higher, except those listed
    /// in the sorted tuple pass_fds.
    ///
    /// The preexec_fn, if supplied, will be called immediately before closing file
    /// descriptors and exec.
    ///
    /// Returns: the child process's PID.
    ///
    /// Raises: Only on an error in the parent process.
    #[function]
    fn fork_exec(vm: &Vm, args: FuncArgs<'_>) -> PyResult<i32> {
        let args = args.0.expect(vm, "fork_exec", 22, 22)?;
        let close_others = vm.is_true(&args[2])?;
        let keep = kept(vm, &args[3])?;
        let mut fds = [0; 8];
        for (fd, value) in fds.iter_mut().zip(&args[6..14]) {
            *fd = number(vm, value)?;
        }
        let [p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, _, error_write] = fds;
        if close_others && error_write < 3 {
            return Err(vm.value_error("errpipe_write must be >= 3"));
        }
        let umask = number(vm, &args[20])?;
        let mut spawn = Spawn {
            executables: strings(vm, &args[1])?,
            close: [p2cwrite, c2pread, errread],
            standard: [p2cread, c2pwrite, errwrite],
            error_write,
            keep,
            close_others,
            umask: u32::try_from(umask).ok(),
            restore_signals: vm.is_true(&args[14])?,
            new_session: vm.is_true(&args[15])?,
            ..Spawn::default()
        };
        let list = &args[0];
        let given_arguments = vm.len(list)?;
        spawn.arguments = strings(vm, list)?;
        if vm.len(list)? != given_arguments {
            return Err(vm.runtime_error("args changed during iteration"));
        }
        spawn.environment = match is_none(&args[5]) {
            true => None,
            false => Some(strings(vm, &args[5])?),
        };
        spawn.folder = given(Some(&args[4])).map(|folder| c_argument(vm, folder)).transpose()?;
        let group = number(vm, &args[16])?;
        spawn.process_group = (group >= 0).then_some(group);
        spawn.group = given(Some(&args[17])).map(|id| id_argument(vm, id, "gid")).transpose()?;
        spawn.groups = match given(Some(&args[18])) {
            None => None,
            Some(groups) => {
                if vm.class_of(groups).slots.getitem.get().is_none() {
                    return Err(vm.type_error("setgroups argument must be a sequence"));
                }
                if vm.len(groups)? > 65_536 {
                    return Err(vm.value_error("too many extra_groups"));
                }
                let mut ids = Vec::new();
                for id in vm.collect(groups)? {
                    if !int::is_int(&id) {
                        return Err(vm.type_error("extra_groups must be integers"));
                    }
                    match vm.catch(id_argument(vm, &id, "gid"), &vm.types().overflow_error)? {
                        Some(number) => ids.push(number),
                        None => return Err(vm.value_error("invalid group id")),
                    }
                }
                Some(ids)
            }
        };
        spawn.user = given(Some(&args[19])).map(|id| id_argument(vm, id, "uid")).transpose()?;
        let Some(before) = given(Some(&args[21])) else {
            return host::spawn(&spawn).map_err(|error| vm.os_error(taipan_host::errno(&error), None));
        };
        if crate::sys::SysState::of(vm).finalizing.get() {
            let class = &vm.types().python_finalization_error;
            return Err(vm.raise_new(class, "preexec_fn not supported at interpreter shutdown"));
        }
        match fork_with(vm, "fork", host::fork)? {
            0 => host::finish_child(&spawn, &mut || vm.call(before, &[]).is_ok()),
            pid => Ok(pid),
        }
    }
}

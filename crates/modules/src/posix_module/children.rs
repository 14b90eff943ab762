//! Processes: making them, waiting for them, replacing this one's program; groups, sessions, users and scheduling.
//!
//! Invariant: what was registered for forks runs around every fork; in the child the calling thread is the main thread.

use super::path::{PathArgument, system_bytes};
use super::{blocking, failed, retry, retry_waiting};
use std::cell::RefCell;
use std::ffi::CString;
use std::io;
use std::rc::Rc;
use taipan_heap::{Ref, Value};
use taipan_host::{children as host, descriptors};
use taipan_macros::pymodule;
use taipan_objects::builtins::{float, int, list::List, str::Str, structseq::StructSeq, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::types::finalize;
use taipan_objects::vm::{PyResult, Vm};

/// `os.waitid_result`
pub static WAITID_RESULT: StructSeq = StructSeq {
    name: "waitid_result",
    module: "os",
    doc: "waitid_result: Result from waitid.\n\nThis object may be accessed either as a tuple of\n  (si_pid, si_uid, si_signo, si_status, si_code),\nor via the attributes si_pid, si_uid, and so on.\n\nSee os.waitid for more information.",
    fields: &["si_pid", "si_uid", "si_signo", "si_status", "si_code"],
    visible: 5,
    callable: true,
};
/// `os.sched_param`
pub static SCHED_PARAM: StructSeq = StructSeq {
    name: "sched_param",
    module: "posix",
    doc: "Currently has only one field: sched_priority",
    fields: &["sched_priority"],
    visible: 1,
    callable: true,
};
/// `resource.struct_rusage`
pub static RUSAGE: StructSeq = StructSeq {
    name: "struct_rusage",
    module: "resource",
    doc: "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple of\n    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\nor via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
    fields: &[
        "ru_utime",
        "ru_stime",
        "ru_maxrss",
        "ru_ixrss",
        "ru_idrss",
        "ru_isrss",
        "ru_minflt",
        "ru_majflt",
        "ru_nswap",
        "ru_inblock",
        "ru_oublock",
        "ru_msgsnd",
        "ru_msgrcv",
        "ru_nsignals",
        "ru_nvcsw",
        "ru_nivcsw",
    ],
    visible: 16,
    callable: true,
};

/// The named tuple of the system's figures.
pub fn rusage(vm: &Vm, usage: &taipan_host::constants::rusage) -> PyResult<Value> {
    let seconds =
        |time: taipan_host::constants::timeval| float::new(vm, time.tv_sec as f64 + time.tv_usec as f64 * 1e-6);
    let mut values = vec![seconds(usage.ru_utime)?, seconds(usage.ru_stime)?];
    for number in [
        usage.ru_maxrss,
        usage.ru_ixrss,
        usage.ru_idrss,
        usage.ru_isrss,
        usage.ru_minflt,
        usage.ru_majflt,
        usage.ru_nswap,
        usage.ru_inblock,
        usage.ru_oublock,
        usage.ru_msgsnd,
        usage.ru_msgrcv,
        usage.ru_nsignals,
        usage.ru_nvcsw,
        usage.ru_nivcsw,
    ] {
        values.push(number.into_value(vm)?);
    }
    RUSAGE.make(vm, values)
}

/// What is called around forks.
#[derive(Default)]
struct AtFork([RefCell<Vec<Value>>; 3]);

fn at_fork(vm: &Vm) -> Rc<AtFork> {
    vm.interp().state(AtFork::default)
}

/// When functions run that were registered for forks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// Before it.
    Before,
    /// After it, in the parent.
    Parent,
    /// After it, in the child.
    Child,
}

/// Calls what was registered; what it raises is reported and ignored.
pub fn run_at_fork(vm: &Vm, when: Around) {
    let mut functions = at_fork(vm).0[when as usize].borrow().clone();
    if when == Around::Before {
        functions.reverse();
    }
    if when == Around::Child {
        crate::thread_module::after_fork(vm);
        crate::signal_module::after_fork(vm);
    }
    for function in functions {
        let what = "Exception ignored in an at-fork callback";
        finalize::aside(vm, what, Some(&function), |vm| vm.call(&function, &[]).map(drop));
    }
}

fn warn_of_threads(vm: &Vm, call: &str) -> PyResult<()> {
    if taipan_interp::eval::threads::others(vm)? == 0 {
        return Ok(());
    }
    let pid = taipan_host::process::pid();
    let message =
        format!("This process (pid={pid}) is multi-threaded, use of {call}() may lead to deadlocks in the child.");
    crate::warnings::warn(vm, &vm.types().deprecation_warning, &message, 1)
}

/// Forks with what was registered for it around; 0 in the child.
pub fn fork_with(vm: &Vm, call: &str, f: impl FnOnce() -> io::Result<i32>) -> PyResult<i32> {
    if crate::sys::SysState::of(vm).finalizing.get() {
        let class = &vm.types().python_finalization_error;
        return Err(vm.raise_new(class, "can't fork at interpreter shutdown"));
    }
    run_at_fork(vm, Around::Before);
    let main = crate::thread_module::is_main(vm);
    let made = taipan_interp::eval::threads::fork(vm, main, f)?;
    match made {
        Ok(0) => {
            run_at_fork(vm, Around::Child);
            Ok(0)
        }
        made => {
            run_at_fork(vm, Around::Parent);
            let pid = made.map_err(|error| failed(vm, &error))?;
            warn_of_threads(vm, call)?;
            Ok(pid)
        }
    }
}

/// A str, bytes or path-like object as a C string.
pub fn c_argument(vm: &Vm, value: &Value) -> PyResult<CString> {
    let bytes = system_bytes(vm, &super::fspath(vm, value)?)?;
    CString::new(bytes).map_err(|_| vm.value_error("embedded null byte"))
}

/// See `spawn`.
pub fn arguments(vm: &Vm, function: &str, value: &Value) -> PyResult<Vec<CString>> {
    if value.downcast::<List>().is_none() && value.downcast::<Tuple>().is_none() {
        return Err(vm.type_error(format!("{function}: argv must be a tuple or list")));
    }
    let items = vm.collect(value)?;
    if items.is_empty() {
        return Err(vm.value_error(format!("{function}: argv must not be empty")));
    }
    let strings = items.iter().map(|item| c_argument(vm, item)).collect::<PyResult<Vec<CString>>>()?;
    if strings[0].is_empty() {
        return Err(vm.value_error(format!("{function}: argv first element cannot be empty")));
    }
    Ok(strings)
}

/// See `spawn`.
pub fn environment(vm: &Vm, function: &str, value: &Value) -> PyResult<Vec<CString>> {
    let (Some(keys), Some(values)) =
        (vm.find_attr(value, &*vm.intern("keys")?)?, vm.find_attr(value, &*vm.intern("values")?)?)
    else {
        return Err(vm.type_error(format!("{function}: environment must be a mapping object")));
    };
    let (keys, values) = (vm.collect(&vm.call(&keys, &[])?)?, vm.collect(&vm.call(&values, &[])?)?);
    let mut lines = Vec::new();
    for (key, value) in keys.iter().zip(&values) {
        let (key, value) = (c_argument(vm, key)?, c_argument(vm, value)?);
        if key.is_empty() || key.as_bytes().contains(&b'=') {
            return Err(vm.value_error("illegal environment variable name"));
        }
        let line = [key.as_bytes(), b"=", value.as_bytes()].concat();
        lines.push(CString::new(line).map_err(|_| vm.value_error("embedded null byte"))?);
    }
    Ok(lines)
}

fn exec(vm: &Vm, function: &str, path: &Value, argv: &Value, env: Option<&Value>) -> PyResult<Value> {
    let path = PathArgument::read(vm, path, function, "path", function == "execve")?;
    let argv = arguments(vm, function, argv)?;
    let env = env.map(|env| environment(vm, function, env)).transpose()?;
    use std::os::unix::ffi::OsStrExt;
    let target = match path.descriptor {
        Some(fd) => format!("/proc/self/fd/{fd}").into_bytes(),
        None => path.path.as_os_str().as_bytes().to_vec(),
    };
    let target = CString::new(target).map_err(|_| vm.value_error("embedded null byte"))?;
    let error = host::exec(&target, &argv, env.as_deref());
    Err(path.fail(vm, &error))
}

/// A user's or group's number: -1 stands for none.
pub fn id_argument(vm: &Vm, value: &Value, what: &str) -> PyResult<u32> {
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("{what} should be integer, not {given}")));
    }
    match int::index_i64(vm, value)? {
        Some(-1) => Ok(u32::MAX),
        Some(number) if number < 0 => Err(vm.overflow_error(format!("{what} is less than minimum"))),
        Some(number) if number < i64::from(u32::MAX) => Ok(number as u32),
        None if int::as_big(&int::index(vm, value)?).is_some_and(|big| big.sign() == taipan_numeric::Sign::Minus) => {
            Err(vm.overflow_error(format!("{what} is less than minimum")))
        }
        _ => Err(vm.overflow_error(format!("{what} is greater than maximum"))),
    }
}

fn done<T>(vm: &Vm, result: io::Result<T>) -> PyResult<()> {
    result.map(drop).map_err(|error| failed(vm, &error))
}

fn got<T>(vm: &Vm, result: io::Result<T>) -> PyResult<T> {
    result.map_err(|error| failed(vm, &error))
}

fn three(vm: &Vm, ids: [u32; 3]) -> PyResult<Ref<Tuple>> {
    let values = ids.into_iter().map(|id| id.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
    Tuple::from_values(vm, values)
}

fn id_list(vm: &Vm, ids: Vec<u32>) -> PyResult<Ref<List>> {
    let values = ids.into_iter().map(|id| id.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
    List::from_values(vm, values)
}

/// See `spawn`.
pub fn priority_of(vm: &Vm, param: &Value) -> PyResult<i32> {
    let class = SCHED_PARAM.class(vm)?;
    if !vm.is_instance(param, &class) {
        return Err(vm.type_error("must have a sched_param object"));
    }
    let value = vm.get_attr_text(param, "sched_priority")?;
    match int::index_i64(vm, &value)?.map(i32::try_from) {
        Some(Ok(priority)) => Ok(priority),
        _ => Err(vm.overflow_error("sched_priority out of range")),
    }
}

/// Functions on processes.
#[pymodule(name = "posix")]
pub mod functions {
    use super::*;

    /// Fork a child process.
    ///
    /// Return 0 to child process and PID of child to parent process.
    #[function]
    fn fork(vm: &Vm) -> PyResult<i32> {
        fork_with(vm, "fork", host::fork)
    }

    /// Fork a new process with a new pseudo-terminal as controlling tty.
    ///
    /// Returns a tuple of (pid, master_fd).
    /// Like fork(), return pid of 0 to the child process,
    /// and pid of child to the parent process.
    /// To both, return fd of newly opened pseudo-terminal.
    #[function]
    fn forkpty(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let (user, program) = got(vm, descriptors::openpty())?;
        let pid = fork_with(vm, "forkpty", || {
            let pid = host::fork()?;
            if pid == 0 {
                let _ = taipan_host::file::close(user);
                descriptors::login_tty(program)?;
            } else {
                let _ = taipan_host::file::close(program);
            }
            Ok(pid)
        })?;
        let master = if pid == 0 { -1 } else { user };
        Tuple::pair(vm, Value::small_int(pid), Value::small_int(master))
    }

    /// Register callables to be called when forking a new process.
    ///
    ///   before
    ///     A callable to be called in the parent before the fork() syscall.
    ///   after_in_child
    ///     A callable to be called in the child after fork().
    ///   after_in_parent
    ///     A callable to be called in the parent after fork().
    ///
    /// 'before' callbacks are called in reverse order.
    /// 'after_in_child' and 'after_in_parent' callbacks are called in order.
    #[function(
        sig = "*, before=<unrepresentable>, after_in_child=<unrepresentable>, after_in_parent=<unrepresentable>"
    )]
    fn register_at_fork(
        vm: &Vm,
        before: Option<&Value>,
        after_in_child: Option<&Value>,
        after_in_parent: Option<&Value>,
    ) -> PyResult<()> {
        if before.is_none() && after_in_child.is_none() && after_in_parent.is_none() {
            return Err(vm.type_error("At least one argument is required."));
        }
        let named = [(before, "before"), (after_in_parent, "after_in_parent"), (after_in_child, "after_in_child")];
        for (function, name) in named {
            if let Some(function) = function
                && vm.class_of(function).slots.call.get().is_none()
            {
                let given = vm.type_name(function);
                return Err(vm.type_error(format!("'{name}' must be callable, not {given}")));
            }
        }
        let state = at_fork(vm);
        for (list, (function, _)) in state.0.iter().zip(named) {
            if let Some(function) = function {
                list.borrow_mut().push(function.clone());
            }
        }
        Ok(())
    }

    /// Execute an executable path with arguments, replacing current process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    #[function(sig = "path, argv, /")]
    fn execv(vm: &Vm, path: &Value, argv: &Value) -> PyResult<Value> {
        exec(vm, "execv", path, argv, None)
    }

    /// Execute an executable path with arguments, replacing current process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    #[function(sig = "path, argv, env")]
    fn execve(vm: &Vm, path: &Value, argv: &Value, env: &Value) -> PyResult<Value> {
        exec(vm, "execve", path, argv, Some(env))
    }

    /// Wait for completion of a given child process.
    ///
    /// Returns a tuple of information regarding the child process:
    ///     (pid, status)
    #[function(sig = "pid, options, /")]
    fn waitpid(vm: &Vm, pid: i32, options: i32) -> PyResult<Ref<Tuple>> {
        let ended = retry_waiting(vm, || blocking(vm, || host::waitpid(pid, options)))?;
        let (pid, status) = got(vm, ended)?;
        Tuple::pair(vm, Value::small_int(pid), Value::small_int(status))
    }

    /// Wait for completion of a child process.
    ///
    /// Returns a tuple of information about the child process:
    ///     (pid, status)
    #[function]
    fn wait(vm: &Vm) -> PyResult<Ref<Tuple>> {
        waitpid(vm, -1, 0)
    }

    /// Wait for completion of a specific child process.
    ///
    /// Returns a tuple of information about the child process:
    ///   (pid, status, rusage)
    #[function(sig = "pid, options")]
    fn wait4(vm: &Vm, pid: i32, options: i32) -> PyResult<Ref<Tuple>> {
        let ended = retry_waiting(vm, || blocking(vm, || host::wait4(pid, options)))?;
        let (pid, status, usage) = got(vm, ended)?;
        Tuple::new(vm, [Value::small_int(pid), Value::small_int(status), rusage(vm, &usage)?].into_iter())
    }

    /// Wait for completion of a child process.
    ///
    /// Returns a tuple of information about the child process:
    ///   (pid, status, rusage)
    #[function(sig = "options")]
    fn wait3(vm: &Vm, options: i32) -> PyResult<Ref<Tuple>> {
        wait4(vm, -1, options)
    }

    /// Returns the result of waiting for a process or processes.
    ///
    ///   idtype
    ///     Must be one of be P_PID, P_PGID or P_ALL.
    ///   id
    ///     The id to wait on.
    ///   options
    ///     Constructed from the ORing of one or more of WEXITED, WSTOPPED
    ///     or WCONTINUED and additionally may be ORed with WNOHANG or WNOWAIT.
    ///
    /// Returns either waitid_result or None if WNOHANG is specified and there are
    /// no children in a waitable state.
    #[function(sig = "idtype, id, options, /")]
    fn waitid(vm: &Vm, idtype: u32, id: u32, options: i32) -> PyResult<Option<Value>> {
        let ended = retry_waiting(vm, || blocking(vm, || host::waitid(idtype, id, options)))?;
        let numbers = got(vm, ended)?;
        if numbers[0] == 0 {
            return Ok(None);
        }
        let values = numbers.into_iter().map(|n| n.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
        WAITID_RESULT.make(vm, values).map(Some)
    }

    /// Return True if the process returning status was dumped to a core file.
    #[function(name = "WCOREDUMP", sig = "status, /")]
    fn dumped_core(status: i32) -> bool {
        status & 0x80 != 0
    }

    /// Return True if a particular process was continued from a job control stop.
    #[function(name = "WIFCONTINUED", sig = "status")]
    fn continued(status: i32) -> bool {
        status == 0xffff
    }

    /// Execute the command in a subshell.
    #[function(sig = "command")]
    fn system(vm: &Vm, command: &Value) -> PyResult<i32> {
        let command = c_argument(vm, command)?;
        Ok(blocking(vm, || host::system(&command)))
    }

    /// Kill a process group with a signal.
    #[function(sig = "pgid, signal, /")]
    fn killpg(vm: &Vm, pgid: i32, signal: i32) -> PyResult<()> {
        done(vm, host::killpg(pgid, signal))?;
        crate::signal_module::run_handlers(vm)
    }

    /// Return a file descriptor referring to the process *pid*.
    ///
    /// The descriptor can be used to perform process management without races and
    /// signals.
    #[function(sig = "pid, flags=0")]
    fn pidfd_open(vm: &Vm, pid: i32, flags: u32) -> PyResult<i32> {
        got(vm, host::pidfd_open(pid, flags))
    }

    /// Call the system call getpgid(), and return the result.
    #[function(sig = "pid")]
    fn getpgid(vm: &Vm, pid: i32) -> PyResult<i32> {
        got(vm, host::getpgid(pid))
    }

    /// Return the current process group id.
    #[function]
    fn getpgrp() -> i32 {
        host::getpgrp()
    }

    /// Call the system call getsid(pid) and return the result.
    #[function(sig = "pid, /")]
    fn getsid(vm: &Vm, pid: i32) -> PyResult<i32> {
        got(vm, host::getsid(pid))
    }

    /// Call the system call setsid().
    #[function]
    fn setsid(vm: &Vm) -> PyResult<()> {
        done(vm, host::setsid())
    }

    /// Call the system call setpgid(pid, pgrp).
    #[function(sig = "pid, pgrp, /")]
    fn setpgid(vm: &Vm, pid: i32, pgrp: i32) -> PyResult<()> {
        done(vm, host::setpgid(pid, pgrp))
    }

    /// Make the current process the leader of its process group.
    #[function]
    fn setpgrp(vm: &Vm) -> PyResult<()> {
        done(vm, host::setpgid(0, 0))
    }

    /// Set the current process's user id.
    #[function(sig = "uid, /")]
    fn setuid(vm: &Vm, uid: &Value) -> PyResult<()> {
        done(vm, host::setuid(id_argument(vm, uid, "uid")?))
    }

    /// Set the current process's group id.
    #[function(sig = "gid, /")]
    fn setgid(vm: &Vm, gid: &Value) -> PyResult<()> {
        done(vm, host::setgid(id_argument(vm, gid, "gid")?))
    }

    /// Set the current process's effective user id.
    #[function(sig = "euid, /")]
    fn seteuid(vm: &Vm, euid: &Value) -> PyResult<()> {
        done(vm, host::seteuid(id_argument(vm, euid, "uid")?))
    }

    /// Set the current process's effective group id.
    #[function(sig = "egid, /")]
    fn setegid(vm: &Vm, egid: &Value) -> PyResult<()> {
        done(vm, host::setegid(id_argument(vm, egid, "gid")?))
    }

    /// Set the current process's real and effective user ids.
    #[function(sig = "ruid, euid, /")]
    fn setreuid(vm: &Vm, ruid: &Value, euid: &Value) -> PyResult<()> {
        done(vm, host::setreuid(id_argument(vm, ruid, "uid")?, id_argument(vm, euid, "uid")?))
    }

    /// Set the current process's real and effective group ids.
    #[function(sig = "rgid, egid, /")]
    fn setregid(vm: &Vm, rgid: &Value, egid: &Value) -> PyResult<()> {
        done(vm, host::setregid(id_argument(vm, rgid, "gid")?, id_argument(vm, egid, "gid")?))
    }

    /// Set the current process's real, effective, and saved user ids.
    #[function(sig = "ruid, euid, suid, /")]
    fn setresuid(vm: &Vm, ruid: &Value, euid: &Value, suid: &Value) -> PyResult<()> {
        let ids = (id_argument(vm, ruid, "uid")?, id_argument(vm, euid, "uid")?, id_argument(vm, suid, "uid")?);
        done(vm, host::setresuid(ids.0, ids.1, ids.2))
    }

    /// Set the current process's real, effective, and saved group ids.
    #[function(sig = "rgid, egid, sgid, /")]
    fn setresgid(vm: &Vm, rgid: &Value, egid: &Value, sgid: &Value) -> PyResult<()> {
        let ids = (id_argument(vm, rgid, "gid")?, id_argument(vm, egid, "gid")?, id_argument(vm, sgid, "gid")?);
        done(vm, host::setresgid(ids.0, ids.1, ids.2))
    }

    /// Return a tuple of the current process's real, effective, and saved user ids.
    #[function]
    fn getresuid(vm: &Vm) -> PyResult<Ref<Tuple>> {
        three(vm, got(vm, host::getresuid())?)
    }

    /// Return a tuple of the current process's real, effective, and saved group ids.
    #[function]
    fn getresgid(vm: &Vm) -> PyResult<Ref<Tuple>> {
        three(vm, got(vm, host::getresgid())?)
    }

    /// Return list of supplemental group IDs for the process.
    #[function]
    fn getgroups(vm: &Vm) -> PyResult<Ref<List>> {
        id_list(vm, got(vm, host::getgroups())?)
    }

    /// Set the groups of the current process to list.
    #[function(sig = "groups, /")]
    fn setgroups(vm: &Vm, groups: &Value) -> PyResult<()> {
        if vm.class_of(groups).slots.getitem.get().is_none() {
            return Err(vm.type_error("setgroups argument must be a sequence"));
        }
        let mut ids = Vec::new();
        for group in vm.collect(groups)? {
            if !int::is_int(&group) {
                return Err(vm.type_error("groups must be integers"));
            }
            ids.push(id_argument(vm, &group, "gid")?);
        }
        done(vm, host::setgroups(&ids))
    }

    /// Initialize the group access list.
    #[function(sig = "username, gid, /")]
    fn initgroups(vm: &Vm, username: &Value, gid: &Value) -> PyResult<()> {
        done(vm, host::initgroups(&c_argument(vm, username)?, id_argument(vm, gid, "gid")?))
    }

    /// Returns a list of groups to which a user belongs.
    #[function(sig = "user, group, /")]
    fn getgrouplist(vm: &Vm, user: &Value, group: &Value) -> PyResult<Ref<List>> {
        let found = host::getgrouplist(&c_argument(vm, user)?, id_argument(vm, group, "gid")?);
        id_list(vm, got(vm, found)?)
    }

    /// Return the actual login name.
    #[function]
    fn getlogin(vm: &Vm) -> PyResult<Ref<Str>> {
        super::super::system_text(vm, &got(vm, host::getlogin())?)
    }

    /// Add increment to the priority of process and return the new priority.
    #[function(sig = "increment, /")]
    fn nice(vm: &Vm, increment: i32) -> PyResult<i32> {
        got(vm, host::nice(increment))
    }

    /// Return program scheduling priority.
    #[function(sig = "which, who")]
    fn getpriority(vm: &Vm, which: i32, who: i32) -> PyResult<i32> {
        got(vm, host::getpriority(which as u32, who as u32))
    }

    /// Set program scheduling priority.
    #[function(sig = "which, who, priority")]
    fn setpriority(vm: &Vm, which: i32, who: i32, priority: i32) -> PyResult<()> {
        done(vm, host::setpriority(which as u32, who as u32, priority))
    }

    /// Get the maximum scheduling priority for policy.
    #[function(sig = "policy")]
    fn sched_get_priority_max(vm: &Vm, policy: i32) -> PyResult<i32> {
        got(vm, host::sched_get_priority_max(policy))
    }

    /// Get the minimum scheduling priority for policy.
    #[function(sig = "policy")]
    fn sched_get_priority_min(vm: &Vm, policy: i32) -> PyResult<i32> {
        got(vm, host::sched_get_priority_min(policy))
    }

    /// Get the scheduling policy for the process identified by pid.
    ///
    /// Passing 0 for pid returns the scheduling policy for the calling process.
    #[function(sig = "pid, /")]
    fn sched_getscheduler(vm: &Vm, pid: i32) -> PyResult<i32> {
        got(vm, host::sched_getscheduler(pid))
    }

    /// Returns scheduling parameters for the process identified by pid.
    ///
    /// If pid is 0, returns parameters for the calling process.
    /// Return value is an instance of sched_param.
    #[function(sig = "pid, /")]
    fn sched_getparam(vm: &Vm, pid: i32) -> PyResult<Value> {
        SCHED_PARAM.make(vm, vec![Value::small_int(got(vm, host::sched_getparam(pid))?)])
    }

    /// Set the scheduling policy for the process identified by pid.
    ///
    /// If pid is 0, the calling process is changed.
    /// param is an instance of sched_param.
    #[function(sig = "pid, policy, param, /")]
    fn sched_setscheduler(vm: &Vm, pid: i32, policy: i32, param: &Value) -> PyResult<()> {
        done(vm, host::sched_setscheduler(pid, Some(policy), priority_of(vm, param)?))
    }

    /// Set scheduling parameters for the process identified by pid.
    ///
    /// If pid is 0, sets parameters for the calling process.
    /// param should be an instance of sched_param.
    #[function(sig = "pid, param, /")]
    fn sched_setparam(vm: &Vm, pid: i32, param: &Value) -> PyResult<()> {
        done(vm, host::sched_setscheduler(pid, None, priority_of(vm, param)?))
    }

    /// Return the round-robin quantum for the process identified by pid, in seconds.
    ///
    /// Value returned is a float.
    #[function(sig = "pid, /")]
    fn sched_rr_get_interval(vm: &Vm, pid: i32) -> PyResult<f64> {
        got(vm, host::sched_rr_get_interval(pid))
    }

    /// Return the affinity of the process identified by pid (or the current process if zero).
    ///
    /// The affinity is returned as a set of CPU identifiers.
    #[function(sig = "pid, /")]
    fn sched_getaffinity(vm: &Vm, pid: i32) -> PyResult<Value> {
        let set = taipan_objects::builtins::set::Set::new(vm)?;
        for number in got(vm, host::affinity(pid))? {
            set.add(vm, &number.into_value(vm)?)?;
        }
        Ok(set.into())
    }

    /// Set the CPU affinity of the process identified by pid to mask.
    ///
    ///   pid
    ///     The process ID or 0 for the current process.
    ///   mask
    ///     An iterable of integers identifying CPUs.
    #[function(sig = "pid, mask, /")]
    fn sched_setaffinity(vm: &Vm, pid: i32, mask: &Value) -> PyResult<()> {
        let mut numbers = Vec::new();
        let iterator = vm.iter(mask)?;
        while let Some(item) = vm.next(&iterator)? {
            if !int::is_int(&item) {
                let given = vm.type_name(&item);
                return Err(vm.type_error(format!("expected an iterator of ints, but iterator yielded {given}")));
            }
            match int::index_i64(vm, &item)? {
                Some(number) if number < 0 => return Err(vm.value_error("negative CPU number")),
                Some(number) if number <= i64::from(i32::MAX) => numbers.push(number as usize),
                _ => return Err(vm.overflow_error("CPU number too large")),
            }
        }
        done(vm, host::set_affinity(pid, &numbers))
    }

    /// Change root directory to path.
    #[function(sig = "path")]
    fn chroot(vm: &Vm, path: &Value) -> PyResult<()> {
        let target = c_argument(vm, path)?;
        let result = retry(vm, || blocking(vm, || host::chroot(&target)))?;
        result.map_err(|error| vm.os_error(taipan_host::errno(&error), Some(path.clone())))
    }

    /// Disassociate parts of a process (or thread) execution context.
    ///
    ///   flags
    ///     Namespaces to be unshared.
    #[function(sig = "flags")]
    fn unshare(vm: &Vm, flags: i32) -> PyResult<()> {
        done(vm, blocking(vm, || host::unshare(flags)))
    }

    /// Move the calling thread into different namespaces.
    ///
    ///   fd
    ///     A file descriptor to a namespace.
    ///   nstype
    ///     Type of namespace.
    #[function(sig = "fd, nstype=0")]
    fn setns(vm: &Vm, fd: i32, nstype: i32) -> PyResult<()> {
        done(vm, blocking(vm, || host::setns(fd, nstype)))
    }

    #[function]
    fn _is_inputhook_installed() -> bool {
        false
    }
}

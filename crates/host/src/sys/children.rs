//! Foreign calls about processes: making them, waiting for them, who they run as and how they are scheduled.
//!
//! Invariant: besides those of the parent module, **S6**: between `fork` and `exec` only calls that are async-signal-safe are made, on
//! memory that was made ready before, unless the caller asked for code of its own to run there.

use super::{check, check_size, name_service};
use std::ffi::{CStr, CString, c_char, c_int};
use std::io;
use std::mem::zeroed;
use std::ptr;

macro_rules! numeric {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {
        $(#[doc = concat!("The system's `", stringify!($name), "`.")]
        pub fn $name($($arg: $ty),*) -> io::Result<i32> {
            // SAFETY: S1.
            check(unsafe { libc::$name($($arg),*) })
        })*
    };
}

numeric! {
    getpgid(pid: i32);
    getsid(pid: i32);
    setsid();
    setpgid(pid: i32, group: i32);
    killpg(group: i32, signal: i32);
    setuid(id: u32);
    setgid(id: u32);
    seteuid(id: u32);
    setegid(id: u32);
    setreuid(real: u32, effective: u32);
    setregid(real: u32, effective: u32);
    setresuid(real: u32, effective: u32, saved: u32);
    setresgid(real: u32, effective: u32, saved: u32);
    setpriority(which: u32, who: u32, priority: i32);
    sched_getscheduler(pid: i32);
    sched_get_priority_max(policy: i32);
    sched_get_priority_min(policy: i32);
    unshare(flags: i32);
    setns(fd: i32, kind: i32);
}

/// The system's `getpgrp`.
pub fn getpgrp() -> i32 {
    // SAFETY: S1.
    unsafe { libc::getpgrp() }
}

/// Makes a process with this thread only; 0 in the child.
pub fn fork() -> io::Result<i32> {
    // SAFETY: S1; the caller sees to it that the child touches nothing another thread may have been changing.
    check(unsafe { libc::fork() })
}

/// The system's `waitpid`.
pub fn waitpid(pid: i32, options: i32) -> io::Result<(i32, i32)> {
    let mut status = 0;
    // SAFETY: S2.
    let pid = check(unsafe { libc::waitpid(pid, &mut status, options) })?;
    Ok((pid, status))
}

/// The system's `wait4`.
pub fn wait4(pid: i32, options: i32) -> io::Result<(i32, i32, libc::rusage)> {
    let mut status = 0;
    // SAFETY: S3.
    let mut usage: libc::rusage = unsafe { zeroed() };
    // SAFETY: S2.
    let pid = check(unsafe { libc::wait4(pid, &mut status, options, &mut usage) })?;
    Ok((pid, status, usage))
}

/// The five numbers of `waitid`'s answer: pid, uid, signal, status, code.
pub fn waitid(kind: u32, id: u32, options: i32) -> io::Result<[i64; 5]> {
    // SAFETY: S3.
    let mut info: libc::siginfo_t = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::waitid(kind, id, &mut info, options) })?;
    // SAFETY: S3; `waitid` fills the fields that these read.
    let (pid, uid, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
    Ok([pid.into(), uid.into(), info.si_signo.into(), status.into(), info.si_code.into()])
}

/// The system's `getrusage`.
pub fn getrusage(who: i32) -> io::Result<libc::rusage> {
    // SAFETY: S3.
    let mut usage: libc::rusage = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::getrusage(who, &mut usage) })?;
    Ok(usage)
}

/// Reads a limit of a process (0: this one), after setting it if `new` is given.
pub fn prlimit(pid: i32, resource: u32, new: Option<(u64, u64)>) -> io::Result<(u64, u64)> {
    let new = new.map(|(soft, hard)| libc::rlimit { rlim_cur: soft, rlim_max: hard });
    let given = new.as_ref().map_or(ptr::null(), |new| new as *const libc::rlimit);
    let mut old = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: S2.
    check(unsafe { libc::prlimit(pid, resource, given, &mut old) })?;
    Ok((old.rlim_cur, old.rlim_max))
}

/// The system's `getresuid`.
pub fn getresuid() -> io::Result<[u32; 3]> {
    let [mut real, mut effective, mut saved] = [0; 3];
    // SAFETY: S2.
    check(unsafe { libc::getresuid(&mut real, &mut effective, &mut saved) })?;
    Ok([real, effective, saved])
}

/// The system's `getresgid`.
pub fn getresgid() -> io::Result<[u32; 3]> {
    let [mut real, mut effective, mut saved] = [0; 3];
    // SAFETY: S2.
    check(unsafe { libc::getresgid(&mut real, &mut effective, &mut saved) })?;
    Ok([real, effective, saved])
}

/// The system's `getgroups`.
pub fn getgroups() -> io::Result<Vec<u32>> {
    // SAFETY: a size of 0 only asks how many there are.
    let count = check(unsafe { libc::getgroups(0, ptr::null_mut()) })?;
    let mut groups = vec![0; usize::try_from(count).unwrap_or(0)];
    // SAFETY: S2.
    let count = check(unsafe { libc::getgroups(count, groups.as_mut_ptr()) })?;
    groups.truncate(usize::try_from(count).unwrap_or(0));
    Ok(groups)
}

/// The system's `setgroups`.
pub fn setgroups(groups: &[u32]) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::setgroups(groups.len(), groups.as_ptr()) }).map(drop)
}

/// The system's `initgroups`.
pub fn initgroups(user: &CStr, group: u32) -> io::Result<()> {
    if let Some(more) = name_service::groups_of(user.to_bytes()) {
        return setgroups(&with_first(group, more));
    }
    // SAFETY: S2.
    check(unsafe { libc::initgroups(user.as_ptr(), group) }).map(drop)
}

fn with_first(group: u32, mut more: Vec<u32>) -> Vec<u32> {
    more.retain(|other| *other != group);
    more.insert(0, group);
    more
}

/// The system's `getgrouplist`.
pub fn getgrouplist(user: &CStr, group: u32) -> io::Result<Vec<u32>> {
    if let Some(more) = name_service::groups_of(user.to_bytes()) {
        return Ok(with_first(group, more));
    }
    let mut count: c_int = 64;
    loop {
        let mut groups = vec![0; usize::try_from(count).unwrap_or(0)];
        // SAFETY: S2.
        let found = unsafe { libc::getgrouplist(user.as_ptr(), group, groups.as_mut_ptr(), &mut count) };
        if found >= 0 {
            groups.truncate(usize::try_from(found).unwrap_or(0));
            return Ok(groups);
        }
        if count > 1 << 20 {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        count = count.max(i32::try_from(groups.len()).unwrap_or(0) * 2);
    }
}

unsafe extern "C" {
    fn getlogin_r(name: *mut c_char, len: usize) -> c_int;
}

/// The name the user logged in with.
pub fn getlogin() -> io::Result<Vec<u8>> {
    let mut name = [0 as c_char; 256];
    // SAFETY: S2.
    let error = unsafe { getlogin_r(name.as_mut_ptr(), name.len()) };
    if error != 0 {
        return Err(io::Error::from_raw_os_error(error));
    }
    // SAFETY: S2; the call ended the name with a NUL.
    Ok(unsafe { CStr::from_ptr(name.as_ptr()) }.to_bytes().to_vec())
}

/// Clears `errno`, for calls whose result of -1 may be no error.
fn clear_errno() {
    // SAFETY: the address of this thread's own errno.
    unsafe { *libc::__errno_location() = 0 };
}

fn check_errno(result: c_int) -> io::Result<i32> {
    let error = io::Error::last_os_error();
    if result == -1 && error.raw_os_error() != Some(0) { Err(error) } else { Ok(result) }
}

/// The system's `nice`.
pub fn nice(increment: i32) -> io::Result<i32> {
    clear_errno();
    // SAFETY: S1.
    check_errno(unsafe { libc::nice(increment) })
}

/// The system's `getpriority`.
pub fn getpriority(which: u32, who: u32) -> io::Result<i32> {
    clear_errno();
    // SAFETY: S1.
    check_errno(unsafe { libc::getpriority(which, who) })
}

/// The system's `sched_getparam`.
pub fn sched_getparam(pid: i32) -> io::Result<i32> {
    // SAFETY: S3.
    let mut param: libc::sched_param = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::sched_getparam(pid, &mut param) })?;
    Ok(param.sched_priority)
}

/// The system's `sched_setscheduler`.
pub fn sched_setscheduler(pid: i32, policy: Option<i32>, priority: i32) -> io::Result<()> {
    let param = libc::sched_param { sched_priority: priority };
    // SAFETY: S2.
    check(unsafe {
        match policy {
            Some(policy) => libc::sched_setscheduler(pid, policy, &param),
            None => libc::sched_setparam(pid, &param),
        }
    })
    .map(drop)
}

/// The system's `sched_rr_get_interval`.
pub fn sched_rr_get_interval(pid: i32) -> io::Result<f64> {
    // SAFETY: S3.
    let mut time: libc::timespec = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::sched_rr_get_interval(pid, &mut time) })?;
    Ok(time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9)
}

/// Processors by number that a process may run on.
pub fn affinity(pid: i32) -> io::Result<Vec<usize>> {
    // SAFETY: S3.
    let mut set: libc::cpu_set_t = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::sched_getaffinity(pid, size_of::<libc::cpu_set_t>(), &mut set) })?;
    // SAFETY: the numbers are below the set's size.
    Ok((0..libc::CPU_SETSIZE as usize).filter(|&number| unsafe { libc::CPU_ISSET(number, &set) }).collect())
}

/// The system's `set_affinity`.
pub fn set_affinity(pid: i32, processors: &[usize]) -> io::Result<()> {
    // SAFETY: S3.
    let mut set: libc::cpu_set_t = unsafe { zeroed() };
    for &number in processors {
        if number >= libc::CPU_SETSIZE as usize {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        // SAFETY: the number is below the set's size.
        unsafe { libc::CPU_SET(number, &mut set) };
    }
    // SAFETY: S2.
    check(unsafe { libc::sched_setaffinity(pid, size_of::<libc::cpu_set_t>(), &set) }).map(drop)
}

/// The system's `system`.
pub fn system(command: &CStr) -> i32 {
    // SAFETY: S2.
    unsafe { libc::system(command.as_ptr()) }
}

/// The system's `pidfd_open`.
pub fn pidfd_open(pid: i32, flags: u32) -> io::Result<i32> {
    // SAFETY: S1.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) };
    check(fd as c_int)
}

/// The system's `pidfd_send_signal`.
pub fn pidfd_send_signal(fd: i32, signal: i32) -> io::Result<()> {
    // SAFETY: S1; the null pointer and flags of 0 are the defaults.
    let result = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, signal, ptr::null::<u8>(), 0) };
    check(result as c_int).map(drop)
}

/// The system's `chroot`.
pub fn chroot(path: &CStr) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::chroot(path.as_ptr()) }).map(drop)
}

fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([ptr::null()]).collect()
}

/// Replaces the program; only returns when that failed. Without an environment the process keeps its own.
pub fn exec(path: &CStr, arguments: &[CString], environment: Option<&[CString]>) -> io::Error {
    let arguments = pointers(arguments);
    let environment = environment.map(pointers);
    // SAFETY: S2; the arrays end with a null pointer.
    unsafe {
        match environment {
            Some(environment) => libc::execve(path.as_ptr(), arguments.as_ptr(), environment.as_ptr()),
            None => libc::execv(path.as_ptr(), arguments.as_ptr()),
        }
    };
    io::Error::last_os_error()
}

/// A child to be made: everything is ready before the fork.
#[derive(Default)]
pub struct Spawn {
    /// The paths to try, in order.
    pub executables: Vec<CString>,
    /// The arguments, the program's name first.
    pub arguments: Vec<CString>,
    /// The environment; the parent's without one.
    pub environment: Option<Vec<CString>>,
    /// Descriptors of the parent's that are closed first; -1 for none.
    pub close: [i32; 3],
    /// What becomes descriptors 0, 1 and 2; -1 leaves them.
    pub standard: [i32; 3],
    /// Where failures are told.
    pub error_write: i32,
    /// Descriptors above 2 that stay open, sorted; they become inheritable, but for `error_write`.
    pub keep: Vec<i32>,
    /// Whether all other descriptors above 2 are closed.
    pub close_others: bool,
    /// The working directory.
    pub folder: Option<CString>,
    /// The mask of modes of new files.
    pub umask: Option<u32>,
    /// Whether signals that Python ignores get their default action back.
    pub restore_signals: bool,
    /// Whether the child leads a new session.
    pub new_session: bool,
    /// The process group to join; 0 for one of its own.
    pub process_group: Option<i32>,
    /// Additional groups.
    pub groups: Option<Vec<u32>>,
    /// Group.
    pub group: Option<u32>,
    /// User.
    pub user: Option<u32>,
}

enum Failure {
    System(c_int, &'static str),
    Own,
}

fn step(result: c_int, message: &'static str) -> Result<c_int, Failure> {
    if result == -1 {
        // SAFETY: the address of this thread's own errno.
        Err(Failure::System(unsafe { *libc::__errno_location() }, message))
    } else {
        Ok(result)
    }
}

/// Forks, and makes the child what `spawn` says. Returns the child's pid.
pub fn spawn(spawn: &Spawn) -> io::Result<i32> {
    let lists = Lists::of(spawn);
    match fork()? {
        0 => become_child(spawn, &lists, None),
        pid => Ok(pid),
    }
}

/// In a child that was forked already: runs `before`, which may end it by `false`, and becomes what `spawn` says.
pub fn finish_child(spawn: &Spawn, before: &mut dyn FnMut() -> bool) -> ! {
    become_child(spawn, &Lists::of(spawn), Some(before))
}

/// What `exec` takes, made before the fork.
struct Lists {
    paths: Vec<*const c_char>,
    arguments: Vec<*const c_char>,
    environment: Option<Vec<*const c_char>>,
}

impl Lists {
    fn of(spawn: &Spawn) -> Lists {
        Lists {
            paths: pointers(&spawn.executables),
            arguments: pointers(&spawn.arguments),
            environment: spawn.environment.as_deref().map(pointers),
        }
    }
}

fn become_child(spawn: &Spawn, lists: &Lists, before: Option<&mut dyn FnMut() -> bool>) -> ! {
    let failure = match prepare(spawn, before) {
        Ok(()) => run(&lists.paths, &lists.arguments, lists.environment.as_deref()),
        Err(failure) => failure,
    };
    report(spawn.error_write, &failure);
    // SAFETY: S1; ends the child without running anything of the parent's.
    unsafe { libc::_exit(255) }
}

fn prepare(spawn: &Spawn, before: Option<&mut dyn FnMut() -> bool>) -> Result<(), Failure> {
    const PLAIN: &str = "noexec";
    // SAFETY: S6 and S2: numbers, strings and slices that were made before the fork.
    unsafe {
        for fd in spawn.close {
            if fd >= 0 {
                step(libc::close(fd), PLAIN)?;
            }
        }
        let [input, mut output, mut errors] = spawn.standard;
        if output == 0 {
            output = step(libc::dup(output), PLAIN)?;
        }
        while errors == 0 || errors == 1 {
            errors = step(libc::dup(errors), PLAIN)?;
        }
        for (fd, target) in [(input, 0), (output, 1), (errors, 2)] {
            if fd == target {
                step(libc::fcntl(fd, libc::F_SETFD, 0), PLAIN)?;
            } else if fd >= 0 {
                step(libc::dup2(fd, target), PLAIN)?;
            }
        }
        for &fd in &spawn.keep {
            if fd != spawn.error_write {
                libc::fcntl(fd, libc::F_SETFD, 0);
            }
        }
        if let Some(folder) = &spawn.folder {
            step(libc::chdir(folder.as_ptr()), "noexec:chdir")?;
        }
        if let Some(mask) = spawn.umask {
            libc::umask(mask);
        }
        if spawn.restore_signals {
            for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
                libc::signal(signal, libc::SIG_DFL);
            }
        }
        if spawn.new_session {
            step(libc::setsid(), PLAIN)?;
        }
        if let Some(group) = spawn.process_group {
            step(libc::setpgid(0, group), PLAIN)?;
        }
        if let Some(groups) = &spawn.groups {
            step(libc::setgroups(groups.len(), groups.as_ptr()), PLAIN)?;
        }
        if let Some(group) = spawn.group {
            step(libc::setregid(group, group), PLAIN)?;
        }
        if let Some(user) = spawn.user {
            step(libc::setreuid(user, user), PLAIN)?;
        }
    }
    if let Some(before) = before
        && !before()
    {
        return Err(Failure::Own);
    }
    if spawn.close_others {
        close_others(&spawn.keep);
    }
    Ok(())
}

/// Closes every descriptor above 2 but those in `keep`, which is sorted.
fn close_others(keep: &[i32]) {
    let mut from: u32 = 3;
    let close = |from: u32, to: u32| {
        // SAFETY: S1.
        if from <= to && unsafe { libc::syscall(libc::SYS_close_range, from, to, 0) } != 0 {
            for fd in from..=to.min(65_535) {
                // SAFETY: S1.
                unsafe { libc::close(fd as c_int) };
            }
        }
    };
    for &fd in keep {
        if let Ok(fd) = u32::try_from(fd)
            && fd >= from
        {
            if fd > from {
                close(from, fd - 1);
            }
            from = fd + 1;
        }
    }
    close(from, u32::MAX);
}

fn run(paths: &[*const c_char], arguments: &[*const c_char], environment: Option<&[*const c_char]>) -> Failure {
    let mut kept = 0;
    let mut last = libc::ENOENT;
    for &path in paths.iter().take_while(|path| !path.is_null()) {
        // SAFETY: S6; all arrays end with a null pointer.
        unsafe {
            match environment {
                Some(environment) => libc::execve(path, arguments.as_ptr(), environment.as_ptr()),
                None => libc::execv(path, arguments.as_ptr()),
            };
            last = *libc::__errno_location();
        }
        if last != libc::ENOENT && last != libc::ENOTDIR && kept == 0 {
            kept = last;
        }
    }
    Failure::System(if kept == 0 { last } else { kept }, "")
}

/// Tells the parent what went wrong, in the form that `subprocess` reads.
fn report(fd: c_int, failure: &Failure) {
    let put = |bytes: &[u8]| {
        // SAFETY: S2.
        unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
    };
    match failure {
        Failure::Own => put(b"SubprocessError:0:Exception occurred in preexec_fn."),
        Failure::System(number, message) => {
            put(b"OSError:");
            let digits = [number >> 8 & 15, number >> 4 & 15, number & 15];
            for digit in digits {
                put(&[b"0123456789ABCDEF"[(digit & 15) as usize]]);
            }
            put(b":");
            put(message.as_bytes());
        }
    }
}

/// The system's `sigmask`.
pub fn sigmask(how: i32, signals: &[i32]) -> io::Result<Vec<i32>> {
    // SAFETY: S3 and S2 throughout; the numbers of signals are checked by the calls.
    unsafe {
        let (mut set, mut old): (libc::sigset_t, libc::sigset_t) = (zeroed(), zeroed());
        libc::sigemptyset(&mut set);
        for &signal in signals {
            check(libc::sigaddset(&mut set, signal))?;
        }
        let error = libc::pthread_sigmask(how, &set, &mut old);
        if error != 0 {
            return Err(io::Error::from_raw_os_error(error));
        }
        Ok(members(&old))
    }
}

fn members(set: &libc::sigset_t) -> Vec<i32> {
    // SAFETY: S2.
    (1..=64).filter(|&signal| unsafe { libc::sigismember(set, signal) } == 1).collect()
}

/// The system's `sigpending`.
pub fn sigpending() -> io::Result<Vec<i32>> {
    // SAFETY: S3.
    let mut set: libc::sigset_t = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::sigpending(&mut set) })?;
    Ok(members(&set))
}

/// Waits for one of the signals: signal, code, errno, pid, uid, status, band of what came.
pub fn sigwait(signals: &[i32], timeout: Option<libc::timespec>) -> io::Result<[i64; 7]> {
    // SAFETY: S3 and S2.
    unsafe {
        let mut set: libc::sigset_t = zeroed();
        libc::sigemptyset(&mut set);
        for &signal in signals {
            check(libc::sigaddset(&mut set, signal))?;
        }
        let mut info: libc::siginfo_t = zeroed();
        let time = timeout.as_ref().map_or(ptr::null(), |time| time as *const libc::timespec);
        check(libc::sigtimedwait(&set, &mut info, time))?;
        let numbers = [info.si_signo, info.si_code, info.si_errno, info.si_pid()];
        let [signal, code, errno, pid] = numbers.map(i64::from);
        Ok([signal, code, errno, pid, info.si_uid().into(), info.si_status().into(), 0])
    }
}

/// The system's `pthread_kill`.
pub fn pthread_kill(thread: u64, signal: i32) -> io::Result<()> {
    // SAFETY: the caller vouches that the thread is one of its own that has not ended.
    let error = unsafe { libc::pthread_kill(thread as libc::pthread_t, signal) };
    if error == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(error)) }
}

// Users and groups

/// The fields of a line of the user table: name, password, uid, gid, comment, home, shell.
pub type User = (Vec<u8>, Vec<u8>, u32, u32, Vec<u8>, Vec<u8>, Vec<u8>);
/// The fields of a line of the group table: name, password, gid, members.
pub type Group = (Vec<u8>, Vec<u8>, u32, Vec<Vec<u8>>);

fn bytes(text: *const c_char) -> Vec<u8> {
    if text.is_null() {
        return Vec::new();
    }
    // SAFETY: the C library's tables hold strings that end with a NUL.
    unsafe { CStr::from_ptr(text) }.to_bytes().to_vec()
}

fn user(entry: &libc::passwd) -> User {
    let [name, password, comment, home, shell] =
        [entry.pw_name, entry.pw_passwd, entry.pw_gecos, entry.pw_dir, entry.pw_shell].map(|text| bytes(text));
    (name, password, entry.pw_uid, entry.pw_gid, comment, home, shell)
}

fn group(entry: &libc::group) -> Group {
    let mut people = Vec::new();
    let mut at = entry.gr_mem;
    // SAFETY: the array ends with a null pointer.
    while !at.is_null() && unsafe { !(*at).is_null() } {
        // SAFETY: as above.
        people.push(bytes(unsafe { *at }));
        // SAFETY: as above.
        at = unsafe { at.add(1) };
    }
    (bytes(entry.gr_name), bytes(entry.gr_passwd), entry.gr_gid, people)
}

/// Calls one of the `get…_r` functions with a buffer that is large enough.
fn look_up<T, R>(
    mut call: impl FnMut(*mut T, *mut c_char, usize, *mut *mut T) -> c_int,
    read: impl Fn(&T) -> R,
) -> io::Result<Option<R>> {
    let mut room = vec![0 as c_char; 1024];
    loop {
        // SAFETY: S3.
        let mut entry: T = unsafe { zeroed() };
        let mut found = ptr::null_mut();
        let error = call(&mut entry, room.as_mut_ptr(), room.len(), &mut found);
        match error {
            libc::ERANGE if room.len() < 1 << 24 => room.resize(room.len() * 4, 0),
            0 if found.is_null() => return Ok(None),
            0 => return Ok(Some(read(&entry))),
            libc::ENOENT | libc::ESRCH => return Ok(None),
            error => return Err(io::Error::from_raw_os_error(error)),
        }
    }
}

/// The system's `user_by_name`.
pub fn user_by_name(name: &CStr) -> io::Result<Option<User>> {
    // SAFETY: S2.
    let found =
        look_up(|entry, room, len, found| unsafe { libc::getpwnam_r(name.as_ptr(), entry, room, len, found) }, user)?;
    let name = name.to_bytes();
    Ok(found.or_else(|| name_service::find_user(name, |user| user.0 == name)))
}

/// The system's `user_by_id`.
pub fn user_by_id(id: u32) -> io::Result<Option<User>> {
    // SAFETY: S2.
    let found = look_up(|entry, room, len, found| unsafe { libc::getpwuid_r(id, entry, room, len, found) }, user)?;
    Ok(found.or_else(|| name_service::find_user(id.to_string().as_bytes(), |user| user.2 == id)))
}

/// The system's `group_by_name`.
pub fn group_by_name(name: &CStr) -> io::Result<Option<Group>> {
    // SAFETY: S2.
    let found =
        look_up(|entry, room, len, found| unsafe { libc::getgrnam_r(name.as_ptr(), entry, room, len, found) }, group)?;
    let name = name.to_bytes();
    Ok(found.or_else(|| name_service::find_group(name, |group| group.0 == name)))
}

/// The system's `group_by_id`.
pub fn group_by_id(id: u32) -> io::Result<Option<Group>> {
    // SAFETY: S2.
    let found = look_up(|entry, room, len, found| unsafe { libc::getgrgid_r(id, entry, room, len, found) }, group)?;
    Ok(found.or_else(|| name_service::find_group(id.to_string().as_bytes(), |group| group.2 == id)))
}

/// The whole tables; the C library walks them with state of its own, so one caller at a time.
static TABLES: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// The system's `users`.
pub fn users() -> Vec<User> {
    if let Some(all) = name_service::all_users() {
        return all;
    }
    let _held = TABLES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut all = Vec::new();
    // SAFETY: the walk is guarded by TABLES; what it gives is copied before the next step.
    unsafe {
        libc::setpwent();
        while let Some(entry) = libc::getpwent().as_ref() {
            all.push(user(entry));
        }
        libc::endpwent();
    }
    all
}

/// The system's `groups`.
pub fn groups() -> Vec<Group> {
    if let Some(all) = name_service::all_groups() {
        return all;
    }
    let _held = TABLES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut all = Vec::new();
    // SAFETY: the walk is guarded by TABLES; what it gives is copied before the next step.
    unsafe {
        libc::setgrent();
        while let Some(entry) = libc::getgrent().as_ref() {
            all.push(group(entry));
        }
        libc::endgrent();
    }
    all
}

/// Reads into several buffers at once, at the file's position or at an offset.
pub fn readv(fd: i32, buffers: &mut [Vec<u8>], offset: Option<i64>, flags: i32) -> io::Result<usize> {
    let parts: Vec<libc::iovec> = buffers
        .iter_mut()
        .map(|part| libc::iovec { iov_base: part.as_mut_ptr().cast(), iov_len: part.len() })
        .collect();
    let count = c_int::try_from(parts.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    // SAFETY: S2.
    check_size(unsafe {
        match offset {
            None => libc::readv(fd, parts.as_ptr(), count),
            Some(offset) => libc::preadv2(fd, parts.as_ptr(), count, offset, flags),
        }
    })
}

/// Writes several buffers at once, at the file's position or at an offset.
pub fn writev(fd: i32, buffers: &[Vec<u8>], offset: Option<i64>, flags: i32) -> io::Result<usize> {
    let parts: Vec<libc::iovec> = buffers
        .iter()
        .map(|part| libc::iovec { iov_base: part.as_ptr().cast_mut().cast(), iov_len: part.len() })
        .collect();
    let count = c_int::try_from(parts.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    // SAFETY: S2; the call only reads the memory.
    check_size(unsafe {
        match offset {
            None => libc::writev(fd, parts.as_ptr(), count),
            Some(offset) => libc::pwritev2(fd, parts.as_ptr(), count, offset, flags),
        }
    })
}

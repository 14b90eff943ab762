//! The system's `posix_spawn`.
//!
//! Invariant: those of the parent module; what is initialised here is destroyed here.

use super::check;
use std::ffi::{CStr, CString, c_char, c_int, c_short};
use std::io;
use std::mem::{MaybeUninit, zeroed};
use std::ptr;

unsafe extern "C" {
    fn posix_spawn_file_actions_addclosefrom_np(actions: *mut libc::posix_spawn_file_actions_t, from: c_int) -> c_int;
}

/// What the child does to its descriptors.
#[derive(Debug, Clone)]
pub enum Action {
    /// Opens a file as a descriptor, with flags and mode.
    Open(i32, CString, i32, u32),
    /// Closes a descriptor.
    Close(i32),
    /// Makes the second a copy of the first.
    Dup2(i32, i32),
    /// Closes all from this one on.
    CloseFrom(i32),
}

/// The child's attributes.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    /// The process group to join; 0 for one of its own.
    pub group: Option<i32>,
    /// Whether the effective user and group become the real ones.
    pub reset_ids: bool,
    /// Whether it leads a new session.
    pub new_session: bool,
    /// The signals that are blocked.
    pub blocked: Option<Vec<i32>>,
    /// The signals that get their default action.
    pub default: Option<Vec<i32>>,
    /// Policy (the parent's, if none) and priority.
    pub scheduler: Option<(Option<i32>, i32)>,
}

fn ok(error: c_int) -> io::Result<()> {
    if error == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(error)) }
}

fn signals(numbers: &[i32]) -> io::Result<libc::sigset_t> {
    // SAFETY: S3 and S2; the call checks the numbers.
    unsafe {
        let mut set: libc::sigset_t = zeroed();
        libc::sigemptyset(&mut set);
        for &number in numbers {
            check(libc::sigaddset(&mut set, number))?;
        }
        Ok(set)
    }
}

/// Starts a program; `search` looks for it on PATH.
pub fn posix_spawn(
    path: &CStr,
    search: bool,
    arguments: &[CString],
    environment: Option<&[CString]>,
    actions: &[Action],
    attributes: &Attributes,
) -> io::Result<i32> {
    let pointers = |strings: &[CString]| {
        strings.iter().map(|s| s.as_ptr().cast_mut()).chain([ptr::null_mut()]).collect::<Vec<*mut c_char>>()
    };
    let arguments = pointers(arguments);
    let own = || {
        std::env::vars_os()
            .map(|(name, value)| {
                use std::os::unix::ffi::OsStrExt;
                CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).unwrap_or_default()
            })
            .collect::<Vec<CString>>()
    };
    let inherited = if environment.is_none() { own() } else { Vec::new() };
    let environment = pointers(environment.unwrap_or(&inherited));
    let mut file_actions = MaybeUninit::<libc::posix_spawn_file_actions_t>::uninit();
    let mut spawn_attributes = MaybeUninit::<libc::posix_spawnattr_t>::uninit();
    // SAFETY: both objects are initialised first and destroyed last; S2 for everything between.
    unsafe {
        ok(libc::posix_spawn_file_actions_init(file_actions.as_mut_ptr()))?;
        if let Err(error) = ok(libc::posix_spawnattr_init(spawn_attributes.as_mut_ptr())) {
            libc::posix_spawn_file_actions_destroy(file_actions.as_mut_ptr());
            return Err(error);
        }
        let result =
            fill(file_actions.as_mut_ptr(), spawn_attributes.as_mut_ptr(), actions, attributes).and_then(|()| {
                let mut pid = 0;
                let (actions, attributes) = (file_actions.as_ptr(), spawn_attributes.as_ptr());
                let call = if search { libc::posix_spawnp } else { libc::posix_spawn };
                ok(call(&mut pid, path.as_ptr(), actions, attributes, arguments.as_ptr(), environment.as_ptr()))?;
                Ok(pid)
            });
        libc::posix_spawn_file_actions_destroy(file_actions.as_mut_ptr());
        libc::posix_spawnattr_destroy(spawn_attributes.as_mut_ptr());
        result
    }
}

/// Fills both objects.
///
/// # Safety
/// Both are initialised.
unsafe fn fill(
    to: *mut libc::posix_spawn_file_actions_t,
    spawn: *mut libc::posix_spawnattr_t,
    actions: &[Action],
    attributes: &Attributes,
) -> io::Result<()> {
    // SAFETY: the caller's; S2.
    unsafe {
        for action in actions {
            ok(match action {
                Action::Open(fd, path, flags, mode) => {
                    libc::posix_spawn_file_actions_addopen(to, *fd, path.as_ptr(), *flags, *mode)
                }
                Action::Close(fd) => libc::posix_spawn_file_actions_addclose(to, *fd),
                Action::Dup2(fd, target) => libc::posix_spawn_file_actions_adddup2(to, *fd, *target),
                Action::CloseFrom(fd) => posix_spawn_file_actions_addclosefrom_np(to, *fd),
            })?;
        }
        let mut flags = 0;
        if let Some(group) = attributes.group {
            ok(libc::posix_spawnattr_setpgroup(spawn, group))?;
            flags |= libc::POSIX_SPAWN_SETPGROUP;
        }
        if attributes.reset_ids {
            flags |= libc::POSIX_SPAWN_RESETIDS;
        }
        if attributes.new_session {
            flags |= 0x80;
        }
        if let Some(blocked) = &attributes.blocked {
            ok(libc::posix_spawnattr_setsigmask(spawn, &signals(blocked)?))?;
            flags |= libc::POSIX_SPAWN_SETSIGMASK;
        }
        if let Some(default) = &attributes.default {
            ok(libc::posix_spawnattr_setsigdefault(spawn, &signals(default)?))?;
            flags |= libc::POSIX_SPAWN_SETSIGDEF;
        }
        if let Some((policy, priority)) = attributes.scheduler {
            let param = libc::sched_param { sched_priority: priority };
            ok(libc::posix_spawnattr_setschedparam(spawn, &param))?;
            flags |= libc::POSIX_SPAWN_SETSCHEDPARAM;
            if let Some(policy) = policy {
                ok(libc::posix_spawnattr_setschedpolicy(spawn, policy))?;
                flags |= libc::POSIX_SPAWN_SETSCHEDULER;
            }
        }
        ok(libc::posix_spawnattr_setflags(spawn, flags as c_short))
    }
}

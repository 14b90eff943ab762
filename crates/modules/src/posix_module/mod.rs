//! `posix`: what the operating system offers to programs.
//!
//! * `files` – descriptors and files by path; `directory` – `scandir` and `DirEntry`; `stat` – `stat_result` and the calls that give it;
//! * `children` – making processes and waiting for them; `spawn` – `posix_spawn`; `storage` – transfers, limits, attributes of files, and terminals;
//! * `process` – the process, its environment and users; `constants` – the numbers;
//! * `path` – path arguments; `waiting` – calls that wait.
//!
//! Invariant: errors of the system become OSError with its number and the paths that were given.

mod children;
mod constants;
mod directory;
mod files;
pub mod path;
mod process;
mod spawn;
mod stat;
mod storage;
mod waiting;

pub use children::{RUSAGE, c_argument, fork_with, id_argument, rusage};
pub use path::{PathArgument, descriptor, fspath, given, path_text, system_bytes, system_text, system_value};
pub use posix::spec;
pub use waiting::{blocking, retry, retry_waiting};

use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{bytes::Bytes, list::List, str::Str};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// This module provides access to operating system functionality that is
/// standardized by the C Standard and the POSIX standard (a thinly
/// disguised Unix interface).  Refer to the library manual and
/// corresponding Unix manual entries for more information on calls.
#[pymodule(name = "posix", types(super::directory::DirEntry), init = super::fill)]
mod posix {}

/// What `os` asks to learn which functions take descriptors.
const HAVE: &[&str] =
    &["HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FDOPENDIR", "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_LSTAT", "HAVE_LUTIMES"];

fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
    let parts = [
        files::functions::spec,
        directory::functions::spec,
        process::functions::spec,
        stat::functions::spec,
        children::functions::spec,
        spawn::functions::spec,
        storage::functions::spec,
    ];
    for part in parts {
        for def in part().functions {
            let function = NativeFunction::new(vm, def, None, Some("posix"))?;
            module.set_attr(vm, def.name, function.into())?;
        }
    }
    for (name, number) in constants::NUMBERS {
        module.set_attr(vm, name, taipan_objects::builtins::int::from_i64(vm, *number)?)?;
    }
    let sysconf = Dict::new(vm)?;
    for (name, number) in constants::SYSCONF {
        sysconf.set_text(vm, name, Value::small_int(*number))?;
    }
    module.set_attr(vm, "sysconf_names", sysconf.into())?;
    for (table, names) in [("pathconf_names", constants::PATHCONF), ("confstr_names", constants::CONFSTR)] {
        let dict = Dict::new(vm)?;
        for (name, number) in names {
            dict.set_text(vm, name, Value::small_int(*number))?;
        }
        module.set_attr(vm, table, dict.into())?;
    }
    let more = [&children::WAITID_RESULT, &children::SCHED_PARAM, &storage::STATVFS_RESULT];
    for structure in stat::STRUCTURES.into_iter().chain(more) {
        module.set_attr(vm, structure.name, structure.class(vm)?.into())?;
    }
    module.set_attr(vm, "error", vm.types().os_error.to_value())?;
    module.set_attr(vm, "environ", environment(vm)?.into())?;
    let mut have = Vec::new();
    for name in HAVE {
        have.push(Value::from(Str::new(vm, name)?));
    }
    module.set_attr(vm, "_have_functions", List::from_values(vm, have)?.into())
}

/// The process's environment as a dict of bytes.
fn environment(vm: &Vm) -> PyResult<taipan_heap::Ref<Dict>> {
    use std::os::unix::ffi::OsStrExt;
    let dict = Dict::new(vm)?;
    for (name, value) in taipan_host::process::environment() {
        let name = Bytes::new(vm, name.as_bytes())?;
        dict.set(vm, &name.to_value(), Bytes::new(vm, value.as_bytes())?.into())?;
    }
    Ok(dict)
}

/// Raises the OSError of a call that is about no path.
#[cold]
fn failed(vm: &Vm, error: &std::io::Error) -> Raised {
    vm.os_error(taipan_host::errno(error), None)
}

/// Refuses the `dir_fd` argument.
fn no_dir_fd(vm: &Vm, value: Option<&Value>) -> PyResult<()> {
    match given(value) {
        Some(_) => Err(vm.not_implemented_error("dir_fd unavailable on this platform")),
        None => Ok(()),
    }
}

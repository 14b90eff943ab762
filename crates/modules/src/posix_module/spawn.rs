//! `posix_spawn`.
//!
//! Invariant: arguments are checked whole before the child is made.

use super::children::{arguments, c_argument, environment, priority_of};
use super::given;
use super::path::PathArgument;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use taipan_heap::Value;
use taipan_host::posix_spawn::{self as host, Action, Attributes};
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

fn actions(vm: &Vm, value: Option<&Value>) -> PyResult<Vec<Action>> {
    let Some(value) = given(value) else { return Ok(Vec::new()) };
    let slots = &vm.class_of(value).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        return Err(vm.type_error("file_actions must be a sequence or None"));
    }
    let mut all = Vec::new();
    for item in vm.collect(value)? {
        let Some([tag, rest @ ..]) = item.downcast::<Tuple>().map(|tuple| tuple.items()) else {
            return Err(vm.type_error("Each file_actions element must be a non-empty tuple"));
        };
        let wrong = |what: &str| vm.type_error(format!("A {what}"));
        all.push(match (number(vm, tag)?, rest) {
            (0, [fd, path, flags, mode]) => {
                Action::Open(number(vm, fd)?, c_argument(vm, path)?, number(vm, flags)?, number(vm, mode)? as u32)
            }
            (0, _) => return Err(wrong("open file_action tuple must have 5 elements")),
            (1, [fd]) => Action::Close(number(vm, fd)?),
            (1, _) => return Err(wrong("close file_action tuple must have 2 elements")),
            (2, [fd, target]) => Action::Dup2(number(vm, fd)?, number(vm, target)?),
            (2, _) => return Err(wrong("dup2 file_action tuple must have 3 elements")),
            (3, [fd]) => Action::CloseFrom(number(vm, fd)?),
            (3, _) => return Err(wrong("closefrom file_action tuple must have 2 elements")),
            _ => return Err(vm.type_error("Unknown file_actions identifier")),
        });
    }
    Ok(all)
}

fn signals(vm: &Vm, value: Option<&Value>) -> PyResult<Option<Vec<i32>>> {
    let Some(value) = value else { return Ok(None) };
    let mut all = Vec::new();
    for item in vm.collect(value)? {
        match int::index_i64(vm, &item)? {
            Some(signal) if (1..=64).contains(&signal) => all.push(signal as i32),
            _ => return Err(vm.value_error("signal number out of range [1; 64]")),
        }
    }
    Ok(Some(all))
}

fn spawn(vm: &Vm, function: &str, search: bool, args: FuncArgs<'_>) -> PyResult<i32> {
    let args = args.0;
    let [path, argv, env] = args.positionals() else {
        let given = args.positionals().len();
        return Err(vm.type_error(format!("{function}() takes exactly 3 positional arguments ({given} given)")));
    };
    const NAMES: [&str; 7] =
        ["file_actions", "setpgroup", "resetids", "setsid", "setsigmask", "setsigdef", "scheduler"];
    for (name, _) in args.keywords() {
        let text = taipan_objects::builtins::str::Str::display(name);
        if !NAMES.contains(&&*text) {
            return Err(taipan_objects::native::unexpected_keyword(vm, function, name, &NAMES));
        }
    }
    let path = PathArgument::read(vm, path, function, "path", false)?;
    let text = CString::new(path.path.as_os_str().as_bytes()).map_err(|_| vm.value_error("embedded null byte"))?;
    let argv = arguments(vm, function, argv)?;
    let env = match is_none(env) {
        true => None,
        false => Some(environment(vm, function, env)?),
    };
    let truth = |name: &str| args.keyword(name).map_or(Ok(false), |value| vm.is_true(value));
    let attributes = Attributes {
        group: given(args.keyword("setpgroup")).map(|group| number(vm, group)).transpose()?,
        reset_ids: truth("resetids")?,
        new_session: truth("setsid")?,
        blocked: signals(vm, args.keyword("setsigmask"))?,
        default: signals(vm, args.keyword("setsigdef"))?,
        scheduler: match given(args.keyword("scheduler")) {
            None => None,
            Some(pair) => match pair.downcast::<Tuple>().map(|pair| pair.items()) {
                Some([policy, param]) => {
                    let policy = given(Some(policy)).map(|policy| number(vm, policy)).transpose()?;
                    Some((policy, priority_of(vm, param)?))
                }
                _ => return Err(vm.type_error("A scheduler tuple must have two elements")),
            },
        },
    };
    let actions = actions(vm, args.keyword("file_actions"))?;
    let made = host::posix_spawn(&text, search, &argv, env.as_deref(), &actions, &attributes);
    made.map_err(|error| path.fail(vm, &error))
}

/// The two functions.
#[pymodule(name = "posix")]
pub mod functions {
    use super::*;

    /// Execute the program specified by path in a new process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    ///   file_actions
    ///     A sequence of file action tuples.
    ///   setpgroup
    ///     The pgroup to use with the POSIX_SPAWN_SETPGROUP flag.
    ///   resetids
    ///     If the value is `true` the POSIX_SPAWN_RESETIDS will be activated.
    ///   setsid
    ///     If the value is `true` the POSIX_SPAWN_SETSID or POSIX_SPAWN_SETSID_NP will be activated.
    ///   setsigmask
    ///     The sigmask to use with the POSIX_SPAWN_SETSIGMASK flag.
    ///   setsigdef
    ///     The sigmask to use with the POSIX_SPAWN_SETSIGDEF flag.
    ///   scheduler
    ///     A tuple with the scheduler policy (optional) and parameters.
    #[function]
    fn posix_spawn(vm: &Vm, args: FuncArgs<'_>) -> PyResult<i32> {
        spawn(vm, "posix_spawn", false, args)
    }

    /// Execute the program specified by path in a new process, looked for on PATH.
    ///
    /// The arguments are those of posix_spawn().
    #[function]
    fn posix_spawnp(vm: &Vm, args: FuncArgs<'_>) -> PyResult<i32> {
        spawn(vm, "posix_spawnp", true, args)
    }
}

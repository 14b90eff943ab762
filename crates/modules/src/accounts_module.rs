//! `pwd` and `grp`: the tables of users and groups.
//!
//! Invariant: names are the system's bytes, decoded as file names are.

use crate::posix_module::{blocking, system_bytes, system_text};
use std::ffi::CString;
use taipan_heap::Value;
use taipan_host::children::{Group, User};
use taipan_objects::builtins::{int, list::List, str::Str, structseq::StructSeq};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

static PASSWD: StructSeq = StructSeq {
    name: "struct_passwd",
    module: "pwd",
    doc: "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as named in the above tuple.",
    fields: &["pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"],
    visible: 7,
    callable: true,
};

static GROUP: StructSeq = StructSeq {
    name: "struct_group",
    module: "grp",
    doc: "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above tuple.\n",
    fields: &["gr_name", "gr_passwd", "gr_gid", "gr_mem"],
    visible: 4,
    callable: true,
};

fn text(vm: &Vm, bytes: &[u8]) -> PyResult<Value> {
    Ok(system_text(vm, bytes)?.into())
}

fn user_value(vm: &Vm, user: &User) -> PyResult<Value> {
    let (name, password, uid, gid, comment, home, shell) = user;
    let values = vec![
        text(vm, name)?,
        text(vm, password)?,
        uid.into_value(vm)?,
        gid.into_value(vm)?,
        text(vm, comment)?,
        text(vm, home)?,
        text(vm, shell)?,
    ];
    PASSWD.make(vm, values)
}

fn group_value(vm: &Vm, group: &Group) -> PyResult<Value> {
    let (name, password, gid, people) = group;
    let people = people.iter().map(|name| text(vm, name)).collect::<PyResult<Vec<Value>>>()?;
    let values = vec![text(vm, name)?, text(vm, password)?, gid.into_value(vm)?, List::from_values(vm, people)?.into()];
    GROUP.make(vm, values)
}

fn name_argument(vm: &Vm, function: &str, argument: &str, value: &Value) -> PyResult<CString> {
    if value.downcast::<Str>().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("{function}() argument{argument} must be str, not {given}")));
    }
    CString::new(system_bytes(vm, value)?).map_err(|_| vm.value_error("embedded null byte"))
}

/// A number of a user or group; `None` for one that cannot be.
fn number(vm: &Vm, value: &Value, what: &str) -> PyResult<Option<u32>> {
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("{what} should be integer, not {given}")));
    }
    Ok(match int::index_i64(vm, value)? {
        Some(-1) => Some(u32::MAX),
        number => number.and_then(|number| u32::try_from(number).ok()),
    })
}

fn missing(vm: &Vm, message: String) -> PyResult<Value> {
    Err(vm.raise_new(&vm.types().key_error, &message))
}

/// This module provides access to the Unix password database.
/// It is available on all Unix versions.
///
/// Password database entries are reported as 7-tuples containing the following
/// items from the password database (see `<pwd.h>'), in order:
/// pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.
/// The uid and gid items are integers, all others are strings. An
/// exception is raised if the entry asked for cannot be found.
#[taipan_macros::pymodule(name = "pwd")]
pub mod pwd {
    use super::*;
    use taipan_heap::Ref;
    use taipan_host::children as host;
    use taipan_objects::types::Type;

    #[constant(name = "struct_passwd")]
    fn struct_passwd(vm: &Vm) -> PyResult<Ref<Type>> {
        PASSWD.class(vm)
    }

    /// Return the password database entry for the given numeric user ID.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[function(sig = "uidobj, /")]
    fn getpwuid(vm: &Vm, uidobj: &Value) -> PyResult<Value> {
        let Some(uid) = number(vm, uidobj, "uid")? else {
            return missing(vm, "getpwuid(): uid not found".to_owned());
        };
        match blocking(vm, || host::user_by_id(uid)) {
            Ok(Some(user)) => user_value(vm, &user),
            Ok(None) => missing(vm, format!("getpwuid(): uid not found: {}", uid as i32)),
            Err(error) => Err(vm.os_error(taipan_host::errno(&error), None)),
        }
    }

    /// Return the password database entry for the given user name.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[function(sig = "name, /")]
    fn getpwnam(vm: &Vm, name: &Value) -> PyResult<Value> {
        let text = name_argument(vm, "getpwnam", "", name)?;
        match blocking(vm, || host::user_by_name(&text)) {
            Ok(Some(user)) => user_value(vm, &user),
            Ok(None) => missing(vm, format!("getpwnam(): name not found: {}", vm.repr(name)?.to_lossy())),
            Err(error) => Err(vm.os_error(taipan_host::errno(&error), None)),
        }
    }

    /// Return a list of all available password database entries, in arbitrary order.
    ///
    /// See help(pwd) for more on password database entries.
    #[function]
    fn getpwall(vm: &Vm) -> PyResult<Ref<List>> {
        let users = blocking(vm, host::users);
        let values = users.iter().map(|user| user_value(vm, user)).collect::<PyResult<Vec<Value>>>()?;
        List::from_values(vm, values)
    }
}

/// Access to the Unix group database.
///
/// Group entries are reported as 4-tuples containing the following fields
/// from the group database, in order:
///
///   name   - name of the group
///   passwd - group password (encrypted); often empty
///   gid    - numeric ID of the group
///   mem    - list of members
///
/// The gid is an integer, name and password are strings.  (Note that most
/// users are not explicitly listed as members of the groups they are in
/// according to the password database.  Check both databases to get
/// complete membership information.)
#[taipan_macros::pymodule(name = "grp")]
pub mod grp {
    use super::*;
    use taipan_heap::Ref;
    use taipan_host::children as host;
    use taipan_objects::types::Type;

    #[constant(name = "struct_group")]
    fn struct_group(vm: &Vm) -> PyResult<Ref<Type>> {
        GROUP.class(vm)
    }

    /// Return the group database entry for the given numeric group ID.
    ///
    /// If id is not valid, raise KeyError.
    #[function(sig = "id")]
    fn getgrgid(vm: &Vm, id: &Value) -> PyResult<Value> {
        let Some(gid) = number(vm, id, "gid")? else {
            return missing(vm, format!("getgrgid(): gid not found: {}", vm.str(id)?.to_lossy()));
        };
        match blocking(vm, || host::group_by_id(gid)) {
            Ok(Some(group)) => group_value(vm, &group),
            Ok(None) => missing(vm, format!("getgrgid(): gid not found: {}", gid as i32)),
            Err(error) => Err(vm.os_error(taipan_host::errno(&error), None)),
        }
    }

    /// Return the group database entry for the given group name.
    ///
    /// If name is not valid, raise KeyError.
    #[function(sig = "name")]
    fn getgrnam(vm: &Vm, name: &Value) -> PyResult<Value> {
        let text = name_argument(vm, "getgrnam", " 'name'", name)?;
        match blocking(vm, || host::group_by_name(&text)) {
            Ok(Some(group)) => group_value(vm, &group),
            Ok(None) => missing(vm, format!("getgrnam(): name not found: {}", vm.repr(name)?.to_lossy())),
            Err(error) => Err(vm.os_error(taipan_host::errno(&error), None)),
        }
    }

    /// Return a list of all available group entries, in arbitrary order.
    ///
    /// An entry whose name starts with '+' or '-' represents an instruction
    /// to use YP/NIS and may not be accessible via getgrnam or getgrgid.
    #[function]
    fn getgrall(vm: &Vm) -> PyResult<Ref<List>> {
        let groups = blocking(vm, host::groups);
        let values = groups.iter().map(|group| group_value(vm, group)).collect::<PyResult<Vec<Value>>>()?;
        List::from_values(vm, values)
    }
}

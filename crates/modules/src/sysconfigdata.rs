//! `_sysconfigdata_…`: what `sysconfig` tells about how the runtime was built.
//!
//! Invariant: only what is true of Taipan; there is no C interface, so nothing here describes one beyond the names that installers ask for.

pub use module::spec;

use taipan_heap::Obj;
use taipan_macros::pymodule;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// Variables whose values are texts.
static TEXTS: &[(&str, &str)] = &[
    ("ABIFLAGS", ""),
    ("CC", ""),
    ("CFLAGS", ""),
    ("CONFIG_ARGS", ""),
    ("EXE", ""),
    ("HOST_GNU_TYPE", "linux-gnu"),
    ("LDFLAGS", ""),
    ("MACHDEP", "linux"),
    ("PLATLIBDIR", "lib"),
    ("PY_CFLAGS", ""),
    // The C modules that CPython's own tests are written with do not exist.
    ("TEST_MODULES", "no"),
    ("VERSION", "3.14"),
];

/// Variables whose values are numbers.
static NUMBERS: &[(&str, i64)] = &[
    ("HAVE_FORK", 1),
    ("HAVE_GETRANDOM", 1),
    ("HAVE_GETRANDOM_SYSCALL", 1),
    ("Py_DEBUG", 0),
    ("Py_ENABLE_SHARED", 0),
    ("Py_GIL_DISABLED", 0),
    ("Py_TRACE_REFS", 0),
    ("SIZEOF_INT", 4),
    ("SIZEOF_LONG", 8),
    ("SIZEOF_SIZE_T", 8),
    ("SIZEOF_VOID_P", 8),
    ("SIZEOF_WCHAR_T", 4),
    ("WITH_DOC_STRINGS", 1),
    ("WITH_PYMALLOC", 0),
];

/// How the runtime was built.
#[cfg_attr(target_arch = "x86_64", pymodule(name = "_sysconfigdata__linux_x86_64-linux-gnu", init = fill))]
#[cfg_attr(target_arch = "aarch64", pymodule(name = "_sysconfigdata__linux_aarch64-linux-gnu", init = fill))]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let variables = Dict::new(vm)?;
        for (name, value) in TEXTS {
            variables.set(vm, &Str::new(vm, name)?.into(), (*value).into_value(vm)?)?;
        }
        for (name, value) in NUMBERS {
            variables.set(vm, &Str::new(vm, name)?.into(), (*value).into_value(vm)?)?;
        }
        module.set_attr(vm, "build_time_vars", variables.into())
    }
}

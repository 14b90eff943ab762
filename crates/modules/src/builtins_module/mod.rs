//! `builtins`: the functions, types, exceptions and constants that every program sees.
//!
//! * `number`, `text`, `iteration`, `attribute` – functions by what they work on;
//! * `code` – `compile`, `eval`, `exec` and the namespaces of the calling frame;
//! * `build_class` – what the `class` statement does; `import` – what the `import` statement does;
//! * `print` – `print` and `input`; `syntax_error` – exceptions from the compiler's errors; `warning` – warnings from native code.
//!
//! Invariant: each part is a native module of its own, whose functions all appear in the one Python module `builtins`.

mod attribute;
mod build_class;
mod code;
mod import;
mod iteration;
mod number;
mod print;
mod syntax_error;
mod text;
mod warning;

pub use code::{compile_source, parse_source};
pub use print::sys_attribute;
pub use syntax_error::syntax_error;
pub use warning::{resource_warning, warn};

use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{ELLIPSIS, FALSE, NONE, NOT_IMPLEMENTED, TRUE, boolean};
use taipan_objects::native::ModuleSpec;
use taipan_objects::vm::{PyResult, Vm};

/// The parts whose functions the module shows.
const PARTS: &[fn() -> &'static ModuleSpec] = &[
    attribute::functions::spec,
    build_class::functions::spec,
    code::functions::spec,
    import::functions::spec,
    iteration::functions::spec,
    number::functions::spec,
    print::functions::spec,
    text::functions::spec,
];

/// Types that are not exceptions, by the names under which programs see them.
const TYPE_NAMES: &[&str] = &[
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "int",
    "list",
    "map",
    "memoryview",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
    "zip",
];

/// Built-in functions, types, exceptions, and other objects.
///
/// This module provides direct access to all 'built-in'
/// identifiers of Python; for example, builtins.len is
/// the full name for the built-in function len().
///
/// This module is not normally accessed explicitly by most
/// applications, but can be useful in modules that provide
/// objects with the same name as a builtin and need the
/// qualified name, e.g. `builtins.open()`.
#[pymodule(name = "builtins", init = super::fill)]
pub mod builtins {}

fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
    for part in PARTS {
        for def in part().functions {
            let function = NativeFunction::new(vm, def, None, Some("builtins"))?;
            module.set_attr(vm, def.name, function.into())?;
        }
    }
    for def in crate::io_module::spec().functions.iter().filter(|def| def.name == "open") {
        let function = NativeFunction::new(vm, def, None, Some("_io"))?;
        module.set_attr(vm, "open", function.into())?;
    }
    for class in vm.types().all() {
        let name = class.name();
        let exception = taipan_objects::types::TypeObject::is_subclass(&*class, &vm.types().base_exception);
        if exception || TYPE_NAMES.contains(&&*name) {
            module.set_attr(vm, &name, class.into())?;
        }
    }
    for alias in ["EnvironmentError", "IOError"] {
        module.set_attr(vm, alias, vm.types().os_error.to_value())?;
    }
    let constants: [(&str, Value); 6] = [
        ("None", NONE),
        ("True", TRUE),
        ("False", FALSE),
        ("Ellipsis", ELLIPSIS),
        ("NotImplemented", NOT_IMPLEMENTED),
        ("__debug__", boolean(taipan_interp::import::hooks(vm).optimize.get() == 0)),
    ];
    for (name, value) in constants {
        module.set_attr(vm, name, value)?;
    }
    crate::typing_module::install(vm);
    let hooks = taipan_interp::hooks(vm);
    hooks.is_instance.set(Some(|vm, value, class| vm.is_instance_of(value, class)));
    hooks.warn.set(Some(|vm, category, text| warn(vm, category, text, 1)));
    Ok(())
}

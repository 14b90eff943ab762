//! Every native module of Taipan: one file or folder each, and the table that registers them.
//!
//! Invariant: a native module exists if, and only if, it has a line in the table.

mod codecs_module;
mod math;
mod string_module;
pub mod sys;

use taipan_objects::native::ModuleSpec;

/// The native modules, by the functions that describe them.
pub fn native_modules() -> &'static [fn() -> &'static ModuleSpec] {
    MODULES
}

/// One line registers a module.
static MODULES: &[fn() -> &'static ModuleSpec] = &[
    math::spec,
    //
    sys::spec,
    sys::spec,
    string_module::spec,
    codecs_module::spec,
];

//! Every native module of Taipan: one file or folder each, and the table that registers them.
//!
//! Invariant: a native module exists if, and only if, it has a line in the table.

mod abc_module;
mod accounts_module;
mod array_module;
mod ast_module;
pub mod atexit;
mod binascii;
mod bisect_module;
pub mod builtins_module;
mod cmath_module;
mod codecs_module;
mod collections_module;
mod contextvars_module;
mod csv_module;
mod datetime_module;
mod decimal_module;
mod errno;
mod exception_class;
pub mod faulthandler;
mod fcntl_module;
mod functools_module;
mod gc;
mod hash_module;
mod heapq_module;
pub mod imp_module;
pub mod io_module;
mod itertools;
mod json_module;
mod locale_module;
mod marshal_module;
mod math;
mod memscope_module;
mod opcode_module;
mod operator_module;
mod pickle_module;
pub mod posix_module;
mod posixsubprocess_module;
mod queue_module;
mod random_module;
mod resource_module;
mod select_module;
pub mod signal_module;
pub mod site;
mod socket_module;
mod sre_module;
mod string_module;
mod struct_module;
mod suggestions;
mod symtable_module;
pub mod sys;
mod sysconfigdata;
mod termios_module;
pub mod thread_module;
mod time_module;
mod tokenize_module;
pub mod tracemalloc_module;
mod types_module;
pub mod typing_module;
mod unicodedata;
mod unicodedata_old;
pub mod warnings;
mod weakref_module;
mod zlib_module;

use taipan_objects::native::ModuleSpec;

/// The native modules, by the functions that describe them.
pub fn native_modules() -> &'static [fn() -> &'static ModuleSpec] {
    MODULES
}

/// One line registers a module.
#[rustfmt::skip]
static MODULES: &[fn() -> &'static ModuleSpec] = &[
    imp_module::spec,
    datetime_module::spec,
    thread_module::spec,
    posix_module::spec,
    pickle_module::spec,
    posixsubprocess_module::spec,
    select_module::spec,
    termios_module::spec,
    json_module::spec,
    csv_module::spec,
    decimal_module::spec,
    accounts_module::pwd::spec,
    accounts_module::grp::spec,
    queue_module::spec,
    locale_module::spec,
    zlib_module::spec,
    hash_module::md5_module::spec,
    hash_module::sha1_module::spec,
    hash_module::sha2_module::spec,
    hash_module::sha3_module::spec,
    hash_module::blake::module::spec,
    hash_module::openssl::module::spec,
    socket_module::spec,
    faulthandler::spec,
    fcntl_module::spec,
    resource_module::spec,
    signal_module::spec,
    io_module::spec,
    builtins_module::builtins::spec,
    abc_module::spec,
    array_module::spec,
    ast_module::spec,
    opcode_module::spec,
    tokenize_module::spec,
    tracemalloc_module::spec,
    atexit::spec,
    binascii::spec,
    codecs_module::spec,
    gc::spec,
    itertools::spec,
    operator_module::spec,
    functools_module::spec,
    struct_module::spec,
    collections_module::spec,
    contextvars_module::spec,
    time_module::spec,
    random_module::spec,
    heapq_module::spec,
    errno::spec,
    bisect_module::spec,
    marshal_module::spec,
    math::spec,
    memscope_module::spec,
    cmath_module::spec,
    sre_module::spec,
    string_module::spec,
    symtable_module::spec,
    types_module::spec,
    typing_module::spec,
    unicodedata::spec,
    sys::spec,
    suggestions::spec,
    sysconfigdata::spec,
    warnings::spec,
    weakref_module::spec,
];

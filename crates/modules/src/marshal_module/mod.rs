//! `marshal`: values as bytes, in the format of CPython 3.14.
//!
//! * `write` – values to bytes; `read` – bytes to values, from memory or from a file.
//!
//! Invariant: data objects are written byte for byte as CPython does, except for the flag that says that an object may be met again: CPython sets
//! it by its own reference counts. Code objects have the type code of CPython but hold this runtime's own form; it is checked when read.

mod read;
mod write;

pub use module::spec;

use taipan_heap::{Obj, Ref, Value};
use taipan_interp::code::CodeObject;
use taipan_macros::pymodule;
use taipan_objects::builtins::buffer;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// The version of the format.
const VERSION: i32 = 5;
/// How deep values may nest.
const MAX_DEPTH: usize = 2000;
/// Set in a type code: the object gets the next number, by which it can be met again.
const FLAG_REF: u8 = 0x80;

/// FNV-1a: tells damaged code objects from sound ones.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The form of a code object.
fn code_bytes(code: &Obj<CodeObject>) -> Vec<u8> {
    code.plain().to_bytes()
}

/// This module contains functions that can read and write Python values in
/// a binary format. The format is specific to Python, but independent of
/// machine architecture.
#[pymodule(name = "marshal")]
mod module {
    use super::*;

    #[constant(name = "version")]
    const VERSION_: i32 = VERSION;

    /// Return the bytes object that would be written to a file by dump(value, file).
    ///
    ///   value
    ///     Must be a supported type.
    ///   version
    ///     Indicates the data format that dumps should use.
    ///   allow_code
    ///     Allow to write code objects.
    #[function(sig = "value, version=version, /, *, allow_code=True")]
    fn dumps(
        vm: &Vm,
        value: &Value,
        #[default(VERSION)] version: i32,
        #[default(true)] allow_code: bool,
    ) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &write::dump(vm, value, version, allow_code)?)
    }

    /// Write the value on the open file.
    ///
    ///   value
    ///     Must be a supported type.
    ///   file
    ///     Must be a writeable binary file.
    ///   version
    ///     Indicates the data format that dump should use.
    ///   allow_code
    ///     Allow to write code objects.
    #[function(sig = "value, file, version=version, /, *, allow_code=True")]
    fn dump(
        vm: &Vm,
        value: &Value,
        file: &Value,
        #[default(VERSION)] version: i32,
        #[default(true)] allow_code: bool,
    ) -> PyResult<Value> {
        let made = Bytes::new(vm, &write::dump(vm, value, version, allow_code)?)?;
        let write = vm.get_attr_text(file, "write")?;
        vm.call(&write, &[made.into()])
    }

    /// Convert the bytes-like object to a value.
    ///
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is found, raise EOFError, ValueError or TypeError.  Extra
    /// bytes in the input are ignored.
    #[function(sig = "bytes, /, *, allow_code=True")]
    fn loads(vm: &Vm, bytes: &Value, #[default(true)] allow_code: bool) -> PyResult<Value> {
        let copy = buffer::to_vec(vm, bytes)?;
        read::load(vm, read::Source::Memory(&copy), allow_code)
    }

    /// Read one value from the open file and return it.
    ///
    ///   file
    ///     Must be readable binary file.
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is read (e.g. because the data has a different Python
    /// version's incompatible marshal format), raise EOFError, ValueError or
    /// TypeError.
    #[function(sig = "file, /, *, allow_code=True")]
    fn load(vm: &Vm, file: &Value, #[default(true)] allow_code: bool) -> PyResult<Value> {
        let probe = vm.call(&vm.get_attr_text(file, "read")?, &[0_i64.into_value(vm)?])?;
        if probe.downcast::<Bytes>().is_none() {
            let given = vm.type_name(&probe);
            return Err(vm.type_error(format!("file.read() returned not bytes but {given}")));
        }
        read::load(vm, read::Source::File(file), allow_code)
    }
}

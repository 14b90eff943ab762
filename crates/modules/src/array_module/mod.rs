//! `array`: compact sequences of numbers or characters.
//!
//! * `array` – the type; `code` – type codes; `machine` – formats of other machines, for pickles; `iterator` – its iterator.
//!
//! Invariant: the bytes of an array are a multiple of its item's size, and do not change in number while they are exported.

mod array;
mod code;
mod iterator;
mod machine;

pub use module::spec;

use array::Array;
use code::Code;
use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::types::{Type, TypeObject};
use taipan_objects::vm::{PyResult, Vm};

/// This module defines an object type which can efficiently represent
/// an array of basic values: characters, integers, floating-point
/// numbers.  Arrays are sequence types and behave very much like lists,
/// except that the type of objects stored in them is constrained.
#[pymodule(name = "array", types(Array), init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let class = vm.native_type(Array::spec())?;
        let sequences = taipan_interp::import::import_absolute(vm, "collections.abc")?;
        let sequence = vm.get_attr_text(&sequences, "MutableSequence")?;
        vm.call_method(&sequence, &*vm.intern("register")?, &[class.to_value()])?;
        module.set_attr(vm, "ArrayType", class.into())
    }

    #[constant(name = "typecodes")]
    fn typecodes() -> &'static str {
        code::CODES
    }

    /// Internal. Used for pickling support.
    #[function(sig = "arraytype, typecode, mformat_code, items, /")]
    fn _array_reconstructor(
        vm: &Vm,
        arraytype: &Value,
        typecode: &Value,
        mformat_code: i32,
        items: &Value,
    ) -> PyResult<Value> {
        let point = code::character(vm, typecode, "_array_reconstructor() argument 2 must be a unicode character")?;
        let Some(class) = arraytype.downcast::<Type>() else {
            let given = vm.type_name(arraytype);
            return Err(vm.type_error(format!("first argument must be a type object, not {given}")));
        };
        let base = vm.native_type(Array::spec())?;
        if !class.is_subclass(&base) {
            let given = class.tp_name();
            return Err(vm.type_error(format!("{given} is not a subtype of array.array")));
        }
        let Some(wanted) = Code::of(point) else {
            return Err(vm.value_error("second argument must be a valid type code"));
        };
        if !(0..=21).contains(&mformat_code) {
            return Err(vm.value_error("third argument must be a valid machine format code."));
        }
        let Some(bytes) = items.downcast::<Bytes>() else {
            let given = vm.type_name(items);
            return Err(vm.type_error(format!("fourth argument should be bytes, not {given}")));
        };
        if !bytes.bytes().len().is_multiple_of(machine::size_of(mformat_code)) {
            return Err(vm.value_error("string length not a multiple of item size"));
        }
        if let Some(code) = machine::code_for(mformat_code, wanted) {
            let made = Array::new_of(vm, class, code)?;
            made.append_bytes(vm, bytes.bytes())?;
            return Ok(made.into());
        }
        // Items of another machine: read as values, into a code that holds them all.
        let code = match mformat_code {
            14..=17 => wanted,
            18.. => wanted,
            format => {
                let signed = matches!(format, 1 | 4 | 5 | 8 | 9 | 12 | 13);
                match (machine::size_of(format), signed) {
                    (1, true) => Code(b'b'),
                    (1, false) => Code(b'B'),
                    (2, true) => Code(b'h'),
                    (2, false) => Code(b'H'),
                    (4, true) => Code(b'i'),
                    (4, false) => Code(b'I'),
                    (_, true) => Code(b'l'),
                    (_, false) => Code(b'L'),
                }
            }
        };
        let made = Array::new_of(vm, class, code)?;
        for item in machine::decode(vm, mformat_code, bytes.bytes())? {
            made.push(vm, &item)?;
        }
        Ok(made.into())
    }
}

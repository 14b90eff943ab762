//! `_blake2`: BLAKE2 with all its parameters.
//!
//! Invariant: a parameter is checked before the algorithm, which panics at a bad one, sees it.
#![allow(clippy::too_many_arguments, reason = "Python's signatures")]

use super::state::State;
use super::{chosen, feed, hex};
use std::cell::RefCell;
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{buffer, bytes::Bytes, int};
use taipan_objects::types::{Type, TypeObject};
use taipan_objects::vm::{PyResult, Vm};

/// What distinguishes the two functions.
struct Kind {
    name: &'static str,
    shown: &'static str,
    most: usize,
    part: usize,
    offset_bits: u32,
}

const BIG: Kind = Kind { name: "blake2b", shown: "Blake2b", most: 64, part: 16, offset_bits: 64 };
const SMALL: Kind = Kind { name: "blake2s", shown: "Blake2s", most: 32, part: 8, offset_bits: 48 };

/// The arguments of a constructor besides the data.
struct Parameters<'a> {
    digest_size: Option<isize>,
    key: Option<&'a Value>,
    salt: Option<&'a Value>,
    person: Option<&'a Value>,
    numbers: [Option<isize>; 2],
    leaf_size: Option<&'a Value>,
    node_offset: Option<&'a Value>,
    node_depth: Option<isize>,
    inner_size: Option<isize>,
    last_node: bool,
}

fn natural(vm: &Vm, value: Option<&Value>) -> PyResult<u64> {
    let Some(value) = value else { return Ok(0) };
    let value = int::index(vm, value)?;
    match int::as_big(&value) {
        Some(big) if big.sign() == taipan_numeric::Sign::Minus => Err(vm.value_error("Cannot convert negative int")),
        Some(big) => {
            u64::try_from(big.as_ref()).map_err(|_| vm.overflow_error("Python int too large for C unsigned long long"))
        }
        None => Ok(0),
    }
}

fn start(vm: &Vm, kind: &Kind, given: &Parameters<'_>) -> PyResult<State> {
    let size = given.digest_size.unwrap_or(kind.most as isize);
    if !(1..=kind.most as isize).contains(&size) {
        let (shown, most) = (kind.shown, kind.most);
        let message = format!("digest_size for {shown} must be between 1 and {most} bytes, here it is {size}");
        return Err(vm.value_error(message));
    }
    let bytes = |value: Option<&Value>, most: usize, what: &str| {
        let bytes = value.map_or(Ok(Vec::new()), |value| buffer::to_vec(vm, value))?;
        if bytes.len() > most {
            return Err(vm.value_error(format!("maximum {what} length is {most} bytes")));
        }
        Ok(bytes)
    };
    let salt = bytes(given.salt, kind.part, "salt")?;
    let person = bytes(given.person, kind.part, "person")?;
    let small = |value: Option<isize>, default: isize, least: isize, what: &str| match value.unwrap_or(default) {
        number if (least..=255).contains(&number) => Ok(number as u8),
        _ => Err(vm.value_error(format!("{what} must be between {least} and 255"))),
    };
    let fanout = small(given.numbers[0], 1, 0, "fanout")?;
    let depth = small(given.numbers[1], 1, 1, "depth")?;
    let Ok(leaf) = u32::try_from(natural(vm, given.leaf_size)?) else {
        return Err(vm.overflow_error("leaf_size is too large"));
    };
    let offset = natural(vm, given.node_offset)?;
    if kind.offset_bits < 64 && offset >> kind.offset_bits != 0 {
        return Err(vm.overflow_error("node_offset is too large"));
    }
    let node_depth = small(given.node_depth, 0, 0, "node_depth")?;
    let inner = given.inner_size.unwrap_or(0);
    if !(0..=kind.most as isize).contains(&inner) {
        return Err(vm.value_error(format!("inner_size must be between 0 and is {}", kind.most)));
    }
    let key = bytes(given.key, kind.most, "key")?;
    let (size, inner) = (size as usize, inner as usize);
    macro_rules! state {
        ($krate:ident, $variant:ident) => {{
            let mut params = $krate::Params::new();
            params.hash_length(size).key(&key).salt(&salt).personal(&person).fanout(fanout).max_depth(depth);
            params.max_leaf_length(leaf).node_offset(offset).node_depth(node_depth).inner_hash_length(inner);
            params.last_node(given.last_node);
            State::$variant(Box::new(params.to_state()), size)
        }};
    }
    Ok(if kind.most == 64 { state!(blake2b_simd, Blake2b) } else { state!(blake2s_simd, Blake2s) })
}

macro_rules! blake_type {
    ($type:ident $name:literal $kind:ident) => {
        /// A hash object.
        #[derive(Payload)]
        #[payload(name = $name)]
        pub struct $type {
            state: RefCell<State>,
            _charge: Charge,
        }

        /// Return a new BLAKE2 hash object.
        #[pytype(name = $name, module = "_blake2", flags = BASETYPE)]
        impl $type {
            #[slot(sig = "data=b'', *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None")]
            fn new(
                class: &Obj<Type>,
                vm: &Vm,
                data: Option<&Value>,
                digest_size: Option<isize>,
                key: Option<&Value>,
                salt: Option<&Value>,
                person: Option<&Value>,
                fanout: Option<isize>,
                depth: Option<isize>,
                leaf_size: Option<&Value>,
                node_offset: Option<&Value>,
                node_depth: Option<isize>,
                inner_size: Option<isize>,
                last_node: bool,
                usedforsecurity: Option<&Value>,
                string: Option<&Value>,
            ) -> PyResult<Value> {
                let _ = usedforsecurity;
                let data = chosen(vm, data, string)?;
                let numbers = [fanout, depth];
                let given = Parameters {
                    digest_size, key, salt, person, numbers, leaf_size, node_offset, node_depth, inner_size, last_node,
                };
                let mut state = start(vm, &$kind, &given)?;
                if let Some(data) = data {
                    feed(vm, data, |bytes| state.update(bytes))?;
                }
                Ok(vm.alloc_instance(class, $type { _charge: vm.charge(state.bytes())?, state: RefCell::new(state) })?.into())
            }

            /// Return a copy of the hash object.
            #[method]
            fn copy(this: &Obj<$type>, vm: &Vm) -> PyResult<Value> {
                let state = this.state.borrow().clone();
                let class = vm.native_type($type::spec())?;
                Ok(vm.alloc_instance(&class, $type { _charge: vm.charge(state.bytes())?, state: RefCell::new(state) })?.into())
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[method(sig = "data, /")]
            fn update(this: &Obj<$type>, vm: &Vm, data: &Value) -> PyResult<()> {
                feed(vm, data, |bytes| this.state.borrow_mut().update(bytes))
            }

            /// Return the digest value as a bytes object.
            #[method]
            fn digest(this: &Obj<$type>, vm: &Vm) -> PyResult<Ref<Bytes>> {
                Bytes::new(vm, &this.state.borrow().digest())
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[method]
            fn hexdigest(this: &Obj<$type>) -> String {
                hex(&this.state.borrow().digest())
            }

            #[getter]
            fn name(_this: &Obj<$type>) -> &'static str {
                $name
            }

            #[getter]
            fn block_size(this: &Obj<$type>) -> usize {
                this.state.borrow().block_size()
            }

            #[getter]
            fn digest_size(this: &Obj<$type>) -> usize {
                this.state.borrow().digest_size()
            }
        }
    };
}

blake_type! { Blake2b "blake2b" BIG }
blake_type! { Blake2s "blake2s" SMALL }

/// _blake2b provides BLAKE2b for hashlib
#[pymodule(name = "_blake2", types(Blake2b, Blake2s), init = fill)]
pub mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "_GIL_MINSIZE", Value::small_int(2048))?;
        let classes = [(vm.native_type(Blake2b::spec())?, &BIG), (vm.native_type(Blake2s::spec())?, &SMALL)];
        for (class, kind) in classes {
            let (most, part) = (Value::small_int(kind.most as i32), Value::small_int(kind.part as i32));
            let numbers =
                [("MAX_DIGEST_SIZE", &most), ("MAX_KEY_SIZE", &most), ("SALT_SIZE", &part), ("PERSON_SIZE", &part)];
            for (name, number) in numbers {
                class.dict().set_text(vm, name, number.clone())?;
                module.set_attr(vm, &format!("{}_{name}", kind.name.to_uppercase()), number.clone())?;
            }
            class.modified();
        }
        Ok(())
    }
}

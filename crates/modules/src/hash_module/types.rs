//! The types of hash objects: one per function, with the same methods.
//!
//! Invariant: no borrow of a state is held while Python code runs.

use super::state::State;
use super::{feed, hex};
use std::cell::RefCell;
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// Makes a type; `fixed` has digests of one length, `variable` of any.
macro_rules! hash_type {
    (@common $type:ident $name:literal $module:literal ($($new:tt)*) ($($digest:tt)*)) => {
        /// A hash object.
        #[derive(Payload)]
        #[payload(name = $name)]
        pub struct $type {
            state: RefCell<State>,
            _charge: Charge,
        }

        impl $type {
            /// An object with this state.
            pub fn make(vm: &Vm, state: State) -> PyResult<Value> {
                let class = vm.native_type($type::spec())?;
                let charge = vm.charge(state.bytes())?;
                Ok(vm.alloc(&*class, $type { state: RefCell::new(state), _charge: charge })?.into())
            }
        }

        /// A hash object.
        #[pytype(name = $name, module = $module)]
        impl $type {
            $($new)*
            $($digest)*

            /// Return a copy of the hash object.
            #[method]
            fn copy(this: &Obj<$type>, vm: &Vm) -> PyResult<Value> {
                let state = this.state.borrow().clone();
                $type::make(vm, state)
            }

            /// Update this hash object's state with the provided string.
            #[method(sig = "obj, /")]
            fn update(this: &Obj<$type>, vm: &Vm, obj: &Value) -> PyResult<()> {
                feed(vm, obj, |bytes| this.state.borrow_mut().update(bytes))
            }

            #[getter]
            fn block_size(this: &Obj<$type>) -> usize {
                this.state.borrow().block_size()
            }

            #[getter]
            fn digest_size(this: &Obj<$type>) -> usize {
                this.state.borrow().digest_size()
            }

            #[getter]
            fn name(this: &Obj<$type>) -> &'static str {
                this.state.borrow().name()
            }
        }
    };
    ($type:ident fixed $name:literal $module:literal ($($new:tt)*)) => {
        hash_type! { @common $type $name $module ($($new)*) (
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
        ) }
    };
    ($type:ident variable $name:literal $module:literal ($($new:tt)*)) => {
        hash_type! { @common $type $name $module ($($new)*) (
            /// Return the digest value as a bytes object.
            #[method(sig = "length")]
            fn digest(this: &Obj<$type>, vm: &Vm, length: isize) -> PyResult<Ref<Bytes>> {
                Bytes::new(vm, &super::long_digest(vm, &this.state, length)?)
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[method(sig = "length")]
            fn hexdigest(this: &Obj<$type>, vm: &Vm, length: isize) -> PyResult<String> {
                Ok(hex(&super::long_digest(vm, &this.state, length)?))
            }
        ) }
    };
}

/// Types that only their module's functions make.
macro_rules! made_by_functions {
    ($($type:ident $kind:ident $name:literal $module:literal;)*) => {
        $(hash_type! { $type $kind $name $module (
            #[slot]
            fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
                let _ = args;
                Err(vm.type_error(concat!("cannot create '", $module, ".", $name, "' instances")))
            }
        ) })*
    };
}

/// Types that are called.
macro_rules! called {
    ($($type:ident $kind:ident $name:literal $module:literal;)*) => {
        $(hash_type! { $type $kind $name $module (
            #[slot(sig = "data=b'', *, usedforsecurity=True, string=None")]
            fn new(
                _class: &Obj<Type>,
                vm: &Vm,
                data: Option<&Value>,
                usedforsecurity: Option<&Value>,
                string: Option<&Value>,
            ) -> PyResult<Value> {
                let _ = usedforsecurity;
                $type::make(vm, super::started(vm, $name, data, string)?)
            }

            #[getter]
            fn _capacity_bits(this: &Obj<$type>) -> usize {
                1600 - this.state.borrow().block_size() * 8
            }

            #[getter]
            fn _rate_bits(this: &Obj<$type>) -> usize {
                this.state.borrow().block_size() * 8
            }

            #[getter]
            fn _suffix(this: &Obj<$type>, vm: &Vm) -> PyResult<Ref<Bytes>> {
                Bytes::new(vm, if this.state.borrow().digest_size() == 0 { b"\x1f" } else { b"\x06" })
            }
        ) })*
    };
}

made_by_functions! {
    Md5 fixed "md5" "_md5";
    Sha1 fixed "sha1" "_sha1";
    Sha224 fixed "SHA224Type" "_sha2";
    Sha256 fixed "SHA256Type" "_sha2";
    Sha384 fixed "SHA384Type" "_sha2";
    Sha512 fixed "SHA512Type" "_sha2";
}

called! {
    Sha3With224 fixed "sha3_224" "_sha3";
    Sha3With256 fixed "sha3_256" "_sha3";
    Sha3With384 fixed "sha3_384" "_sha3";
    Sha3With512 fixed "sha3_512" "_sha3";
    Shake128 variable "shake_128" "_sha3";
    Shake256 variable "shake_256" "_sha3";
}

//! `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2` and `_hashlib`: hash functions, HMAC, and keys out of passwords.
//!
//! * `state` – all functions behind one type; `types` – the types of the small modules; `blake` – `_blake2`; `openssl` – `_hashlib`.
//!
//! Invariant: data is fed through a closure that runs no Python code.

pub mod blake;
pub mod openssl;
mod state;
mod types;

use state::State;
use std::cell::RefCell;
use std::fmt::Write;
use taipan_heap::Value;
use taipan_macros::pymodule;
use taipan_objects::builtins::{buffer, is_none, str::Str};
use taipan_objects::vm::{PyResult, Vm};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Calls `f` with the bytes of what is hashed.
fn feed(vm: &Vm, data: &Value, f: impl FnOnce(&[u8])) -> PyResult<()> {
    if data.downcast::<Str>().is_some() {
        return Err(vm.type_error("Strings must be encoded before hashing"));
    }
    if !buffer::is_buffer(vm, data) {
        return Err(vm.type_error("object supporting the buffer API required"));
    }
    if buffer::export(vm, data)?.0.shape.len() > 1 {
        return Err(vm.buffer_error("Buffer must be single dimension"));
    }
    buffer::with_bytes(vm, data, f)
}

/// The data given by either name.
fn chosen<'a>(vm: &Vm, data: Option<&'a Value>, string: Option<&'a Value>) -> PyResult<Option<&'a Value>> {
    match (data, string.filter(|string| !is_none(string))) {
        (Some(_), Some(_)) => Err(vm.type_error(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.",
        )),
        (data, string) => Ok(data.or(string)),
    }
}

/// The function of this name, fed with the data.
fn started(vm: &Vm, name: &str, data: Option<&Value>, string: Option<&Value>) -> PyResult<State> {
    let data = chosen(vm, data, string)?;
    let Some(mut state) = State::named(name) else { return Err(vm.value_error("unsupported hash type")) };
    if let Some(data) = data {
        feed(vm, data, |bytes| state.update(bytes))?;
    }
    Ok(state)
}

/// A digest of the length that the caller wants.
fn long_digest(vm: &Vm, state: &RefCell<State>, length: isize) -> PyResult<Vec<u8>> {
    let Ok(length) = usize::try_from(length) else { return Err(vm.value_error("value must be positive")) };
    if length >= 1 << 29 {
        return Err(vm.value_error("length is too large"));
    }
    vm.check_room(length)?;
    let mut room = vec![0; length];
    state.borrow().finish(&mut room);
    Ok(room)
}

/// Makes a module of functions that make hash objects.
macro_rules! hash_module {
    ($rust:ident $python:literal $doc:literal: $($function:ident $name:literal $type:ident $shown:literal;)*) => {
        #[doc = $doc]
        #[pymodule(name = $python, init = fill)]
        pub mod $rust {
            use super::{started, types};
            use taipan_heap::{Obj, Value};
            use taipan_objects::builtins::module::{Module, ModuleObject};
            use taipan_objects::vm::{PyResult, Vm};

            fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
                $(module.set_attr(vm, $shown, vm.native_type(types::$type::spec())?.into())?;)*
                module.set_attr(vm, "_GIL_MINSIZE", Value::small_int(2048))
            }

            $(
                /// Return a new hash object.
                #[function(sig = "data=b'', *, usedforsecurity=True, string=None")]
                fn $function(
                    vm: &Vm,
                    data: Option<&Value>,
                    usedforsecurity: Option<&Value>,
                    string: Option<&Value>,
                ) -> PyResult<Value> {
                    let _ = usedforsecurity;
                    types::$type::make(vm, started(vm, $name, data, string)?)
                }
            )*
        }
    };
}

hash_module! { md5_module "_md5" "MD5.":
    md5 "md5" Md5 "MD5Type";
}
hash_module! { sha1_module "_sha1" "SHA-1.":
    sha1 "sha1" Sha1 "SHA1Type";
}
hash_module! { sha2_module "_sha2" "SHA-2.":
    sha224 "sha224" Sha224 "SHA224Type";
    sha256 "sha256" Sha256 "SHA256Type";
    sha384 "sha384" Sha384 "SHA384Type";
    sha512 "sha512" Sha512 "SHA512Type";
}

/// SHA-3.
#[pymodule(
    name = "_sha3",
    types(
        super::types::Sha3With224,
        super::types::Sha3With256,
        super::types::Sha3With384,
        super::types::Sha3With512,
        super::types::Shake128,
        super::types::Shake256
    )
)]
pub mod sha3_module {
    #[constant(name = "implementation")]
    fn implementation() -> &'static str {
        "RustCrypto"
    }

    #[constant(name = "_GIL_MINSIZE")]
    const GIL_MINSIZE: i32 = 2048;
}

//! `_hashlib`: the functions by name, HMAC, PBKDF2 and scrypt.
//!
//! Invariant: an unknown name raises UnsupportedDigestmodError.
#![allow(clippy::too_many_arguments, reason = "Python's signatures")]

use super::state::{Hmac, State, pbkdf2};
use super::{chosen, feed, hex, long_digest};
use std::cell::{OnceCell, RefCell};
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{buffer, bytes::Bytes, int, is_none, str::Str, tuple::Tuple};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

const NAMES: [&str; 14] = [
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha3_224",
    "sha3_256",
    "sha3_384",
    "sha3_512",
    "shake_128",
    "shake_256",
    "blake2b",
    "blake2s",
];

#[derive(Default)]
struct Error(OnceCell<Ref<Type>>);

fn error_class(vm: &Vm) -> PyResult<Ref<Type>> {
    let state = vm.interp().state(Error::default);
    if let Some(class) = state.0.get() {
        return Ok(class.clone());
    }
    let class =
        crate::exception_class::exception_class(vm, "_hashlib", "UnsupportedDigestmodError", &vm.types().value_error)?;
    Ok(state.0.get_or_init(|| class).clone())
}

#[cold]
fn unsupported(vm: &Vm, message: &str) -> Raised {
    match error_class(vm) {
        Ok(class) => vm.raise_new(&class, message),
        Err(raised) => raised,
    }
}

/// The function of a name in any of its spellings.
fn by_name(vm: &Vm, name: &str) -> PyResult<State> {
    let plain = name.to_lowercase().replace('-', "_");
    let plain = match &*plain {
        "sha_1" => "sha1",
        "sha_224" | "sha2_224" => "sha224",
        "sha_256" | "sha2_256" => "sha256",
        "sha_384" | "sha2_384" => "sha384",
        "sha_512" | "sha2_512" => "sha512",
        "blake2b512" => "blake2b",
        "blake2s256" => "blake2s",
        "shake128" => "shake_128",
        "shake256" => "shake_256",
        plain => plain,
    };
    State::named(plain).ok_or_else(|| unsupported(vm, &format!("unsupported digest algorithm: {name}")))
}

/// The function that a digestmod argument names: a name, or one of this module's constructors.
fn by_mode(vm: &Vm, mode: &Value) -> PyResult<State> {
    if let Some(name) = mode.downcast::<Str>() {
        return by_name(vm, &name.to_lossy());
    }
    if mode.downcast::<NativeFunction>().is_some() {
        let name = vm.get_attr_text(mode, "__name__")?;
        if let Some(name) = name.downcast::<Str>().and_then(|name| name.as_ascii()?.strip_prefix("openssl_")) {
            return by_name(vm, name);
        }
    }
    let shown = vm.repr(mode)?;
    Err(unsupported(vm, &format!("Unsupported digestmod {}", shown.to_lossy())))
}

fn cannot(vm: &Vm, name: &str) -> PyResult<Value> {
    Err(vm.type_error(format!("cannot create '_hashlib.{name}' instances")))
}

macro_rules! openssl_type {
    ($type:ident $name:literal { $($digest:tt)* }) => {
        /// A hash object.
        #[derive(Payload)]
        #[payload(name = $name)]
        pub struct $type {
            state: RefCell<State>,
            _charge: Charge,
        }

        /// A hash is an object used to calculate a checksum of a string of information.
        #[pytype(name = $name, module = "_hashlib")]
        impl $type {
            #[slot]
            fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
                let _ = args;
                cannot(vm, $name)
            }

            #[slot]
            fn repr(this: &Obj<$type>) -> String {
                let name = this.state.borrow().name();
                format!("<{name} {} object @ {:#x}>", concat!("_hashlib.", $name), this.header().address())
            }

            /// Return a copy of the hash object.
            #[method]
            fn copy(this: &Obj<$type>, vm: &Vm) -> PyResult<Value> {
                let state = this.state.borrow().clone();
                object(vm, state)
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

            $($digest)*
        }
    };
}

openssl_type! { Hash "HASH" {
    /// Return the digest value as a bytes object.
    #[method]
    fn digest(this: &Obj<Hash>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.state.borrow().digest())
    }

    /// Return the digest value as a string of hexadecimal digits.
    #[method]
    fn hexdigest(this: &Obj<Hash>) -> String {
        hex(&this.state.borrow().digest())
    }
} }

openssl_type! { HashXof "HASHXOF" {
    /// Return the digest value as a bytes object.
    #[method(sig = "length")]
    fn digest(this: &Obj<HashXof>, vm: &Vm, length: isize) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &long_digest(vm, &this.state, length)?)
    }

    /// Return the digest value as a string of hexadecimal digits.
    #[method(sig = "length")]
    fn hexdigest(this: &Obj<HashXof>, vm: &Vm, length: isize) -> PyResult<String> {
        Ok(hex(&long_digest(vm, &this.state, length)?))
    }
} }

/// A hash object of the fitting type.
fn object(vm: &Vm, state: State) -> PyResult<Value> {
    if state.digest_size() == 0 {
        let class = vm.native_type(HashXof::spec())?;
        return Ok(vm
            .alloc(&*class, HashXof { _charge: vm.charge(state.bytes())?, state: RefCell::new(state) })?
            .into());
    }
    Ok(vm
        .alloc(
            &*vm.native_type(Hash::spec())?,
            Hash { _charge: vm.charge(state.bytes())?, state: RefCell::new(state) },
        )?
        .into())
}

/// `_hashlib.HMAC`
#[derive(Payload)]
#[payload(name = "HMAC")]
pub struct HmacObject {
    hmac: RefCell<Hmac>,
    _charge: Charge,
}

/// The object used to calculate HMAC of a message.
#[pytype(name = "HMAC", module = "_hashlib")]
impl HmacObject {
    #[slot]
    fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        cannot(vm, "HMAC")
    }

    #[slot]
    fn repr(this: &Obj<HmacObject>) -> String {
        format!("<{} HMAC object @ {:#x}>", this.hmac.borrow().hash().name(), this.header().address())
    }

    /// Return a copy ("clone") of the HMAC object.
    #[method]
    fn copy(this: &Obj<HmacObject>, vm: &Vm) -> PyResult<Value> {
        hmac_object(vm, this.hmac.borrow().clone())
    }

    /// Update the HMAC object with msg.
    #[method(sig = "msg")]
    fn update(this: &Obj<HmacObject>, vm: &Vm, msg: &Value) -> PyResult<()> {
        feed(vm, msg, |bytes| this.hmac.borrow_mut().update(bytes))
    }

    /// Return the digest of the bytes passed to the update() method so far.
    #[method]
    fn digest(this: &Obj<HmacObject>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.hmac.borrow().digest())
    }

    /// Return hexadecimal digest of the bytes passed to the update() method so far.
    #[method]
    fn hexdigest(this: &Obj<HmacObject>) -> String {
        hex(&this.hmac.borrow().digest())
    }

    #[getter]
    fn block_size(this: &Obj<HmacObject>) -> usize {
        this.hmac.borrow().hash().block_size()
    }

    #[getter]
    fn digest_size(this: &Obj<HmacObject>) -> usize {
        this.hmac.borrow().hash().digest_size()
    }

    #[getter]
    fn name(this: &Obj<HmacObject>) -> String {
        format!("hmac-{}", this.hmac.borrow().hash().name())
    }
}

fn hmac_object(vm: &Vm, hmac: Hmac) -> PyResult<Value> {
    let object = HmacObject { _charge: vm.charge(hmac.bytes())?, hmac: RefCell::new(hmac) };
    Ok(vm.alloc(&*vm.native_type(HmacObject::spec())?, object)?.into())
}

/// An HMAC with its key.
fn keyed(vm: &Vm, key: &Value, mode: &Value) -> PyResult<Hmac> {
    let state = by_mode(vm, mode)?;
    if state.digest_size() == 0 {
        return Err(unsupported(vm, &format!("unsupported hash type: {}", state.name())));
    }
    let mut hmac = None;
    feed(vm, key, |key| hmac = Some(Hmac::new(&state, key)))?;
    hmac.ok_or_else(|| vm.buffer_error("the object gave no buffer"))
}

fn equal_bytes(a: &[u8], b: &[u8]) -> bool {
    // Looks at every byte, so that the time tells nothing of where they differ.
    let apart = a.iter().zip(b).fold(0, |apart, (a, b)| apart | (a ^ b));
    a.len() == b.len() && std::hint::black_box(apart) == 0
}

macro_rules! constructors {
    ($($function:ident $name:literal;)*) => {
        /// The constructors by name.
        #[pymodule(name = "_hashlib")]
        pub mod constructors {
            use super::*;

            $(
                /// Returns a hash object; optionally initialized with a string.
                #[function(sig = "data=b'', *, usedforsecurity=True, string=None")]
                fn $function(
                    vm: &Vm,
                    data: Option<&Value>,
                    usedforsecurity: Option<&Value>,
                    string: Option<&Value>,
                ) -> PyResult<Value> {
                    let _ = usedforsecurity;
                    object(vm, super::super::started(vm, $name, data, string)?)
                }
            )*
        }

        const CONSTRUCTORS: &[(&str, &str)] = &[$((stringify!($function), $name)),*];
    };
}

constructors! {
    openssl_md5 "md5";
    openssl_sha1 "sha1";
    openssl_sha224 "sha224";
    openssl_sha256 "sha256";
    openssl_sha384 "sha384";
    openssl_sha512 "sha512";
    openssl_sha3_224 "sha3_224";
    openssl_sha3_256 "sha3_256";
    openssl_sha3_384 "sha3_384";
    openssl_sha3_512 "sha3_512";
    openssl_shake_128 "shake_128";
    openssl_shake_256 "shake_256";
}

/// Hash functions by name, for `hashlib` and `hmac`.
#[pymodule(name = "_hashlib", types(Hash, HashXof, HmacObject), init = fill)]
pub mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let table = Dict::new(vm)?;
        for def in constructors::spec().functions {
            let function = NativeFunction::new(vm, def, None, Some("_hashlib"))?;
            if let Some((_, name)) = CONSTRUCTORS.iter().find(|(known, _)| *known == def.name) {
                table.set(vm, &function.to_value(), name.into_value(vm)?)?;
            }
            module.set_attr(vm, def.name, function.into())?;
        }
        let view = vm.call(&vm.types().mapping_proxy.to_value(), &[table.into()])?;
        module.set_attr(vm, "_constructors", view)?;
        let names = NAMES.iter().map(|name| name.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
        let names = Tuple::from_values(vm, names)?;
        let names = vm.call(&vm.types().frozenset.to_value(), &[names.into()])?;
        module.set_attr(vm, "openssl_md_meth_names", names)?;
        module.set_attr(vm, "_GIL_MINSIZE", Value::small_int(2048))?;
        module.set_attr(vm, "UnsupportedDigestmodError", error_class(vm)?.into())
    }

    /// Return a new hash object using the named algorithm.
    ///
    /// An optional string argument may be provided and will be
    /// automatically hashed.
    #[function(sig = "name, data=b'', *, usedforsecurity=True, string=None")]
    fn new(
        vm: &Vm,
        name: &Value,
        data: Option<&Value>,
        usedforsecurity: Option<&Value>,
        string: Option<&Value>,
    ) -> PyResult<Value> {
        let _ = usedforsecurity;
        let data = chosen(vm, data, string)?;
        let Some(text) = name.downcast::<Str>() else {
            let given = vm.type_name(name);
            return Err(vm.type_error(format!("new() argument 'name' must be str, not {given}")));
        };
        let mut state = by_name(vm, &text.to_lossy())?;
        if let Some(data) = data {
            feed(vm, data, |bytes| state.update(bytes))?;
        }
        object(vm, state)
    }

    /// Return a new hmac object.
    #[function(sig = "key, msg=b'', digestmod=None")]
    fn hmac_new(vm: &Vm, key: &Value, msg: Option<&Value>, digestmod: Option<&Value>) -> PyResult<Value> {
        let Some(mode) = digestmod.filter(|mode| !is_none(mode)) else {
            return Err(vm.type_error("Missing required parameter 'digestmod'."));
        };
        let mut hmac = keyed(vm, key, mode)?;
        if let Some(msg) = msg.filter(|msg| !is_none(msg)) {
            feed(vm, msg, |bytes| hmac.update(bytes))?;
        }
        hmac_object(vm, hmac)
    }

    /// Single-shot HMAC.
    #[function(sig = "key, msg, digest")]
    fn hmac_digest(vm: &Vm, key: &Value, msg: &Value, digest: &Value) -> PyResult<Ref<Bytes>> {
        let mut hmac = keyed(vm, key, digest)?;
        feed(vm, msg, |bytes| hmac.update(bytes))?;
        Bytes::new(vm, &hmac.digest())
    }

    /// Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function.
    #[function(sig = "hash_name, password, salt, iterations, dklen=None")]
    fn pbkdf2_hmac(
        vm: &Vm,
        hash_name: &Value,
        password: &Value,
        salt: &Value,
        iterations: i64,
        dklen: Option<&Value>,
    ) -> PyResult<Ref<Bytes>> {
        let Some(name) = hash_name.downcast::<Str>() else {
            let given = vm.type_name(hash_name);
            return Err(vm.type_error(format!("pbkdf2_hmac() argument 'hash_name' must be str, not {given}")));
        };
        let state = by_name(vm, &name.to_lossy())?;
        if state.digest_size() == 0 {
            return Err(unsupported(vm, &format!("unsupported hash type: {}", state.name())));
        }
        let (password, salt) = (buffer::to_vec(vm, password)?, buffer::to_vec(vm, salt)?);
        if iterations < 1 {
            return Err(vm.value_error("iteration value must be greater than 0."));
        }
        let len = match dklen.filter(|len| !is_none(len)) {
            None => state.digest_size() as i64,
            Some(len) => match int::index_i64(vm, len)? {
                Some(len) => len,
                None => return Err(vm.overflow_error("Python int too large to convert to C long")),
            },
        };
        if len < 1 {
            return Err(vm.value_error("key length must be greater than 0."));
        }
        if len > i64::from(i32::MAX) {
            return Err(vm.overflow_error("key length is too great."));
        }
        vm.check_room(len as usize)?;
        let mut room = vec![0; len as usize];
        crate::posix_module::blocking(vm, || pbkdf2(&state, &password, &salt, iterations as u64, &mut room));
        Bytes::new(vm, &room)
    }

    /// scrypt password-based key derivation function.
    #[function(sig = "password, *, salt, n, r, p, maxmem=0, dklen=64")]
    fn scrypt(
        vm: &Vm,
        password: &Value,
        salt: &Value,
        n: u64,
        r: u64,
        p: u64,
        maxmem: Option<i64>,
        dklen: Option<i64>,
    ) -> PyResult<Ref<Bytes>> {
        let (password, salt) = (buffer::to_vec(vm, password)?, buffer::to_vec(vm, salt)?);
        if n < 2 || !n.is_power_of_two() {
            return Err(vm.value_error("n must be a power of 2."));
        }
        let (limit, len) = (maxmem.unwrap_or(0), dklen.unwrap_or(64));
        if !(0..i64::from(i32::MAX)).contains(&limit) {
            return Err(vm.value_error("maxmem must be positive and smaller than 2147483647"));
        }
        if !(1..i64::from(i32::MAX)).contains(&len) {
            return Err(vm.value_error("dklen must be greater than 0 and smaller than 2147483647"));
        }
        let bad = || vm.value_error("Invalid parameter combination for n, r, p, maxmem.");
        let limit = if limit == 0 { 32 << 20 } else { limit as u64 };
        let blocks = r.checked_mul(128).and_then(|size| n.checked_add(p)?.checked_add(2)?.checked_mul(size));
        if r == 0 || p == 0 || blocks.is_none_or(|bytes| bytes > limit) {
            return Err(bad());
        }
        vm.check_room(blocks.unwrap_or(0) as usize + len as usize)?;
        let (Ok(r), Ok(p)) = (u32::try_from(r), u32::try_from(p)) else { return Err(bad()) };
        let Ok(params) = ::scrypt::Params::new(n.trailing_zeros() as u8, r, p, 32) else { return Err(bad()) };
        let mut room = vec![0; len as usize];
        let made = crate::posix_module::blocking(vm, || ::scrypt::scrypt(&password, &salt, &params, &mut room));
        if made.is_err() {
            return Err(bad());
        }
        Bytes::new(vm, &room)
    }

    /// Return 'a == b'.
    ///
    /// This function uses an approach designed to prevent timing analysis, making it
    /// appropriate for cryptography.
    #[function(sig = "a, b, /")]
    fn compare_digest(vm: &Vm, a: &Value, b: &Value) -> PyResult<bool> {
        match (a.downcast::<Str>(), b.downcast::<Str>()) {
            (Some(a), Some(b)) => match (a.as_ascii(), b.as_ascii()) {
                (Some(a), Some(b)) => Ok(equal_bytes(a.as_bytes(), b.as_bytes())),
                _ => Err(vm.type_error("comparing strings with non-ASCII characters is not supported")),
            },
            _ if !buffer::is_buffer(vm, a) && !buffer::is_buffer(vm, b) => {
                let (a, b) = (vm.type_name(a), vm.type_name(b));
                Err(vm.type_error(format!("unsupported operand types(s) or combination of types: '{a}' and '{b}'")))
            }
            _ => Ok(equal_bytes(&buffer::to_vec(vm, a)?, &buffer::to_vec(vm, b)?)),
        }
    }

    /// Determine the OpenSSL FIPS mode of operation.
    #[function]
    fn get_fips_mode() -> i32 {
        0
    }
}

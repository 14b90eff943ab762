//! Paths as Python gives them: str, bytes, path-like objects and descriptors.
//!
//! Invariant: text and the system's bytes are converted by UTF-8 with `surrogateescape`, both ways, so every name makes the round trip.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::{FALSE, TRUE, bytes::Bytes, int, is_none, str::Str};
use taipan_objects::codecs;
use taipan_objects::types::TypeObject;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// A path argument of a function of `os`.
pub struct PathArgument {
    /// The path; empty when a descriptor was given.
    pub path: PathBuf,
    /// The descriptor, where one was given and may be.
    pub descriptor: Option<i32>,
    /// What was given, for exceptions.
    pub object: Value,
    /// Whether results that are names are bytes.
    pub is_bytes: bool,
}

impl PathArgument {
    /// Reads an argument of `function`; `allow_descriptor` says whether an int will do.
    pub fn read(vm: &Vm, value: &Value, function: &str, argument: &str, allow_descriptor: bool) -> PyResult<Self> {
        if allow_descriptor && int::is_int(value) {
            let descriptor = descriptor(vm, value)?;
            let (path, object) = (PathBuf::new(), value.clone());
            return Ok(PathArgument { path, descriptor: Some(descriptor), object, is_bytes: false });
        }
        let wanted =
            if allow_descriptor { "string, bytes, os.PathLike or integer" } else { "string, bytes or os.PathLike" };
        let converted = match as_path(vm, value)? {
            Some(converted) => converted,
            None => {
                let given = vm.type_name(value);
                return Err(vm.type_error(format!("{function}: {argument} should be {wanted}, not {given}")));
            }
        };
        let bytes = system_bytes(vm, &converted)?;
        if bytes.contains(&0) {
            return Err(vm.value_error(format!("{function}: embedded null character in {argument}")));
        }
        let is_bytes = converted.downcast::<Bytes>().is_some();
        Ok(PathArgument {
            path: PathBuf::from(OsStr::from_bytes(&bytes)),
            descriptor: None,
            object: converted,
            is_bytes,
        })
    }

    /// Where the system finds the file: the path, or the descriptor's place in `/proc`.
    pub fn target(&self) -> PathBuf {
        match self.descriptor {
            Some(descriptor) => PathBuf::from(format!("/proc/self/fd/{descriptor}")),
            None => self.path.clone(),
        }
    }

    /// Raises the OSError of a failed call about this path.
    #[cold]
    pub fn fail(&self, vm: &Vm, error: &std::io::Error) -> Raised {
        vm.os_error(taipan_host::errno(error), Some(self.object.clone()))
    }
}

/// A descriptor from an int.
pub fn descriptor(vm: &Vm, value: &Value) -> PyResult<i32> {
    if value.is(&TRUE) || value.is(&FALSE) {
        crate::warnings::warn(vm, &vm.types().runtime_warning, "bool is used as a file descriptor", 1)?;
    }
    match int::index_i64(vm, value)?.map(i32::try_from) {
        Some(Ok(descriptor)) => Ok(descriptor),
        Some(Err(_)) if int::index_i64(vm, value)?.is_some_and(|n| n < 0) => {
            Err(vm.overflow_error("fd is less than minimum"))
        }
        _ => Err(vm.overflow_error("fd is greater than maximum")),
    }
}

/// The str or bytes that a path is; `None` when it is none.
fn as_path(vm: &Vm, value: &Value) -> PyResult<Option<Value>> {
    if value.downcast::<Str>().is_some() || value.downcast::<Bytes>().is_some() {
        return Ok(Some(value.clone()));
    }
    let name = vm.intern("__fspath__")?;
    if vm.class_of(value).lookup(vm, &name).is_none_or(|found| is_none(&found)) {
        return Ok(None);
    }
    let Some(result) = vm.call_special(value, &name, &[])? else { return Ok(None) };
    if result.downcast::<Str>().is_some() || result.downcast::<Bytes>().is_some() {
        return Ok(Some(result));
    }
    let (class, given) = (vm.type_name(value), vm.type_name(&result));
    Err(vm.type_error(format!("expected {class}.__fspath__() to return str or bytes, not {given}")))
}

/// `os.fspath`
pub fn fspath(vm: &Vm, value: &Value) -> PyResult<Value> {
    match as_path(vm, value)? {
        Some(path) => Ok(path),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {given}")))
        }
    }
}

/// The bytes that the system sees for a str or bytes.
pub fn system_bytes(vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
    if let Some(text) = value.downcast::<Str>() {
        return match text.as_ascii() {
            Some(ascii) => Ok(ascii.as_bytes().to_vec()),
            None => Ok(codecs::encode(vm, text, "utf-8", "surrogateescape")?.bytes().to_vec()),
        };
    }
    match value.downcast::<Bytes>() {
        Some(bytes) => Ok(bytes.bytes().to_vec()),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {given}")))
        }
    }
}

/// A name from the system as a str.
pub fn system_text(vm: &Vm, bytes: &[u8]) -> PyResult<Ref<Str>> {
    codecs::decode_codec(vm, taipan_text::codecs::Codec::Utf8, bytes, "surrogateescape")
}

/// A path from the system as a str, or bytes.
pub fn system_value(vm: &Vm, path: &Path, as_bytes: bool) -> PyResult<Value> {
    let bytes = path.as_os_str().as_bytes();
    if as_bytes { Ok(Bytes::new(vm, bytes)?.into()) } else { Ok(system_text(vm, bytes)?.into()) }
}

/// The text of a path argument, for names of code that need not exist as files.
pub fn path_text(vm: &Vm, value: &Value) -> PyResult<String> {
    let path = fspath(vm, value)?;
    match path.downcast::<Str>() {
        Some(text) => Ok(text.to_lossy().into_owned()),
        None => Ok(String::from_utf8_lossy(&system_bytes(vm, &path)?).into_owned()),
    }
}

/// Whether an optional argument was given and is not None.
pub fn given(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !is_none(value))
}

impl PathArgument {
    /// The path given to `open`.
    pub fn read_for_open(vm: &Vm, value: &Value) -> PyResult<PathArgument> {
        let object = fspath(vm, value)?;
        let bytes = system_bytes(vm, &object)?;
        if bytes.contains(&0) {
            return Err(vm.value_error("embedded null byte"));
        }
        let is_bytes = object.downcast::<Bytes>().is_some();
        Ok(PathArgument { path: PathBuf::from(OsStr::from_bytes(&bytes)), descriptor: None, object, is_bytes })
    }
}

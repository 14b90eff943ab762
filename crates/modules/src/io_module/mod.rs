//! `_io`: files, buffers and text on top of descriptors.
//!
//! * `base` – the abstract bases; `file` – `FileIO`; `buffered` – the buffered readers and writers; `bytes_io`, `string_io` – files in memory;
//! * `text_io` – `TextIOWrapper`; `decoder` – incremental decoding with line ends; `open` – `open` and the standard streams.
//!
//! Invariant: layers talk to each other through Python methods, so a layer written in Python may stand anywhere; where both sides are of
//! the native type itself they are called directly.

mod base;
mod buffered;
mod bytes_io;
mod decoder;
mod file;
mod open;
mod string_io;
pub mod text_io;

pub use module::spec;
pub use open::{open_file, standard_streams};

use std::cell::OnceCell;
use std::rc::Rc;
use taipan_heap::{Payload, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::exception::OsError;
use taipan_objects::builtins::{NONE, dict::Dict, int, is_none};
use taipan_objects::native::TypeSpec;
use taipan_objects::types::{Type, type_flags};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Bytes that a buffer holds, and that are read from a file at a time.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// The module's classes.
#[allow(missing_docs)]
pub struct IoTypes {
    pub io_base: Ref<Type>,
    pub raw_base: Ref<Type>,
    pub buffered_base: Ref<Type>,
    pub text_base: Ref<Type>,
    pub file: Ref<Type>,
    pub reader: Ref<Type>,
    pub writer: Ref<Type>,
    pub random: Ref<Type>,
    pub pair: Ref<Type>,
    pub bytes_io: Ref<Type>,
    pub string_io: Ref<Type>,
    pub text: Ref<Type>,
    pub newline_decoder: Ref<Type>,
    pub unsupported: Ref<Type>,
}

static UNSUPPORTED: TypeSpec = TypeSpec {
    module: "io",
    flags: type_flags::BASETYPE | type_flags::HAS_DICT,
    ..TypeSpec::bare("UnsupportedOperation", <OsError as Payload>::info)
};

impl IoTypes {
    fn make(vm: &Vm) -> PyResult<IoTypes> {
        let class = |spec: &'static TypeSpec, base: &Ref<Type>| Type::from_spec(vm, spec, std::slice::from_ref(base));
        let io_base = class(base::IoBase::spec(), &vm.types().object)?;
        let raw_base = class(base::RawIoBase::spec(), &io_base)?;
        let buffered_base = class(base::BufferedIoBase::spec(), &io_base)?;
        let text_base = class(base::TextIoBase::spec(), &io_base)?;
        let errors = [vm.types().os_error.clone(), vm.types().value_error.clone()];
        Ok(IoTypes {
            file: class(file::FileIo::spec(), &raw_base)?,
            reader: class(buffered::BufferedReader::spec(), &buffered_base)?,
            writer: class(buffered::BufferedWriter::spec(), &buffered_base)?,
            random: class(buffered::BufferedRandom::spec(), &buffered_base)?,
            pair: class(buffered::RwPair::spec(), &buffered_base)?,
            bytes_io: class(bytes_io::BytesIo::spec(), &buffered_base)?,
            string_io: class(string_io::StringIo::spec(), &text_base)?,
            text: class(text_io::TextIoWrapper::spec(), &text_base)?,
            newline_decoder: class(decoder::NewlineDecoder::spec(), &vm.types().object)?,
            unsupported: Type::from_spec(vm, &UNSUPPORTED, &errors)?,
            io_base,
            raw_base,
            buffered_base,
            text_base,
        })
    }

    fn all(&self) -> [&Ref<Type>; 14] {
        [
            &self.io_base,
            &self.raw_base,
            &self.buffered_base,
            &self.text_base,
            &self.file,
            &self.reader,
            &self.writer,
            &self.random,
            &self.pair,
            &self.bytes_io,
            &self.string_io,
            &self.text,
            &self.newline_decoder,
            &self.unsupported,
        ]
    }
}

#[derive(Default)]
struct IoState {
    types: OnceCell<Rc<IoTypes>>,
}

/// The interpreter's io classes.
pub fn types(vm: &Vm) -> PyResult<Rc<IoTypes>> {
    let state = vm.interp().state(IoState::default);
    if let Some(types) = state.types.get() {
        return Ok(types.clone());
    }
    let types = Rc::new(IoTypes::make(vm)?);
    let _ = state.types.set(types.clone());
    Ok(types)
}

/// Raises `io.UnsupportedOperation`.
#[cold]
pub(crate) fn unsupported(vm: &Vm, message: &str) -> Raised {
    match types(vm) {
        Ok(types) => vm.raise_new(&types.unsupported, message),
        Err(raised) => raised,
    }
}

/// The instance's own attributes, as pickling keeps them: a dict, or None.
fn own_attributes(vm: &Vm, file: &Value) -> PyResult<Value> {
    let dict = vm.find_attr(file, &*vm.intern("__dict__")?)?;
    match dict.as_ref().and_then(|dict| dict.downcast::<Dict>()).filter(|dict| !dict.is_empty()) {
        Some(dict) => Ok(dict.copy(vm)?.into()),
        None => Ok(NONE),
    }
}

/// Adds attributes from a pickled state's item; `place` names it.
fn add_attributes(vm: &Vm, file: &Value, item: &Value, place: &str) -> PyResult<()> {
    if is_none(item) {
        return Ok(());
    }
    let Some(more) = item.downcast::<Dict>() else {
        let given = vm.type_name(item);
        return Err(vm.type_error(format!("{place} item of state should be a dict, got a {given}")));
    };
    let own = vm.get_attr_text(file, "__dict__")?;
    base::invoke(vm, &own, "update", &[more.to_value()]).map(drop)
}

/// What files cannot do.
#[cold]
fn cannot_pickle(vm: &Vm, file: &Value) -> Raised {
    vm.type_error(format!("cannot pickle '{}' instances", vm.type_name(file)))
}

/// A size argument: None and negative mean "all".
fn size_argument(vm: &Vm, value: Option<&Value>) -> PyResult<Option<usize>> {
    let Some(value) = value.filter(|value| !is_none(value)) else { return Ok(None) };
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("argument should be integer or None, not '{given}'")));
    }
    Ok(usize::try_from(int::index_clamped(vm, value)?).ok())
}

/// The core implementation of the io module.
#[pymodule(name = "_io", init = fill)]
mod module {
    use super::*;
    use taipan_heap::Obj;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::builtins::str::Str;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for class in types(vm)?.all() {
            module.set_attr(vm, &class.name(), class.to_value())?;
        }
        module.set_attr(vm, "BlockingIOError", vm.types().blocking_io_error.to_value())?;
        module.set_attr(vm, "DEFAULT_BUFFER_SIZE", int::from_i64(vm, DEFAULT_BUFFER_SIZE as i64)?)
    }

    /// Open file and return a stream.  Raise OSError upon failure.
    ///
    /// file is either a text or byte string giving the name (and the path
    /// if the file isn't in the current working directory) of the file to
    /// be opened or an integer file descriptor of the file to be
    /// wrapped.
    #[function(
        sig = "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None"
    )]
    #[allow(clippy::too_many_arguments)]
    fn open(
        vm: &Vm,
        file: &Value,
        mode: Option<&Value>,
        buffering: i64,
        encoding: Option<&Value>,
        errors: Option<&Value>,
        newline: Option<&Value>,
        closefd: bool,
        opener: Option<&Value>,
    ) -> PyResult<Value> {
        let mode = match mode {
            None => "r".to_owned(),
            Some(mode) => match mode.downcast::<Str>() {
                Some(mode) => mode.to_lossy().into_owned(),
                None => {
                    let given = vm.given_name(mode);
                    return Err(vm.type_error(format!("open() argument 'mode' must be str, not {given}")));
                }
            },
        };
        open_file(vm, file, &mode, buffering, [encoding, errors, newline], closefd, opener)
    }

    /// Opens the provided file with the intent to import the contents.
    ///
    /// This may perform extra validation beyond open(), but is otherwise interchangeable
    /// with calling open(path, 'rb').
    #[function(sig = "path")]
    fn open_code(vm: &Vm, path: &Value) -> PyResult<Value> {
        open_file(vm, path, "rb", -1, [None; 3], true, None)
    }

    /// A helper function to choose the text encoding.
    ///
    /// When encoding is not None, this function returns it.
    /// Otherwise, this function returns the default text encoding
    /// (i.e. "locale" or "utf-8" depends on UTF-8 mode).
    #[function(sig = "encoding, stacklevel=2, /")]
    fn text_encoding(vm: &Vm, encoding: &Value, stacklevel: i64) -> PyResult<Value> {
        if !is_none(encoding) {
            return Ok(encoding.clone());
        }
        let flags = crate::sys::flags(vm);
        if flags.warn_default_encoding != 0 {
            let category = &vm.types().encoding_warning;
            crate::warnings::warn(vm, category, "'encoding' argument not specified", stacklevel)?;
        }
        Ok(vm.intern(if flags.utf8_mode != 0 { "utf-8" } else { "locale" })?.into())
    }
}

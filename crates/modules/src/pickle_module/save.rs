//! Writes values.
//!
//! Invariant: after `save` the machine that reads has one more value on its stack.

use super::buffer::PickleBuffer;
use super::opcodes as op;
use super::output::{Head, Memo, Output};
use super::{class_name, library, pickling_error};
use std::borrow::Cow;
use taipan_heap::{Obj, Value};
use taipan_interp::function::Function;
use taipan_numeric::BigInt;
use taipan_objects::builtins::bytearray::ByteArray;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::memoryview::MemoryView;
use taipan_objects::builtins::set::as_set;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{FALSE, NONE, TRUE, float, int, is_none};
use taipan_objects::codecs;
use taipan_objects::types::{TypeObject, instance, type_flags};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// How to write.
#[derive(Clone)]
pub struct Settings {
    pub protocol: u8,
    pub fix_imports: bool,
    pub buffer_callback: Option<Value>,
}

impl Settings {
    /// From the arguments of `Pickler`.
    pub fn new(
        vm: &Vm,
        protocol: Option<&Value>,
        fix_imports: bool,
        buffer_callback: Option<&Value>,
    ) -> PyResult<Settings> {
        let protocol = match protocol.filter(|protocol| !is_none(protocol)) {
            None => op::DEFAULT,
            Some(protocol) => match int::index_clamped(vm, protocol)? {
                protocol if protocol < 0 => op::HIGHEST,
                protocol if protocol > op::HIGHEST => {
                    return Err(vm.value_error(format!("pickle protocol must be <= {}", op::HIGHEST)));
                }
                protocol => protocol,
            },
        };
        let buffer_callback = buffer_callback.filter(|callback| !is_none(callback)).cloned();
        if buffer_callback.is_some() && protocol < 5 {
            return Err(vm.value_error("buffer_callback needs protocol >= 5"));
        }
        Ok(Settings { protocol: protocol as u8, fix_imports: fix_imports && protocol < 3, buffer_callback })
    }
}

/// The writing machine.
pub struct Saver<'a> {
    pub vm: &'a Vm,
    pub settings: Settings,
    pub out: Output,
    pub memo: Memo,
    /// Whether operations have binary arguments.
    pub bin: bool,
    /// Nothing is remembered, so recursive objects cannot be written.
    pub fast: bool,
    pub persistent_id: Option<Value>,
    pub reducer_override: Option<Value>,
    pub dispatch_table: Option<Value>,
    /// Whether nobody looks at the memo afterwards: it may have numbers without an object.
    pub closed: bool,
    /// The version of the class that `saves_plainly` last said yes to.
    pub plain: u32,
}

/// The two's complement of an int, as short as can be.
fn int_bytes(value: &BigInt) -> Vec<u8> {
    if value == &BigInt::from(0) { Vec::new() } else { value.to_signed_bytes_le() }
}

impl<'a> Saver<'a> {
    /// A machine that has written nothing.
    pub fn new(vm: &'a Vm, settings: Settings) -> PyResult<Saver<'a>> {
        Ok(Saver {
            vm,
            bin: settings.protocol > 0,
            settings,
            out: Output::default(),
            memo: Memo::default(),
            fast: false,
            persistent_id: None,
            reducer_override: None,
            dispatch_table: None,
            closed: false,
            plain: 0,
        })
    }

    /// Writes one value and the end; returns what has not gone to a file.
    pub fn dump(&mut self, object: &Value, write: Option<Value>) -> PyResult<Vec<u8>> {
        self.out.write = write;
        self.out.framing = false;
        if self.proto() >= 2 {
            self.out.put(&[op::PROTO, self.proto()]);
        }
        self.out.framing = self.proto() >= 4;
        self.save(object, true)?;
        self.out.put(&[op::STOP]);
        self.out.finish(self.vm)
    }

    /// The protocol.
    pub fn proto(&self) -> u8 {
        self.settings.protocol
    }

    /// Whether operations have binary arguments.
    pub fn binary(&self) -> bool {
        self.bin
    }

    /// Adds a note about where an exception came up.
    #[cold]
    pub fn note(&self, raised: Raised, text: String) -> Raised {
        let exception = self.vm.take_exception(raised);
        let added = Str::new(self.vm, &text)
            .and_then(|text| self.vm.call_method(&exception.to_value(), &*self.vm.intern("add_note")?, &[text.into()]));
        if let Err(raised) = added {
            drop(self.vm.take_exception(raised));
        }
        self.vm.restore(exception)
    }

    /// Remembers an object whose value is on top of the stack.
    pub fn memoize(&mut self, object: &Value) {
        if self.fast {
            return;
        }
        let number = self.memo.len() as u32;
        self.memo.add(number, object);
        self.put_memoize(number);
    }

    /// Writes that what is on top of the stack is remembered under a number.
    pub fn put_memoize(&mut self, number: u32) {
        match number {
            _ if self.proto() >= 4 => self.out.put(&[op::MEMOIZE]),
            _ if !self.binary() => self.out.put_line(b'p', number.into()),
            0..256 => self.out.put(&[op::BINPUT, number as u8]),
            _ => {
                self.out.put(&[op::LONG_BINPUT]);
                self.out.put(&number.to_le_bytes());
            }
        }
    }

    /// Fetches what has been remembered.
    pub fn fetch(&mut self, number: u32) {
        match number {
            _ if !self.binary() => self.out.put_line(b'g', number.into()),
            0..256 => self.out.put(&[op::BINGET, number as u8]),
            _ => {
                self.out.put(&[op::LONG_BINGET]);
                self.out.put(&number.to_le_bytes());
            }
        }
    }

    /// Writes a value.
    pub fn save(&mut self, object: &Value, persistent: bool) -> PyResult<()> {
        let vm = self.vm;
        self.out.boundary(vm)?;
        if persistent && let Some(function) = self.persistent_id.clone() {
            let id = vm.call(&function, std::slice::from_ref(object))?;
            if !is_none(&id) {
                return self.save_persistent(&id);
            }
        }
        let class = vm.class_of(object);
        let types = vm.types();
        if is_none(object) {
            self.out.put(&[op::NONE]);
            return Ok(());
        }
        if object.is(&TRUE) || object.is(&FALSE) {
            let truth = object.is(&TRUE);
            match (self.proto() >= 2, truth) {
                (true, true) => self.out.put(&[op::NEWTRUE]),
                (true, false) => self.out.put(&[op::NEWFALSE]),
                (false, true) => self.out.put(b"I01\n"),
                (false, false) => self.out.put(b"I00\n"),
            }
            return Ok(());
        }
        if class.is_same(&*types.int) {
            return self.save_int(object);
        }
        if class.is_same(&*types.float) {
            return self.save_float(object);
        }
        if let Some(number) = self.memo.find(object) {
            self.fetch(number);
            return Ok(());
        }
        if let Some(bytes) = object.downcast_exact::<Bytes>() {
            return self.save_bytes(bytes);
        }
        if let Some(text) = object.downcast_exact::<Str>() {
            return self.save_text(text);
        }
        vm.recursive(" while pickling an object", || self.save_deep(object))
    }

    /// Writes what may hold other values.
    fn save_deep(&mut self, object: &Value) -> PyResult<()> {
        if let Some(dict) = object.downcast_exact::<Dict>() {
            return self.save_dict(dict);
        }
        let class = self.vm.class_of(object);
        let types = self.vm.types();
        if class.is_same(&*types.set) || class.is_same(&*types.frozenset) {
            let Some(set) = as_set(object) else { return self.save_object(object) };
            return if set.is_frozen() { self.save_frozenset(object, set) } else { self.save_set(object, set) };
        }
        if let Some(list) = object.downcast_exact::<List>() {
            return self.save_list(list);
        }
        if let Some(tuple) = object.downcast_exact::<Tuple>() {
            return self.save_tuple(tuple);
        }
        if let Some(array) = object.downcast_exact::<ByteArray>() {
            return self.save_bytearray(array);
        }
        if let Some(buffer) = object.downcast_exact::<PickleBuffer>() {
            return self.save_buffer(buffer);
        }
        self.save_object(object)
    }

    fn save_persistent(&mut self, id: &Value) -> PyResult<()> {
        if self.binary() {
            self.save(id, false)?;
            self.out.put(&[op::BINPERSID]);
            return Ok(());
        }
        let text = self.vm.str(id)?;
        let Some(ascii) = text.as_ascii() else {
            return Err(pickling_error(self.vm, "persistent IDs in protocol 0 must be ASCII strings"));
        };
        let line = format!("P{ascii}\n");
        self.out.put(line.as_bytes());
        Ok(())
    }

    fn save_int(&mut self, object: &Value) -> PyResult<()> {
        let small = int::as_small(object).and_then(|small| i32::try_from(small).ok());
        if let Some(small) = small {
            match small {
                _ if !self.binary() => self.out.put_line(b'I', small.into()),
                0..0x100 => self.out.put(&[op::BININT1, small as u8]),
                0x100..0x1_0000 => self.out.put(&[op::BININT2, small as u8, (small >> 8) as u8]),
                _ => {
                    self.out.put(&[op::BININT]);
                    self.out.put(&small.to_le_bytes());
                }
            }
            return Ok(());
        }
        if self.proto() < 2 {
            let text = format!("L{}L\n", int::decimal(self.vm, object)?);
            self.out.put(text.as_bytes());
            return Ok(());
        }
        let bytes = int::as_big(object).map_or_else(Vec::new, |big| int_bytes(&big));
        match u8::try_from(bytes.len()) {
            Ok(len) => self.out.put(&[op::LONG1, len]),
            Err(_) => match i32::try_from(bytes.len()) {
                Ok(len) => {
                    self.out.put(&[op::LONG4]);
                    self.out.put(&len.to_le_bytes());
                }
                Err(_) => return Err(self.vm.overflow_error("int too large to pickle")),
            },
        }
        self.out.put(&bytes);
        Ok(())
    }

    fn save_float(&mut self, object: &Value) -> PyResult<()> {
        if !self.binary() {
            let text = format!("F{}\n", self.vm.repr(object)?.to_lossy());
            self.out.put(text.as_bytes());
            return Ok(());
        }
        self.out.put(&[op::BINFLOAT]);
        self.out.put(&float::get(object).unwrap_or_default().to_be_bytes());
        Ok(())
    }

    /// An operation with the length of its data: the shortest form of three.
    fn sized(&self, forms: [Option<u8>; 2], longest: u8, len: usize, what: &str) -> PyResult<Head> {
        match (forms, u8::try_from(len), u32::try_from(len)) {
            ([Some(short), _], Ok(len), _) => Ok(Head::new(short, &[len])),
            ([_, Some(middle)], _, Ok(len)) => Ok(Head::new(middle, &len.to_le_bytes())),
            _ if self.proto() >= 4 => Ok(Head::new(longest, &(len as u64).to_le_bytes())),
            _ => Err(self.vm.overflow_error(format!(
                "serializing a {what} larger than 4 GiB requires pickle protocol 4 or higher"
            ))),
        }
    }

    fn put_bytes(&mut self, data: &[u8], object: Option<&Value>) -> PyResult<()> {
        let head =
            self.sized([Some(op::SHORT_BINBYTES), Some(op::BINBYTES)], op::BINBYTES8, data.len(), "bytes object")?;
        self.out.put_data(self.vm, head.bytes(), data, object)
    }

    fn save_bytes(&mut self, bytes: &Obj<Bytes>) -> PyResult<()> {
        let vm = self.vm;
        let object = bytes.to_value();
        if self.proto() >= 3 {
            self.put_bytes(bytes.bytes(), Some(&object))?;
            self.memoize(&object);
            return Ok(());
        }
        if bytes.bytes().is_empty() {
            let none = Tuple::from_values(vm, Vec::new())?;
            return self.save_reduce(&vm.types().bytes.to_value(), &none.into(), &[], Some(&object));
        }
        let encode = vm.get_attr_text(&taipan_interp::import::import_absolute(vm, "_codecs")?, "encode")?;
        let arguments = Tuple::pair(vm, Str::from_latin1(vm, bytes.bytes())?.into(), vm.intern("latin1")?.into())?;
        self.save_reduce(&encode, &arguments.into(), &[], Some(&object))
    }

    fn save_bytearray(&mut self, array: &Obj<ByteArray>) -> PyResult<()> {
        let vm = self.vm;
        let object = array.to_value();
        let data = array.snapshot();
        if self.proto() >= 5 {
            self.put_bytearray(&data)?;
            self.memoize(&object);
            return Ok(());
        }
        let arguments = match data.is_empty() {
            true => Vec::new(),
            false => vec![Bytes::new(vm, &data)?.into()],
        };
        let arguments = Tuple::from_values(vm, arguments)?;
        self.save_reduce(&vm.types().bytearray.to_value(), &arguments.into(), &[], Some(&object))
    }

    fn put_bytearray(&mut self, data: &[u8]) -> PyResult<()> {
        let head = [&[op::BYTEARRAY8][..], &(data.len() as u64).to_le_bytes()].concat();
        self.out.put_data(self.vm, &head, data, None)
    }

    fn save_buffer(&mut self, buffer: &Obj<PickleBuffer>) -> PyResult<()> {
        let vm = self.vm;
        let object = buffer.to_value();
        if self.proto() < 5 {
            return Err(pickling_error(vm, "PickleBuffer can only be pickled with protocol >= 5"));
        }
        let view: Value = buffer.view(vm)?.into();
        let contiguous = vm.get_attr_text(&view, "contiguous")?;
        if !vm.is_true(&contiguous)? {
            let message = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
            return Err(pickling_error(vm, message));
        }
        let readonly = view.downcast::<MemoryView>().map(|view| view.layout(vm)).transpose()?;
        let readonly = readonly.is_none_or(|layout| layout.readonly);
        let within = match self.settings.buffer_callback.clone() {
            Some(callback) => {
                let answer = vm.call(&callback, std::slice::from_ref(&object))?;
                vm.is_true(&answer)?
            }
            None => true,
        };
        if !within {
            self.out.put(&[op::NEXT_BUFFER]);
            if readonly {
                self.out.put(&[op::READONLY_BUFFER]);
            }
            return Ok(());
        }
        let bytes = vm.call_method(&view, &*vm.intern("tobytes")?, &[vm.intern("A")?.into()])?;
        let data = taipan_objects::builtins::buffer::to_vec(vm, &bytes)?;
        if readonly {
            self.put_bytes(&data, Some(&bytes))?
        } else {
            self.put_bytearray(&data)?
        }
        self.memoize(&object);
        Ok(())
    }

    /// A text in UTF-8, lone surrogates included.
    pub fn encoded<'t>(&self, text: &'t Obj<Str>) -> PyResult<Cow<'t, [u8]>> {
        match text.to_utf8() {
            Some(Cow::Borrowed(text)) => Ok(Cow::Borrowed(text.as_bytes())),
            Some(Cow::Owned(text)) => Ok(Cow::Owned(text.into_bytes())),
            None => Ok(Cow::Owned(codecs::encode(self.vm, text, "utf-8", "surrogatepass")?.bytes().to_vec())),
        }
    }

    fn save_text(&mut self, text: &Obj<Str>) -> PyResult<()> {
        if self.binary() {
            let bytes = self.encoded(text)?;
            let short = (self.proto() >= 4).then_some(op::SHORT_BINUNICODE);
            let head = self.sized([short, Some(op::BINUNICODE)], op::BINUNICODE8, bytes.len(), "string")?;
            self.out.put_data(self.vm, head.bytes(), &bytes, None)?;
        } else {
            self.out.put(&[op::UNICODE]);
            let mut line = String::new();
            for point in text.points() {
                match point {
                    0 | 0x0A | 0x0D | 0x1A | 0x5C => line.push_str(&format!("\\u{point:04x}")),
                    0x100..0x1_0000 => line.push_str(&format!("\\u{point:04x}")),
                    0x1_0000.. => line.push_str(&format!("\\U{point:08x}")),
                    _ => line.push(point as u8 as char),
                }
            }
            let latin1: Vec<u8> = line.chars().map(|c| c as u8).collect();
            self.out.put(&latin1);
            self.out.put(b"\n");
        }
        self.memoize(&text.to_value());
        Ok(())
    }

    /// Writes what is no builtin container: as a global, or by what it reduces to.
    fn save_object(&mut self, object: &Value) -> PyResult<()> {
        let vm = self.vm;
        let mut reduced = None;
        if let Some(function) = self.reducer_override.clone() {
            let answer = vm.call(&function, std::slice::from_ref(object))?;
            if !taipan_objects::builtins::is_not_implemented(&answer) {
                reduced = Some(answer);
            }
        }
        if reduced.is_none() {
            let class = vm.class_of(object).to_ref();
            if class.is_same(&*vm.types().type_) {
                return self.save_class(object);
            }
            if object.downcast_exact::<Function>().is_some() {
                return self.save_global(object, None);
            }
            reduced = match self.reducer_of(&class.to_value())? {
                Some(function) => Some(vm.call(&function, std::slice::from_ref(object))?),
                None if class.is_subclass(&vm.types().type_) => return self.save_global(object, None),
                None if self.saves_plainly(&class) => match self.save_plain(object, &class) {
                    Ok(true) => return Ok(()),
                    Ok(false) => None,
                    Err(raised) => {
                        return Err(self.note(raised, format!("when serializing {} object", class_name(vm, object))));
                    }
                },
                None => None,
            };
        }
        let reduced = match reduced {
            Some(reduced) => reduced,
            None => match self.own_reduce(object)? {
                Some(reduced) => reduced,
                None => self.reduce(object)?,
            },
        };
        if reduced.downcast::<Str>().is_some() {
            return self.save_global(object, Some(&reduced));
        }
        let saved = self.save_reduced(&reduced, object);
        saved.map_err(|raised| self.note(raised, format!("when serializing {} object", class_name(vm, object))))
    }

    /// What a `__reduce__` written in Python returns, where `object.__reduce_ex__` would do no more than call it.
    fn own_reduce(&self, object: &Value) -> PyResult<Option<Value>> {
        let (vm, names) = (self.vm, self.vm.names());
        let class = vm.class_of(object).to_ref();
        if !class.has(type_flags::PYTHON_CLASS | type_flags::PLAIN_GETATTR) {
            return Ok(None);
        }
        let usual = match (class.lookup(vm, &names.__reduce_ex__), vm.types().object.lookup(vm, &names.__reduce_ex__)) {
            (Some(own), Some(usual)) => own.is(&usual),
            _ => false,
        };
        let Some(function) = class.lookup(vm, &names.__reduce__).filter(|_| usual) else { return Ok(None) };
        let Some(header) = object.header().filter(|_| function.downcast_exact::<Function>().is_some()) else {
            return Ok(None);
        };
        for name in [&names.__reduce_ex__, &names.__reduce__] {
            if instance::get(vm, header, name)?.is_some() {
                return Ok(None);
            }
        }
        vm.call(&function, std::slice::from_ref(object)).map(Some)
    }

    /// What `__reduce_ex__` or `__reduce__` returns.
    fn reduce(&self, object: &Value) -> PyResult<Value> {
        let vm = self.vm;
        match vm.find_attr(object, &vm.names().__reduce_ex__)? {
            Some(function) => vm.call(&function, &[Value::small_int(i32::from(self.proto()))]),
            None => match vm.find_attr(object, &vm.names().__reduce__)? {
                Some(function) => vm.call(&function, &[]),
                None => {
                    let message = format!("Can't pickle {} object", class_name(vm, object));
                    Err(pickling_error(vm, &message))
                }
            },
        }
    }

    /// The function that the dispatch table has for a class.
    fn reducer_of(&self, class: &Value) -> PyResult<Option<Value>> {
        let vm = self.vm;
        let shared;
        let table = match &self.dispatch_table {
            Some(table) => table,
            None => {
                shared = library(vm)?;
                &shared.dispatch_table
            }
        };
        if let Some(table) = table.downcast_exact::<Dict>() {
            return table.get(vm, class);
        }
        let found = vm.get_item(table, class);
        vm.catch(found, &vm.types().lookup_error)
    }

    fn save_class(&mut self, object: &Value) -> PyResult<()> {
        let vm = self.vm;
        let of = [NONE, taipan_objects::builtins::NOT_IMPLEMENTED, taipan_objects::builtins::ELLIPSIS];
        for constant in of {
            if object.is(&vm.class_of(&constant).to_value()) {
                let arguments = Tuple::from_values(vm, vec![constant])?;
                return self.save_reduce(&vm.types().type_.to_value(), &arguments.into(), &[], Some(object));
            }
        }
        self.save_global(object, None)
    }
}

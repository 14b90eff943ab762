//! Reads values: a machine with a stack and a memo.
//!
//! Invariant: nothing below the last mark is taken from the stack; no input whatever does more than raise an exception, but for the functions it calls.

use super::opcodes as op;
use super::source::Source;
use super::unpickler::find_global;
use super::{library, unpickling_error};
use std::cell::Cell;
use std::collections::HashMap;
use taipan_heap::{Obj, Value};
use taipan_macros::Traverse;
use taipan_numeric::BigInt;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::memoryview::MemoryView;
use taipan_objects::builtins::set::{Set, as_set};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{FALSE, NONE, TRUE, float, int};
use taipan_objects::codecs;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};
use taipan_text::codecs::Codec;

/// Numbers beyond this many past the end are kept apart.
const GAP: u64 = 1 << 16;

/// What has been read, by number.
#[derive(Default, Clone, Traverse)]
pub struct Memo {
    dense: Vec<Option<Value>>,
    sparse: HashMap<u64, Value>,
    count: u64,
}

impl Memo {
    #[inline]
    fn get(&self, number: u64) -> Option<&Value> {
        match self.dense.get(number as usize) {
            Some(value) => value.as_ref(),
            None => self.sparse.get(&number),
        }
    }

    /// Sets the value of a number.
    #[inline]
    pub fn set(&mut self, number: u64, value: Value) {
        if number == self.dense.len() as u64 && self.sparse.is_empty() {
            self.dense.push(Some(value));
            self.count += 1;
            return;
        }
        self.set_anywhere(number, value);
    }

    fn set_anywhere(&mut self, number: u64, value: Value) {
        let old = if number < self.dense.len() as u64 + GAP {
            let place = number as usize;
            if self.dense.len() <= place {
                self.dense.resize(place + 1, None);
            }
            self.dense[place].replace(value)
        } else {
            self.sparse.insert(number, value)
        };
        self.count += u64::from(old.is_none());
    }

    /// All there are.
    pub fn entries(&self) -> Vec<(u64, Value)> {
        let dense = self.dense.iter().enumerate();
        let dense = dense.filter_map(|(number, value)| Some((number as u64, value.clone()?)));
        dense.chain(self.sparse.iter().map(|(number, value)| (*number, value.clone()))).collect()
    }
}

/// How to read.
pub struct Options {
    pub fix_imports: bool,
    pub encoding: String,
    pub errors: String,
    pub buffers: Option<Value>,
}

/// The reading machine.
pub struct Loader<'a> {
    pub(super) vm: &'a Vm,
    pub(super) source: &'a mut Source,
    options: Options,
    pub(super) stack: Vec<Value>,
    marks: Vec<usize>,
    pub memo: Memo,
    protocol: u8,
    pub find_class: Option<Value>,
    pub persistent_load: Option<Value>,
    /// Where an unpickler's own `find_class` looks for the protocol.
    pub shared_protocol: Option<&'a Cell<u8>>,
}

impl<'a> Loader<'a> {
    /// A machine that has read nothing.
    pub fn new(vm: &'a Vm, source: &'a mut Source, options: Options) -> Loader<'a> {
        Loader {
            vm,
            source,
            options,
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Memo::default(),
            protocol: 0,
            find_class: None,
            persistent_load: None,
            shared_protocol: None,
        }
    }

    #[cold]
    pub(super) fn fail(&self, message: &str) -> Raised {
        unpickling_error(self.vm, message)
    }

    #[cold]
    pub(super) fn underflow(&self) -> Raised {
        self.fail(if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" })
    }

    pub(super) fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn pop(&mut self) -> PyResult<Value> {
        if self.stack.len() > self.fence()
            && let Some(value) = self.stack.pop()
        {
            return Ok(value);
        }
        Err(self.underflow())
    }

    pub(super) fn top(&self) -> PyResult<&Value> {
        match self.stack.last() {
            Some(value) if self.stack.len() > self.fence() => Ok(value),
            _ => Err(self.underflow()),
        }
    }

    pub(super) fn pop_mark(&mut self) -> PyResult<Vec<Value>> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark.min(self.stack.len()))),
            None => Err(self.fail("could not find MARK")),
        }
    }

    fn length4(&mut self) -> PyResult<usize> {
        Ok(u32::from_le_bytes(self.source.array(self.vm)?) as usize)
    }

    fn length8(&mut self, what: &str) -> PyResult<usize> {
        let len = u64::from_le_bytes(self.source.array(self.vm)?);
        match usize::try_from(len).ok().filter(|&len| len <= isize::MAX as usize) {
            Some(len) => Ok(len),
            None => {
                let message = format!("{what} exceeds system's maximum size of {} bytes", isize::MAX);
                Err(self.vm.overflow_error(message))
            }
        }
    }

    #[inline]
    pub(super) fn length1(&mut self) -> PyResult<usize> {
        Ok(self.source.array::<1>(self.vm)?[0].into())
    }

    pub(super) fn signed_length(&mut self, what: &str) -> PyResult<usize> {
        let len = i32::from_le_bytes(self.source.array(self.vm)?);
        usize::try_from(len).map_err(|_| self.fail(&format!("{what} pickle has negative byte count")))
    }

    /// Reads to the end and returns the value.
    pub fn load(&mut self) -> PyResult<Value> {
        loop {
            let operation = self.source.operation(self.vm)?;
            if operation == op::STOP {
                return self.pop();
            }
            self.step(operation)?;
            if self.stack.len() & 0xFFF == 0xFFF {
                self.vm.check_room(self.stack.len() * 8)?;
            }
        }
    }

    fn step(&mut self, operation: u8) -> PyResult<()> {
        let vm = self.vm;
        let made: Value = match operation {
            op::NONE => NONE,
            op::NEWTRUE => TRUE,
            op::NEWFALSE => FALSE,
            op::BININT => int::from_i64(vm, i32::from_le_bytes(self.source.array(vm)?).into())?,
            op::BININT1 => Value::small_int(self.length1()? as i32),
            op::BININT2 => Value::small_int(u16::from_le_bytes(self.source.array(vm)?).into()),
            op::LONG1 => {
                let len = self.length1()?;
                self.long(len)?
            }
            op::LONG4 => {
                let len = self.signed_length("LONG")?;
                self.long(len)?
            }
            op::BINFLOAT => float::new(vm, f64::from_be_bytes(self.source.array(vm)?))?,
            op::SHORT_BINUNICODE => {
                let len = self.length1()?;
                self.text(len)?
            }
            op::BINUNICODE => {
                let len = self.length4()?;
                self.text(len)?
            }
            op::BINUNICODE8 => {
                let len = self.length8("BINUNICODE")?;
                self.text(len)?
            }
            op::SHORT_BINBYTES => {
                let len = self.length1()?;
                self.bytes(len)?
            }
            op::BINBYTES => {
                let len = self.length4()?;
                self.bytes(len)?
            }
            op::BINBYTES8 => {
                let len = self.length8("BINBYTES")?;
                self.bytes(len)?
            }
            op::BYTEARRAY8 => {
                let len = self.length8("BYTEARRAY8")?;
                self.source.read_array(vm, len)?
            }
            op::EMPTY_LIST => List::with_capacity(vm, 0)?.into(),
            op::EMPTY_DICT => Dict::new(vm)?.into(),
            op::EMPTY_SET => Set::new(vm)?.into(),
            op::EMPTY_TUPLE => Tuple::from_values(vm, Vec::new())?.into(),
            op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => {
                let count = usize::from(operation - op::TUPLE1) + 1;
                if self.stack.len() < self.fence() + count {
                    return Err(self.underflow());
                }
                let from = self.stack.len() - count;
                Tuple::new(vm, self.stack.drain(from..))?.into()
            }
            op::TUPLE => {
                let items = self.pop_mark()?;
                Tuple::from_values(vm, items)?.into()
            }
            op::LIST => {
                let items = self.pop_mark()?;
                List::from_values(vm, items)?.into()
            }
            op::FROZENSET => {
                let items: Value = List::from_values(vm, self.pop_mark()?)?.into();
                Set::frozen_from_iterable(vm, &items)?.into()
            }
            op::DICT => {
                let items = self.pop_mark()?;
                if !items.len().is_multiple_of(2) {
                    return Err(self.fail("odd number of items for DICT"));
                }
                let dict = Dict::new(vm)?;
                for pair in items.chunks_exact(2) {
                    dict.set(vm, &pair[0], pair[1].clone())?;
                }
                dict.into()
            }
            op::BINGET => {
                let number = self.length1()? as u64;
                self.known(number)?
            }
            op::LONG_BINGET => {
                let number = self.length4()? as u64;
                self.known(number)?
            }
            op::DUP => self.top()?.clone(),
            op::MARK => {
                self.marks.push(self.stack.len());
                return Ok(());
            }
            op::MEMOIZE => {
                let (number, value) = (self.memo.count, self.top()?.clone());
                self.memo.set(number, value);
                return Ok(());
            }
            op::STACK_GLOBAL => {
                let (name, module) = (self.pop()?, self.pop()?);
                if name.downcast_exact::<Str>().is_none() || module.downcast_exact::<Str>().is_none() {
                    return Err(self.fail("STACK_GLOBAL requires str"));
                }
                self.global(&module, &name)?
            }
            op::NEWOBJ => {
                let (args, class) = (self.pop()?, self.pop()?);
                self.new_object(&class, &args, None)?
            }
            op::NEWOBJ_EX => {
                let (keywords, args, class) = (self.pop()?, self.pop()?, self.pop()?);
                self.new_object(&class, &args, Some(&keywords))?
            }
            op::REDUCE => {
                let (args, function) = (self.pop()?, self.pop()?);
                let Some(args) = args.downcast::<Tuple>() else {
                    return Err(vm.type_error("argument list must be a tuple"));
                };
                vm.call(&function, args.items())?
            }
            op::NEXT_BUFFER => self.next_buffer()?,
            op::BINPERSID => {
                let id = self.pop()?;
                self.persistent(&id)?
            }
            _ => return self.step_without_value(operation),
        };
        self.stack.push(made);
        Ok(())
    }

    /// Operations that leave no new value on the stack.
    fn step_without_value(&mut self, operation: u8) -> PyResult<()> {
        let vm = self.vm;
        match operation {
            op::BINPUT => {
                let (number, value) = (self.length1()?, self.top()?.clone());
                self.memo.set(number as u64, value);
            }
            op::LONG_BINPUT => {
                let (number, value) = (self.length4()?, self.top()?.clone());
                self.memo.set(number as u64, value);
            }
            op::FRAME => {
                let len = u64::from_le_bytes(self.source.array(vm)?);
                self.source.frame(vm, len)?;
            }
            op::PROTO => {
                let protocol = self.length1()?;
                if protocol as i64 > op::HIGHEST {
                    return Err(vm.value_error(format!("unsupported pickle protocol: {protocol}")));
                }
                self.protocol = protocol as u8;
                if let Some(shared) = self.shared_protocol {
                    shared.set(protocol as u8);
                }
            }
            op::APPEND => {
                let item = self.pop()?;
                self.append(vec![item])?;
            }
            op::APPENDS => {
                let items = self.pop_mark()?;
                self.append(items)?;
            }
            op::SETITEM => {
                if self.stack.len() < self.fence() + 2 {
                    return Err(self.underflow());
                }
                self.set_items(self.stack.len() - 2)?;
            }
            op::SETITEMS => match self.marks.pop() {
                Some(mark) => self.set_items(mark)?,
                None => return Err(self.fail("could not find MARK")),
            },
            op::ADDITEMS => {
                let items = self.pop_mark()?;
                let target = self.top()?.clone();
                match as_set(&target).filter(|set| !set.is_frozen()) {
                    Some(set) => items.iter().try_for_each(|item| set.add(vm, item))?,
                    None => {
                        let add = vm.get_attr_text(&target, "add")?;
                        items.iter().try_for_each(|item| vm.call(&add, std::slice::from_ref(item)).map(drop))?;
                    }
                }
            }
            op::BUILD => self.build()?,
            op::READONLY_BUFFER => {
                let view = MemoryView::new(vm, self.top()?)?;
                if !view.layout(vm)?.readonly {
                    let readonly = vm.call_method(&view.to_value(), &*vm.intern("toreadonly")?, &[])?;
                    self.pop()?;
                    self.stack.push(readonly);
                }
            }
            op::POP => {
                if self.stack.len() > self.fence() {
                    drop(self.stack.pop());
                } else if self.marks.pop().is_none() {
                    return Err(self.underflow());
                }
            }
            op::POP_MARK => drop(self.pop_mark()?),
            _ => return self.step_of_text(operation),
        }
        Ok(())
    }

    pub(super) fn number(&self, class: &Obj<Type>, text: &[u8], message: &str) -> PyResult<Value> {
        let vm = self.vm;
        let made = vm.call(&class.to_value(), &[Bytes::new(vm, text)?.into()]);
        if message.is_empty() {
            return made;
        }
        match vm.catch(made, &vm.types().value_error)? {
            Some(made) => Ok(made),
            None => Err(vm.value_error(message)),
        }
    }

    fn long(&mut self, len: usize) -> PyResult<Value> {
        let bytes = self.source.read(self.vm, len)?;
        int::from_big(self.vm, BigInt::from_signed_bytes_le(&bytes))
    }

    fn text(&mut self, len: usize) -> PyResult<Value> {
        if let Some(bytes) = self.source.ascii(self.vm, len)? {
            return Ok(Str::from_latin1(self.vm, bytes)?.into());
        }
        let bytes = self.source.read(self.vm, len)?;
        Ok(codecs::decode_codec(self.vm, Codec::Utf8, &bytes, "surrogatepass")?.into())
    }

    fn bytes(&mut self, len: usize) -> PyResult<Value> {
        let bytes = self.source.read(self.vm, len)?;
        Ok(Bytes::new(self.vm, &bytes)?.into())
    }

    /// What Python 2 called a str.
    pub(super) fn old_text(&self, data: &[u8]) -> PyResult<Value> {
        let bytes: Value = Bytes::new(self.vm, data)?.into();
        if self.options.encoding == "bytes" {
            return Ok(bytes);
        }
        Ok(codecs::decode(self.vm, &bytes, &self.options.encoding, &self.options.errors)?.into())
    }

    pub(super) fn name_line(&mut self) -> PyResult<Value> {
        let line = self.source.line(self.vm)?;
        if line.is_empty() {
            return Err(self.fail("pickle data was truncated"));
        }
        Ok(codecs::decode_codec(self.vm, Codec::Utf8, &line, "strict")?.into())
    }

    #[inline]
    pub(super) fn known(&self, number: u64) -> PyResult<Value> {
        match self.memo.get(number) {
            Some(value) => Ok(value.clone()),
            None => Err(self.unknown(number)),
        }
    }

    #[cold]
    fn unknown(&self, number: u64) -> Raised {
        self.fail(&format!("Memo value not found at index {number}"))
    }

    pub(super) fn global(&self, module: &Value, name: &Value) -> PyResult<Value> {
        match &self.find_class {
            Some(function) => self.vm.call(function, &[module.clone(), name.clone()]),
            None => find_global(self.vm, self.protocol, self.options.fix_imports, module, name),
        }
    }

    pub(super) fn persistent(&self, id: &Value) -> PyResult<Value> {
        match &self.persistent_load {
            Some(function) => self.vm.call(function, std::slice::from_ref(id)),
            None => Err(self.fail("unsupported persistent id encountered")),
        }
    }

    fn next_buffer(&self) -> PyResult<Value> {
        let Some(buffers) = &self.options.buffers else {
            return Err(self.fail("pickle stream refers to out-of-band data but no *buffers* argument was given"));
        };
        match self.vm.next(buffers)? {
            Some(buffer) => Ok(buffer),
            None => Err(self.fail("not enough out-of-band buffers")),
        }
    }

    pub(super) fn extension(&self, code: i64) -> PyResult<Value> {
        let vm = self.vm;
        let table = |name: &str| vm.get_attr_text(&library(vm)?.copyreg, name);
        let key = int::from_i64(vm, code)?;
        let cache = table("_extension_cache")?;
        if let Some(found) = cache.downcast::<Dict>().map(|cache| cache.get(vm, &key)).transpose()?.flatten() {
            return Ok(found);
        }
        let registry = table("_inverted_registry")?;
        let pair = registry.downcast::<Dict>().map(|registry| registry.get(vm, &key)).transpose()?.flatten();
        let Some(pair) = pair else {
            if code <= 0 {
                return Err(self.fail("EXT specifies code <= 0"));
            }
            return Err(vm.value_error(format!("unregistered extension code {code}")));
        };
        let Some([module, name]) = pair.downcast::<Tuple>().map(|pair| pair.items()) else {
            return Err(vm.value_error(format!("_inverted_registry[{code}] isn't a 2-tuple of strings")));
        };
        let found = self.global(module, name)?;
        vm.set_item(&cache, &key, Some(&found))?;
        Ok(found)
    }
}

//! `Pickler`, and what shows its memo.
//!
//! Invariant: while it writes, its memo is with the machine; a second `dump` within the first is refused.

use super::output::Memo;
use super::pickling_error;
use super::save::{Saver, Settings};
use std::cell::{Cell, RefCell};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, int};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// The method that data is written by.
pub fn write_method(vm: &Vm, file: &Value) -> PyResult<Value> {
    match vm.find_attr(file, &vm.names().write)? {
        Some(write) => Ok(write),
        None => Err(vm.type_error("file must have a 'write' attribute")),
    }
}

/// What `Pickler` remembers.
#[derive(Payload)]
#[payload(name = "Pickler")]
pub struct Pickler {
    write: Slot,
    buffer_callback: Slot,
    memo: RefCell<Vec<(u32, Value)>>,
    protocol: Cell<u8>,
    fix_imports: Cell<bool>,
    bin: Cell<i64>,
    fast: Cell<i64>,
    running: Cell<bool>,
}

/// The value of an attribute that is a number.
fn long_argument(vm: &Vm, value: Option<&Value>) -> PyResult<i64> {
    let Some(value) = value else { return Err(vm.type_error("can't delete numeric/char attribute")) };
    let number = int::index_i64(vm, value)?;
    number.ok_or_else(|| vm.overflow_error("Python int too large to convert to C long"))
}

/// Whether it is the method that the class itself has.
fn is_native(value: &Value) -> bool {
    value
        .downcast::<taipan_objects::builtins::function::NativeFunction>()
        .is_some_and(|function| matches!(function.def.0.name, "persistent_id" | "persistent_load" | "find_class"))
}

/// Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)
/// --
///
/// This takes a binary file for writing a pickle data stream.
///
/// The optional *protocol* argument tells the pickler to use the given
/// protocol; a negative one means the newest.
#[pytype(name = "Pickler", module = "_pickle", flags = BASETYPE | HAS_DICT)]
impl Pickler {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        let payload = Pickler {
            write: Slot::default(),
            buffer_callback: Slot::default(),
            memo: RefCell::default(),
            protocol: Cell::new(0),
            fix_imports: Cell::new(true),
            bin: Cell::new(0),
            fast: Cell::new(0),
            running: Cell::new(false),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot(sig = "file, protocol=None, fix_imports=True, buffer_callback=None")]
    fn init(
        this: &Obj<Pickler>,
        vm: &Vm,
        file: &Value,
        protocol: Option<&Value>,
        fix_imports: bool,
        buffer_callback: Option<&Value>,
    ) -> PyResult<()> {
        if this.running.get() {
            return Err(vm.runtime_error("Pickler object is already used"));
        }
        let settings = Settings::new(vm, protocol, fix_imports, buffer_callback)?;
        this.write.set(Some(write_method(vm, file)?));
        this.protocol.set(settings.protocol);
        this.fix_imports.set(settings.fix_imports);
        this.buffer_callback.set(settings.buffer_callback);
        this.bin.set(i64::from(settings.protocol > 0));
        this.fast.set(0);
        let old = this.memo.take();
        drop(old);
        Ok(())
    }

    /// Write a pickled representation of the given object to the open file.
    #[method(sig = "obj, /")]
    fn dump(this: &Obj<Pickler>, vm: &Vm, obj: &Value) -> PyResult<()> {
        let Some(write) = this.write.get() else {
            let class = vm.type_name(&this.to_value());
            let message = format!("Pickler.__init__() was not called by {class}.__init__()");
            return Err(pickling_error(vm, &message));
        };
        let settings = Settings {
            protocol: this.protocol.get(),
            fix_imports: this.fix_imports.get(),
            buffer_callback: this.buffer_callback.get(),
        };
        let object = this.to_value();
        let mut saver = Saver::new(vm, settings)?;
        saver.bin = this.bin.get() != 0;
        saver.fast = this.fast.get() != 0;
        saver.persistent_id = overridden(vm, &object, "persistent_id")?;
        saver.reducer_override = overridden(vm, &object, "reducer_override")?;
        saver.dispatch_table = overridden(vm, &object, "dispatch_table")?;
        if this.running.replace(true) {
            return Err(vm.runtime_error("Pickler object is already used"));
        }
        for (number, object) in this.memo.take() {
            saver.memo.add(number, &object);
        }
        let dumped = saver.dump(obj, Some(write));
        let memo = std::mem::take(&mut saver.memo);
        this.running.set(false);
        let old = this.memo.replace(memo.kept);
        drop(old);
        dumped.map(drop)
    }

    /// Clears the pickler's "memo".
    ///
    /// The memo is the data structure that remembers which objects the
    /// pickler has already seen, so that shared or recursive objects are
    /// pickled by reference and not by value.
    #[method]
    fn clear_memo(this: &Obj<Pickler>) {
        let old = this.memo.take();
        drop(old);
    }

    #[method(sig = "obj, /")]
    fn persistent_id(_this: &Obj<Pickler>, _obj: &Value) -> Value {
        NONE
    }

    #[getter(name = "memo")]
    fn get_memo(this: &Obj<Pickler>, vm: &Vm) -> PyResult<Value> {
        Ok(vm.alloc(&*vm.native_type(PicklerMemoProxy::spec())?, PicklerMemoProxy { pickler: this.to_ref() })?.into())
    }

    #[setter(name = "memo")]
    fn set_memo(this: &Obj<Pickler>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("attribute deletion is not supported")) };
        let mut memo = Memo::default();
        if let Some(proxy) = value.downcast::<PicklerMemoProxy>() {
            for (number, object) in proxy.pickler.memo.borrow().iter() {
                memo.add(*number, object);
            }
        } else if let Some(dict) = value.downcast::<Dict>() {
            for (_, entry) in dict.snapshot() {
                let Some([number, object]) = entry.downcast::<Tuple>().map(|entry| entry.items()) else {
                    return Err(vm.type_error("'memo' values must be 2-item tuples"));
                };
                let number = u32::try_from(int::index_clamped(vm, number)?);
                memo.add(number.map_err(|_| vm.value_error("memo key must be a small integer"))?, object);
            }
        } else {
            let given = vm.type_name(value);
            return Err(
                vm.type_error(format!("'memo' attribute must be a PicklerMemoProxy object or dict, not {given}"))
            );
        }
        let old = this.memo.replace(memo.kept);
        drop(old);
        Ok(())
    }

    #[getter]
    fn bin(this: &Obj<Pickler>) -> i64 {
        this.bin.get()
    }

    #[getter(name = "fast")]
    fn is_fast(this: &Obj<Pickler>) -> i64 {
        this.fast.get()
    }

    #[setter(name = "fast")]
    fn set_fast(this: &Obj<Pickler>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.fast.set(long_argument(vm, value)?);
        Ok(())
    }

    #[setter(name = "bin")]
    fn set_bin(this: &Obj<Pickler>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.bin.set(long_argument(vm, value)?);
        Ok(())
    }
}

/// A pickler's memo.
#[derive(Payload)]
#[payload(name = "PicklerMemoProxy")]
pub struct PicklerMemoProxy {
    pickler: Ref<Pickler>,
}

#[pytype(name = "PicklerMemoProxy", module = "_pickle", flags = DISALLOW_INSTANTIATION)]
impl PicklerMemoProxy {
    /// Remove all items from memo.
    #[method]
    fn clear(this: &Obj<PicklerMemoProxy>) {
        Pickler::clear_memo(&this.pickler);
    }

    /// Copy the memo to a new object.
    #[method]
    fn copy(this: &Obj<PicklerMemoProxy>, vm: &Vm) -> PyResult<Ref<Dict>> {
        let copy = Dict::new(vm)?;
        let entries = this.pickler.memo.borrow().clone();
        for (number, object) in entries {
            let id = int::from_i64(vm, (object.bits() >> 1) as i64)?;
            let entry = Tuple::pair(vm, int::from_i64(vm, number.into())?, object)?;
            copy.set(vm, &id, entry.into())?;
        }
        Ok(copy)
    }

    /// Implement pickle support.
    #[method]
    fn __reduce__(this: &Obj<PicklerMemoProxy>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let arguments = Tuple::from_values(vm, vec![PicklerMemoProxy::copy(this, vm)?.into()])?;
        Tuple::pair(vm, vm.types().dict.to_value(), arguments.into())
    }
}

/// The attribute that a subclass or the instance has in place of the class's own method.
pub fn overridden(vm: &Vm, this: &Value, name: &str) -> PyResult<Option<Value>> {
    let found = vm.find_attr(this, &*vm.intern(name)?)?;
    Ok(found.filter(|found| !is_native(found)))
}

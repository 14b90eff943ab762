//! The functions that stand in the slots of Python classes: each looks its special method up on the class, calls it and checks the result.
//!
//! Invariant: the method is looked up anew by every call (through the method cache), so that a changed class needs no new slots as long as
//! the same methods are there.

use crate::builtins::buffer::{BufferLayout, Pin};
use crate::builtins::memoryview::{self, BufferWrapper};
use crate::builtins::str::Str;
use crate::builtins::{NONE, NOT_IMPLEMENTED, int, is_none, is_not_implemented};
use crate::native::Args;
use crate::types::attribute::{bind, generic_find};
use crate::types::{BinaryFn, BinaryOp, CompareOp, GetAttrFn, Type, TypeObject, type_flags};
use crate::vm::{Names, PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

/// Calls a special method that has to be there.
pub(crate) fn required(vm: &Vm, this: &Value, name: &Obj<Str>, args: &[Value]) -> PyResult<Value> {
    match vm.call_special(this, name, args)? {
        Some(result) => Ok(result),
        None => Err(vm.attribute_error(name.to_lossy())),
    }
}

/// Calls a special method; NotImplemented when there is none.
pub(crate) fn optional(vm: &Vm, this: &Value, name: &Obj<Str>, args: &[Value]) -> PyResult<Value> {
    Ok(vm.call_special(this, name, args)?.unwrap_or(NOT_IMPLEMENTED))
}

pub(super) fn hash(vm: &Vm, this: &Value) -> PyResult<i64> {
    let class = vm.class_of(this).to_ref();
    let found = match class.lookup(vm, &vm.names().__hash__) {
        Some(found) if !is_none(&found) => found,
        _ => return super::special::unhashable(vm, this),
    };
    hash_of(vm, &call_found(vm, found, this, Args::default())?)
}

/// What a `__hash__` has returned as a hash.
pub fn hash_of(vm: &Vm, result: &Value) -> PyResult<i64> {
    if let Some(n) = result.as_int() {
        return Ok(if n == -1 { -2 } else { n });
    }
    // Most hashes of strs are longer than immediates.
    if let Some(n) = int::as_long(result) {
        return Ok(n);
    }
    match int::as_big(result) {
        Some(_) => match int::index_i64(vm, result)? {
            Some(-1) => Ok(-2),
            Some(n) => Ok(n),
            None => vm.types().int.slots.hash.get().map_or(Ok(0), |hash| hash(vm, result)),
        },
        None => Err(vm.type_error("__hash__ method should return an integer")),
    }
}

pub(super) fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult<Value> {
    let names = vm.names();
    let name = [&names.__lt__, &names.__le__, &names.__eq__, &names.__ne__, &names.__gt__, &names.__ge__][op as usize];
    let class = vm.class_of(this).to_ref();
    let Some(found) = class.lookup(vm, name) else { return Ok(NOT_IMPLEMENTED) };
    if vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR) {
        return vm.call_unbound(&found, this, std::slice::from_ref(other));
    }
    // A method that cannot be had is as good as none.
    let method = bind(vm, found, this, &class);
    match vm.catch(method, &vm.types().exception)? {
        Some(method) => vm.call(&method, std::slice::from_ref(other)),
        None => Ok(NOT_IMPLEMENTED),
    }
}

/// Calls `found`, an attribute of the class of `this`, with `args` after it.
fn call_found(vm: &Vm, found: Value, this: &Value, args: Args<'_>) -> PyResult<Value> {
    if vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR) {
        if args.names.is_empty() {
            return vm.call_unbound(&found, this, args.values);
        }
        let mut values = Vec::with_capacity(args.values.len() + 1);
        values.push(this.clone());
        values.extend_from_slice(args.values);
        return super::call::call(vm, &found, Args { values: &values, names: args.names });
    }
    let class = vm.class_of(this).to_ref();
    let method = bind(vm, found, this, &class)?;
    super::call::call(vm, &method, args)
}

pub(super) fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult<Value> {
    match vm.class_of(this).lookup(vm, &vm.names().__call__) {
        Some(found) => call_found(vm, found, this, args),
        None => {
            let given = vm.type_name(this);
            Err(vm.type_error(format!("'{given}' object is not callable")))
        }
    }
}

pub(super) fn getattribute(vm: &Vm, this: &Value, name: &Obj<Str>) -> PyResult<Value> {
    required(vm, this, &vm.names().__getattribute__, &[name.to_value()])
}

/// The `__getattr__` of a class whose attributes are otherwise found as `object.__getattribute__` finds them.
pub fn generic_hook(vm: &Vm, class: &Obj<Type>) -> Option<Value> {
    let hooked = class.slots.getattr.get().is_some_and(|own| std::ptr::fn_addr_eq(own, getattr_hook as GetAttrFn));
    if !hooked {
        return None;
    }
    let found = class.lookup(vm, &vm.names().__getattribute__)?;
    let wrapper = found.downcast::<super::slot_wrapper::SlotWrapper>()?;
    let native = wrapper.class.slots.getattr.get().filter(|_| wrapper.method.0.name == "__getattribute__")?;
    let generic = vm.types().object.slots.getattr.get()?;
    if std::ptr::fn_addr_eq(native, generic) { class.lookup(vm, &vm.names().__getattr__) } else { None }
}

/// As `getattribute`, going on with `__getattr__` after an AttributeError.
pub(super) fn getattr_hook(vm: &Vm, this: &Value, name: &Obj<Str>) -> PyResult<Value> {
    let names = vm.names();
    let class = vm.class_of(this).to_ref();
    let Some(hook) = class.lookup(vm, &names.__getattr__) else { return getattribute(vm, this, name) };
    let native = class.lookup(vm, &names.__getattribute__).and_then(|found| {
        let wrapper = found.downcast::<super::slot_wrapper::SlotWrapper>()?;
        wrapper.class.slots.getattr.get().filter(|_| wrapper.method.0.name == "__getattribute__")
    });
    let generic = vm.types().object.slots.getattr.get();
    let found = match native {
        Some(native) if generic.is_some_and(|generic| std::ptr::fn_addr_eq(native, generic)) => {
            generic_find(vm, this, name)
        }
        Some(native) => native(vm, this, name).map(Some),
        None => getattribute(vm, this, name).map(Some),
    };
    if let Some(Some(value)) = vm.catch(found, &vm.types().attribute_error)? {
        return Ok(value);
    }
    call_found(vm, hook, this, Args::positional(&[name.to_value()]))
}

pub(super) fn setattr(vm: &Vm, this: &Value, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
    let names = vm.names();
    match value {
        Some(value) => required(vm, this, &names.__setattr__, &[name.to_value(), value.clone()]),
        None => required(vm, this, &names.__delattr__, &[name.to_value()]),
    }
    .map(drop)
}

pub(super) fn iter(vm: &Vm, this: &Value) -> PyResult<Value> {
    let found = vm.class_of(this).lookup(vm, &vm.names().__iter__);
    match found {
        Some(found) if !is_none(&found) => call_found(vm, found, this, Args::default()),
        _ => {
            let given = vm.type_name(this);
            Err(vm.type_error(format!("'{given}' object is not iterable")))
        }
    }
}

/// `__next__` of a Python class. A StopIteration with a value stays raised, as `Vm::next_raising` says.
pub(super) fn next(vm: &Vm, this: &Value) -> PyResult<Option<Value>> {
    let raised = match required(vm, this, &vm.names().__next__, &[]) {
        Ok(item) => return Ok(Some(item)),
        Err(raised) => raised,
    };
    if !vm.raised_is(&vm.types().stop_iteration) {
        return Err(raised);
    }
    let exception = vm.take_exception(raised);
    if exception.arguments().is_empty() { Ok(None) } else { Err(vm.restore(exception)) }
}

pub(super) fn descr_get(vm: &Vm, this: &Value, instance: Option<&Value>, class: &Obj<Type>) -> PyResult<Value> {
    let instance = instance.cloned().unwrap_or(NONE);
    let result = vm.call_special(this, &vm.names().__get__, &[instance, class.to_value()])?;
    Ok(result.unwrap_or_else(|| this.clone()))
}

pub(super) fn descr_set(vm: &Vm, this: &Value, instance: &Value, value: Option<&Value>) -> PyResult<()> {
    let names = vm.names();
    match value {
        Some(value) => required(vm, this, &names.__set__, &[instance.clone(), value.clone()]),
        None => required(vm, this, &names.__delete__, std::slice::from_ref(instance)),
    }
    .map(drop)
}

pub(super) fn new(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> PyResult<Value> {
    let function = vm.get_attr(&class.to_value(), &vm.names().__new__)?;
    let mut values = Vec::with_capacity(args.values.len() + 1);
    values.push(class.to_value());
    values.extend_from_slice(args.values);
    super::call::call(vm, &function, Args { values: &values, names: args.names })
}

pub(super) fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult<()> {
    let Some(found) = vm.class_of(this).lookup(vm, &vm.names().__init__) else { return Ok(()) };
    let result = call_found(vm, found, this, args)?;
    if is_none(&result) {
        return Ok(());
    }
    let given = vm.type_name(&result);
    Err(vm.type_error(format!("__init__() should return None, not '{given}'")))
}

pub(super) fn finalize(vm: &Vm, this: &Value) -> PyResult<()> {
    vm.call_special(this, &vm.names().__del__, &[]).map(drop)
}

/// Reads the buffer of an object whose class has a `__buffer__` or `__release_buffer__` written in Python.
pub(crate) fn buffer(vm: &Vm, this: &Value, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
    BufferWrapper::acquire(vm, this, 0)?.read(vm, read)
}

pub(super) fn buffer_write(vm: &Vm, this: &Value, write: &mut dyn FnMut(&mut [u8])) -> PyResult<()> {
    BufferWrapper::acquire(vm, this, memoryview::WRITABLE)?.write(vm, write)
}

pub(super) fn buffer_export(vm: &Vm, this: &Value) -> PyResult<(BufferLayout, Pin)> {
    BufferWrapper::acquire(vm, this, memoryview::FULL_RO)?.export(vm)
}

pub(super) fn len(vm: &Vm, this: &Value) -> PyResult<usize> {
    let result = required(vm, this, &vm.names().__len__, &[])?;
    length(vm, &result)
}

/// The result of a `__len__` as a length.
pub(crate) fn length(vm: &Vm, result: &Value) -> PyResult<usize> {
    if let Some(Ok(n)) = result.as_int().map(usize::try_from) {
        return Ok(n);
    }
    let index = int::index(vm, result)?;
    let negative = int::as_big(&index).is_some_and(|n| n.sign() == taipan_numeric::Sign::Minus);
    if negative {
        return Err(vm.value_error("__len__() should return >= 0"));
    }
    match int::index_i64(vm, &index)?.map(usize::try_from) {
        Some(Ok(n)) => Ok(n),
        _ => Err(vm.overflow_error("cannot fit 'int' into an index-sized integer")),
    }
}

pub(super) fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult<Value> {
    required(vm, this, &vm.names().__getitem__, std::slice::from_ref(key))
}

pub(super) fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult<()> {
    let names = vm.names();
    match value {
        Some(value) => required(vm, this, &names.__setitem__, &[key.clone(), value.clone()]),
        None => required(vm, this, &names.__delitem__, std::slice::from_ref(key)),
    }
    .map(drop)
}

pub(super) fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult<bool> {
    let found = vm.class_of(this).lookup(vm, &vm.names().__contains__);
    match found {
        Some(found) if is_none(&found) => {
            let given = vm.type_name(this);
            Err(vm.type_error(format!("'{given}' object is not a container")))
        }
        Some(found) => {
            let result = call_found(vm, found, this, Args::positional(std::slice::from_ref(item)))?;
            vm.is_true(&result)
        }
        None => {
            let iterator = vm.iter(this)?;
            while let Some(candidate) = vm.next(&iterator)? {
                if vm.is_equal(&candidate, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

pub(super) fn bool(vm: &Vm, this: &Value) -> PyResult<bool> {
    match vm.call_special(this, &vm.names().__bool__, &[])? {
        Some(result) => vm.bool_result(&result),
        None => match vm.class_of(this).slots.len.get() {
            Some(len) => Ok(len(vm, this)? != 0),
            None => Ok(true),
        },
    }
}

/// Names of the forward and the reflected method of a binary operation.
pub(crate) fn binary_names(names: &Names, op: usize) -> (&Ref<Str>, &Ref<Str>) {
    match BinaryOp::ALL[op] {
        BinaryOp::Add => (&names.__add__, &names.__radd__),
        BinaryOp::Sub => (&names.__sub__, &names.__rsub__),
        BinaryOp::Mul => (&names.__mul__, &names.__rmul__),
        BinaryOp::TrueDiv => (&names.__truediv__, &names.__rtruediv__),
        BinaryOp::FloorDiv => (&names.__floordiv__, &names.__rfloordiv__),
        BinaryOp::Mod => (&names.__mod__, &names.__rmod__),
        BinaryOp::Pow => (&names.__pow__, &names.__rpow__),
        BinaryOp::MatMul => (&names.__matmul__, &names.__rmatmul__),
        BinaryOp::LShift => (&names.__lshift__, &names.__rlshift__),
        BinaryOp::RShift => (&names.__rshift__, &names.__rrshift__),
        BinaryOp::And => (&names.__and__, &names.__rand__),
        BinaryOp::Or => (&names.__or__, &names.__ror__),
        BinaryOp::Xor => (&names.__xor__, &names.__rxor__),
        BinaryOp::DivMod => (&names.__divmod__, &names.__rdivmod__),
    }
}

/// A binary operation of which at least one operand's class has this very function in its slot.
pub(super) fn binary<const OP: usize>(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    let (forward, reflected) = binary_names(vm.names(), OP);
    let (left_class, right_class) = (vm.class_of(left).to_ref(), vm.class_of(right).to_ref());
    let python = |class: &Obj<Type>| {
        class.slots.binary[OP].get().is_some_and(|own| std::ptr::fn_addr_eq(own, binary::<OP> as BinaryFn))
    };
    let same = left_class.is_same(&*right_class);
    let mut try_right = !same && python(&right_class);
    if python(&left_class) {
        let priority =
            try_right && right_class.is_subclass(&left_class) && overloaded(vm, &left_class, &right_class, reflected)?;
        if priority {
            let result = optional(vm, right, reflected, std::slice::from_ref(left))?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
            try_right = false;
        }
        let result = optional(vm, left, forward, std::slice::from_ref(right))?;
        if same || !is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if try_right { optional(vm, right, reflected, std::slice::from_ref(left)) } else { Ok(NOT_IMPLEMENTED) }
}

/// Whether the right operand's class has another reflected method than the left one's.
fn overloaded(vm: &Vm, left: &Obj<Type>, right: &Obj<Type>, reflected: &Obj<Str>) -> PyResult<bool> {
    match (left.lookup(vm, reflected), right.lookup(vm, reflected)) {
        (_, None) => Ok(false),
        (None, Some(_)) => Ok(true),
        (Some(left), Some(right)) => vm.compare_bool(CompareOp::Ne, &left, &right),
    }
}

/// `pow()` with a modulus.
pub(super) fn power(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult<Value> {
    if is_none(modulus) {
        return binary::<{ BinaryOp::Pow as usize }>(vm, base, exponent);
    }
    let names = vm.names();
    let python = |value: &Value| {
        let power = vm.class_of(value).slots.power.get();
        power.is_some_and(|own| std::ptr::fn_addr_eq(own, power_address()))
    };
    if python(base) {
        let result = optional(vm, base, &names.__pow__, &[exponent.clone(), modulus.clone()])?;
        if !is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if python(exponent) && !vm.class_of(base).is_same(vm.class_of(exponent)) {
        return optional(vm, exponent, &names.__rpow__, &[base.clone(), modulus.clone()]);
    }
    Ok(NOT_IMPLEMENTED)
}

fn power_address() -> crate::types::TernaryFn {
    power
}

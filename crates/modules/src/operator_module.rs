//! `_operator`: the operators as functions, and callables that fetch items, attributes and results of methods.
//!
//! Invariant: each function does what the operator does, with the same exceptions.

pub use module::spec;

use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::str::StrBuilder;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{buffer, int, is_none as none};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::call::call;
use taipan_objects::types::{Slots, Type, UnaryFn};
use taipan_objects::vm::{PyResult, Vm};

fn unary(vm: &Vm, value: &Value, symbol: &str, slot: fn(&Slots) -> Option<UnaryFn>) -> PyResult<Value> {
    match slot(&vm.class_of(value).slots) {
        Some(function) => function(vm, value),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("bad operand type for unary {symbol}: '{given}'")))
        }
    }
}

fn sequence_only(vm: &Vm, value: &Value) -> PyResult<()> {
    let slots = &vm.class_of(value).slots;
    if slots.concat.get().is_some() || slots.getitem.get().is_some() {
        return Ok(());
    }
    let given = vm.type_name(value);
    Err(vm.type_error(format!("'{given}' object can't be concatenated")))
}

fn compare_in_constant_time(vm: &Vm, a: &Value, b: &Value) -> PyResult<bool> {
    let same = |a: &[u8], b: &[u8]| {
        a.len() == b.len() && a.iter().zip(b).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
    };
    if let (Some(a), Some(b)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
        return match (a.as_ascii(), b.as_ascii()) {
            (Some(a), Some(b)) => Ok(same(a.as_bytes(), b.as_bytes())),
            _ => Err(vm.type_error("comparing strings with non-ASCII characters is not supported")),
        };
    }
    if !buffer::is_buffer(vm, a) || !buffer::is_buffer(vm, b) {
        let (a, b) = (vm.type_name(a), vm.type_name(b));
        return Err(vm.type_error(format!("unsupported operand types(s) or combination of types: '{a}' and '{b}'")));
    }
    Ok(same(&buffer::bytes_of(vm, a)?, &buffer::bytes_of(vm, b)?))
}

/// `name(item, item, name=item)` for reprs.
fn show(vm: &Vm, this: &Value, name: &str, items: &[Value], names: &[Value]) -> PyResult<Value> {
    let shown = vm.repr_once(this, || {
        let mut text = StrBuilder::new();
        text.push_str(name);
        text.push_str("(");
        let plain = items.len() - names.len();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            if let Some(name) = index.checked_sub(plain).and_then(|at| names.get(at)) {
                text.push_str(&Str::display(name));
                text.push_str("=");
            }
            text.push_repr(vm, item)?;
        }
        text.push_str(")");
        Ok(text.finish(vm)?.into())
    })?;
    match shown {
        Some(text) => Ok(text),
        None => Ok(Str::new(vm, &format!("{name}(...)"))?.into()),
    }
}

/// The one argument of a call.
fn only<'a>(vm: &Vm, name: &str, args: Args<'a>) -> PyResult<&'a Value> {
    args.no_keywords(vm, name)?;
    match args.values {
        [only] => Ok(only),
        _ => Err(vm.type_error(format!("{name} expected 1 argument, got {}", args.values.len()))),
    }
}

/// `itemgetter`
#[derive(Payload)]
#[payload(name = "itemgetter")]
pub struct ItemGetter {
    items: Ref<Tuple>,
}

/// itemgetter(item, /, *items)
/// --
///
/// Return a callable object that fetches the given item(s) from its operand.
///
/// After f = itemgetter(2), the call f(r) returns r[2].
/// After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])
#[pytype(name = "itemgetter", module = "operator")]
impl ItemGetter {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        args.no_keywords(vm, "itemgetter")?;
        if args.values.is_empty() {
            return Err(vm.type_error("itemgetter expected 1 argument, got 0"));
        }
        Ok(vm.alloc_instance(class, ItemGetter { items: args.to_tuple(vm)? })?.into())
    }

    #[slot]
    fn call(this: &Obj<ItemGetter>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let object = only(vm, "itemgetter", args)?;
        if let [item] = this.items.items() {
            return vm.get_item(object, item);
        }
        let values = this.items.items().iter().map(|item| vm.get_item(object, item));
        Ok(Tuple::from_values(vm, values.collect::<PyResult<_>>()?)?.into())
    }

    #[slot]
    fn repr(this: &Obj<ItemGetter>, vm: &Vm) -> PyResult<Value> {
        show(vm, &this.to_value(), "operator.itemgetter", this.items.items(), &[])
    }

    #[getter(member)]
    fn __text_signature__(_this: &Obj<ItemGetter>) -> &'static str {
        "(obj, /)"
    }

    /// Return state information for pickling
    #[method]
    fn __reduce__(this: &Obj<ItemGetter>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), this.items.to_value())
    }
}

/// `attrgetter`
#[derive(Payload)]
#[payload(name = "attrgetter")]
pub struct AttrGetter {
    /// The names as they were given.
    names: Ref<Tuple>,
    /// For each name its parts between dots, interned.
    paths: Vec<Vec<Ref<Str>>>,
    _charge: Charge,
}

impl AttrGetter {
    fn fetch(vm: &Vm, object: &Value, path: &[Ref<Str>]) -> PyResult<Value> {
        path.iter().try_fold(object.clone(), |object, name| vm.get_attr(&object, name))
    }
}

/// attrgetter(attr, /, *attrs)
/// --
///
/// Return a callable object that fetches the given attribute(s) from its operand.
///
/// After f = attrgetter('name'), the call f(r) returns r.name.
/// After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).
/// After h = attrgetter('name.first', 'name.last'), the call h(r) returns
/// (r.name.first, r.name.last).
#[pytype(name = "attrgetter", module = "operator")]
impl AttrGetter {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        args.no_keywords(vm, "attrgetter")?;
        if args.values.is_empty() {
            return Err(vm.type_error("attrgetter expected 1 argument, got 0"));
        }
        let mut paths = Vec::with_capacity(args.values.len());
        for name in args.values {
            let Some(text) = name.downcast::<Str>() else {
                return Err(vm.type_error("attribute name must be a string"));
            };
            let parts = text.to_lossy().split('.').map(|part| vm.intern(part)).collect::<PyResult<Vec<_>>>()?;
            paths.push(parts);
        }
        let parts: usize = paths.iter().map(Vec::capacity).sum();
        let charge = vm.charge(paths.len() * size_of::<Vec<Ref<Str>>>() + parts * size_of::<Ref<Str>>())?;
        Ok(vm.alloc_instance(class, AttrGetter { names: args.to_tuple(vm)?, paths, _charge: charge })?.into())
    }

    #[slot]
    fn call(this: &Obj<AttrGetter>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let object = only(vm, "attrgetter", args)?;
        if let [path] = &this.paths[..] {
            return AttrGetter::fetch(vm, object, path);
        }
        let values = this.paths.iter().map(|path| AttrGetter::fetch(vm, object, path));
        Ok(Tuple::from_values(vm, values.collect::<PyResult<_>>()?)?.into())
    }

    #[slot]
    fn repr(this: &Obj<AttrGetter>, vm: &Vm) -> PyResult<Value> {
        show(vm, &this.to_value(), "operator.attrgetter", this.names.items(), &[])
    }

    #[getter(member)]
    fn __text_signature__(_this: &Obj<AttrGetter>) -> &'static str {
        "(obj, /)"
    }

    /// Return state information for pickling
    #[method]
    fn __reduce__(this: &Obj<AttrGetter>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), this.names.to_value())
    }
}

/// `methodcaller`
#[derive(Payload)]
#[payload(name = "methodcaller")]
pub struct MethodCaller {
    name: Ref<Str>,
    /// Positional arguments, then keyword values.
    values: Ref<Tuple>,
    keywords: Ref<Tuple>,
}

/// methodcaller(name, /, *args, **kwargs)
/// --
///
/// Return a callable object that calls the given method on its operand.
///
/// After f = methodcaller('name'), the call f(r) returns r.name().
/// After g = methodcaller('name', 'date', foo=1), the call g(r) returns
/// r.name('date', foo=1).
#[pytype(name = "methodcaller", module = "operator")]
impl MethodCaller {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let Some((name, _)) = args.positionals().split_first() else {
            return Err(vm.type_error("methodcaller needs at least one argument, the method name"));
        };
        let Some(name) = name.downcast::<Str>() else {
            return Err(vm.type_error("method name must be a string"));
        };
        let payload = MethodCaller {
            name: vm.interp().intern_str(vm, &name.to_ref()),
            values: Tuple::from_values(vm, args.rest().values.to_vec())?,
            keywords: Tuple::from_values(vm, args.names.to_vec())?,
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn call(this: &Obj<MethodCaller>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let object = only(vm, "methodcaller", args)?;
        if this.keywords.items().is_empty() {
            return vm.call_method(object, &this.name, this.values.items());
        }
        let method = vm.get_attr(object, &this.name)?;
        call(vm, &method, Args { values: this.values.items(), names: this.keywords.items() })
    }

    #[slot]
    fn repr(this: &Obj<MethodCaller>, vm: &Vm) -> PyResult<Value> {
        let mut items = vec![this.name.to_value()];
        items.extend_from_slice(this.values.items());
        show(vm, &this.to_value(), "operator.methodcaller", &items, this.keywords.items())
    }

    #[getter(member)]
    fn __text_signature__(_this: &Obj<MethodCaller>) -> &'static str {
        "(obj, /)"
    }

    /// Return state information for pickling
    #[method]
    fn __reduce__(this: &Obj<MethodCaller>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let class = vm.class_of(&this.to_value()).to_value();
        let plain = this.values.items().len() - this.keywords.items().len();
        let mut items = vec![this.name.to_value()];
        items.extend_from_slice(&this.values.items()[..plain]);
        if this.keywords.items().is_empty() {
            return Tuple::pair(vm, class, Tuple::from_values(vm, items)?.into());
        }
        let functools = taipan_interp::import::import_absolute(vm, "functools")?;
        let partial = vm.get_attr_text(&functools, "partial")?;
        let values = [&[class, this.name.to_value()], &this.values.items()[plain..]].concat();
        let made = call(vm, &partial, Args { values: &values, names: this.keywords.items() })?;
        Tuple::pair(vm, made, Tuple::from_values(vm, items.split_off(1))?.into())
    }
}

/// Operator interface.
///
/// This module exports a set of functions corresponding
/// to the intrinsic operators of Python.  For example, operator.add(x, y)
/// is equivalent to the expression x+y.
#[pymodule(name = "_operator", types(ItemGetter, AttrGetter, MethodCaller))]
mod module {
    use super::*;
    use taipan_objects::native::FuncArgs;
    use taipan_objects::types::{BinaryOp, CompareOp};

    /// Same as a + b.
    #[function]
    fn add(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::Add, a, b)
    }

    /// Same as a - b.
    #[function]
    fn sub(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::Sub, a, b)
    }

    /// Same as a * b.
    #[function]
    fn mul(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::Mul, a, b)
    }

    /// Same as a / b.
    #[function]
    fn truediv(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::TrueDiv, a, b)
    }

    /// Same as a // b.
    #[function]
    fn floordiv(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::FloorDiv, a, b)
    }

    /// Same as a % b.
    #[function(name = "mod")]
    fn modulo(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::Mod, a, b)
    }

    /// Same as a ** b.
    #[function]
    fn pow(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::Pow, a, b)
    }

    /// Same as a @ b.
    #[function]
    fn matmul(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::MatMul, a, b)
    }

    /// Same as a << b.
    #[function]
    fn lshift(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::LShift, a, b)
    }

    /// Same as a >> b.
    #[function]
    fn rshift(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::RShift, a, b)
    }

    /// Same as a & b.
    #[function(name = "and_")]
    fn and_(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::And, a, b)
    }

    /// Same as a | b.
    #[function(name = "or_")]
    fn or_(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::Or, a, b)
    }

    /// Same as a ^ b.
    #[function]
    fn xor(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::Xor, a, b)
    }

    /// Same as a += b.
    #[function]
    fn iadd(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::Add, a, b)
    }

    /// Same as a -= b.
    #[function]
    fn isub(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::Sub, a, b)
    }

    /// Same as a *= b.
    #[function]
    fn imul(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::Mul, a, b)
    }

    /// Same as a /= b.
    #[function]
    fn itruediv(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::TrueDiv, a, b)
    }

    /// Same as a //= b.
    #[function]
    fn ifloordiv(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::FloorDiv, a, b)
    }

    /// Same as a %= b.
    #[function]
    fn imod(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::Mod, a, b)
    }

    /// Same as a **= b.
    #[function]
    fn ipow(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::Pow, a, b)
    }

    /// Same as a @= b.
    #[function]
    fn imatmul(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::MatMul, a, b)
    }

    /// Same as a <<= b.
    #[function]
    fn ilshift(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::LShift, a, b)
    }

    /// Same as a >>= b.
    #[function]
    fn irshift(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::RShift, a, b)
    }

    /// Same as a &= b.
    #[function]
    fn iand(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::And, a, b)
    }

    /// Same as a |= b.
    #[function]
    fn ior(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::Or, a, b)
    }

    /// Same as a ^= b.
    #[function]
    fn ixor(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.inplace(BinaryOp::Xor, a, b)
    }

    /// Same as a < b.
    #[function]
    fn lt(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.compare(CompareOp::Lt, a, b)
    }

    /// Same as a <= b.
    #[function]
    fn le(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.compare(CompareOp::Le, a, b)
    }

    /// Same as a == b.
    #[function]
    fn eq(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.compare(CompareOp::Eq, a, b)
    }

    /// Same as a != b.
    #[function]
    fn ne(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.compare(CompareOp::Ne, a, b)
    }

    /// Same as a > b.
    #[function]
    fn gt(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.compare(CompareOp::Gt, a, b)
    }

    /// Same as a >= b.
    #[function]
    fn ge(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.compare(CompareOp::Ge, a, b)
    }

    /// Same as -a.
    #[function]
    fn neg(vm: &Vm, a: &Value) -> PyResult<Value> {
        unary(vm, a, "-", |slots| slots.neg.get())
    }

    /// Same as +a.
    #[function]
    fn pos(vm: &Vm, a: &Value) -> PyResult<Value> {
        unary(vm, a, "+", |slots| slots.pos.get())
    }

    /// Same as ~a.
    #[function]
    fn invert(vm: &Vm, a: &Value) -> PyResult<Value> {
        unary(vm, a, "~", |slots| slots.invert.get())
    }

    /// Same as ~a.
    #[function]
    fn inv(vm: &Vm, a: &Value) -> PyResult<Value> {
        invert(vm, a)
    }

    /// Same as abs(a).
    #[function(name = "abs")]
    fn absolute(vm: &Vm, a: &Value) -> PyResult<Value> {
        match vm.class_of(a).slots.abs.get() {
            Some(function) => function(vm, a),
            None => {
                let given = vm.type_name(a);
                Err(vm.type_error(format!("bad operand type for abs(): '{given}'")))
            }
        }
    }

    /// Same as a.__index__()
    #[function(name = "index")]
    fn index_of(vm: &Vm, a: &Value) -> PyResult<Value> {
        int::index(vm, a)
    }

    /// Same as not a.
    #[function(name = "not_")]
    fn not_(vm: &Vm, a: &Value) -> PyResult<bool> {
        vm.is_true(a).map(|truth| !truth)
    }

    /// Return True if a is true, False otherwise.
    #[function]
    fn truth(vm: &Vm, a: &Value) -> PyResult<bool> {
        vm.is_true(a)
    }

    /// Same as a is b.
    #[function(name = "is_")]
    fn is_(a: &Value, b: &Value) -> bool {
        a.is(b)
    }

    /// Same as a is not b.
    #[function]
    fn is_not(a: &Value, b: &Value) -> bool {
        !a.is(b)
    }

    /// Same as a is None.
    #[function]
    fn is_none(a: &Value) -> bool {
        none(a)
    }

    /// Same as a is not None.
    #[function]
    fn is_not_none(a: &Value) -> bool {
        !none(a)
    }

    /// Same as b in a (note reversed operands).
    #[function]
    fn contains(vm: &Vm, a: &Value, b: &Value) -> PyResult<bool> {
        vm.contains(a, b)
    }

    /// Same as a[b].
    #[function]
    fn getitem(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        vm.get_item(a, b)
    }

    /// Same as a[b] = c.
    #[function]
    fn setitem(vm: &Vm, a: &Value, b: &Value, c: &Value) -> PyResult<()> {
        vm.set_item(a, b, Some(c))
    }

    /// Same as del a[b].
    #[function]
    fn delitem(vm: &Vm, a: &Value, b: &Value) -> PyResult<()> {
        vm.set_item(a, b, None)
    }

    /// Same as a + b, for a and b sequences.
    #[function]
    fn concat(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        sequence_only(vm, a)?;
        vm.binary(BinaryOp::Add, a, b)
    }

    /// Same as a += b, for a and b sequences.
    #[function]
    fn iconcat(vm: &Vm, a: &Value, b: &Value) -> PyResult<Value> {
        sequence_only(vm, a)?;
        vm.inplace(BinaryOp::Add, a, b)
    }

    /// Return the number of items in a which are, or which equal, b.
    #[function(name = "countOf")]
    #[allow(non_snake_case)]
    fn countOf(vm: &Vm, a: &Value, b: &Value) -> PyResult<usize> {
        let iterator = vm.iter(a)?;
        let mut count = 0;
        while let Some(item) = vm.next(&iterator)? {
            count += usize::from(vm.is_equal(&item, b)?);
        }
        Ok(count)
    }

    /// Return the first index of b in a.
    #[function(name = "indexOf")]
    #[allow(non_snake_case)]
    fn indexOf(vm: &Vm, a: &Value, b: &Value) -> PyResult<usize> {
        let iterator = vm.iter(a)?;
        let mut index = 0;
        while let Some(item) = vm.next(&iterator)? {
            if vm.is_equal(&item, b)? {
                return Ok(index);
            }
            index += 1;
        }
        Err(vm.value_error("sequence.index(x): x not in sequence"))
    }

    /// Same as obj(*args, **kwargs).
    #[function(name = "call")]
    fn call_object(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        match args.0.positionals().first() {
            Some(function) => call(vm, function, args.0.rest()),
            None => Err(vm.type_error("call expected at least 1 argument, got 0")),
        }
    }

    /// Return an estimate of the number of items in obj.
    ///
    /// This is useful for presizing containers when building from an iterable.
    ///
    /// If the object supports len(), the result will be exact.
    /// Otherwise, it may over- or under-estimate by an arbitrary amount.
    #[function]
    fn length_hint(vm: &Vm, obj: &Value, #[default(0)] default: isize) -> PyResult<Value> {
        match vm.length_hint(obj)? {
            Some(hint) => Ok(hint),
            None => default.into_value(vm),
        }
    }

    /// Return 'a == b'.
    ///
    /// This function uses an approach designed to prevent timing analysis, making it
    /// appropriate for cryptography.
    #[function]
    fn _compare_digest(vm: &Vm, a: &Value, b: &Value) -> PyResult<bool> {
        compare_in_constant_time(vm, a, b)
    }
}

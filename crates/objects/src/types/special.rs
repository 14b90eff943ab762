//! Special methods and slots: one table (`GROUPS`) says which special methods fill which slot, how a native slot looks as a method
//! (`list.__len__`), and which function of `slot_calls` lets a slot call a method written in Python.
//!
//! Invariant: each special method stands once per slot it can fill; a slot wrapper belongs to an immutable builtin class, so the function it
//! wraps is the one in that class's slots.

use crate::builtins::dict::Dict;
use crate::builtins::function::NativeFunction;
use crate::builtins::memoryview::{buffer_method, release_method};
use crate::builtins::str::Str;
use crate::builtins::{NONE, boolean, is_none};
use crate::native::{Args, Fixed, IntoValue, MethodKind, NativeDef};
use crate::types::slot_calls as calls;
use crate::types::slot_wrapper::SlotWrapper;
use crate::types::{BinaryOp, CompareOp, Slots, Type, TypeObject, type_flags};
use crate::vm::{Names, PyResult, Raised, Vm};
use taipan_heap::{Obj, Ref, Value};

/// How a slot wrapper calls the native function in `slots`.
pub(crate) type WrapperFn = fn(&Vm, &Slots, &Value, Args<'_>) -> PyResult<Value>;

/// One special method as it fills one slot.
pub(crate) struct SpecialMethod {
    pub(crate) name: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) interned: fn(&Names) -> &Ref<Str>,
    pub(crate) present: fn(&Slots) -> bool,
    pub(crate) call: WrapperFn,
}

/// A slot (or two that go together) with the special methods that decide about it.
pub(crate) struct SlotGroup {
    pub(crate) methods: &'static [SpecialMethod],
    /// Takes the native function over from another class.
    pub(crate) copy: fn(&Slots, &Slots),
    /// Puts the function in that calls the Python method.
    pub(crate) install: fn(&Slots),
    /// Empties the slot.
    pub(crate) clear: fn(&Slots),
    /// Whether a native function is inherited although no special method shows it.
    pub(crate) inherited: bool,
}

macro_rules! method {
    ($name:ident, $signature:literal, $doc:expr, [$($field:tt)+], |$vm:ident, $f:ident, $this:ident, $args:ident| $body:expr) => {
        SpecialMethod {
            name: stringify!($name),
            signature: $signature,
            doc: $doc,
            interned: |names| &names.$name,
            present: |slots| slots.$($field)+.get().is_some(),
            call: |$vm, slots, $this, $args| match slots.$($field)+.get() {
                Some($f) => $body,
                None => Err(unfilled($vm, $this, stringify!($name))),
            },
        }
    };
}

macro_rules! group {
    ([$($field:tt)+], $install:expr, [$($method:expr),* $(,)?]) => {
        SlotGroup {
            methods: &[$($method),*],
            copy: |from, to| to.$($field)+.set(from.$($field)+.get()),
            install: |to| to.$($field)+.set($install),
            clear: |to| to.$($field)+.set(None),
            inherited: false,
        }
    };
}

macro_rules! unary {
    ($name:ident, $field:ident, $doc:literal) => {
        group!(
            [$field],
            Some(|vm, this| calls::required(vm, this, &vm.names().$name, &[])),
            [method!($name, "($self, /)", $doc, [$field], |vm, f, this, args| {
                exactly(vm, args, stringify!($name), 0)?;
                f(vm, this)
            })]
        )
    };
}

macro_rules! binary {
    ($op:ident, $forward:ident, $reflected:ident, $doc:literal, $reflected_doc:literal) => {
        group!(
            [binary[BinaryOp::$op as usize]],
            Some(calls::binary::<{ BinaryOp::$op as usize }>),
            [
                method!($forward, "($self, value, /)", $doc, [binary[BinaryOp::$op as usize]], |vm, f, this, args| {
                    let args = exactly(vm, args, stringify!($forward), 1)?;
                    f(vm, this, &args[0])
                }),
                method!(
                    $reflected,
                    "($self, value, /)",
                    $reflected_doc,
                    [binary[BinaryOp::$op as usize]],
                    |vm, f, this, args| {
                        let args = exactly(vm, args, stringify!($reflected), 1)?;
                        f(vm, &args[0], this)
                    }
                ),
            ]
        )
    };
}

macro_rules! inplace {
    ($op:ident, $name:ident, $doc:literal) => {
        group!(
            [inplace[BinaryOp::$op as usize]],
            Some(|vm, this, other| calls::optional(vm, this, &vm.names().$name, std::slice::from_ref(other))),
            [method!($name, "($self, value, /)", $doc, [inplace[BinaryOp::$op as usize]], |vm, f, this, args| {
                let args = exactly(vm, args, stringify!($name), 1)?;
                f(vm, this, &args[0])
            })]
        )
    };
}

macro_rules! compare {
    ($op:ident, $name:ident, $doc:literal) => {
        method!($name, "($self, value, /)", $doc, [compare], |vm, f, this, args| {
            let args = exactly(vm, args, stringify!($name), 1)?;
            f(vm, this, &args[0], CompareOp::$op)
        })
    };
}

macro_rules! sequence {
    ($field:ident, $name:ident, $doc:literal) => {
        group!(
            [$field],
            None,
            [method!($name, "($self, value, /)", $doc, [$field], |vm, f, this, args| {
                let args = exactly(vm, args, stringify!($name), 1)?;
                f(vm, this, &args[0])
            })]
        )
    };
}

macro_rules! repeat {
    ($field:ident, [$($name:ident $doc:literal),*]) => {
        group!([$field], None, [$(method!($name, "($self, value, /)", $doc, [$field], |vm, f, this, args| {
            let args = exactly(vm, args, stringify!($name), 1)?;
            let Some(count) = crate::builtins::int::index_i64(vm, &args[0])? else {
                return Err(vm.overflow_error("cannot fit 'int' into an index-sized integer"));
            };
            f(vm, this, count as isize)
        })),*])
    };
}

/// All slots that special methods decide about.
pub(crate) static GROUPS: &[SlotGroup] = &[
    unary!(__repr__, repr, "Return repr(self)."),
    unary!(__str__, str, "Return str(self)."),
    group!(
        [hash],
        Some(calls::hash),
        [method!(__hash__, "($self, /)", "Return hash(self).", [hash], |vm, f, this, args| {
            exactly(vm, args, "__hash__", 0)?;
            f(vm, this)?.into_value(vm)
        })]
    ),
    group!(
        [compare],
        Some(calls::compare),
        [
            compare!(Lt, __lt__, "Return self<value."),
            compare!(Le, __le__, "Return self<=value."),
            compare!(Eq, __eq__, "Return self==value."),
            compare!(Ne, __ne__, "Return self!=value."),
            compare!(Gt, __gt__, "Return self>value."),
            compare!(Ge, __ge__, "Return self>=value."),
        ]
    ),
    group!(
        [call],
        Some(calls::call),
        [method!(__call__, "($self, /, *args, **kwargs)", "Call self as a function.", [call], |vm, f, this, args| f(
            vm, this, args
        ))]
    ),
    group!(
        [getattr],
        Some(calls::getattribute),
        [method!(
            __getattribute__,
            "($self, name, /)",
            "Return getattr(self, name).",
            [getattr],
            |vm, f, this, args| {
                let args = exactly(vm, args, "__getattribute__", 1)?;
                f(vm, this, attribute_name(vm, &args[0])?)
            }
        )]
    ),
    group!(
        [setattr],
        Some(calls::setattr),
        [
            method!(
                __setattr__,
                "($self, name, value, /)",
                "Implement setattr(self, name, value).",
                [setattr],
                |vm, f, this, args| {
                    let args = unpacked(vm, args, "__setattr__", 2, 2)?;
                    check_hack(vm, this, f, "__setattr__")?;
                    f(vm, this, attribute_name(vm, &args[0])?, Some(&args[1])).map(|()| NONE)
                }
            ),
            method!(
                __delattr__,
                "($self, name, /)",
                "Implement delattr(self, name).",
                [setattr],
                |vm, f, this, args| {
                    let args = exactly(vm, args, "__delattr__", 1)?;
                    check_hack(vm, this, f, "__delattr__")?;
                    f(vm, this, attribute_name(vm, &args[0])?, None).map(|()| NONE)
                }
            ),
        ]
    ),
    unary_iter(),
    group!(
        [next],
        Some(calls::next),
        [method!(__next__, "($self, /)", "Implement next(self).", [next], |vm, f, this, args| {
            exactly(vm, args, "__next__", 0)?;
            match f(vm, this)? {
                Some(value) => Ok(value),
                None => Err(vm.stop_iteration(None)),
            }
        })]
    ),
    group!(
        [descr_get],
        Some(calls::descr_get),
        [method!(
            __get__,
            "($self, instance, owner=None, /)",
            "Return an attribute of instance, which is of type owner.",
            [descr_get],
            |vm, f, this, args| {
                let args = unpacked(vm, args, "__get__", 1, 2)?;
                let instance = args.first().filter(|value| !is_none(value));
                let owner = args.get(1).filter(|value| !is_none(value));
                if instance.is_none() && owner.is_none() {
                    return Err(vm.type_error("__get__(None, None) is invalid"));
                }
                match (owner.and_then(|owner| owner.downcast::<Type>()), instance) {
                    (Some(owner), _) => f(vm, this, instance, owner),
                    (None, Some(value)) => f(vm, this, instance, &vm.class_of(value).to_ref()),
                    (None, None) => f(vm, this, None, &vm.types().object),
                }
            }
        )]
    ),
    group!(
        [descr_set],
        Some(calls::descr_set),
        [
            method!(
                __set__,
                "($self, instance, value, /)",
                "Set an attribute of instance to value.",
                [descr_set],
                |vm, f, this, args| {
                    let args = unpacked(vm, args, "__set__", 2, 2)?;
                    f(vm, this, &args[0], Some(&args[1])).map(|()| NONE)
                }
            ),
            method!(
                __delete__,
                "($self, instance, /)",
                "Delete an attribute of instance.",
                [descr_set],
                |vm, f, this, args| {
                    let args = exactly(vm, args, "__delete__", 1)?;
                    f(vm, this, &args[0], None).map(|()| NONE)
                }
            ),
        ]
    ),
    group!(
        [init],
        Some(calls::init),
        [method!(
            __init__,
            "($self, /, *args, **kwargs)",
            "Initialize self.  See help(type(self)) for accurate signature.",
            [init],
            |vm, f, this, args| f(vm, this, args).map(|()| NONE)
        )]
    ),
    SlotGroup {
        inherited: true,
        ..group!(
            [finalize],
            Some(calls::finalize),
            [method!(
                __del__,
                "($self, /)",
                "Called when the instance is about to be destroyed.",
                [finalize],
                |vm, f, this, args| {
                    exactly(vm, args, "__del__", 0)?;
                    f(vm, this).map(|()| NONE)
                }
            )]
        )
    },
    SlotGroup {
        methods: &[
            method!(
                __buffer__,
                "($self, flags, /)",
                "Return a buffer object that exposes the underlying memory of the object.",
                [buffer],
                |vm, _f, this, args| buffer_method(vm, this, &exactly(vm, args, "__buffer__", 1)?[0])
            ),
            method!(
                __release_buffer__,
                "($self, buffer, /)",
                "Release the buffer object that exposes the underlying memory of the object.",
                [buffer_export],
                |vm, _f, this, args| release_method(vm, this, &exactly(vm, args, "__release_buffer__", 1)?[0])
            ),
        ],
        copy: |from, to| {
            to.buffer.set(from.buffer.get());
            to.buffer_write.set(from.buffer_write.get());
            to.buffer_export.set(from.buffer_export.get());
        },
        install: |to| {
            to.buffer.set(Some(calls::buffer));
            to.buffer_write.set(Some(calls::buffer_write));
            to.buffer_export.set(Some(calls::buffer_export));
        },
        clear: |to| {
            to.buffer.set(None);
            to.buffer_write.set(None);
            to.buffer_export.set(None);
        },
        inherited: true,
    },
    group!(
        [len],
        Some(calls::len),
        [method!(__len__, "($self, /)", "Return len(self).", [len], |vm, f, this, args| {
            exactly(vm, args, "__len__", 0)?;
            f(vm, this)?.into_value(vm)
        })]
    ),
    group!(
        [getitem],
        Some(calls::getitem),
        [method!(__getitem__, "($self, key, /)", "Return self[key].", [getitem], |vm, f, this, args| {
            let args = exactly(vm, args, "__getitem__", 1)?;
            f(vm, this, &args[0])
        })]
    ),
    group!(
        [setitem],
        Some(calls::setitem),
        [
            method!(
                __setitem__,
                "($self, key, value, /)",
                "Set self[key] to value.",
                [setitem],
                |vm, f, this, args| {
                    let args = unpacked(vm, args, "__setitem__", 2, 2)?;
                    f(vm, this, &args[0], Some(&args[1])).map(|()| NONE)
                }
            ),
            method!(__delitem__, "($self, key, /)", "Delete self[key].", [setitem], |vm, f, this, args| {
                let args = exactly(vm, args, "__delitem__", 1)?;
                f(vm, this, &args[0], None).map(|()| NONE)
            }),
        ]
    ),
    group!(
        [contains],
        Some(calls::contains),
        [method!(__contains__, "($self, key, /)", "Return bool(key in self).", [contains], |vm, f, this, args| {
            let args = exactly(vm, args, "__contains__", 1)?;
            f(vm, this, &args[0]).map(boolean)
        })]
    ),
    sequence!(concat, __add__, "Return self+value."),
    repeat!(repeat, [__mul__ "Return self*value.", __rmul__ "Return value*self."]),
    sequence!(inplace_concat, __iadd__, "Implement self+=value."),
    repeat!(inplace_repeat, [__imul__ "Implement self*=value."]),
    unary!(__neg__, neg, "-self"),
    unary!(__pos__, pos, "+self"),
    unary!(__abs__, abs, "abs(self)"),
    unary!(__invert__, invert, "~self"),
    group!(
        [bool],
        Some(calls::bool),
        [method!(__bool__, "($self, /)", "True if self else False", [bool], |vm, f, this, args| {
            exactly(vm, args, "__bool__", 0)?;
            f(vm, this).map(boolean)
        })]
    ),
    unary!(
        __index__,
        index,
        "Return self converted to an integer, if self is suitable for use as an index into a list."
    ),
    unary!(__int__, int, "int(self)"),
    unary!(__float__, float, "float(self)"),
    unary!(__await__, await_, "Return an iterator to be used in await expression."),
    unary!(__aiter__, aiter, "Return an awaitable, that resolves in asynchronous iterator."),
    unary!(__anext__, anext, "Return a value or raise StopAsyncIteration."),
    binary!(Add, __add__, __radd__, "Return self+value.", "Return value+self."),
    binary!(Sub, __sub__, __rsub__, "Return self-value.", "Return value-self."),
    binary!(Mul, __mul__, __rmul__, "Return self*value.", "Return value*self."),
    binary!(TrueDiv, __truediv__, __rtruediv__, "Return self/value.", "Return value/self."),
    binary!(FloorDiv, __floordiv__, __rfloordiv__, "Return self//value.", "Return value//self."),
    binary!(Mod, __mod__, __rmod__, "Return self%value.", "Return value%self."),
    SlotGroup {
        methods: &[
            method!(
                __pow__,
                "($self, value, mod=None, /)",
                "Return pow(self, value, mod).",
                [binary[BinaryOp::Pow as usize]],
                |vm, f, this, args| {
                    let args = between(vm, args, "__pow__", 1, 2)?;
                    match args.get(1).filter(|modulus| !is_none(modulus)) {
                        Some(modulus) => power_with(vm, slots_power(vm, this), this, &args[0], modulus),
                        None => f(vm, this, &args[0]),
                    }
                }
            ),
            method!(
                __rpow__,
                "($self, value, mod=None, /)",
                "Return pow(value, self, mod).",
                [binary[BinaryOp::Pow as usize]],
                |vm, f, this, args| {
                    let args = between(vm, args, "__rpow__", 1, 2)?;
                    match args.get(1).filter(|modulus| !is_none(modulus)) {
                        Some(modulus) => power_with(vm, slots_power(vm, this), &args[0], this, modulus),
                        None => f(vm, &args[0], this),
                    }
                }
            ),
        ],
        copy: |from, to| {
            to.binary[BinaryOp::Pow as usize].set(from.binary[BinaryOp::Pow as usize].get());
            to.power.set(from.power.get());
        },
        install: |to| {
            to.binary[BinaryOp::Pow as usize].set(Some(calls::binary::<{ BinaryOp::Pow as usize }>));
            to.power.set(Some(calls::power));
        },
        clear: |to| {
            to.binary[BinaryOp::Pow as usize].set(None);
            to.power.set(None);
        },
        inherited: false,
    },
    binary!(MatMul, __matmul__, __rmatmul__, "Return self@value.", "Return value@self."),
    binary!(LShift, __lshift__, __rlshift__, "Return self<<value.", "Return value<<self."),
    binary!(RShift, __rshift__, __rrshift__, "Return self>>value.", "Return value>>self."),
    binary!(And, __and__, __rand__, "Return self&value.", "Return value&self."),
    binary!(Or, __or__, __ror__, "Return self|value.", "Return value|self."),
    binary!(Xor, __xor__, __rxor__, "Return self^value.", "Return value^self."),
    binary!(DivMod, __divmod__, __rdivmod__, "Return divmod(self, value).", "Return divmod(value, self)."),
    inplace!(Add, __iadd__, "Return self+=value."),
    inplace!(Sub, __isub__, "Return self-=value."),
    inplace!(Mul, __imul__, "Return self*=value."),
    inplace!(TrueDiv, __itruediv__, "Return self/=value."),
    inplace!(FloorDiv, __ifloordiv__, "Return self//=value."),
    inplace!(Mod, __imod__, "Return self%=value."),
    inplace!(Pow, __ipow__, "Return self**=value."),
    inplace!(MatMul, __imatmul__, "Return self@=value."),
    inplace!(LShift, __ilshift__, "Return self<<=value."),
    inplace!(RShift, __irshift__, "Return self>>=value."),
    inplace!(And, __iand__, "Return self&=value."),
    inplace!(Or, __ior__, "Return self|=value."),
    inplace!(Xor, __ixor__, "Return self^=value."),
];

const fn unary_iter() -> SlotGroup {
    group!(
        [iter],
        Some(calls::iter),
        [method!(__iter__, "($self, /)", "Implement iter(self).", [iter], |vm, f, this, args| {
            exactly(vm, args, "__iter__", 0)?;
            f(vm, this)
        })]
    )
}

fn slots_power(vm: &Vm, this: &Value) -> Option<crate::types::TernaryFn> {
    // A Python subclass has the calling function in its slot; the native one stands in the nearest builtin base.
    let mro = vm.class_of(this).mro();
    mro.iter().filter(|class| !class.has(type_flags::PYTHON_CLASS)).find_map(|class| class.slots.power.get())
}

fn power_with(
    vm: &Vm,
    power: Option<crate::types::TernaryFn>,
    base: &Value,
    exponent: &Value,
    modulus: &Value,
) -> PyResult<Value> {
    match power {
        Some(power) => power(vm, base, exponent, modulus),
        None => Ok(crate::builtins::NOT_IMPLEMENTED),
    }
}

#[cold]
fn unfilled(vm: &Vm, this: &Value, name: &str) -> Raised {
    let given = vm.type_name(this);
    vm.type_error(format!("'{given}' object does not support {name}"))
}

/// The positional arguments when there are exactly `count`, and no keywords.
fn exactly<'a>(vm: &Vm, args: Args<'a>, name: &str, count: usize) -> PyResult<&'a [Value]> {
    between(vm, args, name, count, count)
}

/// As `between`, for those whose message begins with the name.
fn unpacked<'a>(vm: &Vm, args: Args<'a>, name: &str, least: usize, most: usize) -> PyResult<&'a [Value]> {
    if !args.names.is_empty() {
        args.no_keywords(vm, &format!("wrapper {name}"))?;
    }
    args.expect(vm, name, least, most)
}

fn between<'a>(vm: &Vm, args: Args<'a>, name: &str, least: usize, most: usize) -> PyResult<&'a [Value]> {
    if !args.names.is_empty() {
        return Err(vm.type_error(format!("wrapper {name}() takes no keyword arguments")));
    }
    let given = args.values.len();
    if given >= least && given <= most {
        return Ok(args.values);
    }
    if least != most {
        return Err(vm.type_error(format!("expected {least} or {most} arguments, got {given}")));
    }
    let plural = if most == 1 { "" } else { "s" };
    Err(vm.type_error(format!("expected {most} argument{plural}, got {given}")))
}

/// The name given to an attribute function, which must be a str.
pub(crate) fn attribute_name<'a>(vm: &Vm, name: &'a Value) -> PyResult<&'a Obj<Str>> {
    name.downcast::<Str>().ok_or_else(|| {
        let given = vm.type_name(name);
        vm.type_error(format!("attribute name must be string, not '{given}'"))
    })
}

/// `object.__setattr__` must not get around the `__setattr__` of a builtin class in between.
fn check_hack(vm: &Vm, this: &Value, function: crate::types::SetAttrFn, name: &str) -> PyResult<()> {
    let mro = vm.class_of(this).mro();
    let builtin = mro.iter().find(|class| !class.has(type_flags::PYTHON_CLASS));
    let own = builtin.and_then(|class| class.slots.setattr.get());
    if own.is_none_or(|own| std::ptr::fn_addr_eq(own, function)) {
        return Ok(());
    }
    let given = vm.type_name(this);
    Err(vm.type_error(format!("can't apply this {name} to {given} object")))
}

/// `__new__` of every builtin class that can make instances.
pub(crate) static NEW: NativeDef = NativeDef {
    name: "__new__",
    owner: "object",
    doc: "Create and return a new object.  See help(type) for accurate signature.",
    signature: "($type, *args, **kwargs)",
    params: &[],
    kind: MethodKind::Method,
    call: call_new,
    fixed: Fixed::NONE,
};

/// The builtin class whose `__new__` `value` is.
pub(crate) fn builtin_new(value: &Value) -> Option<Ref<Type>> {
    let function = value.downcast::<NativeFunction>()?;
    if !std::ptr::eq(function.def.0, &NEW) {
        return None;
    }
    function.bound.get()?.downcast_into::<Type>().ok()
}

fn call_new(vm: &Vm, args: Args<'_>) -> PyResult<Value> {
    let Some(class) = args.values.first().and_then(|class| class.downcast::<Type>()) else {
        return Err(vm.type_error("object.__new__(): not enough arguments"));
    };
    let name = || class.type_name(vm);
    let rest = args.rest();
    let Some(wanted) = rest.positionals().first() else {
        return Err(vm.type_error(format!("{}.__new__(): not enough arguments", name())));
    };
    let Some(subclass) = wanted.downcast::<Type>() else {
        let given = vm.type_name(wanted);
        return Err(vm.type_error(format!("{}.__new__(X): X is not a type object ({given})", name())));
    };
    let shown = || subclass.tp_name();
    if !subclass.is_subclass(class) {
        let (name, shown) = (name(), shown());
        return Err(vm.type_error(format!("{name}.__new__({shown}): {shown} is not a subtype of {name}")));
    }
    // The nearest class whose `__new__` is not looked up by name.
    let mut native = subclass.to_ref();
    while native.slots.new.get().is_some_and(|new| std::ptr::fn_addr_eq(new, calls::new as crate::types::NewFn)) {
        let base = native.base.borrow().clone();
        match base {
            Some(base) => native = base,
            None => break,
        }
    }
    // Without this, `object.__new__` would make an object without the type's payload.
    if native.has(type_flags::DISALLOW_INSTANTIATION) || native.slots.new.get().is_none() {
        return Err(vm.type_error(format!("cannot create '{}' instances", native.tp_name())));
    }
    let (own, other) = (class.slots.new.get(), native.slots.new.get());
    let Some(other) = other.filter(|_| !subclass.has(type_flags::DISALLOW_INSTANTIATION)) else {
        return Err(vm.type_error(format!("cannot create '{}' instances", shown())));
    };
    if own.is_some_and(|own| !std::ptr::fn_addr_eq(own, other)) {
        let (name, shown, safe) = (name(), shown(), native.type_name(vm));
        return Err(vm.type_error(format!("{name}.__new__({shown}) is not safe, use {safe}.__new__()")));
    }
    match own {
        Some(new) => new(vm, subclass, rest.rest()),
        None => Err(vm.type_error(format!("cannot create '{}' instances", name()))),
    }
}

/// The nearest class along the layout bases that was not made by Python code.
pub(crate) fn native_base(class: &Obj<Type>) -> Ref<Type> {
    let mut class = class.to_ref();
    while class.has(type_flags::PYTHON_CLASS) {
        let base = class.base.borrow().clone();
        match base {
            Some(base) => class = base,
            None => break,
        }
    }
    class
}

/// Adds a wrapper for every slot that `class` fills itself.
pub(crate) fn add_wrappers(vm: &Vm, class: &Obj<Type>, dict: &Obj<Dict>) -> PyResult<()> {
    for method in GROUPS.iter().flat_map(|group| group.methods) {
        let name = (method.interned)(vm.names());
        if !(method.present)(&class.slots) || dict.get_name(vm, name)?.is_some() {
            continue;
        }
        let value = if method.name == "__hash__" && is_unhashable(&class.slots) {
            NONE
        } else {
            SlotWrapper::make(vm, method, class)?
        };
        dict.set(vm, &name.to_value(), value)?;
    }
    // One that takes `object`'s over has none of its own.
    let objects = class.mro().last().filter(|object| !object.is_same(class)).and_then(|object| object.slots.new.get());
    let own = class.slots.new.get().filter(|new| !objects.is_some_and(|object| std::ptr::fn_addr_eq(object, *new)));
    if own.is_some() && !class.has(type_flags::DISALLOW_INSTANTIATION) {
        let new = NativeFunction::new(vm, &NEW, Some(class.to_value()), None)?;
        dict.set(vm, &vm.names().__new__.to_value(), new.into())?;
    }
    Ok(())
}

/// Adds the wrapper of `__release_buffer__`, which is known to be there only when the class is ready.
pub(crate) fn add_release_wrapper(vm: &Vm, class: &Obj<Type>, dict: &Obj<Dict>) -> PyResult<()> {
    let release = GROUPS.iter().flat_map(|group| group.methods).find(|method| method.name == "__release_buffer__");
    let Some(release) = release else { return Ok(()) };
    dict.set(vm, &(release.interned)(vm.names()).to_value(), SlotWrapper::make(vm, release, class)?)
}

/// Whether the hash slot says that instances cannot be hashed.
pub(crate) fn is_unhashable(slots: &Slots) -> bool {
    slots.hash.get().is_some_and(|hash| std::ptr::fn_addr_eq(hash, unhashable as crate::types::HashFn))
}

/// The hash slot of unhashable types.
pub fn unhashable(vm: &Vm, value: &Value) -> PyResult<i64> {
    let given = vm.type_name(value);
    Err(vm.type_error(format!("unhashable type: '{given}'")))
}

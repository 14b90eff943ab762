//! `weakref.ref` (type `ReferenceType`) and the weak proxies: references that do not keep their target alive.
//!
//! Proxies have the same payload and forward every operation. Invariant: `node` is linked to the target for as long as the target lives.

use crate::native::{Args, Fixed, MethodKind, NativeDef, TypeSpec};
use crate::types::{BINARY_OPS, BinaryFn, BinaryOp, CompareOp, Slots, Type, UnaryFn};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value, WeakNode, flags};
use taipan_macros::pytype;

/// A weak reference object.
#[derive(Payload)]
#[payload(name = "weakref.ReferenceType")]
pub struct WeakReference {
    node: WeakNode,
    /// Called with the weak reference when the target is gone.
    pub callback: Slot,
    /// The target's hash, or -1 when it was not asked for.
    pub hash: Cell<i64>,
}

impl WeakReference {
    /// A weak reference of class `class` to `target`, or TypeError.
    pub fn new(vm: &Vm, class: &Obj<Type>, target: &Value, callback: Option<Value>) -> PyResult<Ref<WeakReference>> {
        let Some(header) = target.header().filter(|header| header.kind().has(flags::WEAKLY_REFERENCEABLE)) else {
            let given = vm.type_name(target);
            return Err(vm.type_error(format!("cannot create weak reference to '{given}' object")));
        };
        let has_callback = callback.is_some();
        let payload = WeakReference { node: WeakNode::new(), callback: Slot::new(callback), hash: Cell::new(-1) };
        let made = vm.alloc_instance(class, payload)?;
        vm.heap().link_weak(&made, |payload| &payload.node, header, has_callback);
        Ok(made)
    }

    /// As `new` without a callback: the one such reference of exactly that class, if there is one already.
    pub fn shared(vm: &Vm, class: &Obj<Type>, target: &Value) -> PyResult<Ref<WeakReference>> {
        for found in target.header().map(|header| vm.heap().weak_references(header)).unwrap_or_default() {
            let exact = vm.class_of(&found).is_same(class);
            if let Ok(reference) = found.downcast_into::<WeakReference>()
                && exact
                && reference.callback.is_empty()
            {
                return Ok(reference);
            }
        }
        WeakReference::new(vm, class, target, None)
    }

    /// The target while it lives.
    #[inline]
    pub fn target(&self) -> Option<Value> {
        self.node.target()
    }
}

fn describe(vm: &Vm, this: &Obj<WeakReference>, what: &str) -> PyResult<String> {
    let address = this.header().address();
    let Some(target) = this.target() else { return Ok(format!("<{what} at {address:#x}; dead>")) };
    let class = vm.type_name(&target);
    let name = if what == "weakref" { vm.find_special(&target, &vm.names().__name__)? } else { None };
    let name = name.filter(|name| name.downcast::<crate::builtins::str::Str>().is_some());
    let name = name.map(|name| format!(" ({})", crate::builtins::str::Str::display(&name))).unwrap_or_default();
    Ok(format!("<{what} at {address:#x}; to '{class}' at {:#x}{name}>", target.bits()))
}

/// The callback of the arguments `(object, callback=None)`.
fn arguments<'a>(vm: &Vm, args: &'a [Value], function: &str) -> PyResult<(&'a Value, Option<&'a Value>)> {
    match args {
        [object] => Ok((object, None)),
        [object, callback] => Ok((object, Some(callback).filter(|callback| !crate::builtins::is_none(callback)))),
        [] => Err(vm.type_error(format!("{function} expected at least 1 argument, got 0"))),
        more => Err(vm.type_error(format!("{function} expected at most 2 arguments, got {}", more.len()))),
    }
}

/// A reference that does not keep its target alive.
#[pytype(name = "ReferenceType", module = "weakref", flags = BASETYPE)]
impl WeakReference {
    #[slot(new)]
    fn construct(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let exact = class.is_same(&*vm.types().weak_reference);
        if exact {
            args.no_keywords(vm, "ref")?;
        }
        let (target, callback) = arguments(vm, args.positionals(), "__new__")?;
        let made = match callback {
            None if exact => WeakReference::shared(vm, class, target)?,
            callback => WeakReference::new(vm, class, target, callback.cloned())?,
        };
        Ok(made.into())
    }

    #[slot]
    fn init(_this: &Obj<WeakReference>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        args.no_keywords(vm, "ref")?;
        arguments(vm, args.values, "__init__").map(drop)
    }

    #[slot]
    fn call(this: &Obj<WeakReference>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        args.expect(vm, "weakref", 0, 0)?;
        Ok(this.target().unwrap_or(crate::builtins::NONE))
    }

    #[slot]
    fn hash(this: &Obj<WeakReference>, vm: &Vm) -> PyResult<i64> {
        if this.hash.get() == -1 {
            let Some(target) = this.target() else { return Err(vm.type_error("weak object has gone away")) };
            this.hash.set(vm.hash(&target)?);
        }
        Ok(this.hash.get())
    }

    #[slot]
    fn compare(this: &Obj<WeakReference>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(right) = other.downcast::<WeakReference>().filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne))
        else {
            return Ok(crate::builtins::NOT_IMPLEMENTED);
        };
        match (this.target(), right.target()) {
            (Some(left), Some(right)) => vm.compare(op, &left, &right),
            _ => Ok(crate::builtins::boolean(this.is(other) == (op == CompareOp::Eq))),
        }
    }

    #[slot]
    fn repr(this: &Obj<WeakReference>, vm: &Vm) -> PyResult<String> {
        describe(vm, this, "weakref")
    }

    #[getter(name = "__callback__")]
    fn callback(this: &Obj<WeakReference>) -> Option<Value> {
        this.callback.get()
    }

    #[classmethod]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, item: &Value) -> PyResult<Value> {
        crate::builtins::generic_alias::GenericAlias::make(vm, &class.to_value(), item)
    }
}

// ---- proxies ----

/// What a value stands for: the target of a proxy, or itself.
fn behind(vm: &Vm, value: &Value) -> PyResult<Value> {
    let is_proxy = vm.class_of(value).native_spec().is_some_and(|spec| spec.name.ends_with("ProxyType"));
    match value.downcast::<WeakReference>().filter(|_| is_proxy) {
        None => Ok(value.clone()),
        Some(proxy) => match proxy.target() {
            Some(target) => Ok(target),
            None => Err(vm.reference_error("weakly-referenced object no longer exists")),
        },
    }
}

fn binary<const OP: usize>(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    vm.binary(BinaryOp::ALL[OP], &behind(vm, left)?, &behind(vm, right)?)
}

fn inplace<const OP: usize>(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    vm.inplace(BinaryOp::ALL[OP], &behind(vm, left)?, &behind(vm, right)?)
}

macro_rules! per_operation {
    ($function:ident) => {{
        let all: [BinaryFn; BINARY_OPS] = [
            $function::<0>,
            $function::<1>,
            $function::<2>,
            $function::<3>,
            $function::<4>,
            $function::<5>,
            $function::<6>,
            $function::<7>,
            $function::<8>,
            $function::<9>,
            $function::<10>,
            $function::<11>,
            $function::<12>,
            $function::<13>,
        ];
        all
    }};
}

/// Calls the unary slot that `slot` picks of the target's class.
fn unary(vm: &Vm, this: &Value, slot: fn(&Slots) -> Option<UnaryFn>, what: &str) -> PyResult<Value> {
    let target = behind(vm, this)?;
    match slot(&vm.class_of(&target).slots) {
        Some(function) => function(vm, &target),
        None => Err(vm.type_error(format!("{what}'{}'", vm.type_name(&target)))),
    }
}

fn fill_proxy(slots: &Slots) {
    let (all, all_inplace) = (per_operation!(binary), per_operation!(inplace));
    for index in 0..BINARY_OPS {
        slots.binary[index].set(Some(all[index]));
        slots.inplace[index].set(Some(all_inplace[index]));
    }
    slots.inplace[BinaryOp::DivMod as usize].set(None);
    slots.repr.set(Some(|vm, this| match this.downcast::<WeakReference>() {
        Some(proxy) => Ok(crate::builtins::str::Str::new(vm, &describe(vm, proxy, "weakproxy")?)?.into()),
        None => Err(vm.bad_self("__repr__", "weakref.ProxyType", this)),
    }));
    slots.str.set(Some(|vm, this| Ok(vm.str(&behind(vm, this)?)?.into())));
    slots.compare.set(Some(|vm, left, right, op| vm.compare(op, &behind(vm, left)?, &behind(vm, right)?)));
    slots.getattr.set(Some(|vm, this, name| vm.get_attr(&behind(vm, this)?, name)));
    slots.setattr.set(Some(|vm, this, name, value| vm.assign_attr(&behind(vm, this)?, name, value)));
    slots.iter.set(Some(|vm, this| vm.iter(&behind(vm, this)?)));
    slots.next.set(Some(|vm, this| {
        let target = behind(vm, this)?;
        match vm.class_of(&target).slots.next.get() {
            Some(function) => function(vm, &target),
            None => {
                let given = vm.type_name(&target);
                Err(vm.type_error(format!("Weakref proxy referenced a non-iterator '{given}' object")))
            }
        }
    }));
    slots.len.set(Some(|vm, this| vm.len(&behind(vm, this)?)));
    slots.getitem.set(Some(|vm, this, key| vm.get_item(&behind(vm, this)?, key)));
    slots.setitem.set(Some(|vm, this, key, value| vm.set_item(&behind(vm, this)?, key, value)));
    slots.contains.set(Some(|vm, this, item| vm.contains(&behind(vm, this)?, item)));
    slots.bool.set(Some(|vm, this| vm.is_true(&behind(vm, this)?)));
    slots.power.set(Some(|vm, a, b, c| vm.power(&behind(vm, a)?, &behind(vm, b)?, &behind(vm, c)?)));
    slots.neg.set(Some(|vm, this| unary(vm, this, |slots| slots.neg.get(), "bad operand type for unary -: ")));
    slots.pos.set(Some(|vm, this| unary(vm, this, |slots| slots.pos.get(), "bad operand type for unary +: ")));
    slots.abs.set(Some(|vm, this| unary(vm, this, |slots| slots.abs.get(), "bad operand type for abs(): ")));
    slots.invert.set(Some(|vm, this| unary(vm, this, |slots| slots.invert.get(), "bad operand type for unary ~: ")));
    slots.int.set(Some(|vm, this| vm.call(&vm.types().int.to_value(), &[behind(vm, this)?])));
    slots.float.set(Some(|vm, this| vm.call(&vm.types().float.to_value(), &[behind(vm, this)?])));
    slots.index.set(Some(|vm, this| crate::builtins::int::index(vm, &behind(vm, this)?)));
}

const fn proxy_method(name: &'static str, call: fn(&Vm, Args<'_>) -> PyResult<Value>) -> NativeDef {
    let kind = MethodKind::Method;
    NativeDef {
        name,
        owner: "ProxyType",
        doc: "",
        signature: "($self, /)",
        params: &[],
        kind,
        call,
        fixed: Fixed::NONE,
    }
}

static PROXY_METHODS: &[NativeDef] = &[
    proxy_method("__bytes__", |vm, args| {
        let [this] = args.expect(vm, "__bytes__", 1, 1)? else { return Err(vm.type_error("__bytes__ needs a proxy")) };
        vm.call_method(&behind(vm, this)?, &vm.names().__bytes__, &[])
    }),
    proxy_method("__reversed__", |vm, args| {
        let [this] = args.expect(vm, "__reversed__", 1, 1)? else {
            return Err(vm.type_error("__reversed__ needs a proxy"));
        };
        vm.call_method(&behind(vm, this)?, &vm.names().__reversed__, &[])
    }),
];

/// `weakref.ProxyType`
pub static PROXY: TypeSpec = TypeSpec {
    module: "weakref",
    flags: crate::types::type_flags::DISALLOW_INSTANTIATION,
    fill_slots: fill_proxy,
    methods: PROXY_METHODS,
    ..TypeSpec::bare("ProxyType", <WeakReference as Payload>::info)
};

/// `weakref.CallableProxyType`
pub static CALLABLE_PROXY: TypeSpec = TypeSpec {
    module: "weakref",
    flags: crate::types::type_flags::DISALLOW_INSTANTIATION,
    fill_slots: |slots| {
        fill_proxy(slots);
        slots.call.set(Some(|vm, this, args| crate::types::call::call(vm, &behind(vm, this)?, args)));
    },
    methods: PROXY_METHODS,
    ..TypeSpec::bare("CallableProxyType", <WeakReference as Payload>::info)
};

/// A proxy of `target`: the shared one if there is no callback.
pub fn proxy(vm: &Vm, target: &Value, callback: Option<&Value>) -> PyResult<Value> {
    let callable = vm.class_of(target).slots.call.get().is_some();
    let class = vm.native_type(if callable { &CALLABLE_PROXY } else { &PROXY })?;
    let made = match callback.filter(|callback| !crate::builtins::is_none(callback)) {
        None => WeakReference::shared(vm, &class, target)?,
        Some(callback) => WeakReference::new(vm, &class, target, Some(callback.clone()))?,
    };
    Ok(made.into())
}

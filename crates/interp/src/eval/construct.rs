//! Calls of classes: the `__init__` that a class has, and instances that need no frame for it.
//!
//! Most `__init__` do nothing but store their arguments and a few constants. What that comes to is the same for all instances of a class: these values, in
//! these slots, under this shape. A `Plan` says which, and an instance is written by it at once.
//!
//! Invariants:
//! * C1 (`attribute`): a plan is for one version of the class and one code object, so it is what running that `__init__` would do: the attributes are
//!   new ones, nothing is overwritten, no other code is run.
//! * A plan takes over each argument: all of them are stored.

use crate::code::CodeObject;
use crate::eval::calls::{call_uncached, enter_function, exactly};
use crate::eval::frame::{FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::window::Window;
use crate::eval::{attribute, special};
use crate::function::Function;
use std::cell::Cell;
use taipan_bytecode::{CONSUME_A, CONSUME_B, Code, Const, HAS_SELF, Op};
use taipan_heap::{Header, Obj, Payload, Ref, Value, header_class, slots_of};
use taipan_objects::builtins::descriptor::MemberDescriptor;
use taipan_objects::builtins::object::Plain;
use taipan_objects::types::shape::ShapeId;
use taipan_objects::types::{Type, TypeObject, attribute as generic, type_flags};
use taipan_objects::vm::{PyResult, Vm};

/// Attributes of a plan at most.
const MOST: usize = 16;
/// Plans are kept by the lowest bits of their versions.
const PLANS: usize = 64;

/// An attribute that `__init__` stores, and what.
#[derive(Clone, Copy)]
struct Store {
    /// The name, among the code's.
    name: u16,
    source: Source,
}

#[derive(Clone, Copy, PartialEq)]
enum Source {
    /// The parameter in this register.
    Parameter(u16),
    /// A small int.
    Int(i32),
    /// The code's constant with this index.
    Const(u32),
}

/// What code comes to that only stores its arguments and constants in its first argument, each name once; all other arguments are stored.
fn stores(code: &Code) -> Option<Vec<Store>> {
    let mut stores: Vec<Store> = Vec::new();
    // A constant on its way into attributes, and the register that holds it.
    let mut constant = None;
    let parameters = code.arg_count as u16;
    for (_, inst) in code.instructions() {
        match inst.op()? {
            Op::Resume => {}
            Op::LoadInt => constant = Some((inst.a(), Source::Int(inst.bc_signed()))),
            Op::LoadConst => constant = Some((inst.a(), Source::Const(inst.bc()))),
            Op::StoreAttr if inst.a() == 0 && !inst.has(CONSUME_A) && stores.len() < MOST => {
                let source = match constant {
                    Some((register, source)) if register == inst.b() => source,
                    _ if (1..parameters).contains(&inst.b()) && !inst.has(CONSUME_B) => Source::Parameter(inst.b()),
                    _ => return None,
                };
                if stores.iter().any(|other| other.name == inst.c()) {
                    return None;
                }
                stores.push(Store { name: inst.c(), source });
            }
            Op::ReturnConst if matches!(code.consts.get(inst.bc() as usize), Some(Const::None)) => {
                let all = (1..parameters)
                    .all(|register| stores.iter().any(|store| store.source == Source::Parameter(register)));
                return all.then_some(stores);
            }
            _ => return None,
        }
    }
    None
}

/// A value of a new instance.
struct Filling {
    /// Where it goes: offset into the instance, in words.
    place: u16,
    /// The argument's register, counted from the instance's; 0 for a constant.
    register: u16,
    /// Whether the argument is stored again behind this.
    again: bool,
    /// The word of a constant, which the code holds.
    constant: Cell<u64>,
}

/// What calling a class comes to.
struct Plan {
    /// Of the code of `__init__`.
    serial: u32,
    /// How many arguments that takes beside the instance.
    arguments: u16,
    shape: ShapeId,
    fillings: Box<[Filling]>,
}

#[derive(Default)]
struct Place {
    /// Of the class; 0 for none.
    version: Cell<u32>,
    /// Calls of the class in this version. One that changes between its calls would be planned in vain.
    calls: Cell<u32>,
    plan: Cell<Option<Box<Plan>>>,
}

/// The call of a class, in one version, that makes a plan, if there can be one.
const PLANNING: u32 = 3;

/// The plans of a thread, by class version.
pub struct Plans(Box<[Place]>);

impl Default for Plans {
    fn default() -> Plans {
        Plans((0..PLANS).map(|_| Place::default()).collect())
    }
}

impl Plans {
    #[inline(always)]
    fn place(&self, version: u32) -> &Place {
        &self.0[version as usize % PLANS]
    }

    /// The plan for so many arguments of a class with this version, whose `__init__` has this code.
    #[inline(always)]
    fn find(&self, version: u32, code: &CodeObject, arguments: u16) -> Option<&Plan> {
        let place = self.place(version);
        if place.version.get() != version {
            return None;
        }
        // SAFETY: a plan is replaced by `consider` alone; to carry one out takes an allocation, which runs no code.
        let plan = unsafe { (*place.plan.as_ptr()).as_deref()? };
        (plan.serial == code.serial.get() && plan.arguments == arguments).then_some(plan)
    }

    /// Counts a call that found no plan, and makes one if it is time. `instance`: a new one.
    #[inline]
    fn consider(&self, vm: &Vm, class: &Obj<Type>, code: &CodeObject, instance: &Header) {
        let version = class.current_version();
        let place = self.place(version);
        if place.version.get() != version {
            place.version.set(version);
            place.calls.set(0);
            place.plan.set(None);
        }
        let calls = place.calls.get();
        place.calls.set(calls.saturating_add(1));
        if calls + 1 == PLANNING && version != 0 {
            place.plan.set(plan(vm, class, code, instance));
        }
    }
}

/// What calling the class comes to, if its `__init__` with this code only stores. `instance`: a new one.
#[cold]
fn plan(vm: &Vm, class: &Obj<Type>, code: &CodeObject, instance: &Header) -> Option<Box<Plan>> {
    let plain = code.plain();
    if !code.shape().simple || !class.has(type_flags::PLAIN_SETATTR) || class.has(type_flags::LEARNING) {
        return None;
    }
    let stores = stores(plain)?;
    let slots = slots_of(instance);
    let (mut shape, mut taken) = (ShapeId::EMPTY, 0);
    let mut fillings = Vec::with_capacity(stores.len());
    for (nth, store) in stores.iter().enumerate() {
        let name = &code.names[store.name as usize];
        let found = class.lookup(vm, name);
        let index = match &found {
            Some(found) if generic::descr_set(vm, found).is_some() => {
                let member = found.downcast_exact::<MemberDescriptor>()?;
                if !class.is_subclass(&member.class) {
                    return None;
                }
                member.index()?
            }
            _ if class.has(type_flags::HAS_DICT) => {
                shape = class.shape_after(vm, shape, name)?;
                taken += 1;
                class.attribute_slot() + taken
            }
            _ => return None,
        };
        let place = attribute::offset_of(instance, slots.get(index)?)?;
        if fillings.iter().any(|other: &Filling| other.place == place) {
            return None;
        }
        let again = stores[nth + 1..].iter().any(|other| other.source == store.source);
        let (register, constant) = match store.source {
            Source::Parameter(register) => (register, 0),
            Source::Int(n) => (0, Value::small_int(n).bits()),
            Source::Const(index) => {
                let constant = Cell::new(0);
                // SAFETY: the word is this value's own; the code holds the constant.
                unsafe { attribute::lend(&raw const constant, code.consts.get(index as usize)?) };
                (0, constant.get())
            }
        };
        fillings.push(Filling { place, register, again, constant: Cell::new(constant) });
    }
    if code.serial.get() == 0 {
        code.serial.set(vm.interp().fresh_version());
    }
    let (serial, arguments) = (code.serial.get(), code.shape().positional - 1);
    (serial != 0).then(|| Box::new(Plan { serial, arguments, shape, fillings: fillings.into() }))
}

/// `Call` where a class was called before.
#[inline(never)]
pub(super) unsafe fn call_class(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call_any`.
    unsafe {
        let version = (*cache).get();
        if let Some(class) = exactly::<Type>(w.get(inst.b()))
            && version != 0
            && u64::from(class.current_version()) == version
            && !class.has(type_flags::ABSTRACT)
            && (!inst.has(HAS_SELF) || w.bits(inst.b() + 1) == 0)
            && ((*cache.add(1)).get() != 0 || inst.c() == 0)
        {
            return construct(vm, stack, w, inst, cache);
        }
        call_uncached(vm, stack, w, inst, cache)
    }
}

/// `Call` of the class in register `b`, as `constructor` has found it.
#[inline(always)]
pub(super) unsafe fn construct(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`; C1.
    unsafe {
        let (b, count) = (inst.b(), inst.c());
        let class = Ref::<Type>::from_raw(w.take(b).unwrap_unchecked().into_raw().cast());
        let init = (*cache.add(1)).get();
        if init != 0 {
            // SAFETY: C1: a class that has been looked at holds its `__init__`, a function.
            let init = &*cache.add(1).cast::<Ref<Function>>();
            let code = init.code.borrow();
            if let Some(plan) = stack.plans.find(class.current_version(), code, count)
                && !stack.tracing.active()
                && stack.has_room(Window(w.at(b + 1)), code.shape().registers)
            {
                return carry_out(vm, plan, w, b + 1, count, class).map(Some);
            }
        }
        let instance: Value = match vm.alloc_instance_of(class, Plain {}) {
            Ok(instance) => instance.into(),
            Err(raised) => {
                w.clear_range(b + 1, count + 1);
                return Err(raised);
            }
        };
        if init == 0 {
            return Ok(Some(instance));
        }
        let init = Ref::<Function>::from_raw(attribute::borrowed(cache.add(1)).into_raw().cast());
        if let (Some(header), Some(class)) = (instance.header(), instance.header().and_then(header_class::<Type>)) {
            stack.plans.consider(vm, class, init.code.borrow(), header);
        }
        w.set(b + 1, instance.clone());
        enter_function(vm, stack, w, init, b + 1, count + 1, inst.a(), FrameKind::Init, Some(instance))?;
        Ok(None)
    }
}

/// An instance as its plan says, with the arguments behind register `first`, which are used up.
#[inline(always)]
unsafe fn carry_out(vm: &Vm, plan: &Plan, w: Window, first: u16, count: u16, class: Ref<Type>) -> PyResult<Value> {
    // SAFETY: C1: new instances of the class have these slots, which are empty; the registers are live.
    unsafe {
        let instance = match vm.alloc_instance_with(class, Plain {}, plan.shape) {
            Ok(instance) => instance,
            Err(raised) => {
                w.clear_range(first, count + 1);
                return Err(raised);
            }
        };
        for filling in &plan.fillings {
            let place = attribute::word_at(instance.header(), filling.place).cast_mut().cast::<Option<Value>>();
            place.write(Some(if filling.register == 0 {
                attribute::borrowed(&raw const filling.constant)
            } else {
                w.move_or_clone(first + filling.register, !filling.again)
            }));
        }
        Ok(instance.into())
    }
}

/// The `__init__` of a class whose instances are plain and made by `object.__new__`: calling it needs no native code if it is a Python function
/// (the value), or object's own and there are no arguments (`Some(None)`). Kept in the call's cache under the class's version (C1).
pub(super) unsafe fn constructor(vm: &Vm, class: &Obj<Type>, cache: *const Cell<u64>) -> Option<Option<Value>> {
    // SAFETY: the cache words follow the instruction.
    unsafe {
        let version = u64::from(class.current_version());
        if version != 0 && (*cache).get() == version {
            return Some(if (*cache.add(1)).get() == 0 { None } else { Some(attribute::borrowed(cache.add(1))) });
        }
        if !makes_plain(vm, class) || !class.class::<Type>().is_some_and(|meta| meta.is_same(&*vm.types().type_)) {
            return None;
        }
        let init = class.lookup(vm, &vm.names().__init__)?;
        let types = vm.types();
        if types.object.lookup(vm, &vm.names().__init__).is_some_and(|own| own.is(&init)) {
            (*cache).set(u64::from(class.version(vm)));
            (*cache.add(1)).set(0);
            return Some(None);
        }
        exactly::<Function>(&init)?;
        (*cache).set(u64::from(class.version(vm)));
        attribute::lend(cache.add(1), &init);
        Some(Some(init))
    }
}

/// Whether the instances of a class have no payload, so that the loop may make them.
pub(super) fn has_plain_instances(class: &Obj<Type>) -> bool {
    std::ptr::eq(class.kind_info(), Plain::info())
}

/// Whether instances of a class are plain and made by `object.__new__`.
pub(super) fn makes_plain(vm: &Vm, class: &Obj<Type>) -> bool {
    let types = vm.types();
    let same_new = match (class.slots.new.get(), types.object.slots.new.get()) {
        (Some(own), Some(object)) => std::ptr::fn_addr_eq(own, object),
        _ => false,
    };
    same_new && has_plain_instances(class)
}

/// Whether calling the class does what `type.__call__` does.
fn called_as_usual(vm: &Vm, class: &Obj<Type>) -> bool {
    let Some(meta) = class.class::<Type>() else { return false };
    match (meta.slots.call.get(), vm.types().type_.slots.call.get()) {
        (Some(own), Some(usual)) => std::ptr::fn_addr_eq(own, usual),
        _ => false,
    }
}

/// A new instance of a class whose instances are plain, with the `__init__` to be called, which is a Python function.
pub(super) fn instantiate(
    vm: &Vm,
    stack: &Stack,
    class: Option<&Obj<Type>>,
) -> PyResult<Option<(Value, Ref<Function>)>> {
    let Some(class) = class.filter(|class| !class.has(type_flags::ABSTRACT)) else { return Ok(None) };
    let Some(init) = special::find(vm, stack, class, special::INIT).filter(|_| called_as_usual(vm, class)) else {
        return Ok(None);
    };
    Ok(Some((vm.alloc_instance(class, Plain {})?.into(), init)))
}

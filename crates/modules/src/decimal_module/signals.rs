//! The exceptions of conditions, and the mappings through which Python sees flags and traps.
//!
//! Invariant: InvalidOperation stands for a set of conditions; as a signal it is set, cleared and asked for as a whole.

use super::state::{State, state};
use std::cell::Cell;
use std::rc::{Rc, Weak};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::decimal::Status;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NOT_IMPLEMENTED, boolean};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The exception classes of the module.
pub struct Signals {
    base: Ref<Type>,
    /// The signals with their conditions, in the order in which Python sees them.
    pub all: Vec<(&'static str, u32, Ref<Type>)>,
    /// The conditions that InvalidOperation stands for.
    conditions: Vec<(&'static str, u32, Ref<Type>)>,
}

/// The order in which the repr of a context names signals.
const SHOWN: [u32; 9] = [
    Status::CLAMPED,
    Status::INVALID,
    Status::DIVISION_BY_ZERO,
    Status::INEXACT,
    Status::FLOAT_OPERATION,
    Status::OVERFLOW,
    Status::ROUNDED,
    Status::SUBNORMAL,
    Status::UNDERFLOW,
];

fn exception(vm: &Vm, name: &str, bases: &[&Ref<Type>]) -> PyResult<Ref<Type>> {
    let namespace = Dict::new(vm)?;
    namespace.set_text(vm, "__module__", Str::new(vm, "decimal")?.into())?;
    let bases = Tuple::from_values(vm, bases.iter().map(|base| base.to_value()).collect())?;
    let arguments = [Str::new(vm, name)?.into(), bases.into(), namespace.into()];
    let made = vm.call(&vm.types().type_.to_value(), &arguments)?;
    made.downcast_into::<Type>().map_err(|_| vm.system_error("type() made no class"))
}

impl Signals {
    pub fn make(vm: &Vm) -> PyResult<Signals> {
        let types = vm.types();
        let base = exception(vm, "DecimalException", &[&types.arithmetic_error])?;
        let simple = |name| exception(vm, name, &[&base]);
        let (clamped, rounded) = (simple("Clamped")?, simple("Rounded")?);
        let (inexact, subnormal) = (simple("Inexact")?, simple("Subnormal")?);
        let invalid = simple("InvalidOperation")?;
        let float_operation = exception(vm, "FloatOperation", &[&base, &types.type_error])?;
        let by_zero = exception(vm, "DivisionByZero", &[&base, &types.zero_division_error])?;
        let overflow = exception(vm, "Overflow", &[&inexact, &rounded])?;
        let underflow = exception(vm, "Underflow", &[&inexact, &rounded, &subnormal])?;
        let conditions = vec![
            ("InvalidOperation", Status::INVALID_OPERATION, invalid.clone()),
            ("ConversionSyntax", Status::CONVERSION_SYNTAX, exception(vm, "ConversionSyntax", &[&invalid])?),
            ("DivisionImpossible", Status::DIVISION_IMPOSSIBLE, exception(vm, "DivisionImpossible", &[&invalid])?),
            (
                "DivisionUndefined",
                Status::DIVISION_UNDEFINED,
                exception(vm, "DivisionUndefined", &[&invalid, &types.zero_division_error])?,
            ),
            ("InvalidContext", Status::INVALID_CONTEXT, exception(vm, "InvalidContext", &[&invalid])?),
        ];
        let all = vec![
            ("InvalidOperation", Status::INVALID, invalid),
            ("FloatOperation", Status::FLOAT_OPERATION, float_operation),
            ("DivisionByZero", Status::DIVISION_BY_ZERO, by_zero),
            ("Overflow", Status::OVERFLOW, overflow),
            ("Underflow", Status::UNDERFLOW, underflow),
            ("Subnormal", Status::SUBNORMAL, subnormal),
            ("Inexact", Status::INEXACT, inexact),
            ("Rounded", Status::ROUNDED, rounded),
            ("Clamped", Status::CLAMPED, clamped),
        ];
        Ok(Signals { base, all, conditions })
    }

    /// The classes that the module exports, by their names.
    pub fn exported(&self) -> impl Iterator<Item = (&'static str, &Ref<Type>)> {
        let named = self.all.iter().chain(&self.conditions[1..]).map(|(name, _, class)| (*name, class));
        std::iter::once(("DecimalException", &self.base)).chain(named)
    }

    /// The condition of a signal given as its class.
    pub fn condition(&self, class: &Value) -> Option<u32> {
        self.all.iter().find(|(.., known)| known.to_value().is(class)).map(|(_, bits, _)| *bits)
    }

    /// The signals among some conditions.
    pub fn set(&self, bits: u32) -> impl Iterator<Item = &Ref<Type>> {
        self.all.iter().filter(move |(_, mask, _)| bits & mask != 0).map(|(.., class)| class)
    }

    /// The names of the signals among some conditions, as a context shows them.
    pub fn names(&self, bits: u32) -> String {
        let shown = SHOWN.iter().filter(|mask| bits & **mask != 0);
        let name = |mask: &u32| self.all.iter().find(|(_, known, _)| known == mask).map_or("", |(name, ..)| *name);
        shown.map(name).collect::<Vec<_>>().join(", ")
    }

    /// Raises the exception of conditions that are trapped.
    #[cold]
    pub fn raise(&self, vm: &Vm, bits: u32) -> Raised {
        let detailed = self.conditions.iter().chain(&self.all[1..]);
        let met = detailed.filter(|(_, mask, _)| bits & mask != 0).map(|(.., class)| class.to_value()).collect();
        let (Some(class), Ok(met)) = (self.set(bits).next(), List::from_values(vm, met)) else {
            return vm.out_of_memory(taipan_heap::OutOfMemory);
        };
        vm.raise_with(class, met.into())
    }

    /// The conditions of a list of signals.
    pub fn conditions(&self, vm: &Vm, signals: &[Value]) -> PyResult<u32> {
        signals.iter().try_fold(0, |bits, signal| Ok(bits | self.wanted(vm, signal)?))
    }

    fn wanted(&self, vm: &Vm, signal: &Value) -> PyResult<u32> {
        self.condition(signal).ok_or_else(|| {
            vm.raise_new(
                &vm.types().key_error,
                "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]",
            )
        })
    }
}

/// Conditions that a context holds, and that the mapping of its signals refers to.
#[derive(Default)]
pub struct Bits(pub Rc<Cell<u32>>);

struct Reference(Weak<Cell<u32>>);
taipan_heap::no_references!(Bits, Reference);

/// What a `SignalDict` refers to; nothing if a program made it, or when its context is gone.
#[derive(Payload)]
#[payload(name = "SignalDictMixin")]
pub struct SignalDictMixin {
    bits: Reference,
}

impl SignalDictMixin {
    /// The mapping of some conditions.
    pub fn make(vm: &Vm, class: &Obj<Type>, bits: &Bits) -> PyResult<Value> {
        Ok(vm.alloc_instance(class, SignalDictMixin { bits: Reference(Rc::downgrade(&bits.0)) })?.into())
    }

    fn cell(&self, vm: &Vm) -> PyResult<Rc<Cell<u32>>> {
        self.bits.0.upgrade().ok_or_else(|| vm.value_error("invalid signal dict"))
    }

    /// The conditions.
    pub fn get(&self, vm: &Vm) -> PyResult<u32> {
        Ok(self.cell(vm)?.get())
    }
}

/// The conditions that a dict of signals says.
pub fn from_dict(vm: &Vm, state: &State, dict: &Obj<Dict>) -> PyResult<u32> {
    let invalid = || vm.raise_new(&vm.types().key_error, "invalid signal dict");
    if dict.len() != state.signals.all.len() {
        return Err(invalid());
    }
    let mut bits = 0;
    for (_, mask, class) in &state.signals.all {
        let Some(value) = dict.get(vm, &class.to_value())? else { return Err(invalid()) };
        if vm.is_true(&value)? {
            bits |= mask;
        }
    }
    Ok(bits)
}

#[pytype(name = "SignalDictMixin", module = "decimal", flags = BASETYPE)]
impl SignalDictMixin {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, SignalDictMixin { bits: Reference(Weak::new()) })?.into())
    }

    #[slot]
    fn len(this: &Obj<SignalDictMixin>, vm: &Vm) -> PyResult<usize> {
        this.cell(vm)?;
        Ok(state(vm)?.signals.all.len())
    }

    #[slot]
    fn iter(this: &Obj<SignalDictMixin>, vm: &Vm) -> PyResult<Value> {
        this.cell(vm)?;
        let classes = state(vm)?.signals.all.iter().map(|(.., class)| class.to_value()).collect();
        vm.iter(&Tuple::from_values(vm, classes)?.into())
    }

    #[slot]
    fn getitem(this: &Obj<SignalDictMixin>, vm: &Vm, key: &Value) -> PyResult<Value> {
        let bits = this.get(vm)?;
        Ok(boolean(bits & state(vm)?.signals.wanted(vm, key)? != 0))
    }

    #[slot]
    fn setitem(this: &Obj<SignalDictMixin>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        let cell = this.cell(vm)?;
        let Some(value) = value else { return Err(vm.value_error("signal keys cannot be deleted")) };
        let mask = state(vm)?.signals.wanted(vm, key)?;
        let on = vm.is_true(value)?;
        cell.set(if on { cell.get() | mask } else { cell.get() & !mask });
        Ok(())
    }

    #[slot]
    fn compare(this: &Obj<SignalDictMixin>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let bits = this.get(vm)?;
        let wanted = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return Ok(NOT_IMPLEMENTED),
        };
        let state = state(vm)?;
        let theirs = match (other.downcast::<SignalDictMixin>(), other.downcast::<Dict>()) {
            (Some(other), _) => other.get(vm)?,
            (None, Some(dict)) => match vm.catch(from_dict(vm, &state, dict), &vm.types().key_error)? {
                Some(bits) => bits,
                None => return Ok(NOT_IMPLEMENTED),
            },
            _ => return Ok(NOT_IMPLEMENTED),
        };
        // Only signals count, not which of its conditions InvalidOperation stands for.
        let signals = |bits: u32| if bits & Status::INVALID != 0 { bits | Status::INVALID } else { bits };
        Ok(boolean((signals(bits) == signals(theirs)) == wanted))
    }

    #[slot]
    fn repr(this: &Obj<SignalDictMixin>, vm: &Vm) -> PyResult<String> {
        let bits = this.get(vm)?;
        let state = state(vm)?;
        let items = state.signals.all.iter().map(|(name, mask, _)| {
            let value = if bits & mask != 0 { "True" } else { "False" };
            format!("<class 'decimal.{name}'>:{value}")
        });
        Ok(format!("{{{}}}", items.collect::<Vec<_>>().join(", ")))
    }

    /// The signals and whether they are set, as a dict.
    #[method]
    fn copy(this: &Obj<SignalDictMixin>, vm: &Vm) -> PyResult<Ref<Dict>> {
        let bits = this.get(vm)?;
        let dict = Dict::new(vm)?;
        for (_, mask, class) in &state(vm)?.signals.all {
            dict.set(vm, &class.to_value(), boolean(bits & mask != 0))?;
        }
        Ok(dict)
    }
}

//! The attributes of contexts: their ranges, and reading them from arguments.
//!
//! Invariant: a context never holds a value outside its attribute's range.

use super::context::PyContext;
use super::signals::{self, SignalDictMixin};
use super::state::State;
use taipan_heap::{Obj, Ref, Value};
use taipan_numeric::decimal::{Context, MAX_EMAX, MAX_PREC, MIN_EMIN, Rounding, Status};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::native::Args;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// What a context is made of.
#[derive(Clone, Copy)]
pub struct Settings {
    pub prec: i64,
    pub rounding: Rounding,
    pub emin: i64,
    pub emax: i64,
    pub capitals: bool,
    pub clamp: bool,
    pub flags: u32,
    pub traps: u32,
}

/// Those of a context that nobody changed.
pub const DEFAULT: Settings = Settings {
    prec: 28,
    rounding: Rounding::HalfEven,
    emin: -999_999,
    emax: 999_999,
    capitals: true,
    clamp: false,
    flags: 0,
    traps: Status::INVALID | Status::DIVISION_BY_ZERO | Status::OVERFLOW,
};

/// The names of the attributes, in the order of `Context`'s parameters.
pub const NAMES: [&str; 8] = ["prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];

/// The most bits of an interchange format.
pub const INTERCHANGE_MOST: i64 = 512;

impl Settings {
    /// How to compute.
    pub fn arithmetic(&self) -> Context {
        Context {
            prec: self.prec,
            emax: self.emax,
            emin: self.emin,
            rounding: self.rounding,
            clamp: self.clamp,
            room: usize::MAX,
        }
    }

    /// Changes the attribute with the index in `NAMES`.
    pub fn change(&mut self, vm: &Vm, state: &State, attribute: usize, value: &Value) -> PyResult<()> {
        let range = |wanted: std::ops::RangeInclusive<i64>, message: &str| {
            let number = integer(vm, value)?;
            if wanted.contains(&number) { Ok(number) } else { Err(vm.value_error(message)) }
        };
        match attribute {
            0 => self.prec = range(1..=MAX_PREC, "valid range for prec is [1, MAX_PREC]")?,
            1 => self.rounding = rounding(vm, state, value)?,
            2 => self.emin = range(MIN_EMIN..=0, "valid range for Emin is [MIN_EMIN, 0]")?,
            3 => self.emax = range(0..=MAX_EMAX, "valid range for Emax is [0, MAX_EMAX]")?,
            4 => self.capitals = range(0..=1, "valid values for capitals are 0 or 1")? == 1,
            5 => self.clamp = range(0..=1, "valid values for clamp are 0 or 1")? == 1,
            6 => self.flags = conditions(vm, state, value, true)?,
            _ => self.traps = conditions(vm, state, value, true)?,
        }
        Ok(())
    }

    /// Changes the attributes that arguments name; None leaves one as it is.
    pub fn change_all(&mut self, vm: &Vm, state: &State, arguments: &[Option<&Value>; 8]) -> PyResult<()> {
        for (attribute, value) in arguments.iter().enumerate() {
            if let Some(value) = value.filter(|value| !is_none(value)) {
                self.change(vm, state, attribute, value)?;
            }
        }
        Ok(())
    }
}

/// The arguments of `Context` and `localcontext` by attribute.
pub fn arguments<'a>(vm: &Vm, args: Args<'a>) -> PyResult<[Option<&'a Value>; 8]> {
    let positionals = args.positionals();
    if args.values.len() > NAMES.len() {
        return Err(vm.type_error(format!("function takes at most 8 arguments ({} given)", args.values.len())));
    }
    let mut found = [None; 8];
    for (slot, value) in found.iter_mut().zip(positionals) {
        *slot = Some(value);
    }
    for (name, value) in args.keywords() {
        let Some(at) = NAMES.iter().position(|known| Str::is_text(name, known)) else {
            let shown = Str::display(name);
            return Err(vm.type_error(format!("this function got an unexpected keyword argument '{shown}'")));
        };
        if found[at].replace(value).is_some() {
            let shown = NAMES[at];
            return Err(
                vm.type_error(format!("argument for function given by name ('{shown}') and position ({})", at + 1))
            );
        }
    }
    Ok(found)
}

/// The integer that an attribute is set to.
fn integer(vm: &Vm, value: &Value) -> PyResult<i64> {
    if !int::is_int(value) {
        return Err(vm.type_error("an integer is required"));
    }
    match int::index_i64(vm, value)? {
        Some(number) => Ok(number),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// The rounding with a name.
pub fn rounding(vm: &Vm, state: &State, name: &Value) -> PyResult<Rounding> {
    let same = |(_, known): &(&Rounding, &Value)| known.is(name);
    if let Some((rounding, _)) = Rounding::ALL.iter().zip(&state.roundings).find(same) {
        return Ok(*rounding);
    }
    let text = name.downcast::<Str>();
    let found = text.and_then(|text| Rounding::ALL.into_iter().find(|rounding| text.equals(rounding.name())));
    found.ok_or_else(|| {
        vm.type_error(
            "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]",
        )
    })
}

/// The conditions that a list (if one is allowed) or a mapping of signals says.
pub fn conditions(vm: &Vm, state: &State, value: &Value, lists: bool) -> PyResult<u32> {
    if let Some(signals) = value.downcast::<SignalDictMixin>() {
        return signals.get(vm);
    }
    if let Some(dict) = value.downcast::<Dict>() {
        return signals::from_dict(vm, state, dict);
    }
    match value.downcast::<List>().filter(|_| lists) {
        Some(list) => state.signals.conditions(vm, &list.snapshot()),
        None => Err(vm.type_error("argument must be a signal dict")),
    }
}

#[cold]
pub fn undeletable(vm: &Vm) -> Raised {
    vm.attribute_error("context attributes cannot be deleted")
}

/// The context of an interchange format.
pub fn interchange(vm: &Vm, state: &State, bits: &Value) -> PyResult<Ref<PyContext>> {
    let bits = integer(vm, bits)?;
    if bits <= 0 || bits > INTERCHANGE_MOST || bits % 32 != 0 {
        let message = format!("argument must be a multiple of 32, with a maximum of {INTERCHANGE_MOST}");
        return Err(vm.value_error(message));
    }
    let emax = 3 * (1 << (bits / 16 + 3));
    let settings = Settings { prec: 9 * (bits / 32) - 2, emax, emin: 1 - emax, clamp: true, traps: 0, ..DEFAULT };
    PyContext::make(vm, &state.context, &state.signal_dict, settings)
}

/// A copy of a context; its flags are as given.
pub fn copy(vm: &Vm, state: &State, context: &Obj<PyContext>, flags: u32) -> PyResult<Ref<PyContext>> {
    let settings = Settings { flags, ..context.settings() };
    PyContext::make(vm, &state.context, &state.signal_dict, settings)
}

//! What the module keeps with the interpreter: its classes, and the context that was asked for last.
//!
//! Invariant: `current` is the calling thread's context as long as the thread's `context_mark` is `mark`, which no two threads share.

use super::context::PyContext;
use super::object::PyDecimal;
use super::settings::{self, Settings};
use super::signals::{SignalDictMixin, Signals};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use taipan_heap::{Ref, Value};
use taipan_interp::import::import_absolute;
use taipan_numeric::decimal::{Rounding, Status};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::types::call::call;
use taipan_objects::vm::{PyResult, Vm};

/// The module's state.
pub struct State {
    pub decimal: Ref<Type>,
    pub context: Ref<Type>,
    pub signals: Signals,
    /// `SignalDict`, a `MutableMapping`.
    pub signal_dict: Ref<Type>,
    /// `DecimalTuple`
    pub tuple: Value,
    /// `numbers.Rational`
    pub rational: Value,
    /// The names of the roundings, in the order of `Rounding::ALL`.
    pub roundings: Vec<Value>,
    /// `DefaultContext`, `BasicContext`, `ExtendedContext`
    pub templates: [Ref<PyContext>; 3],
    /// The context variable.
    pub variable: Value,
    pub current: RefCell<Option<Ref<PyContext>>>,
    pub mark: Cell<u64>,
    pub last_mark: Cell<u64>,
}

#[derive(Default)]
struct Holder(OnceCell<Rc<State>>);

thread_local! {
    /// The state asked for last on this thread, by the interpreter's address. It belongs to the interpreter and ends with it.
    static LAST: RefCell<(usize, Weak<State>)> = const { RefCell::new((0, Weak::new())) };
}

/// The interpreter's state of the module.
#[inline]
pub fn state(vm: &Vm) -> PyResult<Rc<State>> {
    let address = Arc::as_ptr(vm.interp()).addr();
    let known = LAST.with_borrow(|(of, state)| if *of == address { state.upgrade() } else { None });
    match known {
        Some(state) => Ok(state),
        None => find(vm, address),
    }
}

#[cold]
fn find(vm: &Vm, address: usize) -> PyResult<Rc<State>> {
    let holder = vm.interp().state(Holder::default);
    let state = match holder.0.get() {
        Some(state) => state.clone(),
        None => {
            let made = Rc::new(State::make(vm)?);
            holder.0.get_or_init(|| made).clone()
        }
    };
    LAST.set((address, Rc::downgrade(&state)));
    Ok(state)
}

impl State {
    fn make(vm: &Vm) -> PyResult<State> {
        let decimal = vm.native_type(PyDecimal::spec())?;
        let context = vm.native_type(PyContext::spec())?;
        let signals = Signals::make(vm)?;
        let numbers = import_absolute(vm, "numbers")?;
        let number = vm.get_attr_text(&numbers, "Number")?;
        vm.call_method(&number, &*vm.intern("register")?, &[decimal.clone().into()])?;
        let collections = import_absolute(vm, "collections")?;
        let arguments = ["DecimalTuple", "sign digits exponent", "decimal"];
        let arguments: Vec<Value> =
            arguments.iter().map(|text| Ok(Str::new(vm, text)?.into())).collect::<PyResult<_>>()?;
        let named_tuple = vm.get_attr_text(&collections, "namedtuple")?;
        let names = [vm.intern("module")?.into()];
        let tuple = call(vm, &named_tuple, Args { values: &arguments, names: &names })?;
        let mutable_mapping = vm.get_attr_text(&import_absolute(vm, "_collections_abc")?, "MutableMapping")?;
        let mixin = vm.native_type(SignalDictMixin::spec())?;
        let namespace = Dict::new(vm)?;
        namespace.set_text(vm, "__module__", Str::new(vm, "abc")?.into())?;
        namespace.set_text(vm, "__slots__", Tuple::from_values(vm, Vec::new())?.into())?;
        let bases = Tuple::pair(vm, mixin.into(), mutable_mapping.clone())?;
        let metaclass = vm.class_of(&mutable_mapping).to_value();
        let arguments = [Str::new(vm, "SignalDict")?.into(), bases.into(), namespace.into()];
        let signal_dict = vm.call(&metaclass, &arguments)?;
        let signal_dict = signal_dict.downcast_into::<Type>().map_err(|_| vm.system_error("no class was made"))?;
        let class = vm.get_attr_text(&import_absolute(vm, "_contextvars")?, "ContextVar")?;
        let variable = vm.call(&class, &[Str::new(vm, "decimal_context")?.into()])?;
        let roundings =
            Rounding::ALL.iter().map(|rounding| Ok(vm.intern(rounding.name())?.into())).collect::<PyResult<_>>()?;
        let template = |settings: Settings| PyContext::make(vm, &context, &signal_dict, settings);
        let basic_traps =
            Status::INVALID | Status::DIVISION_BY_ZERO | Status::OVERFLOW | Status::UNDERFLOW | Status::CLAMPED;
        let default = settings::DEFAULT;
        let templates = [
            template(default)?,
            template(Settings { prec: 9, rounding: Rounding::HalfUp, traps: basic_traps, ..default })?,
            template(Settings { prec: 9, traps: 0, ..default })?,
        ];
        Ok(State {
            rational: vm.get_attr_text(&numbers, "Rational")?,
            decimal,
            context,
            signals,
            signal_dict,
            tuple,
            roundings,
            templates,
            variable,
            current: RefCell::default(),
            mark: Cell::new(0),
            last_mark: Cell::new(0),
        })
    }
}

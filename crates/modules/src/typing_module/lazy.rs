//! Values that a function gives when they are first asked for, and the functions that stand for values known already.
//!
//! Invariant: once a value is known it is never computed again, unless its function is called by hand.

use taipan_heap::{Obj, Payload, Slot, Traverse, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::generic_alias::show;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, int};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::vm::{PyResult, Vm};

/// `annotationlib.Format.VALUE`
const VALUE: i32 = 1;
/// `annotationlib.Format.STRING`
const STRING: i64 = 4;

/// A value, or the function that gives it.
#[derive(Default, Traverse)]
pub struct Lazy {
    value: Slot,
    function: Slot,
}

impl Lazy {
    /// A value that is known.
    pub fn known(value: Option<Value>) -> Lazy {
        Lazy { value: Slot::new(value), function: Slot::default() }
    }

    /// What the function will give.
    pub fn evaluated(function: Option<&Value>) -> Lazy {
        Lazy { value: Slot::default(), function: Slot::new(function.cloned()) }
    }

    /// From now on, what the function will give.
    pub fn set_function(&self, function: &Value) {
        self.function.set(Some(function.clone()));
    }

    /// The value; `None` if there is none.
    pub fn get(&self, vm: &Vm) -> PyResult<Option<Value>> {
        if let Some(value) = self.value.get() {
            return Ok(Some(value));
        }
        let Some(function) = self.function.get() else { return Ok(None) };
        let value = vm.recursive("", || vm.call(&function, &[Value::small_int(VALUE)]))?;
        self.value.set(Some(value.clone()));
        Ok(Some(value))
    }

    /// The function, which one is made up for where only the value is known; None if there is neither.
    pub fn evaluator(&self, vm: &Vm) -> PyResult<Value> {
        match (self.function.get(), self.value.get()) {
            (Some(function), _) => Ok(function),
            (None, Some(value)) => {
                Ok(vm.alloc(&*vm.native_type(ConstEvaluator::spec())?, ConstEvaluator { value })?.into())
            }
            (None, None) => Ok(NONE),
        }
    }

    /// Whether there is a value, or a function for one; a value that `counts` refuses is none.
    pub fn is_given(&self, vm: &Vm, counts: fn(&Value) -> bool) -> PyResult<bool> {
        match self.function.is_empty() {
            false => Ok(true),
            true => Ok(self.get(vm)?.is_some_and(|value| counts(&value))),
        }
    }

    /// The function, if there is one.
    pub fn function(&self) -> Option<Value> {
        self.function.get()
    }
}

/// `_typing._ConstEvaluator`: gives a value that is known.
#[derive(Payload)]
#[payload(name = "_ConstEvaluator")]
pub struct ConstEvaluator {
    value: Value,
}

#[pytype(name = "_ConstEvaluator", module = "_typing", flags = DISALLOW_INSTANTIATION)]
impl ConstEvaluator {
    #[slot]
    fn repr(this: &Obj<ConstEvaluator>, vm: &Vm) -> PyResult<String> {
        Ok(format!("<constevaluator {}>", vm.repr(&this.value)?.to_lossy()))
    }

    #[slot]
    fn call(this: &Obj<ConstEvaluator>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let format = match (args.names, args.values) {
            ([], [format]) => int::index_i64(vm, format)?,
            ([], values) => {
                let given = values.len();
                let message = format!("constevaluator.__call__() takes exactly 1 argument ({given} given)");
                return Err(vm.type_error(message));
            }
            _ => return Err(vm.type_error("constevaluator.__call__() takes no keyword arguments")),
        };
        if format != Some(STRING) {
            return Ok(this.value.clone());
        }
        if this.value.downcast::<List>().is_some() {
            return Ok(vm.repr(&this.value)?.into());
        }
        let Some(tuple) = this.value.downcast::<Tuple>() else { return show(vm, &this.value)?.into_value(vm) };
        let shown: Vec<String> = tuple.items().iter().map(|item| show(vm, item)).collect::<PyResult<_>>()?;
        let comma = if shown.len() == 1 { "," } else { "" };
        format!("({}{comma})", shown.join(", ")).into_value(vm)
    }
}

//! `_contextvars`: context variables and the contexts that hold their values.
//!
//! Invariant: a context's table that another context shares is never changed; a change copies it first. The context in which a thread runs is
//! in its thread state, and every change of what variables are there sets the thread's `context_mark` to zero.

pub use module::spec;

use std::cell::{Cell, RefCell};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::call::call;
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// Values of context variables.
#[derive(Payload)]
#[payload(name = "Context")]
pub struct Context {
    values: RefCell<Ref<Dict>>,
    /// Whether another context may have the same table.
    shared: Cell<bool>,
    entered: Cell<bool>,
    /// The context to go back to.
    previous: Slot,
}

/// The context the thread runs in, which is made when it is first asked for.
fn current(vm: &Vm) -> PyResult<Ref<Context>> {
    if let Some(context) = vm.context.get().and_then(|context| context.downcast_into::<Context>().ok()) {
        return Ok(context);
    }
    let context = Context::make(vm, Dict::new(vm)?)?;
    context.entered.set(true);
    vm.context.set(Some(context.to_value()));
    vm.context_mark.set(0);
    Ok(context)
}

fn variable<'a>(vm: &Vm, key: &'a Value) -> PyResult<&'a Obj<ContextVar>> {
    match key.downcast::<ContextVar>() {
        Some(variable) => Ok(variable),
        None => Err(vm.type_error(format!("a ContextVar key was expected, got {}", vm.repr(key)?.to_lossy()))),
    }
}

impl Context {
    fn make(vm: &Vm, values: Ref<Dict>) -> PyResult<Ref<Context>> {
        let payload = Context {
            values: RefCell::new(values),
            shared: Cell::new(false),
            entered: Cell::new(false),
            previous: Slot::default(),
        };
        vm.alloc(&*vm.native_type(Context::spec())?, payload)
    }

    fn table(&self) -> Ref<Dict> {
        self.values.borrow().clone()
    }

    /// The table, to be changed.
    fn own_table(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        let table = self.table();
        if !self.shared.get() {
            return Ok(table);
        }
        let copy = table.copy(vm)?;
        let old = self.values.replace(copy.clone());
        self.shared.set(false);
        drop((old, table));
        Ok(copy)
    }

    /// A context with the same values.
    fn duplicate(&self, vm: &Vm) -> PyResult<Ref<Context>> {
        let copy = Context::make(vm, self.table())?;
        copy.shared.set(true);
        self.shared.set(true);
        Ok(copy)
    }
}

#[pytype(name = "Context", module = "_contextvars")]
impl Context {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        if !args.values.is_empty() {
            return Err(vm.type_error("Context() does not accept any arguments"));
        }
        Ok(Context::make(vm, Dict::new(vm)?)?.into())
    }

    #[slot]
    fn len(this: &Obj<Context>) -> PyResult<usize> {
        Ok(this.table().len())
    }

    #[slot]
    fn getitem(this: &Obj<Context>, vm: &Vm, key: &Value) -> PyResult<Value> {
        variable(vm, key)?;
        this.table().get(vm, key)?.ok_or_else(|| vm.key_error(key))
    }

    #[slot]
    fn contains(this: &Obj<Context>, vm: &Vm, key: &Value) -> PyResult<bool> {
        variable(vm, key)?;
        this.table().contains(vm, key)
    }

    #[slot]
    fn iter(this: &Obj<Context>, vm: &Vm) -> PyResult<Value> {
        vm.iter(&List::from_values(vm, this.table().keys())?.into())
    }

    #[slot]
    fn compare(this: &Obj<Context>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<Context>() else { return Ok(NOT_IMPLEMENTED) };
        let wanted = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return Ok(NOT_IMPLEMENTED),
        };
        let equal = this.is_same(other) || vm.is_equal(&this.table().into(), &other.table().into())?;
        Ok(boolean(equal == wanted))
    }

    /// Return the value for `key` if `key` has the value in the context object.
    ///
    /// If `key` does not exist, return `default`.  If `default` is not
    /// given, return None.
    #[method(sig = "key, default=None, /")]
    fn get(this: &Obj<Context>, vm: &Vm, key: &Value, default: Option<&Value>) -> PyResult<Value> {
        variable(vm, key)?;
        Ok(this.table().get(vm, key)?.unwrap_or_else(|| default.cloned().unwrap_or(NONE)))
    }

    /// Return all variables and their values in the context object.
    ///
    /// The result is returned as a list of 2-tuples (variable, value).
    #[method]
    fn items(this: &Obj<Context>, vm: &Vm) -> PyResult<Value> {
        let pairs = this.table().snapshot().into_iter().map(|(key, value)| Ok(Tuple::pair(vm, key, value)?.into()));
        vm.iter(&List::from_values(vm, pairs.collect::<PyResult<_>>()?)?.into())
    }

    /// Return a list of all variables in the context object.
    #[method]
    fn keys(this: &Obj<Context>, vm: &Vm) -> PyResult<Value> {
        Context::iter(this, vm)
    }

    /// Return a list of all variables' values in the context object.
    #[method]
    fn values(this: &Obj<Context>, vm: &Vm) -> PyResult<Value> {
        let values = this.table().snapshot().into_iter().map(|(_, value)| value).collect();
        vm.iter(&List::from_values(vm, values)?.into())
    }

    /// Return a shallow copy of the context object.
    #[method]
    fn copy(this: &Obj<Context>, vm: &Vm) -> PyResult<Ref<Context>> {
        this.duplicate(vm)
    }

    #[method]
    fn run(this: &Obj<Context>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let Some(callable) = args.0.positionals().first() else {
            return Err(vm.type_error("run() missing 1 required positional argument"));
        };
        let shown = || Ok(vm.repr(&this.to_value())?.to_lossy().into_owned());
        if this.entered.get() {
            return Err(vm.runtime_error(format!("cannot enter context: {} is already entered", shown()?)));
        }
        this.entered.set(true);
        this.previous.set(vm.context.replace(Some(this.to_value())));
        vm.context_mark.set(0);
        let result = vm.recursive("", || call(vm, callable, args.0.rest()));
        this.entered.set(false);
        let left = vm.context.replace(this.previous.take());
        vm.context_mark.set(0);
        drop(left);
        result
    }
}

/// A context variable.
#[derive(Payload)]
#[payload(name = "ContextVar")]
pub struct ContextVar {
    name: Value,
    default: Option<Value>,
}

fn address(value: &Value) -> u64 {
    value.bits()
}

#[pytype(name = "ContextVar", module = "_contextvars")]
impl ContextVar {
    #[slot(sig = "name, /, *, default=<unrepresentable>")]
    fn new(class: &Obj<Type>, vm: &Vm, name: Value, default: Option<Value>) -> PyResult<Value> {
        if name.downcast::<Str>().is_none() {
            return Err(vm.type_error("context variable name must be a str"));
        }
        vm.hash(&name)?;
        Ok(vm.alloc(class, ContextVar { name, default })?.into())
    }

    #[slot]
    fn repr(this: &Obj<ContextVar>, vm: &Vm) -> PyResult<String> {
        let mut shown = format!("<ContextVar name={}", vm.repr(&this.name)?.to_lossy());
        if let Some(default) = &this.default {
            shown.push_str(&format!(" default={}", vm.repr(default)?.to_lossy()));
        }
        Ok(format!("{shown} at {:#x}>", address(&this.to_value())))
    }

    /// Return a value for the context variable for the current context.
    ///
    /// If there is no value for the variable in the current context, the
    /// method will:
    ///  * return the value of the default argument of the method, if
    ///    provided; or
    ///  * return the default value for the context variable, if it was
    ///    created with one; or
    ///  * raise a LookupError.
    #[method(sig = "default=<unrepresentable>, /")]
    fn get(this: &Obj<ContextVar>, vm: &Vm, default: Option<&Value>) -> PyResult<Value> {
        let key = this.to_value();
        let set = match vm.context.is_empty() {
            true => None,
            false => current(vm)?.table().get(vm, &key)?,
        };
        match set.or_else(|| default.cloned()).or_else(|| this.default.clone()) {
            Some(value) => Ok(value),
            None => Err(vm.raise_with(&vm.types().lookup_error, key)),
        }
    }

    /// Call to set a new value for the context variable in the current context.
    ///
    /// The required value argument is the new value for the context
    /// variable.
    ///
    /// Returns a Token object that can be used to restore the variable to
    /// its previous value via the `ContextVar.reset()` method.
    #[method(sig = "value, /")]
    fn set(this: &Obj<ContextVar>, vm: &Vm, value: Value) -> PyResult<Ref<Token>> {
        let context = current(vm)?;
        let key = this.to_value();
        let table = context.own_table(vm)?;
        let old = table.get(vm, &key)?;
        let token = Token { context, variable: this.to_ref(), old, used: Cell::new(false) };
        let token = vm.alloc(&*vm.native_type(Token::spec())?, token)?;
        vm.context_mark.set(0);
        table.set(vm, &key, value)?;
        Ok(token)
    }

    /// Reset the context variable.
    ///
    /// The variable is reset to the value it had before the
    /// `ContextVar.set()` that created the token was used.
    #[method(sig = "token, /")]
    fn reset(this: &Obj<ContextVar>, vm: &Vm, token: &Value) -> PyResult<()> {
        let Some(token) = token.downcast::<Token>() else {
            let shown = vm.repr(token)?;
            return Err(vm.type_error(format!("expected an instance of Token, got {}", shown.to_lossy())));
        };
        let shown = || Ok(vm.repr(&token.to_value())?.to_lossy().into_owned());
        if token.used.get() {
            return Err(vm.runtime_error(format!("{} has already been used once", shown()?)));
        }
        if !token.variable.is_same(this) {
            return Err(vm.value_error(format!("{} was created by a different ContextVar", shown()?)));
        }
        let context = current(vm)?;
        if !token.context.is_same(&*context) {
            return Err(vm.value_error(format!("{} was created in a different Context", shown()?)));
        }
        token.used.set(true);
        vm.context_mark.set(0);
        let (key, table) = (this.to_value(), context.own_table(vm)?);
        match &token.old {
            Some(old) => table.set(vm, &key, old.clone()),
            None => match table.remove(vm, &key)? {
                Some(_) => Ok(()),
                None => Err(vm.raise_with(&vm.types().lookup_error, key)),
            },
        }
    }

    /// ContextVars are generic over the type of their contained values
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Value, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, class, object)
    }

    #[getter(member)]
    fn name(this: &Obj<ContextVar>) -> Value {
        this.name.clone()
    }
}

/// What `ContextVar.set` returns, to undo it with.
#[derive(Payload)]
#[payload(name = "Token")]
pub struct Token {
    context: Ref<Context>,
    variable: Ref<ContextVar>,
    old: Option<Value>,
    used: Cell<bool>,
}

fn complete(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    class.dict().set_text(vm, "__hash__", NONE)?;
    class.dict().set_text(vm, "MISSING", missing(vm)?)
}

#[pytype(name = "Token", module = "_contextvars", ready = complete)]
impl Token {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, _args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        Err(vm.runtime_error("Tokens can only be created by ContextVars"))
    }

    #[slot]
    fn repr(this: &Obj<Token>, vm: &Vm) -> PyResult<String> {
        let used = if this.used.get() { " used" } else { "" };
        let variable = vm.repr(&this.variable.to_value())?;
        Ok(format!("<Token{used} var={} at {:#x}>", variable.to_lossy(), address(&this.to_value())))
    }

    #[slot]
    fn hash(_this: &Obj<Token>, vm: &Vm) -> PyResult<i64> {
        Err(vm.type_error("unhashable type: '_contextvars.Token'"))
    }

    #[getter]
    fn var(this: &Obj<Token>) -> Value {
        this.variable.to_value()
    }

    #[getter]
    fn old_value(this: &Obj<Token>, vm: &Vm) -> PyResult<Value> {
        this.old.clone().map_or_else(|| missing(vm), Ok)
    }

    /// Enter into Token context manager.
    #[method]
    fn __enter__(this: &Obj<Token>) -> Value {
        this.to_value()
    }

    /// Exit from Token context manager, restore the linked ContextVar.
    #[method(sig = "type, val, tb, /")]
    fn __exit__(this: &Obj<Token>, vm: &Vm, _type: &Value, _val: &Value, _tb: &Value) -> PyResult<()> {
        ContextVar::reset(&this.variable, vm, &this.to_value())
    }

    /// Tokens are generic over the same type as the ContextVar which created them.
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Value, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, class, object)
    }
}

/// The type of `Token.MISSING`.
#[derive(Payload)]
#[payload(name = "MISSING")]
pub struct Missing;

#[pytype(name = "MISSING", module = "Token", flags = DISALLOW_INSTANTIATION)]
impl Missing {
    #[slot]
    fn repr(_this: &Obj<Missing>) -> PyResult<&'static str> {
        Ok("<Token.MISSING>")
    }
}

/// The one instance of `Missing`.
#[derive(Default)]
struct Absent(Slot);

fn missing(vm: &Vm) -> PyResult<Value> {
    let state = vm.interp().state(Absent::default);
    if let Some(missing) = state.0.get() {
        return Ok(missing);
    }
    let made: Value = vm.alloc(&*vm.native_type(Missing::spec())?, Missing)?.into();
    state.0.set(Some(made.clone()));
    Ok(made)
}

/// Context Variables
#[pymodule(name = "_contextvars", types(Context, ContextVar, Token))]
mod module {
    use super::*;

    #[function]
    fn copy_context(vm: &Vm) -> PyResult<Ref<Context>> {
        current(vm)?.duplicate(vm)
    }
}

//! `functools.partial`: a callable with some of its arguments, and `Placeholder`, which leaves places among them free. It is here because the evaluation loop
//! knows it.
//!
//! Invariant: the last of the arguments is no placeholder, and `free` is how many of them are.

use crate::builtins::descriptor::BoundMethod;
use crate::builtins::dict::{Dict, update_from};
use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::str::{Str, StrBuilder};
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, is_none};
use crate::native::Args;
use crate::types::call::call;
use crate::types::{Type, instance};
use crate::vm::{PyResult, Raised, Vm};
use std::cell::{Cell, OnceCell};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// `_PlaceholderType`
#[derive(Payload)]
#[payload(name = "_PlaceholderType")]
pub struct Placeholder {}

/// The one placeholder.
pub fn placeholder(vm: &Vm) -> PyResult<Value> {
    let state = vm.interp().state(OnceCell::<Ref<Placeholder>>::new);
    if let Some(found) = state.get() {
        return Ok(found.to_value());
    }
    let made = vm.alloc(&*vm.native_type(Placeholder::spec())?, Placeholder {})?;
    Ok(state.get_or_init(|| made).to_value())
}

/// The type of the Placeholder singleton.
///
/// Used as a placeholder for partial arguments.
#[pytype(name = "_PlaceholderType", module = "functools", flags = NO_WEAK)]
impl Placeholder {
    #[slot]
    fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if !args.values.is_empty() {
            return Err(vm.type_error("PlaceholderType takes no arguments"));
        }
        placeholder(vm)
    }

    #[slot]
    fn repr(_this: &Obj<Placeholder>, vm: &Vm) -> PyResult<Ref<Str>> {
        vm.intern("Placeholder")
    }

    #[method]
    fn __reduce__(_this: &Obj<Placeholder>) -> &'static str {
        "Placeholder"
    }
}

/// `partial`
#[derive(Payload)]
#[payload(name = "partial")]
pub struct Partial {
    function: Slot,
    /// A tuple.
    args: Slot,
    /// A dict; empty for none.
    keywords: Slot,
    free: Cell<u32>,
}

/// Arguments gathered on the native stack while they are few.
struct Window {
    few: [Value; Window::FEW],
    many: Vec<Value>,
    len: usize,
}

impl Window {
    const FEW: usize = 8;

    #[inline]
    fn with_room(most: usize) -> Window {
        let many = if most > Window::FEW { Vec::with_capacity(most) } else { Vec::new() };
        Window { few: [const { NONE }; Window::FEW], many, len: 0 }
    }

    #[inline]
    fn push(&mut self, value: Value) {
        if self.many.capacity() > 0 {
            self.many.push(value);
        } else if let Some(place) = self.few.get_mut(self.len) {
            *place = value;
        }
        self.len += 1;
    }

    #[inline]
    fn values(&self) -> &[Value] {
        if self.many.capacity() > 0 { &self.many } else { &self.few[..self.len.min(Window::FEW)] }
    }
}

fn tuple(value: Option<Value>) -> Option<Ref<Tuple>> {
    value?.downcast_into().ok()
}

fn dict(value: Option<Value>) -> Option<Ref<Dict>> {
    value?.downcast_into().ok()
}

/// How many of the arguments are placeholders; the last must be none.
fn count_free(vm: &Vm, items: &[Value]) -> PyResult<u32> {
    if items.is_empty() {
        return Ok(0);
    }
    let placeholder = placeholder(vm)?;
    if items.last().is_some_and(|last| last.is(&placeholder)) {
        return Err(vm.type_error("trailing Placeholders are not allowed"));
    }
    Ok(items.iter().filter(|item| item.is(&placeholder)).count() as u32)
}

#[cold]
fn missing(vm: &Vm, least: usize, given: usize) -> Raised {
    vm.type_error(format!("missing positional arguments in 'partial' call; expected at least {least}, got {given}"))
}

/// The arguments of a partial object with the first new ones in the free places and the others behind; places stay free if there are too few.
fn merged(vm: &Vm, inner: &Obj<Partial>, args: &[Value]) -> PyResult<Vec<Value>> {
    let own = tuple(inner.args.get());
    let own = own.as_ref().map_or(&[][..], |own| own.items());
    let mut rest = args.iter();
    let mut items = Vec::with_capacity(own.len() + args.len());
    let placeholder = placeholder(vm)?;
    for item in own {
        let item = if item.is(&placeholder) { rest.next().unwrap_or(item) } else { item };
        items.push(item.clone());
    }
    items.extend(rest.cloned());
    Ok(items)
}

impl Partial {
    /// The function and its argument, if there is exactly one, and it comes first.
    #[inline]
    pub fn single(&self) -> Option<(Value, Value)> {
        if self.free.get() != 0 {
            return None;
        }
        let args = tuple(self.args.get())?;
        let [only] = args.items() else { return None };
        dict(self.keywords.get()).filter(|keywords| keywords.is_empty())?;
        Some((self.function.get()?, only.clone()))
    }

    /// Gathers keyword arguments: the own ones, of which those given anew have their new value, then the other new ones.
    fn gather(vm: &Vm, own: &Obj<Dict>, args: Args<'_>, values: &mut Window, names: &mut Window) -> PyResult<()> {
        let mut position = 0;
        let mut replaced = 0u64;
        while let Some((name, value)) = own.next_entry(&mut position) {
            let Some(text) = name.downcast::<Str>() else { return Err(vm.type_error("keywords must be strings")) };
            let anew = args.keywords().position(|(other, _)| {
                other.is(&name) || other.downcast::<Str>().is_some_and(|other| other.same_text(text))
            });
            let value = match anew.and_then(|at| args.keywords().nth(at).map(|(_, value)| (at, value))) {
                Some((at, anew)) => {
                    replaced |= if at < 64 { 1 << at } else { 0 };
                    anew.clone()
                }
                None => value,
            };
            names.push(name);
            values.push(value);
        }
        for (at, (name, value)) in args.keywords().enumerate() {
            let known = if at < 64 { replaced >> at & 1 != 0 } else { own.contains(vm, name)? };
            if !known {
                names.push(name.clone());
                values.push(value.clone());
            }
        }
        Ok(())
    }
}

/// Create a new function with partial application of the given arguments and keywords.
#[pytype(name = "partial", module = "functools", flags = BASETYPE | HAS_DICT)]
impl Partial {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let [function, given @ ..] = args.positionals() else {
            return Err(vm.type_error("type 'partial' takes at least one argument"));
        };
        if vm.class_of(function).slots.call.get().is_none() {
            return Err(vm.type_error("the first argument must be callable"));
        }
        let mut free = count_free(vm, given)?;
        let keywords = Dict::new(vm)?;
        if !args.names.is_empty() {
            let placeholder = placeholder(vm)?;
            if args.keywords().any(|(_, value)| value.is(&placeholder)) {
                return Err(vm.type_error("Placeholder cannot be passed as a keyword argument"));
            }
        }
        // One that wraps another takes its function, unless that has attributes, which it may be known by.
        let inner = match function.downcast::<Partial>() {
            Some(inner) if instance::materialize(vm, inner.header())?.is_empty() => Some(inner),
            _ => None,
        };
        let (function, items) = match inner {
            Some(inner) => {
                if let Some(own) = dict(inner.keywords.get()).filter(|own| !own.is_empty()) {
                    update_from(vm, &keywords, &own.into())?;
                }
                let items = match given {
                    [] => {
                        free = inner.free.get();
                        tuple(inner.args.get())
                    }
                    _ => {
                        let items = merged(vm, inner, given)?;
                        let placeholder = placeholder(vm)?;
                        free = items.iter().filter(|item| item.is(&placeholder)).count() as u32;
                        Some(Tuple::from_values(vm, items)?)
                    }
                };
                (inner.function.get().unwrap_or(NONE), items)
            }
            None => (function.clone(), None),
        };
        let items = match items {
            Some(items) => items,
            None => Tuple::new(vm, given.iter().cloned())?,
        };
        for (name, value) in args.keywords() {
            keywords.set(vm, name, value.clone())?;
        }
        let payload = Partial {
            function: Slot::new(Some(function)),
            args: Slot::new(Some(items.into())),
            keywords: Slot::new(Some(keywords.into())),
            free: Cell::new(free),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn call(this: &Obj<Partial>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let (Some(function), Some(own)) = (this.function.get(), tuple(this.args.get())) else {
            return Err(vm.type_error("invalid partial state"));
        };
        let (given, free) = (args.positionals(), this.free.get() as usize);
        if free > given.len() {
            return Err(missing(vm, free, given.len()));
        }
        let keywords = dict(this.keywords.get()).filter(|keywords| !keywords.is_empty());
        let own = own.items();
        let named = keywords.as_ref().map_or(0, |keywords| keywords.len());
        if own.is_empty() && named == 0 {
            return call(vm, &function, args);
        }
        let mut values = Window::with_room(own.len() + args.values.len() + named);
        let mut rest = given.iter();
        if free == 0 {
            own.iter().for_each(|item| values.push(item.clone()));
        } else {
            let placeholder = placeholder(vm)?;
            for item in own {
                let item = if item.is(&placeholder) { rest.next().unwrap_or(item) } else { item };
                values.push(item.clone());
            }
        }
        rest.for_each(|item| values.push(item.clone()));
        let Some(keywords) = keywords else {
            args.keywords().for_each(|(_, value)| values.push(value.clone()));
            return call(vm, &function, Args { values: values.values(), names: args.names });
        };
        let mut names = Window::with_room(named + args.names.len());
        Partial::gather(vm, &keywords, args, &mut values, &mut names)?;
        call(vm, &function, Args { values: values.values(), names: names.values() })
    }

    #[slot]
    fn descr_get(this: &Obj<Partial>, vm: &Vm, instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        match instance.filter(|instance| !is_none(instance)) {
            Some(instance) => Ok(BoundMethod::new(vm, this.to_value(), instance.clone())?.into()),
            None => Ok(this.to_value()),
        }
    }

    #[slot]
    fn repr(this: &Obj<Partial>, vm: &Vm) -> PyResult<Value> {
        let shown = vm.repr_once(&this.to_value(), || {
            // What is shown stays what it was, whatever the reprs do.
            let (function, own) = (this.function.get().unwrap_or(NONE), tuple(this.args.get()));
            let keywords = dict(this.keywords.get()).map_or_else(Vec::new, |keywords| keywords.snapshot());
            let mut text = StrBuilder::new();
            text.push_str(&vm.class_of(&this.to_value()).full_name(vm));
            text.push_str("(");
            text.push_repr(vm, &function)?;
            for item in own.as_ref().map_or(&[][..], |own| own.items()) {
                text.push_str(", ");
                text.push_repr(vm, item)?;
            }
            for (name, value) in keywords {
                text.push_str(", ");
                match name.downcast::<Str>() {
                    Some(name) => text.push(name),
                    None => text.push(&*vm.str(&name)?),
                }
                text.push_str("=");
                text.push_repr(vm, &value)?;
            }
            text.push_str(")");
            Ok(text.finish(vm)?.into())
        })?;
        match shown {
            Some(text) => Ok(text),
            None => Ok(vm.intern("...")?.into()),
        }
    }

    /// function object to use in future partial calls
    #[getter(member)]
    fn func(this: &Obj<Partial>) -> Value {
        this.function.get().unwrap_or(NONE)
    }

    /// tuple of arguments to future partial calls
    #[getter(member)]
    fn args(this: &Obj<Partial>) -> Value {
        this.args.get().unwrap_or(NONE)
    }

    /// dictionary of keyword arguments to future partial calls
    #[getter(member)]
    fn keywords(this: &Obj<Partial>) -> Value {
        this.keywords.get().unwrap_or(NONE)
    }

    #[method]
    fn __reduce__(this: &Obj<Partial>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let attributes = instance::materialize(vm, this.header())?;
        let attributes = if attributes.is_empty() { NONE } else { attributes.into() };
        let function = this.function.get().unwrap_or(NONE);
        let [args, keywords] = [&this.args, &this.keywords].map(|slot| slot.get().unwrap_or(NONE));
        let state = Tuple::new(vm, [function.clone(), args, keywords, attributes].into_iter())?;
        let only = Tuple::new(vm, [function].into_iter())?;
        let class = vm.class_of(&this.to_value()).to_value();
        Tuple::new(vm, [class, only.into(), state.into()].into_iter())
    }

    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<Partial>, vm: &Vm, state: &Value) -> PyResult<()> {
        let invalid = || vm.type_error("invalid partial state");
        let state = state.downcast::<Tuple>().map(|state| state.items());
        let Some([function, args, keywords, attributes]) = state else { return Err(invalid()) };
        let callable = vm.class_of(function).slots.call.get().is_some();
        let Some(args) = args.downcast::<Tuple>().filter(|_| callable) else { return Err(invalid()) };
        let is_dict = |value: &Value| is_none(value) || value.downcast::<Dict>().is_some();
        if !is_dict(keywords) {
            return Err(invalid());
        }
        let free = count_free(vm, args.items())?;
        let args = match args.to_value() {
            args if vm.class_of(&args).is_same(&*vm.types().tuple) => args,
            _ => Tuple::new(vm, args.items().to_vec().into_iter())?.into(),
        };
        let keywords = match keywords.downcast::<Dict>() {
            None => Dict::new(vm)?,
            Some(given) if vm.class_of(keywords).is_same(&*vm.types().dict) => given.to_ref(),
            Some(_) => {
                let copy = Dict::new(vm)?;
                update_from(vm, &copy, keywords)?;
                copy
            }
        };
        let attributes = match attributes.downcast::<Dict>() {
            Some(given) => given.to_ref(),
            None if is_none(attributes) => Dict::new(vm)?,
            None => return Err(invalid()),
        };
        instance::replace_dict(vm, this.header(), attributes)?;
        this.function.set(Some(function.clone()));
        this.args.set(Some(args));
        this.keywords.set(Some(keywords.into()));
        this.free.set(free);
        Ok(())
    }

    /// See PEP 585
    #[classmethod]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }
}

//! `types.GenericAlias` (`list[int]`): a class with type arguments, that otherwise behaves like the class.
//!
//! Invariant: `args` is a tuple; parameters are worked out when they are first asked for.

use crate::builtins::iterator::{reduce_iterator, reduce_remaining};
use crate::builtins::list::List;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{ELLIPSIS, NONE, NOT_IMPLEMENTED, TRUE, boolean};
use crate::native::Args;
use crate::types::{CompareOp, Type, attribute};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// A class with type arguments.
#[derive(Payload)]
#[payload(name = "GenericAlias")]
pub struct GenericAlias {
    /// `__origin__`
    pub origin: Value,
    /// `__args__`
    pub args: Ref<Tuple>,
    parameters: Slot,
    /// Whether it stands starred (`*tuple[int, ...]`).
    starred: Cell<bool>,
}

/// Attributes that are the alias's own; all others are the origin's.
const OWN: &[&str] = &[
    "__bases__",
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
];

/// Those of them that are hidden.
const BLOCKED: &[&str] = &["__bases__", "__copy__", "__deepcopy__"];

/// GenericAlias(origin, args, /)
/// --
///
/// Represent a PEP 585 generic type
///
/// E.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).
#[pytype(name = "GenericAlias", module = "types", flags = BASETYPE)]
impl GenericAlias {
    /// `origin[item]`
    pub fn make(vm: &Vm, origin: &Value, item: &Value) -> PyResult<Value> {
        GenericAlias::build(vm, &vm.types().generic_alias, origin, item, false)
    }

    fn build(vm: &Vm, class: &Obj<Type>, origin: &Value, item: &Value, starred: bool) -> PyResult<Value> {
        let args = match item.clone().downcast_into::<Tuple>() {
            Ok(args) => args,
            Err(item) => Tuple::new(vm, std::iter::once(item))?,
        };
        let payload =
            GenericAlias { origin: origin.clone(), args, parameters: Slot::default(), starred: Cell::new(starred) };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let args = args.expect(vm, "GenericAlias", 2, 2)?;
        GenericAlias::build(vm, class, &args[0], &args[1], false)
    }

    #[slot]
    fn repr(this: &Obj<GenericAlias>, vm: &Vm) -> PyResult<String> {
        let mut shown = Vec::new();
        for arg in this.args.items() {
            shown.push(show(vm, arg)?);
        }
        let star = if this.starred.get() { "*" } else { "" };
        let args = if shown.is_empty() { "()".to_owned() } else { shown.join(", ") };
        Ok(format!("{star}{}[{args}]", show(vm, &this.origin)?))
    }

    #[slot]
    fn hash(this: &Obj<GenericAlias>, vm: &Vm) -> PyResult<i64> {
        Ok(vm.hash(&this.origin)? ^ vm.hash(&this.args.to_value())?)
    }

    #[slot]
    fn compare(this: &Obj<GenericAlias>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<GenericAlias>() else { return Ok(NOT_IMPLEMENTED) };
        let equal = this.starred.get() == other.starred.get()
            && vm.is_equal(&this.origin, &other.origin)?
            && vm.is_equal(&this.args.to_value(), &other.args.to_value())?;
        Ok(match op {
            CompareOp::Eq => boolean(equal),
            CompareOp::Ne => boolean(!equal),
            _ => NOT_IMPLEMENTED,
        })
    }

    #[slot]
    fn call(this: &Obj<GenericAlias>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let made = crate::types::call::call(vm, &this.origin, args)?;
        let name = vm.intern("__orig_class__")?;
        let set = vm.set_attr(&made, &name, this.to_value());
        if set.is_err() && !vm.raised_is(&vm.types().attribute_error) && !vm.raised_is(&vm.types().type_error) {
            set?;
        }
        vm.swap_exception(None);
        Ok(made)
    }

    #[slot]
    fn getattr(this: &Obj<GenericAlias>, vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        let text = name.to_lossy();
        if OWN.contains(&&*text) {
            return attribute::generic_get(vm, &this.to_value(), name);
        }
        vm.get_attr(&this.origin, name)
    }

    #[slot]
    fn getitem(this: &Obj<GenericAlias>, vm: &Vm, item: &Value) -> PyResult<Value> {
        let args = substitute(vm, &this.to_value(), this.args.items(), item)?;
        let args = Tuple::new(vm, args.into_iter())?;
        GenericAlias::build(vm, &vm.types().generic_alias, &this.origin, &args.into(), this.starred.get())
    }

    #[slot]
    fn iter(this: &Obj<GenericAlias>, vm: &Vm) -> PyResult<Value> {
        let payload = GenericAliasIterator { alias: Slot::new(Some(this.to_value())) };
        Ok(vm.alloc(&*vm.types().generic_alias_iterator, payload)?.into())
    }

    #[slot(binary(Or))]
    fn or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        crate::builtins::union::or(vm, left, right)
    }

    #[method]
    fn __mro_entries__(this: &Obj<GenericAlias>, vm: &Vm, _bases: &Value) -> PyResult<Value> {
        Ok(Tuple::new(vm, std::iter::once(this.origin.clone()))?.into())
    }

    #[method]
    fn __instancecheck__(_this: &Obj<GenericAlias>, vm: &Vm, _instance: &Value) -> PyResult<Value> {
        Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
    }

    #[method]
    fn __subclasscheck__(_this: &Obj<GenericAlias>, vm: &Vm, _class: &Value) -> PyResult<Value> {
        Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
    }

    #[method]
    fn __reduce__(this: &Obj<GenericAlias>, vm: &Vm) -> PyResult<Value> {
        if this.starred.get() {
            let plain = GenericAlias::build(vm, &vm.types().generic_alias, &this.origin, &this.args.to_value(), false)?;
            return Ok(reduce_iterator(vm, "next", vm.iter(&plain)?, None)?.into());
        }
        let arguments = Tuple::pair(vm, this.origin.clone(), this.args.to_value())?;
        Ok(Tuple::pair(vm, vm.types().generic_alias.to_value(), arguments.into())?.into())
    }

    #[method]
    fn __dir__(this: &Obj<GenericAlias>, vm: &Vm) -> PyResult<Value> {
        let names = vm.call_special(&this.origin, &*vm.intern("__dir__")?, &[])?.unwrap_or(NONE);
        let names = List::from_iterable(vm, &names)?;
        for own in OWN {
            let own: Value = vm.intern(own)?.into();
            if !vm.contains(&names.to_value(), &own)? && !BLOCKED.iter().any(|name| Str::is_text(&own, name)) {
                names.push(vm, own)?;
            }
        }
        Ok(names.into())
    }

    #[getter(member)]
    fn __origin__(this: &Obj<GenericAlias>) -> Value {
        this.origin.clone()
    }

    #[getter(member)]
    fn __args__(this: &Obj<GenericAlias>) -> Value {
        this.args.to_value()
    }

    #[getter(member)]
    fn __unpacked__(this: &Obj<GenericAlias>) -> bool {
        this.starred.get()
    }

    #[getter]
    fn __typing_unpacked_tuple_args__(this: &Obj<GenericAlias>, vm: &Vm) -> Value {
        if this.starred.get() && this.origin.is(&vm.types().tuple.to_value()) { this.args.to_value() } else { NONE }
    }

    #[getter]
    fn __parameters__(this: &Obj<GenericAlias>, vm: &Vm) -> PyResult<Value> {
        if let Some(parameters) = this.parameters.get() {
            return Ok(parameters);
        }
        let parameters: Value = collect_parameters(vm, this.args.items())?.into();
        this.parameters.set(Some(parameters.clone()));
        Ok(parameters)
    }
}

/// `generic_alias_iterator`: yields the alias once, starred.
#[derive(Payload)]
#[payload(name = "generic_alias_iterator")]
pub struct GenericAliasIterator {
    alias: Slot,
}

#[pytype(name = "generic_alias_iterator", flags = DISALLOW_INSTANTIATION)]
impl GenericAliasIterator {
    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<GenericAliasIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some(alias) = this.alias.take() else { return Ok(None) };
        let Some(alias) = alias.downcast::<GenericAlias>() else { return Ok(None) };
        GenericAlias::build(vm, &vm.types().generic_alias, &alias.origin, &alias.args.to_value(), true).map(Some)
    }

    #[method]
    fn __reduce__(this: &Obj<GenericAliasIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "iter", || match this.alias.get() {
            Some(alias) => Ok((alias, None)),
            None => Ok((Tuple::new(vm, std::iter::empty())?.into(), None)),
        })
    }
}

/// A type as it stands inside the brackets of an alias's repr.
pub fn show(vm: &Vm, value: &Value) -> PyResult<String> {
    if value.is(&ELLIPSIS) {
        return Ok("...".to_owned());
    }
    if value.is(&vm.types().none.to_value()) {
        return Ok("None".to_owned());
    }
    if let Some(list) = value.downcast::<List>() {
        let mut shown = Vec::with_capacity(list.len());
        for index in 0..list.len() {
            let item = list.get(index).ok_or_else(|| vm.index_error("list index out of range"))?;
            shown.push(show(vm, &item)?);
        }
        return Ok(format!("[{}]", shown.join(", ")));
    }
    let alias = value.downcast::<GenericAlias>().is_some();
    let origin_and_args = alias
        || vm.find_attr(value, &vm.names().__origin__)?.is_some()
            && vm.find_attr(value, &vm.names().__args__)?.is_some();
    if !origin_and_args
        && let Some(qualname) = vm.find_attr(value, &vm.names().__qualname__)?
        && let Some(module) = vm.find_attr(value, &vm.names().__module__)?
        && let (Some(qualname), Some(module)) = (qualname.downcast::<Str>(), module.downcast::<Str>())
    {
        let (qualname, module) = (qualname.to_lossy(), module.to_lossy());
        return Ok(if module == "builtins" { qualname.into_owned() } else { format!("{module}.{qualname}") });
    }
    Ok(vm.repr(value)?.to_lossy().into_owned())
}

/// The type parameters in `args`, each once, in order.
pub(crate) fn collect_parameters(vm: &Vm, args: &[Value]) -> PyResult<Ref<Tuple>> {
    let mut found: Vec<Value> = Vec::new();
    collect_into(vm, args, &mut found)?;
    Tuple::new(vm, found.into_iter())
}

fn collect_into(vm: &Vm, args: &[Value], found: &mut Vec<Value>) -> PyResult<()> {
    for arg in args {
        if arg.downcast::<Type>().is_some() {
            continue;
        }
        let add = |value: &Value, found: &mut Vec<Value>| {
            if !found.iter().any(|other| other.is(value)) {
                found.push(value.clone());
            }
        };
        if vm.find_attr(arg, &vm.names().__typing_subst__)?.is_some() {
            add(arg, found);
        } else if let Some(list) = arg.downcast::<List>() {
            collect_into(vm, &list.snapshot(), found)?;
        } else if let Some(tuple) = arg.downcast::<Tuple>() {
            collect_into(vm, tuple.items(), found)?;
        } else if let Some(inner) = vm.find_attr(arg, &vm.names().__parameters__)?
            && let Some(inner) = inner.downcast::<Tuple>()
        {
            inner.items().iter().for_each(|value| add(value, found));
        }
    }
    Ok(())
}

/// `args` with the parameters in them replaced by what `item` says.
pub(crate) fn substitute(vm: &Vm, alias: &Value, args: &[Value], item: &Value) -> PyResult<Vec<Value>> {
    let parameters = vm.get_attr(alias, &vm.names().__parameters__)?;
    let Ok(parameters) = parameters.downcast_into::<Tuple>() else {
        return Err(vm.type_error("__parameters__ must be a tuple"));
    };
    if parameters.items().is_empty() {
        let shown = vm.repr(alias)?;
        return Err(vm.type_error(format!("{} is not a generic class", shown.to_lossy())));
    }
    let prepare = vm.intern("__typing_prepare_subst__")?;
    let mut item = unpacked(vm, item)?;
    for parameter in parameters.items() {
        if let Some(method) = vm.find_attr(parameter, &prepare)? {
            let items: Value = match item.downcast::<Tuple>() {
                Some(items) => items.to_value(),
                None => Tuple::new(vm, std::iter::once(item.clone()))?.into(),
            };
            item = vm.call(&method, &[alias.clone(), items])?;
        }
    }
    let items: Vec<Value> = match item.downcast::<Tuple>() {
        Some(items) => items.items().to_vec(),
        None => vec![item],
    };
    if items.len() != parameters.items().len() {
        let (shown, given, wanted) = (vm.repr(alias)?, items.len(), parameters.items().len());
        let word = if given > wanted { "many" } else { "few" };
        let message = format!("Too {word} arguments for {}; actual {given}, expected {wanted}", shown.to_lossy());
        return Err(vm.type_error(message));
    }
    let pairs: Vec<(&Value, &Value)> = parameters.items().iter().zip(&items).collect();
    args.iter().try_fold(Vec::new(), |mut made, arg| {
        replace(vm, arg, &pairs, &mut made)?;
        Ok(made)
    })
}

/// The arguments, with those of `*tuple[...]` of a known length in its place.
fn unpacked(vm: &Vm, item: &Value) -> PyResult<Value> {
    let name = vm.intern("__typing_unpacked_tuple_args__")?;
    let given = item.downcast::<Tuple>().map_or(std::slice::from_ref(item), |items| items.items());
    let mut items = Vec::with_capacity(given.len());
    for item in given {
        let inner = if item.downcast::<Type>().is_some() { None } else { vm.find_attr(item, &name)? };
        match inner.as_ref().and_then(|inner| inner.downcast::<Tuple>()).map(|inner| inner.items()) {
            Some(inner) if !inner.last().is_some_and(|last| last.is(&ELLIPSIS)) => items.extend_from_slice(inner),
            _ => items.push(item.clone()),
        }
    }
    Ok(Tuple::from_values(vm, items)?.into())
}

/// Whether the argument is an unpacked TypeVarTuple, whose place any number of types takes.
fn spreads(vm: &Vm, arg: &Value) -> PyResult<bool> {
    let name = vm.intern("__typing_is_unpacked_typevartuple__")?;
    Ok(vm.find_attr(arg, &name)?.is_some_and(|flag| flag.is(&TRUE)))
}

fn replace(vm: &Vm, arg: &Value, pairs: &[(&Value, &Value)], made: &mut Vec<Value>) -> PyResult<()> {
    if arg.downcast::<Type>().is_some() {
        made.push(arg.clone());
        return Ok(());
    }
    let nested = |items: &[Value]| {
        vm.recursive(" while substituting types", || {
            items.iter().try_fold(Vec::new(), |mut inner, item| {
                replace(vm, item, pairs, &mut inner)?;
                Ok(inner)
            })
        })
    };
    if let Some(list) = arg.downcast::<List>() {
        made.push(List::from_values(vm, nested(&list.snapshot())?)?.into());
        return Ok(());
    }
    if let Some(tuple) = arg.downcast::<Tuple>() {
        made.push(Tuple::from_values(vm, nested(tuple.items())?)?.into());
        return Ok(());
    }
    if let Some((_, value)) = pairs.iter().find(|(parameter, _)| parameter.is(arg)) {
        let method = vm.find_attr(arg, &vm.names().__typing_subst__)?;
        let value = match method {
            Some(method) => vm.call(&method, &[(*value).clone()])?,
            None => (*value).clone(),
        };
        if !spreads(vm, arg)? {
            made.push(value);
            return Ok(());
        }
        let Some(items) = value.downcast::<Tuple>() else {
            let (class, given) = (vm.type_name(arg), vm.type_name(&value));
            let message = format!("expected __typing_subst__ of {class} objects to return a tuple, not {given}");
            return Err(vm.type_error(message));
        };
        made.extend_from_slice(items.items());
        return Ok(());
    }
    if vm.find_attr(arg, &vm.names().__typing_subst__)?.is_some() {
        let shown = vm.repr(arg)?;
        let message = format!("argument {} with __typing_subst__ was not found in __parameters__", shown.to_lossy());
        return Err(vm.type_error(message));
    }
    let inner = vm.find_attr(arg, &vm.names().__parameters__)?;
    match inner.as_ref().and_then(|inner| inner.downcast::<Tuple>()).filter(|inner| !inner.items().is_empty()) {
        Some(inner) => {
            let mut chosen = Vec::new();
            for parameter in inner.items() {
                match pairs.iter().find(|(own, _)| own.is(parameter)) {
                    // Several types for a parameter that stands for any number of them.
                    Some((_, value)) if vm.class_of(parameter).slots.iter.get().is_some() => {
                        match value.downcast::<Tuple>() {
                            Some(several) => chosen.extend_from_slice(several.items()),
                            None => chosen.push((*value).clone()),
                        }
                    }
                    Some((_, value)) => chosen.push((*value).clone()),
                    None => chosen.push(parameter.clone()),
                }
            }
            let chosen = Tuple::from_values(vm, chosen)?;
            let value = vm.get_item(arg, &chosen.into())?;
            let spread = spreads(vm, arg)?;
            match value.downcast::<Tuple>().filter(|_| spread) {
                Some(items) => made.extend_from_slice(items.items()),
                None => made.push(value),
            }
        }
        None => made.push(arg.clone()),
    }
    Ok(())
}

//! `object`: the root of all classes; an instance has nothing of its own.
//!
//! Invariant: the payload is empty; attributes of subclasses stand in slots.

use crate::builtins::dict::Dict;
use crate::builtins::function::GetSetDescriptor;
use crate::builtins::list::List;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, NOT_IMPLEMENTED, boolean, is_none, is_not_implemented};
use crate::native::{Args, FuncArgs, GetSetDef};
use crate::types::{CompareOp, InitFn, NewFn, Type, TypeObject, attribute, instance, layout, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// An object with nothing but its class.
#[derive(Payload)]
#[payload(name = "object")]
pub struct Plain {}

/// object()
/// --
///
/// The base class of the class hierarchy.
///
/// When called, it accepts no arguments and returns a new featureless
/// instance that has no instance attributes and cannot be given any.
#[pytype(name = "object", flags = BASETYPE)]
impl Plain {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if !args.values.is_empty() {
            refuse_new_arguments(vm, class)?;
        }
        if class.has(type_flags::ABSTRACT) {
            return Err(abstract_class(vm, class));
        }
        Ok(vm.alloc_instance(class, Plain {})?.into())
    }

    #[slot]
    fn init(this: &Value, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        if args.values.is_empty() { Ok(()) } else { refuse_init_arguments(vm, vm.class_of(this)) }
    }

    #[slot]
    fn getattr(this: &Value, vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        attribute::generic_get(vm, this, name)
    }

    #[slot]
    fn repr(this: &Value, vm: &Vm) -> PyResult<String> {
        Ok(vm.default_repr(this))
    }

    #[slot]
    fn str(this: &Value, vm: &Vm) -> PyResult<Value> {
        Ok(vm.repr(this)?.into())
    }

    #[slot]
    fn hash(this: &Value) -> PyResult<i64> {
        Ok(taipan_numeric::hash::hash_identity(this.bits()))
    }

    #[slot]
    fn compare(this: &Value, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        match op {
            CompareOp::Eq if this.is(other) => Ok(boolean(true)),
            CompareOp::Ne => {
                let Some(compare) = vm.class_of(this).slots.compare.get() else { return Ok(NOT_IMPLEMENTED) };
                let equal = compare(vm, this, other, CompareOp::Eq)?;
                if is_not_implemented(&equal) { Ok(equal) } else { Ok(boolean(!vm.is_true(&equal)?)) }
            }
            _ => Ok(NOT_IMPLEMENTED),
        }
    }

    /// Default object formatter.
    ///
    /// Return str(self) if format_spec is empty. Raise TypeError otherwise.
    #[method(sig = "format_spec, /")]
    fn __format__(this: &Value, vm: &Vm, spec: &Obj<Str>) -> PyResult<Value> {
        if !spec.is_empty() {
            let given = vm.type_name(this);
            return Err(vm.type_error(format!("unsupported format string passed to {given}.__format__")));
        }
        Ok(vm.str(this)?.into())
    }

    /// Default dir() implementation.
    #[method]
    fn __dir__(this: &Value, vm: &Vm) -> PyResult<Value> {
        let names = Dict::new(vm)?;
        if let Some(own) = vm.find_attr(this, &vm.names().__dict__)?
            && let Some(own) = own.downcast::<Dict>()
        {
            own.snapshot().into_iter().try_for_each(|(name, _)| names.set(vm, &name, NONE))?;
        }
        let class = vm.find_attr(this, &vm.names().__class__)?;
        if let Some(class) = class.as_ref().and_then(|class| class.downcast::<Type>()) {
            for class in class.mro().iter().rev() {
                class.dict().snapshot().into_iter().try_for_each(|(name, _)| names.set(vm, &name, NONE))?;
            }
        }
        let names: Vec<Value> = names.snapshot().into_iter().map(|(name, _)| name).collect();
        Ok(List::new(vm, names.into_iter())?.into())
    }

    /// Size of object in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Value, vm: &Vm) -> PyResult<Value> {
        size_of(vm, this)
    }

    /// Helper for pickle.
    #[method]
    fn __reduce__(this: &Value, vm: &Vm) -> PyResult<Value> {
        reduce(vm, this, 0)
    }

    /// Helper for pickle.
    #[method(sig = "protocol, /")]
    fn __reduce_ex__(this: &Value, vm: &Vm, protocol: isize) -> PyResult<Value> {
        let name = &vm.names().__reduce__;
        let class = vm.class_of(this).to_ref();
        let (own, plain) = (class.lookup(vm, name), vm.types().object.lookup(vm, name));
        match (own, plain) {
            (Some(own), Some(plain)) if !own.is(&plain) => {
                let method = vm.get_attr(this, name)?;
                vm.call(&method, &[])
            }
            _ => reduce(vm, this, protocol),
        }
    }

    /// Helper for pickle.
    #[method]
    fn __getstate__(this: &Value, vm: &Vm) -> PyResult<Value> {
        default_state(vm, this, false)
    }

    /// This method is called when a class is subclassed.
    ///
    /// The default implementation does nothing. It may be
    /// overridden to extend subclasses.
    #[classmethod]
    fn __init_subclass__(class: &Obj<Type>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        let name = class.tp_name();
        args.0.no_keywords(vm, &format!("{name}.__init_subclass__"))?;
        let given = args.0.values.len();
        if given == 0 {
            return Ok(());
        }
        Err(vm.type_error(format!("{name}.__init_subclass__() takes no arguments ({given} given)")))
    }

    /// Abstract classes can override this to customize issubclass().
    ///
    /// This is invoked early on by abc.ABCMeta.__subclasscheck__().
    /// It should return True, False or NotImplemented.  If it returns
    /// NotImplemented, the normal algorithm is used.  Otherwise, it
    /// overrides the normal algorithm (and the outcome is cached).
    #[classmethod]
    fn __subclasshook__(_class: &Value, _subclass: FuncArgs<'_>) -> Value {
        NOT_IMPLEMENTED
    }

    /// the object's class
    #[getter]
    fn __class__(this: &Value, vm: &Vm) -> Value {
        vm.class_of(this).to_value()
    }

    #[setter(name = "__class__")]
    fn change_class(this: &Value, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        set_class(vm, this, value)
    }

    #[slot]
    fn setattr(this: &Value, vm: &Vm, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
        attribute::generic_set(vm, this, name, value)
    }
}

/// Excess arguments are an error unless exactly the other of `__new__` and `__init__` is overridden.
fn refuse_new_arguments(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    let object = &vm.types().object.slots;
    let same_new = same_new(class.slots.new.get(), object.new.get());
    let same_init = same_init(class.slots.init.get(), object.init.get());
    if !same_new {
        return Err(vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
    }
    if same_init {
        let name = class.tp_name();
        return Err(vm.type_error(format!("{name}() takes no arguments")));
    }
    Ok(())
}

fn refuse_init_arguments(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    let object = &vm.types().object.slots;
    if !same_init(class.slots.init.get(), object.init.get()) {
        return Err(vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
    }
    if same_new(class.slots.new.get(), object.new.get()) {
        let name = class.tp_name();
        let message = format!("{name}.__init__() takes exactly one argument (the instance to initialize)");
        return Err(vm.type_error(message));
    }
    Ok(())
}

fn same_new(a: Option<NewFn>, b: Option<NewFn>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if std::ptr::fn_addr_eq(a, b))
}

fn same_init(a: Option<InitFn>, b: Option<InitFn>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if std::ptr::fn_addr_eq(a, b))
}

#[cold]
fn abstract_class(vm: &Vm, class: &Obj<Type>) -> crate::vm::Raised {
    let message = || -> PyResult<String> {
        let methods = vm.get_attr(&class.to_value(), &vm.names().__abstractmethods__)?;
        let mut names: Vec<String> = vm.collect(&methods)?.iter().map(Str::display).collect();
        names.sort();
        let plural = if names.len() > 1 { "s" } else { "" };
        let shown: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let (class, shown) = (class.tp_name(), shown.join(", "));
        Ok(format!(
            "Can't instantiate abstract class {class} without an implementation for abstract method{plural} {shown}"
        ))
    };
    match message() {
        Ok(message) => vm.type_error(message),
        Err(raised) => raised,
    }
}

/// `object.__class__ = class`
fn set_class(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.type_error("can't delete __class__ attribute")) };
    let Some(class) = value.downcast::<Type>() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("__class__ must be set to a class, not '{given}' object")));
    };
    let old = vm.class_of(this).to_ref();
    let module = &vm.types().module;
    let modules = old.is_subclass(module) && class.is_subclass(module);
    if !modules && (class.has(type_flags::IMMUTABLE) || old.has(type_flags::IMMUTABLE)) {
        return Err(vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
    }
    let fits = layout::compatible(&old, class) || (modules && class.members.get() == old.members.get());
    if !fits {
        let (new, old) = (class.tp_name(), old.tp_name());
        return Err(vm.type_error(format!("__class__ assignment: '{new}' object layout differs from '{old}'")));
    }
    let Some(header) = this.header() else { return Ok(()) };
    if old.has(type_flags::HAS_DICT) {
        // Inline attributes belong to a shape of the old class.
        instance::materialize(vm, header)?;
    }
    vm.heap().change_class(header, class);
    Ok(())
}

/// The bytes an object takes on the heap; none for immediates.
pub(crate) fn size_of(vm: &Vm, this: &Value) -> PyResult<Value> {
    let size = this.header().map_or(0, |header| vm.heap().size_of(header) + vm.heap().owned_by(header));
    crate::builtins::int::from_i64(vm, size as i64)
}

/// `__dict__` of the instances of a class that brings it.
pub(crate) static DICT_ATTRIBUTE: GetSetDef = GetSetDef {
    name: "__dict__",
    member: false,
    doc: "dictionary for instance variables",
    get: |vm, this| match this.header() {
        Some(_) if let Some(own) = builtin_dict(vm, this)? => (own.get)(vm, this),
        Some(header) if instance::has_dict(header) => Ok(instance::materialize(vm, header)?.into()),
        _ => Err(no_dict(vm, this)),
    },
    set: Some(|vm, this, value| {
        if let Some(own) = builtin_dict(vm, this)? {
            let Some(set) = own.set else {
                let native = crate::types::special::native_base(vm.class_of(this)).tp_name();
                return Err(vm.attribute_error(format!("attribute '__dict__' of '{native}' objects is not writable")));
            };
            return set(vm, this, value);
        }
        let dict = match value {
            None if crate::types::special::native_base(vm.class_of(this)).has(type_flags::HAS_DICT) => {
                return Err(vm.type_error("cannot delete __dict__"));
            }
            None => Dict::new(vm)?,
            Some(value) => value.clone().downcast_into::<Dict>().map_err(|other| {
                let given = vm.type_name(&other);
                vm.type_error(format!("__dict__ must be set to a dictionary, not a '{given}'"))
            })?,
        };
        match this.header() {
            Some(header) if instance::replace_dict(vm, header, dict)? => Ok(()),
            _ => Err(no_dict(vm, this)),
        }
    }),
};

/// The `__dict__` that a builtin base of the instance's class brings, which knows better where it is.
fn builtin_dict(vm: &Vm, this: &Value) -> PyResult<Option<&'static GetSetDef>> {
    let native = crate::types::special::native_base(vm.class_of(this));
    if native.is_same(&*vm.types().object) {
        return Ok(None);
    }
    let found = native.lookup(vm, &vm.names().__dict__);
    let def = found.as_ref().and_then(GetSetDescriptor::definition);
    Ok(def.filter(|&def| !std::ptr::eq(def, &DICT_ATTRIBUTE)))
}

#[cold]
fn no_dict(vm: &Vm, this: &Value) -> crate::vm::Raised {
    let given = vm.type_name(this);
    vm.attribute_error(format!("'{given}' object has no attribute '__dict__'"))
}

/// `__weakref__` of the instances of a class that brings it: the first weak reference, or None.
pub(crate) static WEAKREF_ATTRIBUTE: GetSetDef = GetSetDef {
    name: "__weakref__",
    member: false,
    doc: "list of weak references to the object",
    get: |vm, this| {
        let first = this.header().and_then(|header| vm.heap().weak_references(header).into_iter().next());
        Ok(first.unwrap_or(NONE))
    },
    set: None,
};

/// A name of module `copyreg`.
fn copyreg(vm: &Vm, name: &str) -> PyResult<Value> {
    let builtins = vm.interp().builtins.get();
    let import = match builtins {
        Some(builtins) => builtins.get_name(vm, &vm.names().__import__)?,
        None => None,
    };
    let Some(import) = import else { return Err(vm.import_error("__import__ not found")) };
    let module = vm.call(&import, &[vm.names().copyreg.to_value()])?;
    vm.get_attr_text(&module, name)
}

fn reduce(vm: &Vm, this: &Value, protocol: isize) -> PyResult<Value> {
    if protocol >= 2 {
        return reduce_new_object(vm, this);
    }
    let function = copyreg(vm, "_reduce_ex")?;
    vm.call(&function, &[this.clone(), crate::builtins::int::from_i64(vm, protocol as i64)?])
}

/// The arguments that `__new__` gets when a copy is made.
fn new_arguments(vm: &Vm, this: &Value) -> PyResult<(Option<Ref<Tuple>>, Option<Ref<Dict>>)> {
    if let Some(method) = vm.find_special(this, &vm.names().__getnewargs_ex__)? {
        let result = vm.call(&method, &[])?;
        let Some(pair) = result.downcast::<Tuple>() else {
            let given = vm.type_name(&result);
            return Err(vm.type_error(format!("__getnewargs_ex__ should return a tuple, not '{given}'")));
        };
        let [args, keywords] = pair.items() else {
            let given = pair.items().len();
            let message = format!("__getnewargs_ex__ should return a tuple of length 2, not {given}");
            return Err(vm.value_error(message));
        };
        let wrong = |position: &str, wanted: &str, given: Value| {
            let given = vm.type_name(&given);
            vm.type_error(format!(
                "{position} item of the tuple returned by __getnewargs_ex__ must be a {wanted}, not '{given}'"
            ))
        };
        let args = args.clone().downcast_into::<Tuple>().map_err(|other| wrong("first", "tuple", other))?;
        let keywords = keywords.clone().downcast_into::<Dict>().map_err(|other| wrong("second", "dict", other))?;
        return Ok((Some(args), Some(keywords)));
    }
    let Some(method) = vm.find_special(this, &vm.names().__getnewargs__)? else { return Ok((None, None)) };
    let result = vm.call(&method, &[])?;
    let args = result.downcast_into::<Tuple>().map_err(|other| {
        let given = vm.type_name(&other);
        vm.type_error(format!("__getnewargs__ should return a tuple, not '{given}'"))
    })?;
    Ok((Some(args), None))
}

fn reduce_new_object(vm: &Vm, this: &Value) -> PyResult<Value> {
    let class = vm.class_of(this).to_ref();
    if class.slots.new.get().is_none() {
        let name = class.type_name(vm);
        return Err(vm.type_error(format!("cannot pickle '{name}' object")));
    }
    let (args, keywords) = new_arguments(vm, this)?;
    let has_args = args.is_some();
    let (function, arguments) = match (args, keywords.filter(|keywords| !keywords.is_empty())) {
        (Some(args), Some(keywords)) => {
            let items = vec![class.to_value(), args.into(), keywords.into()];
            (copyreg(vm, "__newobj_ex__")?, items)
        }
        (args, _) => {
            let own = args.as_ref().map_or(&[][..], |args| args.items());
            let items = std::iter::once(class.to_value()).chain(own.iter().cloned()).collect();
            (copyreg(vm, "__newobj__")?, items)
        }
    };
    let types = vm.types();
    let (list, dict) = (class.is_subclass(&types.list), class.is_subclass(&types.dict));
    let state = object_state(vm, this, !(has_args || list || dict))?;
    let list_items = if list { vm.iter(this)? } else { NONE };
    let dict_items = if dict {
        let items = vm.call_method(this, &vm.names().items, &[])?;
        vm.iter(&items)?
    } else {
        NONE
    };
    let arguments = Tuple::new(vm, arguments.into_iter())?;
    let parts = [function, arguments.into(), state, list_items, dict_items];
    Ok(Tuple::new(vm, parts.into_iter())?.into())
}

pub(crate) fn object_state(vm: &Vm, this: &Value, required: bool) -> PyResult<Value> {
    let method = vm.get_attr(this, &vm.names().__getstate__)?;
    let default = vm.types().object.lookup(vm, &vm.names().__getstate__);
    let is_default = default.is_some_and(|default| {
        let default = default.downcast::<crate::builtins::function::MethodDescriptor>();
        let own = method.downcast::<crate::builtins::function::NativeFunction>();
        matches!((default, own), (Some(a), Some(b)) if std::ptr::eq(a.def.0, b.def.0))
    });
    if is_default { default_state(vm, this, required) } else { vm.call(&method, &[]) }
}

/// The attributes of an object: its `__dict__`, and with members of `__slots__` a pair of it and a dict of them.
fn default_state(vm: &Vm, this: &Value, required: bool) -> PyResult<Value> {
    let class = vm.class_of(this).to_ref();
    if required && !std::ptr::eq(class.kind.info(), <Plain as Payload>::info()) {
        let name = class.type_name(vm);
        return Err(vm.type_error(format!("cannot pickle '{name}' object")));
    }
    let state = vm.find_attr(this, &vm.names().__dict__)?.unwrap_or(NONE);
    let state = match state.downcast::<Dict>() {
        Some(dict) if dict.is_empty() => NONE,
        // The state must not change with the object.
        Some(dict) => {
            let copy = Dict::new(vm)?;
            dict.snapshot().into_iter().try_for_each(|(name, value)| copy.set(vm, &name, value))?;
            copy.into()
        }
        None => state,
    };
    let named = class.dict().get_name(vm, &vm.names().__slotnames__)?;
    if class.members.get() == 0 && named.is_none() {
        return Ok(state);
    }
    let function = copyreg(vm, "_slotnames")?;
    let names = vm.call(&function, &[class.to_value()])?;
    if is_none(&names) {
        return Ok(state);
    }
    let slots = Dict::new(vm)?;
    for name in vm.collect(&names)? {
        if let Some(text) = name.downcast::<Str>()
            && let Some(value) = vm.find_attr(this, text)?
        {
            slots.set(vm, &name, value)?;
        }
    }
    if slots.is_empty() {
        return Ok(state);
    }
    Ok(Tuple::pair(vm, state, slots.into())?.into())
}

//! `type.__new__`: making a class from a name, bases and a namespace.
//!
//! Invariant: the new class has its MRO, slots and layout before any Python code (`__set_name__`, `__init_subclass__`) sees it.

use crate::builtins::descriptor::{ClassMethod, MemberDescriptor, MemberPlace, StaticMethod};
use crate::builtins::dict::{Dict, merge_mapping};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, function};
use crate::native::Args;
use crate::types::class::{ClassHooks, ClassMaking, link_to_strangers};
use crate::types::{Type, TypeObject, class_slots, layout, mro, slot_update, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value, flags as kind_flags};

/// The arguments of `type(name, bases, dict)`.
struct Request<'a> {
    name: &'a Obj<Str>,
    bases: &'a Obj<Tuple>,
    namespace: &'a Obj<Dict>,
}

impl<'a> Request<'a> {
    fn read(vm: &Vm, args: Args<'a>) -> PyResult<Request<'a>> {
        let given = args.positionals().len();
        let [name, bases, namespace] = args.positionals() else {
            return Err(vm.type_error(format!("type.__new__() takes exactly 3 arguments ({given} given)")));
        };
        let wrong = |position, wanted, value: &Value| {
            let given = vm.given_name(value);
            vm.type_error(format!("type.__new__() argument {position} must be {wanted}, not {given}"))
        };
        let request = Request {
            name: name.downcast().ok_or_else(|| wrong(1, "str", name))?,
            bases: bases.downcast().ok_or_else(|| wrong(2, "tuple", bases))?,
            namespace: namespace.downcast().ok_or_else(|| wrong(3, "dict", namespace))?,
        };
        Ok(request)
    }
}

/// The most derived of `metaclass` and the metaclasses of the bases.
pub fn winning_metaclass(vm: &Vm, metaclass: &Obj<Type>, bases: &[Value]) -> PyResult<Ref<Type>> {
    let mut winner = metaclass.to_ref();
    for base in bases {
        let candidate = vm.class_of(base);
        if winner.is_subclass(candidate) {
            continue;
        }
        if !candidate.is_subclass(&winner) {
            return Err(vm.type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
            ));
        }
        winner = candidate.to_ref();
    }
    Ok(winner)
}

/// `type.__new__(metaclass, name, bases, dict, **keywords)`
pub(crate) fn type_new(vm: &Vm, metaclass: &Obj<Type>, args: Args<'_>) -> PyResult<Value> {
    let request = Request::read(vm, args)?;
    let bases = request.bases.items();
    for base in bases.iter().filter(|base| base.downcast::<Type>().is_none()) {
        if vm.find_attr(base, &vm.names().__mro_entries__)?.is_some() {
            return Err(vm.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    let winner = winning_metaclass(vm, metaclass, bases)?;
    if !winner.is_same(metaclass)
        && let (Some(theirs), Some(ours)) = (winner.slots.new.get(), vm.types().type_.slots.new.get())
        && !std::ptr::fn_addr_eq(theirs, ours)
    {
        return theirs(vm, &winner, args);
    }
    let base = layout::best_base(vm, bases)?;
    let class = make(vm, &winner, &request, &base)?;
    call_set_names(vm, &class)?;
    call_init_subclass(vm, &class, args)?;
    Ok(class.into())
}

fn make(vm: &Vm, metaclass: &Obj<Type>, request: &Request<'_>, base: &Obj<Type>) -> PyResult<Ref<Type>> {
    let name = class_name(vm, &request.name.to_value(), "type name must not contain null characters")?;
    let dict = Dict::new(vm)?;
    let mut only_text = true;
    let ordered = Dict::new(vm)?;
    let exact = request.namespace.header().kind().has(kind_flags::EXACT);
    // A subclass may have an order of its own.
    let namespace = if exact {
        request.namespace
    } else {
        merge_mapping(vm, &ordered, &request.namespace.to_value())?;
        &*ordered
    };
    for (key, value) in namespace.snapshot() {
        let key = match key.downcast_into::<Str>() {
            Ok(key) => vm.interp().intern_str(vm, &key).into(),
            Err(other) => {
                only_text = false;
                other
            }
        };
        dict.set(vm, &key, value)?;
    }
    if !only_text && let Some(warn) = ClassHooks::of(vm).warn.get() {
        warn(vm, &vm.types().runtime_warning, &format!("non-string key in the __dict__ of class {name}"))?;
    }
    let slots = class_slots::read(vm, &dict, &name, base, request.bases.items())?;
    let kind = kind_flags::COUNTED | if slots.weak { kind_flags::WEAKLY_REFERENCEABLE } else { 0 };
    let flags = type_flags::PYTHON_CLASS | type_flags::BASETYPE;
    let blank = Type::blank(&name, base.kind.info(), kind, flags);
    let class = vm.alloc_instance(metaclass, blank)?;
    let _ = class.dict.set(dict.clone());
    let qualname = match dict.remove(vm, &vm.names().__qualname__.to_value())? {
        Some(qualname) if qualname.downcast::<Str>().is_some() => qualname,
        Some(other) => {
            let given = vm.type_name(&other);
            return Err(vm.type_error(format!("type __qualname__ must be a str, not {given}")));
        }
        None => request.name.to_value(),
    };
    class.qualname.set(Some(qualname));
    set_namespace_defaults(vm, &dict)?;
    set_cell(vm, &dict, &class)?;
    *class.base.borrow_mut() = Some(base.to_ref());
    class_slots::apply(vm, &class, base, &slots)?;
    complete(vm, &class, request.bases, base)?;
    Ok(class)
}

/// The text of a class's name.
pub(crate) fn class_name(vm: &Vm, name: &Value, null: &str) -> PyResult<String> {
    if let Some(name) = name.downcast::<Str>() {
        check_encodable(vm, name)?;
    }
    let text = Str::display(name);
    if text.contains('\0') { Err(vm.value_error(null)) } else { Ok(text) }
}

/// Raises UnicodeEncodeError for text with surrogates.
fn check_encodable(vm: &Vm, text: &Obj<Str>) -> PyResult<()> {
    if text.is_ascii() { Ok(()) } else { crate::codecs::encode(vm, text, "utf-8", "strict").map(drop) }
}

/// `__module__`, `__doc__`, and the implicit static and class methods.
fn set_namespace_defaults(vm: &Vm, dict: &Obj<Dict>) -> PyResult<()> {
    let names = vm.names();
    if dict.get_name(vm, &names.__module__)?.is_none() {
        let globals = ClassHooks::of(vm).globals.get().and_then(|globals| globals(vm));
        if let Some(module) = globals.map(|globals| globals.get_name(vm, &names.__name__)).transpose()?.flatten() {
            dict.set(vm, &names.__module__.to_value(), module)?;
        }
    }
    match dict.get_name(vm, &names.__doc__)? {
        None => dict.set(vm, &names.__doc__.to_value(), NONE)?,
        Some(doc) => {
            if let Some(doc) = doc.downcast::<Str>() {
                check_encodable(vm, doc)?;
            }
        }
    }
    if let Some(new) = dict.get_name(vm, &names.__new__)?.filter(|value| function::is_python_function(vm, value)) {
        dict.set(vm, &names.__new__.to_value(), StaticMethod::wrap(vm, new)?.into())?;
    }
    for name in [&names.__init_subclass__, &names.__class_getitem__] {
        if let Some(value) = dict.get_name(vm, name)?.filter(|value| function::is_python_function(vm, value)) {
            dict.set(vm, &name.to_value(), ClassMethod::wrap(vm, value)?.into())?;
        }
    }
    if dict.get_name(vm, &names.__eq__)?.is_some() && dict.get_name(vm, &names.__hash__)?.is_none() {
        dict.set(vm, &names.__hash__.to_value(), NONE)?;
    }
    Ok(())
}

/// Tells the cell that `__class__` and zero-argument `super` read.
fn set_cell(vm: &Vm, dict: &Obj<Dict>, class: &Ref<Type>) -> PyResult<()> {
    if let Some(cell) = dict.remove(vm, &vm.names().__classcell__.to_value())? {
        let set = ClassHooks::of(vm).set_cell.get();
        if !set.is_some_and(|set| set(vm, &cell, &class.to_value())) {
            let shown = vm.repr(&vm.class_of(&cell).to_value())?;
            let message = format!("__classcell__ must be a nonlocal cell, not {}", shown.to_lossy());
            return Err(vm.type_error(message));
        }
    }
    if let Some(cell) = dict.remove(vm, &vm.names().__classdictcell__.to_value())? {
        let set = ClassHooks::of(vm).set_cell.get();
        if !set.is_some_and(|set| set(vm, &cell, &dict.to_value())) {
            let shown = vm.repr(&vm.class_of(&cell).to_value())?;
            let message = format!("__classdictcell__ must be a nonlocal cell, not {}", shown.to_lossy());
            return Err(vm.type_error(message));
        }
    }
    Ok(())
}

/// MRO, inherited flags and slots.
fn complete(vm: &Vm, class: &Obj<Type>, given: &Obj<Tuple>, base: &Obj<Type>) -> PyResult<()> {
    let mut bases: Vec<Ref<Type>> =
        given.items().iter().filter_map(|base| base.clone().downcast_into::<Type>().ok()).collect();
    if bases.is_empty() {
        bases.push(vm.types().object.clone());
    }
    class.bases.set(Some(Tuple::new(vm, bases.iter().map(|base| base.to_value()))?.into()));
    let order = mro::compute(vm, class, &bases)?;
    // A metaclass's `mro()` may have assigned to `__bases__`, which made the class complete.
    if class.mro().is_empty() {
        class.set_bases(vm, &bases, order)?;
        link_to_strangers(vm, class, &bases)?;
        if !given.items().is_empty() {
            // The very tuple, which may be of a subclass.
            class.bases.set(Some(given.to_value()));
        }
    }
    use type_flags::{MAPPING, MATCH_SELF, SEQUENCE};
    let inherited = bases.iter().map(|base| base.flags() & (SEQUENCE | MAPPING)).find(|flags| *flags != 0);
    class.set_flags(inherited.unwrap_or(0) | base.flags() & MATCH_SELF, true);
    slot_update::fill(vm, class);
    Ok(())
}

/// Tells the values of the namespace their names.
fn call_set_names(vm: &Vm, class: &Ref<Type>) -> PyResult<()> {
    for (name, value) in class.dict().snapshot() {
        let arguments = [class.to_value(), name.clone()];
        let Err(raised) = vm.call_special(&value, &vm.names().__set_name__, &arguments) else { continue };
        let exception = vm.take_exception(raised);
        let (shown, key, owner) = (vm.type_name(&value), vm.repr(&name)?, class.name());
        let note = format!("Error calling __set_name__ on '{shown}' instance {} in '{owner}'", key.to_lossy());
        let add = vm.intern("add_note")?;
        vm.call_method(&exception.to_value(), &add, &[Str::new(vm, &note)?.into()])?;
        return Err(vm.restore(exception));
    }
    Ok(())
}

/// Calls `super(class, class).__init_subclass__(**keywords)`.
fn call_init_subclass(vm: &Vm, class: &Ref<Type>, args: Args<'_>) -> PyResult<()> {
    let this = class.to_value();
    if !class.mro().iter().any(|base| base.is_same(&**class)) {
        // A metaclass's `mro()` left the class itself out.
        let (given, name) = (format!("type {}", class.name()), class.name());
        let message = format!("super(type, obj): obj ({given}) is not an instance or subtype of type ({name}).");
        return Err(vm.type_error(message));
    }
    let method = crate::builtins::super_::super_lookup(vm, class, &this, &vm.names().__init_subclass__)?;
    let keywords = Args { values: &args.values[args.positionals().len()..], names: args.names };
    crate::types::call::call(vm, &method, keywords).map(drop)
}

/// A member descriptor for a name of `__slots__`.
pub(crate) fn add_member(vm: &Vm, class: &Obj<Type>, name: &Ref<Str>, index: usize) -> PyResult<()> {
    let payload = MemberDescriptor { name: name.to_value(), place: MemberPlace::Slot(index), class: class.to_ref() };
    let member = vm.alloc(&*vm.types().member_descriptor, payload)?;
    class.dict().set(vm, &name.to_value(), member.into())
}

//! Calls: any callable, methods by name, and classes.
//!
//! Invariant: every call that may recurse natively checks the stack (`Vm::check_stack`, or `Vm::recursive` around it).

use crate::builtins::descriptor::StaticMethod;
use crate::builtins::dict::Dict;
use crate::builtins::exception::BaseException;
use crate::builtins::function::{MethodDescriptor, NativeFunction};
use crate::builtins::list::List;
use crate::builtins::set::Set;
use crate::builtins::str::Str;
use crate::builtins::{float, int};
use crate::native::{Args, MethodKind};
use crate::types::attribute::bind;
use crate::types::slot_wrapper::SlotWrapper;
use crate::types::{CallFn, NewFn, Type, TypeObject, slot_calls, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{AsKind, Obj, Ref, Value};

/// The native code that takes arguments as they stand: that of a function bound to nothing, or of a method of the first one's class.
#[inline(always)]
pub fn direct_code(vm: &Vm, callable: &Value, positionals: &[Value]) -> Option<fn(&Vm, Args<'_>) -> PyResult<Value>> {
    if let Some(function) = callable.downcast_exact::<NativeFunction>() {
        let def = function.def.0;
        return (def.kind == MethodKind::Function || function.bound.is_empty()).then_some(def.call);
    }
    let descriptor = callable.downcast_exact::<MethodDescriptor>()?;
    let def = descriptor.def.0;
    let first = positionals.first()?;
    if def.kind != MethodKind::Method {
        let class = first.downcast::<Type>().filter(|_| def.kind == MethodKind::ClassMethod)?;
        return class.is_subclass(&descriptor.class).then_some(def.call);
    }
    if first.header().is_some_and(|header| std::ptr::eq(header.kind(), descriptor.class.as_kind())) {
        return Some(def.call);
    }
    let class = vm.class_of(first);
    (class.is_same(&*descriptor.class) || class.is_subclass(&descriptor.class)).then_some(def.call)
}

/// Calls native code that takes its arguments as they stand.
#[inline(always)]
pub fn call_direct(vm: &Vm, callable: &Value, args: Args<'_>) -> Option<PyResult<Value>> {
    match direct_code(vm, callable, args.positionals()) {
        Some(code) => Some(code(vm, args)),
        None => callable.downcast_exact::<SlotWrapper>()?.call_direct(vm, args),
    }
}

/// The `call` slot of what is called by it alone: of functions in Python.
#[inline(always)]
fn slot_alone(vm: &Vm, callable: &Value) -> Option<CallFn> {
    let class = vm.class_of_header(callable.header()?);
    if class.has(type_flags::CALLED_BY_SLOT) { class.slots.call.get() } else { None }
}

/// Calls `callable`, native code as it stands and without a look at the stack.
#[inline]
pub fn call_at_once(vm: &Vm, callable: &Value, args: &[Value]) -> PyResult<Value> {
    if let Some(code) = slot_alone(vm, callable) {
        vm.check_stack("")?;
        return code(vm, callable, Args::positional(args));
    }
    match direct_code(vm, callable, args) {
        Some(code) => code(vm, Args::positional(args)),
        None => vm.call(callable, args),
    }
}

/// Calls a builtin class with positional arguments, where that does what its name says and no more.
#[inline]
pub fn convert(vm: &Vm, callable: &Value, args: &[Value]) -> Option<PyResult<Value>> {
    let types = vm.types();
    if let [_, _] = args
        && types.int.is(callable)
    {
        return Some(int::construct(vm, Args::positional(args)));
    }
    let [value] = args else { return None };
    if types.str.is(callable) {
        return Some(vm.str(value).map(Value::from));
    }
    if types.int.is(callable) {
        return Some(int::from_number(vm, value));
    }
    if types.type_.is(callable) {
        return Some(Ok(vm.class_of(value).to_value()));
    }
    if !types.float.is(callable) {
        return None;
    }
    match value.as_int() {
        // It rounds as `int.__float__` does: half to even.
        Some(n) => Some(float::new(vm, n as f64)),
        None => value.is_float().then(|| Ok(value.clone())),
    }
}

/// Calls `callable`.
pub fn call(vm: &Vm, callable: &Value, args: Args<'_>) -> PyResult<Value> {
    vm.check_stack("")?;
    if let Some(code) = slot_alone(vm, callable) {
        return code(vm, callable, args);
    }
    if let Some(result) = call_direct(vm, callable, args) {
        return result;
    }
    if args.names.is_empty()
        && let Some(result) = convert(vm, callable, args.values)
    {
        return result;
    }
    match vm.class_of(callable).slots.call.get() {
        Some(function) => function(vm, callable, args),
        None => {
            let given = vm.type_name(callable);
            Err(vm.type_error(format!("'{given}' object is not callable")))
        }
    }
}

impl Vm {
    /// Calls with positional arguments.
    pub fn call(&self, callable: &Value, args: &[Value]) -> PyResult<Value> {
        call(self, callable, Args::positional(args))
    }

    /// Calls method `name` of `object`, without making a bound method where that is not observable.
    pub fn call_method(&self, object: &Value, name: &Obj<Str>, args: &[Value]) -> PyResult<Value> {
        let class = self.class_of(object).to_ref();
        if class.has(type_flags::PLAIN_GETATTR)
            && let Some(found) = class.lookup(self, name)
            && self.class_of(&found).has(type_flags::METHOD_DESCRIPTOR)
        {
            let own = match object.header() {
                Some(header) => crate::types::instance::get(self, header, name)?,
                None => None,
            };
            return match own {
                Some(own) => self.call(&own, args),
                None => self.call_unbound(&found, object, args),
            };
        }
        let method = self.get_attr(object, name)?;
        self.call(&method, args)
    }

    /// Calls `function` with `object` before `args`.
    pub fn call_unbound(&self, function: &Value, object: &Value, args: &[Value]) -> PyResult<Value> {
        match args {
            [] => self.call(function, std::slice::from_ref(object)),
            [a] => self.call(function, &[object.clone(), a.clone()]),
            [a, b] => self.call(function, &[object.clone(), a.clone(), b.clone()]),
            _ => {
                let mut values = Vec::with_capacity(args.len() + 1);
                values.push(object.clone());
                values.extend_from_slice(args);
                self.call(function, &values)
            }
        }
    }

    /// Calls special method `name` looked up on the class; `None` when the class has none.
    pub fn call_special(&self, object: &Value, name: &Obj<Str>, args: &[Value]) -> PyResult<Option<Value>> {
        let class = self.class_of(object).to_ref();
        let Some(found) = class.lookup(self, name) else { return Ok(None) };
        if self.class_of(&found).has(type_flags::METHOD_DESCRIPTOR) {
            return self.call_unbound(&found, object, args).map(Some);
        }
        let method = bind(self, found, object, &class)?;
        self.call(&method, args).map(Some)
    }
}

/// The `new` slot of a native class that can be called in place of the class.
#[inline]
pub fn direct_new(class: &Type) -> Option<NewFn> {
    if class.has(type_flags::MADE_BY_NEW) { class.slots.new.get() } else { None }
}

/// Calls a native class whose metaclass is `type`.
#[inline(never)]
pub fn call_builtin(vm: &Vm, class: &Obj<Type>, args: &[Value]) -> PyResult<Value> {
    if !class.has(type_flags::CALLED) {
        find_out(vm, class);
    }
    let types = vm.types();
    if args.is_empty() {
        if class.is_same(&*types.list) {
            return Ok(List::with_capacity(vm, 0)?.into());
        }
        if class.is_same(&*types.dict) {
            return Ok(Dict::new(vm)?.into());
        }
        if class.is_same(&*types.set) {
            return Ok(Set::new(vm)?.into());
        }
    }
    call_type(vm, class, Args::positional(args))
}

/// What calling a native class comes to.
#[cold]
fn find_out(vm: &Vm, class: &Obj<Type>) {
    let types = vm.types();
    let is_one_of = |classes: &[&Ref<Type>]| classes.iter().any(|own| class.is_same(own));
    let never = type_flags::DISALLOW_INSTANTIATION | type_flags::PYTHON_CLASS;
    class.set_flags(type_flags::CALLED, true);
    if is_one_of(&[&types.int, &types.str, &types.float, &types.type_]) {
        class.set_flags(type_flags::CONVERTS, true);
    } else if class.has(type_flags::IMMUTABLE)
        && class.flags() & never == 0
        && !is_one_of(&[&types.bool])
        && made_by_new(vm, class)
    {
        class.set_flags(type_flags::MADE_BY_NEW, true);
    }
}

/// Whether `__new__` alone makes the instances of a class: `object.__init__` leaves what another class's `__new__` has made as it is.
fn made_by_new(vm: &Vm, class: &Obj<Type>) -> bool {
    let (own, object) = (&class.slots, &vm.types().object.slots);
    match (own.init.get(), object.init.get(), own.new.get(), object.new.get()) {
        (Some(init), Some(plain_init), Some(new), Some(plain_new)) => {
            std::ptr::fn_addr_eq(init, plain_init) && !std::ptr::fn_addr_eq(new, plain_new)
        }
        _ => false,
    }
}

/// `type.__call__`: makes an instance of `class` and initialises it.
pub fn call_type(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> PyResult<Value> {
    if class.is_same(&*vm.types().type_) {
        match (args.positionals(), args.names.is_empty()) {
            ([object], true) => return Ok(vm.class_of(object).to_value()),
            ([_, _, _], _) => {}
            _ => return Err(vm.type_error("type() takes 1 or 3 arguments")),
        }
    }
    let new = class.slots.new.get().filter(|_| !class.has(type_flags::DISALLOW_INSTANTIATION));
    let Some(new) = new else {
        let name = class.type_name(vm);
        return Err(vm.type_error(format!("cannot create '{name}' instances")));
    };
    if let Some(made) = BaseException::make_at_once(vm, class, args) {
        return made;
    }
    let made = new(vm, class, args)?;
    initialised(vm, class, made, args)
}

/// The function in Python that is the `__new__` of a class made by `type`, where that is all there is to making an instance: `initialised`
/// is to look at what it returns.
#[inline]
pub fn python_new(vm: &Vm, class: &Obj<Type>) -> Option<Value> {
    let by_name = class.slots.new.get().is_some_and(|new| std::ptr::fn_addr_eq(new, slot_calls::new as NewFn));
    if !by_name || !made_by_new(vm, class) || !class.class::<Type>()?.is_same(&*vm.types().type_) {
        return None;
    }
    let found = class.lookup(vm, &vm.names().__new__)?;
    match found.downcast_exact::<StaticMethod>() {
        Some(method) => method.function.get(),
        None => Some(found),
    }
}

/// Calls `__init__` of what the `__new__` of `class` has made, unless that does nothing.
pub fn initialised(vm: &Vm, class: &Obj<Type>, made: Value, args: Args<'_>) -> PyResult<Value> {
    if made_by_new(vm, class) && made.header().is_none_or(|header| vm.class_of_header(header).is_same(class)) {
        return Ok(made);
    }
    if vm.is_instance(&made, class)
        && let Some(init) = vm.class_of(&made).slots.init.get()
    {
        init(vm, &made, args)?;
    }
    Ok(made)
}

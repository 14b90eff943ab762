//! Frames, the evaluation loop, calls, generators, unwinding, imports, threads and the global interpreter lock.
//!
//! * `code`, `function`, `cell`, `generator`, `async_generator`, `template` – the types that only running code needs;
//! * `eval` – the loop and its registers; the only module with unsafe code;
//! * `args` – binding arguments; `import`, `typing` – hooks to what upper layers provide.
//!
//! Invariant: Python code runs only between `attach` and the end of its guard, on the thread that attached.

pub mod args;
pub mod async_generator;
pub mod cell;
pub mod code;
pub mod eval;
pub mod function;
pub mod generator;
pub mod import;
pub mod locals_proxy;
pub mod module_spec;
pub mod template;
pub mod typing;

pub use eval::frame_object as frame;

use code::CodeObject;
use eval::Stack;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::dict::{self, Dict};
use taipan_objects::builtins::{list, zip};
use taipan_objects::native::TypeSpec;
use taipan_objects::types::{ClassHooks, Type};
use taipan_objects::vm::{PyResult, Vm, breaker};

macro_rules! interp_types {
    ($($field:ident: $spec:expr;)*) => {
        /// The types that this crate makes, one field each.
        #[allow(missing_docs)]
        pub struct InterpTypes {
            $(pub $field: Ref<Type>,)*
        }

        impl InterpTypes {
            fn make(vm: &Vm) -> PyResult<InterpTypes> {
                let make = |spec: &'static TypeSpec| vm.native_type(spec);
                Ok(InterpTypes { $($field: make($spec)?,)* })
            }

            fn each(&self, f: &mut dyn FnMut(&Ref<Type>)) {
                $(f(&self.$field);)*
            }
        }
    };
}

interp_types! {
    code: CodeObject::spec();
    cell: cell::Cell::spec();
    function: function::Function::spec();
    generator: generator::Generator::spec();
    coroutine: generator::Coroutine::spec();
    coroutine_wrapper: generator::CoroutineWrapper::spec();
    async_generator: async_generator::AsyncGenerator::spec();
    async_send: async_generator::Step::spec();
    async_throw: async_generator::ThrowStep::spec();
    wrapped_value: async_generator::WrappedValue::spec();
    frame: frame::FrameObject::spec();
    locals_proxy: locals_proxy::LocalsProxy::spec();
    module_spec: module_spec::ModuleSpec::spec();
    template: template::Template::spec();
    interpolation: template::Interpolation::spec();
    template_iter: template::TemplateIter::spec();
}

/// What this crate keeps per interpreter.
#[derive(Default)]
struct InterpState {
    types: OnceCell<Rc<InterpTypes>>,
}

/// The types that this crate makes.
#[inline]
pub fn types(vm: &Vm) -> PyResult<&InterpTypes> {
    let stack = stack(vm)?;
    match stack.types.get() {
        Some(types) => Ok(types),
        None => make_types(vm, stack),
    }
}

#[cold]
fn make_types<'a>(vm: &Vm, stack: &'a Stack) -> PyResult<&'a InterpTypes> {
    let state = vm.interp().state(InterpState::default);
    let types = match state.types.get() {
        Some(types) => types.clone(),
        None => {
            let types = Rc::new(InterpTypes::make(vm)?);
            types.generator.slots.drive.set(Some(generator::drive_all));
            let native = vm.types();
            native.map.slots.drive.set(Some(zip::map_all));
            native.dict_key_iterator.slots.drive.set(Some(dict::drive_all));
            native.dict_value_iterator.slots.drive.set(Some(dict::drive_all));
            native.list_reverse_iterator.slots.drive.set(Some(list::drive_reversed));
            let _ = state.types.set(types.clone());
            types
        }
    };
    Ok(stack.types.get_or_init(|| types))
}

/// Gives the first thread state of an interpreter its stacks, and the thread the interpreter's lock. Called once, before it runs code.
pub fn attach(vm: &Vm) {
    let lock = Arc::new(eval::threads::Lock::default());
    lock.acquire(&vm.breaker);
    vm.set_extension(Rc::new(Stack::with(vm.breaker.clone(), lock)));
    install_class_hooks(vm);
    vm.interp().frame_roots.set(Some(eval::show_variables));
    eval::threads::list(vm);
    vm.stack_limit.set(taipan_host::stack::stack_limit() + eval::threads::STACK_RESERVE);
}

fn install_class_hooks(vm: &Vm) {
    let hooks = ClassHooks::of(vm);
    hooks.set_cell.set(Some(|_, holder, value| match holder.downcast::<cell::Cell>() {
        Some(cell) => {
            cell.contents.set(Some(value.clone()));
            true
        }
        None => false,
    }));
    hooks.globals.set(Some(|vm| {
        let stack = stack(vm).ok()?;
        eval::top_globals(stack)
    }));
    hooks.line_at.set(Some(frame::line_at));
    hooks.super_arguments.set(Some(frame::super_arguments));
}

/// Calls `held` with the handles of this crate in an interpreter and in one of its threads, with their numbers in `vm::HANDLES`.
pub fn each_handle(vm: &Vm, shared: bool, held: &mut dyn FnMut(u32, &Value)) {
    if shared {
        let state = vm.interp().state(InterpState::default);
        if let Some(types) = state.types.get() {
            types.each(&mut |class| class.with_value(|class| held(15, class)));
        }
        return;
    }
    let Ok(stack) = stack(vm) else { return };
    for slot in [&stack.hooks.first_iteration, &stack.hooks.finalizer] {
        slot.with(|value| value.into_iter().for_each(|value| held(13, value)));
    }
    stack.tracing.each_function(&mut |function| held(14, function));
}

/// The thread's evaluation stacks.
#[inline]
pub fn stack(vm: &Vm) -> PyResult<&Stack> {
    match vm.extension::<Stack>() {
        Some(stack) => Ok(stack),
        None => Err(vm.system_error("the thread state has no evaluation stack")),
    }
}

/// Sets how deep Python functions may call each other.
pub fn set_recursion_limit(vm: &Vm, limit: usize) -> PyResult<()> {
    vm.interp().recursion_limit.set(limit);
    stack(vm)?.sync_limit(vm);
    Ok(())
}

/// The namespace of the module `builtins`.
pub fn builtins_dict(vm: &Vm) -> PyResult<Ref<Dict>> {
    match vm.interp().builtins.get() {
        Some(dict) => Ok(dict.clone()),
        None => Err(vm.system_error("builtins are not set up")),
    }
}

/// What upper layers provide to running code.
#[derive(Default)]
pub struct Hooks {
    /// Called when the loop was interrupted by a signal or an asynchronous exception.
    pub interrupt: Cell<Option<fn(&Vm, &Stack) -> PyResult<()>>>,
    /// `isinstance` with all its hooks.
    pub is_instance: Cell<Option<fn(&Vm, &Value, &Value) -> PyResult<bool>>>,
    /// Shows the value of an expression statement in interactive mode.
    pub display: Cell<Option<fn(&Vm, &Value) -> PyResult<()>>>,
    /// Issues a warning: category and text.
    pub warn: Cell<Option<fn(&Vm, &Ref<Type>, &str) -> PyResult<()>>>,
}

/// The hooks of the interpreter.
pub fn hooks(vm: &Vm) -> Rc<Hooks> {
    vm.interp().state(Hooks::default)
}

/// For native code that runs long: does what the interpreter was interrupted for, such as handling signals and giving way to other threads.
pub fn poll(vm: &Vm) -> PyResult<()> {
    let stack = stack(vm)?;
    if stack.interrupted() { interrupt(vm, stack) } else { Ok(()) }
}

/// Does what the loop was interrupted for.
#[cold]
pub(crate) fn interrupt(vm: &Vm, stack: &Stack) -> PyResult<()> {
    let bits = stack.breaker.fetch_and(!breaker::COLLECTION, Ordering::Relaxed);
    if bits & breaker::COLLECTION != 0 {
        vm.heap().collect_pending();
    }
    if bits & breaker::LOCK != 0 {
        vm.heap().aside(|| stack.lock.yield_now(&stack.breaker));
        stack.sync_limit(vm);
    }
    match hooks(vm).interrupt.get() {
        Some(hook) if bits & breaker::SIGNAL != 0 => hook(vm, stack),
        _ => Ok(()),
    }
}

pub(crate) fn is_instance(vm: &Vm, value: &Value, class: &Value) -> PyResult<bool> {
    match hooks(vm).is_instance.get() {
        Some(hook) => hook(vm, value, class),
        None => Ok(class.downcast::<Type>().is_some_and(|class| vm.is_instance(value, class))),
    }
}

pub(crate) fn display(vm: &Vm, value: &Value) -> PyResult<Value> {
    if let Some(hook) = hooks(vm).display.get() {
        hook(vm, value)?;
    }
    Ok(taipan_objects::builtins::NONE)
}

pub(crate) fn warn(vm: &Vm, category: &Ref<Type>, text: &str) -> PyResult<()> {
    match hooks(vm).warn.get() {
        Some(hook) => hook(vm, category, text),
        None => Ok(()),
    }
}

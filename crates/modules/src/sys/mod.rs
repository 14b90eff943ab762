//! `sys`: what the interpreter tells of itself, and the hooks it calls.
//!
//! * `importer` – what stands on `sys.meta_path`; `info` – version, limits of numbers, flags; `hooks` – how uncaught and ignored exceptions and results are shown.
//!
//! What depends on how the program was started (`argv`, `path`, `flags`, …) has harmless values until the embedder sets it.
//! Invariant: `sys.modules` is the interpreter's table of modules itself.

pub mod hooks;
pub mod importer;
mod info;
mod jit;
mod monitoring;
mod names;

pub use info::{FLAGS, Flags, VERSION_TEXT, flags, set_flags};
pub use sys::spec;

use std::cell::{Cell, OnceCell, RefCell};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::module::Module;
use taipan_objects::vm::{PyResult, Vm};

/// Gives the frame `depth` levels above the caller of a native function, if there is one.
pub type GetFrame = fn(&Vm, usize) -> PyResult<Option<Value>>;

/// What upper layers tell and ask the module.
pub struct SysState {
    /// `sys._getframe`
    pub get_frame: Cell<Option<GetFrame>>,
    /// `sys.is_finalizing`
    pub finalizing: Cell<bool>,
    /// The number of processors that the program was told to count with.
    pub cpu_count: Cell<Option<u32>>,
    /// `sys.getswitchinterval`, in seconds.
    pub switch_interval: Cell<f64>,
    audit_hooks: RefCell<Vec<Value>>,
    dlopen_flags: Cell<i64>,
    /// The module, which stays in use when it is taken out of `sys.modules`.
    module: OnceCell<Ref<Module>>,
}

impl SysState {
    fn new() -> SysState {
        SysState {
            get_frame: Cell::new(None),
            finalizing: Cell::new(false),
            cpu_count: Cell::new(None),
            switch_interval: Cell::new(0.005),
            audit_hooks: RefCell::default(),
            dlopen_flags: Cell::new(2),
            module: OnceCell::new(),
        }
    }

    /// The state of an interpreter.
    pub fn of(vm: &Vm) -> std::rc::Rc<SysState> {
        vm.interp().state(SysState::new)
    }
}

/// An attribute of the module `sys` as it is now.
pub fn attribute(vm: &Vm, name: &str) -> PyResult<Option<Value>> {
    let state = SysState::of(vm);
    let Some(sys) = state.module.get() else { return Ok(None) };
    let name = vm.intern(name)?;
    vm.find_attr(&sys.to_value(), &name)
}

/// Tells the audit hooks of an event.
pub fn audit(vm: &Vm, event: &str, arguments: &[Value]) -> PyResult<()> {
    let hooks = SysState::of(vm).audit_hooks.borrow().clone();
    if hooks.is_empty() {
        return Ok(());
    }
    let event: Value = vm.intern(event)?.into();
    let arguments: Value = taipan_objects::builtins::tuple::Tuple::new(vm, arguments.iter().cloned())?.into();
    for hook in hooks {
        vm.call(&hook, &[event.clone(), arguments.clone()])?;
    }
    Ok(())
}

/// This module provides access to some objects used or maintained by the interpreter.
#[allow(non_upper_case_globals)]
#[taipan_macros::pymodule(name = "sys", init = init)]
mod sys {
    use super::{SysState, hooks, importer, info, jit, monitoring, names};
    use taipan_heap::{Obj, Ref, Value};
    use taipan_interp::eval::trace;
    use taipan_objects::builtins::exception::{BaseException, SystemExit};
    use taipan_objects::builtins::list::List;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::builtins::set::Set;
    use taipan_objects::builtins::str::{Str, is_interned};
    use taipan_objects::builtins::tuple::Tuple;
    use taipan_objects::builtins::{NONE, dict::Dict, int, is_none};
    use taipan_objects::native::{IntoValue, Rest};
    use taipan_objects::types::{Type, TypeObject, type_flags};
    use taipan_objects::vm::{PyResult, Raised, Vm};

    #[constant]
    const maxsize: i64 = i64::MAX;
    #[constant]
    const maxunicode: i64 = 0x10_ffff;
    #[constant]
    const byteorder: &str = if cfg!(target_endian = "little") { "little" } else { "big" };
    #[constant]
    const platform: &str = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    #[constant]
    const hexversion: i64 = info::HEX_VERSION;
    #[constant]
    const api_version: i64 = 1013;
    #[constant]
    const float_repr_style: &str = "short";
    #[constant]
    const abiflags: &str = "";
    #[constant]
    const platlibdir: &str = "lib";
    #[constant]
    const copyright: &str = "Copyright (c) the Taipan authors.";
    #[constant]
    const _framework: &str = "";
    #[constant]
    const dont_write_bytecode: bool = true;

    fn init(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let _ = super::SysState::of(vm).module.set(module.to_ref());
        info::add(vm, module)?;
        module.set_attr(vm, "_jit", Module::from_spec(vm, jit::spec())?.into())?;
        module.set_attr(vm, "monitoring", Module::from_spec(vm, monitoring::spec())?.into())?;
        for name in ["argv", "orig_argv", "path", "path_hooks", "warnoptions"] {
            module.set_attr(vm, name, List::new(vm, std::iter::empty())?.into())?;
        }
        let importer = importer::importer(vm)?;
        taipan_interp::import::hooks(vm).native_loader.borrow_mut().get_or_insert_with(|| importer.clone());
        module.set_attr(vm, "meta_path", List::new(vm, std::iter::once(importer))?.into())?;
        if let Some(hook) = module.get_attr(vm, "_path_hook")? {
            taipan_interp::import::hooks(vm).path_hook.borrow_mut().get_or_insert_with(|| hook.clone());
            module.set_attr(vm, "path_hooks", List::new(vm, std::iter::once(hook))?.into())?;
        }
        for name in ["path_importer_cache", "_xoptions"] {
            module.set_attr(vm, name, Dict::new(vm)?.into())?;
        }
        for name in ["executable", "prefix", "base_prefix", "exec_prefix", "base_exec_prefix", "_base_executable"] {
            module.set_attr(vm, name, "".into_value(vm)?)?;
        }
        module.set_attr(vm, "_stdlib_dir", Str::new(vm, taipan_interp::import::LIBRARY)?.into())?;
        for name in ["pycache_prefix", "_home"] {
            module.set_attr(vm, name, NONE)?;
        }
        if let Some(modules) = vm.interp().modules.get() {
            module.set_attr(vm, "modules", modules.to_value())?;
        }
        let stdlib = names::STDLIB.split_whitespace().map(|name| vm.intern(name).map(Value::from));
        let stdlib = Tuple::new(vm, stdlib.collect::<PyResult<Vec<Value>>>()?.into_iter())?;
        module.set_attr(vm, "stdlib_module_names", Set::frozen_from_iterable(vm, &stdlib.into())?.into())?;
        let mut own: Vec<&str> = crate::native_modules().iter().map(|spec| spec().name).collect();
        own.sort_unstable();
        let own = own.into_iter().map(|name| vm.intern(name).map(Value::from)).collect::<PyResult<Vec<Value>>>()?;
        module.set_attr(vm, "builtin_module_names", Tuple::new(vm, own.into_iter())?.into())?;
        for name in ["excepthook", "unraisablehook", "displayhook", "breakpointhook"] {
            if let Some(hook) = module.get_attr(vm, name)? {
                module.set_attr(vm, &format!("__{name}__"), hook)?;
            }
        }
        hooks::install(vm);
        Ok(())
    }

    // ---- exceptions ----

    /// The class, instance and traceback of the exception being handled.
    #[function]
    fn exc_info(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let items = match vm.handled_exception() {
            None => [NONE, NONE, NONE],
            Some(handled) => {
                let traceback = handled.downcast::<BaseException>().and_then(|handled| handled.traceback.get());
                [vm.class_of(&handled).to_value(), handled, traceback.unwrap_or(NONE)]
            }
        };
        Tuple::new(vm, items.into_iter())
    }

    /// The exception being handled.
    #[function]
    fn exception(vm: &Vm) -> Option<Value> {
        vm.handled_exception()
    }

    /// Shows an uncaught exception.
    #[function(sig = "exctype, value, traceback, /")]
    fn excepthook(vm: &Vm, exctype: &Value, value: &Value, traceback: &Value) -> PyResult<()> {
        hooks::show(vm, exctype, value, traceback)
    }

    /// Shows an exception that is ignored.
    #[function(sig = "unraisable, /")]
    fn unraisablehook(vm: &Vm, unraisable: &Value) -> PyResult<()> {
        hooks::show_unraisable(vm, unraisable)
    }

    /// Shows the result of an expression statement.
    #[function(sig = "object, /")]
    fn displayhook(vm: &Vm, object: &Value) -> PyResult<()> {
        hooks::display(vm, object)
    }

    /// Starts the debugger.
    #[function(sig = "*args, **kws")]
    fn breakpointhook(vm: &Vm, args: Rest<'_>, kws: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let Some(function) = hooks::breakpoint_function(vm)? else { return Ok(NONE) };
        let mut values = args.0.to_vec();
        values.extend_from_slice(kws.values);
        taipan_objects::types::call::call(
            vm,
            &function,
            taipan_objects::native::Args { values: &values, names: kws.names },
        )
    }

    /// Exits by raising SystemExit(status).
    #[function(sig = "status=None, /")]
    fn exit(vm: &Vm, status: Option<&Value>) -> PyResult<Value> {
        let arguments: Vec<Value> = match status.filter(|status| !is_none(status)) {
            None => Vec::new(),
            Some(status) => match status.downcast::<Tuple>() {
                Some(tuple) => tuple.items().to_vec(),
                None => vec![status.clone()],
            },
        };
        let exception = vm.new_exception(&vm.types().system_exit, &arguments)?;
        if let (None, Some(exit)) = (status, exception.downcast::<SystemExit>()) {
            exit.code.set(None);
        }
        Err(vm.raise(exception))
    }

    // ---- memory ----

    /// How many references there are to the object, the argument included.
    #[function(sig = "object, /")]
    fn getrefcount(object: &Value) -> u32 {
        object.header().map_or(taipan_heap::IMMORTAL_COUNT, |header| header.count())
    }

    /// The bytes of the object.
    #[function(sig = "object, default=None")]
    fn getsizeof(vm: &Vm, object: &Value, default: Option<&Value>) -> PyResult<Value> {
        let name = vm.intern("__sizeof__")?;
        let size = match vm.call_special(object, &name, &[]) {
            Ok(None) => return object.header().map_or(8, |header| vm.heap().size_of(header)).into_value(vm),
            Ok(Some(size)) => size,
            Err(raised) => {
                if let Some(default) = default
                    && vm.raised_is(&vm.types().type_error)
                {
                    drop(vm.take_exception(raised));
                    return Ok(default.clone());
                }
                return Err(raised);
            }
        };
        match int::index_i64(vm, &size)? {
            Some(size) if size >= 0 => size.into_value(vm),
            Some(_) => Err(vm.value_error("__sizeof__() should return >= 0")),
            None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    /// The number of blocks in use.
    #[function]
    fn getallocatedblocks(vm: &Vm) -> usize {
        let mut count = 0;
        vm.heap().for_each_object(&mut |_| count += 1);
        count
    }

    /// The interned str with this text.
    #[function(sig = "string, /")]
    fn intern(vm: &Vm, string: &Value) -> PyResult<Value> {
        let Some(text) = string.downcast::<Str>() else {
            let given = vm.type_name(string);
            return Err(vm.type_error(format!("intern() argument must be str, not {given}")));
        };
        if !vm.class_of(string).is_same(&*vm.types().str) {
            let given = vm.type_name(string);
            return Err(vm.type_error(format!("can't intern {given}")));
        }
        Ok(vm.interp().intern_str(vm, &text.to_ref()).into())
    }

    /// Whether the str is interned.
    #[function(sig = "string, /")]
    fn _is_interned(vm: &Vm, string: &Value) -> PyResult<bool> {
        match string.downcast::<Str>() {
            Some(text) => Ok(is_interned(text)),
            None => {
                let given = vm.type_name(string);
                Err(vm.type_error(format!("_is_interned() argument must be str, not {given}")))
            }
        }
    }

    /// Whether the object is never freed.
    #[function(sig = "op, /")]
    fn _is_immortal(op: &Value) -> bool {
        op.header().is_none_or(|header| header.is_immortal())
    }

    // ---- limits ----

    /// How deep Python functions may call each other.
    #[function]
    fn getrecursionlimit(vm: &Vm) -> usize {
        vm.interp().recursion_limit.get()
    }

    /// Sets how deep Python functions may call each other.
    #[function(sig = "limit, /")]
    fn setrecursionlimit(vm: &Vm, limit: i32) -> PyResult<()> {
        match usize::try_from(limit) {
            Ok(limit) if limit >= 1 => {
                let depth = taipan_interp::frame::depth(vm)?;
                if depth >= limit {
                    let message = format!(
                        "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
                    );
                    return Err(vm.raise_new(&vm.types().recursion_error, &message));
                }
                taipan_interp::set_recursion_limit(vm, limit)
            }
            _ => Err(vm.value_error("recursion limit must be greater or equal than 1")),
        }
    }

    /// The number of processors that the program was told to count with, or -1.
    #[function]
    fn _get_cpu_count_config(vm: &Vm) -> i64 {
        SysState::of(vm).cpu_count.get().map_or(-1, i64::from)
    }

    /// How long a thread runs before it gives way, in seconds.
    #[function]
    fn getswitchinterval(vm: &Vm) -> f64 {
        SysState::of(vm).switch_interval.get()
    }

    /// Sets how long a thread runs before it gives way.
    #[function(sig = "interval, /")]
    fn setswitchinterval(vm: &Vm, interval: f64) -> PyResult<()> {
        if interval <= 0.0 || interval.is_nan() {
            return Err(vm.value_error("switch interval must be strictly positive"));
        }
        SysState::of(vm).switch_interval.set(interval);
        Ok(())
    }

    /// How many digits an int may have when it becomes decimal text or comes from it.
    #[function]
    fn get_int_max_str_digits(vm: &Vm) -> usize {
        vm.interp().max_str_digits.get()
    }

    /// Sets how many digits an int may have when it becomes decimal text or comes from it.
    #[function(sig = "maxdigits")]
    fn set_int_max_str_digits(vm: &Vm, maxdigits: i32) -> PyResult<()> {
        match usize::try_from(maxdigits) {
            Ok(digits) if digits == 0 || digits >= 640 => {
                vm.interp().max_str_digits.set(digits);
                Ok(())
            }
            _ => Err(vm.value_error("maxdigits must be >= 640 or 0 for unlimited")),
        }
    }

    // ---- the rest ----

    #[function]
    fn getdefaultencoding() -> &'static str {
        "utf-8"
    }

    #[function]
    fn getfilesystemencoding() -> &'static str {
        "utf-8"
    }

    #[function]
    fn getfilesystemencodeerrors() -> &'static str {
        "surrogateescape"
    }

    #[function]
    fn is_finalizing(vm: &Vm) -> bool {
        SysState::of(vm).finalizing.get()
    }

    #[function]
    fn _is_gil_enabled() -> bool {
        true
    }

    #[function]
    fn is_stack_trampoline_active() -> bool {
        false
    }

    #[function]
    fn is_remote_debug_enabled() -> bool {
        false
    }

    /// The frame `depth` calls above.
    #[function(sig = "depth=0, /")]
    fn _getframe(vm: &Vm, depth: i32) -> PyResult<Value> {
        let Some(get) = SysState::of(vm).get_frame.get() else {
            return Err(vm.not_implemented_error("sys._getframe() needs the evaluation loop"));
        };
        match get(vm, usize::try_from(depth).unwrap_or(0))? {
            Some(frame) => Ok(frame),
            None => Err(vm.value_error("call stack is not deep enough")),
        }
    }

    /// The name of the module `depth` calls above.
    #[function(sig = "depth=0")]
    fn _getframemodulename(vm: &Vm, depth: i32) -> PyResult<Value> {
        let Some(get) = SysState::of(vm).get_frame.get() else { return Ok(NONE) };
        let Some(frame) = get(vm, usize::try_from(depth).unwrap_or(0))? else { return Ok(NONE) };
        let globals = vm.get_attr_text(&frame, "f_globals")?;
        let name = &vm.names().__name__;
        match globals.downcast::<Dict>() {
            Some(globals) => Ok(globals.get_name(vm, name)?.unwrap_or(NONE)),
            None => Ok(NONE),
        }
    }

    /// Tells the audit hooks of an event.
    #[function(sig = "event, /, *args")]
    fn audit(vm: &Vm, event: &Value, args: Rest<'_>) -> PyResult<()> {
        if event.downcast::<Str>().is_none() {
            let given = vm.type_name(event);
            return Err(vm.type_error(format!("audit() argument 1 must be str, not {given}")));
        }
        super::audit(vm, &Str::display(event), args.0)
    }

    /// Adds a function that is told of events.
    #[function(sig = "hook")]
    fn addaudithook(vm: &Vm, hook: &Value) -> PyResult<()> {
        if let Err(raised) = super::audit(vm, "sys.addaudithook", &[]) {
            return refused(vm, raised);
        }
        SysState::of(vm).audit_hooks.borrow_mut().push(hook.clone());
        Ok(())
    }

    fn refused(vm: &Vm, raised: Raised) -> PyResult<()> {
        if vm.raised_is(&vm.types().runtime_error) {
            drop(vm.take_exception(raised));
            return Ok(());
        }
        Err(raised)
    }

    #[function]
    fn get_coroutine_origin_tracking_depth(vm: &Vm) -> u32 {
        vm.origin_depth.get()
    }

    #[function(sig = "depth")]
    fn set_coroutine_origin_tracking_depth(vm: &Vm, depth: i32) -> PyResult<()> {
        let depth = u32::try_from(depth).map_err(|_| vm.value_error("depth must be >= 0"))?;
        vm.origin_depth.set(depth);
        Ok(())
    }

    #[function]
    fn getdlopenflags(vm: &Vm) -> i64 {
        SysState::of(vm).dlopen_flags.get()
    }

    #[function(sig = "flags, /")]
    fn setdlopenflags(vm: &Vm, flags: i32) {
        SysState::of(vm).dlopen_flags.set(flags.into());
    }

    #[function]
    fn get_asyncgen_hooks(vm: &Vm) -> PyResult<Value> {
        let hooks = &taipan_interp::stack(vm)?.hooks;
        let values = [&hooks.first_iteration, &hooks.finalizer];
        info::ASYNCGEN_HOOKS.make(vm, values.into_iter().map(|hook| hook.get().unwrap_or(NONE)).collect())
    }

    #[function(sig = "firstiter=None, finalizer=None")]
    fn set_asyncgen_hooks(vm: &Vm, firstiter: Option<&Value>, finalizer: Option<&Value>) -> PyResult<()> {
        for (hook, name) in [(firstiter, "firstiter"), (finalizer, "finalizer")] {
            if let Some(hook) = hook.filter(|hook| !is_none(hook))
                && vm.class_of(hook).slots.call.get().is_none()
            {
                let given = vm.type_name(hook);
                return Err(vm.type_error(format!("callable {name} expected, got {given}")));
            }
        }
        let hooks = &taipan_interp::stack(vm)?.hooks;
        for (place, hook) in [(&hooks.first_iteration, firstiter), (&hooks.finalizer, finalizer)] {
            if let Some(hook) = hook {
                place.set(Some(hook.clone()).filter(|hook| !is_none(hook)));
            }
        }
        Ok(())
    }

    /// A finder for an entry of sys.path.
    #[function(sig = "path, /")]
    fn _path_hook(vm: &Vm, path: &Value) -> PyResult<Value> {
        importer::path_hook(vm, path)
    }

    /// The function that is told of calls, lines and exceptions.
    #[function]
    fn gettrace(vm: &Vm) -> PyResult<Value> {
        Ok(trace::trace_function(vm)?.unwrap_or(NONE))
    }

    /// The function that is told of calls and returns.
    #[function]
    fn getprofile(vm: &Vm) -> PyResult<Value> {
        Ok(trace::profile_function(vm)?.unwrap_or(NONE))
    }

    fn listener(function: &Value) -> Option<Value> {
        Some(function.clone()).filter(|function| !is_none(function))
    }

    /// Sets the function that is told of calls, lines and exceptions in this thread.
    #[function(sig = "function, /")]
    fn settrace(vm: &Vm, function: &Value) -> PyResult<()> {
        super::audit(vm, "sys.settrace", &[])?;
        trace::set_trace(vm, listener(function))
    }

    /// Sets the function that is told of calls and returns in this thread.
    #[function(sig = "function, /")]
    fn setprofile(vm: &Vm, function: &Value) -> PyResult<()> {
        super::audit(vm, "sys.setprofile", &[])?;
        trace::set_profile(vm, listener(function))
    }

    /// Sets the function that is told of calls, lines and exceptions in every thread.
    #[function(sig = "arg, /")]
    fn _settraceallthreads(vm: &Vm, arg: &Value) -> PyResult<()> {
        super::audit(vm, "sys.settrace", &[])?;
        trace::set_trace_everywhere(vm, listener(arg))
    }

    /// Sets the function that is told of calls and returns in every thread.
    #[function(sig = "arg, /")]
    fn _setprofileallthreads(vm: &Vm, arg: &Value) -> PyResult<()> {
        super::audit(vm, "sys.setprofile", &[])?;
        trace::set_profile_everywhere(vm, listener(arg))
    }

    /// The frame that each thread is in, by the thread's ident.
    #[function]
    fn _current_frames(vm: &Vm) -> PyResult<Ref<Dict>> {
        super::audit(vm, "sys._current_frames", &[])?;
        let frames = Dict::new(vm)?;
        taipan_interp::eval::threads::each(vm, |ident, thread| match taipan_interp::frame::top_of(vm, thread)? {
            Some(frame) => frames.set(vm, &ident.into_value(vm)?, frame.into()),
            None => Ok(()),
        })?;
        Ok(frames)
    }

    /// The exception that each thread is handling, or None, by the thread's ident.
    #[function]
    fn _current_exceptions(vm: &Vm) -> PyResult<Ref<Dict>> {
        super::audit(vm, "sys._current_exceptions", &[])?;
        let handled = Dict::new(vm)?;
        taipan_interp::eval::threads::each(vm, |ident, thread| {
            handled.set(vm, &ident.into_value(vm)?, thread.handled_exception().unwrap_or(NONE))
        })?;
        Ok(handled)
    }

    /// Calls a function with arguments, with tracing on as it is outside of trace functions.
    #[function(sig = "func, args, /")]
    fn call_tracing(vm: &Vm, func: &Value, args: &Value) -> PyResult<Value> {
        match args.downcast::<Tuple>() {
            Some(args) => trace::call_tracing(vm, func, args.items()),
            None => {
                let given = vm.type_name(args);
                Err(vm.type_error(format!("call_tracing() argument 2 must be tuple, not {given}")))
            }
        }
    }

    #[function]
    fn _clear_internal_caches() {}

    #[function]
    fn _clear_type_cache() {}

    /// Private function for clearing certain descriptors from a type's dictionary.
    #[function(sig = "type, /")]
    fn _clear_type_descriptors(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        if class.has(type_flags::IMMUTABLE) {
            return Err(vm.type_error("argument is immutable"));
        }
        class.modified();
        let removed =
            [&vm.names().__dict__, &vm.names().__weakref__].map(|name| class.dict().remove(vm, &name.to_value()));
        class.modified();
        removed.into_iter().try_for_each(|removed| removed.map(drop))
    }
}

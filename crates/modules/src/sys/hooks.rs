//! The hooks of `sys` and what calls them: uncaught exceptions, ignored ones, results of expressions; the exit status.
//!
//! Invariant: reporting never raises; when `sys.stderr` cannot be written to, file descriptor 2 is.

use super::{attribute, info};
use taipan_heap::{Obj, Ref, Value};
use taipan_objects::builtins::exception::{self, BaseException, SystemExit};
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::traceback::{self, Traceback};
use taipan_objects::builtins::{NONE, int, is_none};
use taipan_objects::native::IntoValue;
use taipan_objects::types::finalize::FinalizeHooks;
use taipan_objects::types::{ClassHooks, Type};
use taipan_objects::vm::{PyResult, Vm};

/// Makes the module report ignored exceptions, issue warnings and show results.
pub(super) fn install(vm: &Vm) {
    let hooks = taipan_interp::hooks(vm);
    hooks.warn.set(Some(|vm, category, text| crate::warnings::warn(vm, category, text, 1)));
    let warn = |vm: &Vm, category: &Obj<Type>, text: &str| crate::warnings::warn(vm, category, text, 1);
    ClassHooks::of(vm).warn.set(Some(warn));
    hooks.display.set(Some(|vm, value| match attribute(vm, "displayhook")? {
        Some(hook) => vm.call(&hook, std::slice::from_ref(value)).map(drop),
        None => Err(vm.runtime_error("lost sys.displayhook")),
    }));
    *vm.interp().state(FinalizeHooks::default).unraisable.borrow_mut() = Some(report_unraisable);
}

/// Writes to `sys.stderr`, or to file descriptor 2 when that fails.
pub fn write_stderr(vm: &Vm, text: &str) {
    let waiting = vm.swap_exception(None);
    if !write_to(vm, "stderr", text).is_ok_and(|written| written) {
        vm.swap_exception(None);
        let mut bytes = text.as_bytes();
        while let Ok(written) = taipan_host::file::write(2, bytes) {
            bytes = &bytes[written.min(bytes.len())..];
            if bytes.is_empty() || written == 0 {
                break;
            }
        }
    }
    vm.swap_exception(waiting);
}

/// Writes to a stream of `sys`, if that is not None; `false` when there is none.
fn write_to(vm: &Vm, stream: &str, text: &str) -> PyResult<bool> {
    let Some(stream) = attribute(vm, stream)? else { return Ok(false) };
    if is_none(&stream) {
        return Ok(true);
    }
    vm.call_method(&stream, &vm.names().write, &[text.into_value(vm)?])?;
    vm.call_method(&stream, &vm.names().flush, &[])?;
    Ok(true)
}

/// The exception as a traceback shows it.
pub fn shown(vm: &Vm, exception: &Obj<BaseException>) -> String {
    let mut text = String::new();
    exception::print_exception(vm, exception, &mut |part| text.push_str(part));
    text
}

/// `sys.excepthook` as the runtime provides it.
pub fn show(vm: &Vm, _class: &Value, value: &Value, traceback: &Value) -> PyResult<()> {
    let Some(exception) = value.downcast::<BaseException>() else {
        let given = vm.type_name(value);
        let text = "TypeError: print_exception(): Exception expected for value, ";
        write_stderr(vm, &format!("{text}{given} found\n"));
        return Ok(());
    };
    if exception.traceback.is_empty() && traceback.downcast::<Traceback>().is_some() {
        exception.traceback.set(Some(traceback.clone()));
    }
    write_stderr(vm, &shown(vm, exception));
    Ok(())
}

/// Reports an exception that reached the top of the program through `sys.excepthook`.
pub fn report_uncaught(vm: &Vm, exception: &Ref<BaseException>) {
    flush(vm);
    call_excepthook(vm, exception);
    flush(vm);
}

/// Flushes `sys.stdout`, so that what was printed before stands before what is reported.
fn flush(vm: &Vm) {
    let flushed = match attribute(vm, "stdout") {
        Ok(Some(stdout)) if !is_none(&stdout) => vm.call_method(&stdout, &vm.names().flush, &[]).map(drop),
        found => found.map(drop),
    };
    if let Err(raised) = flushed {
        drop(vm.take_exception(raised));
    }
}

fn call_excepthook(vm: &Vm, exception: &Ref<BaseException>) {
    let value = exception.to_value();
    let class = vm.class_of(&value).to_value();
    let traceback = exception.traceback.get().unwrap_or(NONE);
    let remember = || {
        let Some(modules) = vm.interp().modules.get() else { return Ok(()) };
        let Some(sys) = modules.get_text(vm, "sys")? else { return Ok(()) };
        let places =
            [("last_exc", &value), ("last_type", &class), ("last_value", &value), ("last_traceback", &traceback)];
        for (name, value) in places {
            vm.set_attr(&sys, &*vm.intern(name)?, value.clone())?;
        }
        Ok(())
    };
    if let Err(raised) = remember() {
        drop(vm.take_exception(raised));
    }
    match attribute(vm, "excepthook") {
        Ok(Some(hook)) => {
            if let Err(raised) = vm.call(&hook, &[class, value, traceback]) {
                let error = vm.take_exception(raised);
                let text = format!(
                    "Error in sys.excepthook:\n{}\nOriginal exception was:\n{}",
                    shown(vm, &error),
                    shown(vm, exception)
                );
                write_stderr(vm, &text);
            }
        }
        found => {
            if let Err(raised) = found {
                drop(vm.take_exception(raised));
            }
            write_stderr(vm, &format!("sys.excepthook is missing\n{}", shown(vm, exception)));
        }
    }
}

/// Reports an exception that ends the program and gives the exit status: that of SystemExit (nothing is shown then, but a message), or 1.
pub fn finish(vm: &Vm, exception: &Ref<BaseException>) -> i32 {
    let Some(exit) = exception.downcast::<SystemExit>() else {
        report_uncaught(vm, exception);
        return 1;
    };
    let code = exit.code.get().unwrap_or(NONE);
    if is_none(&code) {
        return 0;
    }
    if int::is_int(&code) {
        return int::as_small(&code).map_or(-1, |code| code as i32);
    }
    let text = match vm.str(&code) {
        Ok(text) => text.to_lossy().into_owned(),
        Err(raised) => {
            drop(vm.take_exception(raised));
            String::new()
        }
    };
    write_stderr(vm, &format!("{text}\n"));
    1
}

/// The native part of `sys.unraisablehook`: calls the hook.
fn report_unraisable(vm: &Vm, exception: Ref<BaseException>, what: &str, object: Option<&Value>) {
    let waiting = vm.swap_exception(None);
    // What native code raised where no Python code could catch it is said to come from the code that runs.
    if exception.traceback.get().is_none()
        && let Ok(Some(frame)) = taipan_interp::frame::current(vm, 0)
    {
        let offset = frame.offset();
        if let Err(raised) = traceback::add_traceback(vm, &exception, frame.into(), offset) {
            drop(vm.take_exception(raised));
        }
    }
    let text = match object {
        None => what.to_owned(),
        Some(object) => format!("{what} {}", safe_repr(vm, object)),
    };
    if let Err(raised) = call_unraisable_hook(vm, &exception, &text) {
        let error = vm.take_exception(raised);
        write_stderr(vm, &ignored_text(vm, "Exception ignored in sys.unraisablehook", &error));
        write_stderr(vm, &ignored_text(vm, &text, &exception));
    }
    vm.swap_exception(waiting);
}

fn safe_repr(vm: &Vm, object: &Value) -> String {
    match vm.repr(object) {
        Ok(text) => text.to_lossy().into_owned(),
        Err(raised) => {
            drop(vm.take_exception(raised));
            "<object repr() failed>".to_owned()
        }
    }
}

fn ignored_text(vm: &Vm, head: &str, exception: &Obj<BaseException>) -> String {
    let mut text = format!("{head}:\n");
    exception::print_ignored(vm, exception, &mut |part| text.push_str(part));
    text
}

fn call_unraisable_hook(vm: &Vm, exception: &Ref<BaseException>, text: &str) -> PyResult<()> {
    let native = |hook: &Value| {
        hook.downcast::<NativeFunction>().is_some_and(|function| function.def.0.name == "unraisablehook")
    };
    let hook = attribute(vm, "unraisablehook")?.filter(|hook| !native(hook) && !is_none(hook));
    let Some(hook) = hook else {
        write_stderr(vm, &ignored_text(vm, text, exception));
        return Ok(());
    };
    let value = exception.to_value();
    let fields = vec![
        vm.class_of(&value).to_value(),
        value.clone(),
        exception.traceback.get().unwrap_or(NONE),
        text.into_value(vm)?,
        NONE,
    ];
    vm.call(&hook, &[info::UNRAISABLE_ARGS.make(vm, fields)?]).map(drop)
}

/// `sys.unraisablehook` as the runtime provides it.
pub(super) fn show_unraisable(vm: &Vm, args: &Value) -> PyResult<()> {
    let field = |name: &str| vm.get_attr_text(args, name);
    let (value, message, object) = (field("exc_value")?, field("err_msg")?, field("object")?);
    let text = match (is_none(&message), is_none(&object)) {
        (true, true) => String::new(),
        (true, false) => format!("Exception ignored in: {}\n", safe_repr(vm, &object)),
        (false, true) => format!("{}:\n", vm.str(&message)?.to_lossy()),
        (false, false) => format!("{}: {}\n", vm.str(&message)?.to_lossy(), safe_repr(vm, &object)),
    };
    let mut text = text;
    if let Some(exception) = value.downcast::<BaseException>() {
        exception::print_ignored(vm, exception, &mut |part| text.push_str(part));
    }
    write_stderr(vm, &text);
    Ok(())
}

/// `sys.displayhook` as the runtime provides it.
pub(super) fn display(vm: &Vm, object: &Value) -> PyResult<()> {
    if is_none(object) {
        return Ok(());
    }
    let Some(builtins) = vm.interp().builtins.get() else { return Err(vm.runtime_error("lost builtins module")) };
    builtins.set_text(vm, "_", NONE)?;
    let Some(stdout) = attribute(vm, "stdout")?.filter(|stdout| !is_none(stdout)) else {
        return Err(vm.runtime_error("lost sys.stdout"));
    };
    let text: Ref<Str> = vm.repr(object)?;
    let written = vm.call_method(&stdout, &vm.names().write, &[text.to_value()]);
    if vm.catch(written, &vm.types().unicode_encode_error)?.is_none() {
        write_escaped(vm, &stdout, &text)?;
    }
    vm.call_method(&stdout, &vm.names().write, &["\n".into_value(vm)?])?;
    builtins.set_text(vm, "_", object.clone())
}

/// Writes a text to a stream whose encoding does not have all of its characters: those it has not as escapes.
fn write_escaped(vm: &Vm, stream: &Value, text: &Obj<Str>) -> PyResult<()> {
    let encoding = Str::display(&vm.get_attr_text(stream, "encoding")?);
    let bytes = taipan_objects::codecs::encode(vm, text, &encoding, "backslashreplace")?;
    match vm.find_attr(stream, &*vm.intern("buffer")?)? {
        Some(buffer) => {
            vm.call_method(stream, &vm.names().flush, &[])?;
            vm.call_method(&buffer, &vm.names().write, &[bytes.into()])?;
        }
        None => {
            let text = taipan_objects::codecs::decode(vm, &bytes.into(), &encoding, "strict")?;
            vm.call_method(stream, &vm.names().write, &[text.into()])?;
        }
    }
    Ok(())
}

/// What `$PYTHONBREAKPOINT` says that `breakpoint()` calls; `None` for nothing.
pub(super) fn breakpoint_function(vm: &Vm) -> PyResult<Option<Value>> {
    let variable = taipan_host::process::variable("PYTHONBREAKPOINT".as_ref());
    let chosen = variable.map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty());
    let chosen = chosen.unwrap_or_else(|| "pdb.set_trace".to_owned());
    if chosen == "0" {
        return Ok(None);
    }
    let (module, name) = chosen.rsplit_once('.').unwrap_or(("builtins", &chosen));
    let found = if module.is_empty() {
        None
    } else {
        let imported = taipan_interp::import::import_absolute(vm, module);
        match vm.catch(imported, &vm.types().import_error)? {
            Some(module) => vm.find_attr(&module, &*vm.intern(name)?)?,
            None => None,
        }
    };
    if found.is_none() {
        let text = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{chosen}\"");
        crate::warnings::warn(vm, &vm.types().runtime_warning, &text, 1)?;
    }
    Ok(found)
}

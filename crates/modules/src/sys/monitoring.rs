//! `sys.monitoring`: the functions over the interpreter's tools.
//!
//! Invariant: tools and events are checked here; what is told to whom is decided where code runs.

pub use monitoring::spec;

/// Tells tools what running code does.
#[taipan_macros::pymodule(name = "sys.monitoring", init = fill)]
mod monitoring {
    use taipan_heap::{Obj, Ref, Value};
    use taipan_interp::code::CodeObject;
    use taipan_interp::eval::trace::monitor::{self, NAMES, TOOLS, event, monitors};
    use taipan_objects::builtins::dict::Dict;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::builtins::str::Str;
    use taipan_objects::builtins::{NONE, is_none, namespace};
    use taipan_objects::native::IntoValue;
    use taipan_objects::vm::{PyResult, Vm};

    #[constant]
    const DEBUGGER_ID: i64 = 0;
    #[constant]
    const COVERAGE_ID: i64 = 1;
    #[constant]
    const PROFILER_ID: i64 = 2;
    #[constant]
    const OPTIMIZER_ID: i64 = 5;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let bits = NAMES.iter().enumerate().map(|(bit, &name)| (name, 1i64 << bit));
        let mut events = Vec::new();
        for (name, bits) in bits.chain([("NO_EVENTS", 0)]) {
            events.push((name, bits.into_value(vm)?));
        }
        module.set_attr(vm, "events", namespace::new(vm, events)?.into())?;
        module.set_attr(vm, "DISABLE", monitor::disable(vm)?)?;
        module.set_attr(vm, "MISSING", monitor::missing(vm)?)
    }

    fn tool(vm: &Vm, id: i64) -> PyResult<usize> {
        match usize::try_from(id) {
            Ok(id) if id < TOOLS => Ok(id),
            _ => Err(vm.value_error(format!("invalid tool {id} (must be between 0 and 5)"))),
        }
    }

    fn tool_in_use(vm: &Vm, id: i64) -> PyResult<usize> {
        let tool = tool(vm, id)?;
        match monitors(vm).name(tool) {
            Some(_) => Ok(tool),
            None => Err(vm.value_error(format!("tool {tool} is not in use"))),
        }
    }

    fn code<'a>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<CodeObject>> {
        value.downcast::<CodeObject>().ok_or_else(|| vm.type_error("code must be a code object"))
    }

    /// The events of a set, with the two kinds of branch for the old one.
    fn event_set(vm: &Vm, events: i64) -> PyResult<u32> {
        match u32::try_from(events) {
            Ok(events) if events < 1 << event::COUNT => Ok(events),
            _ => Err(vm.value_error(format!("invalid event set 0x{events:x}"))),
        }
    }

    fn check_paired(vm: &Vm, events: u32) -> PyResult<u32> {
        let after_calls = event::C_RETURN | event::C_RAISE;
        if events & after_calls != 0 && events & event::CALL == 0 {
            return Err(vm.value_error("cannot set C_RETURN or C_RAISE events independently"));
        }
        let events = events & !after_calls;
        let events = if events & event::CALL != 0 { events | after_calls } else { events };
        let both = event::BRANCH_LEFT | event::BRANCH_RIGHT;
        Ok(if events & event::BRANCH != 0 { (events & !event::BRANCH) | both | event::BRANCH } else { events })
    }

    /// The events as programs set them.
    fn shown(events: u32) -> i64 {
        let events = events & !(event::C_RETURN | event::C_RAISE);
        let both = event::BRANCH_LEFT | event::BRANCH_RIGHT;
        i64::from(if events & event::BRANCH != 0 { (events & !event::BRANCH) | both } else { events })
    }

    #[function(sig = "tool_id, name, /")]
    fn use_tool_id(vm: &Vm, tool_id: i64, name: &Value) -> PyResult<()> {
        let tool = tool(vm, tool_id)?;
        if name.downcast::<Str>().is_none() {
            return Err(vm.value_error("tool name must be a str"));
        }
        if monitors(vm).name(tool).is_some() {
            return Err(vm.value_error(format!("tool {tool} is already in use")));
        }
        monitors(vm).begin(tool, name.clone());
        Ok(())
    }

    #[function(sig = "tool_id, /")]
    fn clear_tool_id(vm: &Vm, tool_id: i64) -> PyResult<()> {
        let tool = tool(vm, tool_id)?;
        monitors(vm).clear(vm, tool, false)
    }

    #[function(sig = "tool_id, /")]
    fn free_tool_id(vm: &Vm, tool_id: i64) -> PyResult<()> {
        let tool = tool(vm, tool_id)?;
        monitors(vm).clear(vm, tool, true)
    }

    #[function(sig = "tool_id, /")]
    fn get_tool(vm: &Vm, tool_id: i64) -> PyResult<Value> {
        let tool = tool(vm, tool_id)?;
        Ok(monitors(vm).name(tool).unwrap_or(NONE))
    }

    #[function(sig = "tool_id, event, func, /")]
    fn register_callback(vm: &Vm, tool_id: i64, event: i64, func: &Value) -> PyResult<Value> {
        let tool = tool(vm, tool_id)?;
        if event <= 0 || event & (event - 1) != 0 {
            return Err(vm.value_error("The callback can only be set for one event at a time"));
        }
        let bit = event.trailing_zeros() as usize;
        if bit >= event::COUNT {
            return Err(vm.value_error(format!("invalid event {event}")));
        }
        super::super::audit(vm, "sys.monitoring.register_callback", std::slice::from_ref(func))?;
        let callback = Some(func.clone()).filter(|func| !is_none(func));
        Ok(monitors(vm).register(tool, bit, callback).unwrap_or(NONE))
    }

    #[function(sig = "tool_id, /")]
    fn get_events(vm: &Vm, tool_id: i64) -> PyResult<i64> {
        let tool = tool(vm, tool_id)?;
        Ok(shown(monitors(vm).global(tool)))
    }

    #[function(sig = "tool_id, event_set, /")]
    fn set_events(vm: &Vm, tool_id: i64, event_set: i64) -> PyResult<()> {
        let tool = tool(vm, tool_id)?;
        let events = self::event_set(vm, event_set)?;
        let events = check_paired(vm, events)?;
        tool_in_use(vm, tool_id)?;
        monitors(vm).set_global(vm, tool, events)
    }

    #[function(sig = "tool_id, code, /")]
    fn get_local_events(vm: &Vm, tool_id: i64, code: &Value) -> PyResult<i64> {
        let code = self::code(vm, code)?;
        let tool = tool(vm, tool_id)?;
        Ok(shown(monitors(vm).local(tool, code)))
    }

    #[function(sig = "tool_id, code, event_set, /")]
    fn set_local_events(vm: &Vm, tool_id: i64, code: &Value, event_set: i64) -> PyResult<()> {
        let code = self::code(vm, code)?;
        let tool = tool(vm, tool_id)?;
        let events = self::event_set(vm, event_set)?;
        let events = check_paired(vm, events)?;
        if events & !(event::LOCAL | event::C_RETURN | event::C_RAISE) != 0 {
            return Err(vm.value_error(format!("invalid local event set 0x{event_set:x}")));
        }
        tool_in_use(vm, tool_id)?;
        monitors(vm).set_local(vm, tool, code, events)
    }

    #[function]
    fn restart_events(vm: &Vm) {
        monitors(vm).restart();
    }

    #[function]
    fn _all_events(vm: &Vm) -> PyResult<Ref<Dict>> {
        let all = Dict::new(vm)?;
        for (bit, tools) in monitors(vm).all() {
            all.set_text(vm, NAMES[bit], i64::from(tools).into_value(vm)?)?;
        }
        Ok(all)
    }
}

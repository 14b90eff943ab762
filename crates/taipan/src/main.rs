//! The `taipan` program.

use taipan_compiler::{Input, Mode, Options, compile};
use taipan_heap::Value;
use taipan_interp::code::CodeObject;
use taipan_interp::eval::run_code;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::native::{Args, MethodKind, NativeDef};
use taipan_objects::vm::{Interp, InterpConfig, PyResult, Vm};

fn print(vm: &Vm, args: Args<'_>) -> PyResult<Value> {
    let mut line = String::new();
    for (i, value) in args.positionals().iter().enumerate() {
        if i > 0 {
            line.push(' ');
        }
        line.push_str(&vm.str(value)?.to_lossy());
    }
    println!("{line}");
    Ok(taipan_objects::builtins::NONE)
}

static PRINT: NativeDef =
    NativeDef { name: "print", owner: "", doc: "", signature: "", params: &[], kind: MethodKind::Function, call: print };

fn run(vm: &Vm, path: &str) -> PyResult<()> {
    let source = std::fs::read(path).unwrap_or_default();
    let compiled = match compile(Input::Bytes(&source), path, Mode::Exec, &Options::default()) {
        Ok(compiled) => compiled,
        Err(error) => {
            eprintln!("{error:?}");
            return Ok(());
        }
    };
    let builtins = taipan_interp::builtins_dict(vm)?;
    builtins.set_text(vm, "print", NativeFunction::new(vm, &PRINT, None, None)?.into())?;
    let types = vm.types();
    for class in
        [&types.object, &types.type_, &types.list, &types.dict, &types.tuple, &types.str, &types.int, &types.float]
    {
        builtins.set_text(vm, &class.name(), class.to_value())?;
    }
    let globals = Dict::new(vm)?;
    globals.set_text(vm, "__name__", vm.intern("__main__")?.into())?;
    let code = CodeObject::new(vm, compiled.code)?;
    run_code(vm, &code, &globals, None)?;
    Ok(())
}

fn main() {
    let Ok(vm) = Interp::new(InterpConfig::default()) else { return };
    let _entered = Vm::enter(&vm);
    taipan_interp::attach(&vm);
    for path in std::env::args().skip(1) {
        if let Err(raised) = run(&vm, &path) {
            let exception = vm.take_exception(raised);
            eprintln!(
                "{}: {:?}",
                vm.type_name(&exception.to_value()),
                exception.arguments().first().map(|a| vm.str(a).map(|s| s.to_lossy().into_owned()))
            );
        }
    }
}

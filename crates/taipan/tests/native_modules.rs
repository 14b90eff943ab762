//! Every native module can be made, in a new interpreter, in the order of the table.

use taipan_modules::native_modules;
use taipan_objects::builtins::module::Module;

#[test]
fn every_module_is_made() {
    let Ok(runtime) = taipan::Runtime::new(&taipan::RuntimeConfig::default()) else { panic!("a runtime is made") };
    let vm = runtime.vm();
    for spec in native_modules() {
        let spec = spec();
        if let Err(raised) = Module::from_spec(vm, spec) {
            let exception = vm.take_exception(raised).to_value();
            panic!("{}: {:?}", spec.name, vm.repr(&exception).map(|text| text.to_lossy().into_owned()));
        }
    }
}

//! The builtin types can be made, hold together and are dropped without a trace.

use taipan_objects::builtins::{dict::Dict, list::List, str::Str};
use taipan_objects::types::TypeObject;
use taipan_objects::vm::{Interp, InterpConfig, Vm};

#[test]
fn an_interpreter_starts() {
    let Ok(vm) = Interp::new(InterpConfig::default()) else { panic!("the builtin types are made") };
    let _entered = Vm::enter(&vm);
    assert!(vm.types().key_error.is_subclass(&vm.types().base_exception));
    assert!(!vm.types().key_error.is_subclass(&vm.types().int));
    let raised = vm.type_error("no");
    assert!(vm.raised_is(&vm.types().type_error));
    let exception = vm.take_exception(raised);
    assert_eq!(&*vm.type_name(&exception.to_value()), "TypeError");
    let dict = Dict::new(&vm).unwrap();
    for n in 0..1000 {
        let key = Str::new(&vm, &format!("key {n}")).unwrap();
        dict.set(&vm, &key.into(), taipan_heap::Value::small_int(n)).unwrap();
    }
    let key = Str::new(&vm, "key 777").unwrap();
    assert_eq!(dict.get(&vm, &key.to_value()).unwrap().and_then(|v| v.as_int()), Some(777));
    assert_eq!(dict.remove(&vm, &key.into()).unwrap().and_then(|v| v.as_int()), Some(777));
    assert_eq!(dict.len(), 999);
    let list = List::new(&vm, [dict.to_value()].into_iter()).unwrap();
    assert_eq!(dict.header().count(), 2);
    drop(list);
    assert_eq!(dict.header().count(), 1);
}

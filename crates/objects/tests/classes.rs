//! Classes made as `type(name, bases, dict)` makes them, and how builtin classes look from outside.

use taipan_heap::Value;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::vm::{Interp, InterpConfig, PyResult, Vm};

fn make(vm: &Vm, name: &str, bases: &[Value], entries: &[(&str, Value)]) -> PyResult<Value> {
    let dict = Dict::new(vm)?;
    for (name, value) in entries {
        dict.set_text(vm, name, value.clone())?;
    }
    let bases = Tuple::new(vm, bases.iter().cloned())?;
    vm.call(&vm.types().type_.to_value(), &[Str::new(vm, name)?.into(), bases.into(), dict.into()])
}

fn text(vm: &Vm, value: PyResult<Value>) -> String {
    if let Ok(Some(n)) = value.as_ref().map(|value| value.as_int()) {
        return n.to_string();
    }
    match value.and_then(|value| vm.repr(&value)) {
        Ok(text) => text.to_lossy().into_owned(),
        Err(raised) => {
            let exception: Value = vm.take_exception(raised).into();
            let shown = vm.str(&exception).map(|text| text.to_lossy().into_owned());
            format!("{}: {}", vm.type_name(&exception), shown.unwrap_or_default())
        }
    }
}

#[test]
fn classes_and_instances() {
    let Ok(vm) = Interp::new(InterpConfig::default()) else { panic!("the builtin types are made") };
    let _entered = Vm::enter(&vm);
    let vm = &*vm;
    let module = ("__module__", Value::from(Str::new(vm, "m").unwrap()));
    let a = make(vm, "A", &[], &[module.clone(), ("x", Value::small_int(5))]).unwrap();
    assert_eq!(text(vm, Ok(a.clone())), "<class 'm.A'>");
    let b = make(vm, "B", &[a.clone()], &[module.clone()]).unwrap();
    let instance = vm.call(&b, &[]).unwrap();
    assert_eq!(text(vm, vm.get_attr_text(&instance, "x")), "5");
    let x = vm.intern("x").unwrap();
    vm.set_attr(&a, &x, Value::small_int(6)).unwrap();
    assert_eq!(text(vm, vm.get_attr(&instance, &x)), "6");
    vm.assign_attr(&a, &x, None).unwrap();
    assert_eq!(text(vm, vm.get_attr(&instance, &x)), "AttributeError: 'B' object has no attribute 'x'");
    let y = vm.intern("y").unwrap();
    vm.set_attr(&instance, &y, Value::small_int(7)).unwrap();
    assert_eq!(text(vm, vm.get_attr(&instance, &y)), "7");
    assert_eq!(text(vm, vm.get_attr_text(&b, "__mro__")), "(<class 'm.B'>, <class 'm.A'>, <class 'object'>)");
    assert_eq!(text(vm, vm.call(&a, &[Value::small_int(1)])), "TypeError: A() takes no arguments");
    assert_eq!(
        text(vm, make(vm, "C", &[a.clone(), b.clone()], &[])),
        "TypeError: Cannot create a consistent method resolution order (MRO) for bases A, B"
    );
    assert_eq!(
        text(vm, make(vm, "C", &[vm.types().bool.to_value()], &[])),
        "TypeError: type 'bool' is not an acceptable base type"
    );
    assert_eq!(
        text(vm, make(vm, "C", &[vm.types().list.to_value(), vm.types().dict.to_value()], &[])),
        "TypeError: multiple bases have instance lay-out conflict"
    );
    assert_eq!(text(vm, vm.get_attr_text(&instance, "z")), "AttributeError: 'B' object has no attribute 'z'");
    assert_eq!(text(vm, vm.get_attr_text(&a, "z")), "AttributeError: type object 'A' has no attribute 'z'");
    let int = vm.types().int.to_value();
    assert_eq!(
        text(vm, vm.set_attr(&int, &y, Value::small_int(1)).map(|()| int.clone())),
        "TypeError: cannot set 'y' attribute of immutable type 'int'"
    );
}

#[test]
fn members_and_wrappers() {
    let Ok(vm) = Interp::new(InterpConfig::default()) else { panic!("the builtin types are made") };
    let _entered = Vm::enter(&vm);
    let vm = &*vm;
    let p = Value::from(Str::new(vm, "p").unwrap());
    let class = make(vm, "S", &[], &[("__slots__", p)]).unwrap();
    let instance = vm.call(&class, &[]).unwrap();
    let name = vm.intern("p").unwrap();
    assert_eq!(text(vm, vm.get_attr(&instance, &name)), "AttributeError: 'S' object has no attribute 'p'");
    vm.set_attr(&instance, &name, Value::small_int(3)).unwrap();
    assert_eq!(text(vm, vm.get_attr(&instance, &name)), "3");
    let other = vm.intern("q").unwrap();
    assert_eq!(
        text(vm, vm.set_attr(&instance, &other, Value::small_int(3)).map(|()| instance.clone())),
        "AttributeError: 'S' object has no attribute 'q' and no __dict__ for setting new attributes"
    );
    let list: Value = List::new(vm, [Value::small_int(1)].into_iter()).unwrap().into();
    let len = vm.get_attr_text(&vm.types().list.to_value(), "__len__").unwrap();
    assert_eq!(text(vm, Ok(len.clone())), "<slot wrapper '__len__' of 'list' objects>");
    assert_eq!(text(vm, vm.call(&len, &[list.clone()])), "1");
    assert_eq!(
        text(vm, vm.call(&len, &[Value::small_int(1)])),
        "TypeError: descriptor '__len__' requires a 'list' object but received a 'int'"
    );
    let bound = vm.get_attr_text(&list, "__len__").unwrap();
    assert_eq!(text(vm, vm.call(&bound, &[])), "1");
    assert_eq!(text(vm, vm.call(&bound, &[list.clone()])), "TypeError: expected 0 arguments, got 1");
    let sub = make(vm, "L", &[vm.types().list.to_value()], &[]).unwrap();
    let made = vm.call(&sub, &[list]).unwrap();
    assert_eq!(vm.len(&made).ok(), Some(1));
}

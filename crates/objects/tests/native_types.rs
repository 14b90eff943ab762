//! A type and a module defined by the attributes behave as the definitions say.

use std::cell::Cell;
use std::rc::Rc;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::{Args, FuncArgs, Rest};
use taipan_objects::types::Type;
use taipan_objects::vm::{Interp, InterpConfig, PyResult, Vm};

/// A number that counts.
#[derive(Payload)]
#[payload(name = "counter")]
pub struct Counter {
    count: Cell<i64>,
}

/// Counts things.
#[pytype(name = "counter", flags = BASETYPE, ready = Self::ready)]
impl Counter {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        class.dict().set_text(vm, "unit", Value::small_int(1))
    }

    #[slot(sig = "start=0")]
    fn new(class: &Obj<Type>, vm: &Vm, start: i64) -> PyResult<Ref<Counter>> {
        vm.alloc_instance(class, Counter { count: Cell::new(start) })
    }

    /// Adds to the count.
    #[method(sig = "by=1, *, twice=False")]
    fn add(this: &Obj<Counter>, by: i64, twice: bool) -> i64 {
        this.count.set(this.count.get() + by * if twice { 2 } else { 1 });
        this.count.get()
    }

    #[method]
    fn pair(this: &Obj<Counter>, other: &Obj<Counter>) -> i64 {
        this.count.get() * 100 + other.count.get()
    }

    #[method(name = "total")]
    fn sum(this: &Obj<Counter>, others: Rest<'_>, names: Args<'_>) -> usize {
        this.count.get() as usize + others.0.len() * 10 + names.names.len() * 1000
    }

    #[classmethod]
    fn named(class: &Obj<Type>, _vm: &Vm, #[default(7)] _n: i64) -> String {
        class.name().to_string()
    }

    #[staticmethod]
    fn arguments(all: FuncArgs<'_>) -> usize {
        all.0.values.len()
    }

    /// The count.
    #[getter]
    fn count(this: &Obj<Counter>) -> i64 {
        this.count.get()
    }

    #[setter]
    fn set_count(this: &Obj<Counter>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(n) = value.and_then(Value::as_int) else { return Err(vm.type_error("cannot delete count")) };
        this.count.set(n);
        Ok(())
    }

    #[slot]
    fn len(this: &Obj<Counter>) -> PyResult<usize> {
        Ok(this.count.get() as usize)
    }

    #[slot(repr)]
    fn shown(this: &Obj<Counter>) -> String {
        format!("counter({})", this.count.get())
    }

    #[slot(binary(Add), inplace(Add))]
    fn plus(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        let _ = (left, vm);
        Ok(right.clone())
    }
}

/// Counting.
#[pymodule(name = "counting", types(Counter), init = start)]
mod counting {
    use super::*;

    #[constant]
    const LIMIT: i64 = 10;

    #[constant(name = "half")]
    fn half_of_limit() -> i64 {
        LIMIT / 2
    }

    /// Doubles.
    #[function]
    fn double(n: i64) -> i64 {
        n * 2
    }

    fn start(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "started", Value::small_int(1))
    }
}

fn vm() -> Rc<Vm> {
    let Ok(vm) = Interp::new(InterpConfig::default()) else { panic!("the builtin types are made") };
    vm
}

/// What `f` gives as text: an int, a string's text, or the exception as `Type: message`.
fn shown(vm: &Vm, result: PyResult<Value>) -> String {
    match result {
        Ok(value) => match (value.as_int(), value.downcast::<Str>()) {
            (Some(n), _) => n.to_string(),
            (_, Some(text)) => text.to_lossy().to_string(),
            _ => vm.type_name(&value).to_string(),
        },
        Err(raised) => {
            let exception = vm.take_exception(raised);
            let message = exception.args.get().and_then(|args| args.downcast::<Tuple>()?.items().first().cloned());
            let message = message.and_then(|message| Some(message.downcast::<Str>()?.to_lossy().to_string()));
            format!("{}: {}", vm.type_name(&exception.to_value()), message.unwrap_or_default())
        }
    }
}

fn call(vm: &Vm, name: &str, values: &[Value], keywords: &[&str]) -> String {
    let names: Vec<Value> = keywords.iter().map(|name| vm.intern(name).unwrap().into()).collect();
    let def = Counter::spec().methods.iter().find(|def| def.name == name).unwrap();
    shown(vm, (def.call)(vm, Args { values, names: &names }))
}

#[test]
fn methods_bind_their_arguments() {
    let vm = vm();
    let _entered = Vm::enter(&vm);
    let class = vm.native_type(Counter::spec()).unwrap();
    let int = Value::small_int;
    let new = |start: i64| vm.alloc_instance(&class, Counter { count: Cell::new(start) }).unwrap().into_value();
    let counter = || new(3);
    let cases: &[(&str, &[Value], &[&str], &str)] = &[
        ("add", &[counter()], &[], "4"),
        ("add", &[counter(), int(5)], &[], "8"),
        ("add", &[counter(), int(5), int(1)], &["twice"], "13"),
        ("add", &[counter(), int(1), int(5)], &["twice", "by"], "13"),
        ("add", &[counter(), int(5), int(1)], &[], "TypeError: add() takes at most 1 positional argument (2 given)"),
        ("add", &[counter(), int(5)], &["more"], "TypeError: add() got an unexpected keyword argument 'more'"),
        ("add", &[int(1)], &[], "TypeError: descriptor 'add' for 'counter' objects doesn't apply to a 'int' object"),
        ("add", &[], &[], "TypeError: unbound method counter.add() needs an argument"),
        ("pair", &[counter(), new(4)], &[], "304"),
        ("pair", &[counter()], &[], "TypeError: counter.pair() takes exactly one argument (0 given)"),
        ("pair", &[counter(), int(1)], &[], "TypeError: pair() argument must be counter, not int"),
        ("total", &[counter(), int(1), int(2)], &[], "23"),
        ("total", &[counter(), int(1), int(2)], &["x"], "1013"),
        ("named", &[class.to_value()], &[], "counter"),
        ("arguments", &[int(1), int(2), int(3)], &["x"], "3"),
    ];
    for (name, values, keywords, wanted) in cases {
        assert_eq!(&call(&vm, name, values, keywords), wanted, "{name} {keywords:?}");
    }
}

#[test]
fn the_type_has_what_its_block_defines() {
    let vm = vm();
    let _entered = Vm::enter(&vm);
    let spec = Counter::spec();
    let signatures: Vec<&str> = spec.methods.iter().map(|def| def.signature).collect();
    let wanted = [
        "($self, /, by=1, *, twice=False)",
        "($self, other, /)",
        "($self, /, *others, **names)",
        "($type, n=7, /)",
        "",
    ];
    assert_eq!(signatures, wanted);
    assert_eq!(
        (spec.doc, spec.methods[0].doc, spec.getsets[0].doc),
        ("Counts things.", "Adds to the count.", "The count.")
    );
    let class = vm.native_type(spec).unwrap();
    let new = class.slots.new.get().unwrap();
    let counter = new(&vm, &class, Args::positional(&[Value::small_int(6)])).unwrap();
    assert_eq!(vm.len(&counter).unwrap(), 6);
    assert_eq!(vm.repr(&counter).unwrap().to_lossy(), "counter(6)");
    assert_eq!(
        shown(&vm, new(&vm, &class, Args::positional(&[counter.clone(), counter.clone()]))),
        "TypeError: counter() takes at most 1 argument (2 given)"
    );
    let (get, set) = (spec.getsets[0].get, spec.getsets[0].set.unwrap());
    set(&vm, &counter, Some(&Value::small_int(9))).unwrap();
    assert_eq!(get(&vm, &counter).unwrap().as_int(), Some(9));
    assert_eq!(shown(&vm, set(&vm, &counter, None).map(|()| counter.clone())), "TypeError: cannot delete count");
    assert!(get(&vm, &Value::small_int(1)).is_err());
}

#[test]
fn a_module_is_filled_in_order() {
    let vm = vm();
    let _entered = Vm::enter(&vm);
    let module = Module::from_spec(&vm, counting::spec()).unwrap();
    for (name, wanted) in
        [("LIMIT", "10"), ("half", "5"), ("started", "1"), ("counter", "type"), ("__doc__", "Counting.")]
    {
        assert_eq!(shown(&vm, Ok(module.get_attr(&vm, name).unwrap().unwrap())), wanted);
    }
    let double = &counting::spec().functions[0];
    assert_eq!((double.name, double.doc, double.signature), ("double", "Doubles.", "($module, n, /)"));
    assert_eq!(shown(&vm, (double.call)(&vm, Args::positional(&[Value::small_int(21)]))), "42");
}

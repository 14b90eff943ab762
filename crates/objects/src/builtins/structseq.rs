//! Named tuples made natively: `sys.version_info`, `time.struct_time`, `os.stat_result` and their kin.
//!
//! A `StructSeq` describes one; `StructSeq::class` makes its class, once per interpreter. The visible fields are the tuple's items; fields
//! beyond them have names only and stand in the instance's `__dict__`-like tail (`Hidden`). Invariant: an instance has as many items as its
//! class has visible fields.

use crate::builtins::NONE;
use crate::builtins::dict::Dict;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::native::{Args, Fixed, GetSetDef, IntoValue, MethodKind, NativeDef, Param, ParamKind, TypeSpec};
use crate::types::{Type, TypeObject};
use crate::vm::{PyResult, Vm};
use std::cell::RefCell;
use std::collections::HashMap;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};

/// Describes a named tuple.
pub struct StructSeq {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// Names of the items, then of the hidden fields. An item with the name "" can be reached by its index only.
    pub fields: &'static [&'static str],
    /// How many of the fields are items.
    pub visible: usize,
    /// Whether calling the class makes instances.
    pub callable: bool,
}

/// The classes made so far and their hidden values, by class and instance.
#[derive(Default)]
struct Classes(RefCell<HashMap<usize, (Ref<Type>, &'static StructSeq)>>);

/// A field read by name: its index within all fields.
#[derive(Payload)]
#[payload(name = "member_descriptor")]
pub struct FieldDescriptor {
    /// The field's name.
    pub name: Value,
    /// Which field it is.
    pub index: usize,
}

impl FieldDescriptor {
    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            getsets: &[GetSetDef {
                name: "__name__",
                member: false,
                doc: "",
                get: |vm, this| match this.downcast::<FieldDescriptor>() {
                    Some(this) => Ok(this.name.clone()),
                    None => Err(vm.bad_self("__name__", "member_descriptor", this)),
                },
                set: None,
            }],
            fill_slots: |slots| {
                slots.descr_get.set(Some(FieldDescriptor::get));
                slots.descr_set.set(Some(|vm, _, _, _| Err(vm.attribute_error("readonly attribute"))));
            },
            ..TypeSpec::bare("member_descriptor", <FieldDescriptor as Payload>::info)
        };
        &SPEC
    }

    fn get(vm: &Vm, this: &Value, instance: Option<&Value>, _: &Obj<Type>) -> PyResult<Value> {
        let (Some(field), Some(instance)) = (this.downcast::<FieldDescriptor>(), instance) else {
            return Ok(this.clone());
        };
        let Some(tuple) = instance.downcast::<Tuple>() else {
            return Err(vm.bad_self(&Str::display(&field.name), "structseq", instance));
        };
        if let Some(item) = tuple.items().get(field.index) {
            return Ok(item.clone());
        }
        Ok(hidden_slot(tuple, field.index - tuple.items().len()).and_then(|slot| slot.get()).unwrap_or(NONE))
    }
}

/// Hidden field number `index` of an instance stands in a slot behind the tuple.
fn hidden_slot(tuple: &Obj<Tuple>, index: usize) -> Option<&Slot> {
    tuple.slots().get(index)
}

impl StructSeq {
    /// The class.
    pub fn class(&'static self, vm: &Vm) -> PyResult<Ref<Type>> {
        let classes = vm.interp().state(Classes::default);
        let key = std::ptr::from_ref(self).addr();
        if let Some((class, _)) = classes.0.borrow().get(&key) {
            return Ok(class.clone());
        }
        let class = self.make_class(vm)?;
        classes.0.borrow_mut().insert(key, (class.clone(), self));
        Ok(class)
    }

    fn make_class(&'static self, vm: &Vm) -> PyResult<Ref<Type>> {
        let spec: &'static TypeSpec = Box::leak(Box::new(TypeSpec {
            name: self.name,
            module: self.module,
            doc: self.doc,
            methods: METHODS,
            fill_slots: |slots| {
                slots.new.set(Some(new));
                slots.repr.set(Some(repr));
            },
            ..TypeSpec::bare(self.name, <Tuple as Payload>::info)
        }));
        let class = Type::from_spec(vm, spec, &[vm.types().tuple.clone()])?;
        class.set_flags(crate::types::type_flags::DISALLOW_INSTANTIATION, !self.callable);
        class.reserve_members(self.fields.len() - self.visible);
        let dict = class.dict();
        let descriptor = vm.native_type(FieldDescriptor::spec())?;
        for (index, &name) in self.fields.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let name_value: Value = vm.intern(name)?.into();
            dict.set(
                vm,
                &name_value.clone(),
                vm.alloc(&*descriptor, FieldDescriptor { name: name_value, index })?.into(),
            )?;
        }
        let unnamed = self.fields.iter().filter(|name| name.is_empty()).count();
        for (name, count) in
            [("n_fields", self.fields.len()), ("n_sequence_fields", self.visible), ("n_unnamed_fields", unnamed)]
        {
            dict.set_text(vm, name, count.into_value(vm)?)?;
        }
        let names = self.fields[..self.visible].iter().filter(|name| !name.is_empty());
        let names = names.map(|name| vm.intern(name).map(Value::from)).collect::<PyResult<Vec<Value>>>()?;
        dict.set_text(vm, "__match_args__", Tuple::new(vm, names.into_iter())?.into())?;
        Ok(class)
    }

    /// An instance with a value for every field (hidden ones may be left out).
    pub fn make(&'static self, vm: &Vm, values: Vec<Value>) -> PyResult<Value> {
        let class = self.class(vm)?;
        make(vm, &class, self, values)
    }
}

fn make(vm: &Vm, class: &Obj<Type>, of: &StructSeq, mut values: Vec<Value>) -> PyResult<Value> {
    let hidden = values.split_off(of.visible.min(values.len()));
    values.resize(of.visible, NONE);
    let made = Tuple::new_subclass(vm, class, values)?;
    for (index, value) in hidden.into_iter().enumerate() {
        if let Some(slot) = hidden_slot(&made, index) {
            slot.set(Some(value));
        }
    }
    Ok(made.into())
}

/// The description behind a class or a class derived from it.
fn described(vm: &Vm, class: &Obj<Type>) -> PyResult<&'static StructSeq> {
    let classes = vm.interp().state(Classes::default);
    let found = classes.0.borrow().values().find(|(known, _)| class.is_subclass(known)).map(|&(_, of)| of);
    found.ok_or_else(|| vm.type_error(format!("'{}' is not a structseq", class.name())))
}

fn new(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> PyResult<Value> {
    let of = described(vm, class)?;
    let full = of_name(of);
    let sequence = args.positionals().first().or(args.keyword("sequence"));
    let Some(sequence) = sequence else {
        return Err(vm.type_error(format!("{}() missing required argument 'sequence' (pos 1)", of.name)));
    };
    let extra = args.positionals().get(1).or(args.keyword("dict")).filter(|extra| !crate::builtins::is_none(extra));
    if vm.class_of(sequence).slots.iter.get().is_none() && vm.class_of(sequence).slots.getitem.get().is_none() {
        return Err(vm.type_error("constructor requires a sequence"));
    }
    let mut values = vm.collect(sequence)?;
    let (least, most, given) = (of.visible, of.fields.len(), values.len());
    if given < least || given > most {
        let (word, bound) = match () {
            () if least == most => ("a", least),
            () if given < least => ("an at least", least),
            () => ("an at most", most),
        };
        return Err(vm.type_error(format!("{full}() takes {word} {bound}-sequence ({given}-sequence given)")));
    }
    let extra = match extra {
        None => None,
        Some(extra) => match extra.downcast::<Dict>() {
            Some(extra) => Some(extra.to_ref()),
            None => return Err(vm.type_error(format!("{full}() takes a dict as second arg, if any"))),
        },
    };
    for name in &of.fields[values.len()..] {
        let found = extra.as_ref().map(|extra| extra.get_text(vm, name)).transpose()?.flatten();
        values.push(found.unwrap_or(NONE));
    }
    make(vm, class, of, values)
}

fn of_name(of: &StructSeq) -> String {
    format!("{}.{}", of.module, of.name)
}

fn repr(vm: &Vm, this: &Value) -> PyResult<Value> {
    let of = described(vm, vm.class_of(this))?;
    let Some(tuple) = this.downcast::<Tuple>() else { return Err(vm.bad_self("__repr__", "structseq", this)) };
    let mut text = format!("{}(", of_name(of));
    for (index, item) in tuple.items().iter().enumerate() {
        let separator = if index > 0 { ", " } else { "" };
        let shown = vm.recursive(" while getting the repr of an object", || vm.repr(item))?;
        text.push_str(&format!("{separator}{}={}", of.fields[index], shown.to_lossy()));
    }
    text.push(')');
    text.into_value(vm)
}

static METHODS: &[NativeDef] = &[
    NativeDef {
        name: "__reduce__",
        doc: "",
        signature: "($self, /)",
        params: &[],
        kind: MethodKind::Method,
        owner: "structseq",
        call: reduce,
        fixed: Fixed::NONE,
    },
    NativeDef {
        name: "__replace__",
        doc: "",
        signature: "($self, /, **changes)",
        params: &[Param { name: "changes", kind: ParamKind::VarKeyword, required: false }],
        kind: MethodKind::Method,
        owner: "structseq",
        call: replace,
        fixed: Fixed::NONE,
    },
];

/// All fields of an instance.
fn fields(of: &StructSeq, tuple: &Obj<Tuple>) -> Vec<Value> {
    let hidden = (0..of.fields.len() - of.visible)
        .map(|index| hidden_slot(tuple, index).and_then(|slot| slot.get()).unwrap_or(NONE));
    tuple.items().iter().cloned().chain(hidden).collect()
}

fn receiver<'a>(vm: &Vm, args: Args<'a>, method: &str) -> PyResult<(&'a Obj<Tuple>, &'static StructSeq)> {
    let Some(this) = args.positionals().first() else {
        return Err(vm.type_error(format!("unbound method {method}() needs an argument")));
    };
    let of = described(vm, vm.class_of(this))?;
    this.downcast::<Tuple>().map(|tuple| (tuple, of)).ok_or_else(|| vm.bad_self(method, "structseq", this))
}

fn reduce(vm: &Vm, args: Args<'_>) -> PyResult<Value> {
    let (this, of) = receiver(vm, args, "__reduce__")?;
    let items = Tuple::new(vm, this.items().to_vec().into_iter())?;
    let extra = Dict::new(vm)?;
    for (name, value) in of.fields.iter().zip(fields(of, this)).skip(of.visible) {
        extra.set_text(vm, name, value)?;
    }
    let class = vm.class_of(&this.to_value()).to_value();
    let arguments = Tuple::pair(vm, items.into(), extra.into())?;
    Ok(Tuple::pair(vm, class, arguments.into())?.into())
}

fn replace(vm: &Vm, args: Args<'_>) -> PyResult<Value> {
    let (this, of) = receiver(vm, args, "__replace__")?;
    let mut values = fields(of, this);
    let mut unexpected = Vec::new();
    for (name, value) in args.keywords() {
        match of.fields.iter().position(|field| Str::is_text(name, field)) {
            Some(index) => values[index] = value.clone(),
            None => unexpected.push(format!("'{}'", Str::display(name))),
        }
    }
    if !unexpected.is_empty() {
        return Err(vm.type_error(format!("Got unexpected field name(s): [{}]", unexpected.join(", "))));
    }
    make(vm, vm.class_of(&this.to_value()), of, values)
}

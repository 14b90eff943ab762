//! Makes objects and fills them: instances, items and state.
//!
//! Invariant: state goes into the instance itself, past whatever its class makes of setting attributes.

use super::load::Loader;
use taipan_heap::{Obj, Payload, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::GetSetDescriptor;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::object::Plain;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::native::Args;
use taipan_objects::types::{Type, TypeObject, call::call, instance, type_flags};
use taipan_objects::vm::{PyResult, Vm};

impl Loader<'_> {
    pub(super) fn new_object(&self, class: &Value, args: &Value, keywords: Option<&Value>) -> PyResult<Value> {
        let vm = self.vm;
        let operation = if keywords.is_some() { "NEWOBJ_EX" } else { "NEWOBJ" };
        let Some(class) = class.downcast::<Type>() else {
            let given = vm.type_name(class);
            return Err(self.fail(&format!("{operation} class argument must be a type, not {given}")));
        };
        let Some(positional) = args.downcast::<Tuple>() else {
            let given = vm.type_name(args);
            return Err(self.fail(&format!("{operation} args argument must be a tuple, not {given}")));
        };
        if positional.items().is_empty() && keywords.is_none() && makes_plain(vm, class) {
            return Ok(vm.alloc_instance(class, Plain {})?.into());
        }
        let mut values = positional.items().to_vec();
        let mut names = Vec::new();
        if let Some(keywords) = keywords {
            let Some(dict) = keywords.downcast::<Dict>() else {
                let given = vm.type_name(keywords);
                return Err(self.fail(&format!("{operation} kwargs argument must be a dict, not {given}")));
            };
            for (name, value) in dict.snapshot() {
                names.push(name);
                values.push(value);
            }
        }
        let new = class.slots.new.get().filter(|_| !class.has(type_flags::DISALLOW_INSTANTIATION));
        let Some(new) = new else {
            return Err(self.fail(&format!("{operation} class argument '{}' doesn't have __new__", class.name())));
        };
        new(vm, class, Args { values: &values, names: &names })
    }

    pub(super) fn instantiate(&self, class: &Value, args: &[Value]) -> PyResult<Value> {
        let vm = self.vm;
        if args.is_empty()
            && class.downcast::<Type>().is_some()
            && vm.find_attr(class, &*vm.intern("__getinitargs__")?)?.is_none()
        {
            return vm.call_method(class, &vm.names().__new__, std::slice::from_ref(class));
        }
        call(vm, class, Args::positional(args))
    }

    pub(super) fn append(&mut self, items: Vec<Value>) -> PyResult<()> {
        let vm = self.vm;
        let target = self.top()?.clone();
        if let Some(list) = target.downcast_exact::<List>() {
            return list.extend_from_slice(vm, &items);
        }
        if let Some(extend) = vm.find_attr(&target, &*vm.intern("extend")?)? {
            return vm.call(&extend, &[List::from_values(vm, items)?.into()]).map(drop);
        }
        let append = vm.get_attr_text(&target, "append")?;
        items.iter().try_for_each(|item| vm.call(&append, std::slice::from_ref(item)).map(drop))
    }

    /// Takes the keys and values above a place of the stack, and sets them.
    pub(super) fn set_items(&mut self, from: usize) -> PyResult<()> {
        let vm = self.vm;
        let from = from.min(self.stack.len());
        if !(self.stack.len() - from).is_multiple_of(2) {
            return Err(self.fail("odd number of items for SETITEMS"));
        }
        let Some(target) = from.checked_sub(1).filter(|&place| place >= self.fence()) else {
            self.stack.truncate(from);
            return Err(self.underflow());
        };
        let target = self.stack[target].clone();
        let mut items = self.stack.drain(from..);
        if let Some(dict) = target.downcast_exact::<Dict>() {
            return dict.set_pairs(vm, items);
        }
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            vm.set_item(&target, &key, Some(&value))?;
        }
        Ok(())
    }

    /// Gives an object its state.
    pub(super) fn build(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let state = self.pop()?;
        let object = self.top()?.clone();
        if let Some(function) = vm.find_attr(&object, &vm.names().__setstate__)? {
            return vm.call(&function, std::slice::from_ref(&state)).map(drop);
        }
        let (state, slots) = match state.downcast::<Tuple>().map(|pair| pair.items()) {
            Some([state, slots]) => (state.clone(), slots.clone()),
            _ => (state, NONE),
        };
        if !is_none(&state) {
            let Some(attributes) = state.downcast::<Dict>() else {
                return Err(self.fail("state is not a dictionary"));
            };
            if !attributes.is_empty() {
                self.set_attributes(&object, attributes)?;
            }
        }
        if !is_none(&slots) {
            let Some(attributes) = slots.downcast::<Dict>() else {
                return Err(self.fail("slot state is not a dictionary"));
            };
            for (name, value) in attributes.snapshot() {
                let Some(name) = name.downcast::<Str>() else {
                    return Err(vm.type_error("attribute name must be string"));
                };
                vm.set_attr(&object, name, value)?;
            }
        }
        Ok(())
    }

    /// Sets attributes of the instance itself, whatever its class makes of setting them.
    fn set_attributes(&self, object: &Value, attributes: &Obj<Dict>) -> PyResult<()> {
        let vm = self.vm;
        let class = vm.class_of(object).to_ref();
        // Without asking for `__dict__`, which would make a dict of its own for every instance.
        let plain = class.has(type_flags::PYTHON_CLASS)
            && class.has(type_flags::HAS_DICT)
            && class
                .lookup(vm, &vm.names().__dict__)
                .is_some_and(|own| own.downcast_exact::<GetSetDescriptor>().is_some());
        let (mut dict, mut position) = (None, 0);
        while let Some((name, value)) = attributes.next_entry(&mut position) {
            let text = name.downcast_exact::<Str>().map(|text| vm.interp().intern_str(vm, &text.to_ref()));
            if plain
                && dict.is_none()
                && let (Some(header), Some(text)) = (object.header(), &text)
                && instance::set(vm, header, text, Some(&value))?
            {
                continue;
            }
            let dict = match &dict {
                Some(dict) => dict,
                None => dict.insert(vm.get_attr(object, &vm.names().__dict__)?),
            };
            vm.set_item(dict, &text.map_or(name, Value::from), Some(&value))?;
        }
        Ok(())
    }
}

/// Whether `object.__new__` makes the instances of a class, with nothing to them but attributes.
fn makes_plain(vm: &Vm, class: &Obj<Type>) -> bool {
    let same = match (class.slots.new.get(), vm.types().object.slots.new.get()) {
        (Some(own), Some(object)) => std::ptr::fn_addr_eq(own, object),
        _ => false,
    };
    same && std::ptr::eq(class.kind_info(), Plain::info())
        && !class.has(type_flags::ABSTRACT)
        && !class.has(type_flags::DISALLOW_INSTANTIATION)
}

//! Writes instances of classes that leave pickling to `object`, without making what `object.__reduce_ex__` would answer.
//!
//! Invariant: the operations are those that the answer would lead to. The dict with the state, which would be a copy, has a number in the memo but is never made.

use super::class_name;
use super::opcodes as op;
use super::save::Saver;
use taipan_heap::{Obj, Payload, Value};
use taipan_objects::builtins::function::GetSetDescriptor;
use taipan_objects::builtins::object::Plain;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::types::{Type, TypeObject, instance, type_flags};
use taipan_objects::vm::PyResult;

/// More attributes are written in batches.
const MOST: usize = 1000;

impl Saver<'_> {
    /// Whether instances of a class are written by what they have in their dicts, and nothing asks the class how.
    pub(super) fn saves_plainly(&mut self, class: &Obj<Type>) -> bool {
        let (vm, version) = (self.vm, class.current_version());
        if version != 0 && version == self.plain {
            return true;
        }
        if !self.closed || self.proto() < 2 {
            return false;
        }
        let names = vm.names();
        let object = &vm.types().object;
        let inherits = |name: &Obj<Str>| match (class.lookup(vm, name), object.lookup(vm, name)) {
            (Some(own), Some(usual)) => own.is(&usual),
            _ => false,
        };
        let plain = class.has(type_flags::PYTHON_CLASS | type_flags::HAS_DICT | type_flags::PLAIN_GETATTR)
            && std::ptr::eq(class.kind_info(), Plain::info())
            && class.attribute_slot() == 0
            && [&names.__reduce_ex__, &names.__reduce__, &names.__getstate__, &names.__class__]
                .into_iter()
                .all(|name| inherits(name))
            && class.lookup(vm, &names.__getnewargs_ex__).is_none()
            && class.lookup(vm, &names.__getnewargs__).is_none()
            && class.lookup(vm, &names.__dict__).is_some_and(|own| own.downcast::<GetSetDescriptor>().is_some())
            && class.lookup(vm, &names.__new__).is_some_and(|new| !taipan_objects::builtins::is_none(&new))
            && class.dict().find_interned_entry(&names.__slotnames__).is_none();
        if plain {
            self.plain = class.version(vm);
        }
        plain
    }

    /// Writes an instance of such a class. `false`: it has attributes of its own that may have a say.
    pub(super) fn save_plain(&mut self, object: &Value, class: &Obj<Type>) -> PyResult<bool> {
        let vm = self.vm;
        let Some(attributes) = object.header().and_then(|header| instance::attributes(vm, header)) else {
            return Ok(false);
        };
        let special = |(name, _): &(Value, Value)| {
            name.downcast_exact::<Str>().is_none_or(|name| name.as_ascii().is_some_and(|name| name.starts_with("__")))
        };
        if attributes.len() > MOST || attributes.iter().any(special) {
            return Ok(false);
        }
        self.part(&class.to_value(), Some(object), "class")?;
        let none = Tuple::from_values(vm, Vec::new())?;
        self.part(&none.into(), Some(object), "__new__ arguments")?;
        self.out.put(&[op::NEWOBJ]);
        match self.memo.find(object) {
            Some(number) => {
                self.out.put(&[op::POP]);
                self.fetch(number);
            }
            None => self.memoize(object),
        }
        if !attributes.is_empty() {
            let saved = self.save_state(&attributes);
            saved.map_err(|raised| self.note(raised, format!("when serializing {} state", class_name(vm, object))))?;
            self.out.put(&[op::BUILD]);
        }
        Ok(true)
    }

    fn save_state(&mut self, attributes: &[(Value, Value)]) -> PyResult<()> {
        self.out.boundary(self.vm)?;
        self.out.put(&[op::EMPTY_DICT]);
        let number = self.memo.skip();
        self.put_memoize(number);
        if let [(name, value)] = attributes {
            self.save_pair(name, value, None)?;
            self.out.put(&[op::SETITEM]);
            return Ok(());
        }
        self.out.put(&[op::MARK]);
        for (name, value) in attributes {
            self.save_pair(name, value, None)?;
        }
        self.out.put(&[op::SETITEMS]);
        Ok(())
    }
}

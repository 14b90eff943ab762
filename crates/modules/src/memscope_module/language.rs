//! What memscope has to know of Python: what classes, edges and roots are called, and which objects are namespaces.
//!
//! Invariant: nothing here runs Python code or makes objects; what is read of a container is lent for the time of a look.

use super::brief::brief;
use taipan_heap::{Header, Label, Value, header_class};
use taipan_interp::code::CodeObject;
use taipan_interp::eval::{held, threads};
use taipan_interp::function::Function;
use taipan_interp::generator::Generator;
use taipan_memscope::{Area, Edge, EdgeName, Facts, Kept, Language, Root};
use taipan_objects::builtins::descriptor::{MemberDescriptor, MemberPlace};
use taipan_objects::builtins::{dict::Dict, list::List, module::Module, set::Set, str::Str, tuple::Tuple};
use taipan_objects::types::instance::{self, SlotUse};
use taipan_objects::types::{Type, type_flags};
use taipan_objects::vm::{HANDLES, Vm};

/// The embedder's side of memscope.
pub(super) struct Python<'a> {
    pub(super) vm: &'a Vm,
}

type Name<'a> = &'a mut dyn FnMut(Edge, EdgeName<'_>);

impl Python<'_> {
    /// The states of the interpreter's threads, this one's among them.
    fn each_thread(&self, mut visit: impl FnMut(u32, &Vm)) {
        let mut number = 0;
        // The visits cannot fail.
        let _ = threads::each(self.vm, |_, other| {
            visit(number, other);
            number += 1;
            Ok(())
        });
    }

    /// The number of the calling thread among those that `roots` shows.
    pub(super) fn own_thread(&self) -> u32 {
        let mut own = 0;
        self.each_thread(|number, other| {
            if std::ptr::eq(other, self.vm) {
                own = number;
            }
        });
        own
    }

    fn each_module(&self, mut visit: impl FnMut(u32, &Header)) {
        let Some(modules) = self.vm.interp().modules.get() else { return };
        for entry in 0..modules.entries_len() {
            modules.look_at(entry, |_, module| {
                if let Some(header) = module.downcast::<Module>().map(|module| module.header()) {
                    instance::look_at_dict(header, |dict| visit(entry as u32, dict));
                }
            });
        }
    }

    fn dict_edge(&self, dict: &Dict, area: Area, label: Label, name: Name<'_>) {
        let Some(entry) = label.index else { return name(Edge::Internal, EdgeName::Field(label.field)) };
        if label.part == Some("key") {
            return name(Edge::Key, EdgeName::Index(entry));
        }
        let kind = match area {
            Area::Module => Edge::Global,
            Area::Class | Area::Instance => Edge::Attribute,
            _ => Edge::Value,
        };
        dict.look_at(entry, |key, _| match key.header() {
            Some(key) => name(kind, EdgeName::Object(key)),
            None => {
                let mut text = String::new();
                brief(self.vm, key, 40, &mut text);
                name(kind, EdgeName::Text(&text));
            }
        });
    }

    fn slot_edge(&self, owner: &Header, index: usize, name: Name<'_>) {
        instance::look_at_slot(self.vm, owner, index, |slot| match slot {
            SlotUse::Attribute(attribute) => name(Edge::Attribute, EdgeName::Object(attribute)),
            SlotUse::Dict => name(Edge::Internal, EdgeName::Field("__dict__")),
            SlotUse::Member(member) => self.member_edge(owner, member, name),
            SlotUse::Other => name(Edge::Internal, EdgeName::Field("slot")),
        });
    }

    /// The name of a member of `__slots__`: its descriptor stands in the namespace of one of the classes.
    fn member_edge(&self, owner: &Header, member: usize, name: Name<'_>) {
        let mut found = None;
        let mut class = header_class::<Type>(owner).map(|class| class.to_ref());
        while let Some(at) = class {
            if let Some(dict) = at.namespace() {
                for entry in 0..dict.entries_len() {
                    dict.look_at(entry, |_, value| {
                        if let Some(descriptor) = value.downcast::<MemberDescriptor>()
                            && matches!(descriptor.place, MemberPlace::Slot(index) if index == member)
                        {
                            found = Some(descriptor.name.clone());
                        }
                    });
                }
            }
            class = if found.is_none() { at.base.borrow().clone() } else { None };
        }
        match found.as_ref().and_then(Value::header) {
            Some(member) => name(Edge::Attribute, EdgeName::Object(member)),
            None => name(Edge::Index, EdgeName::Index(member)),
        }
    }

    fn generator_edge(&self, generator: &Generator, label: Label, name: Name<'_>) {
        let code = generator.code.plain();
        let variable = label.index.and_then(|register| code.variables.get(register));
        match variable {
            Some(variable) => name(Edge::Local, EdgeName::Text(&variable.name)),
            None => name(Edge::Local, EdgeName::Field("(a temporary)")),
        }
    }

    fn closure_edge(&self, function: &Function, name: Name<'_>) {
        let code = function.code();
        match code.plain().variables.get(code.shape().first_free as usize..) {
            Some([only]) => name(Edge::Cell, EdgeName::Text(&only.name)),
            _ => name(Edge::Internal, EdgeName::Field("__closure__")),
        }
    }
}

/// The edges of the runtime's own payloads, by the names of their fields.
fn field_edge(label: Label, name: Name<'_>) {
    let field = label.part.unwrap_or(label.field);
    match label.index {
        Some(index) => name(Edge::Internal, EdgeName::Text(&format!("{field}[{index}]"))),
        None => name(Edge::Internal, EdgeName::Field(field)),
    }
}

impl Language for Python<'_> {
    fn class(&self, object: &Header) -> Facts {
        let class = self.vm.class_of_header(object);
        let is = |info| object.kind().info().is_a(info);
        use taipan_heap::Payload;
        let area = match () {
            () if is(CodeObject::info()) => Area::Code,
            () if is(taipan_interp::cell::Cell::info()) => Area::Cell,
            () => Area::Heap,
        };
        let has_namespaces = is(Type::info()) || class.has(type_flags::HAS_DICT) || class.attribute_slot() > 0;
        Facts { name: class.qualified_name(self.vm), area, has_namespaces, is_text: is(Str::info()) }
    }

    fn namespaces(&self, object: &Header, namespace: &mut dyn FnMut(&Header, Area)) -> usize {
        let is_module = object.with_value(|object| object.downcast::<Module>().is_some());
        object.with_value(|object| {
            if let Some(dict) = object.downcast::<Type>().and_then(|class| class.namespace()) {
                namespace(dict.header(), Area::Class);
            }
        });
        let area = if is_module { Area::Module } else { Area::Instance };
        instance::look_at_dict(object, |dict| namespace(dict, area))
    }

    fn roots(&self, root: &mut dyn FnMut(&Header, Root)) {
        self.each_module(|entry, dict| root(dict, Root { kept: Kept::Name, place: 0, index: entry, part: 0 }));
        self.each_thread(|thread, other| {
            held::each(other, &mut |depth, part, value| {
                if let Some(header) = value.header() {
                    root(header, Root { kept: Kept::Frame, place: thread, index: depth, part });
                }
            });
        });
        let mut show = |thread, kind, value: &Value| {
            if let Some(header) = value.header() {
                root(header, Root { kept: Kept::Handle, place: kind, index: thread, part: 0 });
            }
        };
        self.vm.interp().each_handle(&mut |kind, value| show(0, kind, value));
        taipan_interp::each_handle(self.vm, true, &mut |kind, value| show(0, kind, value));
        self.each_thread(|thread, other| {
            other.each_handle(&mut |kind, value| show(thread, kind, value));
            taipan_interp::each_handle(other, false, &mut |kind, value| show(thread, kind, value));
        });
    }

    fn root_text(&self, root: Root) -> String {
        match root.kept {
            Kept::Handle => HANDLES.get(root.place as usize).copied().unwrap_or("a handle").to_owned(),
            Kept::Name => {
                let mut text = String::from("module ");
                if let Some(modules) = self.vm.interp().modules.get() {
                    modules.look_at(root.index as usize, |name, _| text.push_str(&Str::display(name)));
                }
                text
            }
            Kept::Frame => {
                let (mut text, mut threads) = (String::new(), 0);
                self.each_thread(|thread, other| {
                    threads += 1;
                    if thread == root.place {
                        text = held::describe(other, root.index, root.part);
                    }
                });
                if threads > 1 { format!("{text} (thread {})", root.place) } else { text }
            }
        }
    }

    fn edge(&self, owner: &Header, area: Area, label: Label, name: &mut dyn FnMut(Edge, EdgeName<'_>)) {
        if label.field == Label::CLASS {
            return name(Edge::Class, EdgeName::Field("__class__"));
        }
        if let (Label::SLOT, Some(index)) = (label.field, label.index) {
            return self.slot_edge(owner, index, name);
        }
        owner.with_value(|owner| {
            let element = label.index.map(EdgeName::Index);
            if let Some(dict) = owner.downcast::<Dict>().filter(|_| label.field == "table" || label.part.is_some()) {
                return self.dict_edge(dict, area, label, name);
            }
            if let (Some(element), true) = (element, owner.downcast::<Set>().is_some()) {
                return name(Edge::Key, element);
            }
            let sequence = owner.downcast::<List>().is_some()
                || owner.downcast::<Tuple>().is_some()
                || matches!(label.part, Some("places"));
            if let (Some(element), true) = (element, sequence) {
                return name(Edge::Index, element);
            }
            if owner.downcast::<taipan_interp::cell::Cell>().is_some() {
                return name(Edge::Cell, EdgeName::Field("cell_contents"));
            }
            if let Some(function) = owner.downcast::<Function>().filter(|_| label.field == "closure") {
                return self.closure_edge(function, name);
            }
            if let Some(generator) = owner.downcast::<Generator>().filter(|_| label.part == Some("registers")) {
                return self.generator_edge(generator, label, name);
            }
            field_edge(label, name);
        });
    }

    fn brief(&self, object: &Header, room: usize, out: &mut String) {
        object.with_value(|object| super::brief::title(self.vm, object, room, out));
    }
}

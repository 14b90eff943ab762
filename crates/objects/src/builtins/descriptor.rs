//! Descriptors that Python code makes: `property`, `classmethod`, `staticmethod`, bound methods, and the members of `__slots__`.
//!
//! Invariant: none of them looks at more than the descriptor protocol gives it.

use crate::native::TypeSpec;
use crate::types::{Type, type_flags};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Payload, Ref, Slot, Value};

/// `staticmethod`
#[derive(Payload)]
#[payload(name = "staticmethod")]
pub struct StaticMethod {
    /// What it wraps.
    pub function: Slot,
}

impl StaticMethod {
    /// A static method around `function`.
    pub fn new(vm: &Vm, function: Value) -> PyResult<Ref<StaticMethod>> {
        vm.alloc_instance(&vm.types().static_method, StaticMethod { function: Slot::new(Some(function)) })
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: type_flags::BASETYPE | type_flags::HAS_DICT,
            ..TypeSpec::bare("staticmethod", <StaticMethod as Payload>::info)
        };
        &SPEC
    }
}

/// `classmethod`
#[derive(Payload)]
#[payload(name = "classmethod")]
pub struct ClassMethod {
    /// What it wraps.
    pub function: Slot,
}

impl ClassMethod {
    /// A class method around `function`.
    pub fn new(vm: &Vm, function: Value) -> PyResult<Ref<ClassMethod>> {
        vm.alloc_instance(&vm.types().class_method, ClassMethod { function: Slot::new(Some(function)) })
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: type_flags::BASETYPE | type_flags::HAS_DICT,
            ..TypeSpec::bare("classmethod", <ClassMethod as Payload>::info)
        };
        &SPEC
    }
}

/// `method`: a callable with the self it is called with.
#[derive(Payload)]
#[payload(name = "method")]
pub struct BoundMethod {
    /// `__func__`
    pub function: Value,
    /// `__self__`
    pub bound: Value,
}

impl BoundMethod {
    /// `function` bound to `bound`.
    pub fn new(vm: &Vm, function: Value, bound: Value) -> PyResult<Ref<BoundMethod>> {
        vm.alloc(&*vm.types().method, BoundMethod { function, bound })
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("method", <BoundMethod as Payload>::info);
        &SPEC
    }
}

/// `property`
#[derive(Payload)]
#[payload(name = "property")]
pub struct Property {
    /// `fget`
    pub getter: Slot,
    /// `fset`
    pub setter: Slot,
    /// `fdel`
    pub deleter: Slot,
    /// `__doc__`
    pub doc: Slot,
    /// `__name__`
    pub name: Slot,
    /// Whether the documentation is the getter's.
    pub getter_doc: Cell<bool>,
}

impl Property {
    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec =
            TypeSpec { flags: type_flags::BASETYPE, ..TypeSpec::bare("property", <Property as Payload>::info) };
        &SPEC
    }
}

/// A member of `__slots__`: slot `index` of the instances of `class`.
#[derive(Payload)]
#[payload(name = "member_descriptor")]
pub struct MemberDescriptor {
    /// The attribute's name.
    pub name: Value,
    /// Which slot it is.
    pub index: usize,
    /// `__objclass__`
    pub class: Ref<Type>,
}

impl MemberDescriptor {
    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("member_descriptor", <MemberDescriptor as Payload>::info);
        &SPEC
    }
}

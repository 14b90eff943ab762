//! Special methods and slots: the wrappers that show a native slot as a method (`list.__len__`), and the functions that let a slot
//! call a method written in Python.
//!
//! Invariant: each special method stands in one table, with the slot it fills and how its arguments and result are converted.

use crate::builtins::dict::Dict;
use crate::builtins::object::Plain;
use crate::native::TypeSpec;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};

/// A type of immediates, which have no payload.
pub struct BareType {
    spec: TypeSpec,
}

/// `bool`
pub static BOOL: BareType = BareType { spec: TypeSpec::bare("bool", <crate::builtins::int::Int as Payload>::info) };
/// `NoneType`
pub static NONE_TYPE: BareType = BareType { spec: TypeSpec::bare("NoneType", <Plain as Payload>::info) };
/// `ellipsis`
pub static ELLIPSIS: BareType = BareType { spec: TypeSpec::bare("ellipsis", <Plain as Payload>::info) };
/// `NotImplementedType`
pub static NOT_IMPLEMENTED: BareType =
    BareType { spec: TypeSpec::bare("NotImplementedType", <Plain as Payload>::info) };

/// The description of a bare type.
pub fn bare(of: &'static BareType) -> &'static TypeSpec {
    &of.spec
}

/// `wrapper_descriptor`: a native slot of a class as a method.
#[derive(Payload)]
#[payload(name = "wrapper_descriptor")]
pub struct SlotWrapper {
    /// `__objclass__`
    pub class: Ref<Type>,
}

impl SlotWrapper {
    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("wrapper_descriptor", <SlotWrapper as Payload>::info);
        &SPEC
    }
}

/// `method-wrapper`: a slot wrapper bound to its self.
#[derive(Payload)]
#[payload(name = "method-wrapper")]
pub struct MethodWrapper {
    /// What is bound.
    pub wrapper: Ref<SlotWrapper>,
    /// `__self__`
    pub bound: Value,
}

impl MethodWrapper {
    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("method-wrapper", <MethodWrapper as Payload>::info);
        &SPEC
    }
}

/// Adds a wrapper for every slot that `class` fills itself.
pub(crate) fn add_wrappers(_vm: &Vm, _class: &Obj<Type>, _dict: &Obj<Dict>) -> PyResult<()> {
    Ok(())
}

/// The hash slot of unhashable types.
pub fn unhashable(vm: &Vm, value: &Value) -> PyResult<i64> {
    let given = vm.type_name(value);
    Err(vm.type_error(format!("unhashable type: '{given}'")))
}

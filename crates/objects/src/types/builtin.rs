//! The table of builtin types and their bootstrap: one line registers a type.
//!
//! Invariant: a type stands in the table after its base; `type`, `object`, `dict`, `tuple` and `str` need nothing but memory to be made.

use crate::builtins::bool::Bool;
use crate::builtins::bytearray::{ByteArray, ByteArrayIterator};
use crate::builtins::bytes::{Bytes, BytesIterator};
use crate::builtins::complex::Complex;
use crate::builtins::descriptor::{BoundMethod, ClassMethod, MemberDescriptor, Property, StaticMethod};
use crate::builtins::dict::{DictItems, DictIterator, DictKeys, DictValues};
use crate::builtins::enumerate::Enumerate;
use crate::builtins::filter::Filter;
use crate::builtins::function::{GetSetDescriptor, MethodDescriptor, NativeFunction};
use crate::builtins::iterator::{CallableIterator, Reversed};
use crate::builtins::list::{ListIterator, ListReverseIterator};
use crate::builtins::memoryview::{BufferWrapper, MemoryView};
use crate::builtins::namespace::SimpleNamespace;
use crate::builtins::range::{LongRangeIterator, Range, RangeIterator};
use crate::builtins::set::{FrozenSet, Set, SetIterator};
use crate::builtins::singletons::{EllipsisType, NoneType, NotImplementedType};
use crate::builtins::slice::Slice;
use crate::builtins::str::StrIterator;
use crate::builtins::tuple::TupleIterator;
use crate::builtins::zip::{Map, Zip};
use crate::builtins::{
    dict::Dict, exception, exception::BaseException, float::Float, int::Int, iterator::SequenceIterator, list::List,
    module::Module, object::Plain, str::Str, traceback::Traceback, tuple::Tuple, weakref::WeakReference,
};
use crate::builtins::{
    generic_alias::{GenericAlias, GenericAliasIterator},
    mapping_proxy::MappingProxy,
    super_::Super,
    union::Union,
};
use crate::native::TypeSpec;
use crate::types::Type;
use crate::types::class::ClassMaking;
use crate::types::slot_wrapper::{MethodWrapper, SlotWrapper};
use crate::vm::{PyResult, Vm};
use std::cell::OnceCell;
use taipan_heap::{Ref, flags as kind_flags};

macro_rules! types {
    ($($field:ident: $spec:expr, $base:ident;)*) => {
        /// The builtin types of an interpreter, one field each.
        #[allow(missing_docs)]
        pub struct Types {
            pub type_: Ref<Type>,
            pub object: Ref<Type>,
            $(pub $field: Ref<Type>,)*
            /// The one empty tuple.
            pub empty_tuple: OnceCell<Ref<Tuple>>,
            /// The one empty str.
            pub empty_str: OnceCell<Ref<Str>>,
            /// The strs of the Latin-1 characters.
            pub characters: OnceCell<Box<[Ref<Str>]>>,
            /// The bytes objects of a single byte, then the empty one.
            pub single_bytes: OnceCell<Box<[Ref<Bytes>]>>,
        }

        impl Types {
            fn make(vm: &Vm) -> PyResult<Types> {
                let heap = vm.heap();
                let root = |blank| heap.alloc_root_class(blank).map_err(|error| vm.out_of_memory(error));
                let type_ = root(blank(Type::spec()))?;
                let made = |spec| heap.alloc(&*type_, blank(spec)).map_err(|error| vm.out_of_memory(error));
                let object = made(Plain::spec())?;
                $(let $field = made($spec)?;)*
                Ok(Types { type_, object, $($field,)* empty_tuple: OnceCell::new(), empty_str: OnceCell::new(), characters: OnceCell::new(), single_bytes: OnceCell::new() })
            }

            /// Every one of them.
            pub fn all(&self) -> Vec<Ref<Type>> {
                vec![self.object.clone(), self.type_.clone(), $(self.$field.clone(),)*]
            }

            fn each(&self, mut f: impl FnMut(&Ref<Type>, Option<&Ref<Type>>, &'static TypeSpec) -> PyResult<()>) -> PyResult<()> {
                f(&self.object, None, Plain::spec())?;
                f(&self.type_, Some(&self.object), Type::spec())?;
                $(f(&self.$field, Some(&self.$base), $spec)?;)*
                Ok(())
            }
        }
    };
}

types! {
    str: Str::spec(), object;
    str_iterator: StrIterator::spec(), object;
    str_ascii_iterator: StrIterator::ascii_spec(), object;
    bytes: Bytes::spec(), object;
    bytes_iterator: BytesIterator::spec(), object;
    bytearray: ByteArray::spec(), object;
    memoryview: MemoryView::spec(), object;
    bytearray_iterator: ByteArrayIterator::spec(), object;
    dict: Dict::spec(), object;
    tuple: Tuple::spec(), object;
    list: List::spec(), object;
    int: Int::spec(), object;
    bool: Bool::spec(), int;
    float: Float::spec(), object;
    complex: Complex::spec(), object;
    none: NoneType::spec(), object;
    ellipsis: EllipsisType::spec(), object;
    not_implemented: NotImplementedType::spec(), object;
    native_function: NativeFunction::spec(), object;
    method_descriptor: MethodDescriptor::spec(), object;
    class_method_descriptor: MethodDescriptor::class_spec(), object;
    getset_descriptor: GetSetDescriptor::spec(), object;
    static_method: StaticMethod::spec(), object;
    class_method: ClassMethod::spec(), object;
    method: BoundMethod::spec(), object;
    property: Property::spec(), object;
    super_: Super::spec(), object;
    mapping_proxy: MappingProxy::spec(), object;
    generic_alias: GenericAlias::spec(), object;
    buffer_wrapper: BufferWrapper::spec(), object;
    generic_alias_iterator: GenericAliasIterator::spec(), object;
    union: Union::spec(), object;
    member_descriptor: MemberDescriptor::spec(), object;
    slot_wrapper: SlotWrapper::spec(), object;
    method_wrapper: MethodWrapper::spec(), object;
    module: Module::spec(), object;
    range: Range::spec(), object;
    range_iterator: RangeIterator::spec(), object;
    long_range_iterator: LongRangeIterator::spec(), object;
    enumerate: Enumerate::spec(), object;
    zip: Zip::spec(), object;
    map: Map::spec(), object;
    filter: Filter::spec(), object;
    simple_namespace: SimpleNamespace::spec(), object;
    set: Set::spec(), object;
    frozenset: FrozenSet::spec(), object;
    set_iterator: SetIterator::spec(), object;
    dict_keys: DictKeys::spec(), object;
    dict_values: DictValues::spec(), object;
    dict_items: DictItems::spec(), object;
    dict_key_iterator: DictIterator::spec(), object;
    dict_value_iterator: DictIterator::value_spec(), object;
    dict_item_iterator: DictIterator::item_spec(), object;
    dict_reverse_key_iterator: DictIterator::reverse_key_spec(), object;
    dict_reverse_value_iterator: DictIterator::reverse_value_spec(), object;
    dict_reverse_item_iterator: DictIterator::reverse_item_spec(), object;
    slice: Slice::spec(), object;
    list_iterator: ListIterator::spec(), object;
    list_reverse_iterator: ListReverseIterator::spec(), object;
    tuple_iterator: TupleIterator::spec(), object;
    sequence_iterator: SequenceIterator::spec(), object;
    callable_iterator: CallableIterator::spec(), object;
    reversed: Reversed::spec(), object;
    weak_reference: WeakReference::spec(), object;
    traceback: Traceback::spec(), object;
    base_exception: BaseException::spec(), object;
    exception: exception::spec(&exception::EXCEPTION), base_exception;
    base_exception_group: exception::ExceptionGroup::spec(), base_exception;
    exception_group: exception::spec(&exception::EXCEPTION_GROUP), base_exception_group;
    generator_exit: exception::spec(&exception::GENERATOR_EXIT), base_exception;
    keyboard_interrupt: exception::spec(&exception::KEYBOARD_INTERRUPT), base_exception;
    system_exit: exception::SystemExit::spec(), base_exception;
    arithmetic_error: exception::spec(&exception::ARITHMETIC_ERROR), exception;
    floating_point_error: exception::spec(&exception::FLOATING_POINT_ERROR), arithmetic_error;
    overflow_error: exception::spec(&exception::OVERFLOW_ERROR), arithmetic_error;
    zero_division_error: exception::spec(&exception::ZERO_DIVISION_ERROR), arithmetic_error;
    assertion_error: exception::spec(&exception::ASSERTION_ERROR), exception;
    attribute_error: exception::AttributeError::spec(), exception;
    buffer_error: exception::spec(&exception::BUFFER_ERROR), exception;
    eof_error: exception::spec(&exception::EOF_ERROR), exception;
    import_error: exception::ImportError::spec(), exception;
    module_not_found_error: exception::spec(&exception::MODULE_NOT_FOUND_ERROR), import_error;
    lookup_error: exception::spec(&exception::LOOKUP_ERROR), exception;
    index_error: exception::spec(&exception::INDEX_ERROR), lookup_error;
    key_error: exception::spec(&exception::KEY_ERROR), lookup_error;
    memory_error: exception::spec(&exception::MEMORY_ERROR), exception;
    name_error: exception::NameError::spec(), exception;
    unbound_local_error: exception::spec(&exception::UNBOUND_LOCAL_ERROR), name_error;
    os_error: exception::OsError::spec(), exception;
    blocking_io_error: exception::spec(&exception::BLOCKING_IO_ERROR), os_error;
    child_process_error: exception::spec(&exception::CHILD_PROCESS_ERROR), os_error;
    connection_error: exception::spec(&exception::CONNECTION_ERROR), os_error;
    broken_pipe_error: exception::spec(&exception::BROKEN_PIPE_ERROR), connection_error;
    connection_aborted_error: exception::spec(&exception::CONNECTION_ABORTED_ERROR), connection_error;
    connection_refused_error: exception::spec(&exception::CONNECTION_REFUSED_ERROR), connection_error;
    connection_reset_error: exception::spec(&exception::CONNECTION_RESET_ERROR), connection_error;
    file_exists_error: exception::spec(&exception::FILE_EXISTS_ERROR), os_error;
    file_not_found_error: exception::spec(&exception::FILE_NOT_FOUND_ERROR), os_error;
    interrupted_error: exception::spec(&exception::INTERRUPTED_ERROR), os_error;
    is_a_directory_error: exception::spec(&exception::IS_A_DIRECTORY_ERROR), os_error;
    not_a_directory_error: exception::spec(&exception::NOT_A_DIRECTORY_ERROR), os_error;
    permission_error: exception::spec(&exception::PERMISSION_ERROR), os_error;
    process_lookup_error: exception::spec(&exception::PROCESS_LOOKUP_ERROR), os_error;
    timeout_error: exception::spec(&exception::TIMEOUT_ERROR), os_error;
    reference_error: exception::spec(&exception::REFERENCE_ERROR), exception;
    runtime_error: exception::spec(&exception::RUNTIME_ERROR), exception;
    not_implemented_error: exception::spec(&exception::NOT_IMPLEMENTED_ERROR), runtime_error;
    python_finalization_error: exception::spec(&exception::PYTHON_FINALIZATION_ERROR), runtime_error;
    recursion_error: exception::spec(&exception::RECURSION_ERROR), runtime_error;
    stop_async_iteration: exception::spec(&exception::STOP_ASYNC_ITERATION), exception;
    stop_iteration: exception::StopIteration::spec(), exception;
    syntax_error: exception::SyntaxError::spec(), exception;
    indentation_error: exception::spec(&exception::INDENTATION_ERROR), syntax_error;
    incomplete_input_error: exception::spec(&exception::INCOMPLETE_INPUT_ERROR), syntax_error;
    tab_error: exception::spec(&exception::TAB_ERROR), indentation_error;
    system_error: exception::spec(&exception::SYSTEM_ERROR), exception;
    type_error: exception::spec(&exception::TYPE_ERROR), exception;
    value_error: exception::spec(&exception::VALUE_ERROR), exception;
    unicode_error: exception::spec(&exception::UNICODE_ERROR), value_error;
    unicode_decode_error: exception::spec(&exception::UNICODE_DECODE_ERROR), unicode_error;
    unicode_encode_error: exception::spec(&exception::UNICODE_ENCODE_ERROR), unicode_error;
    unicode_translate_error: exception::spec(&exception::UNICODE_TRANSLATE_ERROR), unicode_error;
    warning: exception::spec(&exception::WARNING), exception;
    bytes_warning: exception::spec(&exception::BYTES_WARNING), warning;
    deprecation_warning: exception::spec(&exception::DEPRECATION_WARNING), warning;
    encoding_warning: exception::spec(&exception::ENCODING_WARNING), warning;
    future_warning: exception::spec(&exception::FUTURE_WARNING), warning;
    import_warning: exception::spec(&exception::IMPORT_WARNING), warning;
    pending_deprecation_warning: exception::spec(&exception::PENDING_DEPRECATION_WARNING), warning;
    resource_warning: exception::spec(&exception::RESOURCE_WARNING), warning;
    runtime_warning: exception::spec(&exception::RUNTIME_WARNING), warning;
    syntax_warning: exception::spec(&exception::SYNTAX_WARNING), warning;
    unicode_warning: exception::spec(&exception::UNICODE_WARNING), warning;
    user_warning: exception::spec(&exception::USER_WARNING), warning;
}

/// The types in the table whose instances can be weakly referenced.
const WEAKLY_REFERENCEABLE: &[&str] = &[
    "type",
    "builtin_function_or_method",
    "method",
    "module",
    "set",
    "frozenset",
    "GenericAlias",
    "Union",
    "memoryview",
];

fn blank(spec: &'static TypeSpec) -> Type {
    let weak = WEAKLY_REFERENCEABLE.contains(&spec.name);
    let mut kind = kind_flags::EXACT | if weak { kind_flags::WEAKLY_REFERENCEABLE } else { 0 };
    if spec.name == "tuple" {
        kind |= kind_flags::MAY_UNTRACK;
    }
    Type::blank(spec.name, (spec.payload)(), kind, spec.flags | super::type_flags::IMMUTABLE)
}

impl Types {
    /// Makes the type objects, without namespaces.
    pub(crate) fn bootstrap(vm: &Vm) -> PyResult<Types> {
        Types::make(vm)
    }

    /// Gives the types namespaces, bases, slots and methods.
    pub(crate) fn ready(vm: &Vm) -> PyResult<()> {
        let types = vm.types();
        let empty = Tuple::new(vm, std::iter::empty())?;
        empty.header().make_immortal();
        crate::builtins::str::make_shared(vm)?;
        crate::builtins::bytes::make_shared(vm)?;
        let _ = types.empty_tuple.set(empty);
        types.each(|class, base, spec| {
            class.header().make_immortal();
            let second = class.is_same(&*types.exception_group).then_some(&types.exception);
            class.ready(vm, base.into_iter().chain(second).cloned().collect(), spec)
        })
    }
}

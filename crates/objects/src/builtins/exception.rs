//! `BaseException` and its kin: one payload for all builtin exceptions; the fields that some have beyond it stand in `extra`.
//!
//! Invariant: `args` is always a tuple; `cause`, `context` and `traceback` are empty instead of holding None.

use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::native::{Args, TypeSpec};
use crate::types::{Type, type_flags};
use crate::vm::{PyResult, Raised, Vm};
use std::cell::{Cell, OnceCell};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};

/// An exception.
#[derive(Payload)]
#[payload(name = "BaseException")]
pub struct BaseException {
    /// `args`, a tuple.
    pub args: Slot,
    /// `__traceback__`
    pub traceback: Slot,
    /// `__context__`
    pub context: Slot,
    /// `__cause__`
    pub cause: Slot,
    /// `__suppress_context__`
    pub suppress_context: Cell<bool>,
    /// Fields of particular exceptions (`errno`, `name`, …), by number; see each type.
    pub extra: OnceCell<Box<[Slot]>>,
}

impl BaseException {
    /// A payload with these `args`.
    pub fn with_args(args: Ref<Tuple>) -> BaseException {
        BaseException {
            args: Slot::new(Some(args.into())),
            traceback: Slot::default(),
            context: Slot::default(),
            cause: Slot::default(),
            suppress_context: Cell::new(false),
            extra: OnceCell::new(),
        }
    }

    /// An exception made by `class(*arguments)`.
    pub fn make(vm: &Vm, class: &Obj<Type>, arguments: &[Value]) -> PyResult<Ref<BaseException>> {
        let made = crate::types::call::call(vm, &class.to_value(), Args::positional(arguments))?;
        made.downcast_into::<BaseException>().map_err(|other| {
            let given = vm.type_name(&other);
            let class = class.name();
            vm.type_error(format!(
                "calling <class '{class}'> should have returned an instance of BaseException, not {given}"
            ))
        })
    }

    /// Sets `name` and `obj` of the AttributeError that was just raised.
    pub fn describe_attribute(vm: &Vm, raised: Raised, object: &Value, name: &Obj<Str>) -> Raised {
        let exception = vm.take_exception(raised);
        let fields = exception.extra.get_or_init(|| [Slot::default(), Slot::default()].into());
        if let [name_field, object_field] = &**fields {
            name_field.set(Some(name.to_value()));
            object_field.set(Some(object.clone()));
        }
        vm.restore(exception)
    }

    fn new(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> PyResult<Value> {
        let arguments = args.to_tuple(vm)?;
        Ok(vm.alloc_instance(class, BaseException::with_args(arguments))?.into())
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: type_flags::BASETYPE | type_flags::HAS_DICT,
            fill_slots: |slots| slots.new.set(Some(BaseException::new)),
            ..TypeSpec::bare("BaseException", <BaseException as Payload>::info)
        };
        &SPEC
    }
}

/// The description of an exception class that adds nothing but its name.
pub fn spec(of: &'static TypeSpec) -> &'static TypeSpec {
    of
}

macro_rules! exceptions {
    ($($constant:ident $name:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub static $constant: TypeSpec = TypeSpec {
                flags: type_flags::BASETYPE | type_flags::HAS_DICT,
                ..TypeSpec::bare($name, <BaseException as Payload>::info)
            };
        )*
    };
}

exceptions! {
    ARITHMETIC_ERROR "ArithmeticError";
    ASSERTION_ERROR "AssertionError";
    ATTRIBUTE_ERROR "AttributeError";
    BASE_EXCEPTION_GROUP "BaseExceptionGroup";
    BLOCKING_IO_ERROR "BlockingIOError";
    BROKEN_PIPE_ERROR "BrokenPipeError";
    BUFFER_ERROR "BufferError";
    BYTES_WARNING "BytesWarning";
    CHILD_PROCESS_ERROR "ChildProcessError";
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError";
    CONNECTION_ERROR "ConnectionError";
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError";
    CONNECTION_RESET_ERROR "ConnectionResetError";
    DEPRECATION_WARNING "DeprecationWarning";
    EOF_ERROR "EOFError";
    ENCODING_WARNING "EncodingWarning";
    EXCEPTION "Exception";
    EXCEPTION_GROUP "ExceptionGroup";
    FILE_EXISTS_ERROR "FileExistsError";
    FILE_NOT_FOUND_ERROR "FileNotFoundError";
    FLOATING_POINT_ERROR "FloatingPointError";
    FUTURE_WARNING "FutureWarning";
    GENERATOR_EXIT "GeneratorExit";
    IMPORT_ERROR "ImportError";
    IMPORT_WARNING "ImportWarning";
    INDENTATION_ERROR "IndentationError";
    INDEX_ERROR "IndexError";
    INTERRUPTED_ERROR "InterruptedError";
    IS_A_DIRECTORY_ERROR "IsADirectoryError";
    KEY_ERROR "KeyError";
    KEYBOARD_INTERRUPT "KeyboardInterrupt";
    LOOKUP_ERROR "LookupError";
    MEMORY_ERROR "MemoryError";
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError";
    NAME_ERROR "NameError";
    NOT_A_DIRECTORY_ERROR "NotADirectoryError";
    NOT_IMPLEMENTED_ERROR "NotImplementedError";
    OS_ERROR "OSError";
    OVERFLOW_ERROR "OverflowError";
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning";
    PERMISSION_ERROR "PermissionError";
    PROCESS_LOOKUP_ERROR "ProcessLookupError";
    PYTHON_FINALIZATION_ERROR "PythonFinalizationError";
    RECURSION_ERROR "RecursionError";
    REFERENCE_ERROR "ReferenceError";
    RESOURCE_WARNING "ResourceWarning";
    RUNTIME_ERROR "RuntimeError";
    RUNTIME_WARNING "RuntimeWarning";
    STOP_ASYNC_ITERATION "StopAsyncIteration";
    STOP_ITERATION "StopIteration";
    SYNTAX_ERROR "SyntaxError";
    SYNTAX_WARNING "SyntaxWarning";
    SYSTEM_ERROR "SystemError";
    SYSTEM_EXIT "SystemExit";
    TAB_ERROR "TabError";
    TIMEOUT_ERROR "TimeoutError";
    TYPE_ERROR "TypeError";
    UNBOUND_LOCAL_ERROR "UnboundLocalError";
    UNICODE_DECODE_ERROR "UnicodeDecodeError";
    UNICODE_ENCODE_ERROR "UnicodeEncodeError";
    UNICODE_ERROR "UnicodeError";
    UNICODE_TRANSLATE_ERROR "UnicodeTranslateError";
    UNICODE_WARNING "UnicodeWarning";
    USER_WARNING "UserWarning";
    VALUE_ERROR "ValueError";
    WARNING "Warning";
    ZERO_DIVISION_ERROR "ZeroDivisionError";
    INCOMPLETE_INPUT_ERROR "_IncompleteInputError";
}

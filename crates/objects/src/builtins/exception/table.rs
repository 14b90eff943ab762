//! The exception classes that add nothing but their name to their base.
//!
//! Invariant: the payload is that of the base in the table of builtin types.

use super::{BaseException, ImportError, NameError, OsError, SyntaxError};
use crate::native::TypeSpec;
use crate::types::type_flags;
use taipan_heap::Payload;

/// The description of an exception class that adds nothing but its name.
pub fn spec(of: &'static TypeSpec) -> &'static TypeSpec {
    of
}

macro_rules! exceptions {
    ($($constant:ident $name:literal $payload:ty;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub static $constant: TypeSpec = TypeSpec {
                flags: type_flags::BASETYPE | type_flags::HAS_DICT,
                ..TypeSpec::bare($name, <$payload as Payload>::info)
            };
        )*
    };
}

exceptions! {
    ARITHMETIC_ERROR "ArithmeticError" BaseException;
    ASSERTION_ERROR "AssertionError" BaseException;
    BLOCKING_IO_ERROR "BlockingIOError" OsError;
    BROKEN_PIPE_ERROR "BrokenPipeError" OsError;
    BUFFER_ERROR "BufferError" BaseException;
    BYTES_WARNING "BytesWarning" BaseException;
    CHILD_PROCESS_ERROR "ChildProcessError" OsError;
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError" OsError;
    CONNECTION_ERROR "ConnectionError" OsError;
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError" OsError;
    CONNECTION_RESET_ERROR "ConnectionResetError" OsError;
    DEPRECATION_WARNING "DeprecationWarning" BaseException;
    EOF_ERROR "EOFError" BaseException;
    ENCODING_WARNING "EncodingWarning" BaseException;
    EXCEPTION "Exception" BaseException;
    FILE_EXISTS_ERROR "FileExistsError" OsError;
    FILE_NOT_FOUND_ERROR "FileNotFoundError" OsError;
    FLOATING_POINT_ERROR "FloatingPointError" BaseException;
    FUTURE_WARNING "FutureWarning" BaseException;
    GENERATOR_EXIT "GeneratorExit" BaseException;
    IMPORT_WARNING "ImportWarning" BaseException;
    INDENTATION_ERROR "IndentationError" SyntaxError;
    INDEX_ERROR "IndexError" BaseException;
    INTERRUPTED_ERROR "InterruptedError" OsError;
    IS_A_DIRECTORY_ERROR "IsADirectoryError" OsError;
    KEYBOARD_INTERRUPT "KeyboardInterrupt" BaseException;
    LOOKUP_ERROR "LookupError" BaseException;
    MEMORY_ERROR "MemoryError" BaseException;
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError" ImportError;
    NOT_A_DIRECTORY_ERROR "NotADirectoryError" OsError;
    NOT_IMPLEMENTED_ERROR "NotImplementedError" BaseException;
    OVERFLOW_ERROR "OverflowError" BaseException;
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning" BaseException;
    PERMISSION_ERROR "PermissionError" OsError;
    PROCESS_LOOKUP_ERROR "ProcessLookupError" OsError;
    PYTHON_FINALIZATION_ERROR "PythonFinalizationError" BaseException;
    RECURSION_ERROR "RecursionError" BaseException;
    REFERENCE_ERROR "ReferenceError" BaseException;
    RESOURCE_WARNING "ResourceWarning" BaseException;
    RUNTIME_ERROR "RuntimeError" BaseException;
    RUNTIME_WARNING "RuntimeWarning" BaseException;
    STOP_ASYNC_ITERATION "StopAsyncIteration" BaseException;
    SYNTAX_WARNING "SyntaxWarning" BaseException;
    SYSTEM_ERROR "SystemError" BaseException;
    TAB_ERROR "TabError" SyntaxError;
    TIMEOUT_ERROR "TimeoutError" OsError;
    TYPE_ERROR "TypeError" BaseException;
    UNBOUND_LOCAL_ERROR "UnboundLocalError" NameError;
    UNICODE_ERROR "UnicodeError" BaseException;
    UNICODE_WARNING "UnicodeWarning" BaseException;
    USER_WARNING "UserWarning" BaseException;
    VALUE_ERROR "ValueError" BaseException;
    WARNING "Warning" BaseException;
    ZERO_DIVISION_ERROR "ZeroDivisionError" BaseException;
    INCOMPLETE_INPUT_ERROR "_IncompleteInputError" SyntaxError;
}

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
    ($($constant:ident $name:literal $payload:ident $doc:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub static $constant: TypeSpec = TypeSpec {
                doc: $doc,
                flags: type_flags::BASETYPE | type_flags::HAS_DICT,
                ..TypeSpec::bare($name, <$payload as Payload>::info)
            };
        )*
    };
}

exceptions! {
    ARITHMETIC_ERROR "ArithmeticError" BaseException "Base of the errors that calculations raise.";
    ASSERTION_ERROR "AssertionError" BaseException "An assert statement did not hold.";
    BLOCKING_IO_ERROR "BlockingIOError" OsError "The operation would have to wait, and may not.";
    BROKEN_PIPE_ERROR "BrokenPipeError" OsError "Nobody reads the other end any more.";
    BUFFER_ERROR "BufferError" BaseException "A buffer cannot be had, or cannot change while it is in use.";
    BYTES_WARNING "BytesWarning" BaseException "Base of warnings about bytes mixed with text, as -b asks for.";
    CHILD_PROCESS_ERROR "ChildProcessError" OsError "An operation on a child process failed.";
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError" OsError "The connection was given up by the other side.";
    CONNECTION_ERROR "ConnectionError" OsError "Base of the errors of connections.";
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError" OsError "The other side did not want the connection.";
    CONNECTION_RESET_ERROR "ConnectionResetError" OsError "The other side broke the connection off.";
    DEPRECATION_WARNING "DeprecationWarning" BaseException "Base of warnings about features that will go, meant for programmers.";
    EOF_ERROR "EOFError" BaseException "The input ended before anything was read.";
    ENCODING_WARNING "EncodingWarning" BaseException "Base of warnings about encodings that are left to the locale.";
    EXCEPTION "Exception" BaseException "Base of all exceptions that do not end the program by themselves.";
    FILE_EXISTS_ERROR "FileExistsError" OsError "The file is there already.";
    FILE_NOT_FOUND_ERROR "FileNotFoundError" OsError "There is no such file.";
    FLOATING_POINT_ERROR "FloatingPointError" BaseException "A calculation with floats failed.";
    FUTURE_WARNING "FutureWarning" BaseException "Base of warnings about meanings that will change, meant for users.";
    GENERATOR_EXIT "GeneratorExit" BaseException "Asks a generator to end.";
    IMPORT_WARNING "ImportWarning" BaseException "Base of warnings about imports that are probably mistaken.";
    INDENTATION_ERROR "IndentationError" SyntaxError "The indentation is wrong.";
    INDEX_ERROR "IndexError" BaseException "The sequence has no item there.";
    INTERRUPTED_ERROR "InterruptedError" OsError "A signal came in the middle of a system call.";
    IS_A_DIRECTORY_ERROR "IsADirectoryError" OsError "The operation does not work on folders.";
    KEYBOARD_INTERRUPT "KeyboardInterrupt" BaseException "The user interrupted the program.";
    LOOKUP_ERROR "LookupError" BaseException "Base of the errors of looking something up.";
    MEMORY_ERROR "MemoryError" BaseException "There is no memory left.";
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError" ImportError "There is no such module.";
    NOT_A_DIRECTORY_ERROR "NotADirectoryError" OsError "The operation works only on folders.";
    NOT_IMPLEMENTED_ERROR "NotImplementedError" BaseException "The method or function has to be written yet.";
    OVERFLOW_ERROR "OverflowError" BaseException "The result is too large for what has to hold it.";
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning" BaseException "Base of warnings about features that will be deprecated some day.";
    PERMISSION_ERROR "PermissionError" OsError "The operation is not allowed.";
    PROCESS_LOOKUP_ERROR "ProcessLookupError" OsError "There is no such process.";
    PYTHON_FINALIZATION_ERROR "PythonFinalizationError" BaseException "The operation is not possible while the interpreter ends.";
    RECURSION_ERROR "RecursionError" BaseException "Calls are nested too deeply.";
    REFERENCE_ERROR "ReferenceError" BaseException "What the weak proxy stood for is gone.";
    RESOURCE_WARNING "ResourceWarning" BaseException "Base of warnings about resources that nobody gave back.";
    RUNTIME_ERROR "RuntimeError" BaseException "An error that fits no other class.";
    RUNTIME_WARNING "RuntimeWarning" BaseException "Base of warnings about dubious behaviour while the program runs.";
    STOP_ASYNC_ITERATION "StopAsyncIteration" BaseException "An asynchronous iterator has no more items.";
    SYNTAX_WARNING "SyntaxWarning" BaseException "Base of warnings about dubious syntax.";
    SYSTEM_ERROR "SystemError" BaseException "An error of the interpreter itself, which is to be reported.";
    TAB_ERROR "TabError" SyntaxError "Tabs and spaces are mixed in a way that can be read differently.";
    TIMEOUT_ERROR "TimeoutError" OsError "The time was up.";
    TYPE_ERROR "TypeError" BaseException "The value's type does not suit.";
    UNBOUND_LOCAL_ERROR "UnboundLocalError" NameError "A local variable has no value yet.";
    UNICODE_ERROR "UnicodeError" BaseException "Base of the errors of encodings.";
    UNICODE_WARNING "UnicodeWarning" BaseException "Base of warnings about Unicode.";
    USER_WARNING "UserWarning" BaseException "Base of the warnings that programs issue.";
    VALUE_ERROR "ValueError" BaseException "The type suits, but not the value.";
    WARNING "Warning" BaseException "Base of all warnings.";
    ZERO_DIVISION_ERROR "ZeroDivisionError" BaseException "The divisor was zero.";
    INCOMPLETE_INPUT_ERROR "_IncompleteInputError" SyntaxError "The input is not complete yet.";
}

//! Shorthands that raise the builtin exceptions.
//!
//! Invariant: each makes the exception, puts it into the thread state and returns the `Raised` to be returned as an error.

use crate::builtins::exception::BaseException;
use crate::builtins::str::Str;
use crate::types::Type;
use crate::vm::{PyResult, Raised, Vm};
use taipan_heap::{Obj, Ref, Value};

macro_rules! shorthands {
    ($($function:ident => $class:ident;)*) => {
        impl Vm {
            $(
                #[doc = concat!("Raises the builtin exception `", stringify!($class), "` with a message.")]
                #[cold]
                pub fn $function(&self, message: impl AsRef<str>) -> Raised {
                    self.raise_new(&self.types().$class, message.as_ref())
                }
            )*
        }
    };
}

shorthands! {
    type_error => type_error;
    value_error => value_error;
    index_error => index_error;
    attribute_error => attribute_error;
    name_error => name_error;
    overflow_error => overflow_error;
    zero_division_error => zero_division_error;
    runtime_error => runtime_error;
    recursion_error => recursion_error;
    not_implemented_error => not_implemented_error;
    system_error => system_error;
    buffer_error => buffer_error;
    import_error => import_error;
    module_not_found_error => module_not_found_error;
    assertion_error => assertion_error;
    reference_error => reference_error;
    lookup_error => lookup_error;
    eof_error => eof_error;
    os_error_text => os_error;
}

impl Vm {
    /// Issues a DeprecationWarning, which the program may have turned into an exception.
    #[cold]
    pub fn warn_deprecated(&self, text: &str) -> PyResult<()> {
        match crate::types::ClassHooks::of(self).warn.get() {
            Some(warn) => warn(self, &self.types().deprecation_warning, text),
            None => Ok(()),
        }
    }

    /// Issues the warning about a conversion method that returned an instance of a strict subclass.
    #[cold]
    pub fn warn_strict_subclass(&self, method: &str, wanted: &str, result: &Value) -> PyResult<()> {
        let given = self.type_name(result);
        self.warn_deprecated(&format!(
            "{method} returned non-{wanted} (type {given}).  The ability to return an instance of a strict subclass of {wanted} is deprecated, and may be removed in a future version of Python."
        ))
    }

    /// A str with the text of an error's message. Most errors are raised again soon, so those of the last messages are kept.
    fn message(&self, text: &str) -> PyResult<Value> {
        /// Longer ones are not.
        const KEPT: usize = 80;
        let mixed = text.len() ^ text.bytes().next_back().map_or(0, usize::from);
        let place = &self.messages[mixed % self.messages.len()];
        let known = place.lend(|kept| Str::is_text(kept, text).then(|| kept.clone())).flatten();
        if let Some(known) = known {
            return Ok(known);
        }
        let made: Value = Str::new(self, text)?.into();
        if text.len() <= KEPT {
            place.set(Some(made.clone()));
        }
        Ok(made)
    }

    /// Raises `class` with one str argument.
    #[cold]
    pub fn raise_new(&self, class: &Obj<Type>, message: &str) -> Raised {
        match self.message(message) {
            Ok(message) => self.raise_with(class, message),
            Err(raised) => raised,
        }
    }

    /// Raises `class` with one argument of any type.
    #[cold]
    pub fn raise_with(&self, class: &Obj<Type>, argument: Value) -> Raised {
        match self.new_exception(class, &[argument]) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    /// An exception of `class` made by calling it with `arguments`.
    pub fn new_exception(&self, class: &Obj<Type>, arguments: &[Value]) -> PyResult<Ref<BaseException>> {
        BaseException::make(self, class, arguments)
    }

    /// Raises `class` without arguments.
    #[cold]
    pub fn raise_bare(&self, class: &Obj<Type>) -> Raised {
        match self.new_exception(class, &[]) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Raises an exception held as a value.
    #[cold]
    pub fn raise_value(&self, exception: Value) -> Raised {
        match exception.downcast_into::<BaseException>() {
            Ok(exception) => self.raise(exception),
            Err(_) => self.type_error("exceptions must derive from BaseException"),
        }
    }

    /// Raises KeyError with the key itself as argument.
    #[cold]
    pub fn key_error(&self, key: &Value) -> Raised {
        self.raise_with(&self.types().key_error, key.clone())
    }

    /// Raises StopIteration with an optional value.
    #[cold]
    pub fn stop_iteration(&self, value: Option<Value>) -> Raised {
        let arguments: Vec<Value> = value.into_iter().collect();
        match self.new_exception(&self.types().stop_iteration, &arguments) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Raises the TypeError for a method called on a value of another type.
    #[cold]
    pub fn bad_self(&self, method: &str, class: &str, value: &Value) -> Raised {
        let given = self.type_name(value);
        self.type_error(format!("descriptor '{method}' for '{class}' objects doesn't apply to a '{given}' object"))
    }

    /// Raises AttributeError `'T' object has no attribute 'x'` with its `name` and `obj` set.
    #[cold]
    pub fn no_attribute(&self, object: &Value, name: &Obj<Str>) -> Raised {
        let shown = match object.downcast::<Type>() {
            Some(class) => format!("type object '{}'", class.tp_name()),
            None => format!("'{}' object", self.type_name(object)),
        };
        let message = format!("{shown} has no attribute '{}'", name.to_lossy());
        self.attribute_error_on(&message, object, name)
    }

    /// Raises AttributeError with its `name` and `obj` set.
    #[cold]
    pub fn attribute_error_on(&self, message: &str, object: &Value, name: &Obj<Str>) -> Raised {
        let raised = self.attribute_error(message);
        BaseException::describe_attribute(self, raised, object, name)
    }

    /// The SystemError of a broken invariant: `Err(Raised)` was returned with no exception set.
    #[cold]
    pub(super) fn missing_exception(&self) -> Ref<BaseException> {
        match self.new_exception(&self.types().system_error, &[]) {
            Ok(exception) => exception,
            Err(_) => match self.interp().memory_error() {
                Some(exception) => exception,
                None => unreachable!("exceptions are not taken before start-up has made one"),
            },
        }
    }
}

//! Code objects that are read from their binary form when they are first looked at: most functions of a module are never called.
//!
//! Invariant: what `get` returned once it returns always; the packed bytes are let go of when the code was read.

use crate::code::{Code, CodeFlags, VariableKind};
use crate::serial::{FormatError, Packed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A code object that may not have been read yet.
#[derive(Debug)]
pub struct LazyCode {
    code: OnceLock<Arc<Code>>,
    unread: Mutex<Option<Unread>>,
}

/// Where the binary form of a code object lies: its bytes up to the end of `bytes`.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) packed: Arc<Packed>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What making a function needs to know of its code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// `co_flags`
    pub flags: CodeFlags,
    /// `co_firstlineno`
    pub first_line: u32,
    /// `co_argcount`
    pub arg_count: u32,
    /// `co_posonlyargcount`
    pub posonly_arg_count: u32,
    /// `co_kwonlyargcount`
    pub kwonly_arg_count: u32,
    /// Registers of a frame.
    pub nregs: u32,
    /// Number of variables.
    pub variables: u32,
    /// How many of them are free.
    pub free: u32,
}

impl Code {
    /// What making a function needs to know.
    pub fn head(&self) -> Head {
        Head {
            flags: self.flags,
            first_line: self.first_line,
            arg_count: self.arg_count,
            posonly_arg_count: self.posonly_arg_count,
            kwonly_arg_count: self.kwonly_arg_count,
            nregs: self.nregs,
            variables: self.variables.len() as u32,
            free: self.variables.iter().filter(|v| v.kind == VariableKind::Free).count() as u32,
        }
    }
}

impl From<Arc<Code>> for LazyCode {
    fn from(code: Arc<Code>) -> LazyCode {
        LazyCode { code: OnceLock::from(code), unread: Mutex::new(None) }
    }
}

impl LazyCode {
    /// The code object in these bytes, whose nested ones are read when they are looked at.
    pub fn open(bytes: &'static [u8]) -> Result<LazyCode, FormatError> {
        Ok(LazyCode::from(Arc::new(Packed::open(bytes.into())?.read_top(true)?)))
    }

    pub(crate) fn unread(unread: Unread) -> LazyCode {
        LazyCode { code: OnceLock::new(), unread: Mutex::new(Some(unread)) }
    }

    /// The code, if it has been read.
    pub fn known(&self) -> Option<&Arc<Code>> {
        self.code.get()
    }

    /// The code. Bytes that are no code give one without instructions.
    pub fn get(&self) -> &Arc<Code> {
        self.code.get_or_init(|| {
            let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner).take();
            let code = unread.and_then(|unread| unread.packed.read(unread.start, unread.end).ok());
            Arc::new(code.unwrap_or_else(Code::damaged))
        })
    }

    /// Looks at the unread form, or at the code.
    fn look<T>(&self, unread: impl FnOnce(&Unread) -> Option<T>, read: impl FnOnce(&Code) -> T) -> T {
        let found = match self.code.get() {
            Some(_) => None,
            None => self.unread.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(unread),
        };
        found.unwrap_or_else(|| read(self.get()))
    }

    /// What making a function needs to know; does not read the code.
    pub fn head(&self) -> Head {
        self.look(|unread| unread.packed.head(unread.start).ok(), Code::head)
    }

    /// `co_name`; does not read the code.
    pub fn name(&self) -> Arc<str> {
        self.look(|unread| unread.packed.names(unread.start).ok().map(|[name, _]| name), |code| code.name.clone())
    }

    /// `co_qualname`; does not read the code.
    pub fn qualname(&self) -> Arc<str> {
        self.look(|unread| unread.packed.names(unread.start).ok().map(|[_, name]| name), |code| code.qualname.clone())
    }
}

//! The standard streams while the module `_io` is not installed: unbuffered writers over file descriptors.
//!
//! Invariant: nothing is kept back, so nothing needs flushing at exit but the text collected for standard output.

use std::cell::RefCell;
use taipan_heap::{Obj, Payload, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Vm};

/// A stream that text can be written to.
#[derive(Payload)]
#[payload(name = "TextStream")]
pub struct TextStream {
    descriptor: i32,
    pending: RefCell<Vec<u8>>,
}

const ROOM: usize = 8192;

impl TextStream {
    /// A stream over a file descriptor.
    pub fn make(vm: &Vm, descriptor: i32) -> PyResult<Value> {
        let class = vm.native_type(TextStream::spec())?;
        Ok(vm.alloc(&*class, TextStream { descriptor, pending: RefCell::default() })?.into())
    }

    fn write_out(&self, vm: &Vm) -> PyResult<()> {
        let bytes = self.pending.take();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            match taipan_host::file::write(self.descriptor, rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) => return Err(vm.os_error(taipan_host::errno(&error), None)),
            }
        }
        Ok(())
    }
}

/// A text stream over a file descriptor.
#[pytype(name = "TextStream", module = "taipan")]
impl TextStream {
    /// Write a string.
    #[method]
    fn write(this: &Obj<TextStream>, vm: &Vm, text: &Obj<Str>) -> PyResult<usize> {
        this.pending.borrow_mut().extend_from_slice(text.to_lossy().as_bytes());
        if this.descriptor == 2 || this.pending.borrow().len() > ROOM {
            this.write_out(vm)?;
        }
        Ok(text.len())
    }

    /// Write out what was collected.
    #[method]
    fn flush(this: &Obj<TextStream>, vm: &Vm) -> PyResult<()> {
        this.write_out(vm)
    }

    /// The file descriptor.
    #[method]
    fn fileno(this: &Obj<TextStream>) -> i32 {
        this.descriptor
    }

    /// Whether this is a terminal.
    #[method]
    fn isatty(this: &Obj<TextStream>) -> bool {
        taipan_host::file::isatty(this.descriptor)
    }

    #[getter]
    fn encoding(this: &Obj<TextStream>) -> &'static str {
        let _ = this;
        "utf-8"
    }
}

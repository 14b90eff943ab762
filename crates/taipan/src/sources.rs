//! Source text that stands in no file: that of `-c` and of statements typed at the prompt, for tracebacks.
//!
//! Invariant: a text is kept for as long as code compiled from it is, and belongs to that code alone, whatever its file is called.

use std::cell::RefCell;
use std::sync::{Arc, Weak};
use taipan_objects::vm::Vm;

/// The texts of an interpreter, by the file name object that all code of one compilation shares.
#[derive(Default)]
struct Sources(RefCell<Vec<(Weak<str>, Arc<str>)>>);

/// Remembers the text from which the code with this file name was compiled.
pub fn remember(vm: &Vm, filename: &Arc<str>, text: &str) {
    let sources = vm.interp().state(Sources::default);
    let mut sources = sources.0.borrow_mut();
    sources.retain(|(name, _)| name.strong_count() > 0);
    sources.push((Arc::downgrade(filename), text.into()));
}

/// The text from which the code with this file name was compiled, if it is no file's.
pub fn text(vm: &Vm, filename: &Arc<str>) -> Option<Arc<str>> {
    let sources = vm.interp().state(Sources::default);
    let sources = sources.0.borrow();
    let found = sources.iter().rev().find(|(name, _)| std::ptr::addr_eq(name.as_ptr(), Arc::as_ptr(filename)));
    found.map(|(_, text)| text.clone())
}

//! The collector's switches and lists, as a `gc` module shows them.

use super::collect::{Debug, Stats};
use super::page::{Bits, PageRef};
use super::trial::{Scope, traverse_object};
use super::{Heap, slots_of};
use crate::header::{Header, bits};
use crate::slot::Slot;
use crate::trace::Visitor;
use crate::value::Value;
use std::ptr::NonNull;

/// The generation of an object.
pub(crate) fn generation_of(header: &Header) -> u8 {
    if header.has(bits::FROZEN) {
        return 3;
    }
    let object = NonNull::from(header);
    // SAFETY: H1: headers stand in pages.
    let page = unsafe { PageRef::of(object) };
    let index = page.index_of(object);
    match (page.bit(Bits::Young, index), page.bit(Bits::Middle, index)) {
        (true, _) => 0,
        (false, true) => 1,
        _ => 2,
    }
}

/// The heap an object lives in.
pub(crate) fn heap_of<'a>(header: &Header) -> &'a Heap {
    // SAFETY: H1: headers stand in pages.
    unsafe { PageRef::of(NonNull::from(header)) }.heap()
}

/// A new reference to a live object.
fn reference(object: NonNull<Header>) -> Value {
    // SAFETY: the caller passes a live object; the value gets a count of its own.
    unsafe {
        object.as_ref().increment();
        Value::from_owned(object)
    }
}

impl Heap {
    /// The three thresholds.
    pub fn thresholds(&self) -> [u32; 3] {
        self.collector.thresholds.each_ref().map(std::cell::Cell::get)
    }

    /// Sets the three thresholds. A first one of 0 means that no collection comes by itself.
    pub fn set_thresholds(&self, thresholds: [u32; 3]) {
        for (cell, threshold) in self.collector.thresholds.iter().zip(thresholds) {
            cell.set(threshold);
        }
        self.reset_trigger();
    }

    /// Allocations minus frees of tracked objects, and the collections of the two younger generations, each since the last
    /// collection that counts for it.
    pub fn counts(&self) -> [usize; 3] {
        let counts = &self.collector.counts;
        [self.collector.allocations.get() as usize, counts[1].get() as usize, counts[2].get() as usize]
    }

    /// Lets collections come by themselves.
    pub fn enable(&self) {
        self.collector.enabled.set(true);
        self.reset_trigger();
    }

    /// Lets collections come only when asked for.
    pub fn disable(&self) {
        self.collector.enabled.set(false);
        self.reset_trigger();
    }

    /// Whether collections come by themselves.
    pub fn is_enabled(&self) -> bool {
        self.collector.enabled.get()
    }

    /// Whether a collection is running.
    pub fn is_collecting(&self) -> bool {
        self.collector.collecting.get()
    }

    /// What the collections of each generation did so far.
    pub fn stats(&self) -> [Stats; 3] {
        self.collector.stats.each_ref().map(std::cell::Cell::get)
    }

    /// The debugging switches.
    pub fn debug(&self) -> Debug {
        self.collector.debug.get()
    }

    /// Sets the debugging switches.
    pub fn set_debug(&self, debug: Debug) {
        self.collector.debug.set(debug);
    }

    /// The trash that `Debug::save_all` kept since the last call.
    pub fn take_garbage(&self) -> Vec<Value> {
        self.collector.garbage.take()
    }

    /// Makes the collector look at an object.
    pub fn track(&self, object: &Header) {
        if object.has(bits::TRACKED) {
            return;
        }
        object.set(bits::TRACKED, true);
        self.unmark(object);
        // SAFETY: H1.
        unsafe { self.note_young(NonNull::from(object)) };
    }

    /// Makes an object one that the next full collection has not seen yet.
    pub(super) fn unmark(&self, object: &Header) {
        object.word.set(object.word.get() & !bits::MARK | self.unmarked.get());
    }

    /// Makes the collector pass an object by; its references count as coming from outside.
    pub fn untrack(&self, object: &Header) {
        object.set(bits::TRACKED, false);
    }

    /// The tracked objects of a generation, or of all three but the permanent one.
    pub fn objects(&self, generation: Option<u8>) -> Vec<Value> {
        let mut found = Vec::new();
        self.walk_scope(Scope::All, |_, object| {
            // SAFETY: the walk yields live objects.
            let header = unsafe { object.as_ref() };
            if self.is_listed(header) && generation.is_none_or(|wanted| wanted == header.generation()) {
                found.push(reference(object));
            }
        });
        found
    }

    /// The tracked objects that refer to one of `targets`.
    pub fn referrers(&self, targets: &[Value]) -> Vec<Value> {
        let mut found = Vec::new();
        self.walk_scope(Scope::All, |_, object| {
            // SAFETY: the walk yields live objects.
            let listed = self.is_listed(unsafe { object.as_ref() });
            let mut refers = false;
            let mut edge = |target: NonNull<Header>| {
                refers |= targets.iter().any(|wanted| wanted.bits() == target.addr().get() as u64);
            };
            if listed {
                // SAFETY: the object is live.
                unsafe { traverse_object(object, &mut Visitor::new(&mut edge)) };
            }
            if refers {
                found.push(reference(object));
            }
        });
        found
    }

    /// What `value` refers to directly, its class included, and values that are no objects too unless they stand in slots.
    pub fn referents(&self, value: &Value) -> Vec<Value> {
        let mut found = Vec::new();
        if let Some(header) = value.header() {
            let kind = header.kind();
            let class = kind.class_object().map(|class| reference(NonNull::from(class)));
            let slots = slots_of(header).iter().filter_map(Slot::get).filter(|value| value.header().is_some());
            found.extend(class.into_iter().chain(slots));
            let mut add = |value: &Value| found.push(value.clone());
            // SAFETY: V1: the object is live.
            unsafe { (kind.info().edges)(NonNull::from(header), &mut Visitor::with_values(&mut add)) };
        }
        found
    }

    /// Moves all tracked objects to the permanent generation, which collections leave alone.
    pub fn freeze(&self) {
        self.walk_scope(Scope::All, |_, object| {
            // SAFETY: the walk yields live objects.
            let header = unsafe { object.as_ref() };
            if header.has(bits::TRACKED) {
                header.set(bits::FROZEN, true);
            }
        });
    }

    /// Moves the permanent generation to the oldest one.
    pub fn unfreeze(&self) {
        self.forget_young();
        self.walk_scope(Scope::All, |page, object| {
            // SAFETY: the walk yields live objects.
            let header = unsafe { object.as_ref() };
            if header.has(bits::FROZEN) {
                header.set(bits::FROZEN, false);
                self.unmark(header);
                let index = page.index_of(object);
                page.clear_bit(Bits::Young, index);
                page.clear_bit(Bits::Middle, index);
            }
        });
    }

    /// The number of objects in the permanent generation.
    pub fn frozen_count(&self) -> usize {
        let mut count = 0;
        self.walk_scope(Scope::All, |_, object| {
            // SAFETY: the walk yields live objects.
            count += usize::from(unsafe { object.as_ref() }.has(bits::FROZEN));
        });
        count
    }

    fn is_listed(&self, header: &Header) -> bool {
        header.word.get() & (bits::TRACKED | bits::FROZEN) == bits::TRACKED && !self.is_torn(header)
    }

    /// Whether an object is trash whose contents are being dropped.
    pub(super) fn is_torn(&self, header: &Header) -> bool {
        self.tearing.get() && header.has(bits::CANDIDATE)
    }
}

//! `str_ascii_iterator` and `str_iterator`: the characters of a str one by one.
//!
//! Invariant: an exhausted iterator lets go of its str.

use super::Str;
use crate::builtins::iterator::reduce_remaining;
use crate::builtins::tuple::Tuple;
use crate::native::TypeSpec;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use std::sync::OnceLock;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_text::Slice;

/// `str_iterator`
#[derive(Payload)]
#[payload(name = "str_iterator")]
pub struct StrIterator {
    text: Slot,
    index: Cell<usize>,
}

#[pytype(name = "str_iterator")]
impl StrIterator {
    /// An iterator over `text`.
    pub fn over(vm: &Vm, text: &Value) -> PyResult<Value> {
        let payload = StrIterator { text: Slot::new(Some(text.clone())), index: Cell::new(0) };
        let ascii = text.downcast::<Str>().is_some_and(|text| text.is_ascii());
        let class = if ascii { &vm.types().str_ascii_iterator } else { &vm.types().str_iterator };
        Ok(vm.alloc(&**class, payload)?.into())
    }

    /// The description of `str_ascii_iterator`, which differs in its name only.
    pub fn ascii_spec() -> &'static TypeSpec {
        static SPEC: OnceLock<TypeSpec> = OnceLock::new();
        SPEC.get_or_init(|| {
            let &TypeSpec { module, doc, payload, methods, getsets, fill_slots, flags, ready, .. } =
                StrIterator::spec();
            TypeSpec { name: "str_ascii_iterator", module, doc, payload, methods, getsets, fill_slots, flags, ready }
        })
    }

    /// The next character; `None` at the end.
    #[inline]
    pub fn advance(&self, vm: &Vm) -> PyResult<Option<Value>> {
        let index = self.index.get();
        let found = self.text.lend(|text| {
            let text = text.downcast::<Str>()?;
            let point = match text.units() {
                Slice::U1(units) => u32::from(*units.get(index)?),
                Slice::U2(units) => u32::from(*units.get(index)?),
                Slice::U4(units) => *units.get(index)?,
            };
            Some(Str::shared(vm, point).ok_or(point))
        });
        match found {
            Some(Some(found)) => {
                let character = found.or_else(|point| Str::character(vm, point))?;
                self.index.set(index + 1);
                Ok(Some(character.into()))
            }
            Some(None) => {
                self.text.set(None);
                Ok(None)
            }
            None => Ok(None),
        }
    }

    #[slot]
    fn next(this: &Obj<StrIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        this.advance(vm)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<StrIterator>) -> usize {
        let len = this.text.with(|text| text.and_then(|text| Some(text.downcast::<Str>()?.len())));
        len.unwrap_or(0).saturating_sub(this.index.get())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<StrIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "iter", || match this.text.get() {
            Some(text) => Ok((text, Some(this.index.get() as i64))),
            None => Ok((Str::empty(vm)?.into(), None)),
        })
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<StrIterator>, state: isize) {
        let len = this.text.with(|text| text.and_then(|text| Some(text.downcast::<Str>()?.len())));
        this.index.set((state.max(0) as usize).min(len.unwrap_or(0)));
    }
}

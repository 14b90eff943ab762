//! `_tracemalloc`: where the memory was asked for that is in use. The library's `tracemalloc` makes snapshots and statistics of it.
//!
//! Invariant: everything is asked of the heap's ledger and of `interp::eval::sites`; nothing is kept here.

pub use module::spec;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use taipan_heap::{OutOfMemory, Ref, Value};
use taipan_interp::eval::sites::{self, Site};
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// Python's blocks; there are no others here.
const DOMAIN: i32 = 0;

/// Starts as at the beginning of a program, before it has any frames.
pub fn start(vm: &Vm, frames: u32) {
    sites::start(vm, frames);
}

/// The tuples made so far of file names and frames.
#[derive(Default)]
struct Shown {
    names: HashMap<Arc<str>, Value>,
    frames: HashMap<(Arc<str>, u32), Value>,
}

impl Shown {
    fn frame(&mut self, vm: &Vm, name: &Arc<str>, line: u32) -> PyResult<Value> {
        let key = (name.clone(), line);
        if let Some(frame) = self.frames.get(&key) {
            return Ok(frame.clone());
        }
        let text = match self.names.get(name) {
            Some(text) => text.clone(),
            None => {
                let text = (**name).into_value(vm)?;
                self.names.insert(name.clone(), text.clone());
                text
            }
        };
        let frame: Value = Tuple::new(vm, [text, line.into_value(vm)?].into_iter())?.into();
        self.frames.insert(key, frame.clone());
        Ok(frame)
    }

    fn traceback(&mut self, vm: &Vm, site: &Site) -> PyResult<Value> {
        let frames = site.frames.iter().map(|(name, line)| self.frame(vm, name, *line));
        let frames = frames.collect::<PyResult<Vec<Value>>>()?;
        Ok(Tuple::new(vm, frames.into_iter())?.into())
    }
}

/// The traces of all blocks: domain, size, traceback, number of frames.
fn traces(vm: &Vm) -> PyResult<Ref<List>> {
    let mut entries = vm.heap().ledger_entries().map_err(|error| vm.out_of_memory(error))?;
    // An order that does not hang on addresses: what was seen first last.
    entries.sort_unstable_by_key(|&(bytes, number)| Reverse((number, bytes)));
    let mut shown = Shown::default();
    let mut tracebacks: HashMap<u32, (Value, Value)> = HashMap::new();
    let mut traces = Vec::new();
    traces.try_reserve_exact(entries.len()).map_err(|_| vm.out_of_memory(OutOfMemory))?;
    // What is made here asks for memory, but runs no code of the program's: the numbers keep their meaning.
    for (bytes, number) in entries {
        let (traceback, total) = match tracebacks.get(&number) {
            Some(known) => known.clone(),
            None => {
                let site = sites::site(vm, number);
                let made = (shown.traceback(vm, &site)?, site.total.into_value(vm)?);
                tracebacks.insert(number, made.clone());
                made
            }
        };
        let parts = [Value::small_int(DOMAIN), bytes.into_value(vm)?, traceback, total];
        traces.push(Tuple::new(vm, parts.into_iter())?.into());
    }
    List::new(vm, traces.into_iter())
}

/// Shows where the memory of a program was asked for.
#[taipan_macros::pymodule(name = "_tracemalloc")]
mod module {
    use super::{Shown, sites};
    use taipan_heap::{Ref, Value};
    use taipan_objects::builtins::list::List;
    use taipan_objects::builtins::tuple::Tuple;
    use taipan_objects::builtins::{NONE, int};
    use taipan_objects::native::IntoValue;
    use taipan_objects::vm::{PyResult, Vm};

    /// Trace from now on, each block with at most nframe frames; nothing changes if that is done already.
    #[function(sig = "nframe=1, /")]
    fn start(vm: &Vm, nframe: Option<&Value>) -> PyResult<()> {
        let frames = match nframe {
            None => 1,
            Some(given) => match int::index_i64(vm, given)? {
                Some(frames) if i32::try_from(frames).is_ok() => frames,
                _ => return Err(vm.overflow_error("Python int too large to convert to C int")),
            },
        };
        match u32::try_from(frames) {
            Ok(frames @ 1..=sites::MOST) => sites::start(vm, frames),
            _ => return Err(vm.value_error(format!("the number of frames must be in range [1; {}]", sites::MOST))),
        }
        Ok(())
    }

    /// Trace no longer, and forget all traces.
    #[function]
    fn stop(vm: &Vm) {
        sites::stop(vm);
    }

    /// Whether memory is being traced.
    #[function]
    fn is_tracing(vm: &Vm) -> bool {
        vm.heap().keeps_ledger()
    }

    /// Forget all traces.
    #[function]
    fn clear_traces(vm: &Vm) {
        if vm.heap().keeps_ledger() {
            sites::clear(vm);
        }
    }

    /// The bytes of all traced blocks, now and at most.
    #[function]
    fn get_traced_memory(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let (now, most) = vm.heap().ledger_bytes();
        Tuple::new(vm, [now.into_value(vm)?, most.into_value(vm)?].into_iter())
    }

    /// Count the most that is traced from what it is now.
    #[function]
    fn reset_peak(vm: &Vm) {
        vm.heap().reset_ledger_peak();
    }

    /// The bytes that the traces themselves take.
    #[function]
    fn get_tracemalloc_memory(vm: &Vm) -> usize {
        sites::memory(vm)
    }

    /// How many frames a traceback may have.
    #[function]
    fn get_traceback_limit(vm: &Vm) -> u32 {
        sites::limit(vm)
    }

    /// The traces of all blocks, each with domain, size, frames as (file name, line), and how many frames there were; none while nothing is traced.
    #[function]
    fn _get_traces(vm: &Vm) -> PyResult<Ref<List>> {
        super::traces(vm)
    }

    /// The frames in which an object was made, as (file name, line); None if that was not traced.
    #[function]
    fn _get_object_traceback(vm: &Vm, obj: &Value) -> PyResult<Value> {
        match obj.header().and_then(|object| vm.heap().site_of(object)) {
            Some(number) => Shown::default().traceback(vm, &sites::site(vm, number)),
            None => Ok(NONE),
        }
    }
}

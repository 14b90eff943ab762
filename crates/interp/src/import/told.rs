//! What imports tell of themselves: `-v` and `-X importtime`.
//!
//! Invariant: nothing is looked at unless one of the two is asked for.

use super::hooks;
use std::time::{Duration, Instant};
use taipan_heap::Value;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Vm};

/// The imports that are being timed.
#[derive(Default)]
pub struct Times {
    depth: usize,
    /// What the imports inside the current one took so far.
    inside: Duration,
    /// Whether the heading has been written.
    headed: bool,
}

/// An import that is being timed.
pub(super) struct Timed {
    start: Instant,
    inside_before: Duration,
}

impl Times {
    /// Begins an import, if they are timed.
    pub(super) fn begin(vm: &Vm) -> Option<Timed> {
        let hooks = hooks(vm);
        let mut times = hooks.times.borrow_mut();
        let times = times.as_mut()?;
        if !times.headed {
            times.headed = true;
            eprintln!("import time: self [us] | cumulative | imported package");
        }
        times.depth += 1;
        Some(Timed { start: Instant::now(), inside_before: std::mem::take(&mut times.inside) })
    }
}

impl Timed {
    /// Writes how long the import took.
    pub(super) fn end(self, vm: &Vm, name: &str) {
        let whole = self.start.elapsed();
        let hooks = hooks(vm);
        let mut times = hooks.times.borrow_mut();
        let Some(times) = times.as_mut() else { return };
        times.depth = times.depth.saturating_sub(1);
        let own = whole.saturating_sub(times.inside);
        times.inside = self.inside_before + whole;
        let (own, whole, width) = (own.as_micros(), whole.as_micros(), times.depth * 2);
        eprintln!("import time: {own:9} | {whole:10} | {:width$}{name}", "");
    }
}

/// Writes that a module has been imported, and by which loader.
pub(super) fn tell(vm: &Vm, module: &Value, name: &str) -> PyResult<()> {
    let spec = vm.find_attr(module, &vm.names().__spec__)?;
    let loader = match spec {
        Some(spec) => vm.find_attr(&spec, &*vm.intern("loader")?)?,
        None => None,
    };
    let name = vm.repr(&Str::new(vm, name)?.into())?.to_lossy().into_owned();
    let loader = loader
        .map_or_else(|| Ok("None".to_owned()), |loader| vm.repr(&loader).map(|text| text.to_lossy().into_owned()))?;
    let line = format!("import {name} # {loader}\n");
    let stream = match super::modules(vm)?.get_text(vm, "sys")? {
        Some(sys) => vm.find_attr(&sys, &*vm.intern("stderr")?)?,
        None => None,
    };
    match stream.filter(|stream| !taipan_objects::builtins::is_none(stream)) {
        Some(stream) => vm.call_method(&stream, &*vm.intern("write")?, &[Str::new(vm, &line)?.into()]).map(drop),
        None => {
            eprint!("{line}");
            Ok(())
        }
    }
}

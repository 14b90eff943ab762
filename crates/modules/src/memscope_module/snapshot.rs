//! `memscope.Snapshot`: a snapshot as Python sees it.
//!
//! Invariant: the data is plain and shared, so it stays whole whatever Python code does while it is read.

use super::answers::Answer;
use super::language::Python;
use super::{make, memory};
use std::rc::Rc;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_memscope::{Failure, Format, Series, Snapshot, export, retained_by_class};
use taipan_objects::builtins::{bytes::Bytes, str::Str};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Raised, Vm};

struct Data(Rc<Snapshot>);
taipan_heap::no_references!(Data);

/// A snapshot.
#[derive(Payload)]
#[payload(name = "Snapshot")]
pub struct SnapshotObject {
    data: Data,
}

/// The snapshots of the interpreter's heap.
pub(super) fn series(vm: &Vm) -> Rc<Series> {
    vm.interp().state(Series::default)
}

impl SnapshotObject {
    /// A snapshot of this moment.
    pub(super) fn take(vm: &Vm) -> PyResult<Ref<SnapshotObject>> {
        let taken = memory(vm, series(vm).take(vm.heap(), &Python { vm }))?;
        let class = vm.native_type(SnapshotObject::spec())?;
        vm.alloc(&*class, SnapshotObject { data: Data(Rc::new(taken)) })
    }

    fn row(snapshot: &Snapshot, id: u32, retained: u64) -> Answer {
        let graph = &snapshot.graph;
        Answer::List(vec![
            Answer::Number(snapshot.serial(id)),
            Answer::Text(graph.class_name(id).to_owned()),
            Answer::Text(snapshot.labels.title(id).to_owned()),
            Answer::Number(graph.bytes[id as usize]),
            Answer::Number(retained),
        ])
    }
}

/// All objects and references of a moment.
///
/// A snapshot is plain data outside the managed heap: it keeps no object alive. Every object has a
/// serial number, given by the first snapshot that sees it and the same in all later ones for as
/// long as any snapshot lives; serials of objects that came later are higher. While a snapshot
/// lives, allocations are noted, and so are slower. All sizes are in bytes.
#[pytype(name = "Snapshot", module = "memscope", flags = DISALLOW_INSTANTIATION)]
impl SnapshotObject {
    #[slot]
    fn repr(this: &Obj<SnapshotObject>) -> String {
        let snapshot = &this.data.0;
        let (count, bytes) = (snapshot.graph.len(), snapshot.graph.bytes.iter().sum::<u64>());
        format!("<memscope.Snapshot {}: {count} objects, {bytes} bytes>", snapshot.number)
    }

    /// How many objects there are.
    #[getter]
    fn count(this: &Obj<SnapshotObject>) -> usize {
        this.data.0.graph.len()
    }

    /// How many references there are between them.
    #[getter]
    fn references(this: &Obj<SnapshotObject>) -> usize {
        this.data.0.graph.edge_count()
    }

    /// The bytes of all objects.
    #[getter]
    fn bytes(this: &Obj<SnapshotObject>) -> u64 {
        this.data.0.graph.bytes.iter().sum()
    }

    /// Which of the running series it is, from 0.
    #[getter]
    fn number(this: &Obj<SnapshotObject>) -> usize {
        this.data.0.number
    }

    /// The objects by type: a tuple of (type, count, bytes, retained), those that retain most first.
    #[method]
    fn types(this: &Obj<SnapshotObject>, vm: &Vm) -> PyResult<Value> {
        let graph = &this.data.0.graph;
        let retained = memory(vm, this.data.0.dominators().and_then(|tree| retained_by_class(graph, tree)))?;
        let mut sums = vec![(0u64, 0u64); graph.classes.len()];
        for (class, bytes) in graph.class.iter().zip(&graph.bytes) {
            let sum = &mut sums[*class as usize];
            *sum = (sum.0 + 1, sum.1 + bytes);
        }
        let mut rows: Vec<usize> = (0..sums.len()).collect();
        rows.sort_by_key(|&class| (std::cmp::Reverse(retained[class]), class));
        let row = |class: usize| {
            let (count, bytes) = sums[class];
            let name = Answer::Text(graph.classes[class].name.clone());
            Answer::List(vec![name, Answer::Number(count), Answer::Number(bytes), Answer::Number(retained[class])])
        };
        Answer::List(rows.into_iter().map(row).collect()).into_value(vm)
    }

    /// The objects that retain most: a tuple of (serial, type, title, bytes, retained).
    #[method(sig = "limit=20")]
    fn biggest(this: &Obj<SnapshotObject>, vm: &Vm, limit: isize) -> PyResult<Value> {
        let limit = usize::try_from(limit).map_err(|_| vm.value_error("limit must not be negative"))?;
        let retained = &memory(vm, this.data.0.dominators())?.retained;
        let mut ids: Vec<u32> = Vec::new();
        ids.try_reserve_exact(retained.len()).map_err(|_| vm.out_of_memory(taipan_heap::OutOfMemory))?;
        ids.extend(0..retained.len() as u32);
        ids.sort_unstable_by_key(|&id| (std::cmp::Reverse(retained[id as usize]), id));
        let row = |id: u32| SnapshotObject::row(&this.data.0, id, retained[id as usize]);
        Answer::List(ids.into_iter().take(limit).map(row).collect()).into_value(vm)
    }

    /// What an object keeps alive, and what keeps it alive alone: (serial, type, title, bytes, retained, dominators).
    ///
    /// The dominators are rows of the same shape without the last field, from the nearest up: if
    /// one of them went, so would the object. None if the object was made after the snapshot.
    #[method(sig = "object, /")]
    fn object(this: &Obj<SnapshotObject>, vm: &Vm, object: &Value) -> PyResult<Value> {
        let snapshot = &this.data.0;
        let made_since = match object.header() {
            None => return Ok(taipan_objects::builtins::NONE),
            Some(header) => memory(vm, snapshot.find(vm.heap(), header))?,
        };
        let Some(id) = made_since else { return Ok(taipan_objects::builtins::NONE) };
        let tree = memory(vm, snapshot.dominators())?;
        let row = |id: u32| SnapshotObject::row(snapshot, id, tree.retained[id as usize]);
        let mut above = Vec::new();
        let mut at = tree.of[id as usize];
        while at != taipan_memscope::NONE {
            above.push(row(at));
            at = tree.of[at as usize];
        }
        match row(id) {
            Answer::List(mut fields) => {
                fields.push(Answer::List(above));
                Answer::List(fields).into_value(vm)
            }
            other => other.into_value(vm),
        }
    }

    /// What is different since an earlier snapshot, as a Difference.
    ///
    /// Exact: objects are known again by their serials, so a new object at the address of a dead
    /// one counts as new. ValueError if the snapshots are not of one series.
    #[method(sig = "earlier, /, limit=20")]
    fn since(this: &Obj<SnapshotObject>, vm: &Vm, earlier: &Value, limit: isize) -> PyResult<Value> {
        let limit = usize::try_from(limit).map_err(|_| vm.value_error("limit must not be negative"))?;
        let Some(old) = earlier.downcast::<SnapshotObject>() else {
            let given = vm.type_name(earlier);
            return Err(vm.type_error(format!("since() argument must be memscope.Snapshot, not {given}")));
        };
        let (new, old) = (&this.data.0, &old.data.0);
        if !new.is_comparable(old) || old.number > new.number {
            return Err(vm.value_error("the argument must be an earlier snapshot of the same series"));
        }
        let (changes, mut came) = memory(vm, new.since(old))?;
        let rows = changes.into_iter().map(|change| {
            Answer::List(vec![
                Answer::Text(change.class),
                Answer::Number(change.made),
                Answer::Number(change.made_bytes),
                Answer::Number(change.gone),
                Answer::Number(change.gone_bytes),
                Answer::Signed(change.grown),
            ])
        });
        let retained = &memory(vm, new.dominators())?.retained;
        came.sort_unstable_by_key(|&id| (std::cmp::Reverse(retained[id as usize]), new.serial(id)));
        let sample = came.iter().take(limit).map(|&id| SnapshotObject::row(new, id, retained[id as usize]));
        let fields =
            vec![Answer::List(rows.collect()), Answer::List(sample.collect()), Answer::Number(came.len() as u64)];
        make(vm, "Difference", fields)
    }

    /// Writes the snapshot through a callable that takes bytes, piece by piece.
    #[method(sig = "write, form, /")]
    fn _write(this: &Obj<SnapshotObject>, vm: &Vm, write: &Value, form: &Obj<Str>) -> PyResult<()> {
        let format = match &*form.to_lossy() {
            "heapsnapshot" => Format::HeapSnapshot,
            "ndjson" => Format::Lines,
            _ => return Err(vm.value_error("form must be 'heapsnapshot' or 'ndjson'")),
        };
        let data = this.data.0.clone();
        let mut sink =
            |text: &str| -> Result<(), Raised> { vm.call(write, &[Bytes::new(vm, text.as_bytes())?.into()]).map(drop) };
        export(&data, format, &mut sink).map_err(|failure| match failure {
            Failure::Memory => vm.out_of_memory(taipan_heap::OutOfMemory),
            Failure::Sink(raised) => raised,
        })
    }
}

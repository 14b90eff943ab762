//! `_functools`: `partial`, `reduce`, `cmp_to_key` and the cache behind `lru_cache`.
//!
//! Invariant: the nodes of a bounded cache are one ring through node 0, most recently used first; the table maps each key to its node.

pub use module::spec;

use std::cell::{Cell, RefCell};
use taipan_heap::{Buffer, Obj, Payload, Ref, Traverse, Value, flags};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::descriptor::BoundMethod;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::partial;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, int, is_none};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::call::call;
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// `KeyWrapper`: an object compared by a function of two.
#[derive(Payload)]
#[payload(name = "KeyWrapper")]
pub struct KeyWrapper {
    compare: Value,
    /// The object; the wrapper without one makes wrappers.
    object: Option<Value>,
}

#[pytype(name = "KeyWrapper", module = "functools", flags = DISALLOW_INSTANTIATION)]
impl KeyWrapper {
    #[slot(sig = "obj")]
    fn call(this: &Obj<KeyWrapper>, vm: &Vm, obj: Value) -> PyResult<Value> {
        let payload = KeyWrapper { compare: this.compare.clone(), object: Some(obj) };
        Ok(vm.alloc(&*vm.native_type(KeyWrapper::spec())?, payload)?.into())
    }

    #[slot]
    fn compare(this: &Obj<KeyWrapper>, other: &Value, op: CompareOp, vm: &Vm) -> PyResult<Value> {
        let Some(other) = other.downcast::<KeyWrapper>() else {
            return Err(vm.type_error("other argument must be K instance"));
        };
        let (Some(a), Some(b)) = (&this.object, &other.object) else { return Err(vm.attribute_error("object")) };
        let order = vm.call(&this.compare, &[a.clone(), b.clone()])?;
        vm.compare(op, &order, &Value::small_int(0))
    }

    #[getter(member)]
    fn __text_signature__(_this: &Obj<KeyWrapper>) -> &'static str {
        "(obj)"
    }

    /// Value wrapped by a key function.
    #[getter]
    fn obj(this: &Obj<KeyWrapper>) -> Value {
        this.object.clone().unwrap_or(NONE)
    }
}

/// A cached call.
#[derive(Traverse)]
struct Node {
    key: Value,
    value: Value,
    newer: usize,
    older: usize,
}

/// `_lru_cache_wrapper`
#[derive(Payload)]
#[payload(name = "_lru_cache_wrapper")]
pub struct LruCache {
    function: Value,
    table: Ref<Dict>,
    /// Node 0 is the ring's anchor.
    nodes: RefCell<Buffer<Node>>,
    /// `None` is unbounded.
    limit: Option<usize>,
    typed: bool,
    hits: Cell<u64>,
    misses: Cell<u64>,
    info: Value,
    /// Stands between positional and keyword arguments in keys.
    mark: Value,
}

impl LruCache {
    fn key(&self, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if let ([only], false, true) = (args.values, self.typed, args.names.is_empty()) {
            let exact_str = only.header().is_some_and(|header| {
                header.kind().has(flags::EXACT) && only.downcast::<taipan_objects::builtins::str::Str>().is_some()
            });
            if only.is_int() || exact_str {
                return Ok(only.clone());
            }
        }
        let mut items: Vec<Value> = args.positionals().to_vec();
        if !args.names.is_empty() {
            items.push(self.mark.clone());
            for (name, value) in args.keywords() {
                items.push(name.clone());
                items.push(value.clone());
            }
        }
        if self.typed {
            items.extend(args.values.iter().map(|value| vm.class_of(value).to_value()));
        }
        Ok(Tuple::from_values(vm, items)?.into())
    }

    fn unlink(nodes: &mut [Node], at: usize) {
        let (newer, older) = (nodes[at].newer, nodes[at].older);
        nodes[newer].older = older;
        nodes[older].newer = newer;
    }

    fn link_first(nodes: &mut [Node], at: usize) {
        let second = nodes[0].older;
        nodes[at].newer = 0;
        nodes[at].older = second;
        nodes[second].newer = at;
        nodes[0].older = at;
    }

    fn found(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<Value>> {
        let Some(found) = self.table.get_hashed(vm, key, hash)? else { return Ok(None) };
        if self.limit.is_none() {
            return Ok(Some(found));
        }
        let mut nodes = self.nodes.borrow_mut();
        let Some(at) = found.as_int().map(|at| at as usize).filter(|&at| at < nodes.len()) else { return Ok(None) };
        LruCache::unlink(&mut nodes, at);
        LruCache::link_first(&mut nodes, at);
        Ok(Some(nodes[at].value.clone()))
    }

    /// Keeps a result in the bounded cache, in place of the oldest one when it is full.
    fn keep(&self, vm: &Vm, key: Value, hash: i64, value: Value, limit: usize) -> PyResult<()> {
        let full = self.nodes.borrow().len() > limit;
        let at = if full {
            let mut nodes = self.nodes.borrow_mut();
            let at = nodes[0].newer;
            LruCache::unlink(&mut nodes, at);
            LruCache::link_first(&mut nodes, at);
            let old_key = std::mem::replace(&mut nodes[at].key, key.clone());
            let old_value = std::mem::replace(&mut nodes[at].value, value);
            drop(nodes);
            drop(self.table.remove(vm, &old_key)?);
            drop(old_value);
            at
        } else {
            let mut nodes = self.nodes.borrow_mut();
            let at = nodes.len();
            let node = Node { key: key.clone(), value, newer: 0, older: 0 };
            nodes.push(vm.heap(), node).map_err(|error| vm.out_of_memory(error))?;
            LruCache::link_first(&mut nodes, at);
            at
        };
        self.table.set_hashed(vm, &key, hash, int::from_i64(vm, at as i64)?)
    }

    fn reset(&self, vm: &Vm) -> PyResult<()> {
        let mut fresh = Buffer::new();
        let anchor = Node { key: NONE, value: NONE, newer: 0, older: 0 };
        fresh.push(vm.heap(), anchor).map_err(|error| vm.out_of_memory(error))?;
        let mut old = self.nodes.replace(fresh);
        self.table.clear();
        // What was used longest ago goes first.
        let mut at = old.first().map_or(0, |anchor| anchor.newer);
        while at != 0 {
            let node = &mut old[at];
            at = node.newer;
            drop(std::mem::replace(&mut node.key, NONE));
            drop(std::mem::replace(&mut node.value, NONE));
        }
        self.hits.set(0);
        self.misses.set(0);
        Ok(())
    }
}

/// Create a cached callable that wraps another function.
///
/// user_function:      the function being cached
///
/// maxsize:  0         for no caching
///           None      for unlimited cache size
///           n         for a bounded cache
///
/// typed:    False     cache f(3) and f(3.0) as identical calls
///           True      cache f(3) and f(3.0) as distinct calls
///
/// cache_info_type:    namedtuple class with the fields:
///                         hits misses currsize maxsize
#[pytype(name = "_lru_cache_wrapper", module = "functools", flags = BASETYPE | HAS_DICT | METHOD_DESCRIPTOR)]
impl LruCache {
    #[slot(sig = "user_function, maxsize, typed, cache_info_type")]
    fn new(class: &Obj<Type>, vm: &Vm, function: Value, maxsize: &Value, typed: bool, info: Value) -> PyResult<Value> {
        if vm.class_of(&function).slots.call.get().is_none() {
            return Err(vm.type_error("the first argument must be callable"));
        }
        let limit = match is_none(maxsize) {
            true => None,
            false if int::is_int(maxsize) || vm.class_of(maxsize).slots.index.get().is_some() => {
                Some(int::index_clamped(vm, maxsize)?.max(0) as usize)
            }
            false => return Err(vm.type_error("maxsize should be integer or None")),
        };
        let payload = LruCache {
            function,
            table: Dict::new(vm)?,
            nodes: RefCell::default(),
            limit,
            typed,
            hits: Cell::new(0),
            misses: Cell::new(0),
            info,
            mark: vm.call(&vm.types().object.to_value(), &[])?,
        };
        let made = vm.alloc_instance(class, payload)?;
        made.reset(vm)?;
        Ok(made.into())
    }

    #[slot]
    fn call(this: &Obj<LruCache>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if this.limit == Some(0) {
            this.misses.set(this.misses.get() + 1);
            return call(vm, &this.function, args);
        }
        let key = this.key(vm, args)?;
        let hash = vm.hash(&key)?;
        if let Some(value) = this.found(vm, &key, hash)? {
            this.hits.set(this.hits.get() + 1);
            return Ok(value);
        }
        this.misses.set(this.misses.get() + 1);
        let value = call(vm, &this.function, args)?;
        match this.limit {
            None => this.table.set_hashed(vm, &key, hash, value.clone())?,
            // The call may have cached the same arguments itself.
            Some(_) if this.found(vm, &key, hash)?.is_some() => {}
            Some(limit) => this.keep(vm, key, hash, value.clone(), limit)?,
        }
        Ok(value)
    }

    #[slot]
    fn descr_get(this: &Obj<LruCache>, vm: &Vm, instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        match instance.filter(|instance| !is_none(instance)) {
            Some(instance) => Ok(BoundMethod::new(vm, this.to_value(), instance.clone())?.into()),
            None => Ok(this.to_value()),
        }
    }

    /// Report cache statistics
    #[method]
    fn cache_info(this: &Obj<LruCache>, vm: &Vm) -> PyResult<Value> {
        let size = if this.limit.is_some() { this.nodes.borrow().len() - 1 } else { this.table.len() };
        let limit = this.limit.map_or(Ok(NONE), |limit| limit.into_value(vm))?;
        let items = [this.hits.get().into_value(vm)?, this.misses.get().into_value(vm)?, limit, size.into_value(vm)?];
        vm.call(&this.info, &items)
    }

    /// Clear the cache and cache statistics
    #[method]
    fn cache_clear(this: &Obj<LruCache>, vm: &Vm) -> PyResult<()> {
        this.reset(vm)
    }

    #[method]
    fn __reduce__(this: &Obj<LruCache>, vm: &Vm) -> PyResult<Value> {
        vm.get_attr_text(&this.to_value(), "__qualname__")
    }

    #[method]
    fn __copy__(this: &Obj<LruCache>) -> Value {
        this.to_value()
    }

    #[method(sig = "memo, /")]
    fn __deepcopy__(this: &Obj<LruCache>, _memo: &Value) -> Value {
        this.to_value()
    }
}

/// Tools that operate on functions.
#[pymodule(name = "_functools", types(LruCache, partial::Partial, partial::Placeholder))]
mod module {
    use super::*;

    #[constant(name = "Placeholder")]
    fn placeholder(vm: &Vm) -> PyResult<Value> {
        partial::placeholder(vm)
    }

    /// Convert a cmp= function into a key= function.
    ///
    ///   mycmp
    ///     Function that compares two objects.
    #[function(sig = "mycmp")]
    fn cmp_to_key(vm: &Vm, mycmp: Value) -> PyResult<Value> {
        let payload = KeyWrapper { compare: mycmp, object: None };
        Ok(vm.alloc(&*vm.native_type(KeyWrapper::spec())?, payload)?.into())
    }

    /// Apply a function of two arguments cumulatively to the items of an iterable, from left to right.
    ///
    /// This effectively reduces the iterable to a single value.  If initial is present,
    /// it is placed before the items of the iterable in the calculation, and serves as
    /// a default when the iterable is empty.
    ///
    /// For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])
    /// calculates ((((1 + 2) + 3) + 4) + 5).
    #[function(sig = "function, iterable, /, initial=<unrepresentable>")]
    fn reduce(vm: &Vm, function: &Value, iterable: &Value, initial: Option<&Value>) -> PyResult<Value> {
        let iterator = vm.iter(iterable);
        let iterator = match iterator {
            Err(_) if vm.raised_is(&vm.types().type_error) => {
                drop(vm.swap_exception(None));
                return Err(vm.type_error("reduce() arg 2 must support iteration"));
            }
            other => other?,
        };
        let mut result = initial.cloned();
        while let Some(item) = vm.next(&iterator)? {
            result = Some(match result {
                Some(result) => vm.call(function, &[result, item])?,
                None => item,
            });
        }
        result.ok_or_else(|| vm.type_error("reduce() of empty iterable with no initial value"))
    }
}

//! `OrderedDict`: a dict beside a list of its keys, linked both ways, whose order the methods change.
//!
//! Invariant: `places` has the number of each link under its key, and nothing else. The dict's own keys are the same unless somebody has called the
//! methods of `dict` on it: whoever follows the links asks the dict for what they name. The list is not borrowed while Python code may run.

use super::ordered_views::{OrderedIterator, view_of};
use std::cell::RefCell;
use taipan_heap::{Buffer, Header, Heap, Obj, OutOfMemory, Payload, Ref, Value};
use taipan_macros::{Traverse, pytype};
use taipan_objects::builtins::dict::{Dict, ViewKind, hash_key, merge_mapping};
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean, is_none};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::{CompareOp, Type, type_flags};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The number of no link.
pub(super) const NOWHERE: u32 = u32::MAX;

#[derive(Traverse)]
struct Link {
    /// `None`: the link is free, and `next` is another such.
    key: Option<Value>,
    hash: i64,
    previous: u32,
    next: u32,
}

/// The keys in their order.
#[derive(Traverse)]
struct Order {
    links: Buffer<Link>,
    first: u32,
    last: u32,
    free: u32,
    /// How often links were added, removed and moved.
    changes: u64,
}

impl Order {
    fn new() -> Order {
        Order { links: Buffer::new(), first: NOWHERE, last: NOWHERE, free: NOWHERE, changes: 0 }
    }

    fn link(&self, number: u32) -> Option<&Link> {
        self.links.get(number as usize)
    }

    /// Makes `next` follow `previous`; where one is nowhere, the other is an end of the list.
    fn join(&mut self, previous: u32, next: u32) {
        match self.links.get_mut(previous as usize) {
            Some(link) => link.next = next,
            None => self.first = next,
        }
        match self.links.get_mut(next as usize) {
            Some(link) => link.previous = previous,
            None => self.last = previous,
        }
    }

    fn put_at_end(&mut self, number: u32, last: bool) {
        let (previous, next) = if last { (self.last, NOWHERE) } else { (NOWHERE, self.first) };
        self.join(previous, number);
        self.join(number, next);
    }

    /// Adds a link at the end and returns its number.
    fn add(&mut self, heap: &Heap, key: Value, hash: i64) -> Result<u32, OutOfMemory> {
        let number = self.free;
        let fresh = Link { key: Some(key), hash, previous: NOWHERE, next: NOWHERE };
        let number = match self.links.get_mut(number as usize) {
            Some(link) => {
                self.free = link.next;
                *link = fresh;
                number
            }
            None => {
                let number = u32::try_from(self.links.len()).ok().filter(|number| *number != NOWHERE);
                self.links.push(heap, fresh)?;
                number.ok_or(OutOfMemory)?
            }
        };
        self.changes += 1;
        self.put_at_end(number, true);
        Ok(number)
    }

    /// Takes a link out of the list and returns its key.
    fn remove(&mut self, number: u32) -> Option<Value> {
        let link = self.links.get_mut(number as usize)?;
        let key = link.key.take();
        let (previous, next) = (link.previous, link.next);
        link.next = self.free;
        self.free = number;
        self.changes += 1;
        self.join(previous, next);
        key
    }

    fn move_to_end(&mut self, number: u32, last: bool) {
        let Some(link) = self.links.get(number as usize) else { return };
        let (previous, next) = (link.previous, link.next);
        self.changes += 1;
        self.join(previous, next);
        self.put_at_end(number, last);
    }
}

/// `OrderedDict`
#[derive(Payload)]
#[repr(C)]
#[payload(name = "OrderedDict", base = Dict)]
#[traverse(unsafe_drop)]
pub struct OrderedDict {
    dict: Dict,
    places: Dict,
    order: RefCell<Order>,
}

impl Drop for OrderedDict {
    // The dict lets go of its keys last, each before its value.
    fn drop(&mut self) {
        self.order.get_mut().links.clear_forward();
        self.places.clear();
    }
}

#[cold]
fn mutated(vm: &Vm) -> Raised {
    vm.runtime_error("OrderedDict mutated during iteration")
}

/// The class itself, no subclass.
fn is_exact(vm: &Vm, this: &Obj<OrderedDict>) -> bool {
    !vm.class_of_header(this.header()).has(type_flags::PYTHON_CLASS)
}

impl OrderedDict {
    /// The dict inside.
    pub(super) fn dict(&self) -> &Dict {
        &self.dict
    }

    /// How often the order has changed.
    pub(super) fn changes(&self) -> u64 {
        self.order.borrow().changes
    }

    /// The number of the first link, or the last.
    pub(super) fn end(&self, last: bool) -> u32 {
        let order = self.order.borrow();
        if last { order.last } else { order.first }
    }

    /// Key and hash of a link, and the number of the one behind it, or before it.
    pub(super) fn link(&self, number: u32, backwards: bool) -> Option<(Value, i64, u32)> {
        let order = self.order.borrow();
        let link = order.link(number)?;
        Some((link.key.clone()?, link.hash, if backwards { link.previous } else { link.next }))
    }

    /// Whether there are links to keys that the dict does not have, or keys without a link.
    fn differs(&self) -> bool {
        self.dict.len() != self.places.len()
    }

    fn place_of(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<u32>> {
        Ok(self.places.get_hashed(vm, key, hash)?.and_then(|number| number.as_int()).map(|number| number as u32))
    }

    fn set(&self, vm: &Vm, key: &Value, hash: i64, value: Value) -> PyResult<()> {
        self.dict.set_hashed(vm, key, hash, value)?;
        let Err(raised) = self.add_link(vm, key, hash) else { return Ok(()) };
        let exception = vm.take_exception(raised);
        let removed = self.dict.remove_hashed(vm, key, hash);
        if let Err(raised) = removed {
            drop(vm.take_exception(raised));
        }
        Err(vm.restore(exception))
    }

    fn add_link(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<()> {
        if self.places.get_hashed(vm, key, hash)?.is_some() {
            return Ok(());
        }
        let added = self.order.borrow_mut().add(vm.heap(), key.clone(), hash);
        let number = added.map_err(|error| vm.out_of_memory(error))?;
        let placed = self.places.insert_new(vm, key.clone(), hash, Value::small_int(number as i32));
        if placed.is_err() {
            let key = self.order.borrow_mut().remove(number);
            drop(key);
        }
        placed
    }

    /// Takes a key out of the order, if it is there.
    fn unlink(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<()> {
        let Some((key, number)) = self.places.remove_hashed(vm, key, hash)? else { return Ok(()) };
        let removed = number.as_int().and_then(|number| self.order.borrow_mut().remove(number as u32));
        drop((key, removed));
        Ok(())
    }

    /// Removes a key; its value.
    fn take(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<Value>> {
        let Some((own, value)) = self.dict.remove_hashed(vm, key, hash)? else { return Ok(None) };
        self.unlink(vm, &own, hash)?;
        Ok(Some(value))
    }

    /// Calls `each` with the keys in their order. The order must not change meanwhile.
    fn each(&self, vm: &Vm, mut each: impl FnMut(Value, i64) -> PyResult<()>) -> PyResult<()> {
        let (changes, mut at) = (self.changes(), self.end(false));
        while let Some((key, hash, next)) = self.link(at, false) {
            each(key, hash)?;
            if self.changes() != changes {
                return Err(mutated(vm));
            }
            at = next;
        }
        Ok(())
    }

    fn same_order(&self, vm: &Vm, other: &OrderedDict) -> PyResult<bool> {
        let before = (self.changes(), other.changes());
        let (mut own, mut theirs) = (self.end(false), other.end(false));
        loop {
            let (left, right) = match (self.link(own, false), other.link(theirs, false)) {
                (None, None) => return Ok(true),
                (Some(left), Some(right)) => (left, right),
                _ => return Ok(false),
            };
            let equal = vm.is_equal(&left.0, &right.0)?;
            if (self.changes(), other.changes()) != before {
                return Err(mutated(vm));
            }
            if !equal {
                return Ok(false);
            }
            (own, theirs) = (left.2, right.2);
        }
    }
}

/// Sets items of `target` from pairs.
fn set_pairs(vm: &Vm, target: &Value, pairs: &Value) -> PyResult<()> {
    let mut pairs = vm.walk(pairs)?;
    while let Some(pair) = pairs.next(vm)? {
        if let Some(tuple) = pair.downcast_exact::<Tuple>()
            && let [key, value] = tuple.items()
        {
            vm.set_item(target, key, Some(value))?;
            continue;
        }
        let iterator = vm.iter(&pair)?;
        let Some(key) = vm.next(&iterator)? else { return Err(vm.value_error("need more than 0 values to unpack")) };
        let Some(value) = vm.next(&iterator)? else { return Err(vm.value_error("need more than 1 value to unpack")) };
        if vm.next(&iterator)?.is_some() {
            return Err(vm.value_error("too many values to unpack (expected 2)"));
        }
        vm.set_item(target, &key, Some(&value))?;
    }
    Ok(())
}

/// Sets items of `target` from a mapping, or from pairs.
fn update_from(vm: &Vm, target: &Value, source: &Value) -> PyResult<()> {
    if let Some(dict) = source.downcast_exact::<Dict>() {
        for (key, value) in dict.snapshot() {
            vm.set_item(target, &key, Some(&value))?;
        }
        return Ok(());
    }
    if let Some(keys) = vm.find_attr(source, &vm.names().keys)? {
        let iterator = vm.iter(&vm.call(&keys, &[])?)?;
        while let Some(key) = vm.next(&iterator)? {
            let value = vm.get_item(source, &key)?;
            vm.set_item(target, &key, Some(&value))?;
        }
        return Ok(());
    }
    match vm.find_attr(source, &vm.names().items)? {
        Some(items) => set_pairs(vm, target, &vm.call(&items, &[])?),
        None => set_pairs(vm, target, source),
    }
}

fn update_with(vm: &Vm, target: &Value, args: Args<'_>) -> PyResult<()> {
    if let Some(source) = args.positionals().first() {
        update_from(vm, target, source)?;
    }
    for (name, value) in args.keywords() {
        vm.set_item(target, name, Some(value))?;
    }
    Ok(())
}

/// Dictionary that remembers insertion order
#[pytype(name = "OrderedDict", module = "collections", flags = BASETYPE | MAPPING | HAS_DICT)]
impl OrderedDict {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        let order = RefCell::new(Order::new());
        Ok(vm.alloc_instance(class, OrderedDict { dict: Dict::empty(), places: Dict::empty(), order })?.into())
    }

    #[slot]
    fn init(this: &Value, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let given = args.positionals().len();
        if given > 1 {
            return Err(vm.type_error(format!("expected at most 1 argument, got {given}")));
        }
        update_with(vm, this, args)
    }

    #[slot]
    fn setitem(this: &Obj<OrderedDict>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        let hash = vm.hash(key)?;
        match value {
            Some(value) => this.set(vm, key, hash, value.clone()),
            None => match this.take(vm, key, hash)? {
                Some(_) => Ok(()),
                None => Err(vm.key_error(key)),
            },
        }
    }

    #[slot]
    fn iter(this: &Obj<OrderedDict>, vm: &Vm) -> PyResult<Value> {
        OrderedIterator::over(vm, this, ViewKind::Keys, false)
    }

    #[slot]
    fn repr(this: &Value, vm: &Vm) -> PyResult<Value> {
        let name = vm.class_of(this).name();
        if this.downcast::<Dict>().is_none_or(|dict| dict.is_empty()) {
            return Ok(Str::new(vm, &format!("{name}()"))?.into());
        }
        let shown = vm.repr_once(this, || {
            let plain = Dict::new(vm)?;
            merge_mapping(vm, &plain, this)?;
            let mut text = StrBuilder::new();
            text.push_str(&name);
            text.push_str("(");
            text.push_repr(vm, &plain.into())?;
            text.push_str(")");
            Ok(text.finish(vm)?.into())
        })?;
        shown.map_or_else(|| Ok(Str::new(vm, "...")?.into()), Ok)
    }

    #[slot]
    fn compare(this: &Obj<OrderedDict>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let unequal = match op {
            CompareOp::Eq => false,
            CompareOp::Ne => true,
            _ => return Ok(NOT_IMPLEMENTED),
        };
        let Some(compare) = vm.types().dict.slots.compare.get() else { return Ok(NOT_IMPLEMENTED) };
        let result = compare(vm, &this.to_value(), other, op)?;
        match other.downcast::<OrderedDict>() {
            Some(other) if result.is(&boolean(!unequal)) => Ok(boolean(this.same_order(vm, other)? != unequal)),
            _ => Ok(result),
        }
    }

    #[slot(binary(Or))]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let (own, other) = if left.downcast::<OrderedDict>().is_some() { (left, right) } else { (right, left) };
        if other.downcast::<Dict>().is_none() {
            return Ok(NOT_IMPLEMENTED);
        }
        let made = vm.call(&vm.class_of(own).to_value(), std::slice::from_ref(left))?;
        update_from(vm, &made, right)?;
        Ok(made)
    }

    #[slot(inplace(Or))]
    fn or_inplace(this: &Value, vm: &Vm, other: &Value) -> PyResult<Value> {
        update_from(vm, this, other)?;
        Ok(this.clone())
    }

    /// Create a new ordered dictionary with keys from iterable and values set to value.
    #[classmethod(sig = "iterable, value=None")]
    fn fromkeys(class: &Obj<Type>, vm: &Vm, iterable: &Value, value: Option<&Value>) -> PyResult<Value> {
        let made = vm.call(&class.to_value(), &[])?;
        let value = value.cloned().unwrap_or(NONE);
        let mut keys = vm.walk(iterable)?;
        while let Some(key) = keys.next(vm)? {
            vm.set_item(&made, &key, Some(&value))?;
        }
        Ok(made)
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method(sig = "key, default=None")]
    fn setdefault(this: &Obj<OrderedDict>, vm: &Vm, key: &Value, default: Option<&Value>) -> PyResult<Value> {
        let default = default.cloned().unwrap_or(NONE);
        if is_exact(vm, this) {
            let hash = hash_key(vm, key)?;
            if let Some(value) = this.dict.get_hashed(vm, key, hash)? {
                return Ok(value);
            }
            this.set(vm, key, hash, default.clone())?;
            return Ok(default);
        }
        let own = this.to_value();
        if vm.contains(&own, key)? {
            return vm.get_item(&own, key);
        }
        vm.set_item(&own, key, Some(&default))?;
        Ok(default)
    }

    /// od.pop(key[,default]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[method(sig = "key, default=<unrepresentable>", fixed)]
    fn pop(this: &Obj<OrderedDict>, vm: &Vm, key: &Value, default: Option<&Value>) -> PyResult<Value> {
        let hash = vm.hash(key)?;
        let unordered = this.differs() && this.place_of(vm, key, hash)?.is_none();
        let taken = if unordered { None } else { this.take(vm, key, hash)? };
        match (taken, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(vm.key_error(key)),
        }
    }

    /// Remove and return a (key, value) pair from the dictionary.
    ///
    /// Pairs are returned in LIFO order if last is true or FIFO order if
    /// false.
    #[method(sig = "last=True")]
    fn popitem(this: &Obj<OrderedDict>, vm: &Vm, last: bool) -> PyResult<Ref<Tuple>> {
        let Some((key, hash, _)) = this.link(this.end(last), false) else {
            return Err(vm.raise_new(&vm.types().key_error, "dictionary is empty"));
        };
        match this.take(vm, &key, hash)? {
            Some(value) => Tuple::pair(vm, key, value),
            None => Err(vm.key_error(&key)),
        }
    }

    /// Move an existing element to the end (or beginning if last is false).
    ///
    /// Raise KeyError if the element does not exist.
    #[method(sig = "key, last=True")]
    fn move_to_end(this: &Obj<OrderedDict>, vm: &Vm, key: &Value, last: bool) -> PyResult<()> {
        let Some((at_end, _, _)) = this.link(this.end(last), false) else { return Err(vm.key_error(key)) };
        if at_end.is(key) {
            return Ok(());
        }
        let hash = vm.hash(key)?;
        let Some(number) = this.place_of(vm, key, hash)? else { return Err(vm.key_error(key)) };
        if this.differs() && this.dict.get_hashed(vm, key, hash)?.is_none() {
            return Err(vm.key_error(key));
        }
        if this.end(last) != number && this.link(number, false).is_some() {
            this.order.borrow_mut().move_to_end(number, last);
        }
        Ok(())
    }

    /// Remove all items from ordered dict.
    #[method]
    fn clear(this: &Obj<OrderedDict>) {
        let changes = this.changes() + 1;
        let mut old = this.order.replace(Order { changes, ..Order::new() });
        this.places.clear();
        this.dict.clear();
        while let Some(key) = old.remove(old.first) {
            drop(key);
        }
    }

    /// A shallow copy of ordered dict.
    #[method]
    fn copy(this: &Obj<OrderedDict>, vm: &Vm) -> PyResult<Value> {
        let own = this.to_value();
        let made = vm.call(&vm.class_of(&own).to_value(), &[])?;
        match made.downcast::<OrderedDict>().filter(|_| is_exact(vm, this)) {
            Some(copy) => this.each(vm, |key, hash| match this.dict.get(vm, &key)? {
                Some(value) => copy.set(vm, &key, hash, value),
                None => Err(vm.key_error(&key)),
            })?,
            None => this.each(vm, |key, _| {
                let value = vm.get_item(&own, &key)?;
                vm.set_item(&made, &key, Some(&value))
            })?,
        }
        Ok(made)
    }

    #[method]
    fn update(this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        let given = args.0.positionals().len();
        if given > 1 {
            return Err(vm.type_error(format!("update() takes at most 1 positional argument ({given} given)")));
        }
        update_with(vm, this, args.0)
    }

    #[method]
    fn keys(this: &Obj<OrderedDict>, vm: &Vm) -> PyResult<Value> {
        view_of(vm, this, ViewKind::Keys)
    }

    #[method]
    fn values(this: &Obj<OrderedDict>, vm: &Vm) -> PyResult<Value> {
        view_of(vm, this, ViewKind::Values)
    }

    #[method]
    fn items(this: &Obj<OrderedDict>, vm: &Vm) -> PyResult<Value> {
        view_of(vm, this, ViewKind::Items)
    }

    /// od.__reversed__() <==> reversed(od)
    #[method]
    fn __reversed__(this: &Obj<OrderedDict>, vm: &Vm) -> PyResult<Value> {
        OrderedIterator::over(vm, this, ViewKind::Keys, true)
    }

    /// Return state information for pickling
    #[method]
    fn __reduce__(this: &Value, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let state = vm.call_method(this, &vm.names().__getstate__.clone(), &[])?;
        let items = vm.call_method(this, &vm.names().items.clone(), &[])?;
        let items = vm.iter(&items)?;
        let class = vm.class_of(this).to_value();
        let arguments = Tuple::new(vm, std::iter::empty())?;
        let state = if is_none(&state) { NONE } else { state };
        Tuple::new(vm, [class, arguments.into(), state, NONE, items].into_iter())
    }

    #[method]
    fn __sizeof__(this: &Obj<OrderedDict>) -> usize {
        let links = this.order.borrow().links.capacity() * size_of::<Link>();
        size_of::<Header>() + size_of::<OrderedDict>() + this.dict.table_bytes() + this.places.table_bytes() + links
    }
}

//! `Interp`: everything the threads of one interpreter share. Interpreters share nothing with each other.
//!
//! Invariant: all contents belong to `heap`, which is dropped last.

use crate::builtins::dict::Dict;
use crate::builtins::exception::BaseException;
use crate::builtins::str::Str;
use crate::native::TypeSpec;
use crate::types::shape::Shapes;
use crate::types::{MethodCache, Type, Types};
use crate::vm::handles::show;
use crate::vm::interned::Interned;
use crate::vm::{Names, PyResult, Vm};
use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use taipan_heap::{Collected, Heap, Hooks, Ref, Value};
use taipan_numeric::HashKey;

/// Passes on what a `TypeId` hashes to, which is a hash already.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = (address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// How an interpreter is made.
#[derive(Debug, Clone, Default)]
pub struct InterpConfig {
    /// The heap's limits.
    pub heap: taipan_heap::Config,
    /// Key of the str and bytes hash; `None` draws one from the process's randomness.
    pub hash_key: Option<HashKey>,
}

/// What the threads of one interpreter share.
pub struct Interp {
    types: OnceCell<Types>,
    names: OnceCell<Names>,
    /// `sys.modules`
    pub modules: OnceCell<Ref<Dict>>,
    /// The namespace of module `builtins`.
    pub builtins: OnceCell<Ref<Dict>>,
    /// Shows what the frames of the calling thread hold; see `Hooks::roots`.
    pub frame_roots: Cell<Option<fn(&Vm, &mut dyn FnMut(&Value))>>,
    interned: Interned,
    native_types: RefCell<HashMap<usize, Ref<Type>, BuildHasherDefault<IdHasher>>>,
    state: RefCell<HashMap<TypeId, Rc<dyn Any>, BuildHasherDefault<IdHasher>>>,
    memory_error: OnceCell<Ref<BaseException>>,
    /// Instance shapes.
    pub shapes: Rc<Shapes>,
    /// Results of class attribute lookups.
    pub method_cache: MethodCache,
    /// 0 when there is none left.
    next_version: Cell<u32>,
    /// Key of the hash of str and bytes.
    pub hash_key: HashKey,
    /// How deep Python frames may nest (`sys.setrecursionlimit`).
    pub recursion_limit: Cell<usize>,
    /// How many digits an int may have when it is converted to or from decimal text; 0 for any (`sys.set_int_max_str_digits`).
    pub max_str_digits: Cell<usize>,
    /// Development mode, where more is checked (`sys.flags.dev_mode`).
    pub dev_mode: Cell<bool>,
    pub(crate) heap: Pin<Box<Heap>>,
}

impl Interp {
    /// A new interpreter with its builtin types, and a state for the calling thread.
    pub fn new(config: InterpConfig) -> PyResult<Rc<Vm>> {
        let interp = Arc::new(Interp {
            types: OnceCell::new(),
            names: OnceCell::new(),
            modules: OnceCell::new(),
            builtins: OnceCell::new(),
            frame_roots: Cell::new(None),
            interned: Interned::default(),
            native_types: RefCell::default(),
            state: RefCell::default(),
            memory_error: OnceCell::new(),
            shapes: Rc::new(Shapes::new()),
            method_cache: MethodCache::new(),
            next_version: Cell::new(1),
            hash_key: config.hash_key.unwrap_or_else(random_key),
            recursion_limit: Cell::new(1000),
            max_str_digits: Cell::new(taipan_numeric::DEFAULT_MAX_STR_DIGITS),
            dev_mode: Cell::new(false),
            heap: Heap::new(config.heap),
        });
        let vm = Vm::new(interp);
        let entered = Vm::enter(&vm);
        let interp = vm.interp();
        let types = Types::bootstrap(&vm)?;
        if interp.types.set(types).is_ok() {
            let _ = interp.names.set(Names::new(&vm)?);
            Types::ready(&vm)?;
            let _ = interp.memory_error.set(BaseException::make(&vm, &vm.types().memory_error, &[])?);
            let _ = interp.modules.set(Dict::new(&vm)?);
            let _ = interp.builtins.set(Dict::new(&vm)?);
            interp.heap.set_hooks(Some(Rc::new(RuntimeHooks { interp: Arc::as_ptr(interp) })));
        }
        drop(entered);
        Ok(vm)
    }

    /// The builtin types.
    #[inline]
    pub fn types(&self) -> &Types {
        match self.types.get() {
            Some(types) => types,
            None => unreachable!("the types are made before anything else"),
        }
    }

    /// Interned well-known names.
    #[inline]
    pub fn names(&self) -> &Names {
        match self.names.get() {
            Some(names) => names,
            None => unreachable!("the names are made right after the types"),
        }
    }

    /// The heap.
    pub fn heap(&self) -> &Heap {
        &self.heap
    }

    /// The MemoryError kept ready for when nothing can be allocated; none in the first steps of start-up.
    pub fn memory_error(&self) -> Option<Ref<BaseException>> {
        self.memory_error.get().cloned()
    }

    /// The builtin types; none while they are being made.
    pub(super) fn types_if_made(&self) -> Option<&Types> {
        self.types.get()
    }

    pub(super) fn each_table(&self, held: &mut dyn FnMut(u32, &Value)) {
        show(3, self.native_types.borrow().values(), held);
        if let Some(names) = self.names.get() {
            names.each(&mut |name| show(4, [name], held));
        }
        self.interned.each(&mut |text| show(5, [text], held));
        Interp::each_shape_name(&self.shapes, held);
        show(8, self.memory_error.get(), held);
    }

    /// A number never given to a type or dict before; 0 when all have been given. What has no version is not cached.
    pub fn fresh_version(&self) -> u32 {
        let version = self.next_version.get();
        if version != 0 {
            self.next_version.set(version.wrapping_add(1));
        }
        version
    }

    /// Gives all but so many of the versions that are left: a program that runs for hours gets there, a test has no hours.
    pub fn leave_versions(&self, count: u32) {
        let next = self.next_version.get();
        self.next_version.set(if next == 0 { 0 } else { next.max(count.wrapping_neg()) });
    }

    /// The interned str with this text.
    pub fn intern(&self, vm: &Vm, text: &str) -> PyResult<Ref<Str>> {
        self.interned.intern(vm, text)
    }

    /// The interned str equal to `string`: itself, if it is the first.
    pub fn intern_str(&self, vm: &Vm, string: &Ref<Str>) -> Ref<Str> {
        self.interned.intern_str(vm, string)
    }

    /// The interned str equal to `string`, if there is one.
    pub fn find_interned(&self, vm: &Vm, string: &Str) -> Option<Ref<Str>> {
        self.interned.find(vm, string)
    }

    /// The class made from `spec`, made on first use: for types that live in native modules.
    pub fn native_type(&self, vm: &Vm, spec: &'static TypeSpec) -> PyResult<Ref<Type>> {
        self.native_subtype(vm, spec, &vm.types().object)
    }

    /// The same with another base than `object`.
    pub fn native_subtype(&self, vm: &Vm, spec: &'static TypeSpec, base: &Ref<Type>) -> PyResult<Ref<Type>> {
        let key = std::ptr::from_ref(spec).addr();
        if let Some(found) = self.native_types.borrow().get(&key) {
            return Ok(found.clone());
        }
        let made = Type::from_spec(vm, spec, std::slice::from_ref(base))?;
        self.native_types.borrow_mut().insert(key, made.clone());
        Ok(made)
    }

    /// State of type `T` kept for the interpreter by a module, made on first use.
    pub fn state<T: Any>(&self, make: impl FnOnce() -> T) -> Rc<T> {
        let key = TypeId::of::<T>();
        let found = self.state.borrow().get(&key).cloned();
        if let Some(Ok(state)) = found.map(Rc::downcast::<T>) {
            return state;
        }
        let made = Rc::new(make());
        self.state.borrow_mut().insert(key, made.clone());
        made
    }
}

impl Vm {
    /// The class made from `spec`; see `Interp::native_type`.
    pub fn native_type(&self, spec: &'static TypeSpec) -> PyResult<Ref<Type>> {
        self.interp().native_type(self, spec)
    }

    /// The class made from `spec` and `base`; see `Interp::native_subtype`.
    pub fn native_subtype(&self, spec: &'static TypeSpec, base: &Ref<Type>) -> PyResult<Ref<Type>> {
        self.interp().native_subtype(self, spec, base)
    }
}

fn random_key() -> HashKey {
    use std::hash::BuildHasher;
    let random = std::collections::hash_map::RandomState::new();
    let mut key = [0; 16];
    key[..8].copy_from_slice(&random.build_hasher().finish().to_le_bytes());
    let mut second = random.build_hasher();
    second.write_u8(1);
    key[8..].copy_from_slice(&second.finish().to_le_bytes());
    HashKey::from_random(key)
}

/// What the heap calls back: finalizers and weak reference callbacks run in the calling thread's state in the heap's interpreter.
struct RuntimeHooks {
    /// The interpreter, only ever compared.
    interp: *const Interp,
}

impl Hooks for RuntimeHooks {
    fn finalize(&self, object: &Value) {
        if let Some(vm) = Vm::entered(self.interp) {
            crate::types::finalize::run(&vm, object);
        }
    }

    fn weak_callback(&self, owner: Value) {
        if let Some(vm) = Vm::entered(self.interp) {
            crate::types::finalize::weak_callback(&vm, owner);
        }
    }

    fn collection_requested(&self) {
        if let Some(vm) = Vm::entered(self.interp) {
            vm.breaker.fetch_or(super::breaker::COLLECTION, Ordering::Relaxed);
        }
    }

    fn roots(&self, root: &mut dyn FnMut(&Value)) {
        let Some(vm) = Vm::entered(self.interp) else { return };
        let interp = vm.interp();
        for dict in [&interp.modules, &interp.builtins].into_iter().filter_map(OnceCell::get) {
            dict.with_value(&mut *root);
        }
        if let Some(frames) = interp.frame_roots.get() {
            frames(&vm, root);
        }
        for class in interp.types_if_made().into_iter().flat_map(|types| types.all()) {
            class.with_value(&mut *root);
        }
        if let Ok(types) = interp.native_types.try_borrow() {
            types.values().for_each(|class| class.with_value(&mut *root));
        }
        if let Some(reserve) = interp.memory_error.get() {
            reserve.with_value(&mut *root);
        }
    }

    fn collection(&self, generation: u8, end: Option<&Collected>) {
        if let Some(vm) = Vm::entered(self.interp) {
            crate::types::finalize::collection_event(&vm, generation, end);
        }
    }
}

//! Shapes: which attributes an instance has inline, and where.
//!
//! A shape is a list of names; instances of a class that got the same names in the same order share it. The shapes of a class form a tree: each has
//! transitions to the shapes with one name more. All classes share the one without names; a class has a tree when an instance gets its first attribute,
//! and gives it back when it dies.
//! Invariant: shape `s` with `n` names uses inline slots 1 to `n` behind the attribute word, in order. An instance's shape is its class's, or has no names.

use crate::builtins::str::Str;
use crate::vm::Vm;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use taipan_heap::{Obj, Ref, Value};

/// Number of a shape; stands in an instance's attribute word as an immediate integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShapeId(pub u32);

impl ShapeId {
    /// The shape without names, of instances that have got no attributes yet.
    pub const EMPTY: ShapeId = ShapeId(0);

    /// The attribute word for this shape.
    #[inline]
    pub fn to_value(self) -> Value {
        Value::small_int(self.0 as i32)
    }
}

/// Names in the order of their slots.
#[derive(Default)]
pub struct Shape {
    names: Vec<Ref<Str>>,
    by_address: HashMap<usize, u32>,
    transitions: RefCell<Vec<(usize, ShapeId)>>,
    /// What is left when the attribute with some index is deleted.
    reductions: RefCell<Vec<(usize, ShapeId)>>,
}

const LINEAR: usize = 8;
/// Shapes live as long as their class, so programs that make up attribute names must not make shapes of them.
const MOST_TRANSITIONS: usize = 128;

/// Shapes made for what is left when attributes are deleted, at most.
const MOST_REDUCED: u32 = 4096;

impl Shape {
    /// Index of `name` (interned) among the names.
    #[inline]
    pub fn index_of(&self, name: &Obj<Str>) -> Option<usize> {
        let address = name.header().address();
        if self.names.len() <= LINEAR {
            self.names.iter().position(|own| own.header().address() == address)
        } else {
            self.by_address.get(&address).map(|&index| index as usize)
        }
    }

    /// The names.
    pub fn names(&self) -> &[Ref<Str>] {
        &self.names
    }
}

/// The tree of a class.
#[derive(Default)]
pub(super) struct ShapeTree {
    /// The shape that the tree grows from; no instance has it.
    root: Cell<u32>,
    table: OnceCell<Weak<Shapes>>,
}

taipan_heap::no_references!(ShapeTree);

impl ShapeTree {
    /// The root, made when it is first asked for.
    pub(super) fn root(&self, vm: &Vm) -> ShapeId {
        let shapes = &vm.interp().shapes;
        if self.table.get().is_none() {
            self.root.set(shapes.push(Shape::default()).0);
            let _ = self.table.set(Rc::downgrade(shapes));
        }
        ShapeId(self.root.get())
    }
}

impl Drop for ShapeTree {
    fn drop(&mut self) {
        if let Some(shapes) = self.table.get().and_then(Weak::upgrade) {
            shapes.give_back(ShapeId(self.root.get()));
        }
    }
}

/// All shapes of an interpreter.
pub struct Shapes {
    shapes: RefCell<Vec<Rc<Shape>>>,
    /// Numbers that were given back.
    free: RefCell<Vec<ShapeId>>,
    /// Shapes that were made for what is left when attributes are deleted.
    reduced: Cell<u32>,
    reducing: Cell<bool>,
}

impl Shapes {
    pub(crate) fn new() -> Shapes {
        Shapes {
            shapes: RefCell::new(vec![Rc::default()]),
            free: RefCell::default(),
            reduced: Cell::new(0),
            reducing: Cell::new(false),
        }
    }

    /// The shape with this number.
    #[inline]
    pub fn get(&self, id: ShapeId) -> Option<Rc<Shape>> {
        self.shapes.borrow().get(id.0 as usize).cloned()
    }

    /// The index of `name` (interned) in the shape with this number, or how many names that has.
    #[inline]
    pub fn place(&self, id: ShapeId, name: &Obj<Str>) -> Option<Result<usize, usize>> {
        let shapes = self.shapes.borrow();
        let shape = shapes.get(id.0 as usize)?;
        Some(shape.index_of(name).ok_or(shape.names.len()))
    }

    /// How many names the shape with this number has.
    pub(super) fn count(&self, id: ShapeId) -> Option<usize> {
        self.shapes.borrow().get(id.0 as usize).map(|shape| shape.names.len())
    }

    /// The shape with `name` (interned) after those of `id`; `None` when instances of that shape go on in too many ways to be worth shapes.
    #[inline]
    pub fn extended(&self, id: ShapeId, name: &Obj<Str>) -> Option<ShapeId> {
        let address = name.header().address();
        let known =
            self.shapes.borrow().get(id.0 as usize).and_then(|shape| {
                shape.transitions.borrow().iter().find(|(key, _)| *key == address).map(|&(_, id)| id)
            });
        known.or_else(|| self.extend(id, name))
    }

    #[inline(never)]
    fn extend(&self, id: ShapeId, name: &Obj<Str>) -> Option<ShapeId> {
        let shape = self.get(id)?;
        let address = name.header().address();
        if shape.transitions.borrow().len() >= MOST_TRANSITIONS {
            return None;
        }
        if self.reducing.get() {
            if self.reduced.get() >= MOST_REDUCED {
                return None;
            }
            self.reduced.set(self.reduced.get() + 1);
        }
        let mut names = shape.names.clone();
        names.push(name.to_ref());
        let by_address = if names.len() > LINEAR {
            names.iter().enumerate().map(|(index, name)| (name.header().address(), index as u32)).collect()
        } else {
            HashMap::new()
        };
        let made = self.push(Shape { names, by_address, ..Shape::default() });
        shape.transitions.borrow_mut().push((address, made));
        Some(made)
    }

    /// The shape of what is left when the attribute in slot `index` is deleted, which `add` makes of one name after the other where it is not known:
    /// there are so many ways to do that that only some get shapes.
    pub(super) fn reduced(
        &self,
        id: ShapeId,
        index: usize,
        add: impl Fn(ShapeId, &Obj<Str>) -> Option<ShapeId>,
    ) -> Option<ShapeId> {
        let shape = self.get(id)?;
        let known = shape.reductions.borrow().iter().find(|(key, _)| *key == index).map(|&(_, id)| id);
        if known.is_some() {
            return known;
        }
        self.reducing.set(true);
        let mut left = shape.names.iter().enumerate().filter(|&(at, _)| at != index);
        let made = left.try_fold(ShapeId::EMPTY, |id, (_, name)| add(id, name));
        self.reducing.set(false);
        shape.reductions.borrow_mut().push((index, made?));
        made
    }

    /// Calls `f` with every shape.
    pub fn each(&self, f: impl FnMut(&Rc<Shape>)) {
        self.shapes.borrow().iter().for_each(f);
    }

    /// Gives a shape and those that come from it back.
    fn give_back(&self, root: ShapeId) {
        let mut left = vec![root];
        while let Some(id) = left.pop() {
            let Some(shape) = self.get(id) else { continue };
            left.extend(shape.transitions.borrow().iter().map(|&(_, next)| next));
            let mut shapes = self.shapes.borrow_mut();
            let nameless = shapes[0].clone();
            shapes[id.0 as usize] = nameless;
            drop(shapes);
            self.free.borrow_mut().push(id);
            // The names go here, outside of the borrows.
            drop(shape);
        }
    }

    fn push(&self, shape: Shape) -> ShapeId {
        let given_back = self.free.borrow_mut().pop();
        let mut shapes = self.shapes.borrow_mut();
        if let Some(id) = given_back {
            shapes[id.0 as usize] = Rc::new(shape);
            return id;
        }
        shapes.push(Rc::new(shape));
        ShapeId(shapes.len() as u32 - 1)
    }
}

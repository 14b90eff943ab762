//! Shapes: which attributes an instance has inline, and where.
//!
//! A shape is a list of names; instances that got the same names in the same order share it. Shapes form a tree: each has transitions to
//! the shapes with one name more. Invariant: shape `s` with `n` names uses inline slots 1 to `n` behind the attribute word, in order.

use crate::builtins::str::Str;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use taipan_heap::{Obj, Ref, Value};

/// Number of a shape; stands in an instance's attribute word as an immediate integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShapeId(pub u32);

impl ShapeId {
    /// The shape without names that belongs to no class.
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
}

const LINEAR: usize = 8;
/// Shapes are never given back, so programs that make up attribute names must not make shapes of them.
const MOST_TRANSITIONS: usize = 128;

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

/// All shapes of an interpreter.
pub struct Shapes {
    shapes: RefCell<Vec<Rc<Shape>>>,
}

impl Shapes {
    pub(crate) fn new() -> Shapes {
        Shapes { shapes: RefCell::new(vec![Rc::default()]) }
    }

    /// The shape with this number.
    #[inline]
    pub fn get(&self, id: ShapeId) -> Option<Rc<Shape>> {
        self.shapes.borrow().get(id.0 as usize).cloned()
    }

    /// A new root for a class.
    pub fn new_root(&self) -> ShapeId {
        self.push(Shape::default())
    }

    /// The shape with `name` (interned) after those of `id`; `None` when instances of that shape go on in too many ways to be worth shapes.
    pub fn extended(&self, id: ShapeId, name: &Ref<Str>) -> Option<ShapeId> {
        let shape = self.get(id)?;
        let address = name.header().address();
        let known = shape.transitions.borrow().iter().find(|(key, _)| *key == address).map(|&(_, id)| id);
        if let Some(known) = known {
            return Some(known);
        }
        if shape.transitions.borrow().len() >= MOST_TRANSITIONS {
            return None;
        }
        let mut names = shape.names.clone();
        names.push(name.clone());
        let by_address = if names.len() > LINEAR {
            names.iter().enumerate().map(|(index, name)| (name.header().address(), index as u32)).collect()
        } else {
            HashMap::new()
        };
        let made = self.push(Shape { names, by_address, transitions: RefCell::default() });
        shape.transitions.borrow_mut().push((address, made));
        Some(made)
    }

    /// Calls `f` with every shape.
    pub fn each(&self, f: impl FnMut(&Rc<Shape>)) {
        self.shapes.borrow().iter().for_each(f);
    }

    fn push(&self, shape: Shape) -> ShapeId {
        let mut shapes = self.shapes.borrow_mut();
        shapes.push(Rc::new(shape));
        ShapeId(shapes.len() as u32 - 1)
    }
}

//! What only the embedder knows: the names of its classes and edges, and the references that lie outside the heap.
//!
//! Invariant: whatever an implementation does, it runs no program code, allocates nothing in the heap and keeps no reference.

use taipan_heap::{Header, Label};

/// What an object's bytes are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Area {
    /// Code objects.
    Code,
    /// The namespace of a module.
    Module,
    /// The namespace of a class.
    Class,
    /// The attributes of an instance.
    Instance,
    /// The shared place of a variable.
    Cell,
    /// Everything else.
    #[default]
    Heap,
}

impl Area {
    /// All of them, in the order of their numbers.
    pub const ALL: [Area; 6] = [Area::Code, Area::Module, Area::Class, Area::Instance, Area::Cell, Area::Heap];
}

/// What a reference from outside the heap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A register or another part of a frame.
    Frame,
    /// A handle of native code.
    Handle,
    /// No reference, but a place from which names begin, such as the namespace of a module: paths may start there.
    Name,
}

/// A reference from outside the heap; the numbers mean what the embedder wants, which is asked for a text later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    /// What it is.
    pub kept: Kept,
    /// Which table or thread.
    pub place: u32,
    /// Where in it.
    pub index: u32,
    /// Where in that.
    pub part: u32,
}

/// The name of an edge, as far as it can be told without making text.
#[derive(Clone, Copy)]
pub enum EdgeName<'a> {
    /// A position.
    Index(usize),
    /// An object whose text is the name or stands for it, such as the key of an entry.
    Object(&'a Header),
    /// A value that is no object, as text.
    Text(&'a str),
    /// A field of the runtime's own.
    Field(&'static str),
}

/// What an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Edge {
    /// An attribute, by name.
    Attribute,
    /// An element, by position.
    Index,
    /// A key of a table; the name is its position.
    Key,
    /// The value of the key that the name stands for.
    Value,
    /// The contents of a cell.
    Cell,
    /// A variable of a waiting frame, by name.
    Local,
    /// A variable of a module, by name.
    Global,
    /// The class of an instance.
    Class,
    /// A field of the runtime's own, by name.
    Internal,
}

impl Edge {
    /// All of them, in the order of their numbers.
    pub const ALL: [Edge; 9] = [
        Edge::Attribute,
        Edge::Index,
        Edge::Key,
        Edge::Value,
        Edge::Cell,
        Edge::Local,
        Edge::Global,
        Edge::Class,
        Edge::Internal,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Edge::Attribute => "attribute",
            Edge::Index => "index",
            Edge::Key => "key",
            Edge::Value => "value",
            Edge::Cell => "cell",
            Edge::Local => "local",
            Edge::Global => "global",
            Edge::Class => "class",
            Edge::Internal => "internal",
        }
    }
}

/// What is to be known of a class.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Its name.
    pub name: String,
    /// What the bytes of its objects are for.
    pub area: Area,
    /// Whether `namespaces` has something to say of its objects.
    pub has_namespaces: bool,
    /// Whether its objects are texts.
    pub is_text: bool,
}

/// The embedder's side.
pub trait Language {
    /// What is to be known of an object's class.
    fn class(&self, object: &Header) -> Facts;

    /// How many bytes of the object's own block are the place of names (attributes of instances), and which other objects are namespaces of it.
    fn namespaces(&self, object: &Header, namespace: &mut dyn FnMut(&Header, Area)) -> usize;

    /// Every reference from outside the heap that is known, the best starts of paths first.
    fn roots(&self, root: &mut dyn FnMut(&Header, Root));

    /// What a root is called.
    fn root_text(&self, root: Root) -> String;

    /// What the reference at `label` of `owner`, whose bytes are for `area`, is.
    fn edge(&self, owner: &Header, area: Area, label: Label, name: &mut dyn FnMut(Edge, EdgeName<'_>));

    /// Appends a few words on an object that say more than its class: its text, name or length. At most `room` characters or so.
    fn brief(&self, object: &Header, room: usize, out: &mut String);
}

//! Symbol tables: which scope every name of a module belongs to. [`build`] walks the syntax tree once, collecting definitions and
//! uses (`collect`), then resolves every name (`analyze`). The invariant afterwards: each symbol of each scope has a
//! resolution, and a scope's free variables are bound (as cells) in some enclosing scope.
//!
//! Comprehensions have scopes of their own here even where the code generator compiles them into the enclosing
//! function; `Scope::inlined` says where it does. Their variables never mix with the enclosing scope's.

mod analyze;
mod collect;
mod expressions;

use std::collections::HashMap;
use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_text_size::TextRange;

pub use collect::build;

/// Index of a scope in its [`SymbolTable`].
pub type ScopeId = usize;

/// What opens a scope.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScopeKind {
    Module,
    Class,
    Function,
    Lambda,
    Comprehension(ComprehensionKind),
    /// The implicit function around a generic class, function or type alias.
    TypeParameters,
    /// The value of a type alias.
    TypeAlias,
    /// The bound, constraints or default of a type parameter.
    TypeVariable,
    /// An `__annotate__` function.
    Annotation,
}

/// The four kinds of comprehension.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

impl ComprehensionKind {
    /// What error messages call it.
    pub fn described(self) -> &'static str {
        match self {
            Self::List => "list comprehension",
            Self::Set => "set comprehension",
            Self::Dict => "dict comprehension",
            Self::Generator => "generator expression",
        }
    }

    /// The name of its code object.
    pub fn code_name(self) -> &'static str {
        match self {
            Self::List => "<listcomp>",
            Self::Set => "<setcomp>",
            Self::Dict => "<dictcomp>",
            Self::Generator => "<genexpr>",
        }
    }
}

/// How a name resolves in a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resolution {
    Local,
    /// Local, and captured by a nested scope.
    Cell,
    Free,
    GlobalExplicit,
    GlobalImplicit,
}

/// Flags of a symbol.
pub mod def {
    pub const GLOBAL: u16 = 1;
    pub const LOCAL: u16 = 2;
    pub const PARAM: u16 = 4;
    pub const NONLOCAL: u16 = 8;
    pub const USE: u16 = 16;
    pub const IMPORT: u16 = 32;
    pub const ANNOT: u16 = 64;
    pub const COMP_ITER: u16 = 128;
    pub const TYPE_PARAM: u16 = 256;
    /// Bound in a class and, under the same name, free in it.
    pub const FREE_CLASS: u16 = 512;
    /// The target of an assignment expression.
    pub const WALRUS: u16 = 1024;
    /// Deleted somewhere, so that even a parameter may be unbound.
    pub const DELETE: u16 = 2048;
    pub const BOUND: u16 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// A name in a scope.
#[derive(Clone, Debug)]
pub struct Symbol {
    pub name: Name,
    pub flags: u16,
    pub resolution: Resolution,
}

/// A scope.
#[derive(Clone, Debug)]
pub struct Scope {
    pub kind: ScopeKind,
    pub name: Name,
    pub parent: Option<ScopeId>,
    /// What opened it.
    pub range: TextRange,
    pub children: Vec<ScopeId>,
    pub symbols: Vec<Symbol>,
    index: HashMap<Name, usize>,
    /// Inside a function, at any depth.
    pub nested: bool,
    pub is_async_def: bool,
    pub generator: bool,
    pub coroutine: bool,
    /// A list, set or dict comprehension that is compiled into the enclosing code.
    pub inlined: bool,
    /// An annotation scope directly in a class body, whose names are looked up in the class first.
    pub can_see_class_scope: bool,
    pub needs_class_closure: bool,
    pub needs_classdict: bool,
    pub conditional_annotations: bool,
    /// A module or class body with annotated names.
    pub has_annotations: bool,
    /// A function with a `return` that has a value.
    pub returns_value: Option<TextRange>,
    /// The class whose name mangles private names here.
    pub private: Option<Name>,
    /// Around a generic class: the only names that are mangled, those of its type parameters.
    pub mangled_only: Option<Arc<[Name]>>,
    /// `global` and `nonlocal` statements, for error ranges.
    directives: Vec<(Name, TextRange)>,
    /// Type parameter scopes and their like: what errors call them.
    pub described: &'static str,
    /// The annotation scope of a module or class body.
    pub annotations: Option<ScopeId>,
    /// Depth of comprehension iterables being visited.
    in_comp_iter: u32,
    in_comp_target: bool,
}

impl Scope {
    /// The symbol of a (mangled) name.
    pub fn get(&self, name: &str) -> Option<&Symbol> {
        self.index.get(name).map(|&n| &self.symbols[n])
    }

    fn flags(&self, name: &str) -> u16 {
        self.get(name).map_or(0, |s| s.flags)
    }

    fn add_flags(&mut self, name: &Name, flags: u16) {
        match self.index.get(name) {
            Some(&n) => self.symbols[n].flags |= flags,
            None => {
                self.index.insert(name.clone(), self.symbols.len());
                let symbol = Symbol { name: name.clone(), flags, resolution: Resolution::GlobalImplicit };
                self.symbols.push(symbol);
            }
        }
    }

    fn resolve(&mut self, name: &Name, resolution: Resolution) {
        if let Some(&n) = self.index.get(name) {
            self.symbols[n].resolution = resolution;
        }
    }

    /// A name as code of this scope spells it.
    pub fn mangled(&self, name: &str) -> Name {
        match &self.mangled_only {
            Some(only) if !only.iter().any(|mangled| mangled == name) => Name::new(name),
            _ => mangle(self.private.as_ref(), name),
        }
    }

    /// Whether code of this scope runs in a frame with fast locals.
    pub fn is_function_like(&self) -> bool {
        !matches!(self.kind, ScopeKind::Module | ScopeKind::Class)
    }

    fn is_annotation_scope(&self) -> bool {
        use ScopeKind::*;
        matches!(self.kind, TypeParameters | TypeAlias | TypeVariable | Annotation)
    }
}

/// What a scope belongs to: a tree node's address and the kind of scope, since one node may open several.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ScopeKey(usize, u8);

impl ScopeKey {
    /// The scope of this kind that `node` opens.
    pub fn new<T>(node: &T, kind: ScopeKind) -> ScopeKey {
        use ScopeKind::*;
        let number = match kind {
            Module => 0,
            Class => 1,
            Function => 2,
            Lambda => 3,
            Comprehension(_) => 4,
            TypeParameters => 5,
            TypeAlias => 6,
            TypeVariable => 7,
            Annotation => 8,
        };
        ScopeKey(std::ptr::from_ref(node) as usize, number)
    }
}

/// All scopes of a module; the first is the module's.
#[derive(Debug)]
pub struct SymbolTable {
    pub scopes: Vec<Scope>,
    pub(super) keys: HashMap<ScopeKey, ScopeId>,
    /// The module has `from __future__ import annotations`.
    pub future_annotations: bool,
}

impl SymbolTable {
    /// The scope that a node opened. `None` for nodes that were not part of the tree.
    pub fn scope_of(&self, key: ScopeKey) -> Option<ScopeId> {
        self.keys.get(&key).copied()
    }
}

/// The name as Python mangles it inside class `private`.
pub fn mangle(private: Option<&Name>, name: &str) -> Name {
    let Some(class) = private else { return Name::new(name) };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return Name::new(name);
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() { Name::new(name) } else { Name::from(format!("_{class}{name}")) }
}

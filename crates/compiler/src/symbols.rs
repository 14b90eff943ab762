//! Symbol tables as `symtable` shows them: plain data with CPython's numbers.
//!
//! Invariant: a comprehension that is compiled into its function has no table of its own; its variables stand in the one around it.

use crate::parse::{Parsed, SyntaxError};
use crate::source::Source;
use crate::symtable::{Resolution, Scope, ScopeId, ScopeKind, SymbolTable, build, def};
use crate::{Options, error_at, future};
use ruff_text_size::TextRange;

/// The table of a scope.
#[derive(Debug, Clone)]
pub struct Table {
    /// `type`
    pub kind: i64,
    /// `name`
    pub name: String,
    /// `lineno`
    pub line: u32,
    /// `nested`
    pub nested: bool,
    /// `symbols`: names with their flags and scopes.
    pub symbols: Vec<(String, i64)>,
    /// `varnames`: the parameters.
    pub parameters: Vec<String>,
    /// `children`
    pub children: Vec<Table>,
}

/// Where the scope stands in a symbol's number.
pub const SCOPE_SHIFT: u32 = 12;

/// The symbol tables of a parsed source.
pub fn describe(source: &Source, parsed: &Parsed, options: &Options) -> Result<Table, Box<SyntaxError>> {
    let located = |(range, message): (TextRange, String)| Box::new(error_at(source, range, message));
    let features = options.future_flags | future::features(parsed.tree()).map_err(located)?;
    let annotations = features & taipan_bytecode::future::ANNOTATIONS != 0;
    crate::parse::on_deep_stack(parsed.depth().saturating_mul(4), || {
        let table = build(parsed.tree(), annotations, options.top_level_await).map_err(located)?;
        Ok(describe_scope(source, &table, 0))
    })
}

fn describe_scope(source: &Source, table: &SymbolTable, id: ScopeId) -> Table {
    let scope = &table.scopes[id];
    let mut described = Table {
        kind: match scope.kind {
            ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension(_) => 0,
            ScopeKind::Class => 1,
            ScopeKind::Module => 2,
            ScopeKind::Annotation => 3,
            ScopeKind::TypeAlias => 4,
            ScopeKind::TypeParameters => 5,
            ScopeKind::TypeVariable => 6,
        },
        name: scope.name.trim_matches(['<', '>']).to_owned(),
        line: if id == 0 { 0 } else { source.position(scope.range.start().into()).line },
        nested: scope.nested,
        symbols: scope.symbols.iter().map(|symbol| (symbol.name.to_string(), number(scope, &symbol.name))).collect(),
        parameters: Vec::new(),
        children: Vec::new(),
    };
    let parameters = scope.symbols.iter().filter(|symbol| symbol.flags & def::PARAM != 0);
    described.parameters = parameters.map(|symbol| symbol.name.to_string()).collect();
    add_children(source, table, scope, &mut described);
    described
}

fn add_children(source: &Source, table: &SymbolTable, scope: &Scope, into: &mut Table) {
    for &child in &scope.children {
        let inner = &table.scopes[child];
        if !inner.inlined {
            into.children.push(describe_scope(source, table, child));
            continue;
        }
        for symbol in &inner.symbols {
            let known = into.symbols.iter().any(|(name, _)| *name == *symbol.name);
            if !known && !symbol.name.starts_with('.') {
                into.symbols.push((symbol.name.to_string(), number(inner, &symbol.name)));
            }
        }
        add_children(source, table, inner, into);
    }
}

fn number(scope: &Scope, name: &str) -> i64 {
    let Some(symbol) = scope.get(name) else { return 0 };
    let flags = [
        (def::GLOBAL, 1),
        (def::LOCAL, 2),
        (def::PARAM, 4),
        (def::NONLOCAL, 8),
        (def::USE, 16),
        (def::FREE_CLASS, 64),
        (def::IMPORT, 128),
        (def::ANNOT, 256),
        (def::COMP_ITER, 512),
        (def::TYPE_PARAM, 1024),
    ];
    let flags: i64 = flags.iter().filter(|(own, _)| symbol.flags & own != 0).map(|(_, shown)| shown).sum();
    let scope = match symbol.resolution {
        Resolution::Local => 1,
        Resolution::GlobalExplicit => 2,
        Resolution::GlobalImplicit => 3,
        Resolution::Free => 4,
        Resolution::Cell => 5,
    };
    flags | scope << SCOPE_SHIFT
}

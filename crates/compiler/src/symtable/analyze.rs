//! Resolution of names: top-down sets of what is bound and global around a scope, bottom-up sets of what is free in
//! it. A name that is free in a nested scope becomes a cell in the nearest function that binds it.

use std::collections::{BTreeSet, HashSet};

use ruff_python_ast::name::Name;
use ruff_text_size::TextRange;

use super::{ComprehensionKind, Resolution, ScopeId, ScopeKind, SymbolTable, def};

type Names = HashSet<Name>;

/// An error of resolution: range and message.
pub(super) type ResolutionError = (TextRange, String);

/// Names of one class body that annotation scopes in it see.
const CLASS_CELLS: [&str; 3] = ["__class__", "__classdict__", "__conditional_annotations__"];

/// What an enclosing scope passes down.
#[derive(Clone, Default)]
struct Around {
    bound: Option<Names>,
    global: Names,
    type_params: Names,
    class: Option<ScopeId>,
}

/// Resolves every symbol of `table`.
pub(super) fn analyze(table: &mut SymbolTable) -> Result<(), ResolutionError> {
    analyze_scope(table, 0, Around::default()).map(|_| ())
}

/// Resolves the symbols of one scope and of those inside it; returns what is free in it.
fn analyze_scope(table: &mut SymbolTable, id: ScopeId, mut around: Around) -> Result<BTreeSet<Name>, ResolutionError> {
    let kind = table.scopes[id].kind;
    let is_class = kind == ScopeKind::Class;
    let mut inner = Around { class: None, type_params: around.type_params.clone(), ..Around::default() };
    let mut new_bound = Names::new();
    let mut new_free = BTreeSet::new();
    let mut local = Names::new();
    if is_class {
        inner.global.extend(around.global.iter().cloned());
        new_bound.extend(around.bound.iter().flatten().cloned());
    }
    for n in 0..table.scopes[id].symbols.len() {
        resolve_name(table, id, n, &mut around, &mut local, &mut new_free)?;
    }
    if is_class {
        new_bound.extend(CLASS_CELLS.map(Name::new));
    } else {
        if table.scopes[id].is_function_like() {
            new_bound.extend(local.iter().cloned());
        }
        new_bound.extend(around.bound.iter().flatten().cloned());
        inner.global.extend(around.global.iter().cloned());
    }
    inner.type_params = around.type_params.clone();
    // Below the module there is always a set, even an empty one.
    inner.bound = Some(new_bound);
    for child in table.scopes[id].children.clone() {
        let mut passed = inner.clone();
        if table.scopes[child].can_see_class_scope {
            passed.class = if is_class { Some(id) } else { around.class };
        }
        let inlined = matches!(table.scopes[child].kind, ScopeKind::Comprehension(k) if k != ComprehensionKind::Generator)
            && !table.scopes[id].can_see_class_scope;
        let mut child_free = analyze_scope(table, child, passed)?;
        if inlined {
            table.scopes[child].inlined = true;
            if is_class {
                look_class_cells_up(table, child, &mut child_free);
            } else {
                keep_locals_local(table, id, child, &mut child_free);
            }
        }
        new_free.append(&mut child_free);
    }
    if is_class {
        drop_class_cells(table, id, &mut new_free);
    } else if table.scopes[id].is_function_like() {
        for symbol in &mut table.scopes[id].symbols {
            if symbol.resolution == Resolution::Local && new_free.remove(&symbol.name) {
                symbol.resolution = Resolution::Cell;
            }
        }
    }
    pass_free_on(table, id, &around, &mut new_free);
    Ok(new_free)
}

fn resolve_name(
    table: &mut SymbolTable,
    id: ScopeId,
    n: usize,
    around: &mut Around,
    local: &mut Names,
    free: &mut BTreeSet<Name>,
) -> Result<(), ResolutionError> {
    let symbol = &table.scopes[id].symbols[n];
    let (name, flags) = (symbol.name.clone(), symbol.flags);
    let range = |table: &SymbolTable| {
        let directive = table.scopes[id].directives.iter().find(|(directive, _)| *directive == name);
        directive.map_or_else(TextRange::default, |(_, range)| *range)
    };
    let resolution = if flags & def::GLOBAL != 0 {
        if flags & def::NONLOCAL != 0 {
            return Err((range(table), format!("name '{name}' is nonlocal and global")));
        }
        around.global.insert(name.clone());
        if let Some(bound) = &mut around.bound {
            bound.remove(&name);
        }
        Resolution::GlobalExplicit
    } else if flags & def::NONLOCAL != 0 {
        let Some(bound) = &around.bound else {
            return Err((range(table), "nonlocal declaration not allowed at module level".into()));
        };
        if !bound.contains(&name) {
            return Err((range(table), format!("no binding for nonlocal '{name}' found")));
        }
        if around.type_params.contains(&name) {
            return Err((range(table), format!("nonlocal binding not allowed for type parameter '{name}'")));
        }
        free.insert(name.clone());
        Resolution::Free
    } else if flags & def::BOUND != 0 {
        local.insert(name.clone());
        around.global.remove(&name);
        if flags & def::TYPE_PARAM != 0 {
            around.type_params.insert(name.clone());
        } else {
            around.type_params.remove(&name);
        }
        Resolution::Local
    } else {
        resolve_use(table, &name, around, free)
    };
    table.scopes[id].symbols[n].resolution = resolution;
    Ok(())
}

fn resolve_use(table: &SymbolTable, name: &Name, around: &Around, free: &mut BTreeSet<Name>) -> Resolution {
    if let Some(class) = around.class.filter(|_| !CLASS_CELLS[1..].contains(&name.as_str())) {
        let in_class = table.scopes[class].flags(name);
        if in_class & def::GLOBAL != 0 {
            return Resolution::GlobalExplicit;
        }
        if in_class & def::BOUND != 0 && in_class & def::NONLOCAL == 0 {
            return Resolution::GlobalImplicit;
        }
    }
    if around.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
        free.insert(name.clone());
        return Resolution::Free;
    }
    Resolution::GlobalImplicit
}

/// A function's local that only an inlined comprehension uses need not become a cell.
fn keep_locals_local(table: &SymbolTable, id: ScopeId, comprehension: ScopeId, free: &mut BTreeSet<Name>) {
    let scope = &table.scopes[id];
    free.retain(|name| scope.flags(name) & def::BOUND == 0 || free_in_a_child(table, comprehension, name));
}

/// In a class body, `__class__` and its like are no variables: a comprehension compiled into it finds globals only.
fn look_class_cells_up(table: &mut SymbolTable, comprehension: ScopeId, free: &mut BTreeSet<Name>) {
    for name in CLASS_CELLS.map(Name::new_static) {
        if free.contains(&name) && !free_in_a_child(table, comprehension, &name) {
            free.remove(&name);
            let mut inlined = vec![comprehension];
            while let Some(id) = inlined.pop() {
                let scope = &mut table.scopes[id];
                if scope.get(&name).is_some_and(|symbol| symbol.resolution == Resolution::Free) {
                    scope.resolve(&name, Resolution::GlobalImplicit);
                }
                inlined.extend(table.scopes[id].children.iter().filter(|child| table.scopes[**child].inlined));
            }
        }
    }
}

fn free_in_a_child(table: &SymbolTable, id: ScopeId, name: &Name) -> bool {
    table.scopes[id].children.iter().any(|&child| {
        let scope = &table.scopes[child];
        if scope.inlined {
            return free_in_a_child(table, child, name)
                && scope.get(name).is_none_or(|s| s.resolution == Resolution::Free);
        }
        scope.get(name).is_some_and(|s| s.resolution == Resolution::Free || s.flags & def::FREE_CLASS != 0)
    })
}

fn drop_class_cells(table: &mut SymbolTable, id: ScopeId, free: &mut BTreeSet<Name>) {
    let scope = &mut table.scopes[id];
    if free.remove("__class__") {
        scope.needs_class_closure = true;
    }
    if free.remove("__classdict__") {
        scope.needs_classdict = true;
    }
    if free.remove("__conditional_annotations__") {
        scope.conditional_annotations = true;
    }
}

/// Notes in this scope what nested scopes take from further out. The module binds nothing that way.
fn pass_free_on(table: &mut SymbolTable, id: ScopeId, around: &Around, free: &mut BTreeSet<Name>) {
    let scope = &mut table.scopes[id];
    let class_like = scope.kind == ScopeKind::Class || scope.can_see_class_scope;
    let mut dropped = Vec::new();
    for name in free.iter() {
        if let Some(symbol) = scope.get(name) {
            if class_like && symbol.resolution != Resolution::Free {
                scope.add_flags(name, def::FREE_CLASS);
            }
            continue;
        }
        if around.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
            scope.add_flags(name, 0);
            scope.resolve(name, Resolution::Free);
        } else {
            dropped.push(name.clone());
        }
    }
    for name in dropped {
        free.remove(&name);
    }
}

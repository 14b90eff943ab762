//! What `compile` may ask of a tree besides the tree: that it is one of an older version's, or folded as the optimizer folds it.
//!
//! Invariant: folding changes only what `PyCF_OPTIMIZED_AST` is documented to change: `__debug__`, constants in patterns, formatting by `%`,
//! and at level 2 docstrings.

use super::{Field, Node};
use taipan_bytecode::Const;

/// What in the tree needs a newer version than 3.`minor`, as the error says it.
pub fn too_new(node: &Node, minor: i64) -> Option<String> {
    let list = |index: usize| matches!(node.fields.get(index), Some(Field::List(items)) if !items.is_empty());
    let given = |index: usize| !matches!(node.fields.get(index), None | Some(Field::None));
    let found = match node.class {
        "NamedExpr" => Some(("Assignment expressions are", 8)),
        "arguments" if list(0) => Some(("Positional-only parameters are", 8)),
        "TryStar" => Some(("Exception groups are", 11)),
        "Match" => Some(("Pattern matching is", 10)),
        "TypeAlias" => Some(("Type statement is", 12)),
        "ClassDef" if list(5) => Some(("Type parameter lists are", 12)),
        "FunctionDef" | "AsyncFunctionDef" if list(6) => Some(("Type parameter lists are", 12)),
        "TypeVar" if given(2) => Some(("Type parameter defaults are", 13)),
        "ParamSpec" | "TypeVarTuple" if given(1) => Some(("Type parameter defaults are", 13)),
        "TemplateStr" => Some(("t-strings are", 14)),
        "BinOp" if matches!(&node.fields[1], Field::Node(op) if op.class == "MatMult") => {
            Some(("The '@' operator is", 5))
        }
        "comprehension" if matches!(node.fields.get(3), Some(Field::Int(1))) => Some(("Async comprehensions are", 6)),
        "AsyncFunctionDef" => Some(("Async functions are", 5)),
        "Await" => Some(("Await expressions are", 5)),
        "AnnAssign" => Some(("Variable annotation syntax is", 6)),
        _ => None,
    };
    if let Some((what, needed)) = found.filter(|&(_, needed)| minor < needed) {
        return Some(format!("{what} only supported in Python 3.{needed} and greater"));
    }
    node.fields.iter().find_map(|field| newer_in(field, minor))
}

fn newer_in(field: &Field, minor: i64) -> Option<String> {
    match field {
        Field::Node(node) => too_new(node, minor),
        Field::List(items) => items.iter().find_map(|item| newer_in(item, minor)),
        _ => None,
    }
}

/// Folds a tree as the optimizer of level `optimize` does.
pub fn fold(node: &mut Node, optimize: u8) {
    for field in &mut node.fields {
        fold_field(field, optimize);
    }
    match node.class {
        "Name" if matches!(&node.fields[0], Field::Name(name) if name == "__debug__") => {
            let loads = matches!(&node.fields[1], Field::Node(context) if context.class == "Load");
            if loads {
                become_constant(node, Const::Bool(optimize == 0));
            }
        }
        "BinOp" => fold_format(node),
        "MatchValue" => {
            if let Field::Node(value) = &mut node.fields[0] {
                fold_number(value);
            }
        }
        "MatchMapping" => {
            if let Field::List(keys) = &mut node.fields[0] {
                for key in keys {
                    if let Field::Node(key) = key {
                        fold_number(key);
                    }
                }
            }
        }
        "Module" if optimize >= 2 => drop_docstring(node, 0),
        "FunctionDef" | "AsyncFunctionDef" if optimize >= 2 => drop_docstring(node, 2),
        "ClassDef" if optimize >= 2 => drop_docstring(node, 3),
        _ => {}
    }
}

fn fold_field(field: &mut Field, optimize: u8) {
    match field {
        Field::Node(node) => fold(node, optimize),
        Field::List(items) => items.iter_mut().for_each(|item| fold_field(item, optimize)),
        _ => {}
    }
}

fn become_constant(node: &mut Node, value: Const) {
    *node = Node { class: "Constant", place: node.place, fields: vec![Field::Const(value), Field::None] };
}

fn constant(field: &Field) -> Option<&Const> {
    match field {
        Field::Node(node) if node.class == "Constant" => match &node.fields[0] {
            Field::Const(value) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

fn negated(value: &Const) -> Option<Const> {
    Some(match value {
        Const::Int(n) => Const::Int(n.checked_neg()?),
        Const::Float(x) => Const::Float(-x),
        Const::Complex(re, im) => Const::Complex(-re, -im),
        _ => return None,
    })
}

/// Numbers of patterns: with a sign, or complex.
fn fold_number(node: &mut Node) {
    for field in &mut node.fields {
        if let Field::Node(inner) = field {
            fold_number(inner);
        }
    }
    let operator = |field: &Field| match field {
        Field::Node(op) => op.class,
        _ => "",
    };
    let value = match node.class {
        "UnaryOp" if operator(&node.fields[0]) == "USub" => constant(&node.fields[1]).and_then(negated),
        "BinOp" => match (constant(&node.fields[0]), operator(&node.fields[1]), constant(&node.fields[2])) {
            (Some(real), op @ ("Add" | "Sub"), Some(Const::Complex(re, im))) => {
                let real = match real {
                    Const::Int(n) => Some(*n as f64),
                    Const::Float(x) => Some(*x),
                    _ => None,
                };
                real.map(|real| match op {
                    "Add" => Const::Complex(real + re, *im),
                    _ => Const::Complex(real - re, -im),
                })
            }
            _ => None,
        },
        _ => None,
    };
    if let Some(value) = value {
        become_constant(node, value);
    }
}

/// `'…%s…' % (…)` with plain `%s`, `%r` and `%a` becomes an f-string.
fn fold_format(node: &mut Node) {
    let is_mod = matches!(&node.fields[1], Field::Node(op) if op.class == "Mod");
    let Some(Const::Str(format)) = constant(&node.fields[0]).filter(|_| is_mod) else { return };
    let format = format.clone();
    let Field::Node(right) = &node.fields[2] else { return };
    let Some(Field::List(values)) = right.fields.first().filter(|_| right.class == "Tuple") else { return };
    let starred = values.iter().any(|value| matches!(value, Field::Node(value) if value.class == "Starred"));
    if starred {
        return;
    }
    let mut made = Vec::new();
    let mut text = String::new();
    let mut rest = values.iter();
    let mut letters = format.chars();
    while let Some(c) = letters.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let conversion = match letters.next() {
            Some('%') => {
                text.push('%');
                continue;
            }
            Some('s') => 115,
            Some('r') => 114,
            Some('a') => 97,
            _ => return,
        };
        let Some(value) = rest.next() else { return };
        if !text.is_empty() {
            let text = Field::Const(Const::Str(std::mem::take(&mut text).into()));
            made.push(Node { class: "Constant", place: node.place, fields: vec![text, Field::None] }.into());
        }
        let fields = vec![value.clone(), Field::Int(conversion), Field::None];
        made.push(Node { class: "FormattedValue", place: node.place, fields }.into());
    }
    if rest.next().is_some() {
        return;
    }
    if !text.is_empty() {
        let text = Field::Const(Const::Str(text.into()));
        made.push(Node { class: "Constant", place: node.place, fields: vec![text, Field::None] }.into());
    }
    *node = Node { class: "JoinedStr", place: node.place, fields: vec![Field::List(made)] };
}

/// Takes a body's docstring away; an empty body is a `pass`.
fn drop_docstring(node: &mut Node, index: usize) {
    let Some(Field::List(body)) = node.fields.get_mut(index) else { return };
    let first = match body.first() {
        Some(Field::Node(first)) if first.class == "Expr" => first,
        _ => return,
    };
    if !matches!(constant(&first.fields[0]), Some(Const::Str(_) | Const::Surrogates(_))) {
        return;
    }
    let place = first.place;
    body.remove(0);
    if body.is_empty() && node.class != "Module" {
        // As long as a `pass` is, where the docstring began.
        let place = place.map(|(start, _)| {
            let end = crate::source::Position { column: start.column + 4, ..start };
            (start, end)
        });
        body.push(Node { class: "Pass", place, fields: Vec::new() }.into());
    }
}

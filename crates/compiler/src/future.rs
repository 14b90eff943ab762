//! `from __future__ import …`: which features a module asks for. Such imports stand at the beginning, after the docstring
//! at most; anywhere else, and for unknown features, they are errors.

use ruff_python_ast::{Mod, Stmt, StmtImportFrom};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::future as bits;

type Error = (TextRange, String);

/// The features a module imports, as `co_flags` bits.
pub(crate) fn features(tree: &Mod) -> Result<u32, Error> {
    let Mod::Module(module) = tree else { return Ok(0) };
    let mut found = 0;
    let mut beginning = true;
    for (n, stmt) in module.body.iter().enumerate() {
        match stmt {
            Stmt::ImportFrom(s) if is_future(s) => {
                if !beginning {
                    return late(s);
                }
                for alias in &s.names {
                    found |= feature(&alias.name, alias.range)?;
                }
            }
            Stmt::Expr(s) if n == 0 && s.value.is_string_literal_expr() => {}
            other => {
                beginning = false;
                nested(other)?;
            }
        }
    }
    Ok(found)
}

fn is_future(s: &StmtImportFrom) -> bool {
    s.level == 0 && s.module.as_ref().is_some_and(|m| m.as_str() == "__future__")
}

fn late<T>(s: &StmtImportFrom) -> Result<T, Error> {
    Err((s.range(), "from __future__ imports must occur at the beginning of the file".into()))
}

/// Future imports inside other statements are too late.
fn nested(stmt: &Stmt) -> Result<(), Error> {
    struct Finder(Option<Error>);
    impl<'a> ruff_python_ast::statement_visitor::StatementVisitor<'a> for Finder {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::ImportFrom(s) if is_future(s) && self.0.is_none() => self.0 = late::<()>(s).err(),
                other => ruff_python_ast::statement_visitor::walk_stmt(self, other),
            }
        }
    }
    let mut finder = Finder(None);
    ruff_python_ast::statement_visitor::StatementVisitor::visit_stmt(&mut finder, stmt);
    finder.0.map_or(Ok(()), Err)
}

fn feature(name: &str, range: TextRange) -> Result<u32, Error> {
    Ok(match name {
        // Features that all versions of the language have by now leave no trace.
        "nested_scopes" | "generators" | "division" | "absolute_import" | "with_statement" | "print_function"
        | "unicode_literals" | "generator_stop" => 0,
        "barry_as_FLUFL" => bits::BARRY_AS_BDFL,
        "annotations" => bits::ANNOTATIONS,
        "braces" => return Err((range, "not a chance".into())),
        _ => return Err((range, format!("future feature {name} is not defined"))),
    })
}

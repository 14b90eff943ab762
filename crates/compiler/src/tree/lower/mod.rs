//! Trees that a program made, checked and turned into what the code generator takes.
//!
//! * this file – modules, statements, parameters; `expr` – expressions; `pattern` – patterns.
//!
//! The parser's tree has ranges into a text where Python's has lines and columns. A tree has no text, so each node gets a range of its own
//! in a [`Source`] that maps it to the positions the node came with.
//!
//! Invariant: ranges are numbered in the order in which nodes are lowered, so what comes first in Python's order of evaluation comes first here.

mod expr;
mod pattern;

use std::collections::HashMap;

use ruff_python_ast::{self as ast, AtomicNodeIndex, Expr, ExprContext, Identifier, Mod, Stmt};
use ruff_text_size::{TextRange, TextSize};
use taipan_bytecode::Const;

use super::{Field, Node};
use crate::parse::Parsed;
use crate::source::{Position, Source, TreeSource};

/// Why a tree cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// A ValueError.
    Value(String),
    /// A TypeError.
    Type(String),
    /// A SystemError.
    System(String),
}

type Lowered<T> = Result<T, Invalid>;

fn value_error<T>(message: impl Into<String>) -> Lowered<T> {
    Err(Invalid::Value(message.into()))
}

/// Checks a tree, whose nodes have the fields of their classes, and makes it ready for compilation. `depth`: that of the tree.
pub fn lower(filename: &str, root: &Node, depth: u32) -> Lowered<(Source, Parsed)> {
    let depth = depth.saturating_mul(2);
    crate::parse::on_deep_stack(depth.saturating_mul(4), || {
        let mut lower = Lower::default();
        let tree = lower.module(root)?;
        Ok((Source::of_tree(filename, lower.source), Parsed::of_tree(tree, depth)))
    })
}

#[derive(Default)]
struct Lower {
    source: TreeSource,
}

const NONE: Field = Field::None;

/// The field at an index.
fn field(node: &Node, index: usize) -> &Field {
    node.fields.get(index).unwrap_or(&NONE)
}

fn list(node: &Node, index: usize) -> &[Field] {
    match field(node, index) {
        Field::List(items) => items,
        _ => &[],
    }
}

fn text(field: &Field) -> Option<&str> {
    match field {
        Field::Name(name) => Some(name),
        _ => None,
    }
}

fn int(node: &Node, index: usize) -> i64 {
    match field(node, index) {
        Field::Int(n) => *n,
        _ => 0,
    }
}

fn as_node(field: &Field) -> Option<&Node> {
    match field {
        Field::Node(node) => Some(node),
        _ => None,
    }
}

/// Names that are keywords for constants.
fn check_name(name: &str) -> Lowered<()> {
    match name {
        "None" | "True" | "False" => value_error(format!("identifier field can't represent '{name}' constant")),
        _ => Ok(()),
    }
}

impl Lower {
    /// A range of its own for the node.
    fn range(&mut self, node: &Node) -> TextRange {
        let origin = Position { line: 1, column: 0 };
        let (start, end) = node.place.unwrap_or((origin, origin));
        let at = TextSize::new(self.source.places.len() as u32);
        self.source.places.extend([start, end]);
        TextRange::new(at, at + TextSize::new(1))
    }

    fn identifier(&self, field: &Field, range: TextRange) -> Lowered<Identifier> {
        let name = text(field).unwrap_or_default();
        check_name(name)?;
        Ok(Identifier::new(name, range))
    }

    fn identifier_or_none(&self, field: &Field, range: TextRange) -> Lowered<Option<Identifier>> {
        text(field).map(|_| self.identifier(field, range)).transpose()
    }

    fn module(&mut self, root: &Node) -> Lowered<Mod> {
        let (node_index, range) = (AtomicNodeIndex::NONE, self.range(root));
        Ok(match root.class {
            "Expression" => {
                Mod::Expression(ast::ModExpression { node_index, range, body: self.boxed(root, 0, "Expression")? })
            }
            "Module" | "Interactive" => {
                let body = self.statements(list(root, 0))?.into_iter().collect();
                Mod::Module(ast::ModModule { node_index, range, body })
            }
            class => return Err(Invalid::System(format!("unexpected node {class} at the top of a tree"))),
        })
    }

    /// A required expression in a field.
    fn boxed(&mut self, node: &Node, index: usize, owner: &str) -> Lowered<Box<Expr>> {
        self.required(field(node, index), ExprContext::Load, owner).map(Box::new)
    }

    fn required(&mut self, field: &Field, context: ExprContext, owner: &str) -> Lowered<Expr> {
        match as_node(field) {
            Some(node) => self.expr(node, context),
            None => value_error(format!("field is required for {owner}")),
        }
    }

    fn maybe(&mut self, node: &Node, index: usize) -> Lowered<Option<Box<Expr>>> {
        let node = as_node(field(node, index));
        node.map(|node| self.expr(node, ExprContext::Load).map(Box::new)).transpose()
    }

    fn exprs(&mut self, items: &[Field], context: ExprContext) -> Lowered<Vec<Expr>> {
        let mut exprs = Vec::with_capacity(items.len());
        for item in items {
            match as_node(item) {
                Some(node) => exprs.push(self.expr(node, context)?),
                None => return value_error("None disallowed in expression list"),
            }
        }
        Ok(exprs)
    }

    fn statements(&mut self, items: &[Field]) -> Lowered<Vec<Stmt>> {
        let mut body = Vec::with_capacity(items.len());
        for item in items {
            match as_node(item) {
                Some(node) => body.push(self.stmt(node)?),
                None => return value_error("None disallowed in statement list"),
            }
        }
        Ok(body)
    }

    /// A body that must not be empty.
    fn body(&mut self, node: &Node, index: usize) -> Lowered<Vec<Stmt>> {
        let items = list(node, index);
        if items.is_empty() {
            return value_error(format!("empty body on {}", node.class));
        }
        self.statements(items)
    }

    fn targets(&mut self, node: &Node, index: usize, context: ExprContext) -> Lowered<Vec<Expr>> {
        let items = list(node, index);
        if items.is_empty() {
            return value_error(format!("empty targets on {}", node.class));
        }
        self.exprs(items, context)
    }

    fn parameter(&mut self, node: &Node) -> Lowered<ast::Parameter> {
        let range = self.range(node);
        check_name(text(field(node, 0)).unwrap_or_default())?;
        let name = self.identifier(field(node, 0), range)?;
        let annotation = self.maybe(node, 1)?;
        Ok(ast::Parameter { range, node_index: AtomicNodeIndex::NONE, name, annotation })
    }

    fn parameters_of(&mut self, items: &[Field]) -> Lowered<Vec<ast::ParameterWithDefault>> {
        let mut parameters = Vec::with_capacity(items.len());
        for node in items.iter().filter_map(as_node) {
            let parameter = self.parameter(node)?;
            let range = parameter.range;
            let node_index = AtomicNodeIndex::NONE;
            parameters.push(ast::ParameterWithDefault { range, node_index, parameter, default: None });
        }
        Ok(parameters)
    }

    fn parameters(&mut self, field_: &Field) -> Lowered<ast::Parameters> {
        let Some(node) = as_node(field_) else { return value_error("arguments are missing") };
        let range = self.range(node);
        let mut positional_only = self.parameters_of(list(node, 0))?;
        let mut positional = self.parameters_of(list(node, 1))?;
        let star = |lower: &mut Self, index| as_node(field(node, index)).map(|node| lower.parameter(node)).transpose();
        let vararg = star(self, 2)?.map(Box::new);
        let mut keyword_only = self.parameters_of(list(node, 3))?;
        let kwarg = star(self, 5)?.map(Box::new);
        let defaults = list(node, 6);
        if defaults.len() > positional_only.len() + positional.len() {
            return value_error("more positional defaults than args on arguments");
        }
        if list(node, 4).len() != keyword_only.len() {
            return value_error("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        let defaults = self.exprs(defaults, ExprContext::Load)?;
        let first = positional_only.len() + positional.len() - defaults.len();
        let with_default = positional_only.iter_mut().chain(&mut positional).skip(first);
        for (parameter, default) in with_default.zip(defaults) {
            parameter.default = Some(Box::new(default));
        }
        for (parameter, default) in keyword_only.iter_mut().zip(list(node, 4)) {
            let default = as_node(default).map(|node| self.expr(node, ExprContext::Load)).transpose()?;
            parameter.default = default.map(Box::new);
        }
        Ok(ast::Parameters {
            range,
            node_index: AtomicNodeIndex::NONE,
            posonlyargs: positional_only.into_iter().collect(),
            args: positional.into_iter().collect(),
            vararg,
            kwonlyargs: keyword_only.into_iter().collect(),
            kwarg,
        })
    }

    fn keywords(&mut self, items: &[Field]) -> Lowered<Vec<ast::Keyword>> {
        let mut keywords = Vec::with_capacity(items.len());
        for node in items.iter().filter_map(as_node) {
            let range = self.range(node);
            let arg = self.identifier_or_none(field(node, 0), range)?;
            let value = self.required(field(node, 1), ExprContext::Load, "keyword")?;
            keywords.push(ast::Keyword { range, node_index: AtomicNodeIndex::NONE, arg, value });
        }
        Ok(keywords)
    }

    fn decorators(&mut self, items: &[Field]) -> Lowered<Vec<ast::Decorator>> {
        let mut decorators = Vec::with_capacity(items.len());
        for expression in self.exprs(items, ExprContext::Load)? {
            let range = ruff_text_size::Ranged::range(&expression);
            decorators.push(ast::Decorator { range, node_index: AtomicNodeIndex::NONE, expression });
        }
        Ok(decorators)
    }

    fn type_params(&mut self, items: &[Field], range: TextRange) -> Lowered<Option<Box<ast::TypeParams>>> {
        if items.is_empty() {
            return Ok(None);
        }
        let node_index = AtomicNodeIndex::NONE;
        let mut type_params = Vec::with_capacity(items.len());
        for node in items.iter().filter_map(as_node) {
            let range = self.range(node);
            check_name(text(field(node, 0)).unwrap_or_default())?;
            let name = self.identifier(field(node, 0), range)?;
            let node_index = AtomicNodeIndex::NONE;
            type_params.push(match node.class {
                "TypeVar" => {
                    let (bound, default) = (self.maybe(node, 1)?, self.maybe(node, 2)?);
                    ast::TypeParam::TypeVar(ast::TypeParamTypeVar { node_index, range, name, bound, default })
                }
                "ParamSpec" => {
                    let default = self.maybe(node, 1)?;
                    ast::TypeParam::ParamSpec(ast::TypeParamParamSpec { node_index, range, name, default })
                }
                _ => {
                    let default = self.maybe(node, 1)?;
                    ast::TypeParam::TypeVarTuple(ast::TypeParamTypeVarTuple { node_index, range, name, default })
                }
            });
        }
        Ok(Some(Box::new(ast::TypeParams { range, node_index, type_params })))
    }

    fn aliases(&mut self, node: &Node, index: usize) -> Lowered<Vec<ast::Alias>> {
        let items = list(node, index);
        if items.is_empty() {
            return value_error(format!("empty names on {}", node.class));
        }
        let mut aliases = Vec::with_capacity(items.len());
        for node in items.iter().filter_map(as_node) {
            let range = self.range(node);
            let name = self.identifier(field(node, 0), range)?;
            let asname = self.identifier_or_none(field(node, 1), range)?;
            aliases.push(ast::Alias { range, node_index: AtomicNodeIndex::NONE, name, asname });
        }
        Ok(aliases)
    }

    fn names(&mut self, node: &Node, range: TextRange) -> Lowered<Vec<Identifier>> {
        let items = list(node, 0);
        if items.is_empty() {
            return value_error(format!("empty names on {}", node.class));
        }
        items.iter().map(|item| self.identifier(item, range)).collect()
    }

    fn function(&mut self, node: &Node, range: TextRange) -> Lowered<Stmt> {
        let name = self.identifier(field(node, 0), range)?;
        let decorator_list = self.decorators(list(node, 3))?.into_iter().collect();
        let type_params = self.type_params(list(node, 6), range)?;
        let parameters = Box::new(self.parameters(field(node, 1))?);
        let returns = self.maybe(node, 4)?;
        let body = self.body(node, 2)?.into_iter().collect();
        Ok(Stmt::FunctionDef(ast::StmtFunctionDef {
            node_index: AtomicNodeIndex::NONE,
            range,
            is_async: node.class == "AsyncFunctionDef",
            decorator_list,
            name,
            type_params,
            parameters,
            returns,
            body,
        }))
    }

    fn class(&mut self, node: &Node, range: TextRange) -> Lowered<Stmt> {
        let node_index = AtomicNodeIndex::NONE;
        let name = self.identifier(field(node, 0), range)?;
        let decorator_list = self.decorators(list(node, 4))?.into_iter().collect();
        let type_params = self.type_params(list(node, 5), range)?;
        let args = self.exprs(list(node, 1), ExprContext::Load)?.into_boxed_slice();
        let keywords = self.keywords(list(node, 2))?.into_iter().collect();
        let arguments = ast::Arguments { range, node_index: AtomicNodeIndex::NONE, args, keywords };
        let arguments = Some(Box::new(arguments)).filter(|a| !a.args.is_empty() || !a.keywords.is_empty());
        let body = self.body(node, 3)?.into_iter().collect();
        Ok(Stmt::ClassDef(ast::StmtClassDef { node_index, range, decorator_list, name, type_params, arguments, body }))
    }

    /// The clauses behind an `if`: an `if` alone in the `else` branch is an `elif`.
    fn clauses(&mut self, mut orelse: &[Field]) -> Lowered<Vec<ast::ElifElseClause>> {
        let mut clauses = Vec::new();
        while let [Field::Node(only)] = orelse
            && only.class == "If"
        {
            let range = self.range(only);
            let test = Some(*self.boxed(only, 0, "If")?);
            let body = self.body(only, 1)?.into_iter().collect();
            clauses.push(ast::ElifElseClause { range, node_index: AtomicNodeIndex::NONE, test, body });
            orelse = list(only, 2);
        }
        if let Some(first) = orelse.iter().find_map(as_node) {
            let range = self.range(first);
            let body = self.statements(orelse)?.into_iter().collect();
            clauses.push(ast::ElifElseClause { range, node_index: AtomicNodeIndex::NONE, test: None, body });
        }
        Ok(clauses)
    }

    fn with(&mut self, node: &Node, range: TextRange) -> Lowered<Stmt> {
        if list(node, 0).is_empty() {
            return value_error(format!("empty items on {}", node.class));
        }
        let mut items = Vec::new();
        for item in list(node, 0).iter().filter_map(as_node) {
            let context_expr = self.required(field(item, 0), ExprContext::Load, "withitem")?;
            let target = as_node(field(item, 1)).map(|node| self.expr(node, ExprContext::Store)).transpose()?;
            let optional_vars = target.map(Box::new);
            let range = ruff_text_size::Ranged::range(&context_expr);
            items.push(ast::WithItem { range, node_index: AtomicNodeIndex::NONE, context_expr, optional_vars });
        }
        let body = self.body(node, 1)?.into_iter().collect();
        let is_async = node.class == "AsyncWith";
        Ok(Stmt::With(ast::StmtWith { node_index: AtomicNodeIndex::NONE, range, is_async, items, body }))
    }

    fn try_(&mut self, node: &Node, range: TextRange) -> Lowered<Stmt> {
        let body = self.body(node, 0)?.into_iter().collect();
        if list(node, 1).is_empty() && list(node, 3).is_empty() {
            return value_error(format!("{} has neither except handlers nor finalbody", node.class));
        }
        if list(node, 1).is_empty() && !list(node, 2).is_empty() {
            return value_error(format!("{} has orelse but no except handlers", node.class));
        }
        let mut handlers = Vec::new();
        for handler in list(node, 1).iter().filter_map(as_node) {
            let range = self.range(handler);
            let type_ = self.maybe(handler, 0)?;
            let name = self.identifier_or_none(field(handler, 1), range)?;
            let body = self.body(handler, 2)?.into_iter().collect();
            let node_index = AtomicNodeIndex::NONE;
            let handler = ast::ExceptHandlerExceptHandler { range, node_index, type_, name, body };
            handlers.push(ast::ExceptHandler::ExceptHandler(handler));
        }
        let orelse = self.statements(list(node, 2))?.into_iter().collect();
        let finalbody = self.statements(list(node, 3))?.into_iter().collect();
        let (node_index, is_star) = (AtomicNodeIndex::NONE, node.class == "TryStar");
        Ok(Stmt::Try(ast::StmtTry { node_index, range, body, handlers, orelse, finalbody, is_star }))
    }

    fn import_from(&mut self, node: &Node, range: TextRange) -> Lowered<Stmt> {
        let level = int(node, 2);
        if level < 0 {
            return value_error("Negative ImportFrom level");
        }
        let names = self.aliases(node, 1)?;
        Ok(Stmt::ImportFrom(ast::StmtImportFrom {
            node_index: AtomicNodeIndex::NONE,
            range,
            module: self.identifier_or_none(field(node, 0), range)?,
            names,
            level: u32::try_from(level).unwrap_or(u32::MAX),
            is_lazy: false,
        }))
    }

    fn annotated(&mut self, node: &Node, range: TextRange) -> Lowered<Stmt> {
        let simple = int(node, 3) != 0;
        if simple && as_node(field(node, 0)).is_none_or(|target| target.class != "Name") {
            return Err(Invalid::Type("AnnAssign with simple non-Name target".into()));
        }
        let target = Box::new(self.required(field(node, 0), ExprContext::Store, "AnnAssign")?);
        let value = self.maybe(node, 2)?;
        let annotation = self.boxed(node, 1, "AnnAssign")?;
        let node_index = AtomicNodeIndex::NONE;
        Ok(Stmt::AnnAssign(ast::StmtAnnAssign { node_index, range, target, annotation, value, simple }))
    }

    #[allow(clippy::too_many_lines)]
    fn stmt(&mut self, node: &Node) -> Lowered<Stmt> {
        let (node_index, range) = (AtomicNodeIndex::NONE, self.range(node));
        let class = node.class;
        Ok(match class {
            "FunctionDef" | "AsyncFunctionDef" => self.function(node, range)?,
            "ClassDef" => self.class(node, range)?,
            "Return" => Stmt::Return(ast::StmtReturn { node_index, range, value: self.maybe(node, 0)? }),
            "Delete" => {
                let targets = self.targets(node, 0, ExprContext::Del)?;
                Stmt::Delete(ast::StmtDelete { node_index, range, targets })
            }
            "Assign" => {
                let targets = self.targets(node, 0, ExprContext::Store)?;
                Stmt::Assign(ast::StmtAssign { node_index, range, targets, value: self.boxed(node, 1, class)? })
            }
            "TypeAlias" => {
                if as_node(field(node, 0)).is_none_or(|name| name.class != "Name") {
                    return Err(Invalid::Type("TypeAlias with non-Name name".into()));
                }
                let name = Box::new(self.required(field(node, 0), ExprContext::Store, class)?);
                let type_params = self.type_params(list(node, 1), range)?;
                let value = self.boxed(node, 2, class)?;
                Stmt::TypeAlias(ast::StmtTypeAlias { node_index, range, name, type_params, value })
            }
            "AugAssign" => {
                let target = Box::new(self.required(field(node, 0), ExprContext::Store, class)?);
                let op = expr::operator(field(node, 1))?;
                Stmt::AugAssign(ast::StmtAugAssign {
                    node_index,
                    range,
                    target,
                    op,
                    value: self.boxed(node, 2, class)?,
                })
            }
            "AnnAssign" => self.annotated(node, range)?,
            "For" | "AsyncFor" => Stmt::For(ast::StmtFor {
                node_index,
                range,
                is_async: class == "AsyncFor",
                target: Box::new(self.required(field(node, 0), ExprContext::Store, class)?),
                iter: self.boxed(node, 1, class)?,
                body: self.body(node, 2)?.into_iter().collect(),
                orelse: self.statements(list(node, 3))?.into_iter().collect(),
            }),
            "While" => Stmt::While(ast::StmtWhile {
                node_index,
                range,
                test: self.boxed(node, 0, class)?,
                body: self.body(node, 1)?.into_iter().collect(),
                orelse: self.statements(list(node, 2))?.into_iter().collect(),
            }),
            "If" => Stmt::If(ast::StmtIf {
                node_index,
                range,
                test: self.boxed(node, 0, class)?,
                body: self.body(node, 1)?.into_iter().collect(),
                elif_else_clauses: self.clauses(list(node, 2))?,
            }),
            "With" | "AsyncWith" => self.with(node, range)?,
            "Match" => self.match_(node, range)?,
            "Raise" => {
                let (exc, cause) = (self.maybe(node, 0)?, self.maybe(node, 1)?);
                if exc.is_none() && cause.is_some() {
                    return value_error("Raise with cause but no exception");
                }
                Stmt::Raise(ast::StmtRaise { node_index, range, exc, cause })
            }
            "Try" | "TryStar" => self.try_(node, range)?,
            "Assert" => {
                let (test, msg) = (self.boxed(node, 0, class)?, self.maybe(node, 1)?);
                Stmt::Assert(ast::StmtAssert { node_index, range, test, msg })
            }
            "Import" => {
                let names = self.aliases(node, 0)?;
                Stmt::Import(ast::StmtImport { node_index, range, names, is_lazy: false })
            }
            "ImportFrom" => self.import_from(node, range)?,
            "Global" => Stmt::Global(ast::StmtGlobal { node_index, range, names: self.names(node, range)? }),
            "Nonlocal" => Stmt::Nonlocal(ast::StmtNonlocal { node_index, range, names: self.names(node, range)? }),
            "Expr" => Stmt::Expr(ast::StmtExpr { node_index, range, value: self.boxed(node, 0, class)? }),
            "Pass" => Stmt::Pass(ast::StmtPass { node_index, range }),
            "Break" => Stmt::Break(ast::StmtBreak { node_index, range }),
            "Continue" => Stmt::Continue(ast::StmtContinue { node_index, range }),
            _ => return Err(Invalid::System("unexpected statement".into())),
        })
    }
}

/// What stands for constants that no literal gives: their place in the source's table.
pub(crate) fn constant_of(source: &Source, command: &ast::ExprIpyEscapeCommand) -> Option<Const> {
    let index: usize = command.value.parse().ok()?;
    source.tree()?.constants.get(index).cloned()
}

/// The texts of interpolations, by the start of their range.
pub(crate) type Texts = HashMap<u32, String>;

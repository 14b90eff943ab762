//! Syntax trees as `ast` shows them: plain data in the shape of Python's abstract grammar, made from the parser's tree.
//!
//! * this file – modules, statements, parameters; `expr` – expressions and patterns; `strings` – f-strings and template strings.
//!
//! Invariant: a node has its class's fields in the order of the grammar; positions are those of CPython.

pub mod adjust;
mod expr;
pub(crate) mod lower;
mod strings;
mod type_comments;

pub use lower::{Invalid, lower};
pub use type_comments::function_type;

use ruff_python_ast::{self as ast, Expr, Identifier, Mod, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::Const;

use crate::parse::{ErrorKind, Mode, Parsed, SyntaxError, on_deep_stack};
use crate::source::{Position, Source};

/// Trees deeper than this are not shown.
const MAX_DEPTH: u32 = 2000;

/// A node.
#[derive(Debug, Clone)]
pub struct Node {
    /// The name of its class.
    pub class: &'static str,
    /// Where it begins and ends, if its class has positions.
    pub place: Option<(Position, Position)>,
    /// The fields.
    pub fields: Vec<Field>,
}

/// The value of a field.
#[derive(Debug, Clone)]
pub enum Field {
    /// None.
    None,
    /// A node.
    Node(Box<Node>),
    /// A list.
    List(Vec<Field>),
    /// A name.
    Name(String),
    /// A number.
    Int(i64),
    /// A constant.
    Const(Const),
}

/// The tree of a parsed source; with its type comments, if they are wanted.
pub fn tree(source: &Source, parsed: &Parsed, mode: Mode, type_comments: bool) -> Result<Node, SyntaxError> {
    if parsed.depth() > MAX_DEPTH {
        let message = "recursion depth exceeded during ast construction";
        return Err(SyntaxError::unlocated(ErrorKind::RecursionError, message));
    }
    let comments = type_comments.then(|| type_comments::Comments::of(source));
    let maker = Maker { source, comments: comments.as_ref() };
    let root = on_deep_stack(parsed.depth(), || match parsed.tree() {
        Mod::Expression(root) => bare("Expression", vec![maker.expr(&root.body)]),
        Mod::Module(root) if mode == Mode::Single => bare("Interactive", vec![maker.body(&root.body)]),
        Mod::Module(root) => {
            let ignored = comments.as_ref().map_or_else(|| Field::List(Vec::new()), |comments| comments.ignored());
            bare("Module", vec![maker.body(&root.body), ignored])
        }
    });
    match comments.and_then(|comments| comments.error(source)) {
        Some(error) => Err(error),
        None => Ok(root),
    }
}

/// A node without a position.
fn bare(class: &'static str, fields: Vec<Field>) -> Node {
    Node { class, place: None, fields }
}

impl From<Node> for Field {
    fn from(node: Node) -> Field {
        Field::Node(Box::new(node))
    }
}

fn name(identifier: &Identifier) -> Field {
    Field::Name(identifier.id.to_string())
}

fn name_or_none(identifier: Option<&Identifier>) -> Field {
    identifier.map_or(Field::None, name)
}

fn each<T>(items: impl IntoIterator<Item = T>, make: impl FnMut(T) -> Field) -> Field {
    Field::List(items.into_iter().map(make).collect())
}

/// Where a body begins, decorators included.
fn first_of(body: &[Stmt]) -> TextSize {
    body.first().map_or(TextSize::new(0), |stmt| stmt.range().start())
}

struct Maker<'a> {
    source: &'a Source,
    comments: Option<&'a type_comments::Comments>,
}

impl Maker<'_> {
    fn node(&self, class: &'static str, range: TextRange, fields: Vec<Field>) -> Field {
        let position = |at: TextSize| self.source.position(at.into());
        Node { class, place: Some((position(range.start()), position(range.end()))), fields }.into()
    }

    fn text(&self, range: TextRange) -> &str {
        self.source.text().get(range.to_std_range()).unwrap_or("")
    }

    fn body(&self, body: &[Stmt]) -> Field {
        each(body, |stmt| self.stmt(stmt))
    }

    fn exprs(&self, exprs: &[Expr]) -> Field {
        each(exprs, |expr| self.expr(expr))
    }

    fn maybe(&self, expr: Option<&Expr>) -> Field {
        expr.map_or(Field::None, |expr| self.expr(expr))
    }

    /// The range of a definition without its decorators.
    fn undecorated(&self, range: TextRange, decorators: &[ast::Decorator]) -> TextRange {
        let Some(last) = decorators.last() else { return range };
        let mut start = last.range.end();
        loop {
            let rest = self.text(TextRange::new(start, range.end()));
            let blank = rest.len() - rest.trim_start().len();
            let comment = match rest[blank..].starts_with('#') {
                true => rest[blank..].find('\n').unwrap_or(rest.len() - blank),
                false => 0,
            };
            start += TextSize::new((blank + comment) as u32);
            if comment == 0 {
                return TextRange::new(start.min(range.end()), range.end());
            }
        }
    }

    fn decorators(&self, decorators: &[ast::Decorator]) -> Field {
        each(decorators, |decorator| self.expr(&decorator.expression))
    }

    fn type_params(&self, params: Option<&ast::TypeParams>) -> Field {
        each(params.iter().flat_map(|params| &params.type_params), |param| {
            let default = |default: &Option<Box<Expr>>| self.maybe(default.as_deref());
            match param {
                ast::TypeParam::TypeVar(p) => {
                    let bound = self.maybe(p.bound.as_deref());
                    self.node("TypeVar", p.range, vec![name(&p.name), bound, default(&p.default)])
                }
                ast::TypeParam::ParamSpec(p) => {
                    self.node("ParamSpec", p.range, vec![name(&p.name), default(&p.default)])
                }
                ast::TypeParam::TypeVarTuple(p) => {
                    self.node("TypeVarTuple", p.range, vec![name(&p.name), default(&p.default)])
                }
            }
        })
    }

    /// A parameter; with its default it ends at `end`, and the list of them at `list`.
    fn parameter(&self, parameter: &ast::Parameter, end: TextSize, list: TextSize) -> Field {
        let last = parameter.annotation.as_ref().map_or(parameter.name.range.end(), |annotation| annotation.end());
        let range = TextRange::new(parameter.name.range.start(), parameter.range.end().max(last));
        let annotation = self.maybe(parameter.annotation.as_deref());
        self.node("arg", range, vec![name(&parameter.name), annotation, self.parameter_comment(end, list)])
    }

    fn parameters(&self, parameters: Option<&ast::Parameters>) -> Field {
        let Some(parameters) = parameters else {
            let empty = || Field::List(Vec::new());
            return bare("arguments", vec![empty(), empty(), Field::None, empty(), empty(), Field::None, empty()])
                .into();
        };
        let list = parameters.range.end();
        let args = |args: &[ast::ParameterWithDefault]| {
            each(args, |arg| self.parameter(&arg.parameter, arg.range.end(), list))
        };
        let single = |arg: &Option<Box<ast::Parameter>>| {
            arg.as_ref().map_or(Field::None, |arg| self.parameter(arg, arg.range.end(), list))
        };
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let defaults = each(positional.filter_map(|arg| arg.default.as_deref()), |default| self.expr(default));
        let keyword_defaults = each(&parameters.kwonlyargs, |arg| self.maybe(arg.default.as_deref()));
        let fields = vec![
            args(&parameters.posonlyargs),
            args(&parameters.args),
            single(&parameters.vararg),
            args(&parameters.kwonlyargs),
            keyword_defaults,
            single(&parameters.kwarg),
            defaults,
        ];
        bare("arguments", fields).into()
    }

    fn keywords(&self, keywords: &[ast::Keyword]) -> Field {
        each(keywords, |keyword| {
            self.node("keyword", keyword.range, vec![name_or_none(keyword.arg.as_ref()), self.expr(&keyword.value)])
        })
    }

    fn aliases(&self, aliases: &[ast::Alias]) -> Field {
        each(aliases, |alias| {
            self.node("alias", alias.range, vec![name(&alias.name), name_or_none(alias.asname.as_ref())])
        })
    }

    /// What follows the first branch of an `if`: another one inside it, or the `else` body.
    fn orelse(&self, clauses: &[ast::ElifElseClause]) -> Field {
        let Some((first, rest)) = clauses.split_first() else { return Field::List(Vec::new()) };
        let Some(test) = &first.test else { return self.body(&first.body) };
        let end = clauses.last().map_or(first.range.end(), |last| last.range.end());
        let fields = vec![self.expr(test), self.body(&first.body), self.orelse(rest)];
        Field::List(vec![self.node("If", TextRange::new(first.range.start(), end), fields)])
    }

    fn stmt(&self, stmt: &Stmt) -> Field {
        let range = stmt.range();
        let (class, fields) = match stmt {
            Stmt::FunctionDef(s) => {
                let class = if s.is_async { "AsyncFunctionDef" } else { "FunctionDef" };
                let fields = vec![
                    name(&s.name),
                    self.parameters(Some(&s.parameters)),
                    self.body(&s.body),
                    self.decorators(&s.decorator_list),
                    self.maybe(s.returns.as_deref()),
                    {
                        let end = s.returns.as_ref().map_or(s.parameters.range.end(), |returns| returns.end());
                        self.function_comment(end, first_of(&s.body))
                    },
                    self.type_params(s.type_params.as_deref()),
                ];
                return self.node(class, self.undecorated(range, &s.decorator_list), fields);
            }
            Stmt::ClassDef(s) => {
                let arguments = s.arguments.as_deref();
                let fields = vec![
                    name(&s.name),
                    self.exprs(arguments.map_or(&[], |arguments| &arguments.args)),
                    self.keywords(arguments.map_or(&[], |arguments| &arguments.keywords)),
                    self.body(&s.body),
                    self.decorators(&s.decorator_list),
                    self.type_params(s.type_params.as_deref()),
                ];
                return self.node("ClassDef", self.undecorated(range, &s.decorator_list), fields);
            }
            Stmt::Return(s) => ("Return", vec![self.maybe(s.value.as_deref())]),
            Stmt::Delete(s) => ("Delete", vec![self.exprs(&s.targets)]),
            Stmt::TypeAlias(s) => {
                let params = self.type_params(s.type_params.as_deref());
                ("TypeAlias", vec![self.expr(&s.name), params, self.expr(&s.value)])
            }
            Stmt::Assign(s) => {
                let comment = self.assignment_comment(range.end());
                ("Assign", vec![self.exprs(&s.targets), self.expr(&s.value), comment])
            }
            Stmt::AugAssign(s) => ("AugAssign", vec![self.expr(&s.target), expr::operator(s.op), self.expr(&s.value)]),
            Stmt::AnnAssign(s) => {
                let value = self.maybe(s.value.as_deref());
                let simple = Field::Int(s.simple.into());
                ("AnnAssign", vec![self.expr(&s.target), self.expr(&s.annotation), value, simple])
            }
            Stmt::For(s) => {
                let class = if s.is_async { "AsyncFor" } else { "For" };
                let (target, iter) = (self.expr(&s.target), self.expr(&s.iter));
                let comment = self.heading_comment(s.iter.end(), first_of(&s.body));
                (class, vec![target, iter, self.body(&s.body), self.body(&s.orelse), comment])
            }
            Stmt::While(s) => ("While", vec![self.expr(&s.test), self.body(&s.body), self.body(&s.orelse)]),
            Stmt::If(s) => ("If", vec![self.expr(&s.test), self.body(&s.body), self.orelse(&s.elif_else_clauses)]),
            Stmt::With(s) => {
                let items = each(&s.items, |item| {
                    let target = self.maybe(item.optional_vars.as_deref());
                    bare("withitem", vec![self.expr(&item.context_expr), target]).into()
                });
                let end = s.items.last().map_or(range.start(), |item| item.range.end());
                let comment = self.heading_comment(end, first_of(&s.body));
                (if s.is_async { "AsyncWith" } else { "With" }, vec![items, self.body(&s.body), comment])
            }
            Stmt::Match(s) => {
                let cases = each(&s.cases, |case| {
                    let guard = self.maybe(case.guard.as_deref());
                    bare("match_case", vec![self.pattern(&case.pattern), guard, self.body(&case.body)]).into()
                });
                ("Match", vec![self.expr(&s.subject), cases])
            }
            Stmt::Raise(s) => ("Raise", vec![self.maybe(s.exc.as_deref()), self.maybe(s.cause.as_deref())]),
            Stmt::Try(s) => {
                let handlers = each(&s.handlers, |handler| {
                    let ast::ExceptHandler::ExceptHandler(h) = handler;
                    let caught = self.maybe(h.type_.as_deref());
                    let fields = vec![caught, name_or_none(h.name.as_ref()), self.body(&h.body)];
                    self.node("ExceptHandler", h.range, fields)
                });
                let fields = vec![self.body(&s.body), handlers, self.body(&s.orelse), self.body(&s.finalbody)];
                (if s.is_star { "TryStar" } else { "Try" }, fields)
            }
            Stmt::Assert(s) => ("Assert", vec![self.expr(&s.test), self.maybe(s.msg.as_deref())]),
            Stmt::Import(s) => ("Import", vec![self.aliases(&s.names)]),
            Stmt::ImportFrom(s) => {
                let level = Field::Int(s.level.into());
                ("ImportFrom", vec![name_or_none(s.module.as_ref()), self.aliases(&s.names), level])
            }
            Stmt::Global(s) => ("Global", vec![each(&s.names, name)]),
            Stmt::Nonlocal(s) => ("Nonlocal", vec![each(&s.names, name)]),
            Stmt::Expr(s) => ("Expr", vec![self.expr(&s.value)]),
            Stmt::Break(_) => ("Break", Vec::new()),
            Stmt::Continue(_) => ("Continue", Vec::new()),
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => ("Pass", Vec::new()),
        };
        self.node(class, range, fields)
    }
}

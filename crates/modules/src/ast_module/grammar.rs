//! The node classes of Python's abstract grammar, as a table.
//!
//! Invariant: a line is either a sum `name: attributes`, and the lines that begin with `|` after it are its alternatives, or a product
//! `name(fields)`. A field is `type name`; `?` after the type says that it may be None, `*` that it is a list.

/// The classes.
pub const GRAMMAR: &str = "\
mod:
| Module(stmt* body, type_ignore* type_ignores)
| Interactive(stmt* body)
| Expression(expr body)
| FunctionType(expr* argtypes, expr returns)
stmt: lineno, col_offset, end_lineno?, end_col_offset?
| FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)
| AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)
| ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params)
| Return(expr? value)
| Delete(expr* targets)
| Assign(expr* targets, expr value, string? type_comment)
| TypeAlias(expr name, type_param* type_params, expr value)
| AugAssign(expr target, operator op, expr value)
| AnnAssign(expr target, expr annotation, expr? value, int simple)
| For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)
| AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)
| While(expr test, stmt* body, stmt* orelse)
| If(expr test, stmt* body, stmt* orelse)
| With(withitem* items, stmt* body, string? type_comment)
| AsyncWith(withitem* items, stmt* body, string? type_comment)
| Match(expr subject, match_case* cases)
| Raise(expr? exc, expr? cause)
| Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)
| TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)
| Assert(expr test, expr? msg)
| Import(alias* names)
| ImportFrom(identifier? module, alias* names, int? level)
| Global(identifier* names)
| Nonlocal(identifier* names)
| Expr(expr value)
| Pass
| Break
| Continue
expr: lineno, col_offset, end_lineno?, end_col_offset?
| BoolOp(boolop op, expr* values)
| NamedExpr(expr target, expr value)
| BinOp(expr left, operator op, expr right)
| UnaryOp(unaryop op, expr operand)
| Lambda(arguments args, expr body)
| IfExp(expr test, expr body, expr orelse)
| Dict(expr?* keys, expr* values)
| Set(expr* elts)
| ListComp(expr elt, comprehension* generators)
| SetComp(expr elt, comprehension* generators)
| DictComp(expr key, expr value, comprehension* generators)
| GeneratorExp(expr elt, comprehension* generators)
| Await(expr value)
| Yield(expr? value)
| YieldFrom(expr value)
| Compare(expr left, cmpop* ops, expr* comparators)
| Call(expr func, expr* args, keyword* keywords)
| FormattedValue(expr value, int conversion, expr? format_spec)
| Interpolation(expr value, constant str, int conversion, expr? format_spec)
| JoinedStr(expr* values)
| TemplateStr(expr* values)
| Constant(constant value, string? kind)
| Attribute(expr value, identifier attr, expr_context ctx)
| Subscript(expr value, expr slice, expr_context ctx)
| Starred(expr value, expr_context ctx)
| Name(identifier id, expr_context ctx)
| List(expr* elts, expr_context ctx)
| Tuple(expr* elts, expr_context ctx)
| Slice(expr? lower, expr? upper, expr? step)
expr_context:
| Load
| Store
| Del
boolop:
| And
| Or
operator:
| Add
| Sub
| Mult
| MatMult
| Div
| Mod
| Pow
| LShift
| RShift
| BitOr
| BitXor
| BitAnd
| FloorDiv
unaryop:
| Invert
| Not
| UAdd
| USub
cmpop:
| Eq
| NotEq
| Lt
| LtE
| Gt
| GtE
| Is
| IsNot
| In
| NotIn
comprehension(expr target, expr iter, expr* ifs, int is_async)
excepthandler: lineno, col_offset, end_lineno?, end_col_offset?
| ExceptHandler(expr? type, identifier? name, stmt* body)
arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults)
arg(identifier arg, expr? annotation, string? type_comment): lineno, col_offset, end_lineno?, end_col_offset?
keyword(identifier? arg, expr value): lineno, col_offset, end_lineno?, end_col_offset?
alias(identifier name, identifier? asname): lineno, col_offset, end_lineno?, end_col_offset?
withitem(expr context_expr, expr? optional_vars)
match_case(pattern pattern, expr? guard, stmt* body)
pattern: lineno, col_offset, end_lineno, end_col_offset
| MatchValue(expr value)
| MatchSingleton(constant value)
| MatchSequence(pattern* patterns)
| MatchMapping(expr* keys, pattern* patterns, identifier? rest)
| MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns)
| MatchStar(identifier? name)
| MatchAs(pattern? pattern, identifier? name)
| MatchOr(pattern* patterns)
type_ignore:
| TypeIgnore(int lineno, string tag)
type_param: lineno, col_offset, end_lineno, end_col_offset
| TypeVar(identifier name, expr? bound, expr? default_value)
| ParamSpec(identifier name, expr? default_value)
| TypeVarTuple(identifier name, expr? default_value)
";

/// How often a field's value occurs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly once.
    One,
    /// Once or not at all.
    Optional,
    /// Any number of times.
    List,
}

/// A field of a class.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The name of its type.
    pub type_name: &'static str,
    /// How often it occurs.
    pub count: Count,
}

/// A class.
pub struct Class {
    /// Its name.
    pub name: &'static str,
    /// The class it derives from; the root where there is none.
    pub base: Option<&'static str>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Its own attributes, and whether each may be None; `None` says that it has its base's.
    pub attributes: Option<Vec<(&'static str, bool)>>,
    /// The line without the bar, as documentation shows it.
    pub text: &'static str,
}

/// The classes of the table, each after its base.
pub fn classes() -> Vec<Class> {
    let mut found: Vec<Class> = Vec::new();
    let mut sum = None;
    for line in GRAMMAR.lines() {
        let (text, base) = match line.strip_prefix("| ") {
            Some(text) => (text, sum),
            None => (line, None),
        };
        let (head, attributes) = match text.rsplit_once(':') {
            Some((head, attributes)) => (head, Some(attributes)),
            None => (text, None),
        };
        let (name, fields) = match head.split_once('(') {
            Some((name, fields)) => (name, fields.trim_end_matches(')')),
            None => (head, ""),
        };
        if base.is_none() && head == name {
            sum = Some(name);
        }
        let pieces = |text: &'static str| text.split(", ").map(str::trim).filter(|piece| !piece.is_empty());
        let attributes = match base {
            Some(_) => None,
            None => Some(pieces(attributes.unwrap_or("")).map(optional).collect()),
        };
        let fields = pieces(fields).filter_map(field).collect();
        found.push(Class { name, base, fields, attributes, text: head });
    }
    found
}

fn optional(name: &'static str) -> (&'static str, bool) {
    match name.strip_suffix('?') {
        Some(name) => (name, true),
        None => (name, false),
    }
}

fn field(piece: &'static str) -> Option<Field> {
    let (type_name, name) = piece.split_once(' ')?;
    Some(match (type_name.strip_suffix('*'), type_name.strip_suffix('?')) {
        (Some(type_name), _) => Field { name, type_name: type_name.trim_end_matches('?'), count: Count::List },
        (_, Some(type_name)) => Field { name, type_name, count: Count::Optional },
        _ => Field { name, type_name, count: Count::One },
    })
}

//! The parameters that Python sees: reading `sig = "…"` and writing `__text_signature__`.
//!
//! Invariant: a parsed list is a valid Python parameter list: positional-only parameters come first, then those that may be named, `*args`,
//! keyword-only ones, `**kwargs`; among the positional ones no required parameter follows an optional one.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Lit, UnOp};

/// How a parameter may be given; the names are those of `taipan_objects::native::ParamKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    PositionalOnly,
    Positional,
    KeywordOnly,
    VarPositional,
    VarKeyword,
}

impl Kind {
    /// Whether the parameter takes one positional argument.
    pub fn is_plain(self) -> bool {
        matches!(self, Kind::PositionalOnly | Kind::Positional)
    }

    /// The path of the variant in generated code.
    pub fn path(self) -> TokenStream {
        let variant = quote::format_ident!("{}", format!("{self:?}"));
        quote!(::taipan_objects::native::ParamKind::#variant)
    }
}

/// What is shown as the default of an optional parameter that has no Python spelling.
pub const UNREPRESENTABLE: &str = "<unrepresentable>";

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    /// The default's source text.
    pub default: Option<String>,
}

/// Reads the text between the parentheses of a signature, self left out.
pub fn parse(text: &str) -> Result<Vec<Parameter>, String> {
    let mut params: Vec<Parameter> = Vec::new();
    let (mut slash, mut star) = (false, false);
    let mut later = Kind::Positional;
    for piece in split(text)? {
        if later == Kind::VarKeyword {
            return Err(format!("`{piece}` follows the `**` parameter, which comes last"));
        }
        match piece {
            "" => return Err("a parameter is missing between two commas".into()),
            "/" if slash => return Err("`/` may appear only once".into()),
            "/" if star => return Err("`/` comes before `*`".into()),
            "/" if params.is_empty() => return Err("`/` needs a parameter before it".into()),
            "/" => {
                slash = true;
                params.iter_mut().for_each(|param| param.kind = Kind::PositionalOnly);
            }
            _ if piece.starts_with("**") => {
                later = Kind::VarKeyword;
                params.push(Parameter { name: name(&piece[2..])?, kind: later, default: None });
            }
            _ if piece.starts_with('*') => {
                if star {
                    return Err("`*` may appear only once".into());
                }
                star = true;
                later = Kind::KeywordOnly;
                if piece != "*" {
                    params.push(Parameter { name: name(&piece[1..])?, kind: Kind::VarPositional, default: None });
                }
            }
            _ => params.push(single(piece, later)?),
        }
    }
    if star && !params.iter().any(|p| matches!(p.kind, Kind::KeywordOnly | Kind::VarPositional)) {
        return Err("a bare `*` needs a keyword-only parameter after it".into());
    }
    check(&params)?;
    Ok(params)
}

fn single(piece: &str, kind: Kind) -> Result<Parameter, String> {
    let (before, default) = match piece.split_once('=') {
        Some((before, default)) => (before.trim(), Some(default.trim().to_owned())),
        None => (piece, None),
    };
    if default.as_deref() == Some("") {
        return Err(format!("`{before}=` needs a default"));
    }
    Ok(Parameter { name: name(before)?, kind, default })
}

/// Raises what a list of parameters breaks: names that repeat, required parameters after optional ones.
pub fn check(params: &[Parameter]) -> Result<(), String> {
    let mut optional: Option<&str> = None;
    for (i, param) in params.iter().enumerate() {
        if params[..i].iter().any(|other| other.name == param.name) {
            return Err(format!("parameter `{}` appears twice", param.name));
        }
        match (&param.default, optional) {
            _ if !param.kind.is_plain() => {}
            (Some(_), _) => optional = Some(&param.name),
            (None, Some(before)) => {
                return Err(format!("required parameter `{}` follows optional parameter `{before}`", param.name));
            }
            (None, None) => {}
        }
    }
    Ok(())
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.starts_with('$') || text == "self" {
        return Err("leave self out: it is added to the signature".into());
    }
    let mut chars = text.chars();
    let first = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic());
    if first && chars.all(|c| c == '_' || c.is_alphanumeric()) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is not a parameter name"))
    }
}

/// Splits at the commas that are outside quotes and brackets.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let (mut pieces, mut start, mut depth) = (Vec::new(), 0, 0usize);
    let mut quote: Option<char> = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth = depth.checked_sub(1).ok_or_else(|| format!("`{c}` was never opened"))?;
            }
            (None, ',') if depth == 0 => {
                pieces.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if quote.is_some() || depth > 0 {
        return Err("a quote or bracket is not closed".into());
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        pieces.push(last);
    }
    Ok(pieces)
}

/// The text signature; `first` is `$self`, `$type` or `$module`, nothing for static methods.
pub fn show(first: Option<&str>, params: &[Parameter]) -> String {
    let mut parts: Vec<String> = first.iter().map(|&first| first.to_owned()).collect();
    let mut before = first.map(|_| Kind::PositionalOnly);
    let mut star = false;
    for param in params {
        if before == Some(Kind::PositionalOnly) && param.kind != Kind::PositionalOnly {
            parts.push("/".to_owned());
        }
        before = Some(param.kind);
        match param.kind {
            Kind::VarPositional => star = true,
            Kind::KeywordOnly if !star => {
                star = true;
                parts.push("*".to_owned());
            }
            _ => {}
        }
        let stars = match param.kind {
            Kind::VarPositional => "*",
            Kind::VarKeyword => "**",
            _ => "",
        };
        let name = &param.name;
        parts.push(match &param.default {
            Some(default) => format!("{stars}{name}={default}"),
            None => format!("{stars}{name}"),
        });
    }
    if before == Some(Kind::PositionalOnly) {
        parts.push("/".to_owned());
    }
    format!("({})", parts.join(", "))
}

/// A Rust literal as Python writes it.
pub fn python_text(default: &Expr) -> String {
    let text = match default {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => Some(int.base10_digits().to_owned()),
            Lit::Float(float) => Some(float.base10_digits().to_owned()),
            Lit::Bool(bool) => Some(if bool.value { "True" } else { "False" }.to_owned()),
            Lit::Str(text) if !text.value().contains(['\'', '\\', '\n']) => Some(format!("'{}'", text.value())),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Some(format!("-{}", python_text(&unary.expr))),
        Expr::Path(path) if path.path.is_ident("None") => Some("None".to_owned()),
        _ => None,
    };
    text.filter(|text| !text.contains('<')).unwrap_or_else(|| UNREPRESENTABLE.to_owned())
}

/// The Rust expression of a Python default for a parameter of primitive type `ty`, if both are that simple.
pub fn rust_default(default: &str, ty: &str) -> Option<Expr> {
    let source = match (ty, default) {
        ("bool", "True") => "true".to_owned(),
        ("bool", "False") => "false".to_owned(),
        ("f64", number) if number.parse::<f64>().is_ok() => format!("{:?}f64", number.parse::<f64>().ok()?),
        ("isize" | "i64" | "i32", number) if number.parse::<i64>().is_ok() => number.to_owned(),
        ("usize" | "u64" | "u32" | "u8", number) if number.parse::<u64>().is_ok() => number.to_owned(),
        ("Value", "None") => "::taipan_objects::builtins::NONE".to_owned(),
        _ => return None,
    };
    syn::parse_str(&source).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read_and_shown() {
        let cases = [
            ("", Some("$self"), "($self, /)"),
            ("", None, "()"),
            ("index=-1, /", Some("$self"), "($self, index=-1, /)"),
            ("*, key=None, reverse=False", Some("$self"), "($self, /, *, key=None, reverse=False)"),
            ("sep=None, maxsplit=-1", Some("$self"), "($self, /, sep=None, maxsplit=-1)"),
            ("a, /, b, *args, c, **rest", Some("$module"), "($module, a, /, b, *args, c, **rest)"),
            ("frm, to, /", None, "(frm, to, /)"),
            ("a=(1, 2), b=',', /", Some("$type"), "($type, a=(1, 2), b=',', /)"),
            ("a, b=<unrepresentable>, /", Some("$self"), "($self, a, b=<unrepresentable>, /)"),
            ("*args", None, "(*args)"),
        ];
        for (text, first, shown) in cases {
            assert_eq!(show(first, &parse(text).unwrap()), shown, "{text}");
        }
    }

    #[test]
    fn wrong_signatures_are_refused() {
        let cases = [
            ("/", "needs a parameter"),
            ("a, /, b, /", "only once"),
            ("*, a, /", "before `*`"),
            ("a, *", "bare `*`"),
            ("*a, *b", "only once"),
            ("**k, a", "comes last"),
            ("a=1, b", "required parameter `b` follows"),
            ("a, a", "appears twice"),
            ("a,, b", "between two commas"),
            ("$self, a", "leave self out"),
            ("a=", "needs a default"),
            ("1a", "not a parameter name"),
            ("a=(", "not closed"),
            ("a=)", "never opened"),
        ];
        for (text, message) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn defaults_cross_between_rust_and_python() {
        for (rust, python) in [("-1", "-1"), ("true", "True"), ("\"strict\"", "'strict'"), ("f()", UNREPRESENTABLE)] {
            assert_eq!(python_text(&syn::parse_str(rust).unwrap()), python);
        }
        let shown = |default, ty| rust_default(default, ty).map(|expr| quote!(#expr).to_string());
        assert_eq!(shown("-1", "isize").as_deref(), Some("- 1"));
        assert_eq!(shown("False", "bool").as_deref(), Some("false"));
        assert_eq!(shown("1", "f64").as_deref(), Some("1.0f64"));
        assert_eq!(shown("-1", "usize"), None);
    }
}

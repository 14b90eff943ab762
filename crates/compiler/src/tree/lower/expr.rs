//! Expressions of a tree that a program made.
//!
//! Invariant: a literal of the parser's tree stands for a constant only where the two mean the same; any other constant is kept beside the tree.

use ruff_python_ast::{self as ast, AtomicNodeIndex, Expr, ExprContext, InterpolatedStringElement as Element};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::Const;

use super::{Invalid, Lower, Lowered, as_node, check_name, field, int, list, text, value_error};
use crate::tree::{Field, Node};

fn context_name(context: ExprContext) -> &'static str {
    match context {
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
        ExprContext::Load | ExprContext::Invalid => "Load",
    }
}

fn class(field: &Field) -> &'static str {
    as_node(field).map_or("None", |node| node.class)
}

pub(super) fn operator(field: &Field) -> Lowered<ast::Operator> {
    use ast::Operator as O;
    Ok(match class(field) {
        "Add" => O::Add,
        "Sub" => O::Sub,
        "Mult" => O::Mult,
        "MatMult" => O::MatMult,
        "Div" => O::Div,
        "Mod" => O::Mod,
        "Pow" => O::Pow,
        "LShift" => O::LShift,
        "RShift" => O::RShift,
        "BitOr" => O::BitOr,
        "BitXor" => O::BitXor,
        "BitAnd" => O::BitAnd,
        "FloorDiv" => O::FloorDiv,
        _ => return Err(Invalid::System("unexpected operator".into())),
    })
}

fn comparison(field: &Field) -> Lowered<ast::CmpOp> {
    use ast::CmpOp as O;
    Ok(match class(field) {
        "Eq" => O::Eq,
        "NotEq" => O::NotEq,
        "Lt" => O::Lt,
        "LtE" => O::LtE,
        "Gt" => O::Gt,
        "GtE" => O::GtE,
        "Is" => O::Is,
        "IsNot" => O::IsNot,
        "In" => O::In,
        "NotIn" => O::NotIn,
        _ => return Err(Invalid::System("unexpected comparison".into())),
    })
}

impl Lower {
    /// An expression used in a context.
    pub(super) fn expr(&mut self, node: &Node, context: ExprContext) -> Lowered<Expr> {
        let own = match node.class {
            "Attribute" | "Subscript" => Some(class(field(node, 2))),
            "Starred" | "Name" | "List" | "Tuple" => Some(class(field(node, 1))),
            _ => None,
        };
        match own {
            None if context != ExprContext::Load => {
                let wanted = context_name(context);
                return value_error(format!("expression which can't be assigned to in {wanted} context"));
            }
            Some(own) if own != context_name(context) => {
                let wanted = context_name(context);
                return value_error(format!("expression must have {wanted} context but has {own} instead"));
            }
            _ => {}
        }
        let range = self.range(node);
        self.plain(node, context, range)
    }

    #[allow(clippy::too_many_lines)]
    fn plain(&mut self, node: &Node, ctx: ExprContext, range: TextRange) -> Lowered<Expr> {
        let node_index = AtomicNodeIndex::NONE;
        let load = ExprContext::Load;
        let owner = node.class;
        Ok(match owner {
            "BoolOp" => {
                if list(node, 1).len() < 2 {
                    return value_error("BoolOp with less than 2 values");
                }
                let op = if class(field(node, 0)) == "And" { ast::BoolOp::And } else { ast::BoolOp::Or };
                Expr::BoolOp(ast::ExprBoolOp { node_index, range, op, values: self.exprs(list(node, 1), load)? })
            }
            "NamedExpr" => {
                if class(field(node, 0)) != "Name" {
                    return Err(Invalid::Type("NamedExpr target must be a Name".into()));
                }
                let target = Box::new(self.required(field(node, 0), ExprContext::Store, owner)?);
                Expr::Named(ast::ExprNamed { node_index, range, target, value: self.boxed(node, 1, owner)? })
            }
            "BinOp" => {
                let (left, op) = (self.boxed(node, 0, owner)?, operator(field(node, 1))?);
                Expr::BinOp(ast::ExprBinOp { node_index, range, left, op, right: self.boxed(node, 2, owner)? })
            }
            "UnaryOp" => {
                let op = match class(field(node, 0)) {
                    "Invert" => ast::UnaryOp::Invert,
                    "Not" => ast::UnaryOp::Not,
                    "UAdd" => ast::UnaryOp::UAdd,
                    _ => ast::UnaryOp::USub,
                };
                Expr::UnaryOp(ast::ExprUnaryOp { node_index, range, op, operand: self.boxed(node, 1, owner)? })
            }
            "Lambda" => {
                let parameters = Some(Box::new(self.parameters(field(node, 0))?));
                Expr::Lambda(ast::ExprLambda { node_index, range, parameters, body: self.boxed(node, 1, owner)? })
            }
            "IfExp" => Expr::If(ast::ExprIf {
                node_index,
                range,
                test: self.boxed(node, 0, owner)?,
                body: self.boxed(node, 1, owner)?,
                orelse: self.boxed(node, 2, owner)?,
            }),
            "Dict" => {
                if list(node, 0).len() != list(node, 1).len() {
                    return value_error("Dict doesn't have the same number of keys as values");
                }
                let mut items = Vec::new();
                for (key, value) in list(node, 0).iter().zip(list(node, 1)) {
                    let key = as_node(key).map(|key| self.expr(key, load)).transpose()?;
                    let Some(value) = as_node(value) else {
                        return value_error("None disallowed in expression list");
                    };
                    items.push(ast::DictItem { key, value: self.expr(value, load)? });
                }
                Expr::Dict(ast::ExprDict { node_index, range, items })
            }
            "Set" => Expr::Set(ast::ExprSet { node_index, range, elts: self.exprs(list(node, 0), load)? }),
            "ListComp" | "SetComp" | "GeneratorExp" => {
                let generators = self.generators(list(node, 1))?;
                let elt = self.boxed(node, 0, owner)?;
                match owner {
                    "ListComp" => Expr::ListComp(ast::ExprListComp { node_index, range, elt, generators }),
                    "SetComp" => Expr::SetComp(ast::ExprSetComp { node_index, range, elt, generators }),
                    _ => {
                        Expr::Generator(ast::ExprGenerator { node_index, range, elt, generators, parenthesized: true })
                    }
                }
            }
            "DictComp" => {
                let generators = self.generators(list(node, 2))?;
                let (key, value) = (Some(self.boxed(node, 0, owner)?), self.boxed(node, 1, owner)?);
                Expr::DictComp(ast::ExprDictComp { node_index, range, key, value, generators })
            }
            "Await" => Expr::Await(ast::ExprAwait { node_index, range, value: self.boxed(node, 0, owner)? }),
            "Yield" => Expr::Yield(ast::ExprYield { node_index, range, value: self.maybe(node, 0)? }),
            "YieldFrom" => {
                Expr::YieldFrom(ast::ExprYieldFrom { node_index, range, value: self.boxed(node, 0, owner)? })
            }
            "Compare" => {
                if list(node, 2).is_empty() {
                    return value_error("Compare with no comparators");
                }
                if list(node, 2).len() != list(node, 1).len() {
                    return value_error("Compare has a different number of comparators and operands");
                }
                let left = self.boxed(node, 0, owner)?;
                let ops = list(node, 1).iter().map(comparison).collect::<Lowered<_>>()?;
                let comparators = self.exprs(list(node, 2), load)?.into_boxed_slice();
                Expr::Compare(ast::ExprCompare { node_index, range, left, ops, comparators })
            }
            "Call" => {
                let func = self.boxed(node, 0, owner)?;
                let args = self.exprs(list(node, 1), load)?.into_boxed_slice();
                let keywords = self.keywords(list(node, 2))?.into_iter().collect();
                let arguments = ast::Arguments { range, node_index: AtomicNodeIndex::NONE, args, keywords };
                Expr::Call(ast::ExprCall { node_index, range_start: range.start(), func, arguments })
            }
            "JoinedStr" => self.joined(list(node, 0), range)?,
            "FormattedValue" => {
                let element = self.formatted(node, range)?;
                self.fstring(vec![element], range)
            }
            "TemplateStr" => self.template(list(node, 0), range)?,
            "Interpolation" => {
                let element = self.interpolation(node, range)?;
                let elements = vec![element].into();
                self.tstring(elements, range)
            }
            "Constant" => match field(node, 0) {
                Field::Const(value) => self.constant(value, range)?,
                _ => self.constant(&Const::None, range)?,
            },
            "Attribute" => {
                let value = self.boxed(node, 0, owner)?;
                let attr = self.identifier(field(node, 1), range)?;
                Expr::Attribute(ast::ExprAttribute { node_index, range, value, attr, ctx })
            }
            "Subscript" => {
                let (value, slice) = (self.boxed(node, 0, owner)?, self.boxed(node, 1, owner)?);
                Expr::Subscript(ast::ExprSubscript { node_index, range, value, slice, ctx })
            }
            "Starred" => {
                let value = Box::new(self.required(field(node, 0), ctx, owner)?);
                Expr::Starred(ast::ExprStarred { node_index, range, value, ctx })
            }
            "Name" => {
                let name = text(field(node, 0)).unwrap_or_default();
                check_name(name)?;
                Expr::Name(ast::ExprName { node_index, range, id: name.into(), ctx })
            }
            "List" => Expr::List(ast::ExprList { node_index, range, elts: self.exprs(list(node, 0), ctx)?, ctx }),
            "Tuple" => {
                let elts = self.exprs(list(node, 0), ctx)?;
                Expr::Tuple(ast::ExprTuple { node_index, range, elts, ctx, parenthesized: true })
            }
            "Slice" => {
                let (lower, upper, step) = (self.maybe(node, 0)?, self.maybe(node, 1)?, self.maybe(node, 2)?);
                Expr::Slice(ast::ExprSlice { node_index, range, lower, upper, step })
            }
            _ => return Err(Invalid::System("unexpected expression".into())),
        })
    }

    fn generators(&mut self, items: &[Field]) -> Lowered<Vec<ast::Comprehension>> {
        if items.is_empty() {
            return value_error("comprehension with no generators");
        }
        let mut generators = Vec::with_capacity(items.len());
        for node in items.iter().filter_map(as_node) {
            let target = self.required(field(node, 0), ExprContext::Store, "comprehension")?;
            let iter = self.required(field(node, 1), ExprContext::Load, "comprehension")?;
            let ifs = self.exprs(list(node, 2), ExprContext::Load)?;
            let (range, node_index) = (target.range(), AtomicNodeIndex::NONE);
            generators.push(ast::Comprehension { range, node_index, target, iter, ifs, is_async: int(node, 3) != 0 });
        }
        Ok(generators)
    }

    /// A constant: a literal, or a place in the table of those that no literal gives.
    pub(super) fn constant(&mut self, value: &Const, range: TextRange) -> Lowered<Expr> {
        let node_index = AtomicNodeIndex::NONE;
        let number =
            |value| Ok(Expr::NumberLiteral(ast::ExprNumberLiteral { node_index: AtomicNodeIndex::NONE, range, value }));
        match value {
            Const::None => Ok(Expr::NoneLiteral(ast::ExprNoneLiteral { node_index, range })),
            Const::Ellipsis => Ok(Expr::EllipsisLiteral(ast::ExprEllipsisLiteral { node_index, range })),
            Const::Bool(value) => {
                Ok(Expr::BooleanLiteral(ast::ExprBooleanLiteral { node_index, range, value: *value }))
            }
            Const::Int(n) if *n >= 0 => number(ast::Number::Int(ast::Int::from(*n as u64))),
            Const::Float(x) => number(ast::Number::Float(*x)),
            Const::Complex(real, imag) if real.to_bits() == 0 => {
                number(ast::Number::Complex { real: *real, imag: *imag })
            }
            Const::Str(text) => {
                let flags = ast::StringLiteralFlags::empty();
                let literal = ast::StringLiteral { range, node_index, value: (&**text).into(), flags };
                let value = ast::StringLiteralValue::single(literal);
                Ok(Expr::StringLiteral(ast::ExprStringLiteral { node_index: AtomicNodeIndex::NONE, range, value }))
            }
            Const::Bytes(bytes) => {
                let flags = ast::BytesLiteralFlags::empty();
                let literal = ast::BytesLiteral { range, node_index, value: (&**bytes).into(), flags };
                let value = ast::BytesLiteralValue::single(literal);
                Ok(Expr::BytesLiteral(ast::ExprBytesLiteral { node_index: AtomicNodeIndex::NONE, range, value }))
            }
            other => {
                let index = self.source.constants.len().to_string();
                self.source.constants.push(other.clone());
                let kind = ast::IpyEscapeKind::Shell;
                Ok(Expr::IpyEscapeCommand(ast::ExprIpyEscapeCommand { node_index, range, kind, value: index.into() }))
            }
        }
    }

    /// The values of an f-string.
    fn elements(&mut self, items: &[Field]) -> Lowered<Vec<Element>> {
        let mut elements = Vec::with_capacity(items.len());
        for item in items {
            let Some(node) = as_node(item) else { return value_error("None disallowed in expression list") };
            let range = self.range(node);
            elements.push(match (node.class, field(node, 0)) {
                ("Constant", Field::Const(Const::Str(text))) => self.literal_element(text, range),
                ("FormattedValue", _) => self.formatted(node, range)?,
                ("Interpolation", _) => self.interpolation(node, range)?,
                _ => {
                    // Any other expression is a string that is joined as it is.
                    let expression = Box::new(self.expr(node, ExprContext::Load)?);
                    Element::Interpolation(ast::InterpolatedElement {
                        range,
                        node_index: AtomicNodeIndex::NONE,
                        expression,
                        debug_text: None,
                        conversion: ast::ConversionFlag::None,
                        format_spec: None,
                    })
                }
            });
        }
        Ok(elements)
    }

    fn literal_element(&self, text: &str, range: TextRange) -> Element {
        let (node_index, value) = (AtomicNodeIndex::NONE, text.into());
        Element::Literal(ast::InterpolatedStringLiteralElement { range, node_index, value })
    }

    fn fstring(&self, elements: Vec<Element>, range: TextRange) -> Expr {
        let (node_index, flags) = (AtomicNodeIndex::NONE, ast::FStringFlags::empty());
        let value = ast::FStringValue::single(ast::FString { range, node_index, elements: elements.into(), flags });
        Expr::FString(ast::ExprFString { node_index: AtomicNodeIndex::NONE, range, value })
    }

    fn joined(&mut self, items: &[Field], range: TextRange) -> Lowered<Expr> {
        let elements = self.elements(items)?;
        Ok(self.fstring(elements, range))
    }

    fn tstring(&self, elements: ast::InterpolatedStringElements, range: TextRange) -> Expr {
        let (node_index, flags) = (AtomicNodeIndex::NONE, ast::TStringFlags::empty());
        let value = ast::TStringValue::single(ast::TString { range, node_index, elements, flags });
        Expr::TString(ast::ExprTString { node_index: AtomicNodeIndex::NONE, range, value })
    }

    fn template(&mut self, items: &[Field], range: TextRange) -> Lowered<Expr> {
        let elements = self.elements(items)?.into();
        Ok(self.tstring(elements, range))
    }

    fn interpolation(&mut self, node: &Node, range: TextRange) -> Lowered<Element> {
        let text = match field(node, 1) {
            Field::Const(Const::Str(text)) => text.to_string(),
            _ => String::new(),
        };
        self.source.texts.insert(range.start().into(), text);
        self.element(node, int(node, 2), field(node, 3), range)
    }

    fn formatted(&mut self, node: &Node, range: TextRange) -> Lowered<Element> {
        self.element(node, int(node, 1), field(node, 2), range)
    }

    fn element(&mut self, node: &Node, conversion: i64, spec: &Field, range: TextRange) -> Lowered<Element> {
        let conversion = match conversion {
            -1 => ast::ConversionFlag::None,
            115 => ast::ConversionFlag::Str,
            114 => ast::ConversionFlag::Repr,
            97 => ast::ConversionFlag::Ascii,
            other => return Err(Invalid::System(format!("Unrecognized conversion character {other}"))),
        };
        let expression = self.boxed(node, 0, node.class)?;
        let format_spec = match as_node(spec) {
            None => None,
            Some(spec) => {
                let range = self.range(spec);
                let elements = match spec.class {
                    "JoinedStr" => self.elements(list(spec, 0))?,
                    _ => self.elements(&[Field::Node(Box::new(spec.clone()))])?,
                };
                let node_index = AtomicNodeIndex::NONE;
                Some(Box::new(ast::InterpolatedStringFormatSpec { range, node_index, elements: elements.into() }))
            }
        };
        Ok(Element::Interpolation(ast::InterpolatedElement {
            range,
            node_index: AtomicNodeIndex::NONE,
            expression,
            debug_text: None,
            conversion,
            format_spec,
        }))
    }
}

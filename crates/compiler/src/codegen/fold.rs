//! Constant folding: literals, signs, arithmetic on small numbers, tuples of constants. Only what is cheap
//! and cannot raise; the rest is left to run time.

use ruff_python_ast::{Expr, Operator, UnaryOp};
use taipan_bytecode::Const;

use super::Compiler;

/// Folded strings and tuples stay below this length.
const MAX_LENGTH: usize = 4096;

impl<'a> Compiler<'a> {
    /// The value of an expression that is constant.
    pub(super) fn constant(&self, expr: &Expr) -> Option<Const> {
        match expr {
            Expr::UnaryOp(e) => unary(e.op, self.constant(&e.operand)?),
            Expr::BinOp(e) => {
                if !may_be_constant(&e.right) || !may_be_constant(&e.left) {
                    return None;
                }
                binary(self.constant(&e.left)?, e.op, self.constant(&e.right)?)
            }
            Expr::Tuple(e) if e.elts.len() <= MAX_LENGTH => Some(Const::Tuple(self.constants(&e.elts)?.into())),
            _ => self.literal(expr),
        }
    }
}

/// Avoids descending twice into long chains of operators that are not constant.
fn may_be_constant(expr: &Expr) -> bool {
    match expr {
        Expr::BinOp(e) => may_be_constant(&e.right),
        Expr::UnaryOp(e) => may_be_constant(&e.operand),
        Expr::Tuple(_) => true,
        e => e.is_literal_expr(),
    }
}

fn unary(op: UnaryOp, value: Const) -> Option<Const> {
    Some(match (op, value) {
        (UnaryOp::Not, value) => Const::Bool(!truth(&value)),
        (UnaryOp::USub, Const::Int(n)) => match n.checked_neg() {
            Some(n) => Const::Int(n),
            None => Const::BigInt("9223372036854775808".into()),
        },
        (UnaryOp::USub, Const::BigInt(digits)) => match digits.strip_prefix('-') {
            Some(digits) => Const::BigInt(digits.into()),
            None if &*digits == "9223372036854775808" => Const::Int(i64::MIN),
            None => Const::BigInt(format!("-{digits}").into()),
        },
        (UnaryOp::USub, Const::Float(x)) => Const::Float(-x),
        (UnaryOp::USub, Const::Complex(re, im)) => Const::Complex(-re, -im),
        (UnaryOp::UAdd, value @ (Const::Int(_) | Const::BigInt(_) | Const::Float(_) | Const::Complex(..))) => value,
        (UnaryOp::Invert, Const::Int(n)) => Const::Int(!n),
        _ => return None,
    })
}

fn binary(left: Const, op: Operator, right: Const) -> Option<Const> {
    match (&left, &right) {
        (Const::Int(a), Const::Int(b)) => int(*a, op, *b),
        (Const::Float(a), Const::Float(b)) => float(*a, op, *b),
        (Const::Int(a), Const::Float(b)) if exact(*a) => float(*a as f64, op, *b),
        (Const::Float(a), Const::Int(b)) if exact(*b) => float(*a, op, *b as f64),
        (_, Const::Complex(re, im)) => {
            let a = match left {
                Const::Int(a) if exact(a) => a as f64,
                Const::Float(a) => a,
                _ => return None,
            };
            match op {
                Operator::Add => Some(Const::Complex(a + re, *im)),
                Operator::Sub => Some(Const::Complex(a - re, -im)),
                _ => None,
            }
        }
        (Const::Str(a), Const::Str(b)) if op == Operator::Add && a.len() + b.len() <= MAX_LENGTH => {
            Some(Const::Str(format!("{a}{b}").into()))
        }
        (Const::Str(a), Const::Int(n)) | (Const::Int(n), Const::Str(a)) if op == Operator::Mult => {
            let n = usize::try_from((*n).max(0)).ok()?;
            (a.len().saturating_mul(n) <= MAX_LENGTH).then(|| Const::Str(a.repeat(n).into()))
        }
        (Const::Bytes(a), Const::Int(n)) | (Const::Int(n), Const::Bytes(a)) if op == Operator::Mult => {
            let n = usize::try_from((*n).max(0)).ok()?;
            (a.len().saturating_mul(n) <= MAX_LENGTH).then(|| Const::Bytes(a.repeat(n).into()))
        }
        (Const::Tuple(a), Const::Int(_)) if op == Operator::Mult && a.is_empty() => Some(Const::Tuple(a.clone())),
        (Const::Tuple(a), Const::Int(n)) if op == Operator::Mult => {
            let n = usize::try_from((*n).max(0)).ok()?;
            (a.len().saturating_mul(n) <= 256)
                .then(|| Const::Tuple(std::iter::repeat_n(a, n).flat_map(|a| a.iter().cloned()).collect()))
        }
        (Const::Tuple(a), Const::Tuple(b)) if op == Operator::Add => {
            Some(Const::Tuple(a.iter().chain(b.iter()).cloned().collect()))
        }
        _ => None,
    }
}

/// Whether the conversion to float is exact.
fn exact(n: i64) -> bool {
    n.unsigned_abs() <= 1 << 53
}

fn int(a: i64, op: Operator, b: i64) -> Option<Const> {
    let value = match op {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult => a.checked_mul(b)?,
        Operator::FloorDiv if b != 0 => {
            let quotient = a.checked_div(b)?;
            if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
        }
        Operator::Mod if b != 0 => {
            let rest = a.checked_rem(b)?;
            if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
        }
        Operator::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
        Operator::LShift => {
            if !(0..63).contains(&b) {
                return None;
            }
            a.checked_mul(1 << b)?
        }
        Operator::RShift if b >= 0 => a >> b.min(63),
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::Div if b != 0 && exact(a) && exact(b) => return Some(Const::Float(a as f64 / b as f64)),
        _ => return None,
    };
    Some(Const::Int(value))
}

fn float(a: f64, op: Operator, b: f64) -> Option<Const> {
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        _ => return None,
    };
    Some(Const::Float(value))
}

/// The truth of a constant.
pub(super) fn truth(value: &Const) -> bool {
    match value {
        Const::None => false,
        Const::Bool(b) => *b,
        Const::Int(n) => *n != 0,
        Const::Float(x) => *x != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
        Const::Str(s) => !s.is_empty(),
        Const::Bytes(b) => !b.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::Ellipsis | Const::BigInt(_) | Const::Surrogates(_) | Const::Slice(_) | Const::Code(_) => true,
    }
}

/// Whether two constants compare equal in Python, as far as this can be said without big numbers.
pub(super) fn equal(a: &Const, b: &Const) -> bool {
    let number = |value: &Const| match value {
        Const::Bool(b) => Some(f64::from(u8::from(*b))),
        Const::Int(n) if exact(*n) => Some(*n as f64),
        Const::Float(x) => Some(*x),
        Const::Complex(re, im) if *im == 0.0 => Some(*re),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x == y,
        _ => a == b,
    }
}

/// The frozenset of constants, equal ones once. Numbers that compare equal though their types differ are left to the
/// interpreter, which keeps the first.
pub(super) fn frozenset(items: Vec<Const>) -> Const {
    let mut distinct: Vec<Const> = Vec::with_capacity(items.len());
    for item in items {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    Const::FrozenSet(distinct.into())
}

/// Whether evaluating the expression can assign nothing.
pub(super) fn is_simple(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_) => true,
        Expr::Attribute(e) => is_simple(&e.value),
        Expr::Subscript(e) => is_simple(&e.value) && is_simple(&e.slice),
        Expr::BinOp(e) => is_simple(&e.left) && is_simple(&e.right),
        Expr::UnaryOp(e) => is_simple(&e.operand),
        e => e.is_literal_expr(),
    }
}

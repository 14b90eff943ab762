//! `abs`, `bin`, `divmod`, `hash`, `hex`, `id`, `len`, `oct`, `pow`, `round`, `sum`.
//!
//! Invariant: all arithmetic goes through the operands' slots, but for sums of exact ints and floats.

use taipan_heap::{Ref, Value};
use taipan_macros::pymodule;
use taipan_numeric::{SMALL_DIGITS, big_to_string, small_digits};
use taipan_objects::builtins::{bytearray::ByteArray, bytes::Bytes, complex, float, int, is_none, str::Str};
use taipan_objects::types::BinaryOp;
use taipan_objects::types::walk::Walk;
use taipan_objects::vm::{PyResult, Vm};

/// Floats below this are rounded to machine integers.
const EXACT: f64 = (1_u64 << 53) as f64;

/// Functions on numbers.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Return the absolute value of the argument.
    #[function(sig = "x, /", fixed)]
    pub fn abs(vm: &Vm, x: &Value) -> PyResult<Value> {
        if let Some(n) = x.as_int() {
            return int::from_i64(vm, n.abs());
        }
        match vm.class_of(x).slots.abs.get() {
            Some(function) => function(vm, x),
            None => Err(vm.type_error(format!("bad operand type for abs(): '{}'", vm.type_name(x)))),
        }
    }

    /// Return the binary representation of an integer.
    ///
    /// >>> bin(2796202)
    /// '0b1010101010101010101010'
    #[function(sig = "number, /", fixed)]
    pub fn bin(vm: &Vm, number: &Value) -> PyResult<Ref<Str>> {
        in_radix(vm, number, 2, "0b")
    }

    /// Return the octal representation of an integer.
    ///
    /// >>> oct(342391)
    /// '0o1234567'
    #[function(sig = "number, /")]
    pub fn oct(vm: &Vm, number: &Value) -> PyResult<Ref<Str>> {
        in_radix(vm, number, 8, "0o")
    }

    /// Return the hexadecimal representation of an integer.
    ///
    /// >>> hex(12648430)
    /// '0xc0ffee'
    #[function(sig = "number, /", fixed)]
    pub fn hex(vm: &Vm, number: &Value) -> PyResult<Ref<Str>> {
        in_radix(vm, number, 16, "0x")
    }

    /// Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.
    #[function(sig = "x, y, /", fixed)]
    pub fn divmod(vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        vm.binary(BinaryOp::DivMod, x, y)
    }

    /// Return the hash value for the given object.
    ///
    /// Two objects that compare equal must also have the same hash value, but the
    /// reverse is not necessarily true.
    #[function(sig = "obj, /", fixed)]
    pub fn hash(vm: &Vm, obj: &Value) -> PyResult<i64> {
        vm.hash(obj)
    }

    /// Return the identity of an object.
    ///
    /// This is guaranteed to be unique among simultaneously existing objects.
    #[function(sig = "obj, /", fixed)]
    pub fn id(obj: &Value) -> u64 {
        obj.bits()
    }

    /// Return the number of items in a container.
    #[function(sig = "obj, /", fixed)]
    pub fn len(vm: &Vm, obj: &Value) -> PyResult<usize> {
        vm.len(obj)
    }

    /// Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.
    ///
    /// Some types, such as ints, are able to use a more efficient algorithm when
    /// invoked using the three argument form.
    #[function(sig = "base, exp, mod=None", fixed)]
    pub fn pow(vm: &Vm, base: &Value, exp: &Value, modulus: Option<&Value>) -> PyResult<Value> {
        match modulus.filter(|modulus| !is_none(modulus)) {
            Some(modulus) => vm.power(base, exp, modulus),
            None => vm.binary(BinaryOp::Pow, base, exp),
        }
    }

    /// Round a number to a given precision in decimal digits.
    ///
    /// The return value is an integer if ndigits is omitted or None.  Otherwise
    /// the return value has the same type as the number.  ndigits may be negative.
    #[function(sig = "number, ndigits=None", fixed)]
    pub fn round(vm: &Vm, number: &Value, ndigits: Option<&Value>) -> PyResult<Value> {
        let digits = ndigits.filter(|digits| !is_none(digits));
        if let (Some(x), None) = (number.as_float(), digits)
            && x.abs() < EXACT
        {
            return int::from_i64(vm, x.round_ties_even() as i64);
        }
        let arguments = digits.map_or(&[][..], std::slice::from_ref);
        match vm.call_special(number, &vm.names().__round__, arguments)? {
            Some(result) => Ok(result),
            None => {
                let given = vm.type_name(number);
                Err(vm.type_error(format!("type {given} doesn't define __round__ method")))
            }
        }
    }

    /// Return the sum of a 'start' value (default: 0) plus an iterable of numbers
    ///
    /// When the iterable is empty, return the start value.
    /// This function is intended specifically for use with numeric values and may
    /// reject non-numeric types.
    #[function(sig = "iterable, /, start=0", fixed)]
    pub fn sum(vm: &Vm, iterable: &Value, start: Option<&Value>) -> PyResult<Value> {
        let start = start.cloned().unwrap_or(Value::small_int(0));
        let items = vm.walk(iterable)?;
        refuse_text(vm, &start)?;
        Summation { vm, items }.run(start)
    }
}

fn in_radix(vm: &Vm, number: &Value, radix: u32, prefix: &str) -> PyResult<Ref<Str>> {
    let number = int::index(vm, number)?;
    if let Some(small) = int::as_small(&number) {
        let mut digits = [0; SMALL_DIGITS];
        let digits = small_digits(small, radix, &mut digits).trim_start_matches('-').as_bytes();
        let head = if small < 0 { [b'-', b'0', prefix.as_bytes()[1]] } else { [b'0', prefix.as_bytes()[1], 0] };
        let head = &head[..2 + usize::from(small < 0)];
        let mut text = [0; SMALL_DIGITS + 3];
        text[..head.len()].copy_from_slice(head);
        text[head.len()..head.len() + digits.len()].copy_from_slice(digits);
        return Str::from_latin1(vm, &text[..head.len() + digits.len()]);
    }
    let digits = match int::as_big(&number) {
        Some(big) => big_to_string(&big, radix, 0).unwrap_or_default(),
        None => String::new(),
    };
    match digits.strip_prefix('-') {
        Some(digits) => Str::new(vm, &format!("-{prefix}{digits}")),
        None => Str::new(vm, &format!("{prefix}{digits}")),
    }
}

fn refuse_text(vm: &Vm, start: &Value) -> PyResult<()> {
    let message = if start.downcast::<Str>().is_some() {
        "sum() can't sum strings [use ''.join(seq) instead]"
    } else if start.downcast::<Bytes>().is_some() {
        "sum() can't sum bytes [use b''.join(seq) instead]"
    } else if start.downcast::<ByteArray>().is_some() {
        "sum() can't sum bytearray [use b''.join(seq) instead]"
    } else {
        return Ok(());
    };
    Err(vm.type_error(message))
}

/// A sum with the low part that rounding took away (Neumaier's algorithm).
#[derive(Clone, Copy)]
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn add(&mut self, x: f64) {
        let total = self.high + x;
        self.low += if self.high.abs() >= x.abs() { (self.high - total) + x } else { (x - total) + self.high };
        self.high = total;
    }

    fn value(self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

struct Summation<'a> {
    vm: &'a Vm,
    items: Walk<'a>,
}

impl Summation<'_> {
    fn run(&mut self, start: Value) -> PyResult<Value> {
        let mut total = start;
        if let Some(small) = total.as_int() {
            match self.ints(small)? {
                (done, None) => return Ok(done),
                (so_far, Some(item)) => total = self.vm.binary(BinaryOp::Add, &so_far, &item)?,
            }
        }
        if self.is_exact_float(&total)
            && let Some(x) = float::get(&total)
        {
            match self.floats(x)? {
                (done, None) => return Ok(done),
                (so_far, Some(item)) => total = self.vm.binary(BinaryOp::Add, &so_far, &item)?,
            }
        }
        if self.is_exact_complex(&total)
            && let Some(number) = complex::get(&total)
        {
            match self.complexes(number)? {
                (done, None) => return Ok(done),
                (so_far, Some(item)) => total = self.vm.binary(BinaryOp::Add, &so_far, &item)?,
            }
        }
        while let Some(item) = self.items.next(self.vm)? {
            total = self.vm.binary(BinaryOp::Add, &total, &item)?;
        }
        Ok(total)
    }

    fn is_exact_complex(&self, value: &Value) -> bool {
        self.vm.class_of(value).is_same(&*self.vm.types().complex)
    }

    fn complexes(&mut self, start: complex::Number) -> PyResult<(Value, Option<Value>)> {
        let mut real = Compensated { high: start.real, low: 0.0 };
        let mut imag = Compensated { high: start.imag, low: 0.0 };
        let vm = self.vm;
        let value = |real: Compensated, imag: Compensated| {
            complex::of_number(vm, complex::Number::new(real.value(), imag.value()))
        };
        while let Some(item) = self.items.next(self.vm)? {
            if self.is_exact_complex(&item)
                && let Some(number) = complex::get(&item)
            {
                real.add(number.real);
                imag.add(number.imag);
            } else if let Some(n) = int::as_small(&item) {
                real.add(n as f64);
            } else if let Some(x) = float::get(&item) {
                real.add(x);
            } else {
                return Ok((value(real, imag)?, Some(item)));
            }
        }
        Ok((value(real, imag)?, None))
    }

    fn is_exact_float(&self, value: &Value) -> bool {
        self.vm.class_of(value).is_same(&*self.vm.types().float)
    }

    /// Adds machine ints until something else comes, which is returned with the sum so far.
    fn ints(&mut self, start: i64) -> PyResult<(Value, Option<Value>)> {
        let mut total = start;
        loop {
            let next =
                self.items.drive(self.vm, &mut |item| match int::as_small(&item).and_then(|n| total.checked_add(n)) {
                    Some(sum) => {
                        total = sum;
                        None
                    }
                    None => Some(item),
                });
            let Some(item) = next? else { break };
            match int::as_small(&item).and_then(|n| total.checked_add(n)) {
                Some(sum) => total = sum,
                None => return Ok((int::from_i64(self.vm, total)?, Some(item))),
            }
        }
        Ok((int::from_i64(self.vm, total)?, None))
    }

    fn floats(&mut self, start: f64) -> PyResult<(Value, Option<Value>)> {
        let mut total = Compensated { high: start, low: 0.0 };
        loop {
            let next = self.items.drive(self.vm, &mut |item| match item.as_float() {
                Some(x) => {
                    total.add(x);
                    None
                }
                None => Some(item),
            });
            let Some(item) = next? else { break };
            if let Some(x) = item.as_float() {
                total.add(x);
            } else if self.is_exact_float(&item)
                && let Some(x) = float::get(&item)
            {
                total.add(x);
            } else if let Some(n) = int::as_small(&item) {
                total.add(n as f64);
            } else {
                return Ok((float::new(self.vm, total.value())?, Some(item)));
            }
        }
        Ok((float::new(self.vm, total.value())?, None))
    }
}

//! The operations of the language on any values: arithmetic, comparison, truth, hash, length, subscripts, iteration, text.
//!
//! Invariant: the order of attempts is CPython's: a subclass on the right goes first, NotImplemented passes on, the reflected form comes last.

use crate::builtins::list::{List, ListIterator};
use crate::builtins::range::RangeIterator;
use crate::builtins::sequence;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{FALSE, NONE, NOT_IMPLEMENTED, TRUE, boolean, float, int, is_not_implemented};
use crate::types::{BinaryFn, BinaryOp, CompareOp, TernaryFn, TypeObject, slot_calls};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Charge, Obj, OutOfMemory, Ref, Value};
use taipan_text::{CodePoints, PlainSpec};

/// A binary operation on small ints whose result is one.
#[inline(always)]
fn binary_small(op: BinaryOp, x: i64, y: i64) -> Option<Value> {
    Value::try_int(match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x.checked_mul(y)?,
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        BinaryOp::Xor => x ^ y,
        _ => return None,
    })
}

/// The next item of the iterator of a list or of a range, if it has one: no code runs, and nothing ends.
#[inline(always)]
pub fn item_at_hand(iterator: &Value) -> Option<Value> {
    match iterator.downcast_exact::<ListIterator>() {
        Some(list) => list.advance_within(),
        None => iterator.downcast_exact::<RangeIterator>()?.advance_small(),
    }
}

impl Vm {
    /// A binary operation.
    pub fn binary(&self, op: BinaryOp, left: &Value, right: &Value) -> PyResult<Value> {
        if let (Some(x), Some(y)) = (left.as_int(), right.as_int())
            && let Some(number) = binary_small(op, x, y)
        {
            return Ok(number);
        }
        let result = self.binary_slots(op, left, right)?;
        if !is_not_implemented(&result) {
            return Ok(result);
        }
        if let Some(result) = self.sequence_operation(op, left, right, false)? {
            return Ok(result);
        }
        Err(self.unsupported(op.symbol(), left, right))
    }

    fn binary_slots(&self, op: BinaryOp, left: &Value, right: &Value) -> PyResult<Value> {
        self.check_stack("")?;
        let (left_class, right_class) = (self.class_of(left), self.class_of(right));
        let left_slot = left_class.slots.binary[op as usize].get();
        let right_slot = if left_class.is_same(right_class) {
            None
        } else {
            right_class.slots.binary[op as usize].get().filter(|right| !same_function(*right, left_slot))
        };
        let right_first = right_slot.filter(|_| left_slot.is_some() && right_class.is_subclass(left_class));
        if let Some(function) = right_first {
            let result = function(self, left, right)?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if let Some(function) = left_slot {
            let result = function(self, left, right)?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
        }
        match right_slot.filter(|_| right_first.is_none()) {
            Some(function) => function(self, left, right),
            None => Ok(NOT_IMPLEMENTED),
        }
    }

    /// An in-place operation: the value to bind to the left name.
    pub fn inplace(&self, op: BinaryOp, left: &Value, right: &Value) -> PyResult<Value> {
        self.check_stack("")?;
        if let Some(function) = self.class_of(left).slots.inplace[op as usize].get() {
            let result = function(self, left, right)?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
        }
        self.inplace_rest(op, left, right)
    }

    /// An in-place operation whose in-place method has answered NotImplemented, or is not there.
    pub fn inplace_rest(&self, op: BinaryOp, left: &Value, right: &Value) -> PyResult<Value> {
        let result = self.binary_slots(op, left, right)?;
        if !is_not_implemented(&result) {
            return Ok(result);
        }
        self.after_slots(op, left, right, true)
    }

    /// A binary operation whose left operand, of a class with the method in Python, has answered NotImplemented before the right one was asked.
    pub fn binary_rest(&self, op: BinaryOp, left: &Value, right: &Value, inplace: bool) -> PyResult<Value> {
        self.check_stack("")?;
        let (left_class, right_class) = (self.class_of(left), self.class_of(right));
        let right_slot = right_class.slots.binary[op as usize].get().filter(|_| !left_class.is_same(right_class));
        let result = match right_slot {
            Some(right_slot) if same_function(right_slot, left_class.slots.binary[op as usize].get()) => {
                let (_, reflected) = slot_calls::binary_names(self.names(), op as usize);
                slot_calls::optional(self, right, reflected, std::slice::from_ref(left))?
            }
            Some(right_slot) => right_slot(self, left, right)?,
            None => NOT_IMPLEMENTED,
        };
        if !is_not_implemented(&result) {
            return Ok(result);
        }
        self.after_slots(op, left, right, inplace)
    }

    /// What is left of an operation when no number slot has done it.
    fn after_slots(&self, op: BinaryOp, left: &Value, right: &Value, inplace: bool) -> PyResult<Value> {
        if let Some(result) = self.sequence_operation(op, left, right, inplace)? {
            return Ok(result);
        }
        match (inplace, op) {
            (false, _) => Err(self.unsupported(op.symbol(), left, right)),
            (true, BinaryOp::Pow) => Err(self.unsupported("**=", left, right)),
            (true, _) => Err(self.unsupported(&format!("{}=", op.symbol()), left, right)),
        }
    }

    fn sequence_operation(&self, op: BinaryOp, left: &Value, right: &Value, inplace: bool) -> PyResult<Option<Value>> {
        self.check_stack("")?;
        match op {
            BinaryOp::Add => {
                let slots = &self.class_of(left).slots;
                let concat = slots.inplace_concat.get().filter(|_| inplace).or(slots.concat.get());
                concat.map(|function| function(self, left, right)).transpose()
            }
            BinaryOp::Mul => {
                let slots = &self.class_of(left).slots;
                if let Some(repeat) = slots.inplace_repeat.get().filter(|_| inplace).or(slots.repeat.get()) {
                    let count = self.repeat_count(right)?;
                    return repeat(self, left, count).map(Some);
                }
                match self.class_of(right).slots.repeat.get().filter(|_| !(inplace && self.has_sequence_methods(left)))
                {
                    Some(repeat) => repeat(self, right, self.repeat_count(left)?).map(Some),
                    None => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// Whether the value's class has CPython's table of sequence methods: classes of programs always have.
    fn has_sequence_methods(&self, value: &Value) -> bool {
        let class = self.class_of(value);
        let slots = &class.slots;
        class.has(crate::types::type_flags::PYTHON_CLASS) || slots.len.get().is_some() || slots.contains.get().is_some()
    }

    fn repeat_count(&self, value: &Value) -> PyResult<isize> {
        if !int::is_int(value) && self.class_of(value).slots.index.get().is_none() {
            let given = self.type_name(value);
            return Err(self.type_error(format!("can't multiply sequence by non-int of type '{given}'")));
        }
        match int::index_i64(self, value)? {
            Some(count) => Ok(count as isize),
            None => Err(self.overflow_error("cannot fit 'int' into an index-sized integer")),
        }
    }

    #[cold]
    fn unsupported(&self, symbol: &str, left: &Value, right: &Value) -> crate::vm::Raised {
        let (left_name, right_name) = (self.type_name(left), self.type_name(right));
        let print = left
            .downcast::<crate::builtins::function::NativeFunction>()
            .is_some_and(|function| symbol == ">>" && function.def.0.name == "print");
        let hint = if print { ". Did you mean \"print(<message>, file=<output_stream>)\"?" } else { "" };
        self.type_error(format!("unsupported operand type(s) for {symbol}: '{left_name}' and '{right_name}'{hint}"))
    }

    /// `pow(base, exponent, modulus)`
    pub fn power(&self, base: &Value, exponent: &Value, modulus: &Value) -> PyResult<Value> {
        let same = |a: TernaryFn, b: Option<TernaryFn>| b.is_some_and(|b| std::ptr::fn_addr_eq(a, b));
        let (left, right) = (self.class_of(base), self.class_of(exponent));
        let first = left.slots.power.get();
        let second = right.slots.power.get().filter(|&second| !left.is_same(right) && !same(second, first));
        let third = self.class_of(modulus).slots.power.get();
        let third = third.filter(|&third| !same(third, first) && !same(third, second));
        let swapped = second.is_some() && right.is_subclass(left);
        let functions = if swapped { [second, first, third] } else { [first, second, third] };
        for function in functions.into_iter().flatten() {
            let result = function(self, base, exponent, modulus)?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
        }
        let (a, b, c) = (self.type_name(base), self.type_name(exponent), self.type_name(modulus));
        Err(self.type_error(format!("unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{c}'")))
    }

    /// A rich comparison.
    pub fn compare(&self, op: CompareOp, left: &Value, right: &Value) -> PyResult<Value> {
        self.check_stack(" in comparison")?;
        let (left_class, right_class) = (self.class_of(left), self.class_of(right));
        let (forward, backward) = (left_class.slots.compare.get(), right_class.slots.compare.get());
        let backward_first =
            backward.is_some() && !left_class.is_same(right_class) && right_class.is_subclass(left_class);
        if let Some(function) = backward.filter(|_| backward_first) {
            let result = function(self, right, left, op.swapped())?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if let Some(function) = forward {
            let result = function(self, left, right, op)?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if backward_first { self.compare_identity(op, left, right) } else { self.compare_rest(op, left, right) }
    }

    /// A rich comparison whose left operand has answered NotImplemented before the right one was asked.
    pub fn compare_rest(&self, op: CompareOp, left: &Value, right: &Value) -> PyResult<Value> {
        if let Some(function) = self.class_of(right).slots.compare.get() {
            let result = function(self, right, left, op.swapped())?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
        }
        self.compare_identity(op, left, right)
    }

    /// A rich comparison that both operands refuse.
    pub fn compare_identity(&self, op: CompareOp, left: &Value, right: &Value) -> PyResult<Value> {
        match op {
            CompareOp::Eq => Ok(boolean(left.is(right))),
            CompareOp::Ne => Ok(boolean(!left.is(right))),
            _ => {
                let (left, right) = (self.type_name(left), self.type_name(right));
                let symbol = op.symbol();
                Err(self.type_error(format!("'{symbol}' not supported between instances of '{left}' and '{right}'")))
            }
        }
    }

    /// `==` or `!=` of objects whose classes have left that to `object`.
    #[inline]
    pub fn compare_plain(&self, op: CompareOp, left: &Value, right: &Value) -> Option<bool> {
        let usual = self.types().object.slots.compare.get()?;
        let plain = |header| match self.class_of_header(header).slots.compare.get() {
            Some(own) => std::ptr::fn_addr_eq(own, usual),
            None => false,
        };
        match op {
            CompareOp::Eq | CompareOp::Ne if plain(left.header()?) && plain(right.header()?) => {
                Some(left.is(right) == (op == CompareOp::Eq))
            }
            _ => None,
        }
    }

    /// The truth of a rich comparison. Identity does not shortcut it.
    #[inline]
    pub fn compare_bool(&self, op: CompareOp, left: &Value, right: &Value) -> PyResult<bool> {
        if let (Some(left), Some(right)) = (left.as_int(), right.as_int()) {
            return Ok(op.holds(left.cmp(&right)));
        }
        if let (Some(left), Some(right)) = (left.downcast_exact::<Str>(), right.downcast_exact::<Str>()) {
            return Ok(Str::compared(left, right, op));
        }
        self.compare_others(op, left, right)
    }

    #[inline(never)]
    fn compare_others(&self, op: CompareOp, left: &Value, right: &Value) -> PyResult<bool> {
        if let (Some(left), Some(right)) = (left.as_float(), right.as_float()) {
            return Ok(left.partial_cmp(&right).map_or(op == CompareOp::Ne, |order| op.holds(order)));
        }
        if let (Some(left), Some(right)) = (left.downcast_exact::<Tuple>(), right.downcast_exact::<Tuple>()) {
            self.check_stack(" in comparison")?;
            return sequence::fixed_holds(self, op, left.items(), right.items());
        }
        if let Some(truth) = self.compare_plain(op, left, right) {
            return Ok(truth);
        }
        let result = self.compare(op, left, right)?;
        self.is_true(&result)
    }

    /// Identity or `==`: what containers ask.
    #[inline]
    pub fn is_equal(&self, left: &Value, right: &Value) -> PyResult<bool> {
        if left.is(right) { Ok(true) } else { self.compare_bool(CompareOp::Eq, left, right) }
    }

    /// Truth.
    #[inline]
    pub fn is_true(&self, value: &Value) -> PyResult<bool> {
        if value.is(&TRUE) {
            return Ok(true);
        }
        if value.is(&FALSE) || value.is(&NONE) {
            return Ok(false);
        }
        if let Some(n) = value.as_int() {
            return Ok(n != 0);
        }
        self.check_stack("")?;
        let slots = &self.class_of(value).slots;
        if let Some(function) = slots.bool.get() {
            return function(self, value);
        }
        match slots.len.get() {
            Some(function) => Ok(function(self, value)? != 0),
            None => Ok(true),
        }
    }

    /// The truth that a `__bool__` written in Python has answered.
    pub fn bool_result(&self, result: &Value) -> PyResult<bool> {
        if result.is(&TRUE) || result.is(&FALSE) {
            return Ok(result.is(&TRUE));
        }
        let given = self.type_name(result);
        Err(self.type_error(format!("__bool__ should return bool, returned {given}")))
    }

    /// `hash(value)`
    #[inline]
    pub fn hash(&self, value: &Value) -> PyResult<i64> {
        if let Some(n) = value.as_int() {
            return Ok(taipan_numeric::hash::hash_small(n));
        }
        if let Some(string) = value.downcast::<Str>()
            && string.header().kind().has(taipan_heap::flags::EXACT)
        {
            return Ok(string.hash(self));
        }
        match self.class_of(value).slots.hash.get() {
            Some(function) => {
                self.check_stack("")?;
                function(self, value)
            }
            None => Ok(taipan_numeric::hash::hash_identity(value.bits())),
        }
    }

    /// `len(value)`
    pub fn len(&self, value: &Value) -> PyResult<usize> {
        if let Some(text) = value.downcast_exact::<Str>() {
            return Ok(text.len());
        }
        if let Some(list) = value.downcast_exact::<List>() {
            return Ok(list.len());
        }
        self.check_stack("")?;
        match self.class_of(value).slots.len.get() {
            Some(function) => function(self, value),
            None => {
                let given = self.type_name(value);
                Err(self.type_error(format!("object of type '{given}' has no len()")))
            }
        }
    }

    /// `operator.length_hint(value)`; `None` when the object says nothing.
    pub fn length_hint(&self, value: &Value) -> PyResult<Option<Value>> {
        if self.class_of(value).slots.len.get().is_some() {
            // An object whose length is a TypeError may have a hint all the same.
            let length = self.len(value);
            if let Some(length) = self.catch(length, &self.types().type_error)? {
                return int::from_i64(self, length as i64).map(Some);
            }
        }
        let answer = self.call_special(value, &self.names().__length_hint__, &[]);
        let answer = match self.catch(answer, &self.types().type_error)?.flatten() {
            Some(answer) if !is_not_implemented(&answer) => answer,
            _ => return Ok(None),
        };
        if !int::is_int(&answer) {
            let given = self.type_name(&answer);
            return Err(self.type_error(format!("__length_hint__ must be an integer, not {given}")));
        }
        match int::index_i64(self, &answer)? {
            Some(hint) if hint < 0 => Err(self.value_error("__length_hint__() should return >= 0")),
            Some(_) => Ok(Some(answer)),
            None => Err(self.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    /// Asks an iterable for its length before its items are gathered, as far as its class was made by Python code: the answer is not
    /// needed, but its errors are.
    #[inline]
    pub fn ask_length(&self, iterable: &Value) -> PyResult<()> {
        if self.class_of(iterable).has(crate::types::type_flags::PYTHON_CLASS) {
            self.length_hint(iterable)?;
        }
        Ok(())
    }

    /// `container[key]`
    pub fn get_item(&self, container: &Value, key: &Value) -> PyResult<Value> {
        self.check_stack("")?;
        let class = self.class_of(container);
        if let Some(function) = class.slots.getitem.get() {
            return function(self, container, key);
        }
        if container.downcast::<crate::types::Type>().is_some()
            && let Some(result) = self.class_item(container, key)?
        {
            return Ok(result);
        }
        let given = self.type_name(container);
        Err(self.type_error(match container.downcast::<crate::types::Type>() {
            Some(class) => format!("type '{}' is not subscriptable", class.tp_name()),
            None => format!("'{given}' object is not subscriptable"),
        }))
    }

    fn class_item(&self, class: &Value, key: &Value) -> PyResult<Option<Value>> {
        if self.types().type_.is(class) {
            return crate::builtins::generic_alias::GenericAlias::make(self, class, key).map(Some);
        }
        match self.find_attr(class, &self.names().__class_getitem__)? {
            Some(method) => self.call(&method, std::slice::from_ref(key)).map(Some),
            None => Ok(None),
        }
    }

    /// `container[key] = value` (`Some`) or `del container[key]` (`None`)
    pub fn set_item(&self, container: &Value, key: &Value, value: Option<&Value>) -> PyResult<()> {
        self.check_stack("")?;
        match self.class_of(container).slots.setitem.get() {
            Some(function) => function(self, container, key, value),
            None => {
                let given = self.type_name(container);
                let what = if value.is_some() { "assignment" } else { "deletion" };
                // A sequence refuses an index in words of its own.
                let is_index = int::is_int(key) || self.class_of(key).slots.index.get().is_some();
                let sequence = value.is_none() && is_index && self.has_sequence_methods(container);
                let does_not = if sequence { "doesn't" } else { "does not" };
                Err(self.type_error(format!("'{given}' object {does_not} support item {what}")))
            }
        }
    }

    /// `item in container`
    pub fn contains(&self, container: &Value, item: &Value) -> PyResult<bool> {
        self.check_stack("")?;
        if let Some(function) = self.class_of(container).slots.contains.get() {
            return function(self, container, item);
        }
        if self.class_of(container).slots.iter.get().is_none() && self.class_of(container).slots.getitem.get().is_none()
        {
            let given = self.type_name(container);
            return Err(self.type_error(format!("argument of type '{given}' is not a container or iterable")));
        }
        let iterator = self.iter(container)?;
        while let Some(candidate) = self.next(&iterator)? {
            if self.is_equal(&candidate, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `iter(value)`
    pub fn iter(&self, value: &Value) -> PyResult<Value> {
        self.check_stack("")?;
        let class = self.class_of(value);
        if let Some(function) = class.slots.iter.get() {
            let iterator = function(self, value)?;
            if self.class_of(&iterator).slots.next.get().is_none() {
                let given = self.type_name(&iterator);
                return Err(self.type_error(format!("iter() returned non-iterator of type '{given}'")));
            }
            return Ok(iterator);
        }
        if class.slots.getitem.get().is_some() && value.downcast::<crate::builtins::dict::Dict>().is_none() {
            return crate::builtins::iterator::sequence_iterator(self, value);
        }
        let given = class.tp_name();
        Err(self.type_error(format!("'{given}' object is not iterable")))
    }

    /// The next item of an iterator; `None` at its end.
    #[inline(never)]
    pub fn next(&self, iterator: &Value) -> PyResult<Option<Value>> {
        if let Some(item) = item_at_hand(iterator) {
            return Ok(Some(item));
        }
        match self.next_raising(iterator) {
            Ok(item) => Ok(item),
            Err(raised) => self.end_of_iteration(raised),
        }
    }

    /// What `next` makes of an exception that a `next` slot has raised.
    #[cold]
    pub fn end_of_iteration(&self, raised: crate::vm::Raised) -> PyResult<Option<Value>> {
        self.catch(Err(raised), &self.types().stop_iteration)
    }

    /// As `next`, but an end that carries a value is StopIteration raised.
    #[inline]
    pub fn next_raising(&self, iterator: &Value) -> PyResult<Option<Value>> {
        self.check_stack("")?;
        match self.class_of(iterator).slots.next.get() {
            Some(function) => function(self, iterator),
            None => {
                let given = self.type_name(iterator);
                Err(self.type_error(format!("'{given}' object is not an iterator")))
            }
        }
    }

    /// All items of an iterable. Lists and tuples are copied without an iterator.
    pub fn collect(&self, iterable: &Value) -> PyResult<Vec<Value>> {
        let exact = iterable.header().is_some_and(|header| header.kind().has(taipan_heap::flags::EXACT));
        if exact && let Some(list) = iterable.downcast::<crate::builtins::list::List>() {
            return Ok(list.snapshot());
        }
        if exact && let Some(tuple) = iterable.downcast::<crate::builtins::tuple::Tuple>() {
            return Ok(tuple.items().to_vec());
        }
        self.collect_rest(&self.iter(iterable)?)
    }

    /// All items that an iterator still has.
    pub fn collect_rest(&self, iterator: &Value) -> PyResult<Vec<Value>> {
        let mut items = Vec::new();
        let mut walk = self.walk_iterator(iterator.clone());
        // The items are held by what is made of them, or not for long; but while they are gathered they count.
        let charge = Charge::new(self.heap(), 0).map_err(|error| self.out_of_memory(error))?;
        loop {
            let next = walk.drive(self, &mut |item| {
                if items.len() == items.capacity() {
                    return Some(item);
                }
                items.push(item);
                None
            });
            let Some(item) = next? else { break };
            if items.len() == items.capacity() {
                let more = items.len() / 2 + 8;
                let room = (items.len() + more) * size_of::<Value>();
                if charge.resize(room).is_err() || items.try_reserve_exact(more).is_err() {
                    return Err(self.out_of_memory(OutOfMemory));
                }
            }
            items.push(item);
        }
        Ok(items)
    }

    /// Raises MemoryError if `bytes` would not fit under the heap's limit now: asked by whatever gathers an unknown amount outside the heap.
    pub fn check_room(&self, bytes: usize) -> PyResult<()> {
        Charge::new(self.heap(), bytes).map(drop).map_err(|error| self.out_of_memory(error))
    }

    /// As `check_room`, for the widths and precisions that a format specification names.
    pub fn check_spec_room<S: CodePoints + ?Sized>(&self, spec: &S) -> PyResult<()> {
        const COPIES: usize = 4;
        let mut number = 0usize;
        for at in 0..=spec.len() {
            let digit = if at < spec.len() { spec.get(at).wrapping_sub(48) } else { 10 };
            if digit < 10 {
                number = number.saturating_mul(10).saturating_add(digit as usize);
                continue;
            }
            // What is too big for any format is refused by the one that reads it.
            if number > 4096 && number <= i32::MAX as usize {
                self.check_room(number.saturating_mul(COPIES))?;
            }
            number = 0;
        }
        Ok(())
    }

    /// A charge of `bytes` that are taken from outside the heap; MemoryError when there is no room.
    pub fn charge(&self, bytes: usize) -> PyResult<Charge> {
        Charge::new(self.heap(), bytes).map_err(|error| self.out_of_memory(error))
    }

    /// Makes `charge` one of `bytes`; MemoryError when there is no room for more.
    pub fn recharge(&self, charge: &Charge, bytes: usize) -> PyResult<()> {
        charge.set(self.heap(), bytes).map_err(|error| self.out_of_memory(error))
    }

    /// `repr(value)`
    pub fn repr(&self, value: &Value) -> PyResult<Ref<Str>> {
        if let Some(small) = value.as_int() {
            return int::small_str(self, small);
        }
        let result = match self.class_of(value).slots.repr.get() {
            Some(function) => self.recursive(" while getting the repr of an object", || function(self, value))?,
            None => Str::new(self, &self.default_repr(value))?.into(),
        };
        result.downcast_into::<Str>().map_err(|other| {
            let given = self.type_name(&other);
            self.type_error(format!("__repr__ returned non-string (type {given})"))
        })
    }

    /// `<module.Class object at 0x…>`
    pub fn default_repr(&self, value: &Value) -> String {
        let class = self.class_of(value);
        format!("<{} object at {:#x}>", class.full_name(self), value.bits())
    }

    /// `str(value)`
    pub fn str(&self, value: &Value) -> PyResult<Ref<Str>> {
        if let Some(string) = value.downcast_exact::<Str>() {
            return Ok(string.to_ref());
        }
        if let Some(small) = value.as_int() {
            return int::small_str(self, small);
        }
        let Some(function) = self.class_of(value).slots.str.get() else { return self.repr(value) };
        let result = self.recursive(" while getting the str of an object", || function(self, value))?;
        result.downcast_into::<Str>().map_err(|other| {
            let given = self.type_name(&other);
            self.type_error(format!("__str__ returned non-string (type {given})"))
        })
    }

    /// `format(value)`, where that needs no call of `__format__`.
    fn formatted_plainly(&self, value: &Value) -> PyResult<Option<Ref<Str>>> {
        match value.downcast_exact::<Str>() {
            Some(text) => Ok(Some(text.to_ref())),
            None if value.is_int() || value.is_float() => self.repr(value).map(Some),
            None => Ok(None),
        }
    }

    /// `format(value)`
    pub fn format_plain(&self, value: &Value) -> PyResult<Ref<Str>> {
        match self.formatted_plainly(value)? {
            Some(text) => Ok(text),
            None => self.call_format(value, &*self.intern("")?),
        }
    }

    /// `format(value, spec)` of an exact str, int or float, for a specification in ASCII.
    pub fn format_builtin(&self, value: &Value, spec: &[u8]) -> PyResult<Option<Ref<Str>>> {
        if spec.is_empty() {
            return self.formatted_plainly(value);
        }
        if let Some(number) = value.as_int() {
            return match PlainSpec::parse(spec) {
                Some(spec) => spec.write(number, |text| Str::from_latin1(self, text)).map(Some),
                None => int::format_number(self, value, spec, "int").map(Some),
            };
        }
        if let Some(number) = value.as_float() {
            return float::format_number(self, number, spec, "float").map(Some);
        }
        match value.downcast_exact::<Str>() {
            Some(text) => Str::formatted(self, text, spec).map(Some),
            None => Ok(None),
        }
    }

    /// `format(value, spec)`
    pub fn format(&self, value: &Value, spec: &Obj<Str>) -> PyResult<Ref<Str>> {
        if spec.is_ascii()
            && let Some(text) = self.format_builtin(value, spec.bytes())?
        {
            return Ok(text);
        }
        self.call_format(value, spec)
    }

    fn call_format(&self, value: &Value, spec: &Obj<Str>) -> PyResult<Ref<Str>> {
        let result = self.call_special(value, &self.names().__format__, &[spec.to_value()])?;
        let Some(result) = result else {
            let given = self.type_name(value);
            return Err(self.type_error(format!("unsupported format string passed to {given}.__format__")));
        };
        result.downcast_into::<Str>().map_err(|other| {
            let given = self.type_name(&other);
            self.type_error(format!("__format__ must return a str, not {given}"))
        })
    }
}

fn same_function(a: BinaryFn, b: Option<BinaryFn>) -> bool {
    b.is_some_and(|b| std::ptr::fn_addr_eq(a, b))
}

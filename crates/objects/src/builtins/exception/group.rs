//! `BaseExceptionGroup` and `ExceptionGroup`, and what `except*` needs of them.
//!
//! Invariant: `exceptions` is a non-empty tuple of exceptions; a group that is an Exception holds nothing but Exceptions.

use super::fields::base;
use super::{BaseException, Extended};
use crate::builtins::list::List;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, is_none};
use crate::native::{Args, IntoValue, TypeSpec};
use crate::types::{Type, TypeObject, type_flags};
use crate::vm::{PyResult, Vm};
use std::collections::HashSet;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// An exception that holds exceptions.
#[derive(Payload)]
#[repr(C)]
#[payload(name = "BaseExceptionGroup", base = BaseException)]
pub struct ExceptionGroup {
    /// What all exceptions have.
    pub base: BaseException,
    /// `message`
    pub message: Slot,
    /// `exceptions`, a tuple.
    pub exceptions: Slot,
    /// How the sequence it was made from showed itself, unless that was a list or a tuple.
    shown: Slot,
}

impl Extended for ExceptionGroup {
    fn from_base(base: BaseException) -> ExceptionGroup {
        ExceptionGroup { base, message: Slot::default(), exceptions: Slot::default(), shown: Slot::default() }
    }
}

impl ExceptionGroup {
    /// The exceptions.
    pub fn items(&self) -> Vec<Value> {
        let items = self.exceptions.get();
        items
            .as_ref()
            .and_then(|items| items.downcast::<Tuple>())
            .map(|items| items.items().to_vec())
            .unwrap_or_default()
    }
}

/// The class that a group asked for as `class` is made of.
fn class_for(vm: &Vm, class: &Obj<Type>, only_exceptions: bool) -> PyResult<Ref<Type>> {
    let types = vm.types();
    if class.is_same(&*types.base_exception_group) {
        return Ok(if only_exceptions { types.exception_group.clone() } else { class.to_ref() });
    }
    if !only_exceptions && class.is_same(&*types.exception_group) {
        return Err(vm.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    }
    if !only_exceptions && class.is_subclass(&types.exception) {
        return Err(vm.type_error(format!("Cannot nest BaseExceptions in '{}'", class.name())));
    }
    Ok(class.to_ref())
}

/// How to tell the exceptions that are wanted from the others.
enum Matcher<'a> {
    Classes(&'a Value),
    Callable(&'a Value),
    Identities(&'a HashSet<u64>),
}

impl<'a> Matcher<'a> {
    fn new(vm: &Vm, value: &'a Value) -> PyResult<Matcher<'a>> {
        let classes = match value.downcast::<Tuple>() {
            Some(tuple) => tuple.items().iter().all(|item| vm.is_exception_class(item)),
            None => vm.is_exception_class(value),
        };
        if classes {
            return Ok(Matcher::Classes(value));
        }
        if value.downcast::<Type>().is_none() && vm.class_of(value).slots.call.get().is_some() {
            return Ok(Matcher::Callable(value));
        }
        Err(vm.type_error("expected an exception type, a tuple of exception types, or a callable (other than a class)"))
    }

    fn matches(&self, vm: &Vm, exception: &Value) -> PyResult<bool> {
        match self {
            Matcher::Classes(classes) => Ok(vm.exception_matches(exception, classes)),
            Matcher::Callable(function) => {
                let answer = vm.call(function, std::slice::from_ref(exception))?;
                vm.is_true(&answer)
            }
            Matcher::Identities(wanted) => {
                Ok(exception.downcast::<ExceptionGroup>().is_none() && wanted.contains(&exception.bits()))
            }
        }
    }
}

/// What matches of an exception (a group of the same structure) and, if `with_rest`, what does not.
fn split(
    vm: &Vm,
    exception: &Value,
    matcher: &Matcher<'_>,
    with_rest: bool,
) -> PyResult<(Option<Value>, Option<Value>)> {
    if matcher.matches(vm, exception)? {
        return Ok((Some(exception.clone()), None));
    }
    let Some(group) = exception.downcast::<ExceptionGroup>() else { return Ok((None, Some(exception.clone()))) };
    let (mut matched, mut rest) = (Vec::new(), Vec::new());
    vm.recursive(" in exceptiongroup_split_recursive", || {
        for item in group.items() {
            let (hit, miss) = split(vm, &item, matcher, with_rest)?;
            matched.extend(hit);
            rest.extend(miss);
        }
        Ok(())
    })?;
    let matched = subset(vm, group, matched)?;
    let rest = if with_rest { subset(vm, group, rest)? } else { None };
    Ok((matched, rest))
}

/// A group like `original` with only `exceptions` in it; `None` for none.
fn subset(vm: &Vm, original: &Obj<ExceptionGroup>, exceptions: Vec<Value>) -> PyResult<Option<Value>> {
    if exceptions.is_empty() {
        return Ok(None);
    }
    let exceptions = List::new(vm, exceptions.into_iter())?;
    let derive = vm.intern("derive")?;
    let made = vm.call_method(&original.to_value(), &derive, &[exceptions.into()])?;
    let Some(derived) = made.downcast::<ExceptionGroup>() else {
        return Err(vm.type_error("derive must return an instance of BaseExceptionGroup"));
    };
    derived.base.traceback.set(original.base.traceback.get());
    derived.base.context.set(original.base.context.get());
    derived.base.set_cause_value(original.base.cause.get());
    let notes = vm.find_attr(&original.to_value(), &vm.names().__notes__)?;
    if let Some(notes) = notes.filter(|notes| notes.downcast::<List>().is_some() || notes.downcast::<Tuple>().is_some())
    {
        let copied = List::new(vm, vm.collect(&notes)?.into_iter())?;
        vm.set_attr(&made, &vm.names().__notes__, copied.into())?;
    }
    Ok(Some(made))
}

/// A combination of multiple unrelated exceptions.
#[pytype(name = "BaseExceptionGroup", flags = BASETYPE | HAS_DICT)]
impl ExceptionGroup {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let positional = args.positionals();
        let [message, sequence] = positional else {
            let given = positional.len();
            return Err(
                vm.type_error(format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({given} given)"))
            );
        };
        if message.downcast::<Str>().is_none() {
            let given = vm.type_name(message);
            return Err(vm.type_error(format!("BaseExceptionGroup.__new__() argument 1 must be str, not {given}")));
        }
        let slots = &vm.class_of(sequence).slots;
        if slots.getitem.get().is_none() || sequence.downcast::<crate::builtins::dict::Dict>().is_some() {
            return Err(vm.type_error("second argument (exceptions) must be a sequence"));
        }
        let items = vm.collect(sequence)?;
        if items.is_empty() {
            return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
        }
        let mut only_exceptions = true;
        for (index, item) in items.iter().enumerate() {
            if item.downcast::<BaseException>().is_none() {
                let text = format!("Item {index} of second argument (exceptions) is not an exception");
                return Err(vm.value_error(text));
            }
            only_exceptions &= vm.is_instance(item, &vm.types().exception);
        }
        let class = class_for(vm, class, only_exceptions)?;
        let plain = sequence.downcast::<List>().is_some() || sequence.downcast::<Tuple>().is_some();
        let shown = if plain { None } else { Some(Value::from(vm.repr(sequence)?)) };
        let made = BaseException::allocate(vm, &class, args.to_tuple(vm)?)?;
        if let Some(group) = made.downcast::<ExceptionGroup>() {
            group.message.set(Some(message.clone()));
            group.exceptions.set(Some(Tuple::new(vm, items.into_iter())?.into()));
            group.shown.set(shown);
        }
        Ok(made)
    }

    #[slot]
    fn init(this: &Obj<ExceptionGroup>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        BaseException::init(&base(this), vm, args)
    }

    #[slot]
    fn str(this: &Obj<ExceptionGroup>, vm: &Vm) -> PyResult<String> {
        let count = this.items().len();
        let plural = if count > 1 { "s" } else { "" };
        let message = vm.str(&this.message.get().unwrap_or(NONE))?;
        Ok(format!("{} ({count} sub-exception{plural})", message.to_lossy()))
    }

    #[slot]
    fn repr(this: &Obj<ExceptionGroup>, vm: &Vm) -> PyResult<String> {
        let exceptions = match this.shown.get() {
            Some(shown) => vm.str(&shown)?,
            None => {
                let given = this.base.arguments();
                if given.get(1).is_some_and(|given| given.downcast::<List>().is_some()) {
                    vm.repr(&List::new(vm, this.items().into_iter())?.into())?
                } else {
                    vm.repr(&this.exceptions.get().unwrap_or(NONE))?
                }
            }
        };
        let message = vm.repr(&this.message.get().unwrap_or(NONE))?;
        let name = vm.type_name(&this.to_value());
        Ok(format!("{name}({}, {})", message.to_lossy(), exceptions.to_lossy()))
    }

    /// The message.
    #[getter(member)]
    fn message(this: &Obj<ExceptionGroup>) -> Value {
        this.message.get().unwrap_or(NONE)
    }

    /// The exceptions in the group.
    #[getter(member)]
    fn exceptions(this: &Obj<ExceptionGroup>) -> Value {
        this.exceptions.get().unwrap_or(NONE)
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        crate::builtins::generic_alias::GenericAlias::make(vm, &class.to_value(), object)
    }

    /// A group with the same message and other exceptions.
    #[method(sig = "excs, /")]
    fn derive(this: &Obj<ExceptionGroup>, vm: &Vm, excs: &Value) -> PyResult<Value> {
        let message = this.message.get().unwrap_or(NONE);
        vm.call(&vm.types().base_exception_group.to_value(), &[message, excs.clone()])
    }

    /// The group reduced to the exceptions that match, and reduced to the others.
    #[method(sig = "matcher_value, /")]
    fn split(this: &Obj<ExceptionGroup>, vm: &Vm, matcher_value: &Value) -> PyResult<Ref<Tuple>> {
        let matcher = Matcher::new(vm, matcher_value)?;
        let (matched, rest) = split(vm, &this.to_value(), &matcher, true)?;
        Tuple::pair(vm, matched.unwrap_or(NONE), rest.unwrap_or(NONE))
    }

    /// The group reduced to the exceptions that match.
    #[method(sig = "matcher_value, /")]
    fn subgroup(this: &Obj<ExceptionGroup>, vm: &Vm, matcher_value: &Value) -> PyResult<Option<Value>> {
        let matcher = Matcher::new(vm, matcher_value)?;
        Ok(split(vm, &this.to_value(), &matcher, false)?.0)
    }
}

/// `ExceptionGroup`: its bases are BaseExceptionGroup and Exception.
pub static EXCEPTION_GROUP: TypeSpec = TypeSpec {
    flags: type_flags::BASETYPE | type_flags::HAS_DICT,
    ..TypeSpec::bare("ExceptionGroup", <ExceptionGroup as Payload>::info)
};

impl Vm {
    /// Whether an exception is an instance of `target`: a class, or a tuple (nested at will) of classes.
    pub fn exception_matches(&self, exception: &Value, target: &Value) -> bool {
        if let Some(tuple) = target.downcast::<Tuple>() {
            return tuple.items().iter().any(|item| self.exception_matches(exception, item));
        }
        target.downcast::<Type>().is_some_and(|class| self.is_instance(exception, class))
    }

    /// Raises TypeError unless `target` may stand after `except`.
    pub fn check_except_target(&self, target: &Value) -> PyResult<()> {
        let fits = match target.downcast::<Tuple>() {
            Some(tuple) => tuple.items().iter().all(|item| self.is_exception_class(item)),
            None => self.is_exception_class(target),
        };
        if fits {
            return Ok(());
        }
        Err(self.type_error("catching classes that do not inherit from BaseException is not allowed"))
    }

    /// Raises TypeError unless `target` may stand after `except*`.
    pub fn check_except_star_target(&self, target: &Value) -> PyResult<()> {
        self.check_except_target(target)?;
        let group = &*self.types().base_exception_group;
        let is_group = |item: &Value| item.downcast::<Type>().is_some_and(|class| class.is_subclass(group));
        let grouped = match target.downcast::<Tuple>() {
            Some(tuple) => tuple.items().iter().any(is_group),
            None => is_group(target),
        };
        if grouped {
            return Err(self.type_error("catching ExceptionGroup with except* is not allowed. Use except instead."));
        }
        Ok(())
    }
}

/// What an `except*` clause for `target` takes of `exception` (always as a group), and what it leaves; None for nothing.
pub fn exception_group_match(vm: &Vm, exception: &Value, target: &Value) -> PyResult<(Value, Value)> {
    if is_none(exception) {
        return Ok((NONE, NONE));
    }
    let is_group = exception.downcast::<ExceptionGroup>().is_some();
    if vm.exception_matches(exception, target) {
        if is_group {
            return Ok((exception.clone(), NONE));
        }
        let inside = Tuple::new(vm, [exception.clone()].into_iter())?;
        let class = vm.types().base_exception_group.to_value();
        return Ok((vm.call(&class, &["".into_value(vm)?, inside.into()])?, NONE));
    }
    if !is_group {
        return Ok((NONE, exception.clone()));
    }
    let pair = vm.call_method(exception, &vm.names().split, std::slice::from_ref(target))?;
    let class = vm.type_name(exception);
    let Some(pair) = pair.downcast::<Tuple>() else {
        let given = vm.type_name(&pair);
        return Err(vm.type_error(format!("{class}.split must return a tuple, not {given}")));
    };
    match pair.items() {
        [matched, rest, ..] => Ok((matched.clone(), rest.clone())),
        items => {
            let size = items.len();
            Err(vm.type_error(format!("{class}.split must return a 2-tuple, got tuple of size {size}")))
        }
    }
}

/// Whether both have the same notes, traceback, cause and context: one is a part of the other, raised again.
fn same_metadata(vm: &Vm, a: &Value, b: &Value) -> PyResult<bool> {
    let (Some(left), Some(right)) = (a.downcast::<ExceptionGroup>(), b.downcast::<ExceptionGroup>()) else {
        return Ok(false);
    };
    let same = |x: &Slot, y: &Slot| match (x.get(), y.get()) {
        (Some(x), Some(y)) => x.is(&y),
        (x, y) => x.is_none() && y.is_none(),
    };
    let (left, right) = (&left.base, &right.base);
    let notes = &vm.names().__notes__;
    let (left_notes, right_notes) = (vm.find_attr(a, notes)?, vm.find_attr(b, notes)?);
    let same_notes = match (left_notes, right_notes) {
        (Some(x), Some(y)) => x.is(&y),
        (x, y) => x.is_none() && y.is_none(),
    };
    Ok(same_notes
        && same(&left.traceback, &right.traceback)
        && same(&left.cause, &right.cause)
        && same(&left.context, &right.context))
}

fn leaves(vm: &Vm, exception: &Value, found: &mut HashSet<u64>) -> PyResult<()> {
    match exception.downcast::<ExceptionGroup>() {
        None => {
            found.insert(exception.bits());
            Ok(())
        }
        Some(group) => vm.recursive(" in collect_exception_group_leaf_ids", || {
            group.items().iter().try_for_each(|item| leaves(vm, item, found))
        }),
    }
}

/// What is raised at the end of `except*` clauses: `original` was caught, `outcomes` are what the clauses raised (None for nothing) and what
/// no clause took. None says that nothing is raised.
pub fn prep_reraise_star(vm: &Vm, original: &Value, outcomes: &[Value]) -> PyResult<Value> {
    if outcomes.is_empty() {
        return Ok(NONE);
    }
    if original.downcast::<ExceptionGroup>().is_none() {
        // A naked exception was wrapped for at most one clause, so there is one outcome at most.
        return Ok(outcomes[0].clone());
    }
    let (mut raised, mut reraised) = (Vec::new(), Vec::new());
    for outcome in outcomes.iter().filter(|outcome| !is_none(outcome)) {
        if same_metadata(vm, outcome, original)? {
            reraised.push(outcome.clone());
        } else {
            raised.push(outcome.clone());
        }
    }
    let mut kept = HashSet::new();
    for outcome in &reraised {
        leaves(vm, outcome, &mut kept)?;
    }
    let projected = split(vm, original, &Matcher::Identities(&kept), false)?.0;
    if raised.is_empty() {
        return Ok(projected.unwrap_or(NONE));
    }
    raised.extend(projected);
    if raised.len() == 1 {
        return Ok(raised.remove(0));
    }
    let raised = List::new(vm, raised.into_iter())?;
    vm.call(&vm.types().base_exception_group.to_value(), &["".into_value(vm)?, raised.into()])
}

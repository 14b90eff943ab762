//! `Args`: the window of argument values of a call, and binding it to a native function's parameters.
//!
//! Invariant: the last `names.len()` values are keyword arguments, named by `names` (exact strs) in order.

use crate::builtins::dict::Dict;
use crate::builtins::exception::suggest::closest_parameter;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::native::def::{MethodKind, NativeDef, ParamKind};
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

/// The arguments of a call, borrowed.
#[derive(Clone, Copy, Default)]
pub struct Args<'a> {
    /// Positional arguments, then keyword values.
    pub values: &'a [Value],
    /// Names of the keyword values.
    pub names: &'a [Value],
}

impl<'a> Args<'a> {
    /// Positional arguments only.
    #[inline]
    pub fn positional(values: &'a [Value]) -> Args<'a> {
        Args { values, names: &[] }
    }

    /// The positional arguments.
    #[inline]
    pub fn positionals(self) -> &'a [Value] {
        &self.values[..self.values.len() - self.names.len()]
    }

    /// The keyword arguments.
    pub fn keywords(self) -> impl ExactSizeIterator<Item = (&'a Value, &'a Value)> {
        self.names.iter().zip(&self.values[self.values.len() - self.names.len()..])
    }

    /// The value of keyword `name`, if given.
    pub fn keyword(self, name: &str) -> Option<&'a Value> {
        self.keywords().find(|(key, _)| Str::is_text(key, name)).map(|(_, value)| value)
    }

    /// Without the first positional argument (self).
    #[inline]
    pub fn rest(self) -> Args<'a> {
        Args { values: self.values.get(1..).unwrap_or(&[]), names: self.names }
    }

    /// Raises TypeError if any keyword was given.
    pub fn no_keywords(self, vm: &Vm, function: &str) -> PyResult<()> {
        if self.names.is_empty() {
            Ok(())
        } else {
            Err(vm.type_error(format!("{function}() takes no keyword arguments")))
        }
    }

    /// The positional arguments for the `__new__` of `base`, called to make an instance of `class`: keywords are refused unless the class brings
    /// an `__init__` of its own, which they may be for.
    #[inline]
    pub fn for_new(self, vm: &Vm, function: &str, class: &Obj<Type>, base: &Obj<Type>) -> PyResult<Args<'a>> {
        if self.names.is_empty() {
            return Ok(self);
        }
        let same = match (class.slots.init.get(), base.slots.init.get()) {
            (Some(own), Some(theirs)) => std::ptr::fn_addr_eq(own, theirs),
            (own, theirs) => own.is_none() && theirs.is_none(),
        };
        self.positional_unless(vm, function, same)
    }

    /// As `for_new`, for the `__init__` of `base` and a class with a `__new__` of its own.
    #[inline]
    pub fn for_init(self, vm: &Vm, function: &str, class: &Obj<Type>, base: &Obj<Type>) -> PyResult<Args<'a>> {
        if self.names.is_empty() {
            return Ok(self);
        }
        let same = match (class.slots.new.get(), base.slots.new.get()) {
            (Some(own), Some(theirs)) => std::ptr::fn_addr_eq(own, theirs),
            _ => false,
        };
        self.positional_unless(vm, function, same)
    }

    #[cold]
    fn positional_unless(self, vm: &Vm, function: &str, refused: bool) -> PyResult<Args<'a>> {
        if refused {
            self.no_keywords(vm, function)?;
        }
        Ok(Args::positional(self.positionals()))
    }

    /// Raises TypeError unless the number of positional arguments is within the bounds and no keyword is given.
    pub fn expect(self, vm: &Vm, function: &str, least: usize, most: usize) -> PyResult<&'a [Value]> {
        self.no_keywords(vm, function)?;
        let given = self.values.len();
        if given >= least && given <= most {
            return Ok(self.values);
        }
        let (bound, word) = if given < least { (least, "at least") } else { (most, "at most") };
        let word = if least == most { "" } else { word };
        let space = if word.is_empty() { "" } else { " " };
        let plural = if bound == 1 { "" } else { "s" };
        Err(vm.type_error(format!("{function} expected {word}{space}{bound} argument{plural}, got {given}")))
    }

    /// The positional arguments as a tuple.
    pub fn to_tuple(self, vm: &Vm) -> PyResult<Ref<Tuple>> {
        match self.positionals() {
            [only] => Tuple::of(vm, [only.clone()]),
            values => Tuple::new(vm, values.iter().cloned()),
        }
    }

    /// The keyword arguments as a new dict.
    pub fn to_dict(self, vm: &Vm) -> PyResult<Ref<Dict>> {
        let dict = Dict::new(vm)?;
        for (name, value) in self.keywords() {
            dict.set(vm, name, value.clone())?;
        }
        Ok(dict)
    }

    /// Assigns the arguments to `N` parameters of `def` (self already taken off).
    #[inline]
    pub fn bind<const N: usize>(self, vm: &Vm, def: &'static NativeDef) -> PyResult<Bound<'a, N>> {
        let mut bound = Bound { slots: [None; N], rest: &[], keywords: Args::default(), def };
        if self.names.is_empty() && self.values.len() == N && def.params.iter().all(|p| is_plain(p.kind)) {
            for (slot, value) in bound.slots.iter_mut().zip(self.values) {
                *slot = Some(value);
            }
            return Ok(bound);
        }
        self.bind_slow(vm, &mut bound)?;
        Ok(bound)
    }

    fn bind_slow<const N: usize>(self, vm: &Vm, bound: &mut Bound<'a, N>) -> PyResult<()> {
        let params = bound.def.params;
        let positionals = self.positionals();
        let by_position = params.iter().take_while(|p| is_plain(p.kind)).count();
        let has_rest = params.iter().any(|p| p.kind == ParamKind::VarPositional);
        let has_keywords = params.iter().any(|p| p.kind == ParamKind::VarKeyword);
        let (given, named) = (self.values.len(), params.iter().any(|p| takes_name(p.kind)));
        if named && given > params.len() && !has_rest && !has_keywords {
            return Err(too_many_at_all(vm, bound.def, given, positionals.is_empty()));
        }
        for (slot, value) in bound.slots.iter_mut().zip(positionals).take(by_position) {
            *slot = Some(value);
        }
        if positionals.len() > by_position {
            if !has_rest {
                return Err(too_many(vm, bound.def, by_position, self.values.len()));
            }
            bound.rest = &positionals[by_position..];
        }
        if has_keywords {
            bound.keywords = Args { values: &self.values[positionals.len()..], names: self.names };
        }
        let mut unknown = None;
        for (name, value) in self.keywords() {
            if !bind_keyword(vm, bound, name, value)? && !has_keywords {
                unknown = unknown.or(Some(name));
            }
        }
        if unknown.is_some() && !named {
            return Err(vm.type_error(format!("{}() takes no keyword arguments", bound.def.qualified())));
        }
        // What is missing is reported before what is unknown.
        if let Some(index) = params.iter().zip(&bound.slots).position(|(param, slot)| param.required && slot.is_none())
        {
            return Err(missing(vm, bound.def, index, positionals.len()));
        }
        let Some(name) = unknown else { return Ok(()) };
        let known: Vec<&str> = params.iter().filter(|p| takes_name(p.kind)).map(|p| p.name).collect();
        Err(unexpected_keyword(vm, bound.def.name, name, &known))
    }
}

fn takes_name(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Positional | ParamKind::KeywordOnly)
}

/// Assigns one keyword argument; `Ok(false)`: no parameter has the name.
fn bind_keyword<'a, const N: usize>(
    vm: &Vm,
    bound: &mut Bound<'a, N>,
    name: &'a Value,
    value: &'a Value,
) -> PyResult<bool> {
    let (function, params) = (bound.def.name, bound.def.params);
    let Some(index) = params.iter().position(|p| takes_name(p.kind) && Str::is_text(name, p.name)) else {
        return Ok(false);
    };
    if bound.slots[index].replace(value).is_some() {
        let (shown, at) = (params[index].name, index + 1);
        return Err(vm.type_error(format!("argument for {function}() given by name ('{shown}') and position ({at})")));
    }
    Ok(true)
}

/// The TypeError of a keyword argument that `function` does not take, with the nearest of the names it does.
#[cold]
pub fn unexpected_keyword(vm: &Vm, function: &str, name: &Value, known: &[&str]) -> crate::vm::Raised {
    let shown = Str::display(name);
    let known: Vec<String> = known.iter().map(|&name| name.to_owned()).collect();
    let hint = match closest_parameter(&shown, &known) {
        Some(name) => format!(". Did you mean '{name}'?"),
        None => String::new(),
    };
    vm.type_error(format!("{function}() got an unexpected keyword argument '{shown}'{hint}"))
}

fn is_plain(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::PositionalOnly | ParamKind::Positional)
}

impl NativeDef {
    /// `list.append`: the name with the owner's before it.
    fn qualified(&self) -> String {
        if self.owner.is_empty() { self.name.to_owned() } else { format!("{}.{}", self.owner, self.name) }
    }
}

#[cold]
fn too_many(vm: &Vm, def: &'static NativeDef, most: usize, given: usize) -> crate::vm::Raised {
    let least = def.params.iter().filter(|p| is_plain(p.kind) && p.required).count();
    let name = def.name;
    let positional_only = def.params.iter().all(|p| p.kind == ParamKind::PositionalOnly);
    if most == 0 && positional_only {
        return vm.type_error(format!("{}() takes no arguments ({given} given)", def.qualified()));
    }
    if most == 0 {
        return vm.type_error(format!("{name}() takes no positional arguments"));
    }
    if positional_only {
        if least == most && most == 1 {
            return vm.type_error(format!("{}() takes exactly one argument ({given} given)", def.qualified()));
        }
        let word = if least == most { "" } else { "at most " };
        let plural = if most == 1 { "" } else { "s" };
        return vm.type_error(format!("{name} expected {word}{most} argument{plural}, got {given}"));
    }
    let word = if least == most { "exactly" } else { "at most" };
    let plural = if most == 1 { "" } else { "s" };
    vm.type_error(format!("{name}() takes {word} {most} positional argument{plural} ({given} given)"))
}

/// More arguments of whatever form than there are parameters.
#[cold]
fn too_many_at_all(vm: &Vm, def: &'static NativeDef, given: usize, by_name: bool) -> crate::vm::Raised {
    let (name, most) = (def.name, def.params.len());
    let form = if by_name { "keyword " } else { "" };
    let plural = if most == 1 { "" } else { "s" };
    vm.type_error(format!("{name}() takes at most {most} {form}argument{plural} ({given} given)"))
}

#[cold]
fn missing(vm: &Vm, def: &'static NativeDef, index: usize, given: usize) -> crate::vm::Raised {
    let name = def.name;
    let param = def.params[index];
    let positional_only = def.params.iter().all(|p| p.kind == ParamKind::PositionalOnly);
    if positional_only {
        let least = def.params.iter().filter(|p| p.required).count();
        let most = def.params.len();
        if least == most && most == 1 {
            return vm.type_error(format!("{}() takes exactly one argument ({given} given)", def.qualified()));
        }
        let word = if least == most { "" } else { "at least " };
        let plural = if least == 1 { "" } else { "s" };
        return vm.type_error(format!("{name} expected {word}{least} argument{plural}, got {given}"));
    }
    if param.kind == ParamKind::PositionalOnly {
        let least = def.params.iter().filter(|p| p.required && p.kind == ParamKind::PositionalOnly).count();
        let most = def.params.iter().filter(|p| is_plain(p.kind)).count();
        let word = if least < most { "at least" } else { "exactly" };
        let plural = if least == 1 { "" } else { "s" };
        return vm.type_error(format!("{name}() takes {word} {least} positional argument{plural} ({given} given)"));
    }
    let at = index + 1;
    vm.type_error(format!("{name}() missing required argument '{}' (pos {at})", param.name))
}

/// Arguments assigned to parameters.
pub struct Bound<'a, const N: usize> {
    /// One per plain or keyword-only parameter, in order.
    pub slots: [Option<&'a Value>; N],
    /// What `*args` takes.
    pub rest: &'a [Value],
    /// What `**kwargs` takes.
    pub keywords: Args<'a>,
    /// Whose arguments they are.
    pub def: &'static NativeDef,
}

impl<const N: usize> Bound<'_, N> {
    /// Where parameter `index` stands, for messages.
    pub fn place(&self, index: usize) -> ArgPlace {
        ArgPlace { def: self.def, index }
    }
}

/// A parameter of a native function, for the messages of failed conversions.
#[derive(Clone, Copy)]
pub struct ArgPlace {
    /// The function.
    pub def: &'static NativeDef,
    /// The parameter's index, without self.
    pub index: usize,
}

impl ArgPlace {
    /// How CPython names the argument: `f() argument 'x'`, `f() argument 2` or `f() argument`.
    pub fn describe(self) -> String {
        let name = self.def.name;
        match self.def.params.get(self.index) {
            Some(param) if !matches!(param.kind, ParamKind::PositionalOnly) => {
                format!("{name}() argument '{}'", param.name)
            }
            _ if self.def.params.len() == 1 => format!("{name}() argument"),
            _ => format!("{name}() argument {}", self.index + 1),
        }
    }

    /// Whether the function is a method (its self is not counted).
    pub fn is_method(self) -> bool {
        self.def.kind != MethodKind::Function
    }
}

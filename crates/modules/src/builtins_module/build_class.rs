//! `__build_class__`: what the `class` statement does once its bases and body are evaluated.
//!
//! Invariant: the body runs in the namespace that the metaclass prepared, and the class that results has filled the body's `__class__` cell.

use taipan_heap::{Obj, Ref, Value};
use taipan_interp::cell::Cell;
use taipan_interp::eval::run_function_with_locals;
use taipan_interp::function::Function;
use taipan_macros::pymodule;
use taipan_objects::builtins::{dict::Dict, str::Str, tuple::Tuple};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::Type;
use taipan_objects::types::call::call;
use taipan_objects::types::class_new::winning_metaclass;
use taipan_objects::vm::{PyResult, Vm};

/// The function.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// __build_class__(func, name, /, *bases, [metaclass], **kwds) -> class
    ///
    /// Internal helper function used by the class statement.
    #[function]
    pub fn __build_class__(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let [body, name, bases @ ..] = args.0.positionals() else {
            return Err(vm.type_error("__build_class__: not enough arguments"));
        };
        let Some(body) = body.downcast::<Function>() else {
            return Err(vm.type_error("__build_class__: func must be a function"));
        };
        if name.downcast::<Str>().is_none() {
            return Err(vm.type_error("__build_class__: name is not a string"));
        }
        let original = Tuple::new(vm, bases.iter().cloned())?;
        let bases = match resolve_bases(vm, &original)? {
            Some(resolved) => Tuple::from_values(vm, resolved)?,
            None => original.clone(),
        };
        let (metaclass, keywords) = choose_metaclass(vm, &bases, args.0)?;
        Making { vm, name, bases, original, metaclass, keywords }.run(body)
    }
}

/// The bases with every `__mro_entries__` asked; `None` when nothing changes.
fn resolve_bases(vm: &Vm, original: &Ref<Tuple>) -> PyResult<Option<Vec<Value>>> {
    let mut resolved: Option<Vec<Value>> = None;
    for (index, base) in original.items().iter().enumerate() {
        let entries = match base.downcast::<Type>() {
            Some(_) => None,
            None => vm.find_attr(base, &vm.names().__mro_entries__)?,
        };
        let Some(entries) = entries else {
            if let Some(resolved) = &mut resolved {
                resolved.push(base.clone());
            }
            continue;
        };
        let entries = vm.call(&entries, &[original.to_value()])?;
        let Some(entries) = entries.downcast::<Tuple>() else {
            return Err(vm.type_error("__mro_entries__ must return a tuple"));
        };
        resolved.get_or_insert_with(|| original.items()[..index].to_vec()).extend_from_slice(entries.items());
    }
    Ok(resolved)
}

/// The metaclass that the keywords and bases ask for, and the other keywords.
fn choose_metaclass(vm: &Vm, bases: &Tuple, args: Args<'_>) -> PyResult<(Value, Vec<(Value, Value)>)> {
    let mut keywords: Vec<(Value, Value)> =
        args.keywords().map(|(name, value)| (name.clone(), value.clone())).collect();
    let given = keywords.iter().position(|(name, _)| Str::is_text(name, "metaclass"));
    let start = match given.map(|index| keywords.remove(index).1) {
        Some(given) => given,
        None => match bases.items().first() {
            Some(base) => vm.class_of(base).to_value(),
            None => vm.types().type_.to_value(),
        },
    };
    match start.downcast::<Type>() {
        Some(class) => Ok((winning_metaclass(vm, class, bases.items())?.into(), keywords)),
        None => Ok((start, keywords)),
    }
}

/// A class being made.
struct Making<'a> {
    vm: &'a Vm,
    name: &'a Value,
    bases: Ref<Tuple>,
    original: Ref<Tuple>,
    metaclass: Value,
    keywords: Vec<(Value, Value)>,
}

impl Making<'_> {
    fn run(&self, body: &Obj<Function>) -> PyResult<Value> {
        let vm = self.vm;
        let namespace = self.prepare()?;
        let cell = run_function_with_locals(vm, body, Some(namespace.clone()))?;
        if !self.bases.is_same(&*self.original) {
            let name = vm.names().__orig_bases__.to_value();
            vm.set_item(&namespace, &name, Some(&self.original.to_value()))?;
        }
        let class = self.call(&self.metaclass, &[self.name.clone(), self.bases.to_value(), namespace])?;
        if class.downcast::<Type>().is_some()
            && let Some(cell) = cell.downcast::<Cell>()
        {
            self.check_cell(cell, &class)?;
        }
        Ok(class)
    }

    fn prepare(&self) -> PyResult<Value> {
        let vm = self.vm;
        let Some(prepare) = vm.find_attr(&self.metaclass, &vm.names().__prepare__)? else {
            return Ok(Dict::new(vm)?.into());
        };
        let namespace = self.call(&prepare, &[self.name.clone(), self.bases.to_value()])?;
        if vm.class_of(&namespace).slots.getitem.get().is_none() {
            let owner = self.metaclass.downcast::<Type>().map(|class| class.name());
            let (owner, given) = (owner.as_deref().unwrap_or("<metaclass>"), vm.type_name(&namespace));
            return Err(vm.type_error(format!("{owner}.__prepare__() must return a mapping, not {given}")));
        }
        Ok(namespace)
    }

    /// Calls with the class statement's keywords.
    fn call(&self, callable: &Value, positional: &[Value]) -> PyResult<Value> {
        let values: Vec<Value> =
            positional.iter().cloned().chain(self.keywords.iter().map(|(_, value)| value.clone())).collect();
        let names: Vec<Value> = self.keywords.iter().map(|(name, _)| name.clone()).collect();
        call(self.vm, callable, Args { values: &values, names: &names })
    }

    fn check_cell(&self, cell: &Obj<Cell>, class: &Value) -> PyResult<()> {
        let vm = self.vm;
        let held = cell.contents.get();
        if held.as_ref().is_some_and(|held| held.is(class)) {
            return Ok(());
        }
        let (name, made) = (vm.repr(self.name)?, vm.repr(class)?);
        let (name, made) = (name.to_lossy(), made.to_lossy());
        Err(match held {
            None => vm.runtime_error(format!(
                "__class__ not set defining {name} as {made}. Was __classcell__ propagated to type.__new__?"
            )),
            Some(held) => {
                let held = vm.repr(&held)?;
                vm.type_error(format!("__class__ set to {} defining {name} as {made}", held.to_lossy()))
            }
        })
    }
}

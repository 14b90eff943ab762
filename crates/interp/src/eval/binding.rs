//! Binding the arguments of a call to parameters in the registers where they stand.
//!
//! Invariant: arguments are moved only when nothing can go wrong with them any more but memory; what is refused, or is rare, goes through
//! `args::bind`, which words the errors.

use crate::code::CodeObject;
use crate::eval::calls::{build_tuple, take_block};
use crate::eval::window::Window;
use crate::function::Function;
use std::mem::ManuallyDrop;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::{Str, is_interned};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::vm::{PyResult, Vm};

/// Binds the `count` arguments at the beginning of a window. Where they are what a plain function takes, only its other variables have to be emptied.
#[inline(always)]
pub(super) unsafe fn bind(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    window: Window,
    count: u16,
    names: &[Value],
) -> PyResult<()> {
    // SAFETY: as `rearrange`.
    unsafe {
        let shape = code.shape();
        if !shape.simple || !names.is_empty() || count != shape.positional {
            return rearrange(vm, function, code, window, 0, count, names);
        }
        for register in count..shape.first_free {
            // These are few: a loop, not a call of `memset`, which plain writes would become.
            window.at(register).cast::<u64>().write_volatile(0);
        }
    }
    Ok(())
}

/// Binds arguments that do not stand as the parameters do: `count` of them from register `first` on, the last ones those of `names`.
#[inline(never)]
pub(super) unsafe fn rearrange(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    w: Window,
    first: u16,
    count: u16,
    names: &[Value],
) -> PyResult<()> {
    // SAFETY: the arguments are live, what stands above them is dead, and room was checked.
    unsafe {
        let window = Window(w.at(first));
        if let Err(raised) = code.make_ready(vm) {
            w.clear_range(first, count);
            return Err(raised);
        }
        let shape = code.shape();
        if names.is_empty() && count <= shape.positional && fill(vm, function, code, window, count) {
            return Ok(());
        }
        if names.is_empty()
            && count >= shape.positional
            && shape.varargs
            && !shape.varkeywords
            && shape.keyword_only == 0
        {
            let rest = build_tuple(vm, window, shape.positional, count - shape.positional);
            let Ok(rest) = rest else {
                window.clear_range(0, count);
                return rest.map(|_| ());
            };
            window.at(shape.positional).write(Some(rest.into()));
            for register in shape.positional + 1..shape.first_free {
                window.at(register).write(None);
            }
            return Ok(());
        }
        if let Some(bound) = settle(vm, function, code, window, count, names) {
            return bound;
        }
        let values: Vec<Value> = take_block(w, first, count).collect();
        place(vm, function, code, window, values, names)
    }
}

/// Keyword arguments that are bound in place.
pub(super) const FEW: usize = 8;

/// Where a keyword goes that no parameter has: into `**kwargs`.
const EXTRA: u16 = u16::MAX;

/// Which parameters have no argument, and where each keyword goes.
struct Plan {
    missing: u64,
    places: [u16; FEW],
    extra: usize,
}

/// Finds a place for each argument; `None` if there is none or not a common one.
fn plan(code: &CodeObject, count: usize, names: &[Value]) -> Option<Plan> {
    let shape = code.shape();
    let (positional, only) = (shape.positional as usize, shape.positional_only as usize);
    let wanted = positional + shape.keyword_only as usize;
    let given = count - names.len();
    if given > positional && !shape.varargs || names.len() > FEW || wanted > 63 {
        return None;
    }
    let mut bound = (1u64 << given.min(positional)) - 1;
    let mut places = [0u16; FEW];
    let mut extra = 0;
    for (place, name) in places.iter_mut().zip(names) {
        let found = code.variables[only..wanted].iter().position(|own| own.header().address() as u64 == name.bits());
        match found {
            Some(found) => {
                let found = only + found;
                if bound >> found & 1 != 0 {
                    return None;
                }
                bound |= 1 << found;
                *place = found as u16;
            }
            None => {
                if !shape.varkeywords || !name.downcast_exact::<Str>().is_some_and(is_interned) {
                    return None;
                }
                *place = EXTRA;
                extra += 1;
            }
        }
    }
    Some(Plan { missing: ((1u64 << wanted) - 1) & !bound, places, extra })
}

/// The registers of the parameters that have no argument, ascending.
fn each(mut missing: u64) -> impl Iterator<Item = u16> {
    std::iter::from_fn(move || {
        let register = (missing != 0).then(|| missing.trailing_zeros() as u16);
        missing &= missing.wrapping_sub(1);
        register
    })
}

/// The default of a keyword-only parameter, which mostly is where it is among the parameters.
#[inline]
fn keyword_default(by_name: &Dict, code: &CodeObject, positional: usize, register: u16) -> Option<Value> {
    let name = &code.variables[register as usize];
    by_name
        .value_under((register as usize).wrapping_sub(positional), name.header().address() as u64)
        .or_else(|| by_name.value_at(by_name.find_interned_entry(name)?))
}

/// Puts the defaults of the parameters that have no argument behind the arguments, all of which are for the first parameters. Whether it did: nothing was
/// written otherwise.
#[inline]
unsafe fn fill(vm: &Vm, function: &Function, code: &CodeObject, window: Window, count: u16) -> bool {
    let shape = code.shape();
    if shape.varkeywords || shape.keyword_only > FEW as u16 {
        return false;
    }
    let rest = vm.types().empty_tuple.get().filter(|_| shape.varargs);
    if rest.is_none() && shape.varargs {
        return false;
    }
    let missing = (shape.positional - count) as usize;
    let defaults = match missing {
        0 => None,
        _ => function.defaults.get().and_then(|defaults| defaults.downcast_into::<Tuple>().ok()),
    };
    let defaults = defaults.as_ref().map_or(&[][..], |defaults| defaults.items());
    let Some(from) = defaults.len().checked_sub(missing) else { return false };
    let mut register = shape.positional;
    // SAFETY: room was checked; what is above the arguments is dead.
    unsafe {
        if shape.keyword_only > 0 {
            let Some(by_name) = function.kwdefaults().and_then(|values| values.downcast_into::<Dict>().ok()) else {
                return false;
            };
            let names = &code.variables[register as usize..][..shape.keyword_only as usize];
            let mut keyword = register;
            let in_order = names.iter().map(|name| name.header().address() as u64);
            by_name.each_under(in_order, |value| {
                window.at(keyword).write(Some(value.clone()));
                keyword += 1;
            });
            for keyword in keyword..register + shape.keyword_only {
                match keyword_default(&by_name, code, shape.positional as usize, keyword) {
                    Some(value) => window.at(keyword).write(Some(value)),
                    None => {
                        for written in register..keyword {
                            drop((*window.at(written)).take());
                        }
                        return false;
                    }
                }
            }
            register += shape.keyword_only;
        }
        for (place, value) in (count..).zip(&defaults[from..]) {
            window.at(place).write(Some(value.clone()));
        }
        if let Some(rest) = rest {
            window.at(register).write(Some(rest.to_value()));
            register += 1;
        }
        for register in register..shape.first_free {
            window.at(register).write(None);
        }
    }
    true
}

/// Binds the arguments of a common call where they stand. `None`: it is no such call, and nothing was moved.
unsafe fn settle(
    vm: &Vm,
    function: &Function,
    code: &CodeObject,
    window: Window,
    count: u16,
    names: &[Value],
) -> Option<PyResult<()>> {
    let shape = code.shape();
    let Plan { missing, places, extra } = plan(code, count as usize, names)?;
    let positional = shape.positional as usize;
    let wanted = shape.positional + shape.keyword_only;
    // The defaults of all that is missing must be there before anything is moved.
    let of_positional = missing & ((1 << positional) - 1);
    let defaults = match of_positional {
        0 => None,
        _ => Some(function.defaults.get()?.downcast_into::<Tuple>().ok()?),
    };
    let defaults = defaults.as_ref().map_or(&[][..], |defaults| defaults.items());
    let first_default = positional.checked_sub(defaults.len())?;
    if of_positional != 0 && (of_positional.trailing_zeros() as usize) < first_default {
        return None;
    }
    let by_name = match missing >> positional {
        0 => None,
        _ => Some(function.kwdefaults()?.downcast_into::<Dict>().ok()?),
    };
    if let Some(by_name) = &by_name
        && each(missing & !of_positional).any(|register| keyword_default(by_name, code, positional, register).is_none())
    {
        return None;
    }
    let given = count - names.len() as u16;
    // SAFETY: room was checked; arguments are live, what stands above them is dead. Registers are moved as words.
    unsafe {
        let mut gathered = [const { None }; 2];
        if shape.varargs || shape.varkeywords {
            let rest = given.saturating_sub(shape.positional);
            let made = gather(vm, window, (shape.positional, rest, given), names, &places[..names.len()], extra, shape);
            match made {
                Ok(made) => gathered = made,
                Err(raised) => {
                    window.clear_range(0, count);
                    return Some(Err(raised));
                }
            }
        }
        let mut words = [0u64; FEW];
        for (n, word) in words[..names.len()].iter_mut().enumerate() {
            *word = window.bits(given + n as u16);
        }
        for (word, place) in words.into_iter().zip(places).take(names.len()) {
            if place != EXTRA {
                window.at(place).cast::<u64>().write(word);
            }
        }
        for register in each(of_positional) {
            window.at(register).write(Some(defaults[register as usize - first_default].clone()));
        }
        if let Some(by_name) = &by_name {
            for register in each(missing & !of_positional) {
                window.at(register).write(keyword_default(by_name, code, positional, register));
            }
        }
        let mut register = wanted;
        let [one, two] = gathered;
        if let Some(one) = one {
            window.at(register).write(Some(one));
            register += 1;
        }
        if let Some(two) = two {
            window.at(register).write(Some(two));
            register += 1;
        }
        // Keywords may have stood beyond the variables; what they were moved from must not be dropped as if it were still theirs.
        for register in register..shape.first_free.max(count) {
            window.at(register).write(None);
        }
    }
    Some(Ok(()))
}

/// The tuple of `*args` and the dict of `**kwargs`, as far as the function has them. `rest` positional arguments too many begin at the first of
/// the registers; keywords begin at the last. What goes in is taken out of its register.
unsafe fn gather(
    vm: &Vm,
    window: Window,
    (first, rest, keywords): (u16, u16, u16),
    names: &[Value],
    places: &[u16],
    extra: usize,
    shape: crate::code::CallShape,
) -> PyResult<[Option<Value>; 2]> {
    let tuple = match shape.varargs {
        // SAFETY: the arguments are live.
        true => Some(unsafe { build_tuple(vm, window, first, rest)? }.into()),
        false => None,
    };
    if !shape.varkeywords {
        return Ok([tuple, None]);
    }
    // What is put in is taken out again by the dict, so nothing is left to drop.
    let mut pairs = ManuallyDrop::new([const { None }; 2 * FEW]);
    let mut at = 0;
    for (n, (name, _)) in names.iter().zip(places).enumerate().filter(|(_, (_, place))| **place == EXTRA) {
        pairs[at] = Some(name.clone());
        // SAFETY: the caller's arguments are live.
        pairs[at + 1] = unsafe { window.take(keywords + n as u16) };
        at += 2;
    }
    debug_assert!(at == 2 * extra);
    let built = Dict::build(vm, &mut pairs[..at]);
    if built.is_err() {
        pairs.iter_mut().for_each(|value| drop(value.take()));
    }
    let dict: Value = built?.into();
    Ok(match tuple {
        Some(_) => [tuple, Some(dict)],
        None => [Some(dict), None],
    })
}

/// Binds arguments and writes the variables' registers of a dead window.
pub(super) fn place(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    window: Window,
    values: Vec<Value>,
    names: &[Value],
) -> PyResult<()> {
    code.make_ready(vm)?;
    let shape = code.shape();
    let bound = if shape.simple && names.is_empty() && values.len() == shape.positional as usize {
        values
    } else {
        crate::args::bind(vm, function, code, values, names)?
    };
    let mut register = 0;
    // SAFETY: room was checked; the window is dead, so nothing is dropped.
    unsafe {
        for value in bound {
            window.at(register).write(Some(value));
            register += 1;
        }
        for register in register..shape.first_free {
            window.at(register).write(None);
        }
    }
    Ok(())
}

//! Writes objects by what they reduce to, and globals by their names.
//!
//! Invariant: an object is remembered once its value is on the stack, before its items and its state are written.

use super::opcodes as op;
use super::save::Saver;
use super::{class_name, compat, dotted, library, pickling_error};
use taipan_heap::{Obj, Value};
use taipan_interp::import::import_absolute;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, int, is_none};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The exception with another as its context.
#[cold]
pub fn with_context(vm: &Vm, raised: Raised, context: Option<Value>) -> Raised {
    let exception = vm.take_exception(raised);
    if context.is_some() {
        exception.set_context_value(context);
    }
    vm.restore(exception)
}

/// Whether a value can be called.
fn callable(vm: &Vm, value: &Value) -> bool {
    vm.class_of(value).slots.call.get().is_some()
}

impl Saver<'_> {
    /// Writes what `__reduce__` returned.
    pub fn save_reduced(&mut self, reduced: &Value, object: &Value) -> PyResult<()> {
        let vm = self.vm;
        let Some(parts) = reduced.downcast::<Tuple>().map(|parts| parts.items()) else {
            let given = class_name(vm, reduced);
            return Err(pickling_error(vm, &format!("__reduce__ must return a string or tuple, not {given}")));
        };
        if !(2..=6).contains(&parts.len()) {
            return Err(pickling_error(vm, "tuple returned by __reduce__ must contain 2 through 6 elements"));
        }
        self.save_reduce(&parts[0], &parts[1], &parts[2..], Some(object))
    }

    pub(super) fn part(&mut self, value: &Value, object: Option<&Value>, what: &str) -> PyResult<()> {
        let saved = self.save(value, true);
        saved.map_err(|raised| {
            let class = class_name(self.vm, object.unwrap_or(&NONE));
            self.note(raised, format!("when serializing {class} {what}"))
        })
    }

    /// `more`: state, list items, dict items, state setter.
    pub fn save_reduce(
        &mut self,
        function: &Value,
        arguments: &Value,
        more: &[Value],
        object: Option<&Value>,
    ) -> PyResult<()> {
        let vm = self.vm;
        if !callable(vm, function) {
            let given = class_name(vm, function);
            let message = format!("first item of the tuple returned by __reduce__ must be callable, not {given}");
            return Err(pickling_error(vm, &message));
        }
        let Some(args) = arguments.downcast::<Tuple>() else {
            let given = class_name(vm, arguments);
            let message = format!("second item of the tuple returned by __reduce__ must be a tuple, not {given}");
            return Err(pickling_error(vm, &message));
        };
        let given = |index: usize| more.get(index).filter(|value| !is_none(value));
        let (state, list_items, dict_items, setter) = (given(0), given(1), given(2), given(3));
        for (items, place) in [(list_items, "fourth"), (dict_items, "fifth")] {
            if let Some(items) = items.filter(|items| vm.class_of(items).slots.next.get().is_none()) {
                let given = class_name(vm, items);
                let message =
                    format!("{place} item of the tuple returned by __reduce__ must be an iterator, not {given}");
                return Err(pickling_error(vm, &message));
            }
        }
        if let Some(setter) = setter.filter(|setter| !callable(vm, setter)) {
            let given = class_name(vm, setter);
            let message = format!("sixth item of the tuple returned by __reduce__ must be callable, not {given}");
            return Err(pickling_error(vm, &message));
        }
        // The name of a class whose class is `type` is no object yet.
        let class = function.downcast_exact::<Type>();
        let name = match class {
            None if self.proto() >= 2 => vm.find_attr(function, &vm.names().__name__)?,
            _ => None,
        };
        let named = |text: &str| match class {
            Some(class) => self.proto() >= 2 && *class.name() == *text,
            None => name.as_ref().is_some_and(|name| Str::is_text(name, text)),
        };
        if named("__newobj_ex__") {
            self.save_new_ex(args.items(), object)?;
        } else if named("__newobj__") {
            self.save_new(args.items(), object)?;
        } else {
            self.part(function, object, "reconstructor")?;
            self.part(arguments, object, "reconstructor arguments")?;
            self.out.put(&[op::REDUCE]);
        }
        if let Some(object) = object {
            match self.memo.find(object) {
                // Its arguments led back to it.
                Some(number) => {
                    self.out.put(&[op::POP]);
                    self.fetch(number);
                }
                None => self.memoize(object),
            }
        }
        let none = NONE;
        let owner = object.unwrap_or(&none);
        if let Some(items) = list_items {
            self.save_appended(items, owner)?;
        }
        if let Some(items) = dict_items {
            self.save_set_items(items, owner)?;
        }
        let Some(state) = state else { return Ok(()) };
        match setter {
            None => {
                self.part(state, object, "state")?;
                self.out.put(&[op::BUILD]);
            }
            Some(setter) => {
                self.part(setter, object, "state setter")?;
                self.save(owner, true)?;
                self.part(state, object, "state")?;
                self.out.put(&[op::TUPLE2, op::REDUCE, op::POP]);
            }
        }
        Ok(())
    }

    /// The class that `__newobj__` or `__newobj_ex__` is given.
    fn check_class(&self, class: &Value, object: Option<&Value>, function: &str) -> PyResult<()> {
        let vm = self.vm;
        if vm.find_attr(class, &vm.names().__new__)?.is_none() {
            return Err(pickling_error(vm, &format!("first argument to {function}() has no __new__")));
        }
        let Some(object) = object else { return Ok(()) };
        let own = vm.get_attr(object, &vm.names().__class__)?;
        if own.is(class) {
            return Ok(());
        }
        let (wanted, given) = (vm.repr(&own)?, vm.repr(class)?);
        let message = format!("first argument to {function}() must be {}, not {}", wanted.to_lossy(), given.to_lossy());
        Err(pickling_error(vm, &message))
    }

    fn save_new(&mut self, args: &[Value], object: Option<&Value>) -> PyResult<()> {
        let vm = self.vm;
        let Some((class, rest)) = args.split_first() else {
            return Err(pickling_error(vm, "__newobj__ expected at least 1 argument, got 0"));
        };
        self.check_class(class, object, "__newobj__")?;
        self.part(class, object, "class")?;
        let rest = Tuple::from_values(vm, rest.to_vec())?;
        self.part(&rest.into(), object, "__new__ arguments")?;
        self.out.put(&[op::NEWOBJ]);
        Ok(())
    }

    fn save_new_ex(&mut self, args: &[Value], object: Option<&Value>) -> PyResult<()> {
        let vm = self.vm;
        let [class, positional, keywords] = args else {
            let message = format!("__newobj_ex__ expected 3 arguments, got {}", args.len());
            return Err(pickling_error(vm, &message));
        };
        self.check_class(class, object, "__newobj_ex__")?;
        let Some(values) = positional.downcast::<Tuple>() else {
            let given = class_name(vm, positional);
            let message = format!("second argument to __newobj_ex__() must be a tuple, not {given}");
            return Err(pickling_error(vm, &message));
        };
        let Some(names) = keywords.downcast::<Dict>() else {
            let given = class_name(vm, keywords);
            let message = format!("third argument to __newobj_ex__() must be a dict, not {given}");
            return Err(pickling_error(vm, &message));
        };
        if self.proto() >= 4 {
            self.part(class, object, "class")?;
            self.part(positional, object, "__new__ arguments")?;
            self.part(keywords, object, "__new__ arguments")?;
            self.out.put(&[op::NEWOBJ_EX]);
            return Ok(());
        }
        let new = vm.get_attr(class, &vm.names().__new__)?;
        let partial = vm.get_attr_text(&import_absolute(vm, "functools")?, "partial")?;
        let mut arguments = vec![new, class.clone()];
        arguments.extend_from_slice(values.items());
        let mut keys = Vec::new();
        for (key, value) in names.snapshot() {
            keys.push(key);
            arguments.push(value);
        }
        let args = taipan_objects::native::Args { values: &arguments, names: &keys };
        let function = taipan_objects::types::call::call(vm, &partial, args)?;
        self.part(&function, object, "reconstructor")?;
        self.save(&Tuple::from_values(vm, Vec::new())?.into(), true)?;
        self.out.put(&[op::REDUCE]);
        Ok(())
    }

    // ---- globals ----

    /// The module where a global is found under a name.
    fn module_of(&self, object: &Value, name: &Obj<Str>) -> PyResult<Value> {
        let vm = self.vm;
        let path = name.to_lossy();
        let fail = |text: String, context: Option<Value>| -> PyResult<Value> {
            let shown = vm.repr(object)?;
            Err(with_context(vm, pickling_error(vm, &text.replace("{}", &shown.to_lossy())), context))
        };
        if path.split('.').any(|part| part == "<locals>") {
            return fail("Can't pickle local object {}".to_owned(), None);
        }
        let module = match vm.find_attr(object, &vm.names().__module__)?.filter(|module| !is_none(module)) {
            Some(module) => module,
            None => self.search_modules(object, &path)?,
        };
        let Some(module_name) = module.downcast::<Str>() else {
            return Err(vm.type_error("__module__ must be a str"));
        };
        let module_name = module_name.to_lossy().into_owned();
        let known = match vm.interp().modules.get() {
            _ if module_name.is_empty() => {
                let context = vm.take_exception(vm.value_error("Empty module name"));
                return fail("Can't pickle {}: Empty module name".to_owned(), Some(context.to_value()));
            }
            Some(modules) => modules.get(vm, &module)?,
            None => None,
        };
        let imported = match known.map_or_else(|| import_absolute(vm, &module_name), Ok) {
            Ok(imported) => imported,
            Err(_) if vm.raised_is(&vm.types().import_error) || vm.raised_is(&vm.types().value_error) => {
                let context = vm.swap_exception(None);
                let reason = match &context {
                    Some(exception) => vm.str(exception)?.to_lossy().into_owned(),
                    None => String::new(),
                };
                return fail(format!("Can't pickle {{}}: {reason}"), context);
            }
            Err(raised) => return Err(raised),
        };
        let found = if path.contains('.') { dotted(vm, &imported, &path) } else { vm.get_attr(&imported, name) };
        match found {
            Ok(found) if found.is(object) => Ok(module),
            Ok(_) => fail(format!("Can't pickle {{}}: it's not the same object as {module_name}.{path}"), None),
            Err(_) if vm.raised_is(&vm.types().attribute_error) => {
                let context = vm.swap_exception(None);
                fail(format!("Can't pickle {{}}: it's not found as {module_name}.{path}"), context)
            }
            Err(raised) => Err(raised),
        }
    }

    fn search_modules(&self, object: &Value, path: &str) -> PyResult<Value> {
        let vm = self.vm;
        let modules = vm.interp().modules.get().map_or_else(Vec::new, |modules| modules.snapshot());
        for (name, module) in modules {
            if is_none(&module) || Str::is_text(&name, "__main__") || Str::is_text(&name, "__mp_main__") {
                continue;
            }
            let found = dotted(vm, &module, path);
            if vm.catch(found, &vm.types().attribute_error)?.is_some_and(|found| found.is(object)) {
                return Ok(name);
            }
        }
        Ok(vm.intern("__main__")?.into())
    }

    /// Writes a class or function by its name.
    pub fn save_global(&mut self, object: &Value, name: Option<&Value>) -> PyResult<()> {
        let vm = self.vm;
        let name = match name {
            Some(name) => name.clone(),
            None => match vm.find_attr(object, &vm.names().__qualname__)?.filter(|name| !is_none(name)) {
                Some(name) => name,
                None => vm.get_attr(object, &vm.names().__name__)?,
            },
        };
        let Some(text) = name.downcast::<Str>() else {
            return Err(vm.type_error("the name of a global must be a str"));
        };
        let module = self.module_of(object, text)?;
        if self.proto() >= 2 && self.save_extension(&module, &name)? {
            return Ok(());
        }
        if self.proto() >= 4 {
            self.save(&module, true)?;
            self.save(&name, true)?;
            self.out.put(&[op::STACK_GLOBAL]);
            self.memoize(object);
            return Ok(());
        }
        let path = text.to_lossy().into_owned();
        let mut parts = path.split('.');
        let first = Str::new(vm, parts.next().unwrap_or_default())?;
        let rest: Vec<&str> = parts.collect();
        if rest.is_empty() {
            self.save_top_level(&module, &name)?;
        } else {
            // Attributes of attributes are fetched by `getattr`.
            let getattr = taipan_objects::builtins::iterator::builtin_function(vm, "getattr")?;
            for _ in &rest {
                self.save(&getattr, true)?;
                if self.proto() < 2 {
                    self.out.put(&[op::MARK]);
                }
            }
            self.save_top_level(&module, &first.into())?;
            for part in rest {
                self.save(&vm.intern(part)?.into(), true)?;
                self.out.put(&[if self.proto() < 2 { op::TUPLE } else { op::TUPLE2 }, op::REDUCE]);
            }
        }
        self.memoize(object);
        Ok(())
    }

    fn save_extension(&mut self, module: &Value, name: &Value) -> PyResult<bool> {
        let vm = self.vm;
        let library = library(vm)?;
        let Some(registry) = library.extensions.downcast::<Dict>().filter(|registry| !registry.is_empty()) else {
            return Ok(false);
        };
        let key: Value = Tuple::pair(vm, module.clone(), name.clone())?.into();
        let Some(code) = registry.get(vm, &key)? else { return Ok(false) };
        if !int::is_int(&code) {
            let (shown, given) = (vm.repr(&key)?, class_name(vm, &code));
            let message = format!("Can't pickle {}: extension code {given} is not an integer", shown.to_lossy());
            return Err(pickling_error(vm, &message));
        }
        match int::index_clamped(vm, &code)? {
            code @ 1..0x100 => self.out.put(&[op::EXT1, code as u8]),
            code @ 0x100..0x1_0000 => self.out.put(&[op::EXT2, code as u8, (code >> 8) as u8]),
            code @ 0x1_0000..=0x7fff_ffff => {
                self.out.put(&[op::EXT4]);
                self.out.put(&(code as u32).to_le_bytes());
            }
            code => return Err(vm.runtime_error(format!("extension code {code} is out of range"))),
        }
        Ok(true)
    }

    fn save_top_level(&mut self, module: &Value, name: &Value) -> PyResult<()> {
        let vm = self.vm;
        let (mut module, mut name) = (module.clone(), name.clone());
        if self.settings.fix_imports {
            let key: Value = Tuple::pair(vm, module.clone(), name.clone())?.into();
            let names = compat(vm, "REVERSE_NAME_MAPPING")?;
            let modules = compat(vm, "REVERSE_IMPORT_MAPPING")?;
            let of = |table: &Value, key: &Value| match table.downcast::<Dict>() {
                Some(table) => table.get(vm, key),
                None => Ok(None),
            };
            if let Some(pair) = of(&names, &key)? {
                if let Some([old_module, old_name]) = pair.downcast::<Tuple>().map(|pair| pair.items()) {
                    (module, name) = (old_module.clone(), old_name.clone());
                }
            } else if let Some(old) = of(&modules, &module)? {
                module = old;
            }
        }
        let mut line = vec![op::GLOBAL];
        for (part, what) in [(&module, "module"), (&name, "global")] {
            let Some(text) = part.downcast::<Str>() else { return Err(vm.type_error("a name must be a str")) };
            let encoded = match (self.proto() >= 3, text.as_ascii(), text.to_utf8()) {
                (_, Some(ascii), _) => ascii.as_bytes().to_vec(),
                (true, _, Some(utf8)) => utf8.as_bytes().to_vec(),
                _ => {
                    let (shown, protocol) = (vm.repr(part)?, self.proto());
                    let message =
                        format!("can't pickle {what} identifier {} using pickle protocol {protocol}", shown.to_lossy());
                    let encoding = if protocol >= 3 { "utf-8" } else { "ascii" };
                    let context = match taipan_objects::codecs::encode(vm, text, encoding, "strict") {
                        Ok(_) => None,
                        Err(raised) => Some(vm.take_exception(raised).to_value()),
                    };
                    return Err(with_context(vm, pickling_error(vm, &message), context));
                }
            };
            line.extend_from_slice(&encoded);
            line.push(b'\n');
        }
        self.out.put(&line);
        Ok(())
    }
}

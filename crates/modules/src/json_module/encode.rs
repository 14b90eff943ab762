//! Writing JSON: the strings, and the encoder object.
//!
//! Invariant: `Encode::open` and `markers` hold the containers that are being written, and no others once a call has ended well.

use taipan_heap::{Obj, OutOfMemory, Payload, Value, flags};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::str::StrBuilder;
use taipan_objects::builtins::{FALSE, TRUE, float, int, is_none, tuple::Tuple};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};
use taipan_text::{Unit, with_units};

/// Whether a byte stands for itself in a JSON string that holds nothing but ASCII.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0x20;
    while byte < 0x7f {
        plain[byte] = byte != 0x22 && byte != 0x5c;
        byte += 1;
    }
    plain
};

/// Appends a string as JSON; all characters beyond ASCII are escaped if `ascii`.
pub fn quote(out: &mut StrBuilder, text: &Str, ascii: bool) {
    out.push_point(0x22);
    with_units!(text.units(), units => quote_units(out, units, ascii));
    out.push_point(0x22);
}

fn quote_units<U: Unit>(out: &mut StrBuilder, units: &[U], ascii: bool) {
    let stands = |&unit: &U| {
        let point: u32 = unit.into();
        PLAIN.get(point as usize).copied().unwrap_or(false) || (!ascii && point >= 0x7f)
    };
    let mut rest = units;
    loop {
        let clean = rest.iter().position(|unit| !stands(unit)).unwrap_or(rest.len());
        out.push_units(U::slice(&rest[..clean]));
        let Some((&first, after)) = rest[clean..].split_first() else { return };
        escape(out, first.into());
        rest = after;
    }
}

fn escape(out: &mut StrBuilder, point: u32) {
    let short = match point {
        0x22 => "\\\"",
        0x5c => "\\\\",
        0x0a => "\\n",
        0x0d => "\\r",
        0x09 => "\\t",
        0x0c => "\\f",
        0x08 => "\\b",
        _ => {
            let mut unit = |unit: u32| {
                out.push_latin1(b"\\u");
                (0..4)
                    .rev()
                    .for_each(|digit| out.push_latin1(&[b"0123456789abcdef"[(unit >> (digit * 4) & 15) as usize]]));
            };
            match point.checked_sub(0x10000) {
                Some(beyond) => [0xd800 + (beyond >> 10), 0xdc00 + (beyond & 0x3ff)].map(unit),
                None => [unit(point), ()],
            };
            return;
        }
    };
    out.push_latin1(short.as_bytes());
}

/// `_json.Encoder`
#[derive(Payload)]
#[payload(name = "Encoder")]
pub struct Encoder {
    markers: Value,
    default: Value,
    encoder: Value,
    indent: Value,
    key_separator: Value,
    item_separator: Value,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
}

/// One call of an encoder.
struct Encode<'a> {
    vm: &'a Vm,
    encoder: &'a Encoder,
    /// The encoder of strings is this module's own, for ASCII or for all.
    own: Option<bool>,
    out: StrBuilder,
    /// The outermost containers that are being written; those further in stand in `markers`.
    open: Vec<u64>,
}

/// How many containers `Encode::open` holds: they are looked through one by one.
const OPEN: usize = 16;

/// Adds a note to the exception that waits.
#[cold]
fn noted(vm: &Vm, raised: Raised, note: impl FnOnce() -> PyResult<Value>) -> Raised {
    let exception = vm.take_exception(raised);
    let add = || vm.call_method(&exception.to_value(), &*vm.intern("add_note")?, &[note()?]);
    match add() {
        Ok(_) => vm.restore(exception),
        Err(raised) => raised,
    }
}

impl Encode<'_> {
    fn text(&mut self, value: &Value) -> PyResult<()> {
        if let Some(text) = value.downcast::<Str>() {
            self.out.push(text);
        }
        Ok(())
    }

    fn string(&mut self, value: &Value) -> PyResult<()> {
        let vm = self.vm;
        if let (Some(ascii), Some(text)) = (self.own, value.downcast::<Str>()) {
            quote(&mut self.out, text, ascii);
            return Ok(());
        }
        let made = vm.call(&self.encoder.encoder, std::slice::from_ref(value))?;
        match made.downcast::<Str>() {
            Some(made) => self.out.push(made),
            None => {
                let given = vm.type_name(&made);
                return Err(vm.type_error(format!("encoder() must return a string, not {given}")));
            }
        }
        Ok(())
    }

    fn float(&self, number: f64, value: &Value) -> PyResult<String> {
        let text = if number.is_nan() {
            "NaN"
        } else if number == f64::INFINITY {
            "Infinity"
        } else if number == f64::NEG_INFINITY {
            "-Infinity"
        } else {
            return Ok(taipan_numeric::float_repr(number));
        };
        if self.encoder.allow_nan {
            return Ok(text.to_owned());
        }
        let shown = self.vm.repr(value)?;
        Err(self.vm.value_error(format!("Out of range float values are not JSON compliant: {}", shown.to_lossy())))
    }

    /// Runs `f` with `value` marked as being written.
    fn marked(&mut self, value: &Value, f: impl FnOnce(&mut Self) -> PyResult<()>) -> PyResult<()> {
        let vm = self.vm;
        let Some(markers) = self.encoder.markers.downcast::<Dict>() else { return f(self) };
        if self.open.contains(&value.bits()) {
            return Err(vm.value_error("Circular reference detected"));
        }
        if self.open.len() < OPEN {
            self.open.push(value.bits());
            f(self)?;
            self.open.pop();
            return Ok(());
        }
        let id = value.bits().into_value(vm)?;
        if markers.contains(vm, &id)? {
            return Err(vm.value_error("Circular reference detected"));
        }
        markers.set(vm, &id, value.clone())?;
        f(self)?;
        markers.remove(vm, &id).map(drop)
    }

    fn newline(&mut self, level: usize) -> PyResult<()> {
        if is_none(&self.encoder.indent) {
            return Ok(());
        }
        self.out.push_str("\n");
        let indent = self.encoder.indent.clone();
        for _ in 0..level {
            self.text(&indent)?;
        }
        Ok(())
    }

    fn value(&mut self, value: &Value, level: usize) -> PyResult<()> {
        let vm = self.vm;
        if is_none(value) {
            self.out.push_str("null");
        } else if value.is(&TRUE) {
            self.out.push_str("true");
        } else if value.is(&FALSE) {
            self.out.push_str("false");
        } else if value.downcast::<Str>().is_some() {
            self.string(value)?;
        } else if let Some(small) = int::as_small(value) {
            self.out.push_latin1(int::small_text(small, &mut [0; 20]));
        } else if int::is_int(value) {
            self.out.push_str(&int::decimal(vm, value)?);
        } else if let Some(number) = float::get(value) {
            let text = self.float(number, value)?;
            self.out.push_str(&text);
        } else {
            vm.check_stack(" while encoding a JSON object")?;
            return vm.recursive(" while encoding a JSON object", || self.container(value, level));
        }
        Ok(())
    }

    fn container(&mut self, value: &Value, level: usize) -> PyResult<()> {
        let vm = self.vm;
        // A list that many lists hold is one object for the heap, and many texts here.
        if self.out.len() > vm.text_room() {
            return Err(vm.out_of_memory(OutOfMemory));
        }
        if value.downcast::<List>().is_some() || value.downcast::<Tuple>().is_some() {
            if vm.len(value)? == 0 {
                self.out.push_str("[]");
                return Ok(());
            }
            return self.marked(value, |this| this.list(value, level));
        }
        if let Some(dict) = value.downcast::<Dict>() {
            if dict.is_empty() {
                self.out.push_str("{}");
                return Ok(());
            }
            return self.marked(value, |this| this.dict(dict, level));
        }
        self.marked(value, |this| {
            let made = vm.call(&this.encoder.default, std::slice::from_ref(value))?;
            this.value(&made, level).map_err(|raised| {
                let kind = vm.type_name(value);
                noted(vm, raised, || format!("when serializing {kind} object").into_value(vm))
            })
        })
    }

    fn list(&mut self, list: &Value, level: usize) -> PyResult<()> {
        let vm = self.vm;
        // What encodes an item may change the list.
        let item_at = |index: usize| match list.downcast::<List>() {
            Some(list) => list.get(index),
            None => list.downcast::<Tuple>().and_then(|tuple| tuple.items().get(index).cloned()),
        };
        let separator = self.encoder.item_separator.clone();
        self.out.push_str("[");
        let mut index = 0;
        while let Some(item) = item_at(index) {
            if index > 0 {
                self.text(&separator)?;
            }
            self.newline(level + 1)?;
            self.value(&item, level + 1).map_err(|raised| {
                let kind = vm.type_name(list);
                noted(vm, raised, || format!("when serializing {kind} item {index}").into_value(vm))
            })?;
            index += 1;
        }
        self.newline(level)?;
        self.out.push_str("]");
        Ok(())
    }

    /// A key as the str it becomes; `None` for one that is skipped.
    fn key(&self, key: &Value) -> PyResult<Option<Value>> {
        let vm = self.vm;
        let text = if key.downcast::<Str>().is_some() {
            return Ok(Some(key.clone()));
        } else if let Some(number) = float::get(key) {
            self.float(number, key)?
        } else if is_none(key) {
            "null".to_owned()
        } else if key.is(&TRUE) {
            "true".to_owned()
        } else if key.is(&FALSE) {
            "false".to_owned()
        } else if int::is_int(key) {
            int::decimal(vm, key)?
        } else if self.encoder.skipkeys {
            return Ok(None);
        } else {
            let given = vm.type_name(key);
            return Err(vm.type_error(format!("keys must be str, int, float, bool or None, not {given}")));
        };
        text.into_value(vm).map(Some)
    }

    fn dict(&mut self, dict: &Obj<Dict>, level: usize) -> PyResult<()> {
        let vm = self.vm;
        self.out.push_str("{");
        let mut first = true;
        if dict.header().kind().has(flags::EXACT) && !self.encoder.sort_keys {
            let mut position = 0;
            while let Some((key, value)) = dict.next_entry(&mut position) {
                self.item(dict, &key, &value, level, &mut first)?;
            }
        } else {
            let items = vm.call_method(&dict.to_value(), &*vm.intern("items")?, &[])?;
            let mut pairs = vm.collect(&items)?;
            if self.encoder.sort_keys {
                let list = List::from_values(vm, pairs)?;
                vm.call_method(&list.to_value(), &*vm.intern("sort")?, &[])?;
                pairs = list.snapshot();
            }
            for pair in &pairs {
                let Some([key, value]) = pair.downcast::<Tuple>().map(|pair| pair.items()) else {
                    return Err(vm.value_error("items must return 2-tuples"));
                };
                self.item(dict, key, value, level, &mut first)?;
            }
        }
        if !first {
            self.newline(level)?;
        }
        self.out.push_str("}");
        Ok(())
    }

    /// A key and its value.
    fn item(&mut self, dict: &Obj<Dict>, key: &Value, value: &Value, level: usize, first: &mut bool) -> PyResult<()> {
        let vm = self.vm;
        let encoder = self.encoder;
        let Some(text) = self.key(key)? else { return Ok(()) };
        if !std::mem::replace(first, false) {
            self.text(&encoder.item_separator)?;
        }
        self.newline(level + 1)?;
        self.string(&text)?;
        self.text(&encoder.key_separator)?;
        self.value(value, level + 1).map_err(|raised| {
            let kind = vm.type_name(&dict.to_value());
            noted(vm, raised, || {
                let shown = vm.repr(key)?;
                format!("when serializing {kind} item {}", shown.to_lossy()).into_value(vm)
            })
        })
    }
}

/// Whether a function is this module's own: `Some(true)` for the one that escapes all but ASCII.
fn own_encoder(encoder: &Value) -> Option<bool> {
    let function = encoder.downcast::<NativeFunction>()?;
    match function.def.0.name {
        "encode_basestring_ascii" => Some(true),
        "encode_basestring" => Some(false),
        _ => None,
    }
}

/// Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)
#[pytype(name = "Encoder", module = "_json", flags = BASETYPE)]
impl Encoder {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        const NAMES: [&str; 9] = [
            "markers",
            "default",
            "encoder",
            "indent",
            "key_separator",
            "item_separator",
            "sort_keys",
            "skipkeys",
            "allow_nan",
        ];
        let mut given: Vec<Value> = args.positionals().to_vec();
        for name in NAMES.iter().skip(given.len()) {
            match args.keyword(name) {
                Some(value) => given.push(value.clone()),
                None => {
                    let at = given.len() + 1;
                    return Err(vm.type_error(format!("make_encoder() missing required argument '{name}' (pos {at})")));
                }
            }
        }
        let [markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan] =
            &given[..]
        else {
            let count = given.len();
            return Err(vm.type_error(format!("make_encoder() takes at most 9 arguments ({count} given)")));
        };
        if !is_none(markers) && markers.downcast::<Dict>().is_none() {
            let kind = vm.type_name(markers);
            return Err(vm.type_error(format!("make_encoder() argument 1 must be dict or None, not {kind}")));
        }
        for (at, separator) in [(5, key_separator), (6, item_separator)] {
            if separator.downcast::<Str>().is_none() {
                let kind = vm.type_name(separator);
                return Err(vm.type_error(format!("make_encoder() argument {at} must be str, not {kind}")));
            }
        }
        if !is_none(indent) && indent.downcast::<Str>().is_none() {
            let kind = vm.type_name(indent);
            return Err(vm.type_error(format!("make_encoder() argument 4 must be str or None, not {kind}")));
        }
        let payload = Encoder {
            markers: markers.clone(),
            default: default.clone(),
            encoder: encoder.clone(),
            indent: indent.clone(),
            key_separator: key_separator.clone(),
            item_separator: item_separator.clone(),
            sort_keys: vm.is_true(sort_keys)?,
            skipkeys: vm.is_true(skipkeys)?,
            allow_nan: vm.is_true(allow_nan)?,
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn call(this: &Obj<Encoder>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let (value, level) = match (args.positionals(), args.keyword("obj"), args.keyword("_current_indent_level")) {
            ([value, level], None, None) => (value, level),
            ([value], None, Some(level)) => (value, level),
            ([], Some(value), Some(level)) => (value, level),
            (given, ..) => {
                let given = given.len() + args.names.len();
                return Err(vm.type_error(format!("_iterencode() takes exactly 2 arguments ({given} given)")));
            }
        };
        let level = usize::try_from(int::index_clamped(vm, level)?).unwrap_or(0);
        let own = own_encoder(&this.encoder);
        let mut encode = Encode { vm, encoder: this, own, out: StrBuilder::new(), open: Vec::new() };
        encode.value(value, level)?;
        let text = encode.out.finish(vm)?;
        Ok(Tuple::new(vm, [text.into()].into_iter())?.into())
    }

    #[getter]
    fn markers(this: &Obj<Encoder>) -> Value {
        this.markers.clone()
    }

    #[getter]
    fn default(this: &Obj<Encoder>) -> Value {
        this.default.clone()
    }

    #[getter]
    fn encoder(this: &Obj<Encoder>) -> Value {
        this.encoder.clone()
    }

    #[getter]
    fn indent(this: &Obj<Encoder>) -> Value {
        this.indent.clone()
    }

    #[getter]
    fn key_separator(this: &Obj<Encoder>) -> Value {
        this.key_separator.clone()
    }

    #[getter]
    fn item_separator(this: &Obj<Encoder>) -> Value {
        this.item_separator.clone()
    }

    #[getter]
    fn sort_keys(this: &Obj<Encoder>) -> bool {
        this.sort_keys
    }

    #[getter]
    fn skipkeys(this: &Obj<Encoder>) -> bool {
        this.skipkeys
    }
}

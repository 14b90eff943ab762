//! `_csv.Dialect`: how records are written down.
//!
//! Invariant: the special characters differ from each other and from those of the line's end.

use super::{error, state};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::{NONE, int, is_none, str::Str};
use taipan_objects::native::{Args, unexpected_keyword};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// Quote where it must be.
pub const MINIMAL: i64 = 0;
/// Quote everything.
pub const ALL: i64 = 1;
/// Quote all but numbers.
pub const NONNUMERIC: i64 = 2;
/// Never quote.
pub const NEVER: i64 = 3;
/// Quote str objects.
pub const STRINGS: i64 = 4;
/// Quote all but None.
pub const NOT_NULL: i64 = 5;

/// `_csv.Dialect`
#[derive(Payload)]
#[payload(name = "Dialect")]
pub struct Dialect {
    /// Between fields.
    pub delimiter: u32,
    /// Around fields.
    pub quote: Option<u32>,
    /// Before characters that have no meaning then.
    pub escape: Option<u32>,
    /// After records.
    pub terminator: Ref<Str>,
    /// When fields are quoted.
    pub quoting: i64,
    /// Whether a quote in a field is doubled.
    pub double: bool,
    /// Whether spaces after delimiters are skipped.
    pub skip_space: bool,
    /// Whether bad input is an error.
    pub strict: bool,
    /// The ASCII characters that mean something to a reader, a bit each.
    pub reading: Marks,
    /// Those that a writer must quote or escape.
    pub writing: Marks,
}

/// A set of ASCII characters.
#[derive(Clone, Copy, Default)]
pub struct Marks([u64; 2]);
taipan_heap::no_references!(Marks);

impl Marks {
    fn of(points: impl Iterator<Item = u32>) -> Marks {
        let mut marks = Marks::default();
        for point in points.filter(|&point| point < 128) {
            marks.0[point as usize / 64] |= 1 << (point % 64);
        }
        marks
    }

    /// Whether a character, which must be one of ASCII, is in the set.
    #[inline]
    pub fn has(self, point: u32) -> bool {
        self.0[point as usize / 64 % 2] >> (point % 64) & 1 != 0
    }
}

impl Dialect {
    /// Whether a character means something to a reader.
    pub fn separates(&self, point: u32) -> bool {
        point == self.delimiter || matches!(point, 10 | 13) || Some(point) == self.quote || Some(point) == self.escape
    }

    /// With the bits of the special characters, which the other fields say.
    fn marked(mut self) -> Dialect {
        let reading = || [Some(self.delimiter), Some(10), Some(13), self.quote, self.escape].into_iter().flatten();
        let marks = (Marks::of(reading()), Marks::of(reading().chain(self.terminator.points())));
        (self.reading, self.writing) = marks;
        self
    }
}

const NAMES: [&str; 9] = [
    "dialect",
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

/// A character option; `None` where None is allowed and given.
fn character(vm: &Vm, name: &str, value: Option<&Value>, default: Option<u32>, none: bool) -> PyResult<Option<u32>> {
    let Some(value) = value else { return Ok(default) };
    if none && is_none(value) {
        return Ok(None);
    }
    let wanted = if none { "a unicode character or None" } else { "a unicode character" };
    match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => Ok(Some(text.point(0))),
        Some(text) => {
            let message = format!("\"{name}\" must be {wanted}, not a string of length {}", text.len());
            Err(vm.type_error(message))
        }
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("\"{name}\" must be {wanted}, not {given}")))
        }
    }
}

fn shown(vm: &Vm, point: Option<u32>) -> PyResult<Value> {
    point.map_or(Ok(NONE), |point| Ok(Str::from_points(vm, &[point])?.into()))
}

/// The dialect that an argument and options stand for.
pub fn dialect_of(vm: &Vm, dialect: Option<&Value>, options: Args<'_>) -> PyResult<Ref<Dialect>> {
    let found;
    let dialect = match dialect.filter(|dialect| !is_none(dialect)) {
        Some(name) if name.downcast::<Str>().is_some() => match state(vm)?.dialects.get(vm, name)? {
            Some(known) => {
                found = known;
                Some(&found)
            }
            None => return Err(error(vm, "unknown dialect")),
        },
        dialect => dialect,
    };
    if let Some(known) = dialect.and_then(|dialect| dialect.downcast::<Dialect>())
        && options.names.is_empty()
    {
        return Ok(known.to_ref());
    }
    for (name, _) in options.keywords() {
        if !NAMES.contains(&&*Str::display(name)) {
            return Err(unexpected_keyword(vm, "this function", name, &NAMES));
        }
    }
    let option = |name: &str| match (options.keyword(name), dialect) {
        (Some(value), _) => Ok(Some(value.clone())),
        (None, Some(dialect)) => vm.find_attr(dialect, &*vm.intern(name)?),
        (None, None) => Ok(None),
    };
    let truth = |name: &str, default: bool| option(name)?.map_or(Ok(default), |value| vm.is_true(&value));
    let delimiter = character(vm, "delimiter", option("delimiter")?.as_ref(), Some(u32::from(',')), false)?;
    let double = truth("doublequote", true)?;
    let escape = character(vm, "escapechar", option("escapechar")?.as_ref(), None, true)?;
    let terminator = match option("lineterminator")? {
        None => Str::new(vm, "\r\n")?,
        Some(value) => match value.downcast::<Str>() {
            Some(text) => text.to_ref(),
            None => {
                let given = vm.type_name(&value);
                return Err(vm.type_error(format!("\"lineterminator\" must be a string, not {given}")));
            }
        },
    };
    let quote = option("quotechar")?;
    let given_none = quote.as_ref().is_some_and(is_none);
    let quote = character(vm, "quotechar", quote.as_ref(), Some(u32::from('"')), true)?;
    let mut quoting = MINIMAL;
    match option("quoting")? {
        Some(value) if !int::is_int(&value) => {
            let given = vm.type_name(&value);
            return Err(vm.type_error(format!("\"quoting\" must be an integer, not {given}")));
        }
        Some(value) => quoting = int::index_clamped(vm, &value)?,
        None if given_none => quoting = NEVER,
        None => {}
    }
    let skip_space = truth("skipinitialspace", false)?;
    let strict = truth("strict", false)?;
    if !(MINIMAL..=NOT_NULL).contains(&quoting) {
        return Err(vm.type_error("bad \"quoting\" value"));
    }
    let Some(delimiter) = delimiter else { return Err(vm.type_error("\"delimiter\" must be set")) };
    if quoting != NEVER && quote.is_none() {
        return Err(vm.type_error("quotechar must be set if quoting enabled"));
    }
    let specials =
        [("delimiter", Some(delimiter), true), ("escapechar", escape, !skip_space), ("quotechar", quote, !skip_space)];
    for (name, point, space) in specials {
        let Some(point) = point else { continue };
        if point == 10 || point == 13 || (point == 32 && !space) {
            return Err(vm.value_error(format!("bad {name} value")));
        }
        if terminator.points().any(|other| other == point) {
            return Err(vm.value_error(format!("bad {name} or lineterminator value")));
        }
    }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        if specials[a].1.is_some() && specials[a].1 == specials[b].1 {
            return Err(vm.value_error(format!("bad {} or {} value", specials[a].0, specials[b].0)));
        }
    }
    let none = Marks::default();
    let (reading, writing) = (none, none);
    let made = Dialect { delimiter, quote, escape, terminator, quoting, double, skip_space, strict, reading, writing };
    vm.alloc(&*vm.native_type(Dialect::spec())?, made.marked())
}

/// CSV dialect
///
/// The Dialect type records CSV parsing and generation options.
#[pytype(name = "Dialect", module = "_csv", flags = BASETYPE)]
impl Dialect {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let positional = args.positionals();
        if positional.len() > 1 {
            let given = positional.len();
            return Err(vm.type_error(format!("Dialect() takes at most 1 positional argument ({given} given)")));
        }
        let dialect = positional.first().or(args.keyword("dialect"));
        let made = dialect_of(vm, dialect, Args { values: &args.values[positional.len()..], names: args.names })?;
        let base = vm.native_type(Dialect::spec())?;
        if std::ptr::eq::<Type>(&**class, &**base) {
            return Ok(made.into());
        }
        let copy = Dialect {
            delimiter: made.delimiter,
            quote: made.quote,
            escape: made.escape,
            terminator: made.terminator.clone(),
            quoting: made.quoting,
            double: made.double,
            skip_space: made.skip_space,
            strict: made.strict,
            reading: made.reading,
            writing: made.writing,
        };
        Ok(vm.alloc_instance(class, copy)?.into())
    }

    #[getter]
    fn delimiter(this: &Obj<Dialect>, vm: &Vm) -> PyResult<Value> {
        shown(vm, Some(this.delimiter))
    }

    #[getter]
    fn escapechar(this: &Obj<Dialect>, vm: &Vm) -> PyResult<Value> {
        shown(vm, this.escape)
    }

    #[getter]
    fn lineterminator(this: &Obj<Dialect>) -> Ref<Str> {
        this.terminator.clone()
    }

    #[getter]
    fn quotechar(this: &Obj<Dialect>, vm: &Vm) -> PyResult<Value> {
        shown(vm, this.quote)
    }

    #[getter]
    fn quoting(this: &Obj<Dialect>) -> i64 {
        this.quoting
    }

    #[getter]
    fn doublequote(this: &Obj<Dialect>) -> bool {
        this.double
    }

    #[getter]
    fn skipinitialspace(this: &Obj<Dialect>) -> bool {
        this.skip_space
    }

    #[getter]
    fn strict(this: &Obj<Dialect>) -> bool {
        this.strict
    }

    /// raises an exception to avoid pickling
    #[method]
    fn __reduce__(this: &Obj<Dialect>, vm: &Vm) -> PyResult<Value> {
        let name = vm.class_of(&this.to_value()).name();
        Err(vm.type_error(format!("cannot pickle '{name}' instances")))
    }

    /// raises an exception to avoid pickling
    #[method(sig = "protocol, /")]
    fn __reduce_ex__(this: &Obj<Dialect>, vm: &Vm, protocol: &Value) -> PyResult<Value> {
        let _ = protocol;
        Dialect::__reduce__(this, vm)
    }
}

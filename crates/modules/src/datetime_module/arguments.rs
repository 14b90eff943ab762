//! Arguments of the constructors, which are converted as they are read, and the checks of their ranges.
//!
//! Invariant: a packed word is made of parts that have been checked here; a pickle's may be wrong, but each has its room in the word.

use super::zone::TzInfo;
use taipan_heap::Value;
use taipan_numeric::calendar::{MAX_YEAR, MIN_YEAR, Packed, days_in_month};
use taipan_objects::builtins::exception::suggest::closest_parameter;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::native::Args;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The parameters of a constructor.
pub struct Params {
    /// How messages call it; `None` is a nameless function.
    pub name: Option<&'static str>,
    /// All names.
    pub names: &'static [&'static str],
    /// How many are required.
    pub required: usize,
    /// How many may be given by position.
    pub positional: usize,
}

impl Params {
    fn shown(&self) -> String {
        self.name.map_or_else(|| "function".to_owned(), |name| format!("{name}()"))
    }

    /// Hands each argument to `take` with its index, in the order of the parameters.
    pub fn read<'a>(
        &self,
        vm: &Vm,
        args: Args<'a>,
        mut take: impl FnMut(usize, &'a Value) -> PyResult<()>,
    ) -> PyResult<()> {
        let positionals = args.positionals();
        if args.values.len() > self.names.len() || positionals.len() > self.positional {
            return Err(self.too_many(vm, args));
        }
        let mut named = 0;
        for (index, name) in self.names.iter().enumerate() {
            let value = match positionals.get(index) {
                Some(value) => Some(value),
                None if args.names.is_empty() && index >= self.required => break,
                None => {
                    let found = args.keyword(name);
                    named += usize::from(found.is_some());
                    found
                }
            };
            match value {
                Some(value) => take(index, value)?,
                None if index < self.required => {
                    let (shown, at) = (self.shown(), index + 1);
                    return Err(vm.type_error(format!("{shown} missing required argument '{name}' (pos {at})")));
                }
                None => {}
            }
        }
        if named < args.names.len() { Err(self.stray(vm, args)) } else { Ok(()) }
    }

    /// The arguments by parameter, where none is required and none need be converted before the others are seen.
    pub fn gather<'a, const N: usize>(&self, vm: &Vm, args: Args<'a>) -> PyResult<[Option<&'a Value>; N]> {
        let mut given = [None; N];
        let positionals = args.positionals();
        let fits = args.values.len() <= N && positionals.len() <= self.positional;
        for (place, value) in given.iter_mut().zip(positionals) {
            *place = Some(value);
        }
        let placed = fits
            && args.keywords().all(|(name, value)| {
                let index = self.names.iter().position(|known| Str::is_text(name, known));
                index.is_some_and(|index| given[index].replace(value).is_none())
            });
        if !placed {
            // Only to say what is wrong.
            self.read(vm, args, |_, _| Ok(()))?;
        }
        Ok(given)
    }

    #[cold]
    fn too_many(&self, vm: &Vm, args: Args<'_>) -> Raised {
        let (shown, given, by_position) = (self.shown(), args.values.len(), args.positionals().len());
        let (most, kind, given) = match () {
            () if given <= self.names.len() => (self.positional, "positional ", by_position),
            () if by_position == 0 => (self.names.len(), "keyword ", given),
            () => (self.names.len(), "", given),
        };
        let plural = if most == 1 { "" } else { "s" };
        vm.type_error(format!("{shown} takes at most {most} {kind}argument{plural} ({given} given)"))
    }

    #[cold]
    fn stray(&self, vm: &Vm, args: Args<'_>) -> Raised {
        let by_position = args.positionals().len();
        let twice = self.names[..by_position].iter().position(|name| args.keyword(name).is_some());
        if let Some(index) = twice {
            let (shown, name, at) = (self.shown(), self.names[index], index + 1);
            return vm.type_error(format!("argument for {shown} given by name ('{name}') and position ({at})"));
        }
        let unknown = args.keywords().find(|(name, _)| !self.names.iter().any(|known| Str::is_text(name, known)));
        let unknown = unknown.map(|(name, _)| Str::display(name)).unwrap_or_default();
        let known: Vec<String> = self.names.iter().map(|&name| name.to_owned()).collect();
        let hint = match closest_parameter(&unknown, &known) {
            Some(name) => format!(". Did you mean '{name}'?"),
            None => String::new(),
        };
        let shown = self.name.map_or_else(|| "this function".to_owned(), |name| format!("{name}()"));
        vm.type_error(format!("{shown} got an unexpected keyword argument '{unknown}'{hint}"))
    }
}

/// The only arguments of a function that takes exactly `count`, all by position.
pub fn exactly<'a>(vm: &Vm, args: Args<'a>, name: &str, count: usize) -> PyResult<&'a [Value]> {
    args.no_keywords(vm, name)?;
    let given = args.values.len();
    if given == count {
        return Ok(args.values);
    }
    let plural = if count == 1 { "" } else { "s" };
    Err(vm.type_error(format!("{name}() takes exactly {count} argument{plural} ({given} given)")))
}

/// An int of C's.
#[inline]
pub fn c_int(vm: &Vm, value: &Value) -> PyResult<i64> {
    match value.as_int() {
        Some(number) if i32::try_from(number).is_ok() => Ok(number),
        _ => c_int_slowly(vm, value),
    }
}

#[cold]
fn c_int_slowly(vm: &Vm, value: &Value) -> PyResult<i64> {
    match int::index_i64(vm, value)? {
        Some(number) if number > i64::from(i32::MAX) => {
            Err(vm.overflow_error("signed integer is greater than maximum"))
        }
        Some(number) if number < i64::from(i32::MIN) => Err(vm.overflow_error("signed integer is less than minimum")),
        Some(number) => Ok(number),
        None => Err(vm.overflow_error("Python int too large to convert to C long")),
    }
}

/// As `c_int`, or what stands in its place when it is absent.
#[inline]
pub fn c_int_or(vm: &Vm, value: Option<&Value>, otherwise: i64) -> PyResult<i64> {
    value.map_or(Ok(otherwise), |value| c_int(vm, value))
}

/// A zone argument: None, or an instance of `tzinfo`.
#[inline]
pub fn zone(vm: &Vm, value: &Value) -> PyResult<Option<Value>> {
    if is_none(value) {
        return Ok(None);
    }
    match value.downcast::<TzInfo>() {
        Some(_) => Ok(Some(value.clone())),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("tzinfo argument must be None or of a tzinfo subclass, not type '{given}'")))
        }
    }
}

/// As `zone`, or what stands in its place when it is absent.
#[inline]
pub fn zone_or(vm: &Vm, value: Option<&Value>, otherwise: impl FnOnce() -> Option<Value>) -> PyResult<Option<Value>> {
    value.map_or_else(|| Ok(otherwise()), |value| zone(vm, value))
}

/// A checked date.
#[inline]
pub fn date(vm: &Vm, year: i64, month: i64, day: i64) -> PyResult<Packed> {
    let fine = (MIN_YEAR..=MAX_YEAR).contains(&year)
        && (1..=12).contains(&month)
        && day >= 1
        && (day <= 28 || day <= days_in_month(year, month));
    if fine { Ok(Packed::of_date(year, month, day)) } else { Err(bad_date(vm, year, month, day)) }
}

#[cold]
fn bad_date(vm: &Vm, year: i64, month: i64, day: i64) -> Raised {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return vm.value_error(format!("year must be in {MIN_YEAR}..{MAX_YEAR}, not {year}"));
    }
    if !(1..=12).contains(&month) {
        return vm.value_error(format!("month must be in 1..12, not {month}"));
    }
    let most = days_in_month(year, month);
    vm.value_error(format!("day {day} must be in range 1..{most} for month {month} in year {year}"))
}

/// A checked time.
#[inline]
pub fn time(vm: &Vm, parts: [i64; 4], fold: i64) -> PyResult<Packed> {
    let [hour, minute, second, micro] = parts;
    let fine = (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second)
        && (0..1_000_000).contains(&micro)
        && (0..2).contains(&fold);
    if fine {
        Ok(Packed::of_time(hour, minute, second, micro).with_fold(fold != 0))
    } else {
        Err(bad_time(vm, parts, fold))
    }
}

#[cold]
fn bad_time(vm: &Vm, parts: [i64; 4], fold: i64) -> Raised {
    for (part, (most, name)) in
        parts.into_iter().zip([(23, "hour"), (59, "minute"), (59, "second"), (999_999, "microsecond")])
    {
        if !(0..=most).contains(&part) {
            return vm.value_error(format!("{name} must be in 0..{most}, not {part}"));
        }
    }
    vm.value_error(format!("fold must be either 0 or 1, not {fold}"))
}

/// What the constructors are given by pickles: `len` bytes, or a str of them from Python 2, of which `sane` likes the byte at `index`.
pub fn pickled(
    vm: &Vm,
    value: &Value,
    len: usize,
    (index, sane): (usize, fn(u8) -> bool),
    what: &str,
) -> PyResult<Option<Vec<u8>>> {
    if let Some(bytes) = value.downcast::<taipan_objects::builtins::bytes::Bytes>() {
        let bytes = bytes.bytes();
        return Ok((bytes.len() == len && sane(bytes[index])).then(|| bytes.to_vec()));
    }
    let Some(text) = value.downcast::<Str>() else { return Ok(None) };
    if text.len() != len || !u8::try_from(text.point(index)).is_ok_and(sane) {
        return Ok(None);
    }
    match text.points().map(u8::try_from).collect() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(_) => {
            let message = format!(
                "Failed to encode latin1 string when unpickling a {what} object. pickle.load(data, encoding='latin1') is assumed."
            );
            Err(vm.value_error(message))
        }
    }
}

/// The date in the first four bytes of a pickled state, which is believed as far as there is room for it.
pub fn pickled_date(bytes: &[u8]) -> Packed {
    let [high, low, month, day] = [0, 1, 2, 3].map(|index| i64::from(bytes[index]));
    Packed::of_date(high * 256 + low, month.min(15), day.min(63))
}

/// The time in the six bytes of a pickled state, as the date.
pub fn pickled_time(bytes: &[u8], fold: bool) -> Packed {
    let [hour, minute, second, a, b, c] = [0, 1, 2, 3, 4, 5].map(|index| i64::from(bytes[index]));
    let micro = ((a * 256 + b) * 256 + c).min((1 << 20) - 1);
    Packed::of_time(hour.min(31), minute.min(63), second.min(63), micro).with_fold(fold)
}

/// The bytes of a date in a pickled state.
pub fn date_bytes(packed: Packed) -> [u8; 4] {
    [(packed.year() / 256) as u8, packed.year() as u8, packed.month() as u8, packed.day() as u8]
}

/// The bytes of a time in a pickled state.
pub fn time_bytes(packed: Packed) -> [u8; 6] {
    let micro = packed.micro();
    let [hour, minute, second] = [packed.hour(), packed.minute(), packed.second()].map(|part| part as u8);
    [hour, minute, second, (micro >> 16) as u8, (micro >> 8) as u8, micro as u8]
}

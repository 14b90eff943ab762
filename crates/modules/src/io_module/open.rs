//! `open`, and the standard streams.
//!
//! Invariant: what was opened is closed again when a layer above it cannot be made.

use super::base::{chain, invoke};
use super::{DEFAULT_BUFFER_SIZE, types};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::{NONE, boolean, int, is_none, str::Str};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::types::call::call;
use taipan_objects::vm::{PyResult, Vm};

/// What the letters of a mode say.
#[derive(Default)]
struct Mode {
    reading: bool,
    writing: bool,
    appending: bool,
    creating: bool,
    updating: bool,
    binary: bool,
    text: bool,
}

impl Mode {
    fn parse(vm: &Vm, mode: &str) -> PyResult<Mode> {
        let mut parsed = Mode::default();
        for letter in mode.chars() {
            let flag = match letter {
                'r' => &mut parsed.reading,
                'w' => &mut parsed.writing,
                'a' => &mut parsed.appending,
                'x' => &mut parsed.creating,
                '+' => &mut parsed.updating,
                'b' => &mut parsed.binary,
                't' => &mut parsed.text,
                _ => return Err(vm.value_error(format!("invalid mode: '{mode}'"))),
            };
            if std::mem::replace(flag, true) {
                return Err(vm.value_error(format!("invalid mode: '{mode}'")));
            }
        }
        if parsed.binary && parsed.text {
            return Err(vm.value_error("can't have text and binary mode at once"));
        }
        let kinds = [parsed.reading, parsed.writing, parsed.appending, parsed.creating];
        match kinds.into_iter().filter(|&kind| kind).count() {
            1 => Ok(parsed),
            0 => {
                let message = "Must have exactly one of create/read/write/append mode and at most one plus";
                Err(vm.value_error(message))
            }
            _ => Err(vm.value_error("must have exactly one of create/read/write/append mode")),
        }
    }

    /// The mode of the raw file.
    fn raw(&self) -> String {
        let letter = match (self.reading, self.writing, self.appending) {
            (true, ..) => 'r',
            (_, true, _) => 'w',
            (.., true) => 'a',
            _ => 'x',
        };
        format!("{letter}{}", if self.updating { "+" } else { "" })
    }
}

/// `open(file, mode, buffering, encoding, errors, newline, closefd, opener)`
pub fn open_file(
    vm: &Vm,
    file: &Value,
    mode_text: &str,
    buffering: i64,
    text: [Option<&Value>; 3],
    closefd: bool,
    opener: Option<&Value>,
) -> PyResult<Value> {
    let file = if int::is_int(file) { file.clone() } else { crate::posix_module::fspath(vm, file)? };
    let mode = Mode::parse(vm, mode_text)?;
    if mode.binary {
        for (value, name) in text.iter().zip(["encoding", "errors", "newline"]) {
            if value.is_some_and(|value| !is_none(value)) {
                let article = if name == "newline" { "a" } else { "an" };
                return Err(vm.value_error(format!("binary mode doesn't take {article} {name} argument")));
            }
        }
    }
    let classes = types(vm)?;
    let raw_mode: Value = Str::new(vm, &mode.raw())?.into();
    let opener = opener.cloned().unwrap_or(NONE);
    let raw = vm.call(&classes.file.to_value(), &[file, raw_mode, boolean(closefd), opener])?;
    let mut outermost = raw.clone();
    let result = layers(vm, &mut outermost, &mode, mode_text, buffering, text);
    match result {
        Ok(()) => Ok(outermost),
        Err(raised) => {
            let failure = vm.take_exception(raised);
            chain(vm, Some(failure), invoke(vm, &outermost, "close", &[]))?;
            Ok(outermost)
        }
    }
}

fn layers(
    vm: &Vm,
    file: &mut Value,
    mode: &Mode,
    mode_text: &str,
    mut buffering: i64,
    text: [Option<&Value>; 3],
) -> PyResult<()> {
    let classes = types(vm)?;
    let terminal = super::base::answers(vm, file, "isatty")?;
    if buffering == 1 && mode.binary {
        let message =
            "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
        crate::warnings::warn(vm, &vm.types().runtime_warning, message, 1)?;
    }
    let line_buffering = buffering == 1 && !mode.binary || buffering < 0 && terminal;
    if buffering < 0 || buffering == 1 {
        buffering = DEFAULT_BUFFER_SIZE as i64;
    }
    if buffering == 0 {
        return if mode.binary { Ok(()) } else { Err(vm.value_error("can't have unbuffered text I/O")) };
    }
    let class = if mode.updating {
        &classes.random
    } else if mode.reading {
        &classes.reader
    } else {
        &classes.writer
    };
    *file = vm.call(&class.to_value(), &[file.clone(), int::from_i64(vm, buffering)?])?;
    if mode.binary {
        return Ok(());
    }
    let [encoding, errors, newline] = text.map(|value| value.cloned().unwrap_or(NONE));
    let arguments = [file.clone(), encoding, errors, newline, boolean(line_buffering)];
    *file = vm.call(&classes.text.to_value(), &arguments)?;
    vm.set_attr(file, &*vm.intern("mode")?, Str::new(vm, mode_text)?.into())
}

fn construct(vm: &Vm, class: &Ref<Type>, positional: &[Value], keywords: &[(&str, Value)]) -> PyResult<Value> {
    let mut values = positional.to_vec();
    let mut names = Vec::new();
    for (name, value) in keywords {
        names.push(Value::from(vm.intern(name)?));
        values.push(value.clone());
    }
    call(vm, &class.to_value(), Args { values: &values, names: &names })
}

fn standard_stream(vm: &Vm, fd: i32, name: &str, unbuffered: bool, text: &StreamText) -> PyResult<Value> {
    if taipan_host::descriptors::was_closed(fd) || taipan_host::file::fstat(fd).is_err() {
        return Ok(NONE);
    }
    let classes = types(vm)?;
    let (reading, number) = (fd == 0, Value::small_int(fd));
    let mode: Value = Str::new(vm, if reading { "r" } else { "w" })?.into();
    let raw = vm.call(&classes.file.to_value(), &[number, mode.clone(), boolean(false)])?;
    vm.set_attr(&raw, &vm.names().name, Str::new(vm, name)?.into())?;
    let class = if reading { &classes.reader } else { &classes.writer };
    let buffer = if unbuffered && !reading { raw } else { vm.call(&class.to_value(), &[raw])? };
    let terminal = taipan_host::file::isatty(fd);
    let errors = if fd == 2 { "backslashreplace" } else { &text.errors };
    let newline = if reading { NONE } else { Str::new(vm, "\n")?.into() };
    let keywords = [
        ("encoding", Str::new(vm, &text.encoding)?.into()),
        ("errors", Str::new(vm, errors)?.into()),
        ("newline", newline),
        ("line_buffering", boolean(terminal || fd == 2)),
        ("write_through", boolean(unbuffered)),
    ];
    let stream = construct(vm, &classes.text, &[buffer], &keywords)?;
    vm.set_attr(&stream, &*vm.intern("mode")?, mode)?;
    Ok(stream)
}

/// How the standard streams are text.
struct StreamText {
    encoding: String,
    errors: String,
}

impl StreamText {
    /// What `PYTHONIOENCODING` says (`encoding:errors`, both may be left out), or else UTF-8 with these errors.
    fn read(vm: &Vm, given: Option<&str>, errors: &str) -> PyResult<StreamText> {
        let given = given.unwrap_or_default();
        let (encoding, handler) = given.split_once(':').unwrap_or((given, ""));
        let usual = if encoding.is_empty() { errors } else { "strict" };
        let errors = if handler.is_empty() { usual } else { handler };
        let encoding = match encoding {
            "" => "utf-8".to_owned(),
            name => Str::display(&vm.get_attr_text(&taipan_objects::codecs::lookup(vm, name)?, "name")?),
        };
        Ok(StreamText { encoding, errors: errors.to_owned() })
    }
}

/// `sys.stdin`, `sys.stdout` and `sys.stderr`; None for a descriptor that is not open. `encoding` is what `PYTHONIOENCODING` says, `errors`
/// how bytes are treated that are no text if it says nothing of it.
pub fn standard_streams(vm: &Vm, unbuffered: bool, encoding: Option<&str>, errors: &str) -> PyResult<[Value; 3]> {
    let text = StreamText::read(vm, encoding, errors)?;
    Ok([
        standard_stream(vm, 0, "<stdin>", unbuffered, &text)?,
        standard_stream(vm, 1, "<stdout>", unbuffered, &text)?,
        standard_stream(vm, 2, "<stderr>", unbuffered, &text)?,
    ])
}

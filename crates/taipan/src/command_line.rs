//! The command line: options as CPython spells them.
//!
//! Invariant: parsing has no effects; a bad option is reported with CPython's text and status 2.

use crate::runtime::RuntimeConfig;
use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use taipan_interp::eval::sites::MOST as MOST_FRAMES;

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// `FILE`
    File(String),
    /// A file that is an archive with a `__main__.py` in it.
    Archive(String),
    /// `-c CODE`
    Code(String),
    /// `-m MODULE`
    Module(String),
    /// `-`, or standard input when it is no terminal.
    Input,
    /// The interactive prompt.
    Prompt,
    /// `--help`
    Help,
    /// `--version`
    Version,
    /// `--unpack-library FOLDER`
    UnpackLibrary(String),
    /// `--dump=WHAT FILE`
    Dump(String, String),
}

/// A parsed command line.
#[derive(Debug, Clone)]
pub struct CommandLine {
    /// What to run.
    pub run: Run,
    /// `-x`
    pub skip_first_line: bool,
    /// `-W` arguments.
    pub warnings: Vec<String>,
    /// The runtime's configuration; its `flags` hold the options that `sys.flags` shows.
    pub config: RuntimeConfig,
}

/// `taipan --help`
pub const HELP: &str = "\
usage: taipan [option] ... [-c cmd | -m mod | file | -] [arg] ...
Options:
-c cmd : program passed in as string (terminates option list)
-m mod : run library module as a script (terminates option list)
-i     : inspect interactively after running script
-q     : don't print version and copyright messages on interactive startup
-E     : ignore PYTHON* environment variables
-I     : isolate from the user's environment (implies -E and -P)
-P     : don't prepend a potentially unsafe path to sys.path
-O     : remove assert and __debug__-dependent statements
-u     : do not buffer standard output and error
-b     : issue warnings about mixing bytes and str (-bb: errors)
-s, -S : leave out the user's site directory, or the names that site adds to builtins
-v     : write to standard error what is imported, and by which loader
-x     : skip the first line of the program
-R     : hash at random, whatever PYTHONHASHSEED says
-B, -d : accepted, and shown by sys.flags (no compiled files are ever written)
-W arg : warning control, as action:message:category:module:lineno
-X opt : set implementation-specific option (see below)
-h     : print this help message and exit (also -? or --help)
-V     : print the version number and exit (also --version)
--dump=WHAT FILE : print what the compiler makes of a file; WHAT is bytecode
--unpack-library DIR : write the library that the program contains to DIR/lib/python3.14; with PYTHONHOME=DIR it is used from there
file   : program read from script file
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]

Implementation-specific options:
-X heap-limit=BYTES : limit the heap (suffixes K, M, G); at the limit MemoryError is raised
-X faulthandler     : write what all threads do when the program ends by a fatal signal (also PYTHONFAULTHANDLER)
-X tracemalloc=N    : trace where memory is asked for, with at most N frames each (1 without a number; also PYTHONTRACEMALLOC)
-X cpu_count=N      : what os.cpu_count() answers (also PYTHON_CPU_COUNT)
-X pycache_prefix=D : sys.pycache_prefix (also PYTHONPYCACHEPREFIX)
-X importtime       : write how long each import takes to standard error (also PYTHONPROFILEIMPORTTIME)
-X gc=off           : start with the automatic collector switched off
-X zeal=N           : collect at every N-th allocation and check all reference counts (slow)
";

/// A command line that cannot be followed.
#[derive(Debug)]
pub struct Usage {
    /// The message for standard error.
    pub message: String,
    /// The exit status: 2 when the usage is shown too, 1 when the start fails.
    pub status: i32,
}

/// A command line whose options are wrong.
fn usage(message: String) -> Usage {
    Usage { message, status: 2 }
}

impl Usage {
    fn fatal(place: &str, message: &str) -> Usage {
        Usage {
            message: format!("Fatal Python error: {place}: {message}\nPython runtime state: preinitialized\n"),
            status: 1,
        }
    }
}

impl From<lexopt::Error> for Usage {
    fn from(error: lexopt::Error) -> Usage {
        match error {
            lexopt::Error::MissingValue { option } => {
                let option = option.unwrap_or_default().trim_start_matches('-').to_owned();
                usage(format!("Argument expected for the -{option} option"))
            }
            lexopt::Error::UnexpectedOption(option) => usage(format!("Unknown option: {option}")),
            other => usage(other.to_string()),
        }
    }
}

/// Bytes with an optional suffix K, M or G.
pub fn parse_bytes(text: &str) -> Option<usize> {
    let (digits, factor) = match text.as_bytes().last()? {
        b'K' | b'k' => (&text[..text.len() - 1], 1 << 10),
        b'M' | b'm' => (&text[..text.len() - 1], 1 << 20),
        b'G' | b'g' => (&text[..text.len() - 1], 1 << 30),
        _ => (text, 1),
    };
    digits.parse::<usize>().ok()?.checked_mul(factor)
}

fn implementation_option(text: &str, config: &mut RuntimeConfig) -> Result<(), Usage> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    let given = value.unwrap_or_default();
    match name {
        "heap-limit" => match parse_bytes(given) {
            Some(bytes) => config.heap_limit = Some(bytes),
            None => return Err(usage(format!("-X heap-limit: not a number of bytes: '{given}'"))),
        },
        "zeal" => match given.parse() {
            Ok(every) => config.zeal = every,
            Err(_) => return Err(usage(format!("-X zeal: not a number: '{given}'"))),
        },
        "gc" if given == "off" => config.collector_off = true,
        "importtime" => match value {
            None | Some("" | "1" | "2" | "true") => config.import_time = true,
            Some(_) => {
                let message = "-X importtime: values other than 1, 2 or none at all are not supported";
                return Err(Usage::fatal("config_init_import_time", message));
            }
        },
        "pycache_prefix" => config.pycache_prefix = Some(given.to_owned()),
        "cpu_count" => config.cpu_count = cpus(given, "-X cpu_count=n option: n")?,
        "faulthandler" => config.faulthandler = true,
        // Of several, the first counts.
        "tracemalloc" if config.tracemalloc.is_none() => {
            config.tracemalloc = Some(value.map_or(Ok(1), |text| traced_frames(text, "-X tracemalloc=NFRAME"))?);
        }
        "dev" => config.flags.dev_mode = true,
        "utf8" => config.flags.utf8_mode = i64::from(given != "0"),
        "warn_default_encoding" => config.flags.warn_default_encoding = 1,
        "int_max_str_digits" => config.max_str_digits = Some(digits(given, "-X int_max_str_digits")?),
        // As CPython, unknown options are kept for sys._xoptions and otherwise ignored.
        _ => {}
    }
    config.implementation_options.push((name.to_owned(), value.map(str::to_owned)));
    Ok(())
}

/// The limit of digits that an option or a variable gives.
fn digits(text: &str, source: &str) -> Result<usize, Usage> {
    match text.parse() {
        Ok(digits) if digits == 0 || digits >= 640 => Ok(digits),
        _ => Err(Usage::fatal(
            "config_init_int_max_str_digits",
            &format!("{source}: invalid limit; must be >= 640 or 0 for unlimited."),
        )),
    }
}

/// The number of processors to count with; 0 for the system's.
fn cpus(text: &str, source: &str) -> Result<Option<u32>, Usage> {
    match text.parse::<i32>() {
        _ if text == "default" => Ok(Some(0)),
        Ok(count) if count > 0 => Ok(u32::try_from(count).ok()),
        _ => Err(Usage::fatal(
            "config_init_cpu_count",
            &format!("{source} is missing or an invalid number, n must be greater than 0"),
        )),
    }
}

/// How many frames traces of memory are to have; 0 for none.
fn traced_frames(text: &str, source: &str) -> Result<u32, Usage> {
    let number = match text {
        "" => Ok(0),
        text => text.trim_ascii_start().parse::<i32>(),
    };
    match number.ok().and_then(|frames| u32::try_from(frames).ok()) {
        Some(frames) if frames <= MOST_FRAMES => Ok(frames),
        Some(_) => Err(Usage {
            message: format!(
                "Fatal Python error: init_interp_main: can't start tracemalloc\nPython runtime state: core initialized\n\
                 ValueError: the number of frames must be in range [1; {MOST_FRAMES}]\n"
            ),
            status: 1,
        }),
        None => Err(Usage::fatal("config_init_tracemalloc", &format!("{source}: invalid number of frames"))),
    }
}

/// The seed of hashes, and whether it is chosen at random: what `PYTHONHASHSEED` says.
fn hash_seed(text: Option<String>) -> Result<(Option<u32>, bool), Usage> {
    match text.as_deref() {
        None | Some("random") => Ok((None, true)),
        Some(text) => match text.parse::<u32>() {
            Ok(seed) => Ok((Some(seed), seed != 0)),
            Err(_) => {
                let message = "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]";
                Err(Usage::fatal("config_init_hash_seed", message))
            }
        },
    }
}

/// Adds what the environment asks for; called unless `-E` or `-I` is given.
fn environment(line: &mut CommandLine, variable: &dyn Fn(&str) -> Option<String>) -> Result<(), Usage> {
    let config = &mut line.config;
    let flags = &mut config.flags;
    // A number raises the flag to it, other text to one.
    let level = |name: &str| variable(name).map_or(0, |text| text.parse::<i64>().map_or(1, |level| level.max(0)));
    flags.debug = flags.debug.max(level("PYTHONDEBUG"));
    flags.inspect = flags.inspect.max(i64::from(variable("PYTHONINSPECT").is_some()));
    flags.optimize = flags.optimize.max(level("PYTHONOPTIMIZE"));
    flags.verbose = flags.verbose.max(level("PYTHONVERBOSE"));
    flags.no_user_site = flags.no_user_site.max(i64::from(variable("PYTHONNOUSERSITE").is_some()));
    flags.safe_path |= variable("PYTHONSAFEPATH").is_some();
    flags.dev_mode |= variable("PYTHONDEVMODE").is_some();
    config.faulthandler |= variable("PYTHONFAULTHANDLER").is_some();
    config.unbuffered |= variable("PYTHONUNBUFFERED").is_some();
    config.stream_encoding = variable("PYTHONIOENCODING");
    config.import_time |= variable("PYTHONPROFILEIMPORTTIME").is_some();
    config.home = variable("PYTHONHOME");
    if !config.random_hashes {
        let (seed, random) = hash_seed(variable("PYTHONHASHSEED"))?;
        (config.hash_seed, flags.fixed_hashes) = (seed, !random);
    }
    if let Some(text) = variable("PYTHONTRACEMALLOC") {
        let frames = traced_frames(&text, "PYTHONTRACEMALLOC")?;
        config.tracemalloc.get_or_insert(frames);
    }
    if config.pycache_prefix.is_none() {
        config.pycache_prefix = variable("PYTHONPYCACHEPREFIX");
    }
    if config.cpu_count.is_none()
        && let Some(count) = variable("PYTHON_CPU_COUNT")
    {
        config.cpu_count = cpus(&count, "PYTHON_CPU_COUNT=n: n")?;
    }
    if config.max_str_digits.is_none()
        && let Some(text) = variable("PYTHONINTMAXSTRDIGITS")
    {
        config.max_str_digits = Some(digits(&text, "PYTHONINTMAXSTRDIGITS")?);
    }
    if let Some(filters) = variable("PYTHONWARNINGS") {
        config.warning_options.extend(filters.split(',').map(str::to_owned));
    }
    Ok(())
}

/// Whether the locale is one that says nothing of an encoding.
fn plain_locale() -> bool {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find(|name| set(name)).and_then(std::env::var_os);
    let plain = ["", "C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"];
    plain.iter().any(|plain| named.clone().unwrap_or_default() == *plain)
}

/// Parses the arguments behind the program's name. `terminal`: whether standard input is one; `variable`: the environment.
pub fn parse(
    arguments: Vec<std::ffi::OsString>,
    terminal: bool,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<CommandLine, Usage> {
    let mut parser = Parser::from_args(arguments);
    let mut line = CommandLine {
        run: if terminal { Run::Prompt } else { Run::Input },
        skip_first_line: false,
        warnings: Vec::new(),
        config: RuntimeConfig::default(),
    };
    let mut dump = None;
    let mut given = vec![OsString::new()];
    while let Some(argument) = parser.next()? {
        let flags = &mut line.config.flags;
        match argument {
            Arg::Short('c') => {
                line.run = Run::Code(parser.value()?.to_string_lossy().into_owned());
                given[0] = "-c".into();
                break;
            }
            Arg::Short('m') => {
                line.run = Run::Module(parser.value()?.to_string_lossy().into_owned());
                given[0] = "-m".into();
                break;
            }
            Arg::Short('b') => flags.bytes_warning += 1,
            Arg::Short('d') => flags.debug += 1,
            Arg::Short('i') => (flags.inspect, flags.interactive) = (flags.inspect + 1, flags.interactive + 1),
            Arg::Short('q') => flags.quiet += 1,
            Arg::Short('O') => flags.optimize += 1,
            Arg::Short('E') => flags.ignore_environment += 1,
            Arg::Short('P') => flags.safe_path = true,
            Arg::Short('I') => (flags.isolated, flags.ignore_environment) = (1, flags.ignore_environment + 1),
            Arg::Short('s') => flags.no_user_site += 1,
            Arg::Short('S') => flags.no_site += 1,
            Arg::Short('u') => line.config.unbuffered = true,
            Arg::Short('v') => flags.verbose += 1,
            Arg::Short('x') => line.skip_first_line = true,
            Arg::Short('R') => line.config.random_hashes = true,
            Arg::Short('B') => {}
            Arg::Short('W') => line.warnings.push(parser.value()?.to_string_lossy().into_owned()),
            Arg::Short('X') => {
                let option = parser.value()?.to_string_lossy().into_owned();
                implementation_option(&option, &mut line.config)?;
            }
            Arg::Short('h' | '?') | Arg::Long("help" | "help-all" | "help-env" | "help-xoptions") => {
                line.run = Run::Help;
            }
            Arg::Short('V') | Arg::Long("version") => line.run = Run::Version,
            Arg::Long("check-hash-based-pycs") => drop(parser.value()?),
            Arg::Long("unpack-library") => {
                line.run = Run::UnpackLibrary(parser.value()?.to_string_lossy().into_owned());
                return Ok(line);
            }
            Arg::Long("dump") => dump = Some(parser.value()?.string()?),
            Arg::Value(file) => {
                given[0].clone_from(&file);
                let file = file.to_string_lossy().into_owned();
                line.run = if file == "-" { Run::Input } else { Run::File(file) };
                break;
            }
            other => return Err(other.unexpected().into()),
        }
        if matches!(line.run, Run::Help | Run::Version) {
            return Ok(line);
        }
    }
    given.extend(parser.raw_args()?);
    if let Some(what) = dump {
        line.run = match line.run {
            Run::File(file) => Run::Dump(what, file),
            _ => return Err(usage("--dump needs a file".to_owned())),
        };
    }
    line.config.arguments = given;
    if line.config.flags.ignore_environment == 0 {
        environment(&mut line, variable)?;
    }
    line.config.stream_escapes = line.config.flags.utf8_mode != 0 || plain_locale();
    finish_flags(&mut line);
    Ok(line)
}

/// What follows from options given together.
fn finish_flags(line: &mut CommandLine) {
    let (options, flags) = (&mut line.config.warning_options, &mut line.config.flags);
    if flags.isolated != 0 {
        (flags.ignore_environment, flags.no_user_site, flags.safe_path) = (1, 1, true);
    }
    line.config.faulthandler |= flags.dev_mode;
    if flags.dev_mode {
        options.insert(0, "default".to_owned());
    }
    options.append(&mut line.warnings);
    match flags.bytes_warning {
        0 => {}
        1 => options.push("default::BytesWarning".to_owned()),
        _ => options.push("error::BytesWarning".to_owned()),
    }
}

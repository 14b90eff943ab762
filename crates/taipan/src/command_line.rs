//! The command line: options as CPython spells them.
//!
//! Invariant: parsing has no effects; a bad option is reported with CPython's text and status 2.

use crate::runtime::RuntimeConfig;
use lexopt::{Arg, Parser, ValueExt};

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// `FILE`
    File(String),
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
    /// `--dump=WHAT FILE`
    Dump(String, String),
}

/// A parsed command line.
#[derive(Debug, Clone)]
pub struct CommandLine {
    /// What to run.
    pub run: Run,
    /// `-i`
    pub interactive: bool,
    /// `-q`
    pub quiet: bool,
    /// `-O`, counted.
    pub optimize: u8,
    /// `-I`, `-P`
    pub safe_path: bool,
    /// `-E`, `-I`
    pub ignore_environment: bool,
    /// `-W` arguments.
    pub warnings: Vec<String>,
    /// The runtime's configuration.
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
-B, -d, -s, -S, -v, -x : accepted for compatibility
-W arg : warning control
-X opt : set implementation-specific option (see below)
-h     : print this help message and exit (also -? or --help)
-V     : print the version number and exit (also --version)
--dump=WHAT FILE : print what the compiler makes of a file; WHAT is bytecode
file   : program read from script file
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]

Implementation-specific options:
-X heap-limit=BYTES : limit the heap (suffixes K, M, G); at the limit MemoryError is raised
-X gc=off           : start with the automatic collector switched off
-X zeal=N           : collect at every N-th allocation and check all reference counts (slow)
";

/// A command line that cannot be followed: the message for standard error.
#[derive(Debug)]
pub struct Usage(pub String);

impl From<lexopt::Error> for Usage {
    fn from(error: lexopt::Error) -> Usage {
        match error {
            lexopt::Error::MissingValue { option } => {
                let option = option.unwrap_or_default().trim_start_matches('-').to_owned();
                Usage(format!("Argument expected for the -{option} option"))
            }
            lexopt::Error::UnexpectedOption(option) if option.starts_with("--") => {
                Usage(format!("unknown option {option}"))
            }
            lexopt::Error::UnexpectedOption(option) => Usage(format!("Unknown option: {option}")),
            other => Usage(other.to_string()),
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
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    match name {
        "heap-limit" => match parse_bytes(value) {
            Some(bytes) => config.heap_limit = Some(bytes),
            None => return Err(Usage(format!("-X heap-limit: not a number of bytes: '{value}'"))),
        },
        "zeal" => match value.parse() {
            Ok(every) => config.zeal = every,
            Err(_) => return Err(Usage(format!("-X zeal: not a number: '{value}'"))),
        },
        "gc" if value == "off" => config.collector_off = true,
        // As CPython, unknown options are kept for sys._xoptions and otherwise ignored.
        _ => {}
    }
    Ok(())
}

/// Parses the arguments behind the program's name. `terminal`: whether standard input is one.
pub fn parse(arguments: Vec<std::ffi::OsString>, terminal: bool) -> Result<CommandLine, Usage> {
    let mut parser = Parser::from_args(arguments);
    let mut line = CommandLine {
        run: if terminal { Run::Prompt } else { Run::Input },
        interactive: false,
        quiet: false,
        optimize: 0,
        safe_path: false,
        ignore_environment: false,
        warnings: Vec::new(),
        config: RuntimeConfig::default(),
    };
    let mut dump = None;
    let mut given = vec![String::new()];
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('c') => {
                line.run = Run::Code(parser.value()?.to_string_lossy().into_owned());
                given[0] = "-c".to_owned();
                break;
            }
            Arg::Short('m') => {
                line.run = Run::Module(parser.value()?.to_string_lossy().into_owned());
                given[0] = "-m".to_owned();
                break;
            }
            Arg::Short('i') => line.interactive = true,
            Arg::Short('q') => line.quiet = true,
            Arg::Short('O') => line.optimize = (line.optimize + 1).min(2),
            Arg::Short('E') => line.ignore_environment = true,
            Arg::Short('P') => line.safe_path = true,
            Arg::Short('I') => {
                line.ignore_environment = true;
                line.safe_path = true;
            }
            Arg::Short('u') => line.config.unbuffered = true,
            Arg::Short('B' | 'd' | 's' | 'S' | 'v' | 'x' | 'b' | 'R') => {}
            Arg::Short('W') => line.warnings.push(parser.value()?.to_string_lossy().into_owned()),
            Arg::Short('X') => {
                let option = parser.value()?.to_string_lossy().into_owned();
                implementation_option(&option, &mut line.config)?;
            }
            Arg::Short('h' | '?') | Arg::Long("help") => line.run = Run::Help,
            Arg::Short('V') | Arg::Long("version") => line.run = Run::Version,
            Arg::Long("dump") => dump = Some(parser.value()?.string()?),
            Arg::Value(file) => {
                let file = file.to_string_lossy().into_owned();
                given[0].clone_from(&file);
                line.run = if file == "-" { Run::Input } else { Run::File(file) };
                break;
            }
            other => return Err(other.unexpected().into()),
        }
        if matches!(line.run, Run::Help | Run::Version) {
            return Ok(line);
        }
    }
    given.extend(parser.raw_args()?.map(|argument| argument.to_string_lossy().into_owned()));
    if let Some(what) = dump {
        line.run = match line.run {
            Run::File(file) => Run::Dump(what, file),
            _ => return Err(Usage("--dump needs a file".to_owned())),
        };
    }
    line.config.arguments = given;
    Ok(line)
}

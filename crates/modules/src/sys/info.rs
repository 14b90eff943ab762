//! The constant tables of `sys`: version, limits of numbers, flags, implementation.
//!
//! Invariant: the version is that of the language and standard library, not of the runtime.

use std::cell::RefCell;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::structseq::StructSeq;
use taipan_objects::builtins::{NONE, boolean, namespace};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

const VERSION: [i64; 3] = [3, 14, 8];
/// The version of the language, as text.
pub const VERSION_TEXT: &str = "3.14.8";
/// `sys.hexversion`
pub(super) const HEX_VERSION: i64 = VERSION[0] << 24 | VERSION[1] << 16 | VERSION[2] << 8 | 0xf0;

static VERSION_INFO: StructSeq = StructSeq {
    name: "version_info",
    module: "sys",
    doc: "Version of the language as a named tuple.",
    fields: &["major", "minor", "micro", "releaselevel", "serial"],
    visible: 5,
    callable: false,
};

static FLOAT_INFO: StructSeq = StructSeq {
    name: "float_info",
    module: "sys",
    doc: "Limits of float.",
    fields: &[
        "max",
        "max_exp",
        "max_10_exp",
        "min",
        "min_exp",
        "min_10_exp",
        "dig",
        "mant_dig",
        "epsilon",
        "radix",
        "rounds",
    ],
    visible: 11,
    callable: true,
};

static INT_INFO: StructSeq = StructSeq {
    name: "int_info",
    module: "sys",
    doc: "Limits of int.",
    fields: &["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
    visible: 4,
    callable: true,
};

static HASH_INFO: StructSeq = StructSeq {
    name: "hash_info",
    module: "sys",
    doc: "Parameters of hashes.",
    fields: &["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
    visible: 9,
    callable: true,
};

static THREAD_INFO: StructSeq = StructSeq {
    name: "thread_info",
    module: "sys",
    doc: "What threads are made of.",
    fields: &["name", "lock", "version"],
    visible: 3,
    callable: true,
};

/// What `sys.get_asyncgen_hooks` answers.
pub(super) static ASYNCGEN_HOOKS: StructSeq = StructSeq {
    name: "asyncgen_hooks",
    module: "sys",
    doc: "Hooks of asynchronous generators.",
    fields: &["firstiter", "finalizer"],
    visible: 2,
    callable: true,
};

/// What `sys.unraisablehook` is given.
pub(super) static UNRAISABLE_ARGS: StructSeq = StructSeq {
    name: "UnraisableHookArgs",
    module: "builtins",
    doc: "What unraisablehook is given.",
    fields: &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"],
    visible: 5,
    callable: true,
};

/// `sys.flags`
pub static FLAGS: StructSeq = StructSeq {
    name: "flags",
    module: "sys",
    doc: "Flags of the command line.",
    fields: &[
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
        "gil",
        "thread_inherit_context",
        "context_aware_warnings",
    ],
    visible: 18,
    callable: false,
};

/// The values of `sys.flags` that a command line may change.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Flags {
    pub debug: i64,
    pub inspect: i64,
    pub interactive: i64,
    pub optimize: i64,
    pub no_user_site: i64,
    pub no_site: i64,
    pub ignore_environment: i64,
    pub verbose: i64,
    pub bytes_warning: i64,
    pub quiet: i64,
    pub isolated: i64,
    pub dev_mode: bool,
    pub utf8_mode: i64,
    pub warn_default_encoding: i64,
    pub safe_path: bool,
    pub fixed_hashes: bool,
}

/// The flags of an interpreter, for when the module is made.
#[derive(Default)]
struct Chosen(RefCell<Flags>);

/// Sets `sys.flags`, before or after the module is made.
pub fn set_flags(vm: &Vm, flags: Flags) -> PyResult<()> {
    vm.interp().dev_mode.set(flags.dev_mode);
    vm.interp().state(Chosen::default).0.replace(flags);
    let Some(modules) = vm.interp().modules.get() else { return Ok(()) };
    if let Some(sys) = modules.get_text(vm, "sys")?
        && let Some(sys) = sys.downcast::<Module>()
    {
        sys.set_attr(vm, "flags", flags_value(vm)?)?;
    }
    Ok(())
}

/// The flags that were chosen.
pub fn flags(vm: &Vm) -> Flags {
    vm.interp().state(Chosen::default).0.borrow().clone()
}

fn flags_value(vm: &Vm) -> PyResult<Value> {
    let flags = flags(vm);
    let int = |n: i64| n.into_value(vm);
    let values = vec![
        int(flags.debug)?,
        int(flags.inspect)?,
        int(flags.interactive)?,
        int(flags.optimize)?,
        int(1)?,
        int(flags.no_user_site)?,
        int(flags.no_site)?,
        int(flags.ignore_environment)?,
        int(flags.verbose)?,
        int(flags.bytes_warning)?,
        int(flags.quiet)?,
        int(i64::from(!flags.fixed_hashes))?,
        int(flags.isolated)?,
        boolean(flags.dev_mode),
        int(flags.utf8_mode)?,
        int(flags.warn_default_encoding)?,
        boolean(flags.safe_path),
        vm.interp().max_str_digits.get().into_value(vm)?,
        int(1)?,
        int(0)?,
        int(0)?,
    ];
    FLAGS.make(vm, values)
}

/// Adds the tables to the module.
pub(super) fn add(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
    let int = |n: i64| n.into_value(vm);
    let [major, minor, micro] = VERSION;
    let version =
        VERSION_INFO.make(vm, vec![int(major)?, int(minor)?, int(micro)?, "final".into_value(vm)?, int(0)?])?;
    let runtime = env!("CARGO_PKG_VERSION");
    module.set_attr(vm, "version", format!("{VERSION_TEXT} (taipan {runtime}) [Taipan {runtime}]").into_value(vm)?)?;
    module.set_attr(vm, "version_info", version.clone())?;
    module.set_attr(vm, "flags", flags_value(vm)?)?;
    let implementation = namespace::new(
        vm,
        [
            ("name", "taipan".into_value(vm)?),
            ("cache_tag", format!("taipan-{major}{minor}").into_value(vm)?),
            ("version", version),
            ("hexversion", int(HEX_VERSION)?),
            ("_multiarch", format!("{}-linux-gnu", std::env::consts::ARCH).into_value(vm)?),
            ("supports_isolated_interpreters", boolean(true)),
        ],
    )?;
    module.set_attr(vm, "implementation", implementation.into())?;
    let git = ["Taipan", "", ""].into_iter().map(|part| part.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
    module.set_attr(vm, "_git", taipan_objects::builtins::tuple::Tuple::new(vm, git.into_iter())?.into())?;
    add_numbers(vm, module)
}

fn add_numbers(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
    let int = |n: i64| n.into_value(vm);
    let float = vec![
        f64::MAX.into_value(vm)?,
        int(1024)?,
        int(308)?,
        f64::MIN_POSITIVE.into_value(vm)?,
        int(-1021)?,
        int(-307)?,
        int(15)?,
        int(53)?,
        f64::EPSILON.into_value(vm)?,
        int(2)?,
        int(1)?,
    ];
    module.set_attr(vm, "float_info", FLOAT_INFO.make(vm, float)?)?;
    module.set_attr(vm, "int_info", INT_INFO.make(vm, vec![int(30)?, int(4)?, int(4300)?, int(640)?])?)?;
    let hash = vec![
        int(64)?,
        int((1 << 61) - 1)?,
        int(314_159)?,
        int(0)?,
        int(1_000_003)?,
        "siphash13".into_value(vm)?,
        int(64)?,
        int(128)?,
        int(0)?,
    ];
    module.set_attr(vm, "hash_info", HASH_INFO.make(vm, hash)?)?;
    let thread = vec!["pthread".into_value(vm)?, "semaphore".into_value(vm)?, NONE];
    module.set_attr(vm, "thread_info", THREAD_INFO.make(vm, thread)?)
}

//! `termios`: the modes of terminals.
//!
//! Invariant: a failed call raises `termios.error` with the system's number and text.

pub use module::spec;

use crate::posix_module::blocking;
use crate::select_module::fd_of;
use std::cell::OnceCell;
use std::io;
use taipan_heap::{Obj, Ref, Value};
use taipan_host::descriptors::{self as host, Modes};
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{bytes::Bytes, int, list::List, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Where the control characters `VMIN` and `VTIME` stand.
const COUNTS: [usize; 2] = [6, 5];
/// The flag of local modes that gives these places another meaning.
const ICANON: u32 = 2;

#[derive(Default)]
struct Error(OnceCell<Ref<Type>>);

fn error_class(vm: &Vm) -> PyResult<Ref<Type>> {
    let state = vm.interp().state(Error::default);
    if let Some(class) = state.0.get() {
        return Ok(class.clone());
    }
    let class = crate::exception_class::exception_class(vm, "termios", "error", &vm.types().exception)?;
    Ok(state.0.get_or_init(|| class).clone())
}

#[cold]
fn failed(vm: &Vm, error: &io::Error) -> Raised {
    let number = taipan_host::errno(error);
    let make = || {
        let arguments = [Value::small_int(number), taipan_host::strerror(number).into_value(vm)?];
        vm.new_exception(&*error_class(vm)?, &arguments)
    };
    match make() {
        Ok(exception) => vm.raise(exception),
        Err(raised) => raised,
    }
}

fn done<T>(vm: &Vm, result: io::Result<T>) -> PyResult<()> {
    result.map(drop).map_err(|error| failed(vm, &error))
}

fn word(vm: &Vm, value: &Value) -> PyResult<u32> {
    match int::index_i64(vm, value)?.map(u32::try_from) {
        Some(Ok(word)) => Ok(word),
        _ => Err(vm.overflow_error("Python int too large to convert to C unsigned int")),
    }
}

/// This module provides an interface to the Posix calls for tty I/O control.
///
/// For a complete description of these calls, see the Posix or Unix manual
/// pages. It is only available for those Unix versions that support Posix
/// termios style tty I/O control (and then only if configured at installation
/// time).
///
/// All functions in this module take a file descriptor fd as their first
/// argument. This can be an integer file descriptor, such as returned by
/// sys.stdin.fileno(), or a file object, such as sys.stdin itself.
#[pymodule(name = "termios", init = fill)]
mod module {
    use super::*;

    #[rustfmt::skip]
    const NUMBERS: &[(&str, i64)] = &[
        ("B0", 0), ("B1000000", 1_000_000), ("B110", 110), ("B115200", 115_200), ("B1152000", 1_152_000),
        ("B1200", 1_200), ("B134", 134), ("B14400", 14_400), ("B150", 150), ("B1500000", 1_500_000),
        ("B1800", 1_800), ("B19200", 19_200), ("B200", 200), ("B2000000", 2_000_000), ("B230400", 230_400),
        ("B2400", 2_400), ("B2500000", 2_500_000), ("B28800", 28_800), ("B300", 300), ("B3000000", 3_000_000),
        ("B3500000", 3_500_000), ("B38400", 38_400), ("B4000000", 4_000_000), ("B460800", 460_800),
        ("B4800", 4_800), ("B50", 50), ("B500000", 500_000), ("B57600", 57_600), ("B576000", 576_000),
        ("B600", 600), ("B7200", 7_200), ("B75", 75), ("B76800", 76_800), ("B921600", 921_600),
        ("B9600", 9_600), ("BRKINT", 2), ("BS0", 0), ("BS1", 8_192), ("BSDLY", 8_192), ("CBAUD", 4_111),
        ("CBAUDEX", 4_096), ("CDSUSP", 25), ("CEOF", 4), ("CEOL", 0), ("CEOT", 4), ("CERASE", 127),
        ("CFLUSH", 15), ("CIBAUD", 269_418_496), ("CINTR", 3), ("CKILL", 21), ("CLNEXT", 22), ("CLOCAL", 2_048),
        ("CQUIT", 28), ("CR0", 0), ("CR1", 512), ("CR2", 1_024), ("CR3", 1_536), ("CRDLY", 1_536),
        ("CREAD", 128), ("CRPRNT", 18), ("CRTSCTS", 2_147_483_648), ("CS5", 0), ("CS6", 16), ("CS7", 32),
        ("CS8", 48), ("CSIZE", 48), ("CSTART", 17), ("CSTOP", 19), ("CSTOPB", 64), ("CSUSP", 26),
        ("CWERASE", 23), ("ECHO", 8), ("ECHOCTL", 512), ("ECHOE", 16), ("ECHOK", 32), ("ECHOKE", 2_048),
        ("ECHONL", 64), ("ECHOPRT", 1_024), ("EXTA", 19_200), ("EXTB", 38_400), ("EXTPROC", 65_536), ("FF0", 0),
        ("FF1", 32_768), ("FFDLY", 32_768), ("FIOASYNC", 21_586), ("FIOCLEX", 21_585), ("FIONBIO", 21_537),
        ("FIONCLEX", 21_584), ("FIONREAD", 21_531), ("FLUSHO", 4_096), ("HUPCL", 1_024), ("IBSHIFT", 16),
        ("ICANON", 2), ("ICRNL", 256), ("IEXTEN", 32_768), ("IGNBRK", 1), ("IGNCR", 128), ("IGNPAR", 4),
        ("IMAXBEL", 8_192), ("INLCR", 64), ("INPCK", 16), ("IOCSIZE_MASK", 1_073_676_288),
        ("IOCSIZE_SHIFT", 16), ("ISIG", 1), ("ISTRIP", 32), ("IUCLC", 512), ("IUTF8", 16_384), ("IXANY", 2_048),
        ("IXOFF", 4_096), ("IXON", 1_024), ("NCCS", 32), ("NL0", 0), ("NL1", 256), ("NLDLY", 256),
        ("NOFLSH", 128), ("N_MOUSE", 2), ("N_PPP", 3), ("N_SLIP", 1), ("N_STRIP", 4), ("N_TTY", 0),
        ("OCRNL", 8), ("OFDEL", 128), ("OFILL", 64), ("OLCUC", 2), ("ONLCR", 4), ("ONLRET", 32), ("ONOCR", 16),
        ("OPOST", 1), ("PARENB", 256), ("PARMRK", 8), ("PARODD", 512), ("PENDIN", 16_384), ("TAB0", 0),
        ("TAB1", 2_048), ("TAB2", 4_096), ("TAB3", 6_144), ("TABDLY", 6_144), ("TCFLSH", 21_515),
        ("TCGETS", 21_505), ("TCIFLUSH", 0), ("TCIOFF", 2), ("TCIOFLUSH", 2), ("TCION", 3), ("TCOFLUSH", 1),
        ("TCOOFF", 0), ("TCOON", 1), ("TCSADRAIN", 1), ("TCSAFLUSH", 2), ("TCSANOW", 0), ("TCSBRK", 21_513),
        ("TCSBRKP", 21_541), ("TCSETS", 21_506), ("TCSETSF", 21_508), ("TCSETSW", 21_507), ("TCXONC", 21_514),
        ("TIOCCONS", 21_533), ("TIOCEXCL", 21_516), ("TIOCGETD", 21_540), ("TIOCGICOUNT", 21_597),
        ("TIOCGLCKTRMIOS", 21_590), ("TIOCGPGRP", 21_519), ("TIOCGSERIAL", 21_534), ("TIOCGSOFTCAR", 21_529),
        ("TIOCGWINSZ", 21_523), ("TIOCINQ", 21_531), ("TIOCLINUX", 21_532), ("TIOCMBIC", 21_527),
        ("TIOCMBIS", 21_526), ("TIOCMGET", 21_525), ("TIOCMIWAIT", 21_596), ("TIOCMSET", 21_528),
        ("TIOCM_CAR", 64), ("TIOCM_CD", 64), ("TIOCM_CTS", 32), ("TIOCM_DSR", 256), ("TIOCM_DTR", 2),
        ("TIOCM_LE", 1), ("TIOCM_RI", 128), ("TIOCM_RNG", 128), ("TIOCM_RTS", 4), ("TIOCM_SR", 16),
        ("TIOCM_ST", 8), ("TIOCNOTTY", 21_538), ("TIOCNXCL", 21_517), ("TIOCOUTQ", 21_521), ("TIOCPKT", 21_536),
        ("TIOCPKT_DATA", 0), ("TIOCPKT_DOSTOP", 32), ("TIOCPKT_FLUSHREAD", 1), ("TIOCPKT_FLUSHWRITE", 2),
        ("TIOCPKT_NOSTOP", 16), ("TIOCPKT_START", 8), ("TIOCPKT_STOP", 4), ("TIOCSCTTY", 21_518),
        ("TIOCSERCONFIG", 21_587), ("TIOCSERGETLSR", 21_593), ("TIOCSERGETMULTI", 21_594),
        ("TIOCSERGSTRUCT", 21_592), ("TIOCSERGWILD", 21_588), ("TIOCSERSETMULTI", 21_595),
        ("TIOCSERSWILD", 21_589), ("TIOCSER_TEMT", 1), ("TIOCSETD", 21_539), ("TIOCSLCKTRMIOS", 21_591),
        ("TIOCSPGRP", 21_520), ("TIOCSSERIAL", 21_535), ("TIOCSSOFTCAR", 21_530), ("TIOCSTI", 21_522),
        ("TIOCSWINSZ", 21_524), ("TOSTOP", 256), ("VDISCARD", 13), ("VEOF", 4), ("VEOL", 11), ("VEOL2", 16),
        ("VERASE", 2), ("VINTR", 0), ("VKILL", 3), ("VLNEXT", 15), ("VMIN", 6), ("VQUIT", 1), ("VREPRINT", 12),
        ("VSTART", 8), ("VSTOP", 9), ("VSUSP", 10), ("VSWTC", 7), ("VSWTCH", 7), ("VT0", 0), ("VT1", 16_384),
        ("VTDLY", 16_384), ("VTIME", 5), ("VWERASE", 14), ("XCASE", 4), ("XTABS", 6_144),
        ("_POSIX_VDISABLE", 0),
    ];

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for (name, number) in NUMBERS {
            module.set_attr(vm, name, int::from_i64(vm, *number)?)?;
        }
        module.set_attr(vm, "error", error_class(vm)?.into())
    }

    /// Get the tty attributes for file descriptor fd.
    ///
    /// Returns a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]
    /// where cc is a list of the tty special characters (each a string of
    /// length 1, except the items with indices VMIN and VTIME, which are
    /// integers when these fields are defined).
    #[function(sig = "fd, /")]
    fn tcgetattr(vm: &Vm, fd: &Value) -> PyResult<Ref<List>> {
        let modes = host::tcgetattr(fd_of(vm, fd)?).map_err(|error| failed(vm, &error))?;
        let mut values = Vec::new();
        for number in modes.flags.into_iter().chain(modes.speeds) {
            values.push(number.into_value(vm)?);
        }
        let mut characters = Vec::new();
        for (place, &character) in modes.characters.iter().enumerate() {
            characters.push(match modes.flags[3] & ICANON == 0 && COUNTS.contains(&place) {
                true => Value::small_int(character.into()),
                false => Bytes::new(vm, &[character])?.into(),
            });
        }
        values.push(List::from_values(vm, characters)?.into());
        List::from_values(vm, values)
    }

    /// Set the tty attributes for file descriptor fd.
    ///
    /// The attributes to be set are taken from the attributes argument, which
    /// is a list like the one returned by tcgetattr(). The when argument
    /// determines when the attributes are changed.
    #[function(sig = "fd, when, attributes, /")]
    fn tcsetattr(vm: &Vm, fd: &Value, when: i32, attributes: &Value) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        let Some(items) = attributes.downcast::<List>().map(|list| list.snapshot()).filter(|items| items.len() == 7)
        else {
            return Err(vm.type_error("tcsetattr, arg 3: must be 7 element list"));
        };
        let characters = items[6].downcast::<List>().map(|list| list.snapshot()).filter(|items| items.len() == 32);
        let Some(characters) = characters else {
            return Err(vm.type_error("tcsetattr: attributes[6] must be 32 element list"));
        };
        let mut numbers = [0; 6];
        for (number, item) in numbers.iter_mut().zip(&items) {
            *number = word(vm, item)?;
        }
        let [iflag, oflag, cflag, lflag, input, output] = numbers;
        let mut modes = Modes { flags: [iflag, oflag, cflag, lflag], speeds: [input, output], characters: Vec::new() };
        for item in &characters {
            match item.downcast::<Bytes>().map(|bytes| bytes.bytes()) {
                Some([character]) => modes.characters.push(*character),
                None if int::is_int(item) => modes.characters.push(int::index_clamped(vm, item)? as u8),
                _ => {
                    let message = "tcsetattr: elements of attributes must be characters or integers";
                    return Err(vm.type_error(message));
                }
            }
        }
        done(vm, blocking(vm, || host::tcsetattr(fd, when, &modes)))
    }

    /// Send a break on file descriptor fd.
    ///
    /// A zero duration sends a break for 0.25-0.5 seconds; a nonzero duration
    /// has a system dependent meaning.
    #[function(sig = "fd, duration, /")]
    fn tcsendbreak(vm: &Vm, fd: &Value, duration: i32) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        done(vm, blocking(vm, || host::tcsendbreak(fd, duration)))
    }

    /// Wait until all output written to file descriptor fd has been transmitted.
    #[function(sig = "fd, /")]
    fn tcdrain(vm: &Vm, fd: &Value) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        done(vm, blocking(vm, || host::tcdrain(fd)))
    }

    /// Discard queued data on file descriptor fd.
    ///
    /// The queue selector specifies which queue: TCIFLUSH for the input queue,
    /// TCOFLUSH for the output queue, or TCIOFLUSH for both queues.
    #[function(sig = "fd, queue, /")]
    fn tcflush(vm: &Vm, fd: &Value, queue: i32) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        done(vm, blocking(vm, || host::tcflush(fd, queue)))
    }

    /// Suspend or resume input or output on file descriptor fd.
    #[function(sig = "fd, action, /")]
    fn tcflow(vm: &Vm, fd: &Value, action: i32) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        done(vm, blocking(vm, || host::tcflow(fd, action)))
    }

    /// Get the tty winsize for file descriptor fd.
    ///
    /// Returns a tuple (ws_row, ws_col).
    #[function(sig = "fd, /")]
    fn tcgetwinsize(vm: &Vm, fd: &Value) -> PyResult<Ref<Tuple>> {
        let (rows, columns) = host::window_size(fd_of(vm, fd)?).map_err(|error| failed(vm, &error))?;
        Tuple::pair(vm, Value::small_int(rows.into()), Value::small_int(columns.into()))
    }

    /// Set the tty winsize for file descriptor fd.
    ///
    /// The winsize to be set is taken from the winsize argument, which
    /// is a two-item tuple (ws_row, ws_col) like the one returned by tcgetwinsize().
    #[function(sig = "fd, winsize, /")]
    fn tcsetwinsize(vm: &Vm, fd: &Value, winsize: &Value) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        let items = vm.collect(winsize)?;
        let [rows, columns] = &items[..] else {
            return Err(vm.type_error("tcsetwinsize, arg 2: must be a two-item sequence"));
        };
        let (Ok(rows), Ok(columns)) = (u16::try_from(word(vm, rows)?), u16::try_from(word(vm, columns)?)) else {
            return Err(vm.overflow_error("winsize value(s) out of range"));
        };
        done(vm, host::set_window_size(fd, rows, columns))
    }
}

//! Pseudo-terminals: a program started in a terminal of its own, whose other end is a file.
//!
//! Invariant: the child leads a session, and the terminal controls it, so keys such as Ctrl-C become signals as they do for a user.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use crate::sys;

/// A new pseudo-terminal of 24 rows and 80 columns: the end that a program gets, and the end that a user holds.
///
/// # Errors
/// The system's, when there are no more terminals or descriptors.
pub fn open() -> io::Result<(OwnedFd, OwnedFd)> {
    let (user, program) = sys::openpty(24, 80)?;
    Ok((sys::owned(program), sys::owned(user)))
}

/// Starts a program with standard input, output and error in a new terminal; the file is the user's end.
///
/// # Errors
/// Those of [`open`] and of starting the program.
pub fn spawn(mut command: Command) -> io::Result<(Child, File)> {
    let (program, user) = open()?;
    command.stdin(Stdio::from(program.try_clone()?)).stdout(Stdio::from(program.try_clone()?)).stderr(program);
    sys::lead_session(&mut command);
    let child = command.spawn()?;
    Ok((child, File::from(user)))
}

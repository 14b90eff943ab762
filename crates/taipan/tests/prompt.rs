//! The program in a terminal: the prompt, Ctrl-C, Ctrl-D, history; and what SIGINT does to a program that runs or waits.
//!
//! Every test starts the program in a pseudo-terminal of its own, types, and waits for what must appear. Nothing here rests on timing but the
//! limit after which a test fails.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use taipan_host::{constants, terminal};

const LIMIT: Duration = Duration::from_secs(60);

/// A program in a terminal, and what it has shown.
struct Session {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    shown: String,
    /// How much of it has been waited for.
    seen: usize,
    arguments: String,
}

impl Session {
    fn start(kind: &str, arguments: &[&str], home: &std::path::Path) -> Session {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taipan"));
        command.args(arguments).env_clear().env("TERM", kind).env("HOME", home).env("LC_ALL", "C.UTF-8");
        let (child, keyboard) = terminal::spawn(command).unwrap();
        let mut output = keyboard.try_clone().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The terminal reports an error once the program at its other end is gone.
            while let Ok(count) = output.read(&mut bytes) {
                if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let arguments = format!("{arguments:?}");
        Session { child, keyboard, screen, shown: String::new(), seen: 0, arguments }
    }

    fn plain(arguments: &[&str]) -> Session {
        Session::start("dumb", arguments, std::path::Path::new("/nonexistent"))
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the text appears behind what was waited for before; returns what came in between, without line editing's escapes.
    fn wait_for(&mut self, text: &str) -> String {
        let start = Instant::now();
        loop {
            if let Some(at) = self.shown[self.seen..].find(text) {
                let between = self.shown[self.seen..self.seen + at].replace('\r', "");
                self.seen += at + text.len();
                return between;
            }
            match self.screen.recv_timeout(LIMIT.saturating_sub(start.elapsed())) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("{error} while waiting for {text:?}; shown so far:\n{}", self.shown),
            }
        }
    }

    /// Types a line at a prompt and returns what is printed before the next prompt.
    fn enter(&mut self, line: &str, prompt: &str) -> String {
        self.press(&format!("{line}\r"));
        let shown = self.wait_for(prompt);
        shown.strip_prefix(line).unwrap_or(&shown).trim_start_matches('\n').to_owned()
    }

    fn ended(mut self) -> (ExitStatus, String) {
        let start = Instant::now();
        while start.elapsed() < LIMIT {
            if let Some(status) = self.child.try_wait().unwrap() {
                while let Ok(bytes) = self.screen.recv_timeout(Duration::from_secs(5)) {
                    self.shown.push_str(&String::from_utf8_lossy(&bytes));
                }
                return (status, self.shown[self.seen..].replace('\r', ""));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        panic!("the program does not end: {:?}; shown so far:\n{}", self.arguments, self.shown);
    }
}

#[test]
fn statements_and_values() {
    let mut session = Session::plain(&[]);
    let banner = session.wait_for(">>> ");
    assert!(banner.starts_with("Taipan ") && banner.contains("Type \"help\""), "{banner}");
    assert_eq!(session.enter("1 + 1", ">>> "), "2\n");
    assert_eq!(session.enter("_ * 21", ">>> "), "42\n");
    assert_eq!(session.enter("None", ">>> "), "");
    assert_eq!(session.enter("# nothing", ">>> "), "");
    assert_eq!(session.enter("x = [1,", "... "), "");
    assert_eq!(session.enter("2]; x", ">>> "), "[1, 2]\n");
    session.enter("def f(a):", "... ");
    session.enter("    return a * 2", "... ");
    assert_eq!(session.enter("", ">>> "), "");
    assert_eq!(session.enter("f(4)", ">>> "), "8\n");
    session.enter("if x:", "... ");
    session.enter("    print('yes')", "... ");
    session.enter("else:", "... ");
    session.enter("    pass", "... ");
    assert_eq!(session.enter("", ">>> "), "yes\n");
    assert_eq!(session.enter("'''a", "... "), "");
    assert_eq!(session.enter("b'''", ">>> "), "'a\\nb'\n");
    assert_eq!(session.enter("exit", ">>> "), "Use exit() or Ctrl-D (i.e. EOF) to exit\n");
    session.press("exit(3)\r");
    assert_eq!(session.ended().0.code(), Some(3));
}

#[test]
fn errors_show_what_was_typed() {
    let mut session = Session::plain(&["-q"]);
    assert_eq!(session.wait_for(">>> "), "");
    session.enter("def f(a): return a / 0", "... ");
    session.enter("", ">>> ");
    let shown = session.enter("f(1)", ">>> ");
    let want = "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n    f(1)\n    ~^^^\n  \
                File \"<stdin>\", line 1, in f\n    def f(a): return a / 0\n                     ~~^~~\n\
                ZeroDivisionError: division by zero\n";
    assert_eq!(shown, want);
    let shown = session.enter("x = = 2", ">>> ");
    assert_eq!(shown, "  File \"<stdin>\", line 1\n    x = = 2\n        ^\nSyntaxError: invalid syntax\n");
    session.enter("import sys", ">>> ");
    assert_eq!(session.enter("type(sys.last_exc)", ">>> "), "<class 'SyntaxError'>\n");
    // What is typed shows the new prompt's text too.
    session.enter("sys.ps1 = 'next> '", "next> ");
    session.wait_for("\nnext> ");
    session.enter("class P:", "... ");
    session.enter("    def __str__(self): return sys.nothing", "... ");
    assert_eq!(session.enter("", "next> "), "");
    session.press("input('what? ')\r");
    session.wait_for("\nwhat? ");
    assert_eq!(session.enter("answer", "next> "), "'answer'\n");
    session.press("\x04");
    let (status, _) = session.ended();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn interrupts_at_the_prompt() {
    let mut session = Session::plain(&["-q"]);
    session.wait_for(">>> ");
    session.press("unfinished\x03");
    assert!(session.wait_for(">>> ").ends_with("\nKeyboardInterrupt\n"));
    session.enter("def f():", "... ");
    session.press("\x03");
    assert!(session.wait_for(">>> ").ends_with("\nKeyboardInterrupt\n"));
    session.enter("def spin():", "... ");
    session.enter("    print('spinning')", "... ");
    session.enter("    while True: pass", "... ");
    session.enter("", ">>> ");
    session.press("spin()\r");
    session.wait_for("spinning\r\n");
    session.press("\x03");
    assert!(session.wait_for(">>> ").ends_with("    while True: pass\n                ^^^^\nKeyboardInterrupt\n"));
    session.press("import time; print('asleep'); time.sleep(600)\r");
    session.wait_for("asleep\r\n");
    session.press("\x03");
    assert!(session.wait_for(">>> ").ends_with("\nKeyboardInterrupt\n"));
    assert_eq!(session.enter("'still here'", ">>> "), "'still here'\n");
    session.press("\x04");
    assert_eq!(session.ended().0.code(), Some(0));
}

#[test]
fn lines_are_edited_and_remembered() {
    let home = std::env::temp_dir().join(format!("taipan-prompt-{}", std::process::id()));
    std::fs::create_dir_all(&home).unwrap();
    let mut session = Session::start("xterm", &["-q"], &home);
    session.wait_for(">>> ");
    session.press("20 + 2\x7f3\r");
    session.wait_for("\n23");
    session.wait_for(">>> ");
    // The line before, with one character more.
    session.press("\x1b[A4\r");
    session.wait_for("\n54");
    session.wait_for(">>> ");
    session.press("abandoned\x03");
    session.wait_for("KeyboardInterrupt");
    session.wait_for(">>> ");
    session.press("\x04");
    assert_eq!(session.ended().0.code(), Some(0));
    let mut session = Session::start("xterm", &["-q"], &home);
    session.wait_for(">>> ");
    session.press("\x1b[A\x1b[A\r");
    session.wait_for("\n23");
    session.wait_for(">>> ");
    session.press("\x04");
    assert_eq!(session.ended().0.code(), Some(0));
    std::fs::remove_dir_all(&home).unwrap();
}

#[test]
fn a_script_may_be_followed_by_the_prompt() {
    let mut session = Session::plain(&["-i", "-c", "x = 5; 1 / 0"]);
    assert!(session.wait_for(">>> ").ends_with("ZeroDivisionError: division by zero\n"));
    assert_eq!(session.enter("x", ">>> "), "5\n");
    session.press("raise SystemExit('said')\r");
    let (status, shown) = session.ended();
    assert!(status.code() == Some(1) && shown.ends_with("said\n"), "{status} {shown}");
}

/// Runs code that prints `ready`, presses Ctrl-C, and returns how it ended and what it showed after that.
fn interrupted(code: &str) -> (ExitStatus, String) {
    let mut session = Session::plain(&["-c", code]);
    session.wait_for("ready\r\n");
    session.press("\x03");
    session.wait_for("^C");
    // A signal that comes after the last look at the flag and before the wait is not seen, in CPython neither.
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(100));
        if session.child.try_wait().unwrap().is_some() {
            return session.ended();
        }
    }
    session.press("\x03");
    session.wait_for("^C");
    session.ended()
}

#[test]
fn sigint_ends_what_runs_or_waits() {
    let ready = "print('ready', flush=True)\n";
    for (code, marked) in [
        ("while True: pass", "    while True: pass\n                ^^^^\n"),
        ("import time; time.sleep(600)", "    import time; time.sleep(600)\n                 ~~~~~~~~~~^^^^^\n"),
        ("input()", "    input()\n    ~~~~~^^\n"),
        ("import sys; sys.stdin.read()", "    import sys; sys.stdin.read()\n                ~~~~~~~~~~~~~~^^\n"),
        ("sum(1 for _ in iter(int, 1))", "    sum(1 for _ in iter(int, 1))\n    ~~~^^^^^^^^^^^^^^^^^^^^^^^^^\n"),
        ("import _thread as t; l = t.allocate_lock(); l.acquire(); l.acquire()", "l.acquire()\n"),
    ] {
        let (status, shown) = interrupted(&format!("{ready}{code}"));
        assert_eq!(status.signal(), Some(constants::SIGINT), "{code}: {status} {shown}");
        assert!(shown.contains(marked) && shown.ends_with("\nKeyboardInterrupt\n"), "{code}: {shown}");
        assert!(
            shown.starts_with("Traceback (most recent call last):\n  File \"<string>\", line 2, in <module>\n"),
            "{shown}"
        );
    }
}

#[test]
fn sigint_can_be_caught() {
    let (status, shown) = interrupted(
        "import time\nprint('ready', flush=True)\ntry: time.sleep(600)\nexcept KeyboardInterrupt as e: print(repr(e))\nexit(4)",
    );
    assert_eq!((status.code(), &*shown), (Some(4), "KeyboardInterrupt()\n"));
    let (status, shown) = interrupted(
        "import _signal, time\n_signal.signal(2, lambda n, f: print('signal', n, f.f_code.co_name))\n\
         def wait():\n    end = time.monotonic() + 600\n    while not seen: time.sleep(0.01)\n\
         seen = []\n_signal.signal(2, lambda n, f: seen.append((n, f.f_code.co_name)))\n\
         print('ready', flush=True)\nwait()\nprint(seen)",
    );
    assert_eq!((status.code(), &*shown), (Some(0), "[(2, 'wait')]\n"));
    let (status, shown) = interrupted(
        "import atexit\natexit.register(print, 'goodbye')\nclass A:\n    def __del__(self): print('freed')\na = A()\n\
         print('ready', flush=True)\nwhile True: pass",
    );
    assert_eq!(status.signal(), Some(constants::SIGINT));
    assert!(shown.ends_with("KeyboardInterrupt\ngoodbye\nfreed\n"), "{shown}");
}

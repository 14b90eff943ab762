//! The command line: options as `sys` shows them, wrong options, environment variables, ways to give a program.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn taipan(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_taipan"))
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends without reading its input is fine.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Standard output of a program that must succeed in silence.
fn printed(arguments: &[&str]) -> String {
    let output = taipan(arguments, &[], "");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{arguments:?}: {} {errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Exit status and standard error.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = taipan(arguments, &[], "");
    assert_eq!(output.stdout, b"", "{arguments:?}");
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn flags() {
    let default = "debug=0, inspect=0, interactive=0, optimize=0, dont_write_bytecode=1, no_user_site=0, no_site=0, \
                   ignore_environment=0, verbose=0, bytes_warning=0, quiet=0, hash_randomization=1, isolated=0, \
                   dev_mode=False, utf8_mode=0, warn_default_encoding=0, safe_path=False, int_max_str_digits=4300";
    let show = "import sys; print(sys.flags)";
    for (options, changed) in [
        (&[][..], &[][..]),
        (&["-O"], &["optimize=1"]),
        (&["-OO"], &["optimize=2"]),
        (&["-B", "-u", "-R"], &[]),
        (&["-s", "-S"], &["no_user_site=1", "no_site=1"]),
        (&["-E"], &["ignore_environment=1"]),
        (&["-I"], &["isolated=1", "ignore_environment=1", "no_user_site=1", "safe_path=True"]),
        (&["-P"], &["safe_path=True"]),
        (&["-q"], &["quiet=1"]),
        (&["-d"], &["debug=1"]),
        (&["-X", "utf8"], &["utf8_mode=1"]),
        (&["-Xutf8=0"], &[]),
        (&["-X", "int_max_str_digits=700"], &["int_max_str_digits=700"]),
    ] {
        let mut want = default.to_owned();
        for field in changed {
            let name = &field[..=field.find('=').unwrap()];
            let start = want.find(name).unwrap();
            let end = want[start..].find(',').map_or(want.len(), |end| start + end);
            want.replace_range(start..end, field);
        }
        let shown = printed(&[options, &["-c", show]].concat());
        assert_eq!(shown, format!("sys.flags({want})\n"), "{options:?}");
    }
}

#[test]
fn arguments_and_options_in_sys() {
    let show = "import sys; print(sys.argv, sys.orig_argv[1:], sys._xoptions)";
    let shown = printed(&["-Xa=1", "-X", "b", "-X", "c=d=e", "-c", show, "-x", "--", "y"]);
    let want = format!(
        "['-c', '-x', '--', 'y'] ['-Xa=1', '-X', 'b', '-X', 'c=d=e', '-c', '{show}', '-x', '--', 'y'] \
         {{'a': '1', 'b': True, 'c': 'd=e'}}\n"
    );
    assert_eq!(shown, want);
    let shown = printed(&["-c", "import sys; print(sys.executable == sys.orig_argv[0], sys.executable[0])"]);
    assert_eq!(shown, "True /\n");
    let output = taipan(&["-", "a"], &[], "import sys\nprint(sys.argv)");
    assert_eq!(output.stdout, b"['-', 'a']\n");
}

#[test]
fn optimization_reaches_imported_modules() {
    let folder = std::env::temp_dir().join(format!("taipan-command-line-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("asserting.py"),
        "\"doc\"\ntry:\n    assert False\n    ran = 'skipped'\nexcept AssertionError:\n    ran = 'checked'\n",
    )
    .unwrap();
    let path = format!(
        "import sys; sys.path.insert(0, {folder:?}); import asserting; print(asserting.ran, asserting.__doc__, __debug__)"
    );
    assert_eq!(printed(&["-c", &path]), "checked doc True\n");
    assert_eq!(printed(&["-O", "-c", &path]), "skipped doc False\n");
    assert_eq!(printed(&["-OO", "-c", &path]), "skipped None False\n");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn wrong_options() {
    let program = env!("CARGO_BIN_EXE_taipan");
    let usage = format!(
        "usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `taipan -h' for more information.\n"
    );
    for (options, message) in [
        (&["-Z"][..], "Unknown option: -Z"),
        (&["--nothing"], "Unknown option: --nothing"),
        (&["-c"], "Argument expected for the -c option"),
        (&["-W"], "Argument expected for the -W option"),
        (&["-qX"], "Argument expected for the -X option"),
    ] {
        assert_eq!(refused(options), (Some(2), format!("{message}\n{usage}")), "{options:?}");
    }
    let (status, message) = refused(&["-X", "int_max_str_digits=7", "-c", "1"]);
    assert_eq!(status, Some(1));
    assert!(
        message.starts_with("Fatal Python error: config_init_int_max_str_digits: -X int_max_str_digits: invalid limit")
    );
    let (status, message) = refused(&["/nonexistent/file.py"]);
    let want = format!("{program}: can't open file '/nonexistent/file.py': [Errno 2] No such file or directory\n");
    assert_eq!((status, message), (Some(2), want));
}

#[test]
fn the_environment() {
    let show = ["-c", "import sys; print(sys.flags.optimize, sys.flags.safe_path, sys.path[0], __debug__)"];
    let variables = [("PYTHONOPTIMIZE", "2"), ("PYTHONSAFEPATH", "1"), ("PYTHONPATH", "/somewhere:/else")];
    assert_eq!(taipan(&show, &variables, "").stdout, b"2 True /somewhere False\n");
    let output = taipan(&["-E", show[0], show[1]], &variables, "");
    assert_eq!(output.stdout, b"0 False  True\n");
    let output = taipan(&["-c", "print(hash('a') == hash('a'), hash('text'))"], &[("PYTHONHASHSEED", "3")], "");
    assert_eq!(taipan(&["-c", "print(True, hash('text'))"], &[("PYTHONHASHSEED", "3")], "").stdout, output.stdout);
}

#[test]
fn undecodable_source() {
    let folder = std::env::temp_dir().join(format!("taipan-sources-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, source, message) in [
        ("utf8.py", &b"x = 1\ny = '\xff'\n"[..], "SyntaxError: Non-UTF-8 code starting with '\\xff' in file "),
        ("cookie.py", b"# coding: nothing\nx = 1\n", "SyntaxError: unknown encoding: nothing"),
        ("nul.py", b"x = 1\0\n", "SyntaxError: source code cannot contain null bytes"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, source).unwrap();
        let (status, shown) = refused(&[path.to_str().unwrap()]);
        assert!(status == Some(1) && shown.contains(message), "{name}: {status:?} {shown}");
    }
    let latin = folder.join("latin.py");
    std::fs::write(&latin, b"# coding: latin-1\nprint(ascii('\xe9'))\n").unwrap();
    assert_eq!(printed(&[latin.to_str().unwrap()]), "'\\xe9'\n");
    let first = folder.join("first.py");
    std::fs::write(&first, b"this is no Python\nimport sys\nprint(sys._getframe().f_lineno)\n").unwrap();
    assert_eq!(printed(&["-x", first.to_str().unwrap()]), "3\n");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn site_names() {
    let show = "print(exit, help, type(quit).__qualname__)\ntry: quit('bye')\nexcept SystemExit as e: print(repr(e))";
    let want = "Use exit() or Ctrl-D (i.e. EOF) to exit Type help() for interactive help, or help(object) for help about object. \
                Quitter\nSystemExit('bye')\n";
    assert_eq!(printed(&["-c", show]), want);
    assert_eq!(refused(&["-S", "-c", "exit"]).0, Some(1));
}

#[test]
fn matching_counts_towards_the_heap_limit() {
    let program = "import re
for pattern in ('(?:a|ab|b)*c', '(?:(a)|(b))*?c', '(?:(a)|(b))*+$'):
    try:
        print(re.match(pattern, 'ab' * 1_000_000) is not None)
    except MemoryError:
        print('MemoryError')
print(re.findall('b', 'abab'))
";
    assert_eq!(printed(&["-X", "heap-limit=32M", "-c", program]), "MemoryError\nMemoryError\nTrue\n['b', 'b']\n");
}

#[test]
fn damaged_code_objects_are_refused() {
    let program = "import marshal
def outer(a, *b):
    return [lambda: a + x for x in b]
made = marshal.dumps(outer.__code__)
for at in range(1, len(made)):
    for damage in 1, 0x55, 0x80:
        damaged = bytearray(made)
        damaged[at] ^= damage
        try:
            print(at, marshal.loads(damaged))
        except (ValueError, EOFError):
            pass
    try:
        print(at, marshal.loads(made[:at]))
    except (ValueError, EOFError):
        pass
print(marshal.loads(made) == outer.__code__)
";
    assert_eq!(printed(&["-c", program]), "True\n");
}

/// A file with this content in a folder of this test run.
fn file(name: &str, content: &[u8]) -> String {
    let folder = std::env::temp_dir().join(format!("taipan-command-line-{}", std::process::id()));
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn programs_that_are_no_programs() {
    let (status, errors) = refused(&["/no/such/file.py"]);
    assert_eq!(status, Some(2));
    assert!(errors.ends_with("can't open file '/no/such/file.py': [Errno 2] No such file or directory\n"), "{errors}");
    let empty = file("empty/other.py", b"").replace("/other.py", "");
    let (status, errors) = refused(&[&empty]);
    assert_eq!(status, Some(1));
    assert!(errors.ends_with(&format!("can't find '__main__' module in '{empty}'\n")), "{errors}");
    let main = file("whole/__main__.py", b"import sys; print(__name__, sys.path[0] == sys.argv[1])\n");
    let folder = main.replace("/__main__.py", "");
    assert_eq!(printed(&[&folder, &folder]), "__main__ True\n");
    for (name, content, message) in [
        ("zeros.py", &b"print(1)\n\0print(2)\n"[..], "source code cannot contain null bytes"),
        ("latin.py", b"x = '\xff'\n", "Non-UTF-8 code starting with '\\xff'"),
        ("codec.py", b"# coding: nonsense\nprint(1)\n", "unknown encoding: nonsense"),
        ("mark.py", b"\xef\xbb\xbf# coding: latin-1\nprint(1)\n", "encoding problem: iso-8859-1 with BOM"),
        ("syntax.py", b"def f(:\n  pass\n", "invalid syntax"),
        ("elf.py", b"\x7fELF\x02\x01\x01\x00\x00\x00", "SyntaxError"),
        ("end.py", b"'''abc", "unterminated triple-quoted string literal"),
    ] {
        let (status, errors) = refused(&[&file(name, content)]);
        assert_eq!(status, Some(1), "{name}");
        assert!(errors.contains(message) && errors.contains("SyntaxError: "), "{name}: {errors}");
    }
}

#[test]
fn endless_programs_end_in_an_error() {
    for program in [
        "l = []\nwhile 1: l.append(object())",
        "l = None\nwhile 1: l = [l]",
        "'x' * 10**12",
        "''.join('x' for _ in iter(int, 1))",
        "b''.join(iter(lambda: b'x' * 1000, 1))",
        "f'{1:1000000000000}'",
        "bytearray(10**12)",
        "1 << 10**12",
        "l = []\nwhile 1: l.append(1 << 100000)",
        "a, *b = iter(int, 1)",
        "print(*iter(int, 1))",
        "import io\nb = io.BytesIO()\nwhile 1: b.write(b'x' * 100000)",
        "import io\nb = io.StringIO()\nwhile 1: b.write('x' * 100000)",
        "open('/dev/zero', 'rb').read()",
        "open('/dev/zero').readline()",
        "import itertools\nfor x in itertools.cycle(iter(int, 1)): pass",
        "import itertools; next(itertools.batched(itertools.count(), 10**9))",
        "import itertools; next(itertools.permutations(range(10**8)))",
        "from collections import deque; deque(iter(int, 1))",
        "C = object\nwhile 1: C = type('C', (C,), {})",
        "def g(x):\n  yield x\nl = None\nwhile 1:\n  l = g(l); next(l)",
    ] {
        let (status, errors) = refused(&["-X", "heap-limit=16M", "-c", program]);
        assert_eq!(status, Some(1), "{program}: {errors}");
        assert!(errors.lines().last().is_some_and(|line| line.starts_with("MemoryError")), "{program}: {errors}");
    }
    for program in [
        "def f(): f()\nf()",
        "class A:\n  def __getattr__(self, name): return getattr(self, name + 'x')\nA().x",
        "class A: pass\nA.__call__ = A()\nA()()",
        "class M(type):\n  def __call__(cls): return cls()\nclass A(metaclass=M): pass\nA()",
        "def g():\n  yield from g()\nlist(g())",
        "s = 'eval(s)'\neval(s)",
        "import sys; sys.setrecursionlimit(10**9)\ndef f(): return [*map(lambda x: f(), [1])]\nf()",
    ] {
        let (status, errors) = refused(&["-c", program]);
        assert_eq!(status, Some(1), "{program}: {errors}");
        assert!(errors.lines().last().is_some_and(|line| line.starts_with("RecursionError: ")), "{program}: {errors}");
    }
}

#[test]
fn imports_are_told() {
    let told = |options: &[&str], environment: &[(&str, &str)]| {
        let output =
            taipan(&[options, &["-c", "import sys, bisect; print(sys.flags.verbose)"]].concat(), environment, "");
        assert!(output.status.success());
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    for (options, environment, level) in
        [(&["-v"][..], &[][..], "1\n"), (&["-vv"], &[], "2\n"), (&[], &[("PYTHONVERBOSE", "1")], "1\n")]
    {
        let (flags, lines) = told(options, environment);
        assert_eq!(flags, level);
        assert!(lines.contains("import 'bisect' # <"), "{lines}");
        assert!(lines.contains("import '_bisect' # <"), "{lines}");
    }
    for (options, environment) in [(&["-X", "importtime"][..], &[][..]), (&[], &[("PYTHONPROFILEIMPORTTIME", "1")])] {
        let (_, lines) = told(options, environment);
        assert!(lines.starts_with("import time: self [us] | cumulative | imported package\n"), "{lines}");
        assert!(lines.lines().skip(1).all(|line| line.split('|').count() == 3), "{lines}");
        // What an import imports is set in.
        assert!(lines.contains("|   _bisect\n"), "{lines}");
        assert!(lines.contains("| bisect\n"), "{lines}");
    }
}

#[test]
fn encoding_of_the_streams() {
    let show = "import sys; print(*[(s.encoding, s.errors) for s in (sys.stdin, sys.stdout, sys.stderr)])";
    for (environment, want) in [
        (
            &[("LC_ALL", "C.UTF-8")][..],
            "('utf-8', 'surrogateescape') ('utf-8', 'surrogateescape') ('utf-8', 'backslashreplace')\n",
        ),
        (&[("LC_ALL", "de_DE.UTF-8")], "('utf-8', 'strict') ('utf-8', 'strict') ('utf-8', 'backslashreplace')\n"),
        (
            &[("PYTHONIOENCODING", "latin-1:replace")],
            "('iso8859-1', 'replace') ('iso8859-1', 'replace') ('iso8859-1', 'backslashreplace')\n",
        ),
        (&[("PYTHONIOENCODING", ":ignore")], "('utf-8', 'ignore') ('utf-8', 'ignore') ('utf-8', 'backslashreplace')\n"),
        (&[("PYTHONIOENCODING", "ascii")], "('ascii', 'strict') ('ascii', 'strict') ('ascii', 'backslashreplace')\n"),
    ] {
        let output = taipan(&["-c", show], environment, "");
        assert_eq!(String::from_utf8_lossy(&output.stdout), want, "{}", String::from_utf8_lossy(&output.stderr));
    }
    let unknown = taipan(&["-c", "pass"], &[("PYTHONIOENCODING", "nothing")], "");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("LookupError: unknown encoding: nothing"));
}

#[test]
fn library_as_files() {
    let folder = std::env::temp_dir().join(format!("taipan-home-{}", std::process::id()));
    let home = folder.to_str().unwrap();
    assert_eq!(printed(&["--unpack-library", home]), "");
    let show = "import sys, os, codecs, json.decoder as j; print(sys.prefix, sys.exec_prefix, sys.path[-1], sys._stdlib_dir); \
                print(os.__file__, codecs.__file__, j.__file__, os.getenv.__code__.co_filename, sep='\\n')";
    let output = taipan(&["-c", show], &[("PYTHONHOME", home)], "");
    let library = format!("{home}/lib/python3.14");
    let want = format!(
        "{home} {home} {library} {library}\n{library}/os.py\n{library}/codecs.py\n{library}/json/decoder.py\n{library}/os.py\n"
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), want, "{}", String::from_utf8_lossy(&output.stderr));
    // Without a library there, the one in the program stays.
    let bare =
        taipan(&["-c", "import sys; print(sys.prefix, sys.exec_prefix, sys.path[-1])"], &[("PYTHONHOME", "/a:/b")], "");
    assert_eq!(String::from_utf8_lossy(&bare.stdout), "/a /b <stdlib>\n");
    let ignored = taipan(&["-E", "-c", "import sys; print(sys.path[-1])"], &[("PYTHONHOME", home)], "");
    assert_eq!(String::from_utf8_lossy(&ignored.stdout), "<stdlib>\n");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn fault_handler() {
    let enabled = "import faulthandler; print(faulthandler.is_enabled())";
    assert_eq!(printed(&["-c", enabled]), "False\n");
    assert_eq!(printed(&["-X", "faulthandler", "-c", enabled]), "True\n");
    assert_eq!(printed(&["-X", "dev", "-c", enabled]), "True\n");
    let output = taipan(&["-c", enabled], &[("PYTHONFAULTHANDLER", "1")], "");
    assert_eq!(output.stdout, b"True\n");
}

#[test]
fn more_options_and_variables() {
    let run = |options: &[&str], environment: &[(&str, &str)], code: &str| {
        let output = taipan(&[options, &["-c", code]].concat(), environment, "");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), errors)
    };
    let random = "import sys; print(sys.flags.hash_randomization)";
    for (options, seed, want) in
        [(&[][..], "0", "0\n"), (&["-R"], "0", "1\n"), (&[], "random", "1\n"), (&[], "7", "1\n")]
    {
        assert_eq!(run(options, &[("PYTHONHASHSEED", seed)], random).1, want);
    }
    let (status, _, errors) = run(&[], &[("PYTHONHASHSEED", "x")], "pass");
    assert_eq!(status, Some(1));
    assert!(errors.starts_with("Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be"), "{errors}");
    let count = "import os; print(os.cpu_count(), os.process_cpu_count())";
    assert_eq!(run(&["-X", "cpu_count=4321"], &[], count).1, "4321 4321\n");
    assert_eq!(run(&[], &[("PYTHON_CPU_COUNT", "12")], count).1, "12 12\n");
    assert_ne!(run(&["-X", "cpu_count=default"], &[("PYTHON_CPU_COUNT", "4321")], count).1, "4321 4321\n");
    assert_eq!(run(&["-X", "cpu_count=0"], &[], count).0, Some(1));
    let prefix = "import sys; print(sys.pycache_prefix)";
    assert_eq!(run(&[], &[], prefix).1, "None\n");
    assert_eq!(run(&["-X", "pycache_prefix=foo"], &[("PYTHONPYCACHEPREFIX", "bar")], prefix).1, "foo\n");
    assert_eq!(run(&[], &[("PYTHONPYCACHEPREFIX", "bar")], prefix).1, "bar\n");
    assert_eq!(run(&["-X", "pycache_prefix="], &[("PYTHONPYCACHEPREFIX", "bar")], prefix).1, "None\n");
    // The code of -c may be indented as a whole.
    assert_eq!(run(&[], &[], "\n    x = 1\n\n    if x:\n      print(\"\"\"a\n    b\"\"\")\n").1, "a\nb\n");
    assert_eq!(run(&[], &[], "  if 1:\n    print(1)\n \n  print(2)").1, "1\n2\n");
    assert_eq!(run(&[], &[], "  print(1)\nprint(2)").0, Some(1));
}

#[test]
fn a_folder_is_run_whatever_is_isolated() {
    let folder = std::env::temp_dir().join(format!("taipan-folder-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("__main__.py"), "import sys, other; print(sys.path[0], __name__, sys.argv)").unwrap();
    std::fs::write(folder.join("other.py"), "").unwrap();
    let path = folder.to_str().unwrap();
    let want = format!("{path} __main__ ['{path}', 'x']\n");
    assert_eq!(printed(&[path, "x"]), want);
    assert_eq!(printed(&["-I", path, "x"]), want);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn interactive_input() {
    let startup = std::env::temp_dir().join(format!("taipan-startup-{}.py", std::process::id()));
    std::fs::write(&startup, "import sys\nx = 'from startup'\nsys.__interactivehook__ = lambda: print('hook')\n")
        .unwrap();
    let environment = [("PYTHONSTARTUP", startup.to_str().unwrap())];
    let output = taipan(&["-i", "-q"], &environment, "print(x)\n1/0\n2 + 3\nexit(7)\n");
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hook\nfrom startup\n5\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("ZeroDivisionError"));
    let latin = taipan(&["-i", "-q"], &[("PYTHONIOENCODING", "latin-1")], "'a\\xe9\\u20ac'\n");
    assert_eq!(latin.stdout, b"'a\xe9\\u20ac'\n");
    let ignored = taipan(&["-i", "-q", "-E"], &environment, "print('x' in globals())\n");
    assert_eq!(String::from_utf8_lossy(&ignored.stdout), "False\n");
    std::fs::remove_file(&startup).unwrap();
}

/// What a shell makes of a line in which `$TAIPAN` is the program.
fn through_shell(line: &str) -> String {
    let output = Command::new("sh").args(["-c", line]).env("TAIPAN", env!("CARGO_BIN_EXE_taipan")).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn standard_streams_that_are_closed_are_none() {
    let show = "import os, sys; os.write({}, repr((sys.stdin, sys.stdout, sys.stderr).index(None)).encode())";
    for (fd, redirected, to) in [(0, "<&-", 1), (1, ">&- 2>&3", 2), (2, "2>&-", 1)] {
        let show = show.replace("{}", &to.to_string());
        assert_eq!(through_shell(&format!("exec 3>&1; \"$TAIPAN\" -c '{show}' {redirected}")), fd.to_string());
    }
}

#[test]
fn arguments_that_are_no_text_are_escaped() {
    let show = "import sys; print(ascii(sys.argv[1:]), ascii(sys.orig_argv[3:]))";
    let line = format!("\"$TAIPAN\" -c '{show}' \"$(printf 'a\\377')\" \"$(printf '\\303\\244')\"");
    assert_eq!(through_shell(&line), "['a\\udcff', '\\xe4'] ['a\\udcff', '\\xe4']\n");
}

#[test]
fn inequality_of_the_flufl() {
    let code = "from __future__ import barry_as_FLUFL; print(1 <> 2, 1 <> 1, eval(\"2 <> 3\"), f\"{1 <> 2}\")";
    assert_eq!(printed(&["-c", code]), "True False True True\n");
    let code = "from __future__ import barry_as_FLUFL\n1 != 2";
    let (_, error) = refused(&["-c", code]);
    assert!(error.contains("    1 != 2\n"), "{error}");
    assert!(error.ends_with("SyntaxError: with Barry as BDFL, use '<>' instead of '!='\n"), "{error}");
    let output = taipan(&["-i", "-q", "-c", "0"], &[], "from __future__ import barry_as_FLUFL\n2 <> 3\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "True\n", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn loader_of_the_program() {
    let folder = std::env::temp_dir().join(format!("taipan-loader-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("shown.py");
    std::fs::write(&file, "print(type(__loader__).__name__, __spec__, __loader__.name, __loader__.path == __file__)\n")
        .unwrap();
    let shown = printed(&[file.to_str().unwrap()]);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(shown, "SourceFileLoader None __main__ True\n");
}

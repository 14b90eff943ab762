"""taipan -m memscope PROG.py args...: run a program and report on its memory at the end."""

import memscope
import os
import sys
import time

USAGE = """\
usage: taipan -m memscope [options] PROG.py [args...]
       taipan -m memscope [options] -m MODULE [args...]

Run a program and print a report on its memory to standard error when it has ended.

  -n N, --types N      show the first N types (default 15)
  -r, --retained       also show what each type keeps alive
  -g, --garbage        also show what is unreachable and not collected yet
  -x FILE              export a snapshot at the end: FILE.heapsnapshot for the memory
                       panel of Chrome's developer tools, any other name for lines of JSON
  -h, --help           show this text
"""


class Options:
    types = 15
    retained = garbage = False
    export = module = None


def fail(message):
    sys.stderr.write(f"memscope: {message}\n{USAGE}")
    raise SystemExit(2)


def parse(arguments):
    options, arguments = Options(), list(arguments)

    def operand(name):
        if not arguments:
            fail(f"option {name} needs an argument")
        return arguments.pop(0)

    while arguments and arguments[0].startswith("-") and arguments[0] != "-":
        name = arguments.pop(0)
        if name == "--":
            break
        if name in ("-h", "--help"):
            sys.stdout.write(USAGE)
            raise SystemExit(0)
        elif name in ("-n", "--types"):
            number = operand(name)
            if not number.isdecimal():
                fail(f"option {name} needs a number, not {number!r}")
            options.types = int(number)
        elif name in ("-r", "--retained"):
            options.retained = True
        elif name in ("-g", "--garbage"):
            options.garbage = True
        elif name == "-x":
            options.export = operand(name)
        elif name == "-m":
            options.module = operand(name)
            return options, [options.module, *arguments]
        else:
            fail(f"no option {name}")
    if not arguments:
        sys.stderr.write(USAGE)
        raise SystemExit(2)
    if not os.path.exists(arguments[0]):
        sys.stderr.write(f"memscope: can't open file {arguments[0]!r}: No such file or directory\n")
        raise SystemExit(2)
    return options, arguments


def seconds(time):
    if time < 0.001:
        return f"{time * 1e6:.0f} µs"
    return f"{time * 1e3:.1f} ms" if time < 1 else f"{time:.2f} s"


def run(options, arguments):
    """Runs the program as __main__; the exception that ended it, or None."""
    import runpy
    sys.argv[:] = arguments
    try:
        if options.module is not None:
            runpy.run_module(options.module, run_name="__main__", alter_sys=True)
        else:
            run_file(arguments[0])
    except SystemExit as error:
        return error
    except BaseException as error:
        # What stands above the program in the traceback is memscope's own.
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename in OWN:
            trace = trace.tb_next
        return error.with_traceback(trace or error.__traceback__)
    return None


def run_file(path):
    import types
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(path) or path.endswith((".zip", ".pyz")):
        import runpy
        runpy.run_path(path, run_name="__main__")
        return
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    main = types.ModuleType("__main__")
    main.__file__ = path
    main.__builtins__ = __builtins__
    sys.modules["__main__"] = main
    exec(code, main.__dict__)


def report(options, elapsed, processor):
    """The report; looks first and writes afterwards, so that it shows the program's memory and not its own."""
    # The peaks first: looking takes memory, too.
    (young, middle, old), peak, resident = memscope.collector()
    areas = memscope.areas()
    census = memscope.census(retained=options.retained)
    garbage = memscope.garbage(5) if options.garbage else None
    write = sys.stderr.write
    write(f"\n── memory at the end, after {seconds(elapsed)} ({seconds(processor)} of processor time) ──\n\n")
    write(f"{areas!r}\n\n{census.text(options.types)}\n\n")
    rows = []
    for name, (collections, collected, total, longest) in zip(("young", "middle", "full"), (young, middle, old)):
        rows.append((name, f"{collections:,}", f"{collected:,}", seconds(total), seconds(longest)))
    rows.append(("all", f"{young[0] + middle[0] + old[0]:,}", f"{young[1] + middle[1] + old[1]:,}",
                 seconds(young[2] + middle[2] + old[2]), seconds(max(young[3], middle[3], old[3]))))
    write(memscope.table(("collections", "count", "freed", "time", "longest"), rows) + "\n\n")
    write(f"  peak: heap {memscope.human(peak)}, process {memscope.human(resident)}\n")
    if garbage is not None:
        write(f"\n{garbage!r}\n")
    if options.export is not None:
        memscope.export(memscope.snapshot(), options.export)
        write(f"\n  snapshot written to {options.export}\n")


OWN = (__file__, memscope.__file__, "<frozen runpy>")


def main():
    options, arguments = parse(sys.argv[1:])
    began, processor = time.perf_counter(), time.process_time()
    keep = sys.modules["__main__"]
    ended = run(options, arguments)
    elapsed, processor = time.perf_counter() - began, time.process_time() - processor
    if ended is not None and not isinstance(ended, SystemExit):
        # As at the end of any program: the traceback comes first.
        sys.excepthook(type(ended), ended, ended.__traceback__)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass
    try:
        report(options, elapsed, processor)
    except OSError as error:
        sys.stderr.write(f"memscope: {error}\n")
    if isinstance(ended, SystemExit):
        raise ended
    if isinstance(ended, KeyboardInterrupt):
        raise SystemExit(130)
    if ended is not None:
        raise SystemExit(1)
    del keep


if __name__ == "__main__":
    main()

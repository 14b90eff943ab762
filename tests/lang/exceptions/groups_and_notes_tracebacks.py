# How groups, notes, chains and odd exceptions look in tracebacks.
import traceback
def show(label, e, **options):
    print("==", label)
    print("".join(traceback.format_exception(e, **options)).replace(__file__, "FILE"), end="")
def raised(make):
    try: make()
    except BaseException as e: return e
def fail(e): raise e
def inner(): fail(ValueError("deep"))
def with_note():
    try: inner()
    except ValueError as e:
        e.add_note("first note"); e.add_note("two\nlines"); e.add_note("")
        raise
def group():
    errors = [raised(inner), raised(lambda: 1 / 0), KeyError("never raised")]
    raise ExceptionGroup("several", errors)
def nested():
    first = raised(group)
    first.add_note("note of inner group")
    second = ExceptionGroup("outer", [first, OSError(2, "no file", "name"), BaseExceptionGroup("innermost", [KeyboardInterrupt()])] if False else [first, OSError(2, "no file", "name")])
    second.add_note("note of outer group")
    raise second from raised(with_note)
def context():
    try: group()
    except* ValueError: raise TypeError("in handler")
def wide(): raise ExceptionGroup("wide", [ValueError(n) for n in range(18)])
def deep():
    e = ValueError("bottom")
    for n in range(12): e = ExceptionGroup(f"level {n}", [e])
    raise e
def recursion():
    def f(n): return f(n + 1) if n < 30 else 1 / 0
    f(0)
def syntax(): compile("a = (1,\n  b c)\n", "<source>", "exec")
class Unprintable(Exception):
    def __str__(self): raise RuntimeError
class Multi(Exception):
    def __str__(self): return "line one\nline two"
class Outer:
    class Inner(Exception): pass
def bad_notes():
    e = ValueError("x"); e.__notes__ = 5; raise e
def odd_notes():
    e = ValueError("x"); e.__notes__ = [1, None, Unprintable()]; raise e
def cycle():
    a, b = ValueError("a"), ValueError("b")
    a.__context__, b.__context__ = b, a
    raise a
def cause_none():
    try: 1 / 0
    except ZeroDivisionError: raise ValueError("hidden") from None
def long_line(): return fail(ValueError("argument")) if "a very long condition so that the line is wide" else (1, 2, 3, "and more text")
def multi_line():
    return fail(
        ValueError(
            "spread"))
for f in (inner, with_note, group, nested, context, wide, deep, recursion, syntax, bad_notes, odd_notes, cycle, cause_none, long_line, multi_line):
    show(f.__name__, raised(f))
show("unprintable", Unprintable())
show("multi", Multi())
show("nested class", Outer.Inner("x"))
show("no args", Exception())
show("key error", KeyError("k")); show("key error of two", KeyError("a", 2))
show("limit", raised(with_note), limit=1); show("limit from the end", raised(with_note), limit=-1)
show("no chain", raised(nested), chain=False)
e = raised(group)
print(traceback.format_exception_only(e), traceback.format_exception_only(e, show_group=True))
te = traceback.TracebackException.from_exception(raised(nested), capture_locals=False)
print(te.exc_type_str, str(te), len(list(te.format())), te.exceptions[0].exc_type_str, te.__cause__.__notes__)
print(te == te, te.stack[0].name, [f.lineno - nested.__code__.co_firstlineno for f in te.stack][-1])

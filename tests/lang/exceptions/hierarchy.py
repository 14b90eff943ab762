# The classes, their attributes, args and str.
for e in (BaseException, Exception, ArithmeticError, ZeroDivisionError, OverflowError, LookupError, KeyError, IndexError, ValueError, UnicodeDecodeError, TypeError, AttributeError, NameError, UnboundLocalError, OSError, FileNotFoundError, PermissionError, StopIteration, StopAsyncIteration, GeneratorExit, KeyboardInterrupt, SystemExit, RuntimeError, RecursionError, NotImplementedError, AssertionError, ImportError, ModuleNotFoundError, SyntaxError, IndentationError, MemoryError, BufferError, EOFError, Warning, DeprecationWarning, ExceptionGroup, BaseExceptionGroup):
    print(e.__name__, [c.__name__ for c in e.__mro__[1:]])
for e in (Exception(), Exception("one"), Exception("one", 2), KeyError("k"), KeyError(), KeyError("a", "b"), ValueError(None), OSError(2, "No such file"), OSError(2, "No such file", "path"), OSError("only"), StopIteration(5), SystemExit(3), SystemExit(), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), SyntaxError("msg"), ImportError("m", name="n", path="p"), AttributeError("a", name="n", obj=5), NameError("x", name="y")):
    print(repr(e), "|", str(e), "|", e.args)
e = OSError(13, "denied", "file")
print(e.errno, e.strerror, e.filename, type(e).__name__, type(OSError(17, "x")).__name__, type(OSError(32, "x")).__name__)
print(StopIteration(7).value, SystemExit("bye").code, ImportError("m", name="n").name, AttributeError("a", name="n", obj=5).obj)


class Mine(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b

    def __str__(self):
        return f"mine {self.args} {self.b}"


try:
    raise Mine(1, 2)
except Exception as e:
    print(e, repr(e), e.b, isinstance(e, Mine))
for f in (lambda: [].x, lambda: unknown, lambda: {}["k"], lambda: [][0], lambda: int("x"), lambda: open("/nonexistent/file")):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, getattr(e, "name", "-"), getattr(e, "obj", "-"), getattr(e, "filename", "-"))
try:
    raise Mine
except TypeError as e:
    print(e)
try:
    assert 1 == 2, "assertion text"
except AssertionError as e:
    print(repr(e))
try:
    assert []
except AssertionError as e:
    print(repr(e))
e = ValueError("x")
e.note = 5
print(e.__dict__, e.with_traceback(None) is e, e.__traceback__)

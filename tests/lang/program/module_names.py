# The names a main module is born with.
print(__name__, __doc__, __builtins__.__name__, __file__.endswith("module_names.py"), __package__, __spec__)
print(sorted(n for n in globals() if not n.startswith("__")))
x = 1
print("x" in globals(), "x" in locals(), globals() is locals(), vars() is globals(), globals()["x"])
globals()["made"] = "by hand"
print(made)
import sys

print(sys.modules["__main__"].x, sys.modules[__name__].made)
def f():
    y = 2
    return sorted(locals()), "y" in globals()
print(f())
exec("z = x + 1")
print(z, eval("z * 2"), eval("a + b", {"a": 1, "b": 2}), eval("q", {}, {"q": 3}))
ns = {}
exec("def g(): return h\nh = 5", ns)
print(ns["g"](), sorted(k for k in ns if k != "__builtins__"))
code = compile("1 + 2", "<text>", "eval")
print(eval(code), code.co_filename, code.co_name)
exec(compile("print('compiled')", "<text>", "exec"))
for text in ("1 +", "x = ", "return 1", "a b"):
    try:
        compile(text, "<text>", "exec")
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset, repr(e.text), e.filename)
print(dir() == sorted(dir()), "x" in dir(), eval("[i for i in range(x)]"))

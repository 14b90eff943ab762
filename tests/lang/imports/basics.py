# import in its forms, of modules and packages beside this file.
import os.path
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import plain
import plain as renamed
import package
import package.sub.leaf
from package import sibling, value as v
from package.sub import leaf, from_init
from plain import *

print(plain.x, renamed is plain, package.value, package.sub.leaf.name, sibling.name, v, leaf.name, from_init)
print(exported, "hidden" in globals(), "_private" in globals(), plain._private)
print(plain.__name__, plain.__file__.endswith("plain.py"), package.__path__ is not None, leaf.__name__, leaf.__package__, package.__package__, plain.__package__)
print("plain" in sys.modules, sys.modules["package.sub.leaf"] is leaf, package.sub.leaf is leaf)
for text in ("import nothing_like_this", "from plain import nope", "import plain.sub", "from package import missing_module", "import package.broken", "from . import x", "import package.sub.nope", "from plain import x, nope as y"):
    try:
        exec(text)
        print("fine", text)
    except Exception as e:
        print(type(e).__name__, str(e).split(" (")[0], getattr(e, "name", None))
print("package.broken" in sys.modules)


def local_import():
    import plain as local
    from package.sub.leaf import name
    return local.x, name


print(local_import(), "local" in globals())
print(leaf.relative, leaf.cousin)
import circular_a

print(circular_a.result)
plain.x = "changed"
import plain

print(plain.x)
del sys.modules["plain"]
import plain

print(plain.x)
print(__import__("package.sub").__name__, __import__("package.sub", fromlist=["leaf"]).__name__)
import package.lazy

print(package.lazy.computed)
try:
    package.lazy.other
except AttributeError as e:
    print(e)
try:
    plain.missing
except AttributeError as e:
    print(e)
print(repr(plain).startswith("<module 'plain' from"), type(plain).__name__, sorted(n for n in vars(leaf) if not n.startswith("__")))

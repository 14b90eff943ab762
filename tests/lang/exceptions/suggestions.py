# NameError, AttributeError, ImportError, SyntaxError and keyword suggestions as tracebacks show them.
import re, sys, traceback
class Thing:
    colour = 1
    _private = 2
    class_method_with_long_name = 3
    __slots__ = ("slotted", "other")
    def method(self, parameter=1): pass
class Instance:
    def __init__(self):
        self.value = self.values = 1
        self.inner = Thing()
    def use(self): return valu
    def bare(self): return value
class Dir:
    def __dir__(self): return ["alpha", "beta", 1]
class BadDir:
    def __dir__(self): raise RuntimeError
import collections
some_global = 1
def show(code, namespace=None):
    try: exec(code, globals() if namespace is None else namespace)
    except Exception as e:
        print(code.strip().splitlines()[-1], "->", re.sub(r"\(/?\S*/(\S*)\)", r"(\1)", re.sub(r"\(<stdlib>/", "(/lib/", traceback.format_exception_only(e)[-1].strip())))
for code in """
som_global
some_globl
some_globals_
x
prnt
pirnt(1)
lenn
Treu
none
null
true
self
colections
collections.ordereddict
collections.OrderedDct
collections.xyz
Thing.color
Thing.Colour
Thing().coluor
Thing().private
Thing().__private
Thing().slot
Thing().slotte
Thing().metod()
Thing.class_method_with_lng_name
Thing().class_method
Instance().valu
Instance().vlaue
Instance().colour
Instance().use()
Instance().bare()
Instance().inne.colour
Dir().alpa
Dir().bet
BadDir().x
(1).imga
"".uper()
"".isalphanum()
[].appendd(1)
[].add(1)
[].push(1)
{}.iteritem
{}.has_key
(1,).append
set().append(1)
None.x
(lambda: 0).__nam__
print(seperator="")
print(ends="")
int.from_byte
sys.pth
sys.stdot
Thing().method(param=1)
Thing().method(parametr=1)
sorted([], ky=1)
open("x", mod="r")
"a".split(spe=1)
asyncio
os.path
itertools
json.loads
unknown_module
from collections import OrderedDit
from collections import abcd
from os import paht
import colections
import collections.abd
import numpyy
from . import x
from math import sine
from sys import versions
from nowhere import x
del some_globall
some_globl += 1
""".strip().splitlines():
    show(code)
show("def f(argument): return argumnt\nf(1)")
show("def f():\n local = 1\n return loacl\nf()")
show("def f():\n local = 1\n def g(): return locla\n return g()\nf()")
show("def f():\n print(later)\n later = 1\nf()")
show("def f():\n def g(): return free\n g()\n free = 1\nf()")
show("def f():\n x = 1\n del x\n x\nf()")
show("class A:\n attribute = 1\n x = atribute")
show("class A:\n attribute = 1\n def f(self): return attribute\nA().f()")
show("[elemnt for element in [1]]")
show("try: 1/0\nexcept ZeroDivisionError as err: pass\nerr")

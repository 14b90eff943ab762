# SyntaxErrors in statements: message and the whole range.
cases = r'''
if
if a
if a: 
if a = 1: pass
if a:\npass
elif a: pass
else: pass
if a: pass\nelse
while
while a
while a = 1: pass
for
for a
for a in
for a in b
for a b in c: pass
for 1 in a: pass
for f() in a: pass
for a in b: pass\nelse
try: pass
try: pass\npass
try: pass\nexcept
try: pass\nexcept a
try: pass\nexcept a as 1: pass
try: pass\nexcept a as b.c: pass
try: pass\nexcept a, b as c: pass
try: pass\nexcept a, b: pass
try: pass\nexcept: pass\nexcept a: pass
try: pass\nexcept* a: pass\nexcept b: pass
try: pass\nexcept b: pass\nexcept* a: pass
try: pass\nexcept*: pass
try: pass\nfinally
try: pass\nelse: pass
try: pass\nfinally: pass\nexcept: pass
try\n pass
except: pass
finally: pass
with
with a
with a as
with a as 1: pass
with a as f(): pass
with (a as b, c as 1): pass
with a, : pass
with (a as b): pass
def
def f
def f(
def f()
def f(): 
def f:
def f(a, a): pass
def f(a=1, b): pass
def f(*): pass
def f(*, **k): pass
def f(**k, a): pass
def f(*a, *b): pass
def f(a, /, b, /): pass
def f(*, a, /): pass
def f(/): pass
def f(1): pass
def f(a.b): pass
def f((a, b)): pass
def f(None): pass
def f(*a=1): pass
def f(**k=1): pass
def f(a:): pass
def f(a: int =): pass
def f() -> : pass
def f[]() : pass
def f[T, T](): pass
def f[T: (yield)](): pass
def f[*T: int](): pass
def f[T = int, U](): pass
def None(): pass
class
class A
class A:
class A(: pass
class A(x for x in y): pass
class A(a=1, a=2): pass
class A[T](T: int): pass
class 1: pass
class A[T:=1]: pass
async
async a
async def
async x = 1
async for a in b: pass
async with a: pass
await a
def f(): await a
def f(): async for a in b: pass
def f(): async with a: pass
def f(): [a async for a in b]
async def f(): yield from a
async def f():\n yield 1\n return 2
return
yield
yield from a
class A: return 1
class A: yield
break
continue
def f():\n break
for a in b:\n def f(): continue
while 1: pass\nelse: break
import
import a.
import .a
import a as
import a as b.c
import a as 1
import a, 
import (a)
import a from b
from
from a
from a import
from a import (
from a import ()
from a import b,
from a import b as
from a import b.c
from a import b as c.d
from a import *, b
from . import
from .a import (b c)
from a import b, (c)
global
global a, 
global a.b
a = 1\nglobal a
def f():\n a = 1\n global a
def f(a): global a
def f(a): nonlocal a
def f(): nonlocal zz
def f():\n print(a)\n global a
def f():\n global a\n nonlocal a
nonlocal a
del
del 1
del f()
del a + b
del (a, 1)
del *a
del a, b()
del [a, *b]
del None
del (yield)
assert
assert a,
assert a, b, c
assert (a, b)
assert a = 1
raise a from
raise from a
raise a, b
pass a
break 1
match
match a
match a:
match a:\n b
match a:\n case
match a:\n case 1
match a:\n case 1:
match a:\n case a: pass\n case b: pass
match a:\n case _: pass\n case b: pass
match a:\n case a | b: pass
match a:\n case [a, a]: pass
match a:\n case [*a, *b]: pass
match a:\n case {**a, 'b': 1}: pass
match a:\n case {'a': 1, 'a': 2}: pass
match a:\n case {a: 1}: pass
match a:\n case {**_}: pass
match a:\n case f(a=1, a=2): pass
match a:\n case f(a=1, 2): pass
match a:\n case 1 + 2: pass
match a:\n case 1j + 2: pass
match a:\n case -a: pass
match a:\n case a as b.c: pass
match a:\n case a as _: pass
match a:\n case a() as 1: pass
match a:\n case f'a': pass
match a:\n case 1 | 2 as a | 3: pass
match a:\n case a.b | _: pass\n case 1: pass
match a:\n case not a: pass
match a:\n case a if: pass
type
type X
type X =
type X = (yield)
type X = await a
type X[T] = (a := 1)
type X = 1 = 2
type 1 = 2
type X[T, T] = T
type None = 1
a: int = 
a: 
(a, b): int
[a]: int
a, b: int
a += 
a += b = c
a = b += c
(a, b) += 1
[a] += 1
f() += 1
1 += 1
a + b += 1
f() = 1
a + b = 1
1 = a
None = 1
a, None = 1
"a" = 1
f"a" = 1
[a, 1] = b
(a, f()) = b
a = 1 = b
-a = 1
a < b = 1
a if b else c = 1
lambda: a = 1
[a for a in b] = 1
{a} = 1
{} = 1
... = 1
__debug__ = 1
a.__debug__ = 1
def f(__debug__): pass
import a as __debug__
x = yield = 1
*a, *b = c
*a, = *b, *c = d
 a
a\n  b
if a:\n  b\n c
if a:\n\tb\n        c
a;; b
; a
:
a:=1
@
@a
@a\nb
@a b\ndef f(): pass
'''.strip("\n").split("\n")
for text in cases:
    source = text.replace("\\n", "\n").replace("\\t", "\t")
    try:
        compile(source, "<case>", "exec")
        print(repr(text), "fine")
    except SyntaxError as e:
        print(repr(text), type(e).__name__, "|", e.msg, "|", e.lineno, e.offset, e.end_lineno, e.end_offset)

# Every kind of instruction many times over on a small native stack: none may leave anything there, and all must end.
import sys
import threading

ROUNDS = 1_000

SETUP = """
import asyncio
class Base:
    def act(self, n): return n
    def __init__(self, value=0): self.value = value
class Object(Base):
    shared = 3
    __slots__ = ()
    def act(self, n): return super().act(n)
    @property
    def twice(self): return self.value + self.value
    @classmethod
    def make(cls): return cls
    def __add__(self, other): return 1
    def __radd__(self, other): return 2
    def __lt__(self, other): return True
    def __gt__(self, other): return False
    def __bool__(self): return False
    def __getitem__(self, index): return index
    def __setitem__(self, index, value): pass
    def __contains__(self, item): return True
    def __neg__(self): return 4
    def __call__(self, *args): return args
    def __enter__(self): return self
    def __exit__(self, *what): return True
class Once:
    def __iter__(self): return self
    def __next__(self): raise StopIteration
class Plain: pass
def same(a, b=2): return a
def many(*args, **names): return names
def produce():
    got = None
    while True: got = yield got
def pair():
    yield 1
    yield 2
def delegating(): return (yield from pair())
async def nothing(): return 5
async def waiting(): return await nothing()
def outer():
    kept = 0
    def inner():
        nonlocal kept
        kept += 1
        return kept
    return inner
counter = 0
def run(rounds):
    global counter
    import math
    thing, plain, items, table, row = Object(), Plain(), [1, 2, 3], {'a': 1}, (1, 2)
    plain.value = 1
    x, y, text, big, number = 7, 2.5, 'word', 1 << 70, 0
    generator, inner = produce(), outer()
    next(generator)
    if rounds: late = 3
    while number < rounds:
        number += 1
        {body}
    return number
"""

BODIES = """
z = x; z = 3; z = 'const'; del z
inner()
counter = number; z = counter; z = len
z = plain.value; plain.value = z; plain.other = number
z = thing.twice; z = thing.shared; z = Object.shared; Object.shared = 3
z = thing.act(1); z = text.upper(); z = Object.make(); z = math.floor(y)
z = items[0]; z = items[x - 6]; z = table['a']; z = thing[1]; z = thing[x]; z = [items][0][1]
items[0] = 1; items[x - 6] = number; table['a'] = y; thing[1] = 2; thing[x] = 3
a, b = row; a, b, c = items; a, *b = items; a, b = b, a
z = [1, x]; z = {'k': x}; z = (x, y); z = {x, y}; z = [*items]; z = {**table}; z = (*row, 1); z = slice(x, x)
z = x + x; z = x - x; z = x * x; z = x / x; z = x // x; z = x % x; z = x ** 2; z = x << 2; z = x >> 1; z = x & x; z = x | x; z = x ^ x
z = y + y; z = y - y; z = y * y; z = y / y; z = y // y; z = y % y; z = y ** y; z = y + x; z = x - y; z = x / y; z = 2 * y; z = y + 1; z = y - 1; z = y * 3
z = big + big; z = big - 1; z = x * big; z = big // 3; z = big % 7; z = big & 255; z = big >> 3; z = -big; z = big / 3; z = big < x; z = big == 1
z = text + text; z = text * 2; z = text % (); z = thing + 1; z = 1 + thing; z = thing + x; z = -thing; z = -x; z = -y; z = +x; z = ~x; z = not x; z = not thing; z = not text
z = x < 3; z = x <= y; z = x == y; z = x != x; z = x > y; z = y >= y; z = text < 'a'; z = thing < 1; z = x is y; z = x is not None; z = text in 'words'; z = 1 in thing; z = 1 not in items
if x < 3 or y < 1 or x == 8 or x != 7 or x > 9 or x >= 9 or x <= 1: z = 1
if x < y or y > 9.5 or text == 'other' or (thing < 3) is y: z = 1
if x is None or y is not y or text in items or None is not None or thing: z = 1
z = x and y or text; z = thing or x; z = text and None; z = 1 if items else 2; z = 1 if not text else 2
while thing: pass
for z in range(2): pass
for z in items: pass
for z in row: pass
for z in table: pass
for z in text: pass
for z in pair(): pass
for z in Once(): pass
for z in {1}: pass
for z, q in zip(items, items): pass
for z, q in enumerate(items): pass
for z, q in table.items(): pass
z = [q for q in items if q]; z = {q for q in items}; z = {q: q for q in items}; z = list(q for q in items); z = sum(q for q in items)
z = same(1); z = same(b=1, a=2); z = same(*row); z = same(**{'a': 1}); z = many(1, k=2); z = many(*row, **table); z = thing(1); z = Plain(); z = Base(); z = Base(value=1); z = (lambda: x)()
z = len(items); z = isinstance(x, int); z = max(1, 2); z = print.__name__; z = int('1'); z = str(1); z = sorted(items); z = max(items, key=same)
z = next(generator); z = generator.send(number); z = list(delegating())
z = asyncio.run if x == 8 else 0
try: raise ValueError
except ValueError: z = 1
try: z = missing
except NameError as error: z = 2
try:
    try: raise KeyError(1) from None
    finally: z = 1
except KeyError: z = 2
z = late >> x; z = x if x <= number else late; z = y if number >= x else y; z = not (x > number)
if x <= number and number >= x: z = late
try: raise ValueError
except ValueError:
    try: raise
    except ValueError: z = 4
try: z = items[9]
except IndexError: z = 3
with thing: z = 1
with thing: raise ValueError
z = items[1:2]; z = items[::2]; z = items[x:number]; items[x:number] = (); items[1:2] = [2]; table['b'] = 1; del table['b']; plain.gone = 1; del plain.gone
z = f'{x}'; z = f'{x!r:>4} {y:.2f} {text}'; z = f'{text}{x}'
import sys; from sys import path
match row:
    case {'k': q}: z = 1
    case [1, q, *_]: z = 2
match plain:
    case Plain(value=1): z = 1
    case _: z = 2
z: int = 1; assert x; z = x if x else y; z = [(a := q) for q in row]
def made(a, b=x, *, c=y) -> int: return a
class Made: field = 1
"""


def bodies():
    lines = []
    for line in BODIES.strip().splitlines():
        if lines and line.startswith((' ', 'except', 'finally')):
            lines[-1] += '\n        ' + line
        else:
            lines.append(line)
    return lines


def check():
    for body in bodies():
        rounds = ROUNDS if 'class ' not in body else 100
        names = {}
        exec(SETUP.replace('{body}', body), names)
        if names['run'](rounds) != rounds:
            print('wrong count:', body)
    coroutine_rounds(ROUNDS // 4)
    print('all ran')


def coroutine_rounds(rounds):
    class Steps:
        def __aiter__(self):
            return self

        async def __anext__(self):
            self.left -= 1
            if self.left < 0:
                raise StopAsyncIteration
            return self.left

    class Manager:
        async def __aenter__(self):
            return 1

        async def __aexit__(self, *what):
            return True

    async def one():
        return 1

    async def numbers():
        for n in range(3):
            yield n

    async def work():
        steps, manager = Steps(), Manager()
        for _ in range(rounds):
            await one()
            async with manager:
                raise ValueError
            steps.left = 2
            async for _ in steps:
                pass
            [n async for n in numbers()]

    try:
        work().send(None)
    except StopIteration:
        pass


threading.stack_size(256 * 1024)
thread = threading.Thread(target=check)
thread.start()
thread.join()

# Contexts: attributes, flags and traps, the current one of threads, tasks and contexts of variables, copies, subclasses and pickles.
import contextvars
import copy
import decimal
import pickle
import threading
from decimal import *
from fractions import Fraction


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


context = Context(prec=7, rounding=ROUND_DOWN, flags=[Inexact], traps=[Overflow, FloatOperation])
print(context, context.flags, len(context.traps), context.Etiny(), context.Etop())
print(pickle.loads(pickle.dumps(context)), copy.copy(context), context.copy() is context)
for name, value in (("prec", 0), ("prec", "5"), ("prec", 2 ** 64), ("Emin", 1), ("Emax", -1), ("rounding", "x"), ("clamp", 2),
                    ("capitals", -1), ("flags", {}), ("traps", [Inexact])):
    print(name, value, attempt(setattr, context, name, value))
print(attempt(delattr, context, "prec"), attempt(lambda: context.flags[ValueError]), attempt(context.flags.__delitem__, Inexact))
context.flags[Clamped] = True
print(context.flags.copy(), context.flags == context.traps, list(context.flags)[:2])
context.clear_flags()
context.clear_traps()
print(context)

with localcontext(context, prec=3, capitals=0) as local:
    print(Decimal(1) / 3, Decimal("1E+20"), getcontext() is local, local is context)
print(getcontext().prec, attempt(localcontext, 5), attempt(localcontext, precision=5))


def in_thread():
    print("thread", getcontext().prec, Decimal(2).sqrt())
    getcontext().prec = 4
    print("thread", Decimal(2).sqrt())


getcontext().prec = 10
thread = threading.Thread(target=in_thread)
thread.start()
thread.join()
print("main", Decimal(2).sqrt())


def in_copy():
    print("copy", getcontext().prec)
    setcontext(Context(prec=2))
    print("copy", Decimal(1) / 7)


copied = contextvars.copy_context()
copied.run(in_copy)
print("main", Decimal(1) / 7)
copied.run(lambda: print("copy", Decimal(1) / 7))


async def task(prec):
    import asyncio
    setcontext(Context(prec=prec))
    for _ in range(3):
        await asyncio.sleep(0)
    return Decimal(1) / 7


async def tasks():
    import asyncio
    return await asyncio.gather(*(task(prec) for prec in (3, 5, 8)))


import asyncio
print(asyncio.run(tasks()), Decimal(1) / 7)


class Money(Decimal):
    unit = "EUR"

    def __str__(self):
        return f"{super().__str__()} {self.unit}"


m = Money("12.50")
m.note = "x"
print(m, repr(m), type(m + 1), m.note, type(Decimal(m)), Money.from_float(0.5), type(Money.from_float(0.5)))
print(pickle.loads(pickle.dumps(Decimal("-1.50"))), copy.deepcopy(m) is m, type(copy.copy(Decimal(3))))
print(hash(Decimal("0.25")) == hash(0.25) == hash(Fraction(1, 4)), hash(Decimal(2 ** 80)) == hash(2 ** 80))
print(Decimal(1) == 1.0, Decimal("0.1") == 0.1, Decimal("0.5") < Fraction(2, 3), Decimal(2) == 2 + 0j, Decimal(5) == "5")
print(attempt(lambda: Decimal(1) < 1j), attempt(lambda: Decimal(1) + 1.5), attempt(lambda: Decimal("sNaN") == 1))
print(sum([Decimal("0.1")] * 3), max(Decimal(1), 2), sorted([Decimal("1.10"), 1, Fraction(1, 2), 0.7]))
for value in ("x", " 1_000.5 ", "٣.٥", (1, (1, 2, 3), -1), (0, (), "F"), (2, (1,), 0), (0, (11,), 0), 0.1, None, b"1", "1e9999999999999999999"):
    print(repr(value), attempt(Decimal, value), attempt(getcontext().create_decimal, value))
print(IEEEContext(64), attempt(IEEEContext, 33), decimal.__version__, decimal.HAVE_THREADS)
print([type(error).__mro__[1:3] for error in (DivisionByZero(), Overflow(), FloatOperation())])
print(attempt(lambda: Decimal(1) / 0), attempt(lambda: Decimal(0) / 0), attempt(divmod, Decimal(1), 0))

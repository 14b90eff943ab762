# Decimal arithmetic in several contexts, with the conditions that come up.
from decimal import *
import decimal

SIGNALS = [InvalidOperation, FloatOperation, DivisionByZero, Overflow, Underflow, Subnormal, Inexact, Rounded, Clamped]


def show(name, function, *operands):
    context = getcontext()
    context.clear_flags()
    try:
        result = repr(function(*operands))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(name, *operands, "->", result, [signal.__name__ for signal in SIGNALS if context.flags[signal]])


numbers = [Decimal(text) for text in (
    "-0.00", "1", "-7.5", "2E+5", "99999999999999999999999999999", "1E-400", "Infinity", "sNaN")]

for context in (DefaultContext.copy(), Context(prec=5, Emax=99, Emin=-99, clamp=1, rounding=ROUND_FLOOR, traps=[])):
    setcontext(context)
    print(context)
    for a in numbers:
        for name in ("sqrt", "exp", "ln", "log10", "normalize", "to_integral_exact", "next_plus", "next_minus", "logb",
                     "number_class", "to_eng_string", "__neg__", "__abs__", "__int__", "__float__", "__round__",
                     "as_tuple", "as_integer_ratio"):
            show(name, getattr(Decimal, name), a)
        for b in numbers:
            for name in ("__add__", "__sub__", "__mul__", "__truediv__", "__divmod__", "__pow__", "__lt__", "__eq__",
                         "quantize", "remainder_near", "compare", "compare_total", "max", "min_mag", "next_toward",
                         "scaleb", "same_quantum"):
                show(name, getattr(Decimal, name), a, b)

setcontext(DefaultContext)
show("fma", Decimal.fma, Decimal("1.1"), Decimal("2.2"), Decimal("-3e-30"))
show("pow", pow, Decimal(7), Decimal(222), Decimal(1000007))
show("pow", pow, Decimal(7), Decimal(-1), Decimal(10))
show("rotate", Decimal.rotate, Decimal("1234567890123456789012345678"), Decimal(5))
show("shift", Decimal.shift, Decimal("1234567890123456789012345678"), Decimal(-5))
show("logical", Decimal.logical_xor, Decimal(1100110), Decimal(1010101))
show("round", round, Decimal("2.675"), 2)
show("round", round, Decimal("1e30"), 2)

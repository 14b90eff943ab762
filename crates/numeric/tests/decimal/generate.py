"""Writes cases for the test of decimal arithmetic: python3.14 generate.py [COUNT [SEED]] > cases.txt

A line is: operation, precision, Emax, Emin, rounding, clamp, operands, "=>", result, conditions.
"""
import decimal
import random
import sys
from decimal import Decimal

ROUNDINGS = ["ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_HALF_UP", "ROUND_HALF_DOWN",
             "ROUND_HALF_EVEN", "ROUND_05UP"]
UNARY = ["exp", "ln", "log10", "sqrt", "plus", "minus", "abs", "normalize", "to_integral_exact", "to_integral_value",
         "logb", "logical_invert", "next_plus", "next_minus", "number_class", "to_eng_string", "create_decimal"]
BINARY = ["add", "subtract", "multiply", "divide", "divide_int", "remainder", "remainder_near", "power", "quantize",
          "compare", "compare_signal", "compare_total", "compare_total_mag", "max", "min", "max_mag", "min_mag",
          "next_toward", "scaleb", "shift", "rotate", "logical_and", "logical_or", "logical_xor", "same_quantum"]
TERNARY = ["fma", "powmod"]


def digits(rng, most):
    count = rng.randint(1, most)
    shape = rng.randrange(6)
    if shape == 0:
        return rng.choice("123456789") + "0" * (count - 1)
    if shape == 1:
        return "9" * count
    if shape == 2:
        return "".join(rng.choice("01") for _ in range(count))
    if shape == 3:
        return rng.choice("123456789") + "0" * (count - 1) + rng.choice("15")
    return "".join(rng.choice("0123456789") for _ in range(count))


def operand(rng, context):
    kind = rng.randrange(40)
    sign = rng.choice(["", "", "-"])
    if kind == 0:
        return sign + "Infinity"
    if kind == 1:
        return sign + "NaN" + rng.choice(["", "", "17", "123456789012345"])
    if kind == 2:
        return sign + "sNaN" + rng.choice(["", "5"])
    if kind == 3:
        return f"{sign}0E{rng.randint(-context.prec - 5, context.prec + 5)}"
    if kind == 4:
        return sign + rng.choice(["1", "1.0", "1.00", "10", "0.1", "100"])
    most = rng.choice([3, 9, context.prec, context.prec + 3, 2 * context.prec, 45, 120])
    text = sign + digits(rng, most)
    where = rng.randrange(8)
    if where < 3:
        return text
    if where < 6:
        return f"{text}E{rng.randint(-most - 4, 4)}"
    if where == 6:
        return f"{text}E{rng.randint(context.Emin - context.prec - most, context.Emin + most)}"
    return f"{text}E{rng.randint(context.Emax - context.prec - most, context.Emax + 3)}"


def small_operand(rng):
    return rng.choice(["", "-"]) + rng.choice(
        [str(rng.randint(0, 9)), str(rng.randint(0, 60)), f"0.{rng.randint(0, 999)}", f"{rng.randint(1, 50)}.5",
         f"1.{'0' * rng.randint(0, 20)}{rng.randint(1, 99)}", f"0.{'9' * rng.randint(1, 20)}"])


def case(rng):
    prec = rng.choice([1, 2, 3, 5, 9, 16, 18, 19, 28, 28, 28, 37, 40, 75])
    emax = rng.choice([6, 99, 384, 999999])
    context = decimal.Context(prec=prec, Emax=emax, Emin=-rng.choice([emax, emax - 1 if emax > 99 else emax]),
                              rounding=rng.choice(ROUNDINGS), clamp=rng.randrange(4) == 0, traps=[])
    count = rng.randrange(20)
    if count < 7:
        name, arity = rng.choice(UNARY), 1
    elif count < 18:
        name, arity = rng.choice(BINARY), 2
    else:
        name, arity = rng.choice(TERNARY), 3
    operands = [operand(rng, context) for _ in range(arity)]
    if name in ("power", "exp", "scaleb", "shift", "rotate") and rng.randrange(4):
        operands[-1] = small_operand(rng)
    if name in ("ln", "log10", "power") and rng.randrange(3) == 0:
        operands[0] = small_operand(rng)
    if name == "powmod" and rng.randrange(4):
        operands = [digits(rng, 12), digits(rng, 5), digits(rng, max(1, prec))]
    if name.startswith("logical") and rng.randrange(4):
        operands = ["".join(rng.choice("01") for _ in range(rng.randint(1, prec))) for _ in operands]
    function = context.power if name == "powmod" else getattr(context, name)
    values = operands if name == "create_decimal" else [Decimal(text) for text in operands]
    try:
        result = function(*values)
    except OverflowError:
        return None
    flags = ",".join(sorted(flag.__name__ for flag, on in context.flags.items() if on)) or "-"
    return " ".join([name, str(prec), str(context.Emax), str(context.Emin), context.rounding, str(context.clamp),
                     *operands, "=>", str(result), flags])


def main(count=6000, seed=1):
    rng = random.Random(seed)
    written = 0
    while written < count:
        line = case(rng)
        if line is not None and len(line) < 700:
            print(line)
            written += 1


main(*map(int, sys.argv[1:]))

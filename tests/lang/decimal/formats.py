# format() of decimal numbers.
from decimal import *

numbers = [Decimal(text) for text in ("0", "-0.000", "0E+3", "1", "-1234567.891", "1E+10", "1.5E-10", "99.995", "Infinity", "-NaN5", "sNaN")]
specs = ["", "f", ".0f", ".2f", "e", ".0e", ".3E", "g", ".2g", "G", "%", ".1%", "n", ",", "020,.2f", "+10", " .1f", "<12", "x^12.1f", "*=+14",
         "z.0f", "015", "_", "_.3f", ".3_f", "#.0f", "é>9", "010e"]
for spec in specs:
    print(repr(spec), [format(number, spec) for number in numbers])
for spec in ("x", "d", ",_", "<010", ".f", "..", "ff", "=-5", "5,,"):
    try:
        print(repr(spec), format(Decimal("-12.5"), spec))
    except ValueError as error:
        print(repr(spec), error)
with localcontext(rounding=ROUND_UP, capitals=0):
    print(f"{Decimal('1.21'):.1f} {Decimal('1E+30')} {Decimal('1E+30'):n} {Decimal('1E+30'):,}")
swiss = {"decimal_point": ",", "thousands_sep": "’", "grouping": "\x03\x03\x00"}
odd = {"decimal_point": "&", "thousands_sep": "-", "grouping": "\x01\x04\x02\x7f"}
print(Decimal("1234567.25").__format__("n", swiss), Decimal("123456789012.5").__format__("n", odd), Decimal(123456).__format__("011n", odd))
print("{:>10} {:.3} {!r:.9}".format(Decimal("3.14159"), Decimal("3.14159"), Decimal("3.14159")), "%.2f %s %d" % (Decimal("2.5"), Decimal("2.50"), Decimal("7.9")))

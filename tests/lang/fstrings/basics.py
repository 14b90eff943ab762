# f-strings: expressions, conversions, format specs, nesting, the = form.
name, n, pi = "Ann", 42, 3.14159
print(f"{name} {n} {pi:.2f} {n:05d} {n:x} {n:#b} {n:>8}| {n:<8}| {n:^8}| {name:*^9} {pi:10.3e}")
print(f"{name!r} {name!s} {'é'!a} {name!r:>8} {n!r:0>5}")
print(f"{n=} {n = } {pi=:.1f} {name=!s} {n+1=} {name.upper()=}")
width, prec = 10, 3
print(f"{pi:{width}.{prec}} {pi:{width}} {name:{'>'}{width}} {n:{'0'}{5}d}")
print(f"{{literal}} {{{n}}} {'quoted'} {"nested " + f'{n}'} {'a' if n else 'b'} {(lambda x: x * 2)(n)}")
print(f"{[i for i in range(3)]} { {'a': 1}['a'] } {n:,} {1234567:,} {1234567:_} {1234567.891:,.2f} {0.256:.1%}")
print(f"multi {
    n
    + 1
} line", f'''triple {name
}''', rf"raw \d {n}", f"{'\n'.join('ab')!r}", f"\x41\t|")
print(f"", f"plain", f"{n}" "adjacent" f"{n}", "a" f"{1}" 'b', len(f"{n}{n}"))


class F:
    def __format__(self, spec): return f"[{spec}]"
    def __str__(self): return "str"
    def __repr__(self): return "repr"


x = F()
print(f"{x} {x:abc} {x!s:>5} {x!r} {x:%Y-%m-%d} {x:{n}} {x=} {x=:y}")
for text in ("f'{1:d}'", "f'{1.5:d}'", "f'{\"a\":d}'", "f'{[]:5}'", "f'{None:>5}'", "f'{1:q}'", "f'{1:>>5}'", "f'{undefined}'", "f'{1/0}'", "f'{1:.2d}'", "f'{\"a\":,}'", "f'{1:5' ", "f'{}'", "f'{1!z}'"):
    try:
        print(eval(text))
    except Exception as e:
        print(text, type(e).__name__, e.msg if isinstance(e, SyntaxError) else e)
print(f"{True} {None} {1j} {1.0} {10**20} {b'x'} {...} {print} {int}")
print(f"{n:+} {-n:+} {n: } {n:08.2f} {-n:=+8} {n:e} {n:c} {n:o} {n:X} {n:n} {1e10:g} {1e-7:g} {float('nan'):5} {float('inf'):+}")
print(f"{'abc':.2} {'abc':5}| {'abc':>5} {'abc':-<6} {True:5} {True:d} {'é':*^5} {'中':>4}")

# Formatting instances of subclasses of int and float, and ints that are large but characters no more.
class I(int): pass
class F(float): pass
class Named(int):
    def __str__(self): return "named"
    def __repr__(self): return "Named()"
for value in (I(65), I(2**40), F(1.5), True, Named(7), 2**62, 2**63, -1, I(-2**70)):
    for spec in ("", "c", "d", "x", "5", "<8", "f", ".1e", "s", "q", "n", ",", "%"):
        try: print(repr(spec), ascii(format(value, spec)), end="; ")
        except Exception as e: print(repr(spec), type(e).__name__, e, end="; ")
    for form in ("%c", "%d", "%s", "%r", "%x", "%5.1f"):
        try: print(form, ascii(form % value), end="; ")
        except Exception as e: print(form, type(e).__name__, e, end="; ")
    print()
x, y = "left", ["right"]
print("%s and %r" % (x, y), "%-8s|%8s|" % (x, x), "%.2s|%5.1s|%-5.1a" % (x, x, x), "%%%s%%" % (x,), "%s" % (y,), "%s%s%s" % (1, 2.5, None), "100%% %r" % ("\n",))
for bad in ("'%s' % ()", "'%s' % (1, 2)", "'%s %s' % (1,)", "'%q' % (1,)", "'%' % (1,)", "'%s %' % (1,)", "'%(a)s' % (1,)", "'%1234s|' % (1,)[:1] and 'wide'", "'%*s' % (5, 'x')", "'%.*f' % (2, 3.14159)", "'%s' % (*[1],)", "'%s %s' % (1, *[2])", "'%ls %hs' % (1, 2)", "'%#s %+s % s %0s %05s' % (1, 2, 3, 4, 5)"):
    try: print(bad, "->", eval(bad))
    except Exception as e: print(bad, "!!", type(e).__name__, e)

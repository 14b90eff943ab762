# The % operator.
print("%d %i %u" % (1, -2, 3), "%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42))
print("%s %r %a" % ("é", "é", "é"), "%10s|%-10s|%.2s" % ("ab", "cd", "efg"), "%c%c" % ("x", 65))
print("%x %X %#x %o %#o %e %E %f %g %G" % (255, 255, 255, 8, 8, 12345.678, 0.00012, 1.5, 1e10, 1e-10))
print("%.3f|%8.2f|%-8.1f|%+.1f|%08.3f" % (3.14159, 2.5, 2.25, 1.0, -1.5), "%.0f %.0f" % (0.5, 1.5))
print("%(a)s and %(b)05d" % {"a": 1, "b": 2}, "%%", "%d%%" % 50, "%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159))
print("%s" % (1,), "%s" % [1, 2], "%s %s" % ((1, 2), "x"), "%s" % None, "%d" % 3.99, "%d" % True, "%s" % {"a": 1})
print("%5s|%5r" % (None, "a"), "%x" % -255, "%#X" % 255, "%#b" % 5 if False else "", "%i" % 10**30)
for f in (lambda: "%d" % "x", lambda: "%s %s" % (1,), lambda: "%s" % (1, 2), lambda: "%y" % 1, lambda: "%(a)s" % {}, lambda: "%(a)s" % 5,
          lambda: "%c" % "ab", lambda: "%" % 1, lambda: "%x" % 1.5, lambda: "x" % 1, lambda: "%c" % -1, lambda: "%*d" % ("a", 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print("%g %g %g %g" % (100000, 1000000, 0.0001, 0.00001), "%#g" % 1.0, "%.10g" % (1 / 3), "%e" % 0)
print("%f %f %e" % (float("inf"), float("nan"), float("-inf")), "%5.1f|%-9f|" % (float("inf"), float("nan")))

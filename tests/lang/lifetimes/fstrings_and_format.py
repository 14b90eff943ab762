# f-strings, t-strings, format and %: when the parts die.
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("-", self.name)
    def __format__(self, spec): print("format", self.name, spec); return f"<{self.name}:{spec}>"
    def __str__(self): print("str", self.name); return "s" + self.name
    def __repr__(self): print("repr", self.name); return "r" + self.name
    def __getattr__(self, name): return D(self.name + "." + name)
    def __getitem__(self, key): return D(f"{self.name}[{key}]")
print(1, f"{D('a')}")
print(2, f"{D('a')} {D('b')!r} {D('c')!s:>5} {D('d')!a}")
print(3, f"{D('a'):{D('spec')}}")
print(4, f"{D('a')=}", f"{D('b')=!s}")
print(5, f"{D('a').x[1]}")
print(6, "{} {x}".format(D("a"), x=D("b")))
print(7, "{0.y[k]!r:>4}".format(D("a")))
print(8, "%s %r" % (D("a"), D("b")))
print(9, "%(k)s" % {"k": D("v")})
print(10, format(D("a"), "spec"), str(D("b")), repr(D("c")), ascii(D("d")))
t = t"{D('t1')} and {D('t2')!r:spec}"
print(11, t.strings, len(t.interpolations))
del t
print(12)
t"{D('unused')}"
print(13)
t = t"{D('t3')}" + t"{D('t4')}"
v = t.values
del t
print(14, len(v))
del v
print(15)
def failing():
    try: f"{D('first')} {1 / 0} {D('never')}"
    except ZeroDivisionError: print("failed")
failing()
try: "{} {} {}".format(D("a"), D("b"))
except IndexError as e: print(e); del e
try: "%s %s" % (D("a"),)
except TypeError as e: print(e); del e
try: "%d" % D("a")
except TypeError as e: print(e); del e
print(16, "".join([f"{D(str(i))}" for i in range(2)]))
print(17, f"{(lambda: D('l'))()}", f"{[D('in list')]}", f"{D('nested'):{f'{D('deep')}'}}")
print("end")

# The order in which parts of statements and expressions are evaluated.
def t(x, result=None):
    print(x, end=" ")
    return x if result is None else result


def line():
    print("|")


class C(dict):
    def __setattr__(self, name, value):
        print(f"set .{name}", end=" ")


c = C()
t("a", [1, 2, 3])[t("i", 0)] = t("value"); line()
t("c", c).x = t("value"); line()
t("c", c).x, t("d", c)[t("k")] = t("v1"), t("v2"); line()
x = t(1) + t(2) * t(3) - t(4); line()
x = t(1) < t(2) < t(3); line()
x = t(5) < t(2) < t(3); line()
x = t("f", lambda *a, **k: None)(t(1), *t("*", [2]), k=t("k"), **t("**", {"z": 1})); line()
x = [t(1), t(2), *t("s", [3])]; line()
x = {t("k1"): t("v1"), **t("m", {}), t("k2"): t("v2")}; line()
x = t(1) if t("cond", True) else t(3); line()
x = t(0, 0) or t(1) and t(2); line()
a = [0, 0]
a[t("i", 0)] += t("add", 5); line()
i = 0
i, a[i] = 1, "x"; print(a)
del t("l", a)[t("j", 0)], t("m", {1: 1})[t(1)]; line()
for t("target", [0])[t("index", 0)] in t("iter", [1, 2]): print("body", end=" ")
line()
with t("cm", type("CM", (), {"__enter__": lambda s: t("enter"), "__exit__": lambda s, *e: t("exit") and None})()) as t("as", [0])[t("n", 0)]: t("body")
line()
def f(a=t("default 1"), *, b=t("default 2")) -> t("never evaluated"): pass
line()
@t("deco 1", lambda f: f)
@t("deco 2", lambda f: f)
def g(x=t("default")): pass
line()
class K(t("base", object), metaclass=t("meta", type)):
    x = t("body")
line()
assert t("test", True), t("message")
line()
print(t("p1"), t("p2"), sep=t("sep", "-"))
x = t("obj", "abc")[t(0, 0):t(2, 2):t(1)]; line()
x = f"{t('f1')}{t('f2')!r:>{t('width', 4)}}"; line()
x: t("annotation", int) = t("value"); line()
lambda: t("not run"); line()
x = (t(1), t(2))[t("i", 0)]; line()
x = not t(1) == t(2); line()
x = -t(2) ** t(2); print(x)
try:
    t("l", [])[t("index", 5)] = t("rhs first")
except IndexError:
    line()

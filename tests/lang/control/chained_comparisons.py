# Chained comparisons and boolean operators: how often operands are evaluated, what is returned, and the order.
class V:
    def __init__(self, n, result=None): self.n, self.result = n, result
    def __repr__(self): return f"V{self.n}"
    def compare(self, other, op): print(f"{self}{op}{other}", end=" "); return self.result if self.result is not None else eval(f"{self.n}{op}{other.n}")
    def __lt__(self, o): return self.compare(o, "<")
    def __gt__(self, o): return self.compare(o, ">")
    def __le__(self, o): return self.compare(o, "<=")
    def __ge__(self, o): return self.compare(o, ">=")
    def __eq__(self, o): return self.compare(o, "==")
    def __ne__(self, o): return self.compare(o, "!=")
    def __contains__(self, o): print(f"{o} in {self}", end=" "); return self.n % 2
    def __bool__(self): print(f"bool {self}", end=" "); return self.n > 0
def v(n, result=None): print(f"make {n}", end=" "); return V(n, result)
class R(list):
    def __bool__(self): print("bool of result", end=" "); return bool(len(self))
for text in """v(1) < v(2)
v(1) < v(2) < v(3)
v(1) < v(0) < v(3)
v(1) < v(2) > v(0) != v(5) == v(5)
v(1) in v(3) in v(5)
v(1) in v(2) in v(5)
v(1) not in v(2) is not v(3)
v(1) is v(1)
v(1, R()) < v(2) < v(3)
v(1, R([0])) < v(2) < v(3)
v(1, R()) < v(2)
not v(1) < v(2)
not v(1) < v(2) < v(3)
v(1) and v(2)
v(0) and v(2)
v(0) or v(2)
v(1) or v(2)
v(1) and v(0) or v(3)
v(0) or v(0) and v(3)
not v(1)
not not v(0)
not (v(1) and v(0))
v(1) if v(0) else v(2)
v(1) if v(1) and v(0) else v(2)
v(1) if not v(0) else v(2)
[x for x in (1, 2) if v(x) > v(1)]
v(1) < v(2) and v(3) < v(1) or v(0)
(v(1) < v(2)) == (v(2) < v(3))
v(1) == v(1) != v(2) <= v(2) >= v(1)
bool(v(1)) is True is not False
1 < 2 < 3 < 2 < 1
1 == 1.0 == True
"a" < "b" <= "b" in "abc"
[1] < [1, 2] < [2] != [3]
None is None is not 1
1 in [1] == True
() == () is not []
1 < (2 if v(0) else 0) < 3""".splitlines():
    result = eval(text); print("|", text, "=>", result)
def loop(n):
    while v(0) < v(n) <= v(3): n -= 1
    if v(n) < v(1) < v(2): print("if taken", end=" ")
    elif v(1): print("elif", end=" ")
    assert v(n) < v(5) < v(9), "never"
    return v(n) if v(0) else not v(n)
print(loop(2))
for bad in ("1 < 'a'", "1 < 2 < 'a'", "2 < 1 < 'a'", "'a' in 1", "1 in 'a'", "1 in 5", "None < None", "[] < ()", "{} < {}", "1j < 1", "object() < object()", "int < str", "len < print", "... > 1", "(1, 'a') < (1, 2)", "range(1) < range(2)", "{1} < [1]", "b'a' < 'a'", "slice(1) < slice('a')"):
    try: print(bad, eval(bad))
    except TypeError as e: print(bad, e)

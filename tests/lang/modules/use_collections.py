# deque, Counter, defaultdict, OrderedDict, namedtuple, ChainMap, UserDict.
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque, namedtuple

d = deque([1, 2, 3], maxlen=4)
d.append(4); d.append(5); d.appendleft(0); print(d, d.maxlen, d[0], d[-1], len(d), d.pop(), d.popleft(), d)
d.rotate(1); d.extend([8, 9]); d.extendleft([7]); print(d, d.count(9), 8 in d, d.index(8), list(reversed(d)), d == deque(list(d)), d + deque([1]))
d.remove(8); d.insert(1, "i"); d.reverse(); del d[0]; print(d, deque("ab") * 2, deque() < deque([1])); d.clear(); print(d, bool(d))
for f in (lambda: deque().pop(), lambda: deque([1])[5], lambda: deque().remove(1), lambda: deque(maxlen=-1), lambda: hash(deque())):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
q = deque([1, 2])
try:
    for x in q:
        q.append(x)
except RuntimeError as e:
    print(e)
c = Counter("abracadabra")
print(c, c["a"], c["zz"], c.most_common(2), c.total(), sorted(c.elements())[:4], c + Counter("a"), c - Counter("aaaaa"), c & Counter("ab"), Counter(a=1) | Counter(a=3)); c.update("zz"); c.subtract("a"); print(c["z"], c["a"])
dd = defaultdict(list, x=[0])
dd["a"].append(1); dd["x"].append(2); print(dd, dd.get("q"), "q" in dd, dd.default_factory, dict(dd))
try:
    defaultdict()["k"]
except KeyError as e:
    print("KeyError", e)
od = OrderedDict(a=1, b=2, c=3)
od.move_to_end("a"); od.move_to_end("c", last=False); print(od, od.popitem(last=False), list(reversed(od)), od == {"a": 1, "b": 2}, od == OrderedDict(a=1, b=2))
P = namedtuple("P", "x y z", defaults=[0])
p = P(1, y=2)
print(p, p.x, p[1], p._asdict(), p._replace(x=9), P._fields, P._make([7, 8, 9]), p == (1, 2, 0), *p, P._field_defaults, isinstance(p, tuple), hash(p) == hash((1, 2, 0)))
try:
    p.x = 5
except AttributeError as e:
    print(e)
for f in (lambda: P(), lambda: P(1, 2, 3, 4), lambda: namedtuple("Q", "class"), lambda: namedtuple("Q", "a a")):
    try:
        f()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
m["c"] = 4
print(m["a"], m["b"], sorted(m), m.maps[0], len(m), m.new_child({"a": 0})["a"], m.parents)
class Lower(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k.lower(), v)
print(Lower(A=1, B=2), Lower({"X": 1})["x"])

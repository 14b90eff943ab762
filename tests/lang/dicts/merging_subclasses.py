# Which of a mapping's methods are looked up when it is merged, unpacked, copied or passed as keywords.
class Plain(dict):
    def __getattribute__(self, name): print("get", name, end=" "); return super().__getattribute__(name)
class Iterates(dict):
    def __getattribute__(self, name): print("get", name, end=" "); return super().__getattribute__(name)
    def __iter__(self): return iter(["iterated"])
    def __getitem__(self, key): return "item of " + str(key)
class Mapping:
    def __getattribute__(self, name): print("get", name, end=" "); return super().__getattribute__(name)
    def keys(self): return ["listed"]
    def __getitem__(self, key): return "item of " + key
class Nothing:
    def __getattribute__(self, name): print("get", name, end=" "); return super().__getattribute__(name)
def keywords(**k): return k
for make in ("Plain(a=1)", "Iterates(a=1)", "Mapping()", "Nothing()"):
    for use in ("{**x}", "dict(x)", "x | {}", "{} | x", "{}.update(x)", "dict(**x)", "x.copy()", "{1: x} == {1: x}", "'%(a)s' % x", "'{a}'.format(**x)", "'{a}'.format_map(x)", "sorted(set(x))", "[*x]", "keywords(**x)", "keywords(b=1, **x)", "{'z': 1, **x}", "type('Q', (), x).__name__", "list(x.items())", "x.keys()", "list(reversed(x))", "'a' in x", "dict.fromkeys(x)", "bool(x)", "len(x)", "x == {'a': 1}"):
        x = eval(make)
        try: print(make, use, "->", eval(use))
        except Exception as e: print(make, use, "!!", type(e).__name__, str(e).split(" at 0x")[0])
    d = {}
    try: d |= eval(make); print(d)
    except Exception as e: print(type(e).__name__, e)

# Objects in try, except, else and finally: when they die for each way through.
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print("  -", self.name)
class E(Exception):
    def __init__(self, name): self.d = D(name)
def caught():
    try: raise E("one")
    except E as e: print("  handling", e.d.name)
    print("  after")
def caught_unnamed():
    try: raise E("one")
    except E: print("  handling")
    print("  after")
def local_of_frame_in_traceback():
    def inner():
        x = D("local of inner")
        raise E("err")
    try: inner()
    except E: print("  handling")
    print("  after")
def replaced():
    try:
        try: raise E("first")
        except E: raise E("second")
    except E as e: print("  context", e.__context__.d.name)
    print("  after")
def from_none():
    try:
        try: raise E("first")
        except E: raise E("second") from None
    except E as e: print("  context", e.__context__.d.name, e.__suppress_context__)
    print("  after")
def finally_return():
    try: raise E("lost")
    finally: return "swallowed"
def finally_break():
    for x in [D("item")]:
        try: raise E("lost")
        finally: break
    print("  after")
def return_value_replaced():
    try: return D("first value")
    finally: return D("second value")
def else_clause():
    try: x = D("x")
    except E: pass
    else: print("  else"); del x; print("  deleted")
    finally: print("  finally")
def deleted_name():
    try: raise E("gone")
    except E as e:
        del e
        print("  name deleted")
    print("  after")
def rebound_name():
    try: raise E("gone")
    except E as e:
        e = D("rebound")
        print("  rebound")
    print("  after")
def kept():
    try: raise E("kept")
    except E as e: keep = e
    print("  keeping", keep.d.name)
    keep.__traceback__ = None
    del keep
    print("  let go")
def unmatched():
    try:
        try: raise E("unmatched")
        except (ValueError, KeyError): print("never")
        finally: print("  finally")
    except E: print("  outer")
    print("  after")
def reraised():
    try:
        try: raise E("again")
        except E: raise
    except E: print("  outer")
    print("  after")
def star():
    try: raise ExceptionGroup("g", [E("in group"), ValueError(D("value"))])
    except* E as g: print("  star E", len(g.exceptions))
    except* ValueError: print("  star V")
    print("  after")
def in_loop():
    for i in range(2):
        try: raise E("round %d" % i)
        except E: continue
        finally: print("  finally", i)
    print("  after")
def argument_of_type():
    def kinds(): print("  asked"); return E
    try: raise E("late")
    except kinds(): print("  caught")
    print("  after")
for f in (caught, caught_unnamed, local_of_frame_in_traceback, replaced, from_none, finally_return, finally_break, return_value_replaced, else_clause, deleted_name, rebound_name, kept, unmatched, reraised, star, in_loop, argument_of_type):
    print(f.__name__)
    print("  result", type(f()).__name__)

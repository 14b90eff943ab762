# modes: auto
"""A tour of Python's memory model: reference counts, cycles, generations, weak references, finalisers.

Run it with no arguments:

    taipan examples/tour.py

Every stop has a label, says what it does, and shows what really happened: the counts, deaths and collections printed
here are measured, not narrated. The output is the same under any runtime that keeps CPython 3.14's memory model.
"""
import copy
import gc
import sys
import weakref

DEPTH = 1_000_000


class Noisy:
    """An object that says when it dies."""

    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(f"    {self.name} dies")


class Node:
    """A plain object that can be weakly referenced and can point anywhere."""

    def __init__(self, ref=None):
        self.ref = ref


def stop(label, title):
    print(f"\n{label}  {title}")


def show(what, value):
    print(f"    {what:<58} {value}")


def a1_counts():
    stop("A1", "Every object has a count of references and a type")
    global first, second
    first = []
    show("one name; the call's own argument is the second", sys.getrefcount(first))
    second = first
    show("two names", sys.getrefcount(first))
    box = [first] * 10
    show("and ten places in a list", sys.getrefcount(first))
    box.clear()
    del second
    show("places and second name gone", sys.getrefcount(first))
    show("its type", type(first).__name__)
    del first


def a2_immediate_death():
    stop("A2", "At zero an object dies at once, in the middle of the expression that dropped it")
    print("    before", Noisy("a temporary").name.upper(), "after")
    kept = Noisy("the old value")
    print("    rebinding")
    kept = Noisy("the new value")
    print("    rebound")
    kept = [Noisy("item 0"), Noisy("item 1")]
    print("    popping", kept.pop(0).name)
    print("    leaving the function")


def a3_del_removes_a_name():
    stop("A3", "del removes a name, not an object")
    one = two = Noisy("the shared object")
    del one
    print("    first name deleted; still there:", two.name)
    del two
    print("    second name deleted")


def a4_holders():
    stop("A4", "Everything that holds a reference lets go of it when it should")
    target = Node()

    def closure(x):
        return lambda: x

    def generator(x):
        yield x

    def traceback(x):
        try:
            raise ValueError
        except ValueError as error:
            return error

    def started(x):
        paused = generator(x)
        next(paused)
        return paused

    holders = {
        "a list": lambda x: [x], "a tuple": lambda x: (x, 1), "a dict value": lambda x: {1: x}, "a dict key": lambda x: {x: 1},
        "a set": lambda x: {x}, "an attribute": Node, "a closure": closure, "a default argument": lambda x: lambda y=x: y,
        "a generator not started": generator, "a generator that is paused": started, "a bound method": lambda x: x.__init__,
        "a traceback's frame": traceback, "an exception's arguments": lambda x: ValueError(x), "a list iterator": lambda x: iter([x]),
        "a class attribute": lambda x: type("Holder", (), {"x": x}), "a slice": lambda x: slice(x), "zip": lambda x: zip([x]),
    }
    for name, hold in holders.items():
        before = sys.getrefcount(target)
        held = hold(target)
        during = sys.getrefcount(target)
        held = None
        gc.collect()
        show(name, f"{during - before:+d} while held, {sys.getrefcount(target) - before:+d} after")


def a5_immortals():
    stop("A5", "Some objects are immortal: their count never moves")
    show("sys.getrefcount(None)", sys.getrefcount(None))
    for name, value in [("None", None), ("True", True), ("()", ()), ("''", ""), ("b''", b""), ("7", 7), ("int", int)]:
        before = sys.getrefcount(value)
        crowd = [value] * 1000
        show(f"{name}: a thousand more references change the count by", sys.getrefcount(value) - before)
        del crowd


def a6_deep_teardown():
    stop("A6", "Teardown of deep structures never overflows the stack (ten million levels are no harder)")
    builders = {"lists": lambda inner: [inner], "tuples": lambda inner: (inner,), "dicts": lambda inner: {0: inner}, "linked instances": Node}
    for name, wrap in builders.items():
        bottom = Node()
        gone = weakref.ref(bottom)
        deep = bottom
        del bottom
        for _ in range(DEPTH):
            deep = wrap(deep)
        alive = gone() is not None
        del deep
        show(f"{DEPTH} nested {name}: bottom alive before and after", f"{alive} {gone() is not None}")


def a7_call_by_assignment():
    stop("A7", "Arguments are passed by assignment; aliases share, copies do not")

    def change(items):
        items.append("changed inside")

    def rebind(items):
        items = ["rebound inside"]

    items = ["original"]
    change(items)
    rebind(items)
    show("after change() and rebind()", items)
    aliased, separate = [[0] * 3] * 3, [[0] * 3 for _ in range(3)]
    aliased[0][0] = separate[0][0] = 1
    show("[[0] * 3] * 3 after one assignment", aliased)
    show("[[0] * 3 for ...] after one assignment", separate)
    original = [[1], [2]]
    shallow, deep = copy.copy(original), copy.deepcopy(original)
    original[0].append("x")
    show("shallow copy, deep copy", f"{shallow} {deep}")
    loop = [1]
    loop.append(loop)
    twin = copy.deepcopy(loop)
    show("deep copy of a list that contains itself does so too", twin[1] is twin and twin is not loop)


def b1_cycles():
    stop("B1", "Counts alone never free a cycle; the collector does")
    gc.collect()
    a, b = [], []
    a.append(b)
    b.append(a)
    del a, b
    show("two lists in a ring, dropped: gc.collect() finds", gc.collect())
    show("and again", gc.collect())


def b2_generations():
    stop("B2", "Three generations: new containers are young, survivors grow old")
    def generation(wanted):
        return [n for n in range(3) if any(x is wanted for x in gc.get_objects(generation=n))]

    gc.collect()
    fresh = [Node()]
    show("new: generation", generation(fresh))
    for n in range(3):
        gc.collect(n)
        show(f"after gc.collect({n}): generation", generation(fresh))
    show("gc.get_count() has one number per generation", len(gc.get_count()))


def b3_schedule():
    stop("B3", "Young collections by allocations; older ones by counts; the oldest only when it pays")
    show("default thresholds of the two older generations", gc.get_threshold()[1:])
    gc.collect()
    gc.freeze()
    gc.collect()
    saved = gc.get_threshold()
    log, retained = [], []

    def watch(phase, info):
        if phase == "start":
            log.append((info["generation"], len(retained)))

    gc.set_threshold(200, 4, 3)
    gc.callbacks.append(watch)
    while len(retained) < 200_000:
        retained.append([])
    gc.callbacks.remove(watch)
    gc.set_threshold(*saved)
    gc.unfreeze()
    sequence = "".join("ymO"[generation] for generation, _ in log)
    show("y young, m middle, O old, thresholds (200, 4, 3)", sequence[:41])
    olds = [n for generation, n in log if generation == 2]
    paid = all((new - old) * 4 >= old * 0.95 for old, new in zip(olds, olds[1:]))
    waits = [between.count("m") for between in sequence.split("O")]
    show("each old pass waited for a quarter more survivors", paid)
    show("so the waits between old passes grow", waits[0] < waits[-2])


def b4_controls():
    stop("B4", "The collector answers questions and takes orders")
    gc.disable()
    show("enabled after gc.disable()", gc.isenabled())
    gc.enable()
    show("enabled after gc.enable()", gc.isenabled())
    inner = Node()
    outer = [inner]
    show("gc.get_referents(outer) is [inner]", [x is inner for x in gc.get_referents(outer)])
    show("outer is among gc.get_referrers(inner)", any(x is outer for x in gc.get_referrers(inner)))
    before = gc.get_stats()[2]["collections"]
    gc.collect()
    show("full collections counted by gc.get_stats()", gc.get_stats()[2]["collections"] - before)
    gc.freeze()
    frozen = gc.get_freeze_count() > 0
    gc.unfreeze()
    show("frozen, then thawed", f"{frozen} {gc.get_freeze_count() == 0}")
    loop = Node()
    loop.ref = loop
    gc.set_debug(gc.DEBUG_SAVEALL)
    del loop
    gc.collect()
    gc.set_debug(0)
    show("DEBUG_SAVEALL puts trash into gc.garbage", any(type(x) is Node for x in gc.garbage))
    gc.garbage.clear()
    gc.collect()


def b5_tracking():
    stop("B5", "Only what can be part of a cycle is tracked")
    subjects = {"1": 1, "'text'": "text", "None": None, "[]": [], "{}": {}, "{'a': 1}": {"a": 1}, "set()": set(), "a function": stop, "a class": Node, "an instance": Node()}
    for name, value in subjects.items():
        show(name, "tracked" if gc.is_tracked(value) else "not tracked")


def carriers():
    """Every way in which a builtin object can carry a reference: a name, and a function from object to carrier."""
    def function_default(x):
        return lambda y=x: y

    def closure(x):
        return lambda: x

    def generator(x):
        def run():
            yield x
        g = run()
        next(g)
        return g

    class Pause:
        def __await__(self):
            yield

    def coroutine(x):
        async def run():
            await Pause()
            return x
        c = run()
        c.send(None)
        return c

    def caught(x):
        try:
            raise ValueError(x)
        except ValueError as error:
            return error

    def attribute_of_function(x):
        def f():
            pass
        f.x = x
        return f

    class Slotted:
        __slots__ = ("x",)

    def slotted(x):
        s = Slotted()
        s.x = x
        return s

    return {
        "list": lambda x: [x], "tuple": lambda x: (x,), "dict": lambda x: {"k": x}, "dict key": lambda x: {x: 1}, "set": lambda x: {x},
        "frozenset": lambda x: frozenset([x]), "function default": function_default, "closure cell": closure,
        "cell": lambda x: closure(x).__closure__[0], "function attribute": attribute_of_function, "generator": generator,
        "coroutine": coroutine, "generator expression": lambda x: (y for y in [x]), "exception": ValueError, "caught exception": caught,
        "traceback": lambda x: caught(x).__traceback__, "frame": lambda x: caught(x).__traceback__.tb_frame,
        "exception group": lambda x: ExceptionGroup("group", [ValueError(x)]), "bound method": lambda x: x.__init__,
        "builtin method": lambda x: [x].append, "property": lambda x: property(lambda self: x), "staticmethod": lambda x: staticmethod(closure(x)),
        "classmethod": lambda x: classmethod(closure(x)), "super": lambda x: super(Node, x), "class": lambda x: type("C", (), {"x": x}),
        "slotted instance": slotted, "list iterator": lambda x: iter([x]), "tuple iterator": lambda x: iter((x,)), "dict view": lambda x: {1: x}.values(),
        "dict iterator": lambda x: iter({1: x}.items()), "set iterator": lambda x: iter({x}), "callable iterator": lambda x: iter(closure(x), None),
        "map": lambda x: map(closure(x), []), "filter": lambda x: filter(None, [x]), "zip": lambda x: zip([x]), "enumerate": lambda x: enumerate([x]),
        "reversed": lambda x: reversed([x]), "slice": lambda x: slice(x), "generic alias": lambda x: list[x], "mapping proxy": lambda x: type("C", (), {"x": x}).__dict__,
        "weak reference callback": lambda x: weakref.ref(Node, lambda ref, x=x: x),
    }


def b6_every_type():
    stop("B6", "Cycles through every builtin type are freed")
    results = []
    for name, carry in carriers().items():
        node = Node()
        gone = weakref.ref(node)
        node.ref = carry(node)
        del node
        survived = gone() is not None
        gc.collect()
        results.append((name, survived, gone() is None))
    show("kinds of carrier tried", len(results))
    show("kept alive by their cycle until collected", sum(survived for _, survived, _ in results))
    show("left over after gc.collect()", [name for name, _, freed in results if not freed])


def b7_disabled():
    stop("B7", "With the collector disabled, cycles stay until it is asked")
    gc.collect()
    gc.disable()
    refs = []
    for _ in range(5000):
        node = Node()
        node.ref = node
        refs.append(weakref.ref(node))
    del node
    show("alive of 5000 dropped cycles", sum(ref() is not None for ref in refs))
    gc.enable()
    gc.collect()
    show("alive after gc.enable() and gc.collect()", sum(ref() is not None for ref in refs))


def b8_no_floating_garbage():
    stop("B8", "Garbage that outlives a young pass is freed by later automatic passes")
    alive = peak = 0

    class Counted:
        def __init__(self):
            nonlocal alive, peak
            self.me = self
            alive += 1
            peak = max(peak, alive)

        def __del__(self):
            nonlocal alive
            alive -= 1

    gc.collect()
    gc.freeze()
    gc.collect()
    for _ in range(40):
        batch = [Counted() for _ in range(2500)]
        gc.collect(0)
        del batch
    gc.unfreeze()
    show("of 100000 cycles in 40 rounds, at most a third lived at once", peak <= 34_000)
    gc.collect()
    show("alive at the end", alive)


def c1_weak_references():
    stop("C1", "Weak references see an object without keeping it")
    node = Node("payload")
    events = []
    plain = weakref.ref(node, lambda ref: events.append("first callback"))
    later = weakref.ref(node, lambda ref: events.append("second callback"))
    proxy = weakref.proxy(node)
    method = weakref.WeakMethod(node.__init__)
    values, keys, members = weakref.WeakValueDictionary(k=node), weakref.WeakKeyDictionary({node: "v"}), weakref.WeakSet([node])
    final = weakref.finalize(node, events.append, "finalizer")
    show("through ref, proxy, method", f"{plain().ref} {proxy.ref} {method() is not None}")
    show("sizes of the weak containers", f"{len(values)} {len(keys)} {len(members)}")
    del node
    show("after the last strong reference", f"{plain()} {method()} {len(values)} {len(keys)} {len(members)} {final.alive} {later()}")
    show("called, the newest first", events)
    try:
        proxy.ref
    except ReferenceError as error:
        show("the proxy says", error)


def c2_dead_at_once():
    stop("C2", "After the last strong reference goes, a weak one is None at once")
    node = Node()
    ref = weakref.ref(node)
    show("before", ref() is node)
    other = node
    del node
    show("one of two names deleted", ref() is other)
    other = None
    show("the second one rebound", ref())


def c3_finalisers():
    stop("C3", "A finaliser runs once; it may bring its object back")
    saved = []

    class Phoenix:
        def __del__(self):
            print("    __del__ runs")
            saved.append(self)

    bird = Phoenix()
    del bird
    show("resurrected", len(saved))
    show("gc.is_finalized", gc.is_finalized(saved[0]))
    saved.clear()
    show("dropped again: no second __del__", len(saved))
    ring = Phoenix()
    ring.me = ring
    del ring
    gc.collect()
    show("from a cycle: resurrected with its attributes", saved[0].me is saved[0])
    saved.clear()
    gc.collect()
    names = []

    class Member:
        def __del__(self):
            names.append(self.name)

    left, right = Member(), Member()
    left.name, right.name = "left", "right"
    left.other, right.other = right, left
    del left, right
    gc.collect()
    show("every member of a ring is finalised", sorted(names))


def c4_errors_in_finalisers():
    stop("C4", "An exception in __del__ is reported, and does not propagate")

    class Broken:
        def __del__(self):
            raise RuntimeError("from __del__")

    def report(info):
        print(f"    hook: {info.exc_type.__name__}: {info.exc_value}")

    sys.unraisablehook = report
    broken = Broken()
    del broken
    sys.unraisablehook = sys.__unraisablehook__
    print("    the program goes on")


for row in (a1_counts, a2_immediate_death, a3_del_removes_a_name, a4_holders, a5_immortals, a6_deep_teardown, a7_call_by_assignment,
            b1_cycles, b2_generations, b3_schedule, b4_controls, b5_tracking, b6_every_type, b7_disabled, b8_no_floating_garbage,
            c1_weak_references, c2_dead_at_once, c3_finalisers, c4_errors_in_finalisers):
    row()

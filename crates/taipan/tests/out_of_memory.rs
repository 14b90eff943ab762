//! Every allocation may fail: programs, and the start of an interpreter, with their n-th allocation failing, for every n.
//!
//! Whatever fails ends in MemoryError or goes well (where the failure only costs a cache entry, say); never in a panic or with a wrong count.

use taipan::{Runtime, RuntimeConfig};
use taipan_heap::Ref;
use taipan_objects::builtins::dict::Dict;

/// Each is run from the start for every n. Threads are started by `_thread` and waited for by their handles: where a new thread fails before it can say that it
/// runs, `Thread.start` waits for ever, as in CPython. Event loops are driven step by step, for the same reason: a callback that fails may be one that somebody
/// waits for; and what the library's own code raises when it is left in the middle is not looked at.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "containers",
        "d = {i: [i, (i, str(i))] for i in range(20)}; s = set(d); t = sorted(d, key=lambda k: -k); u = t[::2] + t[1:3] * 3\ndel d[3]; s |= {1.5, 'x'}; frozenset(s); dict(d, a=1); list(zip(t, u)); bytearray(b'x') * 100",
    ),
    (
        "texts",
        "x = ', '.join(str(i) for i in range(30)); y = x.split(', '); z = x.replace('1', 'one').upper().encode().decode()\nf'{x!r:>200} {len(y)}'; '%s %d' % (y, 3); '{:,}'.format(10 ** 30); x.partition('5'); x.translate({49: 'é'})",
    ),
    (
        "classes",
        "class A:\n    x = 1\n    def __init__(self, v): self.v = v\n    def m(self): return super().__init__\n    @property\n    def p(self): return self.v\nclass B(A):\n    __slots__ = ('w',)\nb = B(1); b.w = [b]; b.p; b.m(); b.__dict__; b.extra = 2; vars(b); repr(b); type(b).__mro__",
    ),
    (
        "generators",
        "def g(n):\n    try:\n        for i in range(n): yield i\n    finally:\n        pass\nl = list(g(5)); it = g(3); next(it); it.close(); sum(x * x for x in g(4))\ndef f(*a, k=1, **kw): return a, k, kw\nf(1, 2, k=3, z=4); (lambda *a: a)(*l)",
    ),
    (
        "exceptions",
        "def f(n):\n    if n: f(n - 1)\n    else: raise ValueError('deep', n)\ntry:\n    f(5)\nexcept ValueError as e:\n    e.add_note('n'); s = repr(e); t = e.__traceback__.tb_frame.f_locals\ntry:\n    raise ExceptionGroup('g', [ValueError(1), KeyError(2)])\nexcept* Exception as g:\n    h = g",
    ),
    (
        "numbers",
        "a = 3 ** 200; b = a // 7 ** 50; c = divmod(a, b); d = str(a); e = int(d); f = a & b | 1 << 300; g = float(b); h = complex(1, 2) ** 2; hash(a); round(2.567, 2); pow(3, 100, 7); a.to_bytes(60, 'big')",
    ),
    (
        "cycles",
        "import gc\nclass N: pass\nfor i in range(20):\n    n = N(); n.me = n; n.l = [n, {'n': n}]\ndel n\ngc.collect()",
    ),
    (
        "weakrefs",
        "import weakref\nclass N: pass\nn = N(); r = weakref.ref(n, lambda r: None); d = weakref.WeakValueDictionary(a=n); p = weakref.proxy(n)\ndel n",
    ),
    (
        "imports",
        "import sys\nfor name in ('textwrap', 'string', 'keyword', 'bisect'): sys.modules.pop(name, None)\nimport textwrap, string, keyword, bisect\ntextwrap.wrap('a b c d', 3)",
    ),
    (
        "patterns",
        "import re\nre.purge(); p = re.compile(r'(\\w+)-(?P<n>\\d+)*', re.I); l = [m.groups() for m in p.finditer('ab-12 cd-3')]; p.sub(lambda m: m[0] * 2, 'x-1'); p.split('a-1b-2')",
    ),
    (
        "json",
        "import json\nx = json.loads(json.dumps({'a': [1, 2.5, None, 'é' * 20], 'b': {'c': True}}, indent=1)); json.dumps(x, sort_keys=True)",
    ),
    (
        "coroutines",
        "async def g():\n    for i in range(3): yield i\nasync def f(): return [x async for x in g()]\nc = f()\ntry:\n    c.send(None)\nexcept StopIteration as stop:\n    r = stop.value\nc = f(); c.close()",
    ),
    (
        "streams",
        "import io\nb = io.BytesIO(); t = io.TextIOWrapper(b, encoding='utf-8', newline=''); t.write('x' * 300 + '\\n' + 'é'); t.flush(); t.seek(0); l = list(t); s = io.StringIO('a\\nb'); s.readlines(); io.BufferedReader(io.BytesIO(b'q' * 99)).read(50)",
    ),
    (
        "collections",
        "import collections, functools, itertools, dataclasses, enum\nP = collections.namedtuple('P', 'x y'); p = P(1, 2)._replace(x=3); d = collections.deque(range(99), 50); d.rotate(3); o = collections.OrderedDict(a=1); o.move_to_end('a'); c = collections.Counter('abca').most_common()\n@functools.lru_cache\ndef f(x): return x\nf(1); f(2); functools.partial(f, 3)(); list(itertools.permutations('abc')); list(itertools.groupby('aab'))\n@dataclasses.dataclass\nclass D:\n    x: int\n    y: list = dataclasses.field(default_factory=list)\nrepr(D(1)); D(1) == D(2)\nclass E(enum.Enum):\n    A = 1\nE(1)",
    ),
    (
        "code",
        "exec(compile('def f(x, *, y=2):\\n  \"doc\"\\n  return [x for x in range(y) if x]\\nr = f(1)', 'c', 'exec'), {})\nmatch [1, 2, {'a': 3}]:\n    case [1, *rest, {'a': x}]: pass",
    ),
    (
        "matching",
        "class P:\n    __match_args__ = ('x', 'y')\n    def __init__(self, x, y): self.x, self.y = x, y\ndef f(v):\n    match v:\n        case P(x, P(y, z)): return x, y, z\n        case {'k': [a, *b], **rest}: return a, b, rest\n        case (1 | 2) as n if n > 1: return n\n        case str() | bytes(): return 's'\n        case [_, [p, *_], _]: return p\n        case _: return None\n[f(v) for v in (P(1, P(2, 3)), {'k': (1, 2, 3), 'm': 4}, 2, 'a', [0, [5, 6], 0], None)]",
    ),
    (
        "groups",
        "def f():\n    try:\n        raise ExceptionGroup('a', [ValueError(1), ExceptionGroup('b', [TypeError(2), OSError(3)])])\n    except* ValueError as e:\n        x = e.exceptions\n    except* TypeError:\n        raise KeyError(4)\ntry:\n    f()\nexcept ExceptionGroup as e:\n    s = str(e), e.split(OSError), e.subgroup(lambda x: True)\nimport traceback\ntry:\n    f()\nexcept BaseException as e:\n    t = traceback.format_exception(e)",
    ),
    (
        "managers",
        "import contextlib\nlog = []\nclass M:\n    def __init__(self, n): self.n = n\n    def __enter__(self): log.append(self.n); return self\n    def __exit__(self, *a): log.append(a); return self.n == 2\n@contextlib.contextmanager\ndef g():\n    try:\n        yield 1\n    finally:\n        log.append('end')\nwith M(1) as a, M(2) as b:\n    raise ValueError\nwith g() as c, contextlib.ExitStack() as s:\n    s.enter_context(M(3)); s.callback(log.append, 'x')\ndef h():\n    for i in range(3):\n        with M(i):\n            if i: return i\nh()",
    ),
    (
        "metaclasses",
        "class Meta(type):\n    def __new__(m, n, b, d, **k): return super().__new__(m, n, b, dict(d, made=1))\n    def __prepare__(n, b, **k): return {}\n    def __call__(c, *a): return super().__call__(*a)\nclass D:\n    def __set_name__(self, o, n): self.n = n\n    def __get__(self, o, t): return self.n\n    def __set__(self, o, v): o.__dict__[self.n] = v\nclass A(metaclass=Meta):\n    d = D()\n    def __init_subclass__(c, **k): super().__init_subclass__(); c.k = k\n    def __getattr__(self, n): return n\nclass B(A, z=1):\n    __slots__ = ('s',)\n    @classmethod\n    def c(cls): return cls\n    @staticmethod\n    def t(): return 2\nclass G[T: int, *U](A): pass\ntype L[K] = dict[K, list[K]]\nb = B(); b.d = 3; b.d; b.other; b.c(); b.t(); B.__bases__ = (A,); isinstance(b, A); L[int].__value__; G[int, str, int]; type('X', (A, ), {'y': 1})().y; del b",
    ),
    (
        "asynchronous",
        "import types\n@types.coroutine\ndef pause(): return (yield 'p')\nclass I:\n    def __init__(self): self.n = 0\n    def __aiter__(self): return self\n    async def __anext__(self):\n        self.n += 1\n        if self.n > 3: raise StopAsyncIteration\n        await pause()\n        return self.n\nclass M:\n    async def __aenter__(self): await pause(); return self\n    async def __aexit__(self, *a): return True\nasync def gen():\n    try:\n        for i in range(3):\n            await pause()\n            yield i\n    finally:\n        await pause()\nasync def main():\n    out = [x async for x in I()] + [x async for x in gen() if x]\n    async with M() as m: raise ValueError\n    async for x in gen():\n        if x: continue\n    g = gen(); await anext(g); await g.aclose()\n    return {x: y async for x in gen() for y in (1, 2)}, out\nc = main()\ntry:\n    while True: c.send(None)\nexcept StopIteration as e:\n    r = e.value",
    ),
    (
        "pickles",
        "import pickle, copy\nclass A:\n    def __reduce__(self): return (dict, ([('a', 1)],))\nx = {'a': [1, (2, 3.5), b'xy', 'é', 1 << 90, None, {4}, frozenset([5])], 'b': A()}; x['me'] = x['a']\nfor p in (0, 2, 5): pickle.loads(pickle.dumps(x, p))\ncopy.deepcopy(x['a']); copy.copy(x); import marshal; marshal.loads(marshal.dumps(x['a']))",
    ),
    (
        "lifetimes",
        "import weakref, gc\nlog = []\nclass F:\n    def __init__(self, n): self.n = n; self.l = []\n    def __del__(self): log.append([self.n])\nfor i in range(4):\n    f = F(i); f.me = f; f.other = F(-i); w = weakref.ref(f.other, log.append); weakref.finalize(f, log.append, i)\nk = weakref.WeakKeyDictionary({f: 1}); s = weakref.WeakSet([f]); len(k), len(s)\ndel f\ngc.collect()\ndef g():\n    try:\n        yield 1\n    finally:\n        log.append('closed')\nx = g(); next(x); x.__class__; del x; log.clear()",
    ),
    (
        "sorting",
        "import heapq, bisect, operator\nclass K:\n    def __init__(self, v): self.v = v\n    def __lt__(self, o): return self.v < o.v\nl = [(i * 7919) % 101 for i in range(150)]; sorted(l); sorted(map(K, l)); l.sort(key=lambda v: (-v, str(v)), reverse=True); sorted(zip(l, map(str, l)), key=operator.itemgetter(1)); heapq.nsmallest(5, l); h = list(l); heapq.heapify(h); heapq.heappush(h, 3); bisect.insort(h, 4); max(l, key=float); sorted(l + [1.5])",
    ),
    (
        "recursion",
        "def f(n, *a): return f(n - 1, n, *a[:2]) if n else a\nf(60)\nclass R:\n    def __repr__(self): return repr(self.x)\nr = R(); r.x = [R()]; r.x[0].x = ()\nrepr(r)\nl = []\nfor i in range(200): l = [l, (i,)]\nl == l, str(l)\ndef e(n):\n    try:\n        e(n - 1) if n else 1 / 0\n    except ZeroDivisionError as x:\n        raise ZeroDivisionError(n) from x\ntry:\n    e(20)\nexcept ZeroDivisionError: pass\ndel l",
    ),
    (
        "comprehensions",
        "n = 3\na = [[x * y for x in range(n) if x] for y in range(n)]; b = {x: {y for y in range(x)} for x in range(n)}; c = list((x, y) for x in 'ab' for y in (lambda: x)()); d = [f() for f in [lambda i=i: i for i in range(3)]]; e = [z := x for x in range(3)]; [*a, *b]; {**b, 'k': 1}; h, *m, q = range(5); x = y = [[0] * 3] * 3; i = iter(lambda: next(it), 2); it = iter([1, 2]); list(i); list(map(lambda *v: v, a, e)); list(filter(None, e)); list(enumerate(reversed(e))); sum((x for x in e), 1); any(e), all(e); dict.fromkeys('ab'); t'{n!r:>{n}}'; f'{n=}'",
    ),
    (
        "natives",
        "import array, struct, hashlib, zlib, csv, io, contextvars, datetime, operator, itertools, math, base64, string, textwrap, types\na = array.array('d', range(20)); a.append(1); memoryview(a)[2:].tolist(); struct.pack('<i3s', 1, b'abc'); struct.Struct('2h').iter_unpack(b'12345678'); hashlib.sha256(b'x').hexdigest(); zlib.decompress(zlib.compress(b'x' * 500)); o = io.StringIO(); csv.writer(o).writerows([[1, 'a b', 2.5]] * 3); list(csv.reader(o.getvalue().splitlines())); v = contextvars.ContextVar('v'); contextvars.copy_context().run(v.set, 1); list(itertools.product('ab', repeat=2)); a, b = itertools.tee(range(3)); list(a), list(b); list(itertools.combinations('abcd', 2)); list(itertools.accumulate(range(4))); math.factorial(60); base64.b64encode(b'x' * 50); string.Template('$a').substitute(a=1); types.SimpleNamespace(a=1); datetime.date(2020, 1, 2).isoformat(); '{0:>{1}} {a[b]}'.format(1, 5, a={'b': 2}); operator.attrgetter('a.b', 'c'); range(10)[::2]; slice(1, 2); bytes(range(50)).translate(None, b'a').hex()",
    ),
    (
        "files",
        "import os, io\nwith open('/proc/self/status') as f:\n    f.readline(); f.tell(); list(f)\nwith open('/proc/self/status', 'rb') as f: f.read(10); f.peek(); f.readlines()\nwith open('/dev/null', 'w') as f: f.write('é' * 50); print(1, 2, file=f)\nwith os.scandir('/proc/self') as s: [e.name for e in s if e.is_dir()][:2]\nos.listdir('/proc/self/fd'); os.path.join('a', 'b'); os.fspath('x'); os.environ.get('HOME'); os.stat('/').st_mode",
    ),
    (
        "threads",
        "import sys, _thread\nsys.unraisablehook = lambda a: None\nlog = []; lock = _thread.allocate_lock(); again = _thread.RLock(); local = _thread._local(); local.x = [1]\ndef work(n):\n    local.x = [n, {n: str(n)}]\n    with lock, again, again: log.append(local.x)\n    def g():\n        try:\n            yield from range(n)\n        finally:\n            log.append([n])\n    for x in g(): break\n    if n == 1: raise ValueError(n)\ndef run(n):\n    h = _thread._ThreadHandle()\n    try:\n        _thread.start_joinable_thread(lambda: work(n), handle=h)\n    finally:\n        if h.ident: h.join()\n    return h.is_done()\nrun(1); run(2)",
    ),
    (
        "queues",
        "import queue, _queue, threading, collections\ns = _queue.SimpleQueue(); s.put([1]); s.get(); q = queue.PriorityQueue(); q.put((2, 'b')); q.put((1, 'a')); q.get(); l = queue.LifoQueue(2); l.put(1); c = threading.Condition(); e = threading.Event(); m = threading.Semaphore(2)\nwith c, m: c.notify_all()\ne.set(); e.wait()\ntry:\n    q.get_nowait(); q.get_nowait()\nexcept queue.Empty: pass\nv = threading.local(); v.x = 1; del v; b = threading.Barrier(1); b.wait(); t = threading.Timer(1, print); t.cancel(); threading.enumerate()",
    ),
    (
        "event loops",
        "import asyncio, sys, logging\nsys.unraisablehook = lambda a: None; logging.disable()\nlog = []\nasync def child(n):\n    await asyncio.sleep(0); log.append([n])\n    if n == 2: raise KeyError(n)\n    return n\nasync def main():\n    q = asyncio.Queue(1); lock = asyncio.Lock()\n    async with lock: await q.put(1)\n    await q.get()\n    r = await asyncio.gather(child(1), child(2), return_exceptions=True)\n    t = asyncio.create_task(child(3)); t.add_done_callback(log.append); t.cancel()\n    try:\n        await t\n    except asyncio.CancelledError: pass\n    async with asyncio.timeout(9): await asyncio.sleep(0)\n    async with asyncio.TaskGroup() as g: g.create_task(child(4))\n    return r\nloop = None\nasyncio.events._set_running_loop(None)\ntry:\n    try:\n        loop = asyncio.new_event_loop(); loop.set_exception_handler(lambda l, c: None)\n        c = main(); t = loop.create_task(c)\n        for _ in range(40):\n            if t.done(): break\n            loop.stop(); loop.run_forever()\n        if t.done(): t.result()\n    finally:\n        asyncio.events._set_running_loop(None)\n        if loop: loop._thread_id = None; loop.close()\nexcept Exception as e:\n    raise MemoryError from e\nfinally:\n    t = c = loop = None",
    ),
];

/// Numbers of allocations that are made to fail, one after the other; programs end sooner.
const MOST: u64 = 6000;

fn namespace(runtime: &Runtime) -> Ref<Dict> {
    let Ok(globals) = runtime.main_namespace() else { panic!("no namespace") };
    globals
}

#[test]
fn programs_end_in_memory_error_or_well() {
    let runtime = Runtime::new(&RuntimeConfig { hash_seed: Some(7), ..RuntimeConfig::default() }).expect("it starts");
    let vm = runtime.vm();
    for (name, program) in PROGRAMS {
        // Once without failures, so that what is made once only is there.
        let globals = namespace(&runtime);
        assert!(runtime.execute(program, "<test>", &globals).is_ok(), "{name} is a sound program");
        drop(globals);
        let mut failures = 0;
        for n in 1..MOST {
            let globals = namespace(&runtime);
            vm.heap().fail_allocation(n);
            let done = runtime.execute(program, "<test>", &globals);
            let spent = vm.heap().allocations_until_failure() == 0;
            vm.heap().fail_allocation(0);
            if let Err(raised) = done {
                failures += 1;
                let exception = vm.take_exception(raised).to_value();
                let class = vm.type_name(&exception);
                assert_eq!(&*class, "MemoryError", "{name}, allocation {n}");
            }
            drop(globals);
            if n % 16 == 0 {
                vm.heap().verify();
            }
            if !spent {
                break;
            }
        }
        vm.heap().verify();
        vm.heap().collect(2);
        vm.heap().verify();
        assert!(failures > 10, "{name} allocates: {failures}");
    }
}

#[test]
fn an_interpreter_starts_or_does_not() {
    let mut started = 0;
    let mut n = 1;
    loop {
        let config = RuntimeConfig { hash_seed: Some(7), fail_allocation: n, ..RuntimeConfig::default() };
        let Ok(runtime) = Runtime::new(&config) else {
            n += if n < 200 { 1 } else { 97 };
            continue;
        };
        if runtime.vm().heap().allocations_until_failure() > 0 {
            break;
        }
        started += 1;
        runtime.vm().heap().verify();
        drop(runtime);
        n += if n < 200 { 1 } else { 97 };
    }
    assert!(n > 5000, "start-up allocates: {n}; it went well {started} times all the same");
}

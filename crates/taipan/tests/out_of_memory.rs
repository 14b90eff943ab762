//! Every allocation may fail: programs, and the start of an interpreter, with their n-th allocation failing, for every n.
//!
//! Whatever fails ends in MemoryError or goes well (where the failure only costs a cache entry, say); never in a panic or with a wrong count.

use taipan::{Runtime, RuntimeConfig};
use taipan_heap::Ref;
use taipan_objects::builtins::dict::Dict;

/// Each is run from the start for every n. None starts threads: where the new thread fails before it can say that it runs, `Thread.start` waits for ever,
/// as in CPython.
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

# Whatever a program keeps making, it gets a MemoryError before the process has taken much more than the limit.
import array, codecs, collections, contextvars, csv, functools, hashlib, hmac, io, itertools, json, marshal, operator, os
import pickle, queue, random, re, select, struct, sys, threading, tokenize, types, weakref, zlib
import _sre
from re import _compiler, _parser

LIMIT = 16 << 20


def resident():
    with open("/proc/self/statm", "rb", buffering=0) as statm:
        return int(statm.read(100).split()[1]) * 4096


class Endless(io.RawIOBase):
    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, room):
        return len(room)

    def write(self, data):
        return None


class Swallows(Endless):
    def write(self, data):
        return len(data)


def reader():
    file = io.BufferedReader(Endless(), 1 << 20)
    file.peek(1)
    return file


def writer():
    file = io.BufferedWriter(Swallows(), 1 << 20)
    file.write(b"x" * ((1 << 20) - 10))
    return file


LINES = b"x\n" * 50_000


def text_reader():
    file = io.TextIOWrapper(io.BytesIO(LINES))
    file._CHUNK_SIZE = 1 << 20
    file.readline()
    return file


def text_writer():
    file = io.TextIOWrapper(io.BytesIO())
    file._CHUNK_SIZE = 1 << 20
    file.write("x" * 100_000)
    return file


def scan():
    entries = os.scandir("/dev")
    next(entries)
    return entries


WORDS = _compiler._code(_parser.parse("[^a][b-d]*" * 100), 0)
GROUPS = re.compile("()" * 500)
SOURCE = "def f(a, b):\n" + "".join(f"  x{k} = a + b * {k}\n" for k in range(100))
CODE = compile(SOURCE, "f", "exec")
MARSHALLED = marshal.dumps(CODE)
STORED = os.urandom(200_000)
exec("def many():\n" + "".join(f"  x{k} = 1\n" for k in range(500)) + "  yield 1")


def compressor():
    made = zlib.compressobj(0)
    made.compress(STORED)
    return made


def started(make):
    generator = make()
    next(generator)
    return generator


def teed():
    first, second = itertools.tee(range(1000))
    collections.deque(first, 0)
    return second


def polled():
    poll = select.poll()
    for fd in range(500):
        poll.register(fd)
    return poll


def stepped(iterator):
    next(iterator)
    return iterator


def tokens():
    made = tokenize.generate_tokens(io.StringIO("x=1+2\n" * 2000).readline)
    next(made)
    return made


def pickler():
    made = pickle.Pickler(io.BytesIO())
    made.dump([[k] for k in range(1000)])
    return made


def text_file(make, content):
    file = make()
    file.write(content)
    return file


POOL = tuple(range(1000))
VIEWED = bytearray(128)
numbers = itertools.count()
MAKERS = {
    "buffered readers": reader,
    "buffered writers": writer,
    "text readers": text_reader,
    "text writers": text_writer,
    "StringIO": lambda: text_file(io.StringIO, "x" * 1000),
    "BytesIO": lambda: text_file(io.BytesIO, b"x" * 1000),
    "scandir": scan,
    "patterns": lambda: _sre.compile(None, 0, WORDS, 0, {}, (None,)),
    "matches": lambda: GROUPS.match(""),
    "hashes": lambda: [hashlib.new(name) for name in ("md5", "sha1", "sha512", "sha3_256", "blake2b")],
    "keyed hashes": lambda: hmac.new(b"k", b"m", "sha256"),
    "streams of zlib": compressor,
    "code": lambda: compile(SOURCE, "f", "exec"),
    "unmarshalled code": lambda: marshal.loads(MARSHALLED),
    "replaced code": lambda: CODE.replace(co_name="g"),
    "generators": lambda: started(many),
    "tee": teed,
    "product": lambda: itertools.product([1], repeat=1000),
    "permutations": lambda: stepped(itertools.permutations(POOL)),
    "combinations": lambda: stepped(itertools.combinations(POOL, 900)),
    "memoryviews": lambda: [memoryview(VIEWED).cast("B", [2] * 7) for _ in range(10)],
    "struct": lambda: struct.Struct("i" * 1000 + "x" * next(numbers)),
    "locks": lambda: [threading.Lock() for _ in range(50)],
    "reentrant locks": lambda: [threading.RLock() for _ in range(50)],
    "poll": polled,
    "attrgetter": lambda: operator.attrgetter(*["abc.def"] * 100),
    "Random": lambda: random.Random(1),
    "tokens": tokens,
    "pickler": pickler,
    "arrays": lambda: array.array("d", POOL),
    "deques": lambda: collections.deque(POOL),
    "big ints": lambda: 1 << 100_000 + next(numbers),
    "classes": lambda: [type("C", (), {}) for _ in range(10)],
    "weak references": lambda: [weakref.ref(f, lambda r: None) for f in [lambda: 0] * 50],
    "contexts": lambda: [contextvars.copy_context() for _ in range(50)],
    "queues": lambda: [queue.SimpleQueue() for _ in range(50)],
    "csv": lambda: csv.reader(["x" * 100]),
}

# These would need very much at once.
AT_ONCE = {
    "a line": lambda: open("/dev/zero", "rb").readline(),
    "a text line": lambda: open("/dev/zero", encoding="latin-1").readline(),
    "the rest of a file": lambda: open("/dev/zero", "rb", buffering=0).read(),
    "the rest of a raw stream": lambda: Endless().readall(),
    "a source": lambda: compile("x=1\n" * 500_000, "f", "exec"),
    "a field": lambda: next(csv.reader(itertools.chain(['"'], itertools.repeat("x" * 100_000)))),
    "digits": lambda: format(1.5, ".1000000000f"),
    "width": lambda: f"{1:1000000000}",
    "arguments": lambda: print(*itertools.count()),
    "sorting": lambda: sorted(itertools.count()),
    "joining": lambda: "".join(itertools.repeat("x" * 10_000)),
    "json": lambda: json.dumps(["\0" * 100_000] * 200),
    "a search": lambda: re.match("(?:(a)|b)*c", "ab" * 2_500_000),
}

csv.field_size_limit(1 << 40)
assert sys.argv[1:] == [] or set(sys.argv[1:]) <= MAKERS.keys() | AT_ONCE.keys()


def fill(make, times):
    kept = []
    try:
        for _ in range(times):
            kept.append(make())
            if resident() > before + 2 * LIMIT:
                return "has no limit", len(kept)
        return times < 10**9
    except MemoryError:
        return None
    finally:
        # In a frame of its own nothing of it is left.
        kept.clear()


for name, make in (MAKERS | AT_ONCE).items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    before = resident()
    failure = fill(make, 10**9 if name in MAKERS else 1)
    if failure:
        print(name, failure)
print("done")

# modes: auto
"""A cycle through every builtin type that can hold a reference is freed. The types come from the type table: one without an entry here fails."""
import gc
import sys
import warnings
import weakref

warnings.simplefilter("ignore")


class Node:
    """What a carrier holds; it holds the carrier."""

    def __call__(self, *args):
        return None

    def __iter__(self):
        return iter(())

    def __await__(self):
        yield self

    def __aiter__(self):
        return self

    async def __anext__(self):
        raise StopAsyncIteration

    def write(self, text):
        return len(text)

    def read(self, size=-1):
        return ""

    readable = writable = seekable = lambda self: True
    closed = False

    def flush(self):
        pass

    def readinto(self, buffer):
        return 0

    def close(self):
        pass


def generator(x):
    yield x
    yield x


async def coroutine(x):
    await x


async def async_generator(x):
    yield x
    yield x


def start(iterator):
    next(iterator)
    return iterator


def raised(x):
    try:
        raise ValueError(x)
    except ValueError as error:
        return error.__traceback__


def frame(x):
    return sys._getframe()


def cell(x):
    return (lambda: x).__closure__[0]


def drive(awaitable):
    awaitable.send(None)
    return awaitable


class Slotted:
    __slots__ = ("held",)


class Attributes:
    pass


def attribute_holder(cls):
    """Of a type with a settable attribute, through a subclass if need be."""

    def make(x):
        try:
            made = cls()
            made.held = x
        except (AttributeError, TypeError):
            made = type("Sub", (cls,), {})()
            made.held = x
        return made

    return make


def module_attribute(x):
    module = type(sys)("made")
    module.held = x
    return module


def exception(cls):
    def make(x):
        made = cls.__new__(cls, "group", [ValueError(x)]) if issubclass(cls, BaseExceptionGroup) else cls.__new__(cls)
        if not issubclass(cls, BaseExceptionGroup):
            made.args = (x,)
        return made

    return make


def sequence(cls):
    return lambda x: cls((x,) * cls.n_sequence_fields)


def cached(x):
    import functools

    def function():
        return x

    return functools.lru_cache(function)


def reader(x):
    import _csv

    return _csv.reader([x])


def buffer_of(x):
    class Exporter:
        def __init__(self):
            self.held = x

        def __buffer__(self, flags):
            return memoryview(b"abc")

    return memoryview(Exporter())


def alias(x):
    return list[x]


def type_alias(x):
    namespace = {"x": x}
    exec("type Alias = int", namespace)
    namespace["Alias"].__value__
    return namespace["Alias"]


def template(x):
    return t"{x}"


def weak(x):
    held = Attributes()
    x.target = held
    return weakref.ref(held, lambda _, x=x: None)


def proxy(factory):
    def make(x):
        x.target = factory
        return weakref.proxy(factory, lambda _, x=x: None)

    return make


def lines(x):
    import io

    return io.TextIOWrapper(type("Raw", (io.RawIOBase,), {"held": x, "readable": lambda self: True})())


def buffered(name):
    def make(x):
        import io

        class Raw(io.RawIOBase):
            held = x

            def readable(self):
                return True

            def writable(self):
                return True

            def seekable(self):
                return True

            def seek(self, *args):
                return 0

            def tell(self):
                return 0

        return getattr(io, name)(*([Raw()] * (2 if name == "BufferedRWPair" else 1)))

    return make


def thread_local(x):
    import _thread

    made = _thread._local()
    made.held = x
    return made


def simple_queue(x):
    import _queue

    made = _queue.SimpleQueue()
    made.put(x)
    return made


def context(x):
    import contextvars

    made = contextvars.Context()
    made.run(contextvars.ContextVar("v").set, x)
    return made


def token(x):
    import contextvars

    return contextvars.Context().run(contextvars.ContextVar("v").set, x)


def scanned(x):
    import json

    decoder = json.JSONDecoder(object_hook=lambda found, x=x: found)
    return decoder.scan_once


def encoded(x):
    import json.encoder

    return json.encoder.c_make_encoder(None, lambda o, x=x: o, str, None, ":", ",", False, False, True)


def tokens(x):
    import _tokenize

    return _tokenize.TokenizerIter(lambda x=x: "", extra_tokens=False)


def ast_node(x):
    import _ast

    return _ast.Name(id=x, ctx=x)


def scanner(x):
    import re

    class Text(str):
        pass

    text = Text("abc")
    text.held = x
    return re.compile("a").scanner(text)


def match(x):
    import re

    class Text(str):
        pass

    text = Text("abc")
    text.held = x
    return re.match("a", text)


def finder(x):
    return iter(re_pattern(x))


def abc_data(x):
    import _abc

    class Abstract(metaclass=__import__("abc").ABCMeta):
        held = x

    Abstract.register(Attributes)
    return Abstract


def of_module(module, name):
    return getattr(__import__(module, fromlist=["x"]), name)


def ordered(x):
    return of_module("collections", "OrderedDict")(key=x)


def from_itertools(name, *arguments):
    """An iterator of `itertools` over `arguments`, in which `Node` stands for the held object."""

    def make(x):
        import itertools

        return getattr(itertools, name)(*[x if argument is Node else argument for argument in arguments])

    return make


def tee(x):
    import itertools

    return itertools.tee([x].__iter__())[0]


def tee_data(x):
    made = tee(x)
    return next(found for found in gc.get_referents(made) if type(found).__name__ == "_tee_dataobject")


def grouper(x):
    import itertools

    return next(itertools.groupby([x]))[1]


def spec(x):
    import importlib.machinery

    return importlib.machinery.ModuleSpec("name", x)


def getter(name):
    return lambda x: type("Holder", (), {"held": x}).__dict__[name]


def lru_partial(x):
    import functools

    return functools.partial(x, x)


def zone(x):
    """A zone that holds."""
    return sub(of_module("datetime", "tzinfo"))(x)


def of_dict(view):
    return lambda x: view({"key": x, x: "key"})


def interpolation(x):
    return template(x).interpolations[0]


def typevar(cls, **keywords):
    def make(x):
        import typing

        made = getattr(typing, cls)("T", **{name: x for name in keywords})
        return made

    return make


def generic(build):
    def make(x):
        import typing

        return build(typing, x)

    return make


def parameters(attribute):
    def make(x):
        import typing

        made = typing.ParamSpec("P", bound=x)
        return getattr(made, attribute)

    return make


def sub(cls, *arguments):
    """An instance of a subclass, which has attributes."""

    def make(x):
        made = type("Sub", (cls,), {})(*arguments)
        made.held = x
        return made

    return make


def special(cls, name):
    """`name`, an attribute that `cls` makes on the fly, of an instance of a subclass that holds."""
    return lambda x: getattr(sub(cls)(x), name)


def struct_object(x):
    import _struct

    return sub(_struct.Struct, "i")(x)


def io_sub(name, *arguments):
    def make(x):
        import _io

        return sub(getattr(_io, name), *arguments)(x)

    return make


def decoder(x):
    import _io

    return _io.IncrementalNewlineDecoder(x, True)


def file_sub(x):
    import _io

    return sub(_io.FileIO, "/dev/null")(x)


def unpickler(x):
    import _pickle
    import io

    made = _pickle.Unpickler(io.BytesIO())
    made.memo = {0: x}
    return made


def pickle_buffer(x):
    import _pickle

    data = type("Sub", (bytearray,), {})()
    data.held = x
    return _pickle.PickleBuffer(data)


CARRIERS = {
    "_abc._abc_data": abc_data,
    "_collections._tuplegetter": lambda x: of_module("_collections", "_tuplegetter")(0, x),
    "_contextvars.Context": context,
    "_contextvars.ContextVar": lambda x: of_module("contextvars", "ContextVar")("v", default=x),
    "_contextvars.Token": token,
    "_csv.reader": reader,
    "_csv.writer": lambda x: of_module("_csv", "writer")(x),
    "_io.BufferedRWPair": buffered("BufferedRWPair"),
    "_io.BufferedRandom": buffered("BufferedRandom"),
    "_io.BufferedReader": buffered("BufferedReader"),
    "_io.BufferedWriter": buffered("BufferedWriter"),
    "_io.BytesIO": io_sub("BytesIO"),
    "_io.FileIO": file_sub,
    "_io.IncrementalNewlineDecoder": decoder,
    "_io.StringIO": io_sub("StringIO"),
    "_io.TextIOWrapper": lines,
    "_io._BufferedIOBase": io_sub("_BufferedIOBase"),
    "_io._IOBase": io_sub("_IOBase"),
    "_io._RawIOBase": io_sub("_RawIOBase"),
    "_io._TextIOBase": io_sub("_TextIOBase"),
    "_pickle.PickleBuffer": pickle_buffer,
    "_pickle.Pickler": lambda x: of_module("_pickle", "Pickler")(x),
    "_pickle.PicklerMemoProxy": lambda x: of_module("_pickle", "Pickler")(x).memo,
    "_pickle.Unpickler": unpickler,
    "_pickle.UnpicklerMemoProxy": lambda x: unpickler(x).memo,
    "_json.Encoder": encoded,
    "_json.Scanner": scanned,
    "_queue.SimpleQueue": simple_queue,
    "_struct.Struct": struct_object,
    "_thread._local": thread_local,
    "_tokenize.TokenizerIter": tokens,
    "ast.AST": ast_node,
    "builtins.async_generator": async_generator,
    "builtins.async_generator_asend": lambda x: async_generator(x).asend(None),
    "builtins.async_generator_athrow": lambda x: async_generator(x).athrow(ValueError),
    "builtins.builtin_function_or_method": lambda x: [x].append,
    "builtins.callable_iterator": lambda x: iter(x, None),
    "builtins.cell": cell,
    "builtins.classmethod": classmethod,
    "builtins.coroutine": coroutine,
    "builtins.coroutine_wrapper": lambda x: coroutine(x).__await__(),
    "builtins.dict": lambda x: {"key": x},
    "builtins.dict_itemiterator": of_dict(lambda d: iter(d.items())),
    "builtins.dict_items": of_dict(dict.items),
    "builtins.dict_keyiterator": of_dict(iter),
    "builtins.dict_keys": of_dict(dict.keys),
    "builtins.dict_reverseitemiterator": of_dict(lambda d: reversed(d.items())),
    "builtins.dict_reversekeyiterator": of_dict(reversed),
    "builtins.dict_reversevalueiterator": of_dict(lambda d: reversed(d.values())),
    "builtins.dict_valueiterator": of_dict(lambda d: iter(d.values())),
    "builtins.dict_values": of_dict(dict.values),
    "builtins.enumerate": lambda x: enumerate([x]),
    "builtins.filter": lambda x: filter(x, [x]),
    "builtins.frame": frame,
    "builtins.FrameLocalsProxy": lambda x: frame(x).f_locals,
    "builtins.frozenset": lambda x: frozenset([x]),
    "builtins.function": lambda x: lambda: x,
    "builtins.generator": lambda x: start(generator(x)),
    "builtins.generic_alias_iterator": lambda x: iter(tuple[x]),
    "builtins.iterator": lambda x: iter(type("Old", (), {"__getitem__": lambda self, index, x=x: x})()),
    "builtins.list": lambda x: [x],
    "builtins.list_iterator": lambda x: iter([x]),
    "builtins.list_reverseiterator": lambda x: reversed([x]),
    "builtins.map": lambda x: map(x, [x]),
    "builtins.mappingproxy": lambda x: type(type.__dict__)({"key": x}),
    "builtins.memoryview": buffer_of,
    "builtins.method": lambda x: x.write,
    "builtins.method-wrapper": lambda x: x.__repr__,
    "builtins.module": module_attribute,
    "builtins.odict_items": lambda x: ordered(x).items(),
    "builtins.odict_iterator": lambda x: iter(ordered(x)),
    "builtins.odict_keys": lambda x: ordered(x).keys(),
    "builtins.odict_values": lambda x: ordered(x).values(),
    "builtins.property": property,
    "builtins.reversed": lambda x: reversed(type("S", (), {"__len__": lambda s: 1, "__getitem__": lambda s, i, x=x: x})()),
    "builtins.set": lambda x: {x},
    "builtins.set_iterator": lambda x: iter({x}),
    "builtins.slice": lambda x: slice(x),
    "builtins.staticmethod": staticmethod,
    "builtins.str_iterator": lambda x: iter(sub(str, "\u0416")(x)),
    "builtins.str_ascii_iterator": lambda x: iter(sub(str, "a")(x)),
    "builtins.bytes_iterator": lambda x: iter(sub(bytes, b"a")(x)),
    "builtins.bytearray_iterator": lambda x: iter(sub(bytearray, b"a")(x)),
    "builtins.super": lambda x: super(Node, x),
    "builtins.traceback": raised,
    "builtins.tuple": lambda x: (x,),
    "builtins.tuple_iterator": lambda x: iter((x,)),
    "builtins.type": lambda x: type("Made", (), {"held": x}),
    "builtins.wrapper_descriptor": None,
    "builtins.zip": lambda x: zip([x]),
    "collections.OrderedDict": lambda x: ordered(x),
    "collections._deque_iterator": lambda x: iter(of_module("collections", "deque")([x])),
    "collections._deque_reverse_iterator": lambda x: reversed(of_module("collections", "deque")([x])),
    "collections.defaultdict": lambda x: of_module("collections", "defaultdict")(x),
    "collections.deque": lambda x: of_module("collections", "deque")([x]),
    "datetime.datetime": lambda x: of_module("datetime", "datetime")(1, 1, 1, tzinfo=zone(x)),
    "datetime.time": lambda x: of_module("datetime", "time")(tzinfo=zone(x)),
    "datetime.timezone": lambda x: of_module("datetime", "timezone")(sub(of_module("datetime", "timedelta"), 0, 60)(x)),
    "functools._lru_cache_wrapper": cached,
    "itertools._grouper": grouper,
    "itertools._tee": tee,
    "itertools._tee_dataobject": tee_data,
    "itertools.accumulate": from_itertools("accumulate", (1,), Node),
    "itertools.batched": lambda x: from_itertools("batched", [x], 2)(x),
    "itertools.chain": lambda x: from_itertools("chain", [x])(x),
    "itertools.combinations": lambda x: from_itertools("combinations", [x], 1)(x),
    "itertools.combinations_with_replacement": lambda x: from_itertools("combinations_with_replacement", [x], 1)(x),
    "itertools.compress": lambda x: from_itertools("compress", [x], [1])(x),
    "itertools.count": lambda x: from_itertools("count", sub(int, 5)(x))(x),
    "itertools.cycle": lambda x: from_itertools("cycle", [x])(x),
    "itertools.dropwhile": lambda x: from_itertools("dropwhile", Node, [x])(x),
    "itertools.filterfalse": lambda x: from_itertools("filterfalse", Node, [x])(x),
    "itertools.groupby": lambda x: from_itertools("groupby", [x])(x),
    "itertools.islice": lambda x: from_itertools("islice", [x], 1)(x),
    "itertools.pairwise": lambda x: from_itertools("pairwise", [x])(x),
    "itertools.permutations": lambda x: from_itertools("permutations", [x])(x),
    "itertools.product": lambda x: from_itertools("product", [x])(x),
    "itertools.repeat": from_itertools("repeat", Node),
    "itertools.starmap": lambda x: from_itertools("starmap", Node, [x])(x),
    "itertools.takewhile": lambda x: from_itertools("takewhile", Node, [x])(x),
    "itertools.zip_longest": lambda x: from_itertools("zip_longest", [x])(x),
    "operator.attrgetter": None,
    "operator.itemgetter": lambda x: of_module("operator", "itemgetter")(x),
    "operator.methodcaller": lambda x: of_module("operator", "methodcaller")("name", x),
    "re.Match": match,
    "re.Pattern": None,
    "_sre.SRE_Scanner": scanner,
    "functools.partial": lru_partial,
    "string.templatelib.Interpolation": interpolation,
    "string.templatelib.Template": template,
    "string.templatelib.TemplateIter": lambda x: iter(template(x)),
    "types.GenericAlias": alias,
    "types.SimpleNamespace": lambda x: of_module("types", "SimpleNamespace")(held=x),
    "typing.ParamSpec": typevar("ParamSpec", bound=1),
    "typing.ParamSpecArgs": parameters("args"),
    "typing.ParamSpecKwargs": parameters("kwargs"),
    "typing.TypeAliasType": lambda x: of_module("typing", "TypeAliasType")("A", x),
    "typing.TypeVar": typevar("TypeVar", bound=1),
    "typing.TypeVarTuple": typevar("TypeVarTuple", default=1),
    "typing.Union": lambda x: int | type("Made", (), {"held": x}),
    "weakref.ReferenceType": weak,
    "weakref.ProxyType": lambda x: proxy(Attributes())(x),
    "weakref.CallableProxyType": lambda x: proxy(type("Called", (), {"__call__": lambda self: 0})())(x),
    "_frozen_importlib.ModuleSpec": spec,
    "_frozen_importlib_external.SourceFileLoader": lambda x: sub(
        of_module("importlib.machinery", "SourceFileLoader"), "name", "path"
    )(x),
}

# Types whose objects only ever hold what can be in no cycle with a program's objects, each with the reason.
CANNOT = {
    "builtins.code": "constants and names",
    "builtins.getset_descriptor": "its class is builtin, or holds it from its own namespace",
    "builtins.member_descriptor": "as getset_descriptor",
    "builtins.method_descriptor": "its class is builtin",
    "builtins.classmethod_descriptor": "its class is builtin",
    "builtins.wrapper_descriptor": "its class is builtin",
    "builtins.longrange_iterator": "ints",
    "builtins._buffer_wrapper": "made and used inside memoryview() alone: see memoryview",
    "builtins.async_generator_wrapped_value": "lives between two instructions of an async generator",
    "datetime.IsoCalendarDate": "three ints",
    "operator.attrgetter": "names",
    "_csv.Dialect": "characters",
    "decimal.Context": "numbers, and two mappings of signals that refer to nothing",
    "posix.DirEntry": "two strs of its own",
    "re.Pattern": "a str, code words and the names of groups",
    "sys.flags": "the one object has ints",
    "sys.version_info": "the one object has ints and a str",
}


# Carriers whose references lead through a frame, which `holds` does not follow.
UNSEEN = {"builtins.FrameLocalsProxy", "builtins.traceback"}


def builtin_types():
    for name in sys.builtin_module_names:
        __import__(name)
    seen = set()
    todo = [object]
    while todo:
        cls = todo.pop()
        if cls not in seen:
            seen.add(cls)
            todo.extend(type.__subclasses__(cls))
    # Neither made by a class statement nor without references.
    return [cls for cls in seen if not cls.__flags__ & 1 << 9 and cls.__flags__ & 1 << 14]


def name_of(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def entry(cls):
    """How to make a carrier of a type that has no entry of its own."""
    if issubclass(cls, BaseException):
        return exception(cls)
    if issubclass(cls, tuple) and hasattr(cls, "n_sequence_fields"):
        return sequence(cls)
    return None


def holds(carrier, node):
    """Whether references lead from the carrier to the node, and not by way of modules, builtin types or running code."""
    level, seen = [carrier], {id(carrier)}
    for _ in range(6):
        following = []
        for owner in level:
            for found in gc.get_referents(owner):
                if found is node:
                    return True
                if id(found) in seen or isinstance(found, type(sys)):
                    continue
                if isinstance(found, type) and not found.__flags__ & 1 << 9:
                    continue
                if isinstance(found, dict) and "__builtins__" in found or type(found) is type(sys._getframe()):
                    continue
                seen.add(id(found))
                following.append(found)
        level = following
    return False


def leaks(name, make):
    node = Node()
    carrier = make(node)
    if not holds(carrier, node) and name not in UNSEEN:
        raise AssertionError("the carrier does not hold the object")
    node.carrier = carrier
    watch = weakref.ref(node)
    del node, carrier
    gc.collect()
    return watch() is not None


leaked, failed = [], []
for name, make in sorted(CARRIERS.items()):
    if make is None:
        continue
    if sys.implementation.name != "taipan":
        continue
    try:
        if leaks(name, make):
            leaked.append(name)
    except Exception as error:
        failed.append(f"{name}: {type(error).__name__}: {error}")
print("leaked:", leaked)
print("failed:", failed)

missing = []
if sys.implementation.name == "taipan":
    for cls in builtin_types():
        name = name_of(cls)
        if CARRIERS.get(name) or name in CANNOT:
            continue
        make = entry(cls)
        if make is None:
            missing.append(name)
            continue
        try:
            if leaks(name, make):
                leaked.append(name)
        except Exception as error:
            failed.append(f"{name}: {type(error).__name__}: {error}")
print("without an entry:", sorted(missing))
print("leaked:", leaked)
print("failed:", failed)

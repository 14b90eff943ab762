//! Several interpreters in one process: one after the other, nested, interleaved, and in parallel threads. They share nothing.

use std::rc::Rc;
use taipan::{Runtime, RuntimeConfig};
use taipan_heap::Ref;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;

fn runtime(configure: impl FnOnce(&mut RuntimeConfig)) -> Runtime {
    let mut config = RuntimeConfig { hash_seed: Some(7), ..RuntimeConfig::default() };
    configure(&mut config);
    Runtime::new(&config).expect("the interpreter starts")
}

/// The namespace of a new `__main__`.
fn namespace(runtime: &Runtime) -> Ref<Dict> {
    let Ok(globals) = runtime.main_namespace() else { panic!("no namespace") };
    globals
}

/// Runs text, which must raise nothing.
fn execute(runtime: &Runtime, globals: &Ref<Dict>, text: &str) {
    let vm = runtime.vm();
    if let Err(raised) = runtime.execute(text, "<test>", globals) {
        let exception = vm.take_exception(raised);
        panic!(
            "{text}\nraised {}",
            vm.repr(&exception.to_value()).map_or_else(|_| String::new(), |text| text.to_lossy().into_owned())
        );
    }
}

/// The repr of a global.
fn shown(runtime: &Runtime, globals: &Ref<Dict>, name: &str) -> String {
    let vm = runtime.vm();
    let value = globals.get_text(vm, name).ok().flatten().expect("the name is bound");
    let Ok(text) = vm.repr(&value) else { panic!("{name} has no repr") };
    text.to_lossy().into_owned()
}

/// The text of the exception that the program raises.
fn raised(runtime: &Runtime, globals: &Ref<Dict>, text: &str) -> String {
    let vm = runtime.vm();
    let Err(raised) = runtime.execute(text, "<test>", globals) else { panic!("nothing raised: {text}") };
    let exception = vm.take_exception(raised).to_value();
    let Ok(text) = vm.repr(&exception) else { panic!("the exception has no repr") };
    text.to_lossy().into_owned()
}

const PROGRAM: &str = "
import collections, gc, sys
class Node:
    alive = 0
    def __init__(self): self.me = self; Node.alive += 1
    def __del__(self): Node.alive -= 1
for _ in range(1000): Node()
gc.collect()
left = Node.alive
counted = collections.Counter('abracadabra').most_common(2)
sys.marker = marker
";

#[test]
fn one_after_the_other() {
    for round in 0..20 {
        let runtime = runtime(|_| {});
        let globals = namespace(&runtime);
        execute(
            &runtime,
            &globals,
            &format!("import sys\nassert not hasattr(sys, 'marker')\nmarker = {round}{PROGRAM}"),
        );
        assert_eq!(shown(&runtime, &globals, "left"), "0");
        assert_eq!(shown(&runtime, &globals, "counted"), "[('a', 5), ('b', 2)]");
        drop(globals);
        assert!(runtime.finish());
    }
}

#[test]
fn nested() {
    let outer = runtime(|_| {});
    let outer_globals = namespace(&outer);
    execute(&outer, &outer_globals, "import sys; sys.setrecursionlimit(500); sys.path.append('outer'); x = 'outer'");
    {
        let inner = runtime(|config| config.arguments = vec!["inner".into()]);
        let globals = namespace(&inner);
        execute(
            &inner,
            &globals,
            "import sys; y = (sys.getrecursionlimit(), 'outer' in sys.path, sys.argv, 'x' in globals())",
        );
        assert_eq!(shown(&inner, &globals, "y"), "(1000, False, ['inner'], False)");
        drop(globals);
        assert!(inner.finish());
    }
    execute(&outer, &outer_globals, "z = (sys.getrecursionlimit(), sys.argv, x)");
    assert_eq!(shown(&outer, &outer_globals, "z"), "(500, [], 'outer')");
    drop(outer_globals);
    assert!(outer.finish());
}

/// The finalizer of an object runs in the interpreter that the object belongs to, whichever was entered last, and interpreters may be dropped in
/// any order.
#[test]
fn interleaved() {
    let first = runtime(|_| {});
    let second = runtime(|_| {});
    assert!(!Rc::ptr_eq(first.vm(), second.vm()));
    let mut namespaces = Vec::new();
    for (runtime, name) in [(&first, "first"), (&second, "second")] {
        let globals = namespace(runtime);
        let text = format!(
            "import sys\nlog = []\nsys.owner = '{name}'\nclass Noisy:\n    def __del__(self): import sys; log.append((sys.owner, [1]))\nheld = [Noisy()]"
        );
        execute(runtime, &globals, &text);
        namespaces.push(globals);
    }
    // The first interpreter's objects die while the second was entered last.
    let vm = first.vm();
    let held = namespaces[0].get_text(vm, "held").ok().flatten().expect("bound");
    let Ok(name) = Str::new(vm, "held") else { panic!("no str") };
    assert!(namespaces[0].remove(vm, &name.into()).is_ok());
    drop(held);
    assert_eq!(shown(&first, &namespaces[0], "log"), "[('first', [1])]");
    assert_eq!(shown(&second, &namespaces[1], "log"), "[]");
    for _ in 0..100 {
        for (runtime, globals) in [(&first, &namespaces[0]), (&second, &namespaces[1])] {
            execute(runtime, globals, "held = [Noisy()]; log.clear(); held = None; assert log == [(sys.owner, [1])]");
        }
    }
    namespaces.remove(0);
    assert!(first.finish());
    drop(first);
    execute(&second, &namespaces[0], "held = None; log.clear(); after = 'still here'");
    assert_eq!(shown(&second, &namespaces[0], "after"), "'still here'");
    namespaces.clear();
    assert!(second.finish());
}

#[test]
fn in_parallel_threads() {
    let threads: Vec<_> = (0..8)
        .map(|number| {
            std::thread::Builder::new()
                .stack_size(16 << 20)
                .spawn(move || {
                    for _ in 0..3 {
                        let runtime = runtime(|_| {});
                        let globals = namespace(&runtime);
                        execute(&runtime, &globals, &format!("marker = {number}{PROGRAM}"));
                        execute(&runtime, &globals, "total = sum(i * i for i in range(20_000)); own = sys.marker");
                        assert_eq!(shown(&runtime, &globals, "left"), "0");
                        assert_eq!(shown(&runtime, &globals, "total"), "2666466670000");
                        assert_eq!(shown(&runtime, &globals, "own"), number.to_string());
                        drop(globals);
                        assert!(runtime.finish());
                    }
                })
                .expect("a thread starts")
        })
        .collect();
    for thread in threads {
        thread.join().expect("the thread ends without a panic");
    }
}

#[test]
fn each_has_its_own_limit() {
    let small = runtime(|config| config.heap_limit = Some(24 << 20));
    let large = runtime(|config| config.heap_limit = Some(256 << 20));
    let text = "data = [bytes(1 << 20) for _ in range(64)]";
    let (small_globals, large_globals) = (namespace(&small), namespace(&large));
    assert_eq!(raised(&small, &small_globals, text), "MemoryError()");
    execute(&large, &large_globals, text);
    execute(&small, &small_globals, "data = 'the small one goes on'");
    assert_eq!(shown(&small, &small_globals, "data"), "'the small one goes on'");
    execute(&large, &large_globals, "data = len(data)");
    assert_eq!(shown(&large, &large_globals, "data"), "64");
    drop((small_globals, large_globals));
    assert!(small.finish() && large.finish());
}

/// Threads of one interpreter do not hold up another.
#[test]
fn threads_belong_to_one() {
    let first = runtime(|_| {});
    let globals = namespace(&first);
    let text = "
import _thread
done = _thread.allocate_lock(); done.acquire()
stop = False
def spin():
    n = 0
    while not stop: n += 1
    done.release()
_thread.start_new_thread(spin, ())
";
    execute(&first, &globals, text);
    let second = runtime(|_| {});
    let second_globals = namespace(&second);
    execute(&second, &second_globals, "total = 0\nfor i in range(100_000): total += i");
    assert_eq!(shown(&second, &second_globals, "total"), "4999950000");
    drop(second_globals);
    assert!(second.finish());
    drop(second);
    execute(&first, &globals, "stop = True; done.acquire()");
    drop(globals);
    assert!(first.finish());
}

/// Looks everything up again and again while it changes: whatever is cached must not be what it was.
const CHANGING: &str = "
import types
module = types.ModuleType('module')
class Meta(type):
    def kind(cls): return 1
class Base(metaclass=Meta):
    limit = 1
    def __init__(self): self.own = 1
    def get(self): return 1
    def __len__(self): return 1
    def __add__(self, other): return 1
    def __eq__(self, other): return True
    __hash__ = None
    @property
    def shown(self): return 1
    @classmethod
    def made(cls): return 1
    @staticmethod
    def plain(): return 1
class Slotted:
    __slots__ = ('own',)
    def __init__(self): self.own = 1
class Derived(Base):
    def get(self): return super().get()
    def up(self): return super().limit
def total():
    thing, slotted = Derived(), Slotted()
    return (thing.own + slotted.own + thing.get() + len(thing) + (thing + thing) + (thing == 3) + thing.shown + thing.made() + thing.plain()
            + Derived.limit + Derived.made() + Derived.plain() + Derived.get(thing) + Derived.kind() + thing.up() + thing.limit
            + module.value + module.call() + value + call() + abs(-1))
module.value = value = 1
module.call = call = lambda: 1
for again in range(4): assert total() == 21, total()
Base.get = lambda self: 2
for again in range(4): assert total() == 23, total()
Base.__len__ = lambda self: 3
Base.__add__ = lambda self, other: 3
for again in range(4): assert total() == 27, total()
Base.limit = 5
for again in range(4): assert total() == 39, total()
Base.shown = 2; Base.made = lambda self=None: 2; Base.plain = staticmethod(lambda: 2)
for again in range(4): assert total() == 44, total()
Meta.kind = lambda cls: 3
for again in range(4): assert total() == 46, total()
del module.value
module.other, module.value, module.call = 0, 2, lambda: 2
for again in range(4): assert total() == 48, total()
del value
extra, value, call = 0, 2, lambda: 2
for again in range(4): assert total() == 50, total()
abs = lambda n: 2
for again in range(4): assert total() == 51, total()
del abs
Derived.own = property(lambda self: 4, lambda self, value: None)
for again in range(4): assert total() == 53, total()
def changing():
    names = {}
    for n in range(100):
        globals()[f'name{n}'] = n
        setattr(Base, f'name{n}', n)
        setattr(module, f'name{n}', n)
        assert total() == 53
        assert eval(f'name{n} + Base.name{n} + Derived.name{n} + module.name{n}') == 4 * n
        class Local(Base): limit = n
        assert Local.limit == Local().limit == n and Local().get() == 2
        delattr(Base, f'name{n}')
changing()
";

#[test]
fn nothing_is_cached_when_no_version_is_left() {
    for left in [0, 1, 2, 3, 5, 8, 20, 21, 22, 23, 40, 80, 160, 400] {
        let runtime = runtime(|_| {});
        let globals = namespace(&runtime);
        runtime.vm().interp().leave_versions(left);
        execute(&runtime, &globals, CHANGING);
        assert_eq!(shown(&runtime, &globals, "value"), "2");
    }
}

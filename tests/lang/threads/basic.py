# _thread: starting, locks, RLock, results in shared containers, exceptions in threads.
import _thread
import sys
import time


def wait_for(condition):
    for _ in range(2000):
        if condition():
            return True
        time.sleep(0.005)
    return False


def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


done = []
ident = _thread.start_new_thread(lambda a, b=2: done.append((a, b, _thread.get_ident())), (1,), {"b": 3})
print(type(ident).__name__, wait_for(lambda: done), done[0][:2], done[0][2] == ident, ident != _thread.get_ident())
t(lambda: _thread.start_new_thread(1, ()))
t(lambda: _thread.start_new_thread(print, [1]))
t(lambda: _thread.start_new_thread(print, (), 5))
t(lambda: _thread.start_new_thread(print))
lock = _thread.allocate_lock()
print(lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01), lock.acquire(True, 0.01))
t(lambda: lock.acquire(False, 1))
t(lambda: lock.acquire(True, -2))
t(lambda: lock.acquire(True, 1e30))
t(lock.release)
t(lock.release)
with lock:
    print(lock.locked(), repr(lock).split(" at ")[0])
print(repr(lock).split(" at ")[0], type(lock))
r = _thread.RLock()
print(r.acquire(), r.acquire(), r.release(), r.release(), repr(r).split(" owner")[0])
t(r.release)
with r, r:
    print("count=2" in repr(r))
others = []


def contend():
    others.append(r.acquire(False))
    try:
        r.release()
    except RuntimeError as e:
        others.append(str(e))
    others.append("end")


with r:
    _thread.start_new_thread(contend, ())
    wait_for(lambda: "end" in others)
print(others)
total = [0]
finished = []
shared = {}


def work(n):
    for i in range(500):
        with lock:
            total[0] += 1
        shared[n, i] = i
    finished.append(n)


for n in range(20):
    _thread.start_new_thread(work, (n,))
print(wait_for(lambda: len(finished) == 20), total, len(shared), sorted(finished) == list(range(20)))
hooked = []


def hook(args):
    hooked.append((args.exc_type.__name__, str(args.exc_value), args.exc_traceback is not None, args.err_msg.split(" at ")[0], args.object))


def boom(*a):
    raise ValueError("in thread")


sys.unraisablehook = hook
_thread.start_new_thread(boom, ())
wait_for(lambda: hooked)
print(hooked)


def leaves():
    finished.append("leaving")
    _thread.exit()


def leaves_too():
    finished.append("leaving too")
    raise SystemExit(5)


_thread.start_new_thread(leaves, ())
_thread.start_new_thread(leaves_too, ())
print(wait_for(lambda: "leaving" in finished and "leaving too" in finished))
time.sleep(0.05)
print(len(hooked))
deep = []


def recurse():
    recurse()


def overflow():
    try:
        recurse()
    except RecursionError as e:
        deep.append(str(e).split(" in ")[0])


_thread.start_new_thread(overflow, ())
wait_for(lambda: deep)
print(deep)
# A thread that computes lets others run.
ticks = []
stop = []


def compute():
    while not stop:
        pass
    ticks.append("computed")


_thread.start_new_thread(compute, ())
begin = time.monotonic()
for _ in range(5):
    time.sleep(0.001)
stop.append(1)
print(time.monotonic() - begin < 2, wait_for(lambda: ticks), ticks)
# Sleeping gives the lock up.
slept = []


def sleeper():
    time.sleep(0.1)
    slept.append(1)


begin = time.monotonic()
for _ in range(10):
    _thread.start_new_thread(sleeper, ())
print(wait_for(lambda: len(slept) == 10), time.monotonic() - begin < 0.9)
local = _thread._local()
local.x = "main"
seen = []


def look():
    seen.append(hasattr(local, "x"))
    local.x = "thread"
    seen.append(local.x)


_thread.start_new_thread(look, ())
wait_for(lambda: len(seen) == 2)
print(seen, local.x)
wait_for(lambda: _thread._count() == 0)
print(_thread._count(), _thread.get_native_id() > 0, _thread.stack_size(), _thread.TIMEOUT_MAX > 1e6, _thread.error is RuntimeError)
t(lambda: _thread.stack_size(-1))
t(lambda: _thread.stack_size(100))
t(lambda: _thread.stack_size(65536 * 4))
t(lambda: _thread.stack_size())
t(lambda: _thread.stack_size(0))
try:
    _thread.interrupt_main()
    for _ in range(1000):
        pass
    time.sleep(1)
except KeyboardInterrupt:
    print("interrupted")
try:
    _thread.start_new_thread(_thread.interrupt_main, ())
    while True:
        time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted by a thread")

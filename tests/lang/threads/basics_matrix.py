# Threads: results that do not depend on timing. Names, states, errors, locals, locks, conditions, barriers, timers, queues, hooks.
import queue, sys, threading, time, _thread
def attempt(text, space=None):
    try: print(text, "->", eval(text, space or globals()))
    except BaseException as e: print(text, "!!", type(e).__name__, e)
t = threading.Thread(target=print, args=("in thread",), kwargs={"end": "!\n"}, name="named")
print(t.name, t.is_alive(), t.ident, t.daemon); attempt("t.join()"); t.start(); t.join(); print(t.is_alive(), t.ident is not None); attempt("t.start()"); attempt("setattr(t, 'daemon', True)"); attempt("threading.Thread(1)"); attempt("threading.Thread(target=1, group=2)"); attempt("threading.current_thread().join()"); attempt("threading.main_thread() is threading.current_thread()"); attempt("t.join(timeout=0.001)"); attempt("threading.Thread(daemon=True).daemon")
class Sub(threading.Thread):
    def __init__(self): pass
attempt("Sub().start()")
class Sub2(threading.Thread):
    def run(self): self.result = threading.current_thread() is self
s = Sub2(); s.start(); s.join(); print(s.result, s.name.startswith("Thread-"))
seen = []
threading.excepthook = lambda a: seen.append((a.exc_type.__name__, str(a.exc_value), a.thread.name, a.exc_traceback is not None))
for target in (lambda: 1 / 0, lambda: sys.exit(3), lambda: {}["k"]):
    t = threading.Thread(target=target, name="failing"); t.start(); t.join()
print(seen); threading.excepthook = threading.__excepthook__
local = threading.local(); local.x = "main"
class L(threading.local):
    y = "class"
    def __init__(self, z): self.z = [z]
l = L(5); l.z.append(6)
def look(): out.append((hasattr(local, "x"), l.y, l.z)); local.x = "thread"; l.y = 1
out = []; t = threading.Thread(target=look); t.start(); t.join(); print(out, local.x, l.y, l.z); attempt("threading.local(1)"); attempt("local.nothing")
lock, r = threading.Lock(), threading.RLock()
for text in ("lock.acquire()", "lock.acquire(False)", "lock.acquire(timeout=0.001)", "lock.acquire(False, 1)", "lock.acquire(timeout=-2)", "lock.acquire(timeout=1e20)", "lock.locked()", "lock.release()", "lock.release()", "lock.acquire(blocking='x', timeout=-1)", "lock.__exit__(None, None, None)", "r.release()", "r.acquire(), r.acquire()", "r.locked()", "r.release(), r.release()", "r.release()", "r._is_owned()", "threading.Semaphore(-1)", "threading.BoundedSemaphore(1).release()", "threading.Event().wait(0.001)", "threading.Condition().wait()", "threading.Condition().notify()", "threading.Condition(lock).acquire()", "lock.release()", "threading.Barrier(0)", "threading.Barrier(1).wait()", "threading.Barrier(2).wait(0.001)", "threading.stack_size()", "threading.stack_size(5)", "threading.active_count()", "len(threading.enumerate())", "_thread.start_new_thread(1, ())", "_thread.start_new_thread(print, 1)", "_thread.start_new_thread()", "_thread.allocate_lock().locked()", "threading.TIMEOUT_MAX > 1e6", "_thread.LockType is threading.Lock", "sys.setswitchinterval(0)", "sys.getswitchinterval()", "threading.Timer(0, print, ['timer']).interval", "queue.Queue().get_nowait()", "queue.Queue(1).put_nowait(1)", "queue.SimpleQueue().get(timeout=0.001)", "queue.SimpleQueue().get(False)", "queue.Queue().task_done()"): attempt(text)
total = 0
def add():
    global total
    for _ in range(2000):
        with lock: total += 1
ts = [threading.Thread(target=add) for _ in range(4)]
[t.start() for t in ts]; [t.join() for t in ts]; print(total)
q, done = queue.Queue(3), []
def consume():
    while (item := q.get()) is not None: done.append(item * 2); q.task_done()
t = threading.Thread(target=consume); t.start()
for i in range(20): q.put(i)
q.join(); q.put(None); t.join(); print(done)
cond, turns = threading.Condition(), []
def turn(n):
    with cond:
        cond.wait_for(lambda: len(turns) == n); turns.append(n); cond.notify_all()
ts = [threading.Thread(target=turn, args=(n,)) for n in (3, 1, 2, 0)]; [t.start() for t in ts]; [t.join() for t in ts]; print(turns)
b = threading.Barrier(3, action=lambda: turns.append("action")); ts = [threading.Thread(target=b.wait) for _ in range(3)]; [t.start() for t in ts]; [t.join() for t in ts]; print(turns[-1], b.broken, b.n_waiting)
e = threading.Event(); t = threading.Thread(target=e.wait); t.start(); e.set(); t.join(); print(e.is_set(), repr(e).split(":")[-1])
timer = threading.Timer(60, print); timer.start(); timer.cancel(); timer.join(); print("cancelled")
q = queue.Queue(); q.put(1); q.shutdown(); attempt("q.get()"); attempt("q.get()"); attempt("q.put(1)")
p = queue.PriorityQueue(); [p.put(x) for x in (3, 1, 2)]; print([p.get() for _ in range(3)]); s = queue.LifoQueue(); [s.put(x) for x in "abc"]; print([s.get() for _ in range(3)])
class D:
    def __del__(self): print("dies in", threading.current_thread().name)
def hold(d): print("held")
t = threading.Thread(target=hold, args=(D(),), name="holder"); t.start(); t.join(); print("joined"); del t

# threading: Thread, Lock, Event, Condition, Semaphore, Barrier, Timer, local, excepthook.
import sys
import threading
import time

results = []


def work(n):
    results.append(n * n)


threads = [threading.Thread(target=work, args=(n,), name=f"worker {n}") for n in range(8)]
for th in threads:
    th.start()
for th in threads:
    th.join()
print(sorted(results), [th.is_alive() for th in threads], threads[0].name, threads[0].daemon)
event = threading.Event()
order = []


def waiter():
    order.append(event.wait(5))


th = threading.Thread(target=waiter)
th.start()
order.append("set")
event.set()
th.join(5)
print(order, event.is_set(), repr(th).split(" stopped")[0])
condition = threading.Condition()
queue = []


def consumer():
    with condition:
        while len(queue) < 3:
            condition.wait(5)
        order.append(list(queue))


th = threading.Thread(target=consumer)
th.start()
for i in range(3):
    with condition:
        queue.append(i)
        condition.notify_all()
th.join()
print(order[-1])
sem = threading.BoundedSemaphore(2)
with sem, sem:
    print(sem.acquire(blocking=False))
try:
    sem.release()
except ValueError as e:
    print(e)
barrier = threading.Barrier(3)
arrived = []
ths = [threading.Thread(target=lambda: arrived.append(barrier.wait())) for _ in range(3)]
for x in ths:
    x.start()
for x in ths:
    x.join()
print(sorted(arrived))
fired = []
timer = threading.Timer(0.01, fired.append, ("fired",))
timer.start()
timer.join()
cancelled = threading.Timer(10, fired.append, ("never",))
cancelled.start()
cancelled.cancel()
cancelled.join()
print(fired)
caught = []
default = threading.excepthook
threading.excepthook = lambda args: caught.append((args.exc_type.__name__, str(args.exc_value), args.thread.name))


def fails():
    raise KeyError("lost")


th = threading.Thread(target=fails, name="failing")
th.start()
th.join()
print(caught)
threading.excepthook = default
th = threading.Thread(target=fails, name="shown")
th.start()
th.join()
threading.Thread(target=sys.exit).start()
local = threading.local()
local.x = 1
seen = []
th = threading.Thread(target=lambda: seen.append(hasattr(local, "x")))
th.start()
th.join()
print(seen, local.x)
print(threading.current_thread().name, threading.main_thread() is threading.current_thread(), threading.active_count(), [x.name for x in threading.enumerate()])
for bad in (lambda: th.start(), lambda: threading.Thread().join(), lambda: threading.current_thread().join(), lambda: threading.Thread(group=1)):
    try:
        bad()
    except (RuntimeError, AssertionError) as e:
        print(type(e).__name__, e)
counter = 0
lock = threading.Lock()


def count():
    global counter
    for _ in range(1000):
        with lock:
            counter += 1


ths = [threading.Thread(target=count) for _ in range(10)]
for x in ths:
    x.start()
for x in ths:
    x.join()
print(counter)


def late():
    time.sleep(0.05)
    print("a thread that is no daemon ends before the program does")


threading.Thread(target=late).start()
threading.Thread(target=lambda: time.sleep(1000), daemon=True).start()
print("main ends")

# A process may fork while its other threads begin and end waiting for locks, conditions and queues: the child waits with all of them, too.
import os
import queue
import threading
import time
import warnings

warnings.simplefilter('ignore', DeprecationWarning)
lock, condition, items = threading.Lock(), threading.Condition(), queue.SimpleQueue()
stop = False


def wait(kind):
    while not stop:
        if kind == 0:
            with lock:
                time.sleep(0.0001)
        elif kind == 1:
            with condition:
                condition.wait(0.0005)
        else:
            try:
                items.get(timeout=0.0003)
            except queue.Empty:
                pass


threads = [threading.Thread(target=wait, args=(n % 3,), daemon=True) for n in range(6)]
for thread in threads:
    thread.start()


def child():
    event = threading.Event()
    threading.Thread(target=event.set).start()
    assert event.wait(60)
    for own in (queue.Queue(), queue.SimpleQueue()):
        putting = threading.Thread(target=own.put, args=(3,))
        putting.start()
        assert own.get(timeout=60) == 3
        putting.join()
    for thread in threads:
        thread.join()


statuses = set()
for _ in range(12):
    pid = os.fork()
    if not pid:
        status = 1
        try:
            child()
            status = 0
        finally:
            os._exit(status)
    statuses.add(os.waitpid(pid, 0)[1])
stop = True
print(statuses)

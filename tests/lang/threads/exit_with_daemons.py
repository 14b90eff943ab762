# The program ends while daemon threads compute, sleep and hold locks.
import _thread
import time

lock = _thread.allocate_lock()
lock.acquire()
started = []


def computes():
    started.append(1)
    n = 0
    while True:
        n += 1


def sleeps():
    started.append(2)
    time.sleep(1000)


def waits():
    started.append(3)
    lock.acquire()


def prints_late():
    started.append(4)
    time.sleep(1000)
    print("never")


for f in (computes, computes, sleeps, waits, prints_late):
    _thread.start_new_thread(f, ())
while len(started) < 5:
    time.sleep(0.001)


class D:
    def __del__(self):
        print("finalizer at the end")


keep = D()
print("main ends")

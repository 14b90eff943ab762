# In the child of a fork the other threads are gone: whoever waits for one there does not wait for ever.
import os
import threading

stop = threading.Event()
others = [threading.Thread(target=stop.wait, daemon=daemon) for daemon in (True, False)]
for other in others:
    other.start()


def report(read):
    with os.fdopen(read) as pipe:
        print(pipe.read(), end='')


def child(write):
    with os.fdopen(write, 'w') as pipe:
        for other in others:
            other.join()
            print('joined', other.is_alive(), file=pipe)
        own = threading.Thread(target=lambda: print('a thread of its own', file=pipe))
        own.start()
        own.join()
        print(threading.current_thread() is threading.main_thread(), threading.active_count(), file=pipe)


def fork():
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        child(write)
        os._exit(0)
    os.close(write)
    report(read)
    print('status', os.waitpid(pid, 0)[1])


import warnings
warnings.simplefilter('ignore', DeprecationWarning)

fork()
forker = threading.Thread(target=fork)
forker.start()
forker.join()
print('still there:', all(other.is_alive() for other in others))
stop.set()
for other in others:
    other.join()
print(any(other.is_alive() for other in others))

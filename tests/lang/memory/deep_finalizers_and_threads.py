"""However deep the finalizers of one thread have nested, what another thread lets go of dies at once."""
import threading


class Noisy:
    def __del__(self):
        died.append(threading.current_thread().name)


died = []
asked, answered = threading.Event(), threading.Event()


def other():
    asked.wait()
    noisy = Noisy()
    del noisy
    seen.append(list(died))
    nested = [Noisy()]
    for _ in range(1000):
        nested = [nested]
    del nested
    seen.append(list(died))
    answered.set()


def deep(inner):
    try:
        yield
    finally:
        if inner:
            inner.pop()
        else:
            asked.set()
            answered.wait()


seen = []
thread = threading.Thread(target=other, name="other")
thread.start()
generator = None
for _ in range(150):
    generator = deep([generator] if generator else [])
    next(generator)
del generator
thread.join()
print(seen)
del died[:]
last = [Noisy()]
del last
print(died)

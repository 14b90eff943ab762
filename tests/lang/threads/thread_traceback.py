# An exception that ends a thread is reported; the program goes on.
import _thread
import time


def fails(x):
    return x / 0


class Callable:
    def __call__(self, x):
        return fails(x)

    def __repr__(self):
        return "<a callable>"


_thread.start_new_thread(Callable(), (1,))
time.sleep(0.2)
print("main goes on")

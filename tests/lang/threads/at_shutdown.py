# modes: auto, off
# When the interpreter ends, threads that still run never run Python code again; joining them or starting others is refused.
import threading
import time


def loop():
    while True:
        pass


class Cycle:
    def __init__(self):
        self.itself = self
        self.thread = threading.Thread(target=loop, daemon=True)
        self.thread.start()

    def __del__(self):
        for timeout in (None, 10):
            try:
                self.thread.join(timeout)
            except PythonFinalizationError as error:
                print(type(error).__name__, error, self.thread.is_alive())
        try:
            threading.Thread(target=print).start()
        except PythonFinalizationError as error:
            print(error)


class Sleeper(threading.Thread):
    def run(self):
        while True:
            time.sleep(0.001)


Sleeper(daemon=True).start()
Cycle()
print("end")

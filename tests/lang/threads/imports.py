# Threads that import the same module get it finished.
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
seen = []


def get():
    import slow_module
    seen.append(slow_module.finished)


threads = [threading.Thread(target=get) for _ in range(6)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(seen, slow_module.times if (slow_module := sys.modules["slow_module"]) else None)

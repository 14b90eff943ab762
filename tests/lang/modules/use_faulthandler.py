# Reports of what the program's threads are doing: on request, on a signal, after a time, and at the end by a fatal signal.
import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time


def shown(write):
    """What `write` reports, with what differs from run to run taken out."""
    with tempfile.TemporaryFile() as file:
        write(file)
        file.seek(0)
        text = file.read().decode()
    text = re.sub(r'0x[0-9a-f]+( \[.*\])?', 'N', text)
    text = re.sub(r'  File ".*threading.py", line \d+ in \w+\n', '', text)
    return re.sub(r'".*[/\\](.*)"', r'"\1"', text)


def outer(file, **options):
    inner(file, **options)


def inner(file, **options):
    faulthandler.dump_traceback(file, **options)


print(shown(outer))
print(shown(lambda file: outer(file, all_threads=False)))
exec(compile("print(shown(lambda file: faulthandler.dump_traceback(file, False)))", 'o\u20acd"\n\U0001f40d', "exec"))

stop = threading.Event()
started = threading.Event()


def waits():
    started.set()
    stop.wait()


thread = threading.Thread(target=waits)
thread.start()
started.wait()
time.sleep(0.2)
print(shown(outer))


def on_signal(file):
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    signal.raise_signal(signal.SIGUSR1)
    print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))


print(shown(on_signal))
stop.set()
thread.join()


def later(file):
    faulthandler.dump_traceback_later(0.05, file=file)
    time.sleep(0.5)
    faulthandler.dump_traceback_later(3600, file=file)
    faulthandler.cancel_dump_traceback_later()


print(shown(later))


def chained(file):
    called = []
    signal.signal(signal.SIGUSR1, lambda number, frame: called.append(number))
    faulthandler.register(signal.SIGUSR1, file, all_threads=False, chain=True)
    for _ in range(2):
        signal.raise_signal(signal.SIGUSR1)
    faulthandler.unregister(signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    print(called == [signal.SIGUSR1] * 3)


print(shown(chained))

for code in [
    "def f(): faulthandler._sigsegv()\nf()",
    "faulthandler._sigabrt()",
    "faulthandler._sigfpe()",
    "faulthandler.disable(); faulthandler._sigsegv()",
    "class C:\n  def __del__(self): faulthandler._sigsegv()\nc = C(); c.c = c; del c\nimport gc; gc.collect()",
    "faulthandler.dump_traceback_later(0.01, exit=True)\nwhile True: pass",
]:
    command = [sys.executable, "-X", "faulthandler", "-c", "import faulthandler, sys\n" + code]
    ended = subprocess.run(command, capture_output=True, text=True)
    text = ended.stderr.partition("\nCurrent thread's C stack")[0]
    print(ended.returncode, re.sub(r'0x[0-9a-f]+( \[.*\])?', 'N', text))

for call in [
    lambda: faulthandler.enable(-1),
    lambda: faulthandler.enable("x"),
    lambda: faulthandler.dump_traceback_later(0),
    lambda: faulthandler.dump_traceback_later(-1.5),
    lambda: faulthandler.dump_traceback_later(1e30),
    lambda: faulthandler.dump_traceback_later("1"),
    lambda: faulthandler.register(0),
    lambda: faulthandler.register(signal.SIGSEGV),
    lambda: faulthandler.unregister(1000),
    lambda: faulthandler.disable(),
    lambda: faulthandler.is_enabled(),
    lambda: faulthandler.cancel_dump_traceback_later(),
]:
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)

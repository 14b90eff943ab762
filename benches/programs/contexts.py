"""with blocks of classes and of contextlib, nested and failing; finally; deep unwinding; groups of exceptions.

Group: exceptions
Counted: 1500
"""
import contextlib
import sys


class Lock:
    held = 0

    def __enter__(self):
        Lock.held += 1
        return self

    def __exit__(self, kind, value, trace):
        Lock.held -= 1
        return kind is LookupError


@contextlib.contextmanager
def recorded(log):
    log.append(1)
    try:
        yield len(log)
    finally:
        log.pop()


def deep(depth, i):
    try:
        if depth == 0:
            raise ValueError(i)
        return deep(depth - 1, i)
    finally:
        Lock.held += 0


def main(n):
    total = 0
    log = []
    lock = Lock()
    for i in range(n):
        with lock, Lock() as other:
            total += other.held
        with lock:
            if i & 1:
                raise LookupError(i)
            total += 1
        with recorded(log) as length:
            total += length
        with contextlib.suppress(KeyError):
            {}["missing"]
        try:
            deep(6, i)
        except (TypeError, ValueError) as error:
            total += error.args[0] & 7
        try:
            total += int("x") if i % 4 == 0 else [][i] if i % 4 == 1 else None.x if i % 4 == 2 else 1 // 0
        except ValueError:
            total += 1
        except (IndexError, AttributeError):
            total += 2
        except ArithmeticError:
            total += 3
        if i % 8 == 0:
            try:
                raise ExceptionGroup("two", [ValueError(i), KeyError(i)])
            except* KeyError as group:
                total += len(group.exceptions)
            except* ValueError as group:
                total += 2 * len(group.exceptions)
    return total + Lock.held


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 150_000))

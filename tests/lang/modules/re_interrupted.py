# A pattern that takes for ever is interrupted by a signal; deep repetitions take no native stack.
import re
import signal


def stop(number, frame):
    raise TimeoutError("stopped")


signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.2)
try:
    re.match(r"(a+)+$", "a" * 60 + "b")
except TimeoutError as e:
    print(e)
print(re.match(r"(?:a|b)*", "ab" * 100_000).end(), re.match(r"(?:(?:a)|(?:b))*?$", "ab" * 10_000).end())

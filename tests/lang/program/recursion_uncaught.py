# Uncaught infinite recursion.
def ping(n):
    pong(n)


def pong(n):
    ping(n)


def forever(n):
    forever(n + 1)


forever(0)

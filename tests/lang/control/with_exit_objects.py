# Exits that are no functions: leaving the block early calls them like any other.
class Exit:
    def __init__(self, name, suppress=False):
        self.name = name
        self.suppress = suppress

    def __call__(self, *args):
        print("exit", self.name, [getattr(arg, "__name__", arg) for arg in args[:1]])
        return self.suppress


class Manager:
    def __enter__(self):
        return self

    __exit__ = Exit("manager", True)


class Static:
    def __enter__(self):
        return self

    @staticmethod
    def __exit__(*args):
        print("static exit", len(args))


def returns():
    with Manager() as manager:
        return type(manager).__name__


def breaks():
    for n in range(3):
        with Static(), Manager():
            if n == 1:
                break
            continue
    return n


def raises():
    with Static():
        with Manager():
            raise KeyError(1)
        return "suppressed"


print(returns())
print(breaks())
print(raises())


class AsyncExit:
    async def __call__(self, *args):
        print("async exit", len(args))


class AsyncManager:
    async def __aenter__(self):
        return 5

    __aexit__ = AsyncExit().__call__


async def asynchronous():
    async with AsyncManager() as five:
        return five


try:
    asynchronous().send(None)
except StopIteration as stop:
    print(stop.value)

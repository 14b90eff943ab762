# code.replace, types.coroutine, and code objects with a new name.
import types


def function(a, b=2):
    return a + b


code = function.__code__.replace(co_name="renamed", co_qualname="outer.renamed", co_filename="elsewhere.py")
print(code.co_name, code.co_qualname, code.co_filename, code == function.__code__, code.co_flags == function.__code__.co_flags, function.__code__.co_name)
function.__code__ = code
print(function(1), function.__name__, function.__code__.co_name)
for arguments in ({"unknown": 1}, {"co_name": 3}):
    try:
        code.replace(**arguments)
    except TypeError as e:
        print(e)
print(code.replace() == code, code.replace(co_argcount=2, co_names=code.co_names) == code, code.replace(co_flags=code.co_flags | 0x100).co_flags & 0x100)


@types.coroutine
def steps():
    got = yield 1
    return got * 2


async def main():
    return await steps()


coroutine = main()
print(coroutine.send(None), bool(steps.__code__.co_flags & 0x100))
try:
    coroutine.send(21)
except StopIteration as e:
    print(e.value)

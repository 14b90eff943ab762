# A None where another type is wanted is called None, not by the name of its class.
calls = [
    lambda: "a".replace(None, "b"), lambda: "a".encode(None), lambda: "a".encode(1), lambda: b"a".decode(None), lambda: "a".removeprefix(None),
    lambda: "a".find(None), lambda: "a".count(None), lambda: compile("1", "a", None), lambda: open("x", None), lambda: (1).to_bytes(1, None),
    lambda: int.from_bytes(b"a", None), lambda: type(None, (), {}), lambda: type("a", None, {}), lambda: type("a", (), None), lambda: format(1, None),
    lambda: "a".__format__(None), lambda: bytes("a", None), lambda: b"a".center(3, None), lambda: "a".join(None), lambda: "a".join([None]),
    lambda: getattr(1, None), lambda: int("1", None), lambda: chr(None), lambda: [1].pop(None),
]
for number, call in enumerate(calls):
    try:
        call()
    except TypeError as error:
        print(number, error)

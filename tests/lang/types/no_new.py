# Types without a constructor cannot be made by object.__new__ either.
for sample in (iter([]), iter({}), iter(()), iter(range(3)), (x for x in ()), len, iter({}.values()), print.__call__):
    kind = type(sample)
    for make in (lambda: kind(), lambda: object.__new__(kind), lambda: kind.__new__(kind)):
        try:
            make()
        except TypeError as error:
            print(type(error).__name__, kind.__name__)
        else:
            print("made", kind.__name__)

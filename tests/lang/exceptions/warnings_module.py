# warnings.warn shows a category, a message and the line.
import warnings


def old():
    warnings.warn("old() is old", DeprecationWarning, stacklevel=2)
    return 5


print(old())
warnings.warn("plain")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old()
    warnings.warn("inside", RuntimeWarning)
print([(w.category.__name__, str(w.message)) for w in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("as an error", UserWarning)
    except UserWarning as e:
        print("raised", e)

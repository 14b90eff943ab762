# What instances of the types of native modules say about where these come from.
import array
import collections
import io
import itertools
import re

for value in (collections.deque(), re.match("", ""), array.array("i"), int | str, collections.defaultdict(), io.BytesIO(),
              itertools.count()):
    print(type(value).__name__, value.__module__)
for value in (3, "x", []):
    print(hasattr(value, "__module__"))
for value in (re.match("a", "a"), int | str):
    try:
        iter(value)
    except TypeError as error:
        print(error)
    print(hasattr(type(value), "__iter__"))

"""A cache of limited size that never keeps alive what someone else has already let go, nor loses what is still in use.

    taipan examples/lru.py

The cache holds its most recently used entries strongly in a linked list of its own and everything else weakly: an
entry pushed out of the list can still be found while anybody uses it. Finalisers print the very moment at which each
object dies, so the output is also a test of a runtime's reference counting.
"""
import gc
import sys
import weakref


class Picture:
    """Something expensive that says when it is loaded and when it dies."""

    loaded = 0

    def __init__(self, name):
        Picture.loaded += 1
        self.name = name
        print(f"    load {name}")

    def __repr__(self):
        return f"<{self.name}>"

    def __del__(self):
        print(f"    free {self.name}")


class Link:
    """A place in the order of use. The backward pointer is weak, so the chain is no cycle."""

    __slots__ = ("key", "value", "next", "_previous", "__weakref__")

    def __init__(self, key, value):
        self.key, self.value = key, value
        self.next = self._previous = None

    @property
    def previous(self):
        return self._previous and self._previous()

    @previous.setter
    def previous(self, link):
        self._previous = None if link is None else weakref.ref(link)


class LRUCache:
    """At most `capacity` strong entries; older ones stay reachable as long as others hold them."""

    def __init__(self, capacity, load):
        self.capacity = capacity
        self.load = load
        self.links = {}
        self.head = self.tail = None
        self.seen = weakref.WeakValueDictionary()
        self.hits = self.rescued = self.misses = 0

    def __len__(self):
        return len(self.links)

    def __iter__(self):
        link = self.head
        while link is not None:
            yield link.key
            link = link.next

    def __getitem__(self, key):
        if key in self.links:
            self.hits += 1
            link = self.links[key]
            self.unhook(link)
        else:
            link = Link(key, self.find_or_load(key))
        self.put_first(link)
        while len(self.links) > self.capacity:
            self.drop(self.tail)
        return link.value

    def find_or_load(self, key):
        value = self.seen.get(key)
        if value is not None:
            self.rescued += 1
            return value
        self.misses += 1
        value = self.load(key)
        self.seen[key] = value
        return value

    def put_first(self, link):
        self.links[link.key] = link
        link.next, link.previous = self.head, None
        if self.head is None:
            self.tail = link
        else:
            self.head.previous = link
        self.head = link

    def unhook(self, link):
        before, after = link.previous, link.next
        if before is None:
            self.head = after
        else:
            before.next = after
        if after is None:
            self.tail = before
        else:
            after.previous = before
        link.next = link.previous = None

    def drop(self, link):
        self.unhook(link)
        del self.links[link.key]

    def state(self):
        return f"order {list(self)}, alive {sorted(self.seen)}"


def cached(capacity):
    """The same idea as a decorator for functions of hashable arguments; values need not be weakly referable."""
    def decorate(function):
        results = {}

        def wrapper(*args):
            if args in results:
                results[args] = value = results.pop(args)
                wrapper.hits += 1
                return value
            wrapper.misses += 1
            value = results[args] = function(*args)
            if len(results) > capacity:
                del results[next(iter(results))]
            return value

        wrapper.hits = wrapper.misses = 0
        return wrapper
    return decorate


@cached(64)
def binomial(n, k):
    return 1 if k in (0, n) else binomial(n - 1, k - 1) + binomial(n - 1, k)


def main():
    print("filling a cache of three")
    cache = LRUCache(3, Picture)
    for name in "abc":
        cache[name]
    print(" ", cache.state())

    print("using a keeps it; d pushes out b")
    cache["a"]
    cache["d"]
    print(" ", cache.state())

    print("c is pushed out while somebody looks at it")
    looking = cache["c"]
    for name in "xyz":
        cache[name]
    print(" ", cache.state())
    print("  asked again it is the same object:", cache["c"] is looking)

    print("let go and pushed out, it dies")
    del looking
    for name in "xyz":
        cache[name]
    print(" ", cache.state())

    print("a finalizer of the cache's own")
    weakref.finalize(cache, print, "  the cache is gone")
    links = [weakref.ref(link) for link in cache.links.values()]
    print("  counts:", cache.hits, "hits,", cache.rescued, "rescued,", cache.misses, "misses,", Picture.loaded, "loaded")
    print("  references to the tail:", sys.getrefcount(cache.tail) - 1)
    gc.disable()
    del cache
    print("  links left, with no collection:", sum(ref() is not None for ref in links))
    gc.enable()

    print("a thousand linked entries go in one breath")
    quiet = LRUCache(1000, lambda key: Link(key, None))
    for key in range(5000):
        quiet[key % 1500]
    print("  strong", len(quiet), "alive", len(quiet.seen), "misses", quiet.misses)
    quiet = None

    print("the decorator:", binomial(40, 20), binomial.hits, binomial.misses)


if __name__ == "__main__":
    main()

# A binary search tree with deletion, an AVL tree, a trie, a persistent list, tree walks.
class Tree:
    def __init__(self):
        self.root = None

    def insert(self, key):
        self.root = self._insert(self.root, key)

    def _insert(self, node, key):
        if node is None:
            return [key, None, None, 1]
        if key == node[0]:
            return node
        side = 1 if key < node[0] else 2
        node[side] = self._insert(node[side], key)
        return self._balance(node)

    def remove(self, key):
        self.root = self._remove(self.root, key)

    def _remove(self, node, key):
        if node is None:
            raise KeyError(key)
        if key == node[0]:
            if node[1] is None or node[2] is None:
                return node[1] or node[2]
            smallest = node[2]
            while smallest[1]:
                smallest = smallest[1]
            node[0] = smallest[0]
            node[2] = self._remove(node[2], smallest[0])
        else:
            side = 1 if key < node[0] else 2
            node[side] = self._remove(node[side], key)
        return self._balance(node)

    @staticmethod
    def height(node):
        return node[3] if node else 0

    def _update(self, node):
        node[3] = 1 + max(self.height(node[1]), self.height(node[2]))
        return node

    def _rotate(self, node, side):
        other = 3 - side
        child = node[side]
        node[side], child[other] = child[other], node
        self._update(node)
        return self._update(child)

    def _balance(self, node):
        self._update(node)
        for side in (1, 2):
            other = 3 - side
            if self.height(node[side]) > self.height(node[other]) + 1:
                child = node[side]
                if self.height(child[other]) > self.height(child[side]):
                    node[side] = self._rotate(child, other)
                return self._rotate(node, side)
        return node

    def __iter__(self):
        def walk(node):
            if node:
                yield from walk(node[1])
                yield node[0]
                yield from walk(node[2])
        return walk(self.root)


t = Tree()
for i in range(200):
    t.insert(i * 37 % 200)
print(list(t) == list(range(200)), t.height(t.root), t.root[0])
for i in range(0, 200, 2):
    t.remove(i * 7 % 200 if i * 7 % 2 == 0 else i)
print(list(t)[:8], len(list(t)), t.height(t.root))
try:
    t.remove(1000)
except KeyError as e:
    print("KeyError", e)


class Trie:
    def __init__(self):
        self.children, self.end = {}, False

    def add(self, word):
        node = self
        for c in word:
            node = node.children.setdefault(c, Trie())
        node.end = True

    def words(self, prefix=""):
        if self.end:
            yield prefix
        for c in sorted(self.children):
            yield from self.children[c].words(prefix + c)

    def find(self, prefix):
        node = self
        for c in prefix:
            node = node.children.get(c)
            if node is None:
                return []
        return list(node.words(prefix))


trie = Trie()
for word in "car card care cat dog do done".split():
    trie.add(word)
print(list(trie.words()), trie.find("car"), trie.find("do"), trie.find("x"))
cons = lambda head, tail=None: (head, tail)


def items(pair):
    while pair:
        yield pair[0]
        pair = pair[1]


shared = cons(2, cons(3))
a, b = cons(1, shared), cons(0, shared)
print(list(items(a)), list(items(b)), a[1] is b[1])
expression = ("+", ("*", 2, 3), ("-", ("neg", 4), 5))


def evaluate(e):
    match e:
        case int():
            return e
        case ("neg", x):
            return -evaluate(x)
        case (op, x, y):
            x, y = evaluate(x), evaluate(y)
            return {"+": x + y, "*": x * y, "-": x - y}[op]


def text(e):
    match e:
        case ("neg", x):
            return f"-{text(x)}"
        case (op, x, y):
            return f"({text(x)} {op} {text(y)})"
    return str(e)


print(text(expression), "=", evaluate(expression))

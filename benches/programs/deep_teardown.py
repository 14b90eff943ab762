"""Drop deeply nested lists, tuples, dicts and a linked list of instances.

Group: memory churn
Counted: 5000
"""
import sys


class Link:
    def __init__(self, next):
        self.next = next


def main(n):
    for wrap in (lambda x: [x], lambda x: (x,), lambda x: {0: x}, Link):
        deep = None
        for _ in range(n):
            deep = wrap(deep)
        del deep
    head = None
    for _ in range(n):
        head = Link(head)
    count = 0
    while head:
        head = head.next
        count += 1
    return count


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))

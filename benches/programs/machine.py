"""A small factory simulated by objects: workers, queues and orders, with methods chosen by class.

Group: attributes and methods
Counted: 1500
"""
import sys


class Order:
    def __init__(self, number, steps):
        self.number = number
        self.steps = steps
        self.done = 0

    def next_step(self):
        return self.steps[self.done] if self.done < len(self.steps) else None


class Queue:
    def __init__(self):
        self.first = None
        self.last = None
        self.length = 0

    def put(self, item):
        cell = Cell(item)
        if self.last is None:
            self.first = cell
        else:
            self.last.next = cell
        self.last = cell
        self.length += 1

    def take(self):
        cell = self.first
        if cell is None:
            return None
        self.first = cell.next
        if self.first is None:
            self.last = None
        self.length -= 1
        return cell.item


class Cell:
    __slots__ = ("item", "next")

    def __init__(self, item):
        self.item = item
        self.next = None


class Worker:
    price = 2

    def __init__(self, plant, name):
        self.plant = plant
        self.name = name
        self.inbox = Queue()
        self.current = None
        self.left = 0
        self.earned = 0

    def effort(self, order):
        return 1

    def tick(self):
        if self.current is None:
            self.current = self.inbox.take()
            if self.current is None:
                return self.idle()
            self.left = self.effort(self.current)
        self.left -= 1
        if self.left <= 0:
            order, self.current = self.current, None
            order.done += 1
            self.earned += self.price
            self.plant.route(order)
        return True

    def idle(self):
        return False


class Cutter(Worker):
    def effort(self, order):
        return 1 + order.number % 3


class Painter(Worker):
    price = 5

    def effort(self, order):
        return 2 + (order.number ^ order.done) % 2


class Packer(Worker):
    def __init__(self, plant, name):
        super().__init__(plant, name)
        self.idled = 0

    def idle(self):
        self.idled += 1
        return super().idle()


class Plant:
    def __init__(self):
        self.workers = {"cut": Cutter(self, "cut"), "paint": Painter(self, "paint"), "pack": Packer(self, "pack")}
        self.finished = 0
        self.time = 0

    def route(self, order):
        step = order.next_step()
        if step is None:
            self.finished += order.number
        else:
            self.workers[step].inbox.put(order)

    def run(self):
        workers = list(self.workers.values())
        busy = True
        while busy:
            busy = False
            self.time += 1
            for worker in workers:
                if worker.tick():
                    busy = True


ROUTES = [("cut", "paint", "pack"), ("cut", "pack"), ("paint", "cut", "paint", "pack"), ("pack",)]


def main(n):
    plant = Plant()
    for i in range(n):
        plant.route(Order(i, ROUTES[i % len(ROUTES)]))
    plant.run()
    return plant.finished + plant.time, sum(w.earned for w in plant.workers.values()), plant.workers["pack"].idled


print(*main(int(sys.argv[1]) if len(sys.argv) > 1 else 250_000))

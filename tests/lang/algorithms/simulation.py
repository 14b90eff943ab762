# A shop with customers and a clerk: queues, priorities, random numbers of our own, statistics.
class Random:
    def __init__(self, seed):
        self.state = seed

    def next(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n


class Customer:
    made = 0

    def __init__(self, arrival, work):
        Customer.made += 1
        self.name = f"c{Customer.made}"
        self.arrival, self.work, self.done = arrival, work, None

    @property
    def waited(self):
        return self.done - self.arrival - self.work

    def __repr__(self):
        return f"{self.name}@{self.arrival}+{self.work}"


class Clerk:
    def __init__(self, name):
        self.name, self.free_at, self.served = name, 0, []

    def serve(self, customer):
        start = max(self.free_at, customer.arrival)
        self.free_at = customer.done = start + customer.work
        self.served.append(customer)

    def __lt__(self, other):
        return (self.free_at, self.name) < (other.free_at, other.name)


def arrivals(random, n):
    now = 0
    for _ in range(n):
        now += random.next(4)
        yield Customer(now, 1 + random.next(6))


def run(clerks, n, seed):
    random = Random(seed)
    staff = [Clerk(chr(65 + i)) for i in range(clerks)]
    customers = []
    for customer in arrivals(random, n):
        min(staff).serve(customer)
        customers.append(customer)
    return staff, customers


for clerks in (1, 2, 3):
    staff, customers = run(clerks, 40, 7)
    waits = sorted(c.waited for c in customers)
    print(clerks, "clerks:", {c.name: len(c.served) for c in staff}, "mean wait %.3f" % (sum(waits) / len(waits)), "median", waits[len(waits) // 2], "worst", waits[-1], max(customers, key=lambda c: (c.waited, c.name)))
    print("  idle until the end:", [max(c.free_at for c in staff) - sum(x.work for x in c.served) for c in staff], staff[0].served[:3])
random = Random(1)
print([random.next(100) for _ in range(10)], random.state)
histogram = {}
for _ in range(2000):
    roll = random.next(6) + random.next(6) + 2
    histogram[roll] = histogram.get(roll, 0) + 1
for roll in sorted(histogram):
    print(f"{roll:>2} {histogram[roll]:>4} {'#' * (histogram[roll] // 8)}")

"""A small bank built from generators: accounts that wait for money, pipelines that never hold the whole ledger.

    taipan examples/pipelines.py

Shows generators as lazy sources, filters and sinks; coroutines driven by send(), throw() and close(); delegation with
`yield from` and its value; and that finally blocks and with statements inside generators run at the right moment.
"""
import sys

OPENING = {"ada": 100, "bruno": 50, "clara": 0, "dmitri": 500}


class InsufficientFunds(Exception):
    pass


class AccountClosed(Exception):
    pass


# --- Accounts are coroutines: send an amount, receive the balance. They remember everything in local variables.

def account(name, balance):
    deposits = refused = 0
    try:
        while True:
            try:
                amount = yield balance
                if amount is None:
                    continue
                if balance + amount < 0:
                    raise InsufficientFunds(f"{name} has {balance}, asked for {-amount}")
                balance += amount
                deposits += amount > 0
            except InsufficientFunds:
                refused += 1
                yield sys.exception()
            except AccountClosed:
                return balance
    finally:
        print(f"    [{name}: {deposits} deposits, {refused} refused, {balance} left]")


class Bank:
    def __init__(self, opening):
        self.accounts = {name: account(name, balance) for name, balance in opening.items()}
        for waiting in self.accounts.values():
            next(waiting)

    def move(self, name, amount):
        """Add to an account, or raise what the account answered with."""
        answer = self.accounts[name].send(amount)
        if isinstance(answer, InsufficientFunds):
            next(self.accounts[name])
            raise answer.with_traceback(None)
        return answer

    def balance(self, name):
        return self.accounts[name].send(None)

    def transfer(self, source, target, amount):
        self.move(source, -amount)
        self.move(target, amount)

    def shut(self, name):
        """Close an account through an exception and collect its return value."""
        try:
            self.accounts.pop(name).throw(AccountClosed())
        except StopIteration as done:
            return done.value

    def close(self):
        for name in sorted(self.accounts):
            self.accounts.pop(name).close()


# --- Pipelines: a source, filters, and sinks, each a generator.

def transactions(n, seed=7):
    """An endless-looking ledger of (number, source, target, amount), made one at a time."""
    names = sorted(OPENING)
    try:
        for number in range(1, n + 1):
            seed = (seed * 1103515245 + 12345) % 2**31
            source, target = names[seed >> 8 & 3], names[seed >> 13 & 3]
            yield number, source, target, (seed >> 16) % 120
    finally:
        print("    [ledger closed]")


def honest(ledger):
    for entry in ledger:
        if entry[1] != entry[2] and entry[3]:
            yield entry


def numbered_batches(stream, size):
    """Lists of at most `size` entries; the value of the generator is how many there were."""
    batch, batches = [], 0
    for entry in stream:
        batch.append(entry)
        if len(batch) == size:
            batches += 1
            yield batch
            batch = []
    if batch:
        batches += 1
        yield batch
    return batches


def announced(stream, size):
    count = yield from numbered_batches(stream, size)
    print(f"    [{count} batches]")


def running_average():
    """A coroutine that receives numbers and answers with their mean so far."""
    total = count = 0
    mean = None
    while True:
        total += yield mean
        count += 1
        mean = total / count


def tee_to(sink, stream):
    """Pass the stream on, sending every amount to a sink as it goes by."""
    next(sink)
    with closing(sink):
        for entry in stream:
            yield entry, sink.send(entry[3])


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *error):
        self.thing.close()
        print("    [sink closed]")


def flatten(nested):
    for item in nested:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


def run_ledger(bank, n):
    done = refused = 0
    for batch in announced(honest(transactions(n)), 8):
        for number, source, target, amount in batch:
            try:
                bank.transfer(source, target, amount)
                done += 1
            except InsufficientFunds as error:
                refused += 1
                if refused <= 4:
                    print(f"  #{number}: {error}")
    return done, refused


def main():
    print("a day at the bank")
    bank = Bank(OPENING)
    print("  done, refused:", run_ledger(bank, 60))
    print("  balances:", {name: bank.balance(name) for name in OPENING})
    print("  total:", sum(bank.balance(name) for name in OPENING), "of", sum(OPENING.values()))
    print("shutting one account")
    print("  paid out:", bank.shut("dmitri"))
    print("closing the rest")
    bank.close()

    print("stopping early releases everything, from the outside in")
    stream = tee_to(running_average(), honest(transactions(1_000_000)))
    for (number, _, _, amount), mean in stream:
        if number > 6:
            break
        print(f"  #{number}: {amount}, mean so far {mean:.2f}")
    del stream
    print("  and the program goes on")

    print("delegation")
    print(" ", list(flatten([1, [2, [3, [4, []], 5]], [[6]]])))

    print("a million entries, one at a time")
    kept = (amount for _, source, _, amount in honest(transactions(1_000_000)) if source == "ada")
    print("  ada sent", sum(kept))


if __name__ == "__main__":
    main()

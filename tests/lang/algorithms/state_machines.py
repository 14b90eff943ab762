# An event system, an elevator as a generator, a stack machine, a tape machine.
class Event:
    def __init__(self):
        self.handlers = []

    def __iadd__(self, handler):
        self.handlers.append(handler)
        return self

    def __isub__(self, handler):
        self.handlers.remove(handler)
        return self

    def __call__(self, *args, **kwargs):
        return [h(*args, **kwargs) for h in list(self.handlers)]


class Button:
    def __init__(self, label):
        self.label = label
        self.clicked = Event()


button = Button("ok")
log = []
button.clicked += log.append
button.clicked += (shout := lambda x: x.upper())
print(button.clicked("first"), log)
button.clicked -= shout
print(button.clicked("second"), log)


def elevator(floors):
    at, queue = 0, []
    while True:
        request = yield at, tuple(queue)
        if request is not None:
            if not 0 <= request < floors:
                print("no floor", request)
            elif request not in queue:
                queue.append(request)
        elif queue:
            at += (queue[0] > at) - (queue[0] < at)
            if at == queue[0]:
                queue.pop(0)


e = elevator(5)
next(e)
for r in (3, 1, 9, 3):
    print(e.send(r))
while (state := next(e))[1]:
    print(state)
print(state)


def machine(program):
    stack, pc, output = [], 0, []
    while pc < len(program):
        op, *args = program[pc].split()
        pc += 1
        match op, args:
            case "push", [n]:
                stack.append(int(n))
            case ("add" | "mul" | "sub") as name, []:
                b, a = stack.pop(), stack.pop()
                stack.append({"add": a + b, "mul": a * b, "sub": a - b}[name])
            case "dup", []:
                stack.append(stack[-1])
            case "swap", []:
                stack[-1], stack[-2] = stack[-2], stack[-1]
            case "over", []:
                stack.append(stack[-2])
            case "jnz", [target]:
                if stack[-1]:
                    pc = int(target)
            case "pop", []:
                stack.pop()
            case "print", []:
                output.append(stack[-1])
            case _:
                raise ValueError(f"line {pc}: {op} {args}")
    return output, stack


print(machine("push 1;push 10;swap;over;mul;swap;push 1;sub;jnz 2;pop;print".split(";")))
try:
    machine(["push 1", "nonsense 5"])
except ValueError as e:
    print(e)


def turing(rules, tape, state="start"):
    cells, head, steps = dict(enumerate(tape)), 0, 0
    while state != "halt":
        write, move, state = rules[state, cells.get(head, "_")]
        cells[head] = write
        head += move
        steps += 1
    return "".join(cells[i] for i in sorted(cells)).strip("_"), steps


increment = {("start", "0"): ("0", 1, "start"), ("start", "1"): ("1", 1, "start"), ("start", "_"): ("_", -1, "carry"),
             ("carry", "1"): ("0", -1, "carry"), ("carry", "0"): ("1", -1, "halt"), ("carry", "_"): ("1", -1, "halt")}
for tape in ("0", "1", "1011", "111"):
    print(tape, turing(increment, tape))
busy = {("A", "_"): ("1", 1, "B"), ("A", "1"): ("1", -1, "C"), ("B", "_"): ("1", -1, "A"), ("B", "1"): ("1", 1, "B"), ("C", "_"): ("1", -1, "B"), ("C", "1"): ("1", 1, "halt")}
print(turing(busy, "", "A"))

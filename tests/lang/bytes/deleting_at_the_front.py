"""Deleting at the front of a bytearray, mixed with everything else."""
import random

random.seed(7)
real, model = bytearray(), []
for step in range(4000):
    choice = random.randrange(9)
    if choice < 3:
        more = bytes(random.randrange(256) for _ in range(random.randrange(40)))
        real += more
        model += more
    elif choice < 6 and model:
        count = random.randrange(len(model) + 1)
        if choice == 5:
            count = min(count, 3)
        del real[:count]
        del model[:count]
    elif choice == 6 and model:
        assert real.pop(0) == model.pop(0)
    elif choice == 7:
        at = random.randrange(len(model) + 1)
        real[at:at + 5] = b"xyz"
        model[at:at + 5] = b"xyz"
    else:
        real.insert(0, 65)
        model.insert(0, 65)
    assert list(real) == model, step
    assert len(real) == len(model) and bytes(real) == bytes(model)
    if model:
        assert real[-1] == model[-1] and real.find(model[-1]) == model.index(model[-1])
        real[0] = model[0] = 1
print("same", len(real))

queue = bytearray(b"abcdefgh")
del queue[:3]
view = memoryview(queue)
print(bytes(view), view[0], view[-1])
try:
    del queue[:1]
except BufferError as error:
    print(error)
view[0] = 90
view.release()
print(queue, queue.index(b"e"), queue[1:3], queue[::-1], queue.hex(), queue * 2)
del queue[:]
print(queue, len(queue))
queue.extend(b"again")
print(queue)

# What grows by += keeps every character.
text, parts = "", []
for i in range(3000):
    more = "é" if i == 2000 else "€" if i == 2500 else str(i)
    text += more
    parts.append(more)
kept = text
text += "end"
print(text == "".join(parts) + "end", kept == "".join(parts), len(kept), len(text))

# modes: auto
"""The sequence of collections while 3 million lists are kept: what a model of the counters predicts."""
import gc


def model(n, thresholds, total):
    """The generations collected while n containers are allocated and kept, after a full collection that left `total`."""
    counts = [0, 0, 0]
    pending = 0
    young = middle = 0
    events = []
    for _ in range(n // (thresholds[0] + 1)):
        # One allocation more than the threshold.
        young += thresholds[0] + 1
        generation = 0
        if counts[2] > thresholds[2] and pending >= total // 4:
            generation = 2
        elif counts[1] > thresholds[1]:
            generation = 1
        events.append(generation)
        for older in range(generation + 1):
            counts[older] = 0
        if generation < 2:
            counts[generation + 1] += 1
        if generation == 0:
            middle += young
        elif generation == 1:
            pending += young + middle
            middle = 0
        else:
            total += pending + middle + young
            pending = middle = 0
        young = 0
    return events


events = []


def note(phase, info):
    if phase == "start":
        events.append(info["generation"])


thresholds = (700, 10, 10)
gc.set_threshold(*thresholds)
gc.freeze()
gc.collect()
total = len(gc.get_objects())
gc.callbacks.append(note)
kept = [[] for _ in range(3_000_000)]
gc.callbacks.remove(note)
expected = model(len(kept), thresholds, total)
print(len(events) - len(expected) in (0, 1), events[: len(expected)] == expected)
for generation in range(3):
    print(generation, expected.count(generation))
print([i for i, generation in enumerate(expected) if generation == 2])

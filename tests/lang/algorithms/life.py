# Conway's Game of Life on a set of cells.
def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = x + dx, y + dy
                    counts[key] = counts.get(key, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or n == 2 and cell in cells}


def show(cells, width, height):
    for y in range(height):
        print("".join("#" if (x, y) in cells else "." for x in range(width)))
    print()


def parse(picture):
    return {(x, y) for y, line in enumerate(picture.split()) for x, c in enumerate(line) if c == "#"}


glider = parse(".#. ..# ###")
for generation in range(4):
    show(glider, 6, 5)
    glider = step(glider)
blinker = parse("... ### ...")
print(step(step(blinker)) == blinker, sorted(step(blinker)))
pentomino = {(x + 30, y + 30) for x, y in parse(".## ##. .#.")}
for generation in range(1, 121):
    pentomino = step(pentomino)
    if generation % 30 == 0:
        print(generation, len(pentomino), min(pentomino), max(pentomino))

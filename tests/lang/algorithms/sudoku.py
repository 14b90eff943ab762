# A backtracking sudoku solver with bit masks.
PUZZLE = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"


def solve(board):
    rows, columns, boxes, empty = [0] * 9, [0] * 9, [0] * 9, []
    for i, n in enumerate(board):
        r, c = divmod(i, 9)
        if n:
            bit = 1 << n
            rows[r] |= bit
            columns[c] |= bit
            boxes[r // 3 * 3 + c // 3] |= bit
        else:
            empty.append(i)
    tried = 0

    def place(k):
        nonlocal tried
        if k == len(empty):
            return True
        best = min(range(k, len(empty)), key=lambda j: choices(empty[j]).bit_count())
        empty[k], empty[best] = empty[best], empty[k]
        i = empty[k]
        r, c = divmod(i, 9)
        b = r // 3 * 3 + c // 3
        options = choices(i)
        while options:
            bit = options & -options
            options ^= bit
            tried += 1
            board[i] = bit.bit_length() - 1
            rows[r] |= bit
            columns[c] |= bit
            boxes[b] |= bit
            if place(k + 1):
                return True
            rows[r] ^= bit
            columns[c] ^= bit
            boxes[b] ^= bit
        board[i] = 0
        return False

    def choices(i):
        r, c = divmod(i, 9)
        return 0b1111111110 & ~(rows[r] | columns[c] | boxes[r // 3 * 3 + c // 3])

    return place(0), tried


board = [int(c) for c in PUZZLE]
print(solve(board))
for r in range(9):
    print(*board[r * 9:r * 9 + 9])
print(all(sorted(board[r * 9:r * 9 + 9]) == list(range(1, 10)) for r in range(9)))

# Matrices with operators: product, power, determinant, inverse over exact fractions.
class Fraction:
    __slots__ = ("n", "d")

    def __init__(self, n, d=1):
        if d < 0:
            n, d = -n, -d
        a, b = abs(n), d
        while b:
            a, b = b, a % b
        self.n, self.d = n // a, d // a

    def __add__(self, o): return Fraction(self.n * o.d + o.n * self.d, self.d * o.d)
    def __sub__(self, o): return Fraction(self.n * o.d - o.n * self.d, self.d * o.d)
    def __mul__(self, o): return Fraction(self.n * o.n, self.d * o.d)
    def __truediv__(self, o): return Fraction(self.n * o.d, self.d * o.n)
    def __neg__(self): return Fraction(-self.n, self.d)
    def __bool__(self): return self.n != 0
    def __eq__(self, o): return (self.n, self.d) == (o.n, o.d)
    def __repr__(self): return f"{self.n}/{self.d}" if self.d != 1 else f"{self.n}"


class Matrix:
    def __init__(self, rows):
        self.rows = [[x if isinstance(x, Fraction) else Fraction(x) for x in row] for row in rows]

    @classmethod
    def identity(cls, n):
        return cls([[int(i == j) for j in range(n)] for i in range(n)])

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum((a * b for a, b in zip(row, column)), Fraction(0)) for column in columns] for row in self.rows])

    def __pow__(self, n):
        result, base = Matrix.identity(len(self.rows)), self
        while n:
            if n & 1:
                result = result @ base
            base = base @ base
            n >>= 1
        return result

    def __eq__(self, other):
        return self.rows == other.rows

    def __str__(self):
        return "[" + "; ".join(" ".join(map(str, row)) for row in self.rows) + "]"

    def eliminate(self):
        """The determinant, and the inverse if there is one."""
        n = len(self.rows)
        rows = [row + other for row, other in zip(self.rows, Matrix.identity(n).rows)]
        determinant = Fraction(1)
        for i in range(n):
            pivot = next((k for k in range(i, n) if rows[k][i]), None)
            if pivot is None:
                return Fraction(0), None
            if pivot != i:
                rows[i], rows[pivot] = rows[pivot], rows[i]
                determinant = -determinant
            p = rows[i][i]
            determinant = determinant * p
            rows[i] = [x / p for x in rows[i]]
            for k in range(n):
                if k != i and rows[k][i]:
                    f = rows[k][i]
                    rows[k] = [x - f * y for x, y in zip(rows[k], rows[i])]
        return determinant, Matrix([row[n:] for row in rows])


m = Matrix([[2, 1, 1], [1, 3, 2], [1, 0, 0]])
det, inverse = m.eliminate()
print(m, det, inverse, m @ inverse == Matrix.identity(3), sep="\n")
print(Matrix([[1, 1], [1, 0]]) ** 200)
print(Matrix([[1, 2], [2, 4]]).eliminate())
hilbert = Matrix([[Fraction(1, i + j + 1) for j in range(6)] for i in range(6)])
det, inverse = hilbert.eliminate()
print(det, inverse, (hilbert @ inverse) == Matrix.identity(6), sep="\n")

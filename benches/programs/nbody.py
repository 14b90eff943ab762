"""Five bodies under gravity: float arithmetic on lists.

Group: float arithmetic
Counted: 2000
"""
import sys

SOLAR_MASS = 39.47841760435743
DAYS = 365.24


def planets():
    def body(x, y, z, vx, vy, vz, mass):
        return [[x, y, z], [vx * DAYS, vy * DAYS, vz * DAYS], mass * SOLAR_MASS]

    return [
        [[0.0] * 3, [0.0] * 3, SOLAR_MASS],
        body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
             0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023,
             0.000954791938424326609),
        body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
             -0.00276742510726411021, 0.00499852801234917238, 0.0000230417297573763929,
             0.000285885980666130812),
        body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
             0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556,
             0.0000436624404335156298),
        body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
             0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870,
             0.0000515138902046611451),
    ]


def energy(bodies):
    total = 0.0
    for i, (r, v, m) in enumerate(bodies):
        total += 0.5 * m * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
        for other, _, mass in bodies[i + 1:]:
            dx, dy, dz = r[0] - other[0], r[1] - other[1], r[2] - other[2]
            total -= m * mass / (dx * dx + dy * dy + dz * dz) ** 0.5
    return total


def advance(bodies, pairs, dt, steps):
    for _ in range(steps):
        for (r1, v1, m1), (r2, v2, m2) in pairs:
            dx = r1[0] - r2[0]
            dy = r1[1] - r2[1]
            dz = r1[2] - r2[2]
            square = dx * dx + dy * dy + dz * dz
            mag = dt / (square * square ** 0.5)
            a, b = m2 * mag, m1 * mag
            v1[0] -= dx * a
            v1[1] -= dy * a
            v1[2] -= dz * a
            v2[0] += dx * b
            v2[1] += dy * b
            v2[2] += dz * b
        for r, v, _ in bodies:
            r[0] += dt * v[0]
            r[1] += dt * v[1]
            r[2] += dt * v[2]


def main(steps):
    bodies = planets()
    momentum = [sum(v[k] * m for _, v, m in bodies) for k in range(3)]
    bodies[0][1][:] = [-p / SOLAR_MASS for p in momentum]
    pairs = [(bodies[i], bodies[j]) for i in range(5) for j in range(i + 1, 5)]
    print("%.9f" % energy(bodies))
    advance(bodies, pairs, 0.01, steps)
    print("%.9f" % energy(bodies))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 250_000)

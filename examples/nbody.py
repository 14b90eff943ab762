"""The Sun and its four giant planets, stepped through time; prints the energy, which should stay put.

    taipan examples/nbody.py [STEPS]

A symplectic integrator lets the total energy wobble but not drift, so the printed energies are a check on the float
arithmetic: every digit is the same under any runtime with IEEE doubles. Units are astronomical units, years and solar
masses times 4 pi squared.
"""
import math
import sys

SOLAR_MASS = 4 * math.pi**2
DAYS_PER_YEAR = 365.24


class Body:
    """A point mass with a position and a velocity."""

    __slots__ = ("name", "mass", "x", "y", "z", "vx", "vy", "vz")

    def __init__(self, name, mass, position, velocity):
        self.name = name
        self.mass = mass * SOLAR_MASS
        self.x, self.y, self.z = position
        self.vx, self.vy, self.vz = (v * DAYS_PER_YEAR for v in velocity)

    def momentum(self):
        return self.vx * self.mass, self.vy * self.mass, self.vz * self.mass

    def speed_squared(self):
        return self.vx * self.vx + self.vy * self.vy + self.vz * self.vz

    def distance(self, other):
        dx, dy, dz = self.x - other.x, self.y - other.y, self.z - other.z
        return math.sqrt(dx * dx + dy * dy + dz * dz)


class System:
    """Bodies that attract each other."""

    def __init__(self, bodies):
        self.bodies = bodies
        self.pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
        self.rest()

    def rest(self):
        """Give the first body the velocity that brings the whole to rest."""
        total = [sum(component) for component in zip(*(body.momentum() for body in self.bodies))]
        sun = self.bodies[0]
        sun.vx, sun.vy, sun.vz = (-p / sun.mass for p in total)

    def energy(self):
        kinetic = 0.0
        for body in self.bodies:
            kinetic += body.mass * body.speed_squared() / 2
        potential = 0.0
        for a, b in self.pairs:
            potential -= a.mass * b.mass / a.distance(b)
        return kinetic + potential

    def step(self, dt):
        for a, b in self.pairs:
            dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
            square = dx * dx + dy * dy + dz * dz
            pull = dt / (square * math.sqrt(square))
            on_a, on_b = b.mass * pull, a.mass * pull
            a.vx -= dx * on_a
            a.vy -= dy * on_a
            a.vz -= dz * on_a
            b.vx += dx * on_b
            b.vy += dy * on_b
            b.vz += dz * on_b
        for body in self.bodies:
            body.x += dt * body.vx
            body.y += dt * body.vy
            body.z += dt * body.vz


def solar_system():
    return System([
        Body("Sun", 1.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        Body("Jupiter", 9.54791938424326609e-04, (4.84143144246472090, -1.16032004402742839, -1.03622044471123109e-01),
             (1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05)),
        Body("Saturn", 2.85885980666130812e-04, (8.34336671824457987, 4.12479856412430479, -4.03523417114321381e-01),
             (-2.76742510726411021e-03, 4.99852801234917238e-03, 2.30417297573763929e-05)),
        Body("Uranus", 4.36624404335156298e-05, (1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01),
             (2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05)),
        Body("Neptune", 5.15138902046611451e-05, (1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01),
             (2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05)),
    ])


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    system = solar_system()
    start = system.energy()
    print(f"start {start!r}")
    for part in range(1, 6):
        for _ in range(steps // 5):
            system.step(0.01)
        energy = system.energy()
        print(f"{steps * part // 5:>6} steps {energy!r} drift {(energy - start) / start:+.3e}")
    for body in system.bodies[1:]:
        print(f"{body.name:<8} {body.distance(system.bodies[0]):10.6f} from the Sun, moving at {math.sqrt(body.speed_squared()):.6f}")


if __name__ == "__main__":
    main()

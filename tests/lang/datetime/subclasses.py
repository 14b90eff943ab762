"""Subclasses: which class results have, what is called for them, and attributes of their instances."""
from datetime import *


class Day(date):
    def __new__(cls, year, month, day, note=None):
        self = super().__new__(cls, year, month, day)
        self.note = note
        return self


class Moment(datetime):
    calls = 0

    def __new__(cls, *args, **keywords):
        cls.calls += 1
        return super().__new__(cls, *args, **keywords)

    def isoformat(self, *args):
        return "iso" + "".join(args)

    def strftime(self, format):
        return "strftime " + format


class Clock(time):
    pass


class Span(timedelta):
    pass


class Zone(tzinfo):
    def __init__(self, hours):
        self.hours = hours

    def utcoffset(self, moment):
        return timedelta(hours=self.hours + (moment is not None and moment.fold))

    def dst(self, moment):
        return timedelta(0)

    def tzname(self, moment):
        return f"Z{self.hours}%"

    def __repr__(self):
        return f"Zone({self.hours})"


day = Day(2020, 1, 2, "note")
print(repr(day), day.note, (day + timedelta(1)).note, type(day - timedelta(1)), type(day.replace(year=1)), Day.fromordinal(5), type(Day.today()))
moment = Moment(2020, 1, 2, 3, tzinfo=timezone.utc)
print(repr(moment), str(moment), f"{moment:%Y}", f"{moment}", Moment.calls)
for made in [moment + timedelta(1), moment.replace(fold=1), moment.astimezone(timezone(timedelta(hours=1))), Moment.combine(day, time(1, fold=1)), Moment.fromisoformat("2020-01-01T05+05"), Moment.fromtimestamp(5, UTC), Moment.strptime("2020", "%Y"), Moment.fromordinal(9)]:
    print(type(made).__name__, datetime.isoformat(made), made.fold, Moment.calls)
print(type(moment - moment), type(moment.date()), type(moment.time()), type(moment.timetz()))
print(repr(Clock(1, 2)), type(Clock(1).replace(hour=2)), type(Clock.fromisoformat("10:00")))
span = Span(1, 2)
span.note = 1
for made in [span, +span, -span, span + span, span * 2, span / 2, span // 2, span % Span(1), abs(span)]:
    print(repr(made))

zone, other = Zone(1), Zone(2)
a, b = datetime(2020, 1, 1, 5, tzinfo=zone), datetime(2020, 1, 1, 6, tzinfo=other)
print(a == b, a < b, a - b, a != b, hash(a) == hash(a.replace(fold=1)), a.strftime("%Z %z %%"), f"{a:%H:%M %Z}")
fixed = datetime(2020, 1, 1, 4, tzinfo=UTC)
print(a == fixed, a - fixed, a < fixed, a.astimezone(other), a.astimezone(UTC), fixed.astimezone(zone))
print(time(5, tzinfo=zone) == time(6, tzinfo=other), time(5, tzinfo=zone) < time(7, tzinfo=other), hash(time(5, tzinfo=zone)) == hash(time(6, tzinfo=other)))
for name in ["note", "x"]:
    try:
        setattr(datetime(1, 1, 1), name, 1)
    except AttributeError as error:
        print(error)
for cls in [date, time, datetime, timedelta, tzinfo, timezone]:
    try:
        cls.extra = 1
    except TypeError as error:
        print(error)
    print(cls.__module__, cls.__qualname__, cls.__base__.__name__)

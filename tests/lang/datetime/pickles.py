"""Pickles and copies of dates, times, spans and zones; states from Python 2; states that are nonsense."""
import copy
import pickle
from datetime import *


class Moment(datetime):
    pass


class Zone(tzinfo):
    def __init__(self, hours=0):
        self.hours = hours

    def __getinitargs__(self):
        return (self.hours,)

    def utcoffset(self, moment):
        return timedelta(hours=self.hours)


values = [
    date(2020, 2, 29), time(1, 2, 3, 4), time(1, fold=1), time(5, tzinfo=timezone.utc), timedelta(-1, 2, 3), timezone.utc,
    timezone(timedelta(hours=-3), "there"), datetime(2020, 2, 29, 1, 2, 3, 4), datetime(2020, 1, 1, fold=1), Moment(1, 2, 3, 4),
    datetime(9999, 12, 31, 23, 59, 59, 999999, timezone(timedelta(minutes=1))), date(2020, 1, 1).isocalendar(),
]
for value in values:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        back = pickle.loads(pickle.dumps(value, protocol))
        assert back == value and repr(back).replace(", fold=1", "") == repr(value).replace(", fold=1", "") or type(back) is tuple
        print(getattr(back, "fold", "-"), end=" ")
    print(type(copy.copy(value)).__name__, copy.deepcopy(value) == value, value.__reduce_ex__(4))

zone = Zone(2)
zone.extra = [1]
back = copy.deepcopy(zone)
print(type(back).__name__, back.hours, back.extra, back.extra is not zone.extra)
back = pickle.loads(pickle.dumps(datetime(1, 1, 1, 5, tzinfo=zone)))
print(back.isoformat(), back.tzinfo.extra)

for cls, state in [(date, "\x07\xe4\x01\x02"), (time, "\x01\x02\x03\x00\x00\x04"), (datetime, "\x07\xe4\x81\x02\x03\x04\x05\x00\x00\x06")]:
    print(repr(cls(state)), repr(cls(state.encode("latin-1"))))
for cls, state in [
    (date, b"1995"), (date, b"\x07\xe4\x00\x02"), (time, b"\x18\x00\x00\x00\x00\x00"), (datetime, b"\x07\xe4\x0d" + bytes(7)),
    (date, "\x07\xe4\x01\u1234"), (datetime, b"\x07\xe4\x01" + bytes(8)),
]:
    try:
        cls(state)
        print("made")
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)

# A state may say what no constructor takes; the object is of no use, and harms nobody.
broken = date(b"\xff\xff\x0c\x3f")
for use in [repr, str, hash, date.isoformat, date.toordinal, date.isocalendar, date.weekday, lambda d: d + timedelta(1), date.ctime]:
    try:
        use(broken)
    except (OverflowError, ValueError):
        pass
broken = datetime(b"\x00\x00\x01\x00\x1f\x3f\x3f\x0f\xff\xff")
for use in [repr, str, hash, datetime.isoformat, datetime.timetuple, lambda d: d.strftime("%c %Y"), lambda d: d + timedelta(1), lambda d: d - datetime.max]:
    try:
        use(broken)
    except (OverflowError, ValueError):
        pass
print("done")

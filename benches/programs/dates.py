"""Dates and times: arithmetic, comparison, formatting, parsing, zones, calendars.

Group: library
Counted: 200
"""
import datetime
import sys


def main(n):
    start = datetime.datetime(2020, 1, 31, 12, 30, 15)
    step = datetime.timedelta(hours=7, minutes=13, seconds=5)
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    moment = start
    total = 0
    months = {}
    for i in range(n):
        moment += step
        day = moment.date()
        months[day.year, day.month] = months.get((day.year, day.month), 0) + 1
        total += day.toordinal() + moment.weekday() + day.isocalendar().week
        total += int((moment - start).total_seconds()) & 1023
        text = moment.isoformat()
        total += datetime.datetime.fromisoformat(text) == moment
        total += len(text) + len(str(moment - start)) + len(f"{moment:%d.%m.%Y %H:%M}")
        total += moment.replace(day=1, hour=0) < moment
        aware = moment.replace(tzinfo=zone)
        total += aware.astimezone(datetime.timezone.utc).hour
        if i % 8 == 0:
            total += datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").minute
    return total + len(months)


print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 150_000))

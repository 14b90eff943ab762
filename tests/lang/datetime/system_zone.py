"""The system's zone: local times, folds and gaps, timestamps there and back."""
import os
import time as clock
from datetime import *

for name in ["Europe/London", "America/New_York", "Asia/Kolkata", "UTC"]:
    os.environ["TZ"] = name
    clock.tzset()
    for moment in [
        datetime(2020, 1, 1, 12), datetime(2020, 7, 1, 12, 0, 0, 123456), datetime(2020, 3, 29, 1, 30), datetime(2020, 10, 25, 1, 30),
        datetime(2020, 3, 8, 2, 30), datetime(2020, 11, 1, 1, 30), datetime(1950, 6, 1),
    ]:
        for fold in 0, 1:
            local = moment.replace(fold=fold)
            stamp = local.timestamp()
            back = datetime.fromtimestamp(stamp)
            aware = local.astimezone()
            print(name, local, fold, stamp, back, back.fold, aware.isoformat(), aware.tzname(), aware.astimezone(UTC).isoformat())
    print(date.fromtimestamp(0), datetime.fromtimestamp(1.5, UTC), datetime.fromtimestamp(-0.0000005), datetime.fromtimestamp(0.0000015))

now = datetime.now(UTC)
assert abs((now - datetime.now().astimezone()).total_seconds()) < 60
assert datetime.today() - datetime.now() < timedelta(minutes=1) and date.today() - now.date() <= timedelta(1)

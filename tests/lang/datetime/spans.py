"""Spans: construction, arithmetic, rounding, ranges."""
import warnings
from datetime import *

warnings.simplefilter("ignore")


def show(*sources):
    for source in sources:
        try:
            result = repr(eval(source))
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
        print(source, "->", ascii(result))


show(
    'timedelta(1,2,3,4,5,6,7,8)',
    'timedelta("a")',
    'timedelta(hours="a")',
    'timedelta(foo=1)',
    'timedelta(float("inf"))',
    'timedelta(float("nan"))',
    'timedelta(999999999,86400)',
    'timedelta(2**31)',
    'timedelta(2**80)',
    'timedelta(-999999999,-1)',
    'timedelta(1)/0',
    'timedelta(1)//0',
    'timedelta(1)/0.0',
    'timedelta(1)//timedelta(0)',
    'timedelta(1)/timedelta(0)',
    'timedelta(1)%timedelta(0)',
    'divmod(timedelta(1),timedelta(0))',
    'timedelta(1)%3',
    'timedelta(1)//1.5',
    'timedelta(1)*"a"',
    'timedelta(1)*1e300',
    'timedelta(1)*float("nan")',
    'timedelta(1)*float("inf")',
    'timedelta(1)/float("nan")',
    'timedelta(1)/float("inf")',
    'timedelta(1)/1e-300',
    'timedelta(1)*10**30',
    'date(1,1,1)+timedelta(-1)',
    'date(1,1,1)-timedelta(1)',
    'datetime(1,1,1)-timedelta(1)',
    'datetime(9999,12,31)+timedelta(1)',
    'date(1,1,1)+timedelta(999999999)',
    'timedelta(1).__reduce__()',
    'timedelta.min,timedelta.max,timedelta.resolution',
    '-timedelta.max',
    'abs(timedelta.min)',
    '-timedelta.min',
    'timedelta(1).days.__class__',
    'timedelta(1).__setattr__("days",3)',
    'timedelta(1,days=2)',
    'timedelta("a",days=2)',
    'timedelta("a",foo=2)',
    'timedelta(1,"a",seconds="b")',
    'timedelta(1).total_seconds(1)',
    'date.__radd__(date(1,1,1),timedelta(1))',
    'date.__rsub__(date(1,1,1),timedelta(1))',
    'date.__add__(datetime(1,1,1),timedelta(1))',
    'timedelta(1)+date(1,1,1)',
    'timedelta(1)-date(1,1,1)',
    'timedelta(1)+1',
    '1-timedelta(1)',
    '1/timedelta(1)',
    'timedelta(1)/"a"',
    'timedelta(1)<1',
    'timedelta(1)==1',
    '2.5*timedelta(1)',
    'True*timedelta(1)',
    'timedelta(True)',
    'timedelta(microseconds=0.5),timedelta(microseconds=1.5),timedelta(microseconds=2.5),timedelta(microseconds=-0.5)',
    'timedelta(days=1e10)',
    'timedelta(seconds=1e300)',
    'timedelta(microseconds=10**30)',
    'timedelta(days=5e9)',
    'timedelta(weeks=2**62)',
    '[timedelta(d,s,u) for d in (0,1,-1,5) for s in (0,1,86399) for u in (0,1)]',
    '[str(timedelta(d,s,u)) for d in (0,1,-1,-2,5) for s in (0,1,86399) for u in (0,1)]',
    '(lambda T: (repr(T(1)),repr(-T(1)), repr(T(1)*2),repr(+T(1)),repr(abs(T(1))),str(T(1))))(type("T",(timedelta,),{}))',
)

"""Zones: fixed ones, subclasses of tzinfo, conversions and their errors."""
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
    'time(1,1,1,1,tzinfo=None,fold=3)',
    'datetime(2020,1,1,tzinfo=3)',
    'timezone()',
    'timezone(1)',
    'timezone(timedelta(1))',
    'timezone(timedelta(hours=1),3)',
    'timezone(timedelta(hours=1),"a","b")',
    'timezone(timedelta(0))',
    'timezone(timedelta(0),"UTC")',
    'timezone(timedelta(hours=1)).utcoffset(3)',
    'timezone(timedelta(hours=1)).tzname(3)',
    'timezone(timedelta(hours=1)).dst(3)',
    'timezone(timedelta(hours=1)).fromutc(3)',
    'timezone(timedelta(hours=1)).fromutc(datetime(1,1,1))',
    'tzinfo().utcoffset(None)',
    'tzinfo().dst(None)',
    'tzinfo().tzname(None)',
    'tzinfo().fromutc(3)',
    'tzinfo().fromutc(datetime(1,1,1))',
    'datetime.fromtimestamp(-62135596801,timezone.utc)',
    'datetime.fromtimestamp(-62135596800,timezone.utc)',
    'datetime(1,1,1)-datetime(1,1,1,tzinfo=timezone.utc)',
    'datetime(1,1,1)<datetime(1,1,1,tzinfo=timezone.utc)',
    'time(1)<time(1,tzinfo=timezone.utc)',
    'datetime(1,1,1).replace(tzinfo=5)',
    'datetime(1,1,1).astimezone(5)',
    'datetime(1,1,1).astimezone()',
    'timezone.utc.__reduce__()',
    'timezone.utc.__getinitargs__()',
    'timezone(timedelta(hours=1),"a").__getinitargs__()',
    'timezone(timedelta(hours=1),"a")',
    'timezone(timedelta(hours=1,microseconds=3))',
    'str(timezone(timedelta(hours=-1,microseconds=3)))',
    'timezone.utc<3',
    'timezone.min, timezone.max',
    'hash(timedelta(1,2,3))==hash((1,2,3)), hash(timezone.utc)==hash(timedelta(0))',
    'type("X",(timezone,),{})',
    '__import__("weakref").ref(timezone.utc)',
    'timezone(foo=1)',
    'timezone(timedelta(0),nam="a")',
    'timezone(1,offset=1)',
    'timezone(timedelta(0),offset=1)',
    'timezone(offset=timedelta(0),name="a",foo=3)',
    'timezone(timedelta(0),None)',
    'datetime.fromtimestamp(timestamp=1,tz=timezone.utc)',
    'datetime.combine(date(1,1,1),time(1),tzinfo=4)',
    'datetime(1,1,1).astimezone(tz=4)',
    'datetime(1,1,1).astimezone(foo=4)',
    'datetime(1,1,1).astimezone(None,None)',
    'datetime(1,1,1).astimezone(timezone.utc,None)',
    'timezone.utc.utcoffset()',
    'timezone.utc.utcoffset(1,2)',
    'timezone.utc.utcoffset(None)',
    'tzinfo().utcoffset()',
    'tzinfo().fromutc()',
    'tzinfo.__reduce__(tzinfo())',
    'timezone.__new__(timezone)',
    'tzinfo.__new__(timezone)',
    'str(datetime(1,1,1,fold=1)),repr(datetime(1,1,1,fold=1,tzinfo=timezone.utc)),repr(time(1,fold=1)),repr(time(1,2,3,4,fold=1)),repr(datetime(1,1,1,2,3,4)),repr(datetime(1,1,1,2,3,4,5)),repr(time(0,0,1))',
    'repr(time(1,fold=1,tzinfo=timezone.utc))',
    '(lambda T: (repr(T(1,tzinfo=timezone.utc))))(type("T",(time,),{}))',
    '(lambda T: (T().utcoffset(None)))(type("T",(tzinfo,),{}))',
    '(lambda T: (datetime(1,1,1,tzinfo=T()).utcoffset()))(type("T",(tzinfo,),{"utcoffset":lambda s,d:3}))',
    '(lambda T: (datetime(1,1,1,tzinfo=T()).utcoffset()))(type("T",(tzinfo,),{"utcoffset":lambda s,d:timedelta(1)}))',
    '(lambda T: (datetime(1,1,1,tzinfo=T()).tzname()))(type("T",(tzinfo,),{"tzname":lambda s,d:1}))',
    '(lambda T: (datetime(1,1,1,tzinfo=T()).dst()))(type("T",(tzinfo,),{"dst":lambda s,d:"a"}))',
    '(lambda T: (T(3).__reduce__()))(type("T",(tzinfo,),{"__getinitargs__":lambda s:(3,),"x":1}))',
    '(lambda T: (T(3).__reduce__()))(type("T",(tzinfo,),{"__getinitargs__":lambda s:3}))',
    '(lambda T: (T().fromutc(datetime(1,1,1,tzinfo=timezone.utc))))(type("T",(tzinfo,),{}))',
    '(lambda t: (t.fromutc(datetime(1,1,1,tzinfo=t))))(type("T",(tzinfo,),{"utcoffset":lambda s,d:None})())',
    '(lambda t: (t.fromutc(datetime(1,1,1,tzinfo=t))))(type("T",(tzinfo,),{"utcoffset":lambda s,d:timedelta(0),"dst":lambda s,d:None})())',
    '(lambda t: (datetime(1,1,1,1,tzinfo=t).astimezone(timezone.utc)))(type("T",(tzinfo,),{"utcoffset":lambda s,d:None})())',
    '(lambda t: (datetime(1,1,1,1,tzinfo=t).strftime("%z %Z %:z")))(type("T",(tzinfo,),{"utcoffset":lambda s,d:timedelta(seconds=-3),"tzname":lambda s,d:"%H"})())',
    '(lambda t: (datetime(1,1,1,1,tzinfo=t).strftime("%z %:z")))(timezone(timedelta(seconds=-3,microseconds=4)))',
    'hash(time(1,tzinfo=timezone.utc))==hash(time(1)), hash(datetime(1,1,1))==hash(datetime(1,1,1,fold=1))',
    'datetime(2020,1,1).astimezone().tzinfo',
)

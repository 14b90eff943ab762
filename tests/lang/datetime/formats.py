"""Formats: strftime, strptime, ctime and time tuples."""
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
    'datetime(1,1,1).utctimetuple()',
    'datetime(1,1,1).strftime(3)',
    'date(1,1,1).strftime("%Y %C %G %F %y")',
    r'date(1,1,1).strftime(format="%Y\0a%")',
    'date(1,1,1).__format__(3)',
    'date(1,1,1).__format__("")',
    'date(1,1,1).strftime("%z|%Z|%:z|%f|%:|%")',
    'time(1).strftime("%Y %z")',
    'datetime.strptime("a")',
    'datetime.strptime(1,2)',
    'datetime.strptime("2020","%d")',
    'date.strptime("2020-01-01","%Y-%m-%d")',
    'time.strptime("10","%H")',
    'date.strftime(date(1,1,1))',
    'date(1,1,1).strftime("a","b")',
    'date(1,1,1).strftime(fmt="b")',
    'date(1,1,1).strftime("a",format="b")',
    'datetime.strptime("a","b","c")',
    'datetime.strptime("a",format="b")',
    'datetime.strptime("a",3)',
    'date(1,1,1).__format__()',
    'date(1,1,1).__format__("a","b")',
    'date.ctime(datetime(1,1,1,5))',
    'date.strftime(datetime(1,1,1,5),"%H")',
    'date(2020,1,1).ctime(), datetime(2020,1,11,1,2,3).ctime()',
    'date(1,1,1).strftime("%E")',
    r'date(1,1,1).strftime("%\u00e9 \ud800 x")',
    'date(2020,1,1).strftime("%s %U %W %V %u %w %j %p %P %k %l %n %t %e %h %D %r %R %T %x %X %c %g %G")',
    'date(1,1,1).strftime("")',
    'time(1).strftime("")',
)

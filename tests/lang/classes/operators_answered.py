# Operators in Python that answer at once, refuse, raise or are given temporaries that die there; iterables that generators unpack.
class A:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
    def __add__(s,o): return NotImplemented
    def __getitem__(s,i):
        if isinstance(i, int) and i == 7: raise KeyError(i)
        return (s.n,i)
    def __eq__(s,o): return NotImplemented if s.n==3 else s.n
    def __lt__(s,o): return []
    def __bool__(s): return False
class B(A):
    def __radd__(s,o): return 'r'
a=A(1)
print(A(2)+B(3))
try: A(4)+A(5)
except TypeError as e: print(e)
print(A(6)[1], A(6)[A(8)][1].n)
try: A(9)[7]
except KeyError as e: print(type(e), e.args[0].n if isinstance(e.args[0], A) else e)
k=B(10)
print(k[k][0])
def f():
    x=A(11)
    x=x[2]
    return x
print(f())
print(A(3)==A(3), A(12)==A(3), A(3)==A(12), bool(A(3)<A(4)))
if A(13)==A(14): print('eq')
if A(3)!=A(3): print('ne')
while A(15)<A(16): break
else: print('no')
x=A(20)
x+=B(21)
print(x)
def g():
    yield 1
    yield 2
    print('more')
    yield 3
    print('more')
try:
    a1,b1=g()
except ValueError as e: print(e)
a1,b1,c1=g()
try: a1,b1,c1,d1=g()
except ValueError as e: print(e)
class I:
    def __getitem__(self,i):
        if i>2: raise IndexError
        return i
p,q,r=I()
print(p,q,r)
for v in I(): print(v)

# marshal: bytes of every type in the versions without shared objects, what is read back, damaged data, files, code objects.
import io
import marshal


def t(f, *a, **k):
    try:
        print("OK", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__, e)


for x in (None,True,False,...,StopIteration,0,-1,1,2**31-1,-2**31,2**31,-2**31-1,2**62,2**100,-2**100,1.5,-0.0,float("inf"),1+2j,"","a","abc","é","\ud800","\U0001f600","x"*300,b"",b"abc",(),(1,),(1,2),tuple(range(300)),[],[1,2],{},{1:2,"a":None},set(),{1},frozenset(),frozenset({1}),slice(1,2,3),slice(None),bytearray(b"xy"),memoryview(b"ab"),"a b"):
    for v in (0, 1, 2):
        t(marshal.dumps, x, v)
    for v in (3, 4, 5):
        # Whether the flag of a type code is set depends on reference counts.
        made = marshal.dumps(x, v) if not isinstance(x, slice) else b':'
        print(type(x).__name__, v, bytes([made[0] & 127]), marshal.loads(made) == x if made != b':' else marshal.loads(marshal.dumps(x)) == x)
class I(int): pass
for x in (I(3), object(), int, lambda:0, range(3), [object()], {1:object()}, {object():1}, StopAsyncIteration, NotImplemented, type("S",(str,),{})("a"), type("L",(list,),{})()):
    t(marshal.dumps,x)
a=[]; a.append(a)
t(marshal.dumps,a); t(marshal.dumps,a,2)
l=[]
for i in range(3000): l=[l]
t(marshal.dumps,l)
t(marshal.dumps,slice(1,2),4)
t(marshal.dumps,compile("1","","eval"),allow_code=False)
t(marshal.dumps,1,2,3); t(marshal.dumps,1,"x"); t(marshal.dumps, 1, version=2)
for b in (b"",b"N",b"NN",b"n",b"X",b"0",b"i",b"i\x01\0\0",b"I\1\0\0\0\0\0\0\0",b"I\xff\xff\xff\xff\xff\xff\xff\xff",b"l\1\0\0\0\1\0",b"l\xff\xff\xff\xff\1\0",b"l\1\0\0\0\0\0",b"l\1\0\0\0\0\x80",b"l\2\0\0\0\1\0\0\0",b"f\x031.5",b"f\x03abc",b"f\x00",b"g"+b"\0"*7,b"g"+b"\0"*6+b"\xf8\x3f",b"x\x011\x012",b"y"+b"\0"*16,b"s\3\0\0\0ab",b"s\xff\xff\xff\xff",b"u\2\0\0\0\xc3\xa9",b"u\1\0\0\0\xff",b"t\1\0\0\0a",b"t\xff\xff\xff\xff",b"a\1\0\0\0a",b"a\1\0\0\0\xe9",b"A\1\0\0\0a",b"z\1a",b"Z\1a",b"z\5a",b")\1N",b")\2N",b"(\1\0\0\0N",b"(\xff\xff\xff\xff",b"[\1\0\0\0N",b"[\xff\xff\xff\xff",b"[\2\0\0\0N0",b"[\xff\xff\xff\x7fN",b"{NN0",b"{N0",b"{NN",b"{[\0\0\0\0N0",b"<\1\0\0\0N",b">\1\0\0\0N",b"<\xff\xff\xff\xff",b">\2\0\0\0[\0\0\0\0N",b":NNN",b":NN",b"r\0\0\0\0",b"\xdb\1\0\0\0r\0\0\0\0",b"\xa9\2\xe9\5\0\0\0r\1\0\0\0",b"r\xff\xff\xff\xff",b".",b"S",b"T",b"F",b"c",b"c\0\0\0\0",b"\xbc\1\0\0\0N",b"\xbe\1\0\0\0r\0\0\0\0", b"?", b"\0", b"R\0\0\0\0", b"\xce", b"{\0", b"[\1\0\0\0\0", b")\1\0",b":\0",b"<\1\0\0\0\0", b"\xfa\x01a", b"(\1\0\0\0\0"):
    print(b, end=" "); t(marshal.loads,b)
d=b"["+b"\1\0\0\0["*3000+b"\0\0\0\0"
t(marshal.loads,d)
for x in (3,"N",None): t(marshal.loads,x)
t(marshal.loads,bytearray(b"N")); t(marshal.loads,memoryview(b"Nxx"))
t(marshal.loads); t(marshal.loads,b"c",allow_code=False)
f=io.BytesIO(); marshal.dump([1,"a"],f,2); marshal.dump(2,f,2); print(f.getvalue()); f.seek(0); t(marshal.load,f); t(marshal.load,f); t(marshal.load,f)
t(marshal.load,3); t(marshal.load,io.StringIO("a")); t(marshal.dump,1,3); t(marshal.dump,1,io.StringIO())
class R:
    def __init__(s,b): s.b=b; s.n=0
    def read(s,n): print("read",n); r=s.b[s.n:s.n+n]; s.n+=n; return r
t(marshal.load,R(b"s\3\0\0\0abcN"))
class R2(R):
    def readinto(s,m): print("readinto",len(m),type(m)); r=s.b[s.n:s.n+len(m)]; m[:len(r)]=r; s.n+=len(r); return len(r)
t(marshal.load,R2(b"s\3\0\0\0abcN")); t(marshal.load,R2(b"(\2\0\0\0NTi"));t(marshal.load,R2(b"i\1"))
class R3(R2):
    def readinto(s,m): return 100
t(marshal.load,R3(b"i\1"))
class R4(R2):
    def readinto(s,m): return "a"
t(marshal.load,R4(b"i\1"))
class R5(R):
    def read(s,n): return "abc"
t(marshal.load,R5(b""))
def f(a,b=2,*c,d=1): return a+b
co=f.__code__
c2=marshal.loads(marshal.dumps(co)); print(c2==co, c2.co_name, eval(c2,{"x":1}) if 0 else c2.co_varnames)
t(marshal.dumps,co,allow_code=False); t(marshal.loads,marshal.dumps(co),allow_code=False); t(marshal.load,io.BytesIO(marshal.dumps(co)),allow_code=False);t(marshal.dump,co,io.BytesIO(),allow_code=False)
exec(marshal.loads(marshal.dumps(compile("print(sum(i*i for i in range(10)))","x","exec"))))
x=("abc"*10,)*3; y=marshal.loads(marshal.dumps(x)); print(y[0] is y[1], y==x)
z=marshal.loads(marshal.dumps(x,2)); print(z[0] is z[1], z==x)

def outer(a, *b, c=3, **d):
    """Doc."""
    def inner(x=a):
        nonlocal c
        try:
            c += x
        except* TypeError as e:
            c = e
        return [y for y in b if y], {**d}, f"{c!r:>5}", a
    return inner
made = marshal.dumps(outer.__code__)
again = type(outer)(marshal.loads(made), globals())
print(again(1, 2, c=4, z=5)(10), again.__doc__, again.__code__ == outer.__code__, again.__code__.co_qualname, again.__code__.co_firstlineno == outer.__code__.co_firstlineno)
shared = ["x" * 3] * 3, ()
print(hash(again.__code__) == hash(outer.__code__), marshal.loads(marshal.dumps(shared)) == shared)
a = {}; a["self"] = [a]
b = marshal.loads(marshal.dumps(a)); print(b["self"][0] is b, list(b))

loop = slice([], None)
loop.start.append(loop)
for version in range(6):
    t(marshal.dumps, loop, version)
pair = slice(1, 2)
back = marshal.loads(marshal.dumps([pair, pair, 1.5, 1.5, 2**70]))
print(back, back[0] is back[1])

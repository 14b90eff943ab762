# SyntaxErrors in expressions: message and the whole range.
cases = r'''
a b
1 2
f(a b)
[a b]
{a: b c: d}
(a, b c)
x = a b
print a
print "x"
exec "x"
a = 
a + 
* a
a..b
a.1
1.a
1.e
0777
0x
0b12
0o8
1__0
1_
1e
1e+
0_7
12ab
1if 1else 2
f(**)
f(*)
f(a=1, 2)
f(a=1, a=2)
f(**k, *a)
f(**k, 1)
f(a for a in b, c)
f(c, a for a in b)
f(1=2)
f(a.b=2)
f(a()=2)
f(True=2)
f(None=1)
f(x := 1)
f(x=y:=1)
f(lambda: 1 = 2)
lambda x, x: 1
lambda *: 1
lambda **k, a: 1
lambda x=1, y: 1
lambda *a, *b: 1
lambda /: 1
lambda a, /, /: 1
lambda (a): 1
(yield) = 1
x if y
x if y else
x if y else pass
not
a not b
a is
a in
a not is b
a <> b
a ! b
a && b
a || b
a ++
a--
a ? b
$a
`a`
a := 1
(a.b := 1)
(a[0] := 1)
((a) := 1)
(1 := 2)
(a := b := c)
[x for]
[x for x]
[x for x in]
[for x in y]
[x for x in y if]
[*x for x in y]
{**x for x in y}
{*x: 1}
{x: *y}
{x: y, z}
{x, y: z}
{x:}
{:x}
{x: y for}
(*a)
*a = 1
a = *b
a = (*b)
a[*b:1]
a[1:2:3:4]
a[]
a[1
(a
[a
{a
a)
a]
(a]
[a)
{a)
(a, [b)
"a
'''.strip().split("\n") + ["'''a", 'f"{a"', 'f"{a b}"', 'f"{}"', 'f"{a!}"', 'f"{a!x}"', 'f"{a!r x}"', 'f"}"', 'f"{a:{b}"', "f'{'", 'f"{a!r:{b!z}}"', 'f"{*a}"', 'f"{a=b}"', 'f"{lambda x: 1}"', 'f"{\\}"', "b'é'", "b'a' 'c'", "f'a' b'c'", "t'a' 'c'", "t'{}'", "'\\N{nope}'", "'\\x1'", "'\\u12'", "'\\U00110000'", "b'\\x1'", "ur'a'", "fb'a'", "a\\ b", "a \\", "\x00", "a\x00b", "é = €", "x = ‘a’", "a\u00a0b", "\ufeffa b", "(\n a\n b\n)", "f(\n a=1,\n b c)", "x = [\n1,\n2 3]"]
for text in cases:
    try:
        compile(text, "<case>", "exec")
        print(ascii(text), "fine")
    except SyntaxError as e:
        print(ascii(text), type(e).__name__, "|", ascii(e.msg), "|", e.lineno, e.offset, e.end_lineno, e.end_offset)
    except ValueError as e:
        print(ascii(text), "ValueError", e)

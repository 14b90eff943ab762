# What bytes' and bytearray's methods say of arguments they do not take.
cases = """
B'a'.center('3')
B'a'.center(3, 'a')
B'a'.center(3, b'ab')
B'a'.ljust(3, 1)
B'a'.zfill(1.5)
B'a'.count('a')
B'a'.count(256)
B'a'.count(97)
B'a'.find(-1)
B'a'.find(None)
B'a'.index(b'b')
B'a'.rindex(98)
B'a'.startswith('a')
B'a'.startswith((b'a', 'a'))
B'a'.startswith(('a', b'a'))
B'a'.endswith(1)
B'a'.replace(b'a')
B'a'.replace('a', b'b')
B'a'.replace(b'a', b'b', None)
B'a'.split(b'')
B'a'.split('a')
B'a'.rsplit(1)
B'a'.partition(b'')
B'a'.partition('b')
B'a'.join(1)
B'a'.join(['a'])
B'a'.join([b'a', 1])
B'a'.strip('a')
B'a'.lstrip(1)
B'a'.decode('nope')
B'a\\xff'.decode()
B'\\xe4\\xb8'.decode()
B'a\\xffb'.decode('ascii')
B'a'.decode(1)
B'abc'.decode('utf-16')
B'abc'.decode('utf-32')
B'a'.translate()
B'a'.translate(b'a')
B'a'.translate('a')
B'a'.translate(None, 'a')
B'a'.translate(None, delete=b'a')
bytes.maketrans(b'a', b'bc')
bytes.maketrans('a', b'b')
B'a'.hex('ab')
B'a'.hex(1)
B'ab'.hex(b':')
B'ab'.hex('é')
B'ab'.hex(':', 'x')
bytes.fromhex('a')
bytes.fromhex('zz')
bytes.fromhex('aa b')
bytes.fromhex('0é')
bytes.fromhex(1)
bytes.fromhex(b'aa')
B'a'.expandtabs(x=1)
B'a'.removeprefix('a')
B'a'.removesuffix(1)
B'a' + 'a'
B'a' + 1
'a' + B'a'
B'a' * b'a'
B'a' * -1
B'a' < 'a'
B'a'[1]
B'a'['a']
B'a'[1.0]
'a' in B'a'
256 in B'a'
-1 in B'a'
97 in B'a'
b'' in B'a'
None in B'a'
bytes(-1)
bytes('a')
bytes('a', 'nope')
bytes('é', 'ascii')
bytes(1, 'ascii')
bytes([256])
bytes([-1])
bytes(['a'])
bytes([1.5])
bytes(1.5)
bytes(None)
bytes(b'', 'ascii')
bytes('a', errors='strict')
bytes(encoding='ascii')
bytes(source=1, x=1)
bytearray(-1)
bytearray('a')
bytearray([256])
bytearray(1.5)
bytearray(b'a').append(256)
bytearray(b'a').append('a')
bytearray(b'a').append(b'a')
bytearray(b'a').extend('a')
bytearray(b'a').extend([256])
bytearray(b'a').extend(1)
bytearray(b'a').insert(0, 300)
bytearray(b'a').insert('a', 1)
bytearray(b'a').pop(1)
bytearray(b'').pop()
bytearray(b'a').pop('a')
bytearray(b'a').remove(1)
bytearray(b'a').remove(300)
bytearray(b'a').remove('a')
bytearray(b'a').__setitem__(0, 'a')
bytearray(b'a').__setitem__(0, 256)
bytearray(b'a').__setitem__(1, 1)
bytearray(b'a').__setitem__(slice(0, 1), 'a')
bytearray(b'abc').__setitem__(slice(0, 3, 2), b'a')
bytearray(b'abc').__setitem__(slice(0, 1), 5)
bytearray(b'a').__delitem__(1)
bytearray(b'a').__delitem__('a')
bytearray(b'abc').resize(-1)
bytearray(b'abc').resize('a')
B'%d' % 'a'
B'%c' % 256
B'%c' % b'ab'
B'%s' % 'a'
B'%b' % 1
B'%z' % 1
B'%d %d' % 1
B'%d' % (1, 2)
B'%(a)s' % {'a': b'x'}
B'%(a)s' % {b'a': b'x'}
B'%(a)s' % {}
B'%a' % 'é'
""".strip().split("\n")
for case in cases:
    for kind in ("", "bytearray") if "B'" in case else ("",):
        text = case.replace("B'", "bytearray(b'", 1).replace("'", "')", 2).replace("bytearray(b')", "bytearray(b'", 1) if kind else case.replace("B'", "b'")
        try:
            print(text, "->", eval(text))
        except Exception as error:
            print(text, "!!", type(error).__name__, ascii(str(error)))

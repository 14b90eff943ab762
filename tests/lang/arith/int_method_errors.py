# Messages of int, float and complex.
cases = """
int('')
int('a')
int(' 12 ')
int('1_000')
int('1__0')
int('_1')
int('1_')
int('0x1f')
int('0x1f', 16)
int('0x1f', 0)
int('0b102', 0)
int('010', 0)
int('z', 36)
int('1', 1)
int('1', 37)
int('1', -1)
int('1', 1.0)
int(1, 2)
int(base=2)
int('12', base=3)
int(x=1)
int(None)
int([])
int(1j)
int(float('nan'))
int(float('-inf'))
int(b'12')
int(b'a')
int(bytearray(b'7'))
int('١٢')
int('1' * 5000)
int('1', 2, 3)
int('\\x00')
int('é')
(1).bit_length(1)
(1).to_bytes(-1)
(256).to_bytes(1)
(-1).to_bytes(1)
(-129).to_bytes(1, signed=True)
(1).to_bytes(1, 'x')
(1).to_bytes(1, 1)
(1).to_bytes()
(1).to_bytes('a')
int.from_bytes('a')
int.from_bytes(1)
int.from_bytes([1, 256])
int.from_bytes([1, 2], 'little')
int.from_bytes(b'a', 'middle')
(1).as_integer_ratio(1)
1 // 0
1 % 0
1 / 0
divmod(1, 0)
0 ** -1
1 << -1
1 >> -1
1 << (1 << 64)
0 << (1 << 64)
1 >> (1 << 64)
2 ** 'a'
pow(2, -1, 4)
pow(2, -1, 5)
pow(2, 3, 0)
pow(2, 3, 1.0)
pow(2.0, 3, 5)
pow(2)
pow(2, 'a', 3)
(10 ** 400) / 3
(10 ** 400) * 1.0
float(10 ** 400)
1e400
(10 ** 400) // 1.5
round(10 ** 400, -399) == 10 ** 400
round(15, -1), round(25, -1), round(-15, -1)
round(1, 'a')
round(1.5, 'a')
round('a')
round()
round(1, 2, 3)
round(float('nan'))
round(float('inf'))
round(1.5, 400)
round(1.5e300, -301)
float('')
float('a')
float('1_0.5')
float('1__0')
float(' inf ')
float('nan1')
float(None)
float(1j)
float(b'1.5')
float('1e')
float('0x1p3')
float.fromhex('0x1p3')
float.fromhex('zz')
float.fromhex('0x1p99999')
float.fromhex(1)
(1.5).hex()
(1.5).is_integer(1)
float('inf').as_integer_ratio()
float('nan').as_integer_ratio()
1.0 // 0.0
1.0 % 0.0
1.0 / 0
0.0 ** -1
(-1.0) ** 0.5
10.0 ** 400
complex('')
complex('1+')
complex('1 + 2j')
complex('(1+2j)')
complex('1', 2)
complex(1, '2')
complex([])
complex(1, 2, 3)
complex(1j, 1j)
1j // 1
1j % 1
1j < 2j
1j / 0
0j ** -1
0j ** 1j
divmod(1j, 1)
int(1j)
(1j).real.x
abs('a')
-'a'
~1.5
~1j
1 & 1.0
1 | 'a'
1 @ 1
1 < 'a'
1 < None
1 + None
1 in 1
1()
1[0]
len(1)
iter(1)
chr(-1)
chr(0x110000)
chr('a')
ord('')
ord('ab')
ord(1)
ord(b'ab')
bin(1.0)
hex('a')
oct(None)
""".strip().split("\n")
import warnings
warnings.simplefilter("ignore")
for case in cases:
    try:
        print(case, "->", eval(case))
    except Exception as error:
        print(case, "!!", type(error).__name__, ascii(str(error)))

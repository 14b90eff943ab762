# Groups inside repetitions, branches, lookarounds and conditions, with backtracking.
import re

CASES = r"""
(a)|b|c :: abc
(?:(a)|b)* :: abab
(?:(a)|(b))* :: abab
(?:(a)|(b)|c)+?$ :: abc
((a)|b)*?b$ :: aabb
(a(?=b(c)?))bc :: abc
(?:(?=(a))a|b)*c :: ababc
(?!(a)b)a(.) :: ac
(?:(?!(b))(a))*b :: aab
(a)?(?(1)b|c) :: ab
(a)?(?(1)b|c) :: c
(?:(a)?(?(1)b|c))+ :: abcab
(?:(a)|b)(?(1)x|y)z :: byz
(a*)(ab)*(b*) :: abb
(a+|b){0,2}?c :: aabc
(?>(a+)b?)a :: aaba
(?>(a)|b)*+c :: abac
(?:(?>(a)b|(a))c?)+ :: abaac
(\w)\1 :: abbc
(?:(\w)\1)+ :: aabbc
(?:(a)|(?:\1b))* :: aabab
(?<=(a))b :: ab
(?<!(a))b :: bb
(?<=(?=(b))b)c :: bc
((?:a|b)*?)(b+)$ :: abbb
(.*?)(\d+)(.*) :: ab12cd
(?:(x)?y)*z :: xyyz
((a?)(b?))*c :: abbac
(?P<n>a)(?P=n)?(?(n)b) :: aab
(?s:(.)\n)+ :: a
(a|ab)(c|bcd)(d*) :: abcd
(?:(a)(?:b|(c)))*d :: abacd
(((a)|b)+?)\2? :: abab
(?:(?:(a)b)++|(a))c :: ababac
""".strip().splitlines()
for case in CASES:
    pattern, text = case.split(" :: ")
    match = re.search(pattern, text)
    print(pattern, match and (match.regs, match.lastindex, match.lastgroup))

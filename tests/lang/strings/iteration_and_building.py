# Long strings built piece by piece keep their value and their parts.
s = ""
for i in range(200):
    s += chr(ord("a") + i % 26)
print(len(s), s[:30], s[-5:], s.count("a"))
t = s
t += "!"
print(len(s), len(t), s == t[:-1])
parts = []
for word in "one two three four".split():
    parts.append(word.capitalize())
print("".join(parts), " ".join(reversed(parts)), "/".join(p[0] for p in parts))
print(sorted("hello"), list("abc"), tuple("ab"), list(enumerate("ab")), dict(zip("ab", "cd")))
print(list(reversed("abc")), list(map(ord, "az")), max(["a", "ccc", "bb"], key=len))
word = "mixed é 中 😀 end"
print(word[6], word[8], word[10], word[10:13], word.find("😀"), word.index("end"), word.replace("é", "e"), len(word), len(word.encode()))
print([word[i] for i in range(-3, 0)], word.upper(), word.split(" "), word.encode("utf-8").decode("utf-8") == word)
it = iter("xyz")
print(next(it), next(it), next(it), next(it, "done"))
big = "ab" * 100000
print(len(big), big[99999:100003], big.count("ba"), big.find("bb"), big.rfind("ab"), hash(big) == hash("ab" * 100000))
x = y = "shared"
x += " changed"
print(x, y)
print("a" "b" == "ab", "abc"[1:2] == "b", "".join(["a", "b"]) == "ab", {"ab": 1}["".join(["a", "b"])])

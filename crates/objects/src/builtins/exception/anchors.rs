//! Which part of a source segment a traceback marks with `^` instead of `~`: the operator of a binary operation, the brackets of a
//! subscript or call.
//!
//! Invariant: a segment that is not clearly one of the three has no anchors; nothing here fails.

/// A position in a segment: line, then column in characters.
pub(super) type Place = (usize, usize);

/// A token of the segment outside all brackets; a bracketed group is one token.
struct Token {
    text: String,
    start: Place,
    group: Option<char>,
}

struct Scanner<'a> {
    lines: &'a [Vec<char>],
    at: Place,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.lines.get(self.at.0)?.get(self.at.1 + ahead).copied()
    }

    fn newline(&mut self) {
        self.at = (self.at.0 + 1, 0);
    }

    fn ended(&self) -> bool {
        self.at.0 >= self.lines.len()
    }

    /// Moves behind the quote-delimited text that begins here.
    fn string(&mut self, quote: char) {
        let triple = self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        self.at.1 += if triple { 3 } else { 1 };
        while !self.ended() {
            match self.peek(0) {
                None => self.newline(),
                Some('\\') => self.at.1 += 2,
                Some(c) if c == quote && !triple => {
                    self.at.1 += 1;
                    return;
                }
                Some(c) if c == quote && self.peek(1) == Some(quote) && self.peek(2) == Some(quote) => {
                    self.at.1 += 3;
                    return;
                }
                Some(_) => self.at.1 += 1,
            }
        }
    }

    /// Moves behind the bracket that closes the one here; `false` if there is none.
    fn group(&mut self) -> bool {
        let mut depth = 0;
        while !self.ended() {
            match self.peek(0) {
                None | Some('#') => {
                    self.newline();
                    continue;
                }
                Some(quote @ ('\'' | '"')) => {
                    self.string(quote);
                    continue;
                }
                Some('(' | '[' | '{') => depth += 1,
                Some(')' | ']' | '}') => depth -= 1,
                Some(_) => {}
            }
            self.at.1 += 1;
            if depth == 0 {
                return true;
            }
        }
        false
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek(0).filter(|&c| c == '_' || c.is_alphanumeric()) {
            word.push(c);
            self.at.1 += 1;
        }
        word
    }

    fn operator(&mut self) -> String {
        const LONG: [&str; 13] = ["**", "//", "<<", ">>", "==", "!=", "<=", ">=", ":=", "->", "...", "+=", "-="];
        for long in LONG {
            if long.chars().enumerate().all(|(i, c)| self.peek(i) == Some(c)) {
                self.at.1 += long.len();
                return long.to_owned();
            }
        }
        let one = self.peek(0).map(String::from).unwrap_or_default();
        self.at.1 += 1;
        one
    }

    /// The tokens outside brackets, or `None` when brackets do not match.
    fn tokens(&mut self) -> Option<Vec<Token>> {
        let mut tokens = Vec::new();
        while !self.ended() {
            let start = self.at;
            let Some(c) = self.peek(0).filter(|&c| c != '#' && c != '\\') else {
                self.newline();
                continue;
            };
            if c.is_whitespace() {
                self.at.1 += 1;
                continue;
            }
            let (text, group) = match c {
                '(' | '[' | '{' => {
                    if !self.group() {
                        return None;
                    }
                    (String::new(), Some(c))
                }
                ')' | ']' | '}' => return None,
                '\'' | '"' => {
                    self.string(c);
                    (String::new(), None)
                }
                _ if c == '_' || c.is_alphanumeric() => {
                    let word = self.word();
                    if let Some(quote @ ('\'' | '"')) = self.peek(0) {
                        self.string(quote);
                        (String::new(), None)
                    } else if c.is_ascii_digit() && self.peek(0) == Some('.') {
                        self.at.1 += 1;
                        self.word();
                        (String::new(), None)
                    } else {
                        (word, None)
                    }
                }
                _ => (self.operator(), None),
            };
            tokens.push(Token { text, start, group });
        }
        Some(tokens)
    }
}

fn precedence(operator: &str) -> Option<u8> {
    Some(match operator {
        "|" => 1,
        "^" => 2,
        "&" => 3,
        "<<" | ">>" => 4,
        "+" | "-" => 5,
        "*" | "/" | "//" | "%" | "@" => 6,
        "**" => 8,
        _ => return None,
    })
}

/// Where the marked part of the segment begins and ends.
pub(super) fn anchors(lines: &[Vec<char>]) -> Option<(Place, Place)> {
    let tokens = Scanner { lines, at: (0, 0) }.tokens()?;
    let mut best: Option<(u8, &Token)> = None;
    let mut operand_before = false;
    let leading_unary = tokens.first().is_some_and(|token| matches!(token.text.as_str(), "-" | "+" | "~"));
    for token in &tokens {
        let text = token.text.as_str();
        if KEYWORDS.contains(&text) {
            return None;
        }
        let is_operator =
            token.group.is_none() && text.chars().next().is_some_and(|c| !c.is_alphanumeric() && c != '_');
        if !is_operator {
            operand_before = true;
            continue;
        }
        match precedence(text) {
            Some(level) if operand_before => {
                let better = best.is_none_or(|(lowest, _)| level < lowest || (level == lowest && level != 8));
                if better {
                    best = Some((level, token));
                }
            }
            Some(5) => {}
            _ if text == "~" || text == "." => {}
            _ => return None,
        }
        operand_before = text == "...";
    }
    if let Some((level, token)) = best {
        let (line, column) = token.start;
        return (level != 8 || !leading_unary).then(|| (token.start, (line, column + token.text.chars().count())));
    }
    let last =
        tokens.last().filter(|last| matches!(last.group, Some('(' | '[')) && tokens.len() > 1 && !leading_unary)?;
    let end = (lines.len() - 1, lines[lines.len() - 1].len());
    Some((last.start, end))
}

/// Words that make an expression something else than an operation on operands.
const KEYWORDS: [&str; 27] = [
    "lambda", "if", "else", "or", "and", "not", "in", "is", "await", "yield", "for", "from", "return", "async",
    "raise", "assert", "del", "import", "with", "while", "as", "except", "global", "nonlocal", "class", "def", "pass",
];

/// Whether the segment is a call of a plain name: `f(…)`.
pub(super) fn is_name_call(lines: &[Vec<char>]) -> bool {
    match (Scanner { lines, at: (0, 0) }).tokens().as_deref() {
        Some([name, call]) => name.group.is_none() && !name.text.is_empty() && call.group == Some('('),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::anchors;

    #[test]
    fn marks_what_cpython_marks() {
        let cases = [
            ("a + b", Some((2, 3))),
            ("a+b*c", Some((1, 2))),
            ("a*b+c", Some((3, 4))),
            ("a ** b ** c", Some((2, 4))),
            ("-a ** b", None),
            ("-a * b", Some((3, 4))),
            ("a // b // c", Some((7, 9))),
            ("x[0]", Some((1, 4))),
            ("x[0][1]", Some((4, 7))),
            ("f(a + b)", Some((1, 8))),
            ("f('a)', b)(c)", Some((10, 13))),
            ("a.b", None),
            ("a < b", None),
            ("not a", None),
            ("await f()", None),
            ("1.5 / 0", Some((4, 5))),
            ("f'{x}' % y", Some((7, 8))),
            ("-f(x)", None),
        ];
        for (text, wanted) in cases {
            let found = anchors(&[text.chars().collect()]).map(|((_, start), (_, end))| (start, end));
            assert_eq!(found, wanted, "{text}");
        }
    }
}

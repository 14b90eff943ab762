//! Sets of characters: what one position of a text may be, and how case is ignored.
//!
//! Invariant: `low` holds the answer for each of the first 256 characters, whatever the set is made of; only others look at `rest`.

use super::code::{Category, Op};
use taipan_text::unicode;

/// How case is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// Not at all.
    None,
    /// For ASCII letters.
    Ascii,
    /// As the locale says; only the letters of ASCII have case in the locales known.
    Locale,
    /// By the lower-case forms of Unicode.
    Unicode,
}

/// The lower-case form of a character: always one character.
pub fn lower(character: u32) -> u32 {
    if character < 128 {
        return ascii_lower(character);
    }
    unicode::lower(character).points().next().unwrap_or(character)
}

/// The upper-case form of a character: always one character.
pub fn upper(character: u32) -> u32 {
    unicode::upper(character).points().next().unwrap_or(character)
}

fn ascii_lower(character: u32) -> u32 {
    u8::try_from(character).map_or(character, |byte| u32::from(byte.to_ascii_lowercase()))
}

fn ascii_upper(character: u32) -> u32 {
    u8::try_from(character).map_or(character, |byte| u32::from(byte.to_ascii_uppercase()))
}

impl Fold {
    /// The form of a character under which two that differ in case only are the same.
    #[inline]
    pub fn fold(self, character: u32) -> u32 {
        match self {
            Fold::None => character,
            Fold::Ascii | Fold::Locale => ascii_lower(character),
            Fold::Unicode => lower(character),
        }
    }
}

impl Category {
    /// Whether the character is of the class.
    pub fn contains(self, character: u32) -> bool {
        let ascii = u8::try_from(character).unwrap_or(u8::MAX);
        let word = || ascii.is_ascii_alphanumeric() || ascii == b'_';
        let uni_word = || unicode::is_alnum(character) || character == u32::from('_');
        match self {
            Category::Digit => ascii.is_ascii_digit(),
            Category::NotDigit => !ascii.is_ascii_digit(),
            Category::Space => matches!(ascii, 9..=13 | b' '),
            Category::NotSpace => !matches!(ascii, 9..=13 | b' '),
            Category::Word | Category::LocWord => word(),
            Category::NotWord | Category::LocNotWord => !word(),
            Category::LineBreak => ascii == b'\n',
            Category::NotLineBreak => ascii != b'\n',
            Category::UniDigit => unicode::is_decimal(character),
            Category::UniNotDigit => !unicode::is_decimal(character),
            Category::UniSpace => unicode::is_space(character),
            Category::UniNotSpace => !unicode::is_space(character),
            Category::UniWord => uni_word(),
            Category::UniNotWord => !uni_word(),
            Category::UniLineBreak => unicode::is_line_break(character),
            Category::UniNotLineBreak => !unicode::is_line_break(character),
        }
    }
}

/// A part of a set. The first part that a character belongs to decides.
#[derive(Debug)]
enum Item {
    /// What follows is what the set does not contain; and back.
    Negate,
    Literal(u32),
    Range(u32, u32),
    /// A range that a character also belongs to by its upper-case form.
    RangeFolded(u32, u32),
    Category(Category),
    /// Bits for the characters below 256.
    Bits(Box<[u32]>),
    /// For the characters below 65536: 256 numbers of blocks, four to a word, then blocks of 256 bits.
    Blocks(Box<[u32]>),
}

fn bit(words: &[u32], at: usize) -> bool {
    words.get(at / 32).is_some_and(|word| word >> (at % 32) & 1 == 1)
}

impl Item {
    fn contains(&self, character: u32) -> bool {
        match self {
            Item::Negate => false,
            Item::Literal(literal) => *literal == character,
            Item::Range(low, high) => (*low..=*high).contains(&character),
            Item::RangeFolded(low, high) => {
                (*low..=*high).contains(&character) || (*low..=*high).contains(&upper(character))
            }
            Item::Category(category) => category.contains(character),
            Item::Bits(bits) => character < 256 && bit(bits, character as usize),
            Item::Blocks(words) => {
                let high = character as usize >> 8;
                if high >= 256 {
                    return false;
                }
                let Some((numbers, blocks)) = words.split_at_checked(64) else { return false };
                let block = usize::from(numbers[high / 4].to_ne_bytes()[high % 4]);
                bit(blocks, block * 256 + (character as usize & 255))
            }
        }
    }
}

/// A set of characters.
#[derive(Debug)]
pub struct Set {
    low: [bool; 256],
    fold: Fold,
    /// Whether it is the characters that the parts, case ignored, do not make up.
    inverted: bool,
    items: Box<[Item]>,
}

impl Set {
    /// Bytes that it takes beside itself.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.items)
    }

    fn new(fold: Fold, items: Vec<Item>, inverted: bool) -> Set {
        let mut set = Set { low: [false; 256], fold, inverted, items: items.into() };
        for character in 0..256 {
            set.low[character as usize] = set.compute(character);
        }
        set
    }

    /// The characters of a class.
    pub fn category(category: Category) -> Set {
        Set::new(Fold::None, vec![Item::Category(category)], false)
    }

    /// The characters that are `literal` but for case, or those that are not.
    pub fn literal(fold: Fold, literal: u32, inverted: bool) -> Set {
        Set::new(fold, vec![Item::Literal(literal)], inverted)
    }

    /// The set that code words describe, without the word that ends it. `None` if they are no set.
    pub fn from_words(fold: Fold, words: &[u32]) -> Option<Set> {
        let mut items = Vec::new();
        let mut at = 0;
        while let Some(&word) = words.get(at) {
            let operand = |index: usize| words.get(at + index).copied();
            let (item, len) = match Op::from_word(word)? {
                Op::Negate => (Item::Negate, 1),
                Op::Literal => (Item::Literal(operand(1)?), 2),
                Op::Range => (Item::Range(operand(1)?, operand(2)?), 3),
                Op::RangeUniIgnore => (Item::RangeFolded(operand(1)?, operand(2)?), 3),
                Op::Category => (Item::Category(Category::from_word(operand(1)?)?), 2),
                Op::Charset => (Item::Bits(words.get(at + 1..at + 9)?.into()), 9),
                Op::BigCharset => {
                    let len = (operand(1)? as usize).checked_mul(8)?.checked_add(64)?;
                    (Item::Blocks(words.get(at + 2..(at + 2).checked_add(len)?)?.into()), len + 2)
                }
                _ => return None,
            };
            items.push(item);
            at += len;
        }
        // Both cases of a character are looked for, so what a negated set leaves out it leaves out in both.
        let inverted = fold == Fold::Locale && matches!(items.first(), Some(Item::Negate));
        if inverted {
            items.remove(0);
        }
        Some(Set::new(fold, items, inverted))
    }

    /// Whether the character is in the set.
    #[inline(always)]
    pub fn contains(&self, character: u32) -> bool {
        match self.low.get(character as usize) {
            Some(&answer) => answer,
            None => self.compute(character),
        }
    }

    /// Whether the byte is in the set.
    #[inline(always)]
    pub fn contains_byte(&self, byte: u8) -> bool {
        self.low[usize::from(byte)]
    }

    fn compute(&self, character: u32) -> bool {
        let answer = match self.fold {
            Fold::Locale => {
                self.decide(ascii_lower(character))
                    || (ascii_upper(character) != ascii_lower(character) && self.decide(ascii_upper(character)))
            }
            fold => self.decide(fold.fold(character)),
        };
        answer != self.inverted
    }

    fn decide(&self, character: u32) -> bool {
        let mut answer = true;
        for item in &self.items {
            match item {
                Item::Negate => answer = !answer,
                item if item.contains(character) => return answer,
                _ => {}
            }
        }
        !answer
    }
}

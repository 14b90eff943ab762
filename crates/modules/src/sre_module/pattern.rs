//! `re.Pattern`: a compiled regular expression.
//!
//! Invariant: a pattern never changes, and its program was validated for its number of groups.

use super::engine::backtrack::Memory;
use super::engine::program::Program;
use super::match_object::Match;
use super::scanner::Scanner;
use super::subject::{Hit, Job, Mode, Subject};
use super::substitute;
use taipan_heap::{Charge, Obj, Payload, Ref, Traverse, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::iterator::callable_iterator;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::mapping_proxy::MappingProxy;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean};
use taipan_objects::native::IntoValue;
use taipan_objects::types::CompareOp;
use taipan_objects::vm::{PyResult, Vm};

/// What the library's compiler made, and what became of it.
pub struct Regex {
    /// The flags.
    pub flags: i64,
    /// The code words.
    pub code: Box<[u32]>,
    /// The program that they were translated into.
    pub program: Program,
}
taipan_heap::no_references!(Regex);

/// A compiled regular expression.
#[derive(Payload)]
#[payload(name = "Pattern")]
pub struct Pattern {
    /// What it was compiled from, or None.
    pub pattern: Value,
    /// Whether it is for bytes; `None` says for both.
    pub bytes: Option<bool>,
    regex: Regex,
    /// Numbers of named groups.
    pub group_index: Ref<Dict>,
    /// Names of groups by number.
    pub index_group: Ref<Tuple>,
    _charge: Charge,
}

/// The flags by their names, as `repr` shows them.
const FLAGS: &[(&str, i64)] = &[
    ("re.IGNORECASE", 2),
    ("re.LOCALE", 4),
    ("re.MULTILINE", 8),
    ("re.DOTALL", 16),
    ("re.UNICODE", UNICODE),
    ("re.VERBOSE", 64),
    ("re.DEBUG", 128),
    ("re.ASCII", 256),
];
const UNICODE: i64 = 32;
/// The flags of which a str pattern has one.
const KINDS: i64 = 4 | UNICODE | 256;

/// Walks over the matches of a subject that do not overlap.
#[derive(Traverse)]
pub struct Matches {
    /// What is searched.
    pub subject: Subject,
    /// Where the next search begins.
    pub start: usize,
    /// Where the text ends for the searches.
    pub end: usize,
    must_advance: bool,
    #[traverse(skip)]
    memory: Memory,
}

impl Matches {
    /// Over `string` from `pos` to `endpos`.
    pub fn new(vm: &Vm, pattern: &Pattern, string: &Value, pos: isize, endpos: Option<isize>) -> PyResult<Matches> {
        let subject = Subject::new(vm, string, pattern.bytes)?;
        let len = subject.len();
        let clamp = |at: isize| usize::try_from(at).unwrap_or(0).min(len);
        let (start, end) = (clamp(pos), endpos.map_or(len, clamp));
        Ok(Matches { subject, start, end, must_advance: false, memory: Memory::default() })
    }

    /// The next match.
    pub fn next(&mut self, vm: &Vm, pattern: &Pattern, mode: Mode) -> PyResult<Option<Hit>> {
        let job = Job { start: self.start, end: self.end, mode, must_advance: self.must_advance };
        let hit = self.subject.run(vm, &pattern.regex.program, &mut self.memory, job)?;
        if let Some(hit) = &hit {
            self.must_advance = hit.end == hit.start;
            self.start = hit.end;
        }
        Ok(hit)
    }
}

impl Pattern {
    /// A pattern from the compiler's results.
    pub fn make(
        vm: &Vm,
        pattern: Value,
        bytes: Option<bool>,
        regex: Regex,
        group_index: Ref<Dict>,
        index_group: Ref<Tuple>,
    ) -> PyResult<Value> {
        let charge = vm.charge(size_of_val(&*regex.code) + regex.program.bytes())?;
        let payload = Pattern { pattern, bytes, regex, group_index, index_group, _charge: charge };
        Ok(vm.alloc(&*vm.native_type(Pattern::spec())?, payload)?.into())
    }

    /// Number of groups.
    pub fn group_count(&self) -> usize {
        self.regex.program.groups
    }

    fn one(
        this: &Obj<Pattern>,
        vm: &Vm,
        mode: Mode,
        string: &Value,
        pos: isize,
        endpos: Option<isize>,
    ) -> PyResult<Option<Ref<Match>>> {
        let mut matches = Matches::new(vm, this, string, pos, endpos)?;
        let (start, end) = (matches.start, matches.end);
        match matches.next(vm, this, mode)? {
            Some(hit) => Match::make(vm, this, string, start, end, &hit).map(Some),
            None => Ok(None),
        }
    }
}

/// The text of group `index`; `absent` if it took no part.
fn group(vm: &Vm, subject: &Subject, hit: &Hit, index: usize, absent: &Value) -> PyResult<Value> {
    match hit.group(index) {
        Some((start, end)) => subject.part(vm, start, end),
        None => Ok(absent.clone()),
    }
}

/// Compiled regular expression object.
#[pytype(name = "Pattern", module = "re", flags = DISALLOW_INSTANTIATION)]
impl Pattern {
    /// Matches zero or more characters at the beginning of the string.
    #[method(name = "match", sig = "string, pos=0, endpos=sys.maxsize")]
    fn match_(
        this: &Obj<Pattern>,
        vm: &Vm,
        string: &Value,
        #[default(0)] pos: isize,
        endpos: Option<isize>,
    ) -> PyResult<Option<Ref<Match>>> {
        Pattern::one(this, vm, Mode::Match, string, pos, endpos)
    }

    /// Matches against all of the string.
    #[method(sig = "string, pos=0, endpos=sys.maxsize")]
    fn fullmatch(
        this: &Obj<Pattern>,
        vm: &Vm,
        string: &Value,
        #[default(0)] pos: isize,
        endpos: Option<isize>,
    ) -> PyResult<Option<Ref<Match>>> {
        Pattern::one(this, vm, Mode::FullMatch, string, pos, endpos)
    }

    /// Scan through string looking for a match, and return a corresponding match object instance.
    ///
    /// Return None if no position in the string matches.
    #[method(sig = "string, pos=0, endpos=sys.maxsize")]
    fn search(
        this: &Obj<Pattern>,
        vm: &Vm,
        string: &Value,
        #[default(0)] pos: isize,
        endpos: Option<isize>,
    ) -> PyResult<Option<Ref<Match>>> {
        Pattern::one(this, vm, Mode::Search, string, pos, endpos)
    }

    /// Return a list of all non-overlapping matches of pattern in string.
    #[method(sig = "string, pos=0, endpos=sys.maxsize")]
    fn findall(
        this: &Obj<Pattern>,
        vm: &Vm,
        string: &Value,
        #[default(0)] pos: isize,
        endpos: Option<isize>,
    ) -> PyResult<Ref<List>> {
        let mut matches = Matches::new(vm, this, string, pos, endpos)?;
        let empty = matches.subject.part(vm, 0, 0)?;
        let mut found = Vec::new();
        while let Some(hit) = matches.next(vm, this, Mode::Search)? {
            let subject = &matches.subject;
            found.push(match this.group_count() {
                0 | 1 => group(vm, subject, &hit, this.group_count(), &empty)?,
                groups => {
                    let parts = (1..=groups).map(|index| group(vm, subject, &hit, index, &empty));
                    Tuple::from_values(vm, parts.collect::<PyResult<_>>()?)?.into()
                }
            });
        }
        List::from_values(vm, found)
    }

    /// Return an iterator over all non-overlapping matches for the RE pattern in string.
    ///
    /// For each match, the iterator returns a match object.
    #[method(sig = "string, pos=0, endpos=sys.maxsize")]
    fn finditer(
        this: &Obj<Pattern>,
        vm: &Vm,
        string: &Value,
        #[default(0)] pos: isize,
        endpos: Option<isize>,
    ) -> PyResult<Value> {
        let scanner = Scanner::make(vm, this, Matches::new(vm, this, string, pos, endpos)?)?;
        let search = vm.get_attr_text(&scanner, "search")?;
        callable_iterator(vm, search, NONE)
    }

    #[method(sig = "string, pos=0, endpos=sys.maxsize")]
    fn scanner(
        this: &Obj<Pattern>,
        vm: &Vm,
        string: &Value,
        #[default(0)] pos: isize,
        endpos: Option<isize>,
    ) -> PyResult<Value> {
        Scanner::make(vm, this, Matches::new(vm, this, string, pos, endpos)?)
    }

    /// Split string by the occurrences of pattern.
    #[method(sig = "string, maxsplit=0")]
    fn split(this: &Obj<Pattern>, vm: &Vm, string: &Value, #[default(0)] maxsplit: isize) -> PyResult<Ref<List>> {
        let mut matches = Matches::new(vm, this, string, 0, None)?;
        let (mut parts, mut last, mut splits) = (Vec::new(), 0, 0);
        while maxsplit == 0 || splits < maxsplit {
            let Some(hit) = matches.next(vm, this, Mode::Search)? else { break };
            parts.push(matches.subject.part(vm, last, hit.start)?);
            for index in 1..=this.group_count() {
                parts.push(group(vm, &matches.subject, &hit, index, &NONE)?);
            }
            last = hit.end;
            splits += 1;
        }
        parts.push(matches.subject.part(vm, last, matches.end)?);
        List::from_values(vm, parts)
    }

    /// Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.
    #[method(sig = "repl, string, count=0")]
    fn sub(this: &Obj<Pattern>, vm: &Vm, repl: &Value, string: &Value, #[default(0)] count: isize) -> PyResult<Value> {
        Ok(substitute::substitute(vm, this, repl, string, count)?.0)
    }

    /// Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.
    #[method(sig = "repl, string, count=0")]
    fn subn(
        this: &Obj<Pattern>,
        vm: &Vm,
        repl: &Value,
        string: &Value,
        #[default(0)] count: isize,
    ) -> PyResult<Ref<Tuple>> {
        let (made, substitutions) = substitute::substitute(vm, this, repl, string, count)?;
        Tuple::pair(vm, made, substitutions.into_value(vm)?)
    }

    #[method]
    fn __copy__(this: &Obj<Pattern>) -> Value {
        this.to_value()
    }

    #[method(sig = "memo, /")]
    fn __deepcopy__(this: &Obj<Pattern>, _memo: &Value) -> Value {
        this.to_value()
    }

    /// Patterns are generic over the type of string they handle (str or bytes)
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Value, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, class, object)
    }

    /// The pattern string from which the RE object was compiled.
    #[getter]
    fn pattern(this: &Obj<Pattern>) -> Value {
        this.pattern.clone()
    }

    /// The regex matching flags.
    #[getter]
    fn flags(this: &Obj<Pattern>) -> i64 {
        this.regex.flags
    }

    /// The number of capturing groups in the pattern.
    #[getter]
    fn groups(this: &Obj<Pattern>) -> usize {
        this.group_count()
    }

    /// A dictionary mapping group names to group numbers.
    #[getter]
    fn groupindex(this: &Obj<Pattern>, vm: &Vm) -> PyResult<Value> {
        MappingProxy::make(vm, this.group_index.to_value())
    }

    #[slot]
    fn repr(this: &Obj<Pattern>, vm: &Vm) -> PyResult<String> {
        let mut flags = this.regex.flags;
        if this.bytes == Some(false) && flags & KINDS == UNICODE {
            flags &= !UNICODE;
        }
        let shown: String = vm.repr(&this.pattern)?.to_lossy().chars().take(200).collect();
        let mut names = Vec::new();
        for &(name, flag) in FLAGS {
            if flags & flag != 0 {
                names.push(name.to_owned());
                flags &= !flag;
            }
        }
        if flags != 0 {
            names.push(format!("{flags:#x}"));
        }
        let comma = if names.is_empty() { "" } else { ", " };
        Ok(format!("re.compile({shown}{comma}{})", names.join("|")))
    }

    #[slot]
    fn hash(this: &Obj<Pattern>, vm: &Vm) -> PyResult<i64> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (vm.hash(&this.pattern)?, &this.regex.code, this.regex.flags, this.bytes).hash(&mut hasher);
        Ok(match hasher.finish() as i64 {
            -1 => -2,
            hash => hash,
        })
    }

    #[slot]
    fn compare(this: &Obj<Pattern>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<Pattern>() else { return Ok(NOT_IMPLEMENTED) };
        let wanted = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return Ok(NOT_IMPLEMENTED),
        };
        let equal = this.is_same(other)
            || (this.regex.flags == other.regex.flags
                && this.bytes == other.bytes
                && this.regex.code == other.regex.code
                && vm.is_equal(&this.pattern, &other.pattern)?);
        Ok(boolean(equal == wanted))
    }
}

//! `SRE_Scanner`: one match after another.
//!
//! Invariant: the state of the search is out of its cell only while a search runs.

use super::match_object::Match;
use super::pattern::{Matches, Pattern};
use super::subject::Mode;
use std::cell::RefCell;
use taipan_heap::{Obj, Payload, Ref, Traverse, Value};
use taipan_macros::pytype;
use taipan_objects::vm::{PyResult, Vm};

/// A search that goes on.
#[derive(Payload)]
#[payload(name = "SRE_Scanner")]
pub struct Scanner {
    pattern: Ref<Pattern>,
    state: RefCell<Option<State>>,
}

#[derive(Traverse)]
struct State {
    matches: Matches,
    /// Whether a search failed: there are no more matches.
    ended: bool,
}

impl Scanner {
    /// A scanner at the first of `matches`.
    pub fn make(vm: &Vm, pattern: &Obj<Pattern>, matches: Matches) -> PyResult<Value> {
        let state = RefCell::new(Some(State { matches, ended: false }));
        let payload = Scanner { pattern: pattern.to_ref(), state };
        Ok(vm.alloc(&*vm.native_type(Scanner::spec())?, payload)?.into())
    }

    fn step(&self, vm: &Vm, mode: Mode) -> PyResult<Option<Ref<Match>>> {
        let Some(mut state) = self.state.take() else {
            return Err(vm.value_error("regular expression scanner already executing"));
        };
        let result = self.advance(vm, &mut state, mode);
        self.state.replace(Some(state));
        result
    }

    fn advance(&self, vm: &Vm, state: &mut State, mode: Mode) -> PyResult<Option<Ref<Match>>> {
        if state.ended {
            return Ok(None);
        }
        let start = state.matches.start;
        let Some(hit) = state.matches.next(vm, &self.pattern, mode)? else {
            state.ended = true;
            return Ok(None);
        };
        let string = &state.matches.subject.string;
        Match::make(vm, &self.pattern, string, start, state.matches.end, &hit).map(Some)
    }
}

#[pytype(name = "SRE_Scanner", module = "_sre", flags = DISALLOW_INSTANTIATION)]
impl Scanner {
    #[method(name = "match")]
    fn match_(this: &Obj<Scanner>, vm: &Vm) -> PyResult<Option<Ref<Match>>> {
        this.step(vm, Mode::Match)
    }

    #[method]
    fn search(this: &Obj<Scanner>, vm: &Vm) -> PyResult<Option<Ref<Match>>> {
        this.step(vm, Mode::Search)
    }

    #[getter]
    fn pattern(this: &Obj<Scanner>) -> Value {
        this.pattern.to_value()
    }
}

//! The names of a snapshot's edges, objects and roots: nine bytes an edge or so, each text once.
//!
//! Invariant: there is one kind and one name for each edge, in the order of the graph's edges.

use crate::address::AddressIndex;
use crate::flat::{filled, push, small};
use crate::language::{Area, Edge, EdgeName, Language};
use std::collections::HashMap;
use taipan_heap::{Header, Label, OutOfMemory};

const INDEX: u32 = 1 << 31;
/// Characters of a text that are kept.
const ROOM: usize = 60;

/// See the module's head.
#[derive(Default)]
pub struct Labels {
    kinds: Vec<Edge>,
    /// A position with the top bit set, or the number of a text.
    names: Vec<u32>,
    /// The text on each object; 0 is none.
    titles: Vec<u32>,
    roots: Vec<u32>,
    texts: String,
    ends: Vec<u32>,
    fields: HashMap<usize, u32>,
    scratch: String,
}

/// A name as it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name<'a> {
    /// A position.
    Index(usize),
    /// A text.
    Text(&'a str),
}

impl Labels {
    pub(crate) fn new(nodes: usize) -> Result<Labels, OutOfMemory> {
        let mut labels = Labels { titles: filled(nodes, 0)?, ..Labels::default() };
        labels.text("")?;
        Ok(labels)
    }

    fn text(&mut self, text: &str) -> Result<u32, OutOfMemory> {
        self.texts.try_reserve(text.len()).map_err(|_| OutOfMemory)?;
        self.texts.push_str(text);
        push(&mut self.ends, small(self.texts.len())?)?;
        Ok(self.ends.len() as u32 - 1)
    }

    fn brief(&mut self, language: &dyn Language, object: &Header) -> Result<u32, OutOfMemory> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        language.brief(object, ROOM, &mut scratch);
        let made = if scratch.is_empty() { Ok(0) } else { self.text(&scratch) };
        self.scratch = scratch;
        made
    }

    pub(crate) fn add(
        &mut self,
        language: &dyn Language,
        index: &AddressIndex,
        owner: &Header,
        area: Area,
        label: Label,
    ) -> Result<(), OutOfMemory> {
        let mut result = Ok((Edge::Internal, 0));
        language.edge(owner, area, label, &mut |kind, name| {
            let name = match name {
                EdgeName::Index(at) => Ok(INDEX | at.min(INDEX as usize - 1) as u32),
                EdgeName::Object(object) => self.of_object(language, index, object),
                EdgeName::Text(text) => self.text(text),
                EdgeName::Field(field) => self.field(field),
            };
            result = name.map(|name| (kind, name));
        });
        let (kind, name) = result?;
        push(&mut self.kinds, kind)?;
        push(&mut self.names, name)
    }

    fn of_object(
        &mut self,
        language: &dyn Language,
        index: &AddressIndex,
        object: &Header,
    ) -> Result<u32, OutOfMemory> {
        let Some(id) = index.get(object.address()) else { return self.brief(language, object) };
        self.add_title(language, id, object)
    }

    fn field(&mut self, field: &'static str) -> Result<u32, OutOfMemory> {
        if let Some(&known) = self.fields.get(&field.as_ptr().addr()) {
            return Ok(known);
        }
        let made = self.text(field)?;
        self.fields.try_reserve(1).map_err(|_| OutOfMemory)?;
        self.fields.insert(field.as_ptr().addr(), made);
        Ok(made)
    }

    /// The title of a numbered object, made if need be.
    pub(crate) fn add_title(&mut self, language: &dyn Language, id: u32, object: &Header) -> Result<u32, OutOfMemory> {
        if self.titles[id as usize] == 0 {
            self.titles[id as usize] = self.brief(language, object)?;
        }
        Ok(self.titles[id as usize])
    }

    pub(crate) fn add_root(&mut self, text: &str) -> Result<(), OutOfMemory> {
        let text = self.text(text)?;
        push(&mut self.roots, text)
    }

    fn text_of(&self, number: u32) -> &str {
        let end = self.ends.get(number as usize).map_or(0, |&end| end as usize);
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before as usize));
        self.texts.get(start.map_or(0, |&start| start as usize)..end).unwrap_or_default()
    }

    /// What edge number `edge` is.
    pub fn edge(&self, edge: usize) -> (Edge, Name<'_>) {
        let kind = self.kinds.get(edge).copied().unwrap_or(Edge::Internal);
        let name = self.names.get(edge).copied().unwrap_or(0);
        (kind, if name & INDEX != 0 { Name::Index((name ^ INDEX) as usize) } else { Name::Text(self.text_of(name)) })
    }

    /// A few words on an object; empty if there are none.
    pub fn title(&self, id: u32) -> &str {
        self.text_of(self.titles.get(id as usize).copied().unwrap_or(0))
    }

    /// What the n-th of the graph's roots is called.
    pub fn root(&self, n: usize) -> &str {
        self.text_of(self.roots.get(n).copied().unwrap_or(0))
    }
}

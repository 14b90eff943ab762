//! Errors inside string literals that are found when their values are built: bad escapes, non-ASCII bytes, mixing bytes
//! with text, and the conversions of replacement fields.

use super::failure::Failure;
use super::grammar::Kind;
use super::machine::{Machine, NodeId, Outcome};
use super::token::TokenKind;
use crate::parse::literal::{self, Prefix};

impl Machine<'_> {
    /// Decodes one plain literal, raising what its value cannot be built for.
    pub(super) fn check_string(&mut self, node: NodeId) -> Outcome {
        let text = self.node_text(node);
        let Some((prefix, body)) = literal::split(text) else { return Ok(Some(node)) };
        if prefix.bytes && !body.is_ascii() {
            return Err(self.over(node, node, "bytes can only contain ASCII literal characters"));
        }
        match self.decode_problem(prefix, body) {
            Some(failure) => Err(failure),
            None => Ok(Some(node)),
        }
    }

    fn decode_problem(&self, prefix: Prefix, body: &str) -> Option<Failure> {
        if prefix.raw {
            return None;
        }
        let problem = if prefix.bytes {
            literal::decode_bytes(body).err().map(|message| format!("(value error) {message}"))
        } else {
            literal::decode_text(body).err().map(|message| format!("(unicode error) {message}"))
        };
        problem.map(|message| self.at_last(message))
    }

    /// Checks a run of adjacent literals and gives the node its kind.
    pub(super) fn check_strings(&mut self, parts: NodeId) -> Outcome {
        let (mut bytes, mut text, mut kind) = (false, false, Kind::Constant);
        for part in self.node(parts).children.iter().copied() {
            let first = self.node_text(part);
            let is_bytes = literal::split(first).is_some_and(|(prefix, _)| prefix.bytes);
            bytes |= is_bytes;
            text |= !is_bytes;
            let start = self.tokens.get(self.node(part).start as usize).map(|token| token.kind);
            match start {
                Some(TokenKind::FStringStart) => kind = Kind::FString,
                Some(TokenKind::TStringStart) => kind = Kind::TString,
                _ => {}
            }
        }
        if bytes && text {
            return Err(self.at_last("cannot mix bytes and nonbytes literals"));
        }
        let start = self.node(parts).start as usize;
        Ok(Some(self.add(kind, start, vec![parts])))
    }

    /// Decodes the text parts of an f-string or t-string.
    pub(super) fn check_interpolated(&mut self, node: NodeId) -> Outcome {
        let raw = self.node_text(node).contains(['r', 'R']);
        if raw {
            return Ok(Some(node));
        }
        let range = self.node(node).start as usize..self.node(node).end as usize;
        let mut nested = 0;
        for token in self.tokens.get(range).unwrap_or_default() {
            match token.kind {
                TokenKind::FStringStart | TokenKind::TStringStart => nested += 1,
                TokenKind::FStringEnd | TokenKind::TStringEnd => nested -= 1,
                TokenKind::FStringMiddle | TokenKind::TStringMiddle if nested == 1 => {
                    let body = self.text_of(token);
                    if let Some(failure) = self.decode_problem(Prefix::default(), body) {
                        return Err(failure);
                    }
                }
                _ => {}
            }
        }
        Ok(Some(node))
    }

    pub(super) fn check_conversion(&mut self, mark: NodeId, name: NodeId, letter: &str) -> Outcome {
        let (mark_end, name_start) = (self.node(mark).end as usize, self.node(name).start as usize);
        let adjacent = match (self.tokens.get(mark_end.saturating_sub(1)), self.tokens.get(name_start)) {
            (Some(mark), Some(name)) => mark.end == name.start,
            _ => true,
        };
        if !adjacent {
            let message = format!("{letter}-string: conversion type must come right after the exclamation mark");
            return Err(self.over(mark, name, message));
        }
        let conversion = self.node_text(name);
        if matches!(conversion, "s" | "r" | "a") {
            return Ok(Some(name));
        }
        let message =
            format!("{letter}-string: invalid conversion character '{conversion}': expected 's', 'r', or 'a'");
        Err(self.over(name, name, message))
    }
}

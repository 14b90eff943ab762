//! Incremental decoding for text files, with and without translation of line ends, and `IncrementalNewlineDecoder`.
//!
//! Invariant: a decoder of the text crate keeps the bytes of an unfinished character in `carry`; any other codec keeps them itself.

use std::cell::{Cell, RefCell};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::{NONE, bytes::Bytes, int, is_none, str::Str, tuple::Tuple};
use taipan_objects::codecs;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::TextBuffer;
use taipan_text::codecs::{Codec, decode_ascii, decode_latin1, decode_utf8};
use taipan_text::newlines::{NewlineTranslator, SEEN_CR, SEEN_CRLF, SEEN_LF};

/// The codecs that a text file decodes without an object.
pub(super) fn native_codec(encoding: &str) -> Option<Codec> {
    Codec::from_name(encoding).filter(|codec| matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1))
}

/// Decodes pieces of bytes with a codec of the text crate.
#[derive(Clone, Default)]
pub(super) struct NativeDecoder {
    pub carry: Vec<u8>,
}

impl NativeDecoder {
    /// Decodes a piece; what does not make a whole character waits, unless it is the last piece.
    pub fn feed(&mut self, vm: &Vm, codec: Codec, errors: &str, piece: &[u8], last: bool) -> PyResult<Ref<Str>> {
        if self.carry.is_empty() && (codec == Codec::Latin1 || piece.is_ascii()) {
            return Str::from_latin1(vm, piece);
        }
        let mut input = std::mem::take(&mut self.carry);
        input.extend_from_slice(piece);
        let (used, text) = codecs::decode_with(vm, &input, errors, |handler, out| match codec {
            Codec::Utf8 => decode_utf8(&input, last, handler, out),
            Codec::Ascii => decode_ascii(&input, handler, out).map(|()| input.len()),
            _ => {
                decode_latin1(&input, out);
                Ok(input.len())
            }
        })?;
        self.carry = input.split_off(used.min(input.len()));
        Str::from_units(vm, text.as_slice())
    }
}

/// Translates the line ends of a piece of text.
pub(super) fn translate(vm: &Vm, translator: &mut NewlineTranslator, text: Ref<Str>, last: bool) -> PyResult<Ref<Str>> {
    if !translator.pending && text.as_ascii().is_some_and(|ascii| !ascii.contains('\r')) {
        if translator.seen & SEEN_LF == 0 && text.as_ascii().is_some_and(|ascii| ascii.contains('\n')) {
            translator.seen |= SEEN_LF;
        }
        return Ok(text);
    }
    let mut out = TextBuffer::with_capacity(text.len());
    translator.feed(&**text, last, &mut out);
    Str::from_units(vm, out.as_slice())
}

/// `newlines`: None, a str, or a tuple of the kinds seen.
pub(super) fn seen_value(vm: &Vm, seen: u8) -> PyResult<Value> {
    let kinds = [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")];
    let mut found = Vec::new();
    for (_, text) in kinds.into_iter().filter(|(bit, _)| seen & bit != 0) {
        found.push(Value::from(Str::new(vm, text)?));
    }
    match found.len() {
        0 => Ok(NONE),
        1 => Ok(found.remove(0)),
        _ => Ok(Tuple::from_values(vm, found)?.into()),
    }
}

/// Decodes with another decoder, then translates line ends.
#[derive(Payload)]
#[payload(name = "IncrementalNewlineDecoder")]
pub struct NewlineDecoder {
    decoder: Slot,
    translator: Translator,
    errors: RefCell<String>,
}

struct Translator(Cell<NewlineTranslator>);
taipan_heap::no_references!(Translator);

/// IncrementalNewlineDecoder(decoder, translate, errors='strict')
/// --
///
/// Codec used when reading a file in universal newlines mode.
///
/// It wraps another incremental decoder, translating \r\n and \r into \n.
/// It also records the types of newlines encountered.  When used with
/// translate=False, it ensures that the newline sequence is returned in
/// one piece. When used with decoder=None, it expects unicode strings as
/// decode input and translates newlines without first invoking an external
/// decoder.
#[pytype(name = "IncrementalNewlineDecoder", module = "_io", flags = BASETYPE)]
impl NewlineDecoder {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let _ = args;
        let translator = Translator(Cell::new(NewlineTranslator::new(false)));
        let payload = NewlineDecoder { decoder: Slot::default(), translator, errors: RefCell::default() };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot(sig = "decoder, translate, errors='strict'")]
    fn init(
        this: &Obj<NewlineDecoder>,
        vm: &Vm,
        decoder: &Value,
        translate: bool,
        errors: Option<&Value>,
    ) -> PyResult<()> {
        let _ = vm;
        this.decoder.set(Some(decoder.clone()).filter(|decoder| !is_none(decoder)));
        this.translator.0.set(NewlineTranslator::new(translate));
        *this.errors.borrow_mut() = errors.map_or_else(|| "strict".to_owned(), Str::display);
        Ok(())
    }

    #[method(sig = "input, final=False")]
    fn decode(this: &Obj<NewlineDecoder>, vm: &Vm, input: &Value, last: bool) -> PyResult<Ref<Str>> {
        let text = match this.decoder.get() {
            Some(decoder) => {
                let last = taipan_objects::builtins::boolean(last);
                super::base::invoke(vm, &decoder, "decode", &[input.clone(), last])?
            }
            None => input.clone(),
        };
        let Ok(text) = text.clone().downcast_into::<Str>() else {
            let given = vm.type_name(&text);
            return Err(vm.type_error(format!("decoder should return a string result, not '{given}'")));
        };
        let mut translator = this.translator.0.get();
        let result = translate(vm, &mut translator, text, last);
        this.translator.0.set(translator);
        result
    }

    #[method]
    fn getstate(this: &Obj<NewlineDecoder>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let (bytes, flag) = match this.decoder.get() {
            Some(decoder) => {
                let state = super::base::invoke(vm, &decoder, "getstate", &[])?;
                match state.downcast::<Tuple>().map(|tuple| tuple.items()) {
                    Some([bytes, flag]) => (bytes.clone(), int::index_clamped(vm, flag)?),
                    _ => return Err(vm.type_error("illegal decoder state")),
                }
            }
            None => (Bytes::new(vm, &[])?.into(), 0),
        };
        let pending = i64::from(this.translator.0.get().pending);
        Tuple::pair(vm, bytes, int::from_i64(vm, (flag << 1) | pending)?)
    }

    #[method]
    fn setstate(this: &Obj<NewlineDecoder>, vm: &Vm, state: &Value) -> PyResult<()> {
        let Some([bytes, flag]) = state.downcast::<Tuple>().map(|tuple| tuple.items()) else {
            return Err(vm.type_error("state argument must be a tuple"));
        };
        let flag = int::index_clamped(vm, flag)?;
        let mut translator = this.translator.0.get();
        translator.pending = flag & 1 != 0;
        this.translator.0.set(translator);
        if let Some(decoder) = this.decoder.get() {
            let inner = Tuple::pair(vm, bytes.clone(), int::from_i64(vm, flag >> 1)?)?;
            super::base::invoke(vm, &decoder, "setstate", &[inner.into()])?;
        }
        Ok(())
    }

    #[method]
    fn reset(this: &Obj<NewlineDecoder>, vm: &Vm) -> PyResult<()> {
        let translate = this.translator.0.get().translate;
        this.translator.0.set(NewlineTranslator::new(translate));
        match this.decoder.get() {
            Some(decoder) => super::base::invoke(vm, &decoder, "reset", &[]).map(drop),
            None => Ok(()),
        }
    }

    #[getter]
    fn newlines(this: &Obj<NewlineDecoder>, vm: &Vm) -> PyResult<Value> {
        seen_value(vm, this.translator.0.get().seen)
    }
}

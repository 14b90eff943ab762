//! `TextIOWrapper`: text over a binary file.
//!
//! Reading: chunks of bytes are decoded into `decoded`, of which `used` code points have been handed out; `snapshot` holds what is needed to
//! decode the chunk again, for `tell`. Writing: encoded bytes wait in `pending` until there are enough, or a flush.
//!
//! Invariant: bytes wait to be written only while nothing decoded waits to be read, but after a `tell`-less switch, as in CPython.

use super::base::{answers, chain, finalize, invoke, is_closed};
use super::decoder::{NativeDecoder, native_codec, seen_value, translate};
use super::string_io::newline_argument;
use super::{size_argument, unsupported};
use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, Payload, Ref, Slot, Value, flags};
use taipan_macros::pytype;
use taipan_objects::builtins::{
    NONE, boolean, buffer, bytes::Bytes, int, is_none, str::Str, str::StrBuilder, tuple::Tuple,
};
use taipan_objects::codecs;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::codecs::Codec;
use taipan_text::newlines::NewlineTranslator;

/// The first value of `_CHUNK_SIZE`.
const CHUNK: usize = 8192;

/// How the text is encoded and how lines end.
#[derive(Clone, Default)]
struct Settings {
    encoding: String,
    errors: String,
    codec: Option<Codec>,
    /// The `newline` argument.
    newline: Option<&'static str>,
    line_buffering: bool,
    write_through: bool,
}

impl Settings {
    fn translates(&self) -> bool {
        self.newline.is_none()
    }

    fn universal(&self) -> bool {
        matches!(self.newline, None | Some(""))
    }
}

/// Where decoding stands.
#[derive(Clone, Default)]
struct Reading {
    native: NativeDecoder,
    translator: NewlineTranslator,
    /// The decoder's bytes and flags before the chunk, the pending carriage return, and the chunk.
    snapshot: Option<Snapshot>,
}

#[derive(Clone)]
struct Snapshot {
    bytes: Vec<u8>,
    flags: i64,
    pending_return: bool,
    chunk: Vec<u8>,
}

struct TextState {
    settings: RefCell<Settings>,
    reading: RefCell<Reading>,
    pending: RefCell<Vec<u8>>,
    /// For what is kept of the chunk.
    snapshot_charge: Charge,
    /// For what waits to be written.
    pending_charge: Charge,
    used: Cell<usize>,
    telling: Cell<bool>,
    ready: Cell<bool>,
    finalizing: Cell<bool>,
    seekable: Cell<bool>,
    chunk: Cell<usize>,
}
taipan_heap::no_references!(TextState);

/// A text file.
#[derive(Payload)]
#[payload(name = "TextIOWrapper")]
pub struct TextIoWrapper {
    buffer: Slot,
    /// An incremental encoder, for codecs that are no native ones.
    encoder: Slot,
    decoder: Slot,
    decoded: Slot,
    state: TextState,
}

impl TextIoWrapper {
    fn blank() -> TextIoWrapper {
        TextIoWrapper {
            buffer: Slot::default(),
            encoder: Slot::default(),
            decoder: Slot::default(),
            decoded: Slot::default(),
            state: TextState {
                settings: RefCell::default(),
                reading: RefCell::default(),
                pending: RefCell::default(),
                snapshot_charge: Charge::default(),
                pending_charge: Charge::default(),
                used: Cell::new(0),
                telling: Cell::new(true),
                ready: Cell::new(false),
                finalizing: Cell::new(false),
                seekable: Cell::new(false),
                chunk: Cell::new(CHUNK),
            },
        }
    }

    fn buffer(&self, vm: &Vm) -> PyResult<Value> {
        match self.buffer.get() {
            Some(buffer) if self.state.ready.get() => Ok(buffer),
            None if self.state.ready.get() => Err(vm.value_error("underlying buffer has been detached")),
            _ => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }

    fn open_buffer(&self, vm: &Vm) -> PyResult<Value> {
        let buffer = self.buffer(vm)?;
        if is_closed(vm, &buffer)? { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(buffer) }
    }

    /// Makes the encoder and decoder objects that the settings ask for.
    fn set_codec(&self, vm: &Vm, buffer: &Value) -> PyResult<()> {
        let (encoding, errors, codec) = {
            let settings = self.state.settings.borrow();
            (settings.encoding.clone(), settings.errors.clone(), settings.codec)
        };
        self.encoder.set(None);
        self.decoder.set(None);
        if codec.is_some() {
            return Ok(());
        }
        let info = codecs::lookup(vm, &encoding)?;
        if let Some(marked) = vm.find_attr(&info, &*vm.intern("_is_text_encoding")?)?
            && !vm.is_true(&marked)?
        {
            let message = format!("'{encoding}' is not a text encoding; use codecs.open() to handle arbitrary codecs");
            return Err(vm.lookup_error(message));
        }
        let errors: Value = Str::new(vm, &errors)?.into();
        if answers(vm, buffer, "readable")? {
            let decoder = invoke(vm, &info, "incrementaldecoder", std::slice::from_ref(&errors))?;
            self.decoder.set(Some(decoder));
        }
        if answers(vm, buffer, "writable")? {
            let encoder = invoke(vm, &info, "incrementalencoder", std::slice::from_ref(&errors))?;
            if self.state.seekable.get() {
                let at = invoke(vm, buffer, "tell", &[])?;
                if int::index_clamped(vm, &at)? != 0 {
                    let state = invoke(vm, &encoder, "setstate", &[Value::small_int(0)]);
                    vm.catch(state, &vm.types().lookup_error)?;
                }
            }
            self.encoder.set(Some(encoder));
        }
        Ok(())
    }

    // ---- writing ----

    fn encode(&self, vm: &Vm, text: &Obj<Str>) -> PyResult<Vec<u8>> {
        let (codec, errors, end) = {
            let settings = self.state.settings.borrow();
            (settings.codec, settings.errors.clone(), settings.newline.filter(|end| !matches!(*end, "" | "\n")))
        };
        let replaced;
        let text = match end {
            Some(end) if text.points().any(|point| point == 0x0A) => {
                let mut builder = StrBuilder::new();
                for point in text.points() {
                    if point == 0x0A { builder.push_str(end) } else { builder.push_point(point) }
                }
                replaced = builder.finish(vm)?;
                &replaced
            }
            _ => text,
        };
        match (codec, text.as_ascii()) {
            (Some(_), Some(ascii)) => Ok(ascii.as_bytes().to_vec()),
            (Some(codec), None) => codecs::encode_with(vm, text, &errors, |handler| codec.encode(&**text, handler)),
            (None, _) => {
                let Some(encoder) = self.encoder.get() else { return Err(unsupported(vm, "not writable")) };
                let bytes = invoke(vm, &encoder, "encode", &[text.to_value()])?;
                buffer::to_vec(vm, &bytes)
            }
        }
    }

    /// Writes text; what `write` does for exact instances.
    pub fn write_text(this: &Obj<TextIoWrapper>, vm: &Vm, text: &Obj<Str>) -> PyResult<usize> {
        let buffer = this.open_buffer(vm)?;
        if this.state.settings.borrow().codec.is_some() && !this.is_writable(vm, &buffer)? {
            return Err(unsupported(vm, "not writable"));
        }
        let bytes = this.encode(vm, text)?;
        let chunk = this.state.chunk.get();
        while bytes.len() >= chunk && !this.state.pending.borrow().is_empty() {
            this.flush_pending(vm, &buffer)?;
        }
        let (line_buffering, write_through) = {
            let settings = this.state.settings.borrow();
            (settings.line_buffering, settings.write_through)
        };
        let waiting = this.state.pending.borrow().len() + bytes.len();
        vm.recharge(&this.state.pending_charge, waiting)?;
        this.state.pending.borrow_mut().extend_from_slice(&bytes);
        let has_end = line_buffering && text.points().any(|point| matches!(point, 0x0A | 0x0D));
        if write_through || has_end || this.state.pending.borrow().len() >= chunk {
            this.flush_pending(vm, &buffer)?;
        }
        if has_end {
            vm.call_method(&buffer, &vm.names().flush, &[])?;
        }
        if this.state.reading.borrow().snapshot.is_some() {
            this.forget_decoded();
        }
        if let Some(decoder) = this.decoder.get() {
            invoke(vm, &decoder, "reset", &[])?;
        }
        Ok(text.len())
    }

    fn is_writable(&self, vm: &Vm, buffer: &Value) -> PyResult<bool> {
        let types = super::types(vm)?;
        let class = vm.class_of(buffer);
        if class.is_same(&*types.writer) {
            return Ok(true);
        }
        if class.is_same(&*types.reader) {
            return Ok(false);
        }
        answers(vm, buffer, "writable")
    }

    fn flush_pending(&self, vm: &Vm, buffer: &Value) -> PyResult<()> {
        let data = self.state.pending.take();
        vm.recharge(&self.state.pending_charge, 0)?;
        if data.is_empty() {
            return Ok(());
        }
        let bytes = Bytes::new(vm, &data)?;
        vm.call_method(buffer, &vm.names().write, &[bytes.into()]).map(drop)
    }

    fn flush_all(&self, vm: &Vm) -> PyResult<()> {
        let buffer = self.open_buffer(vm)?;
        self.state.telling.set(self.state.seekable.get());
        self.flush_pending(vm, &buffer)?;
        vm.call_method(&buffer, &vm.names().flush, &[]).map(drop)
    }

    // ---- reading ----

    fn forget_decoded(&self) {
        self.decoded.set(None);
        self.state.used.set(0);
        let mut reading = self.state.reading.borrow_mut();
        reading.snapshot = None;
        reading.native.carry.clear();
        reading.translator.pending = false;
    }

    fn for_reading(&self, vm: &Vm) -> PyResult<Value> {
        let buffer = self.open_buffer(vm)?;
        let types = super::types(vm)?;
        let class = vm.class_of(&buffer);
        if !class.is_same(&*types.reader) && !answers(vm, &buffer, "readable")? {
            return Err(unsupported(vm, "not readable"));
        }
        self.flush_pending(vm, &buffer)?;
        Ok(buffer)
    }

    /// Decodes bytes, with line ends as they are to be read.
    fn decode(&self, vm: &Vm, bytes: &[u8], last: bool) -> PyResult<Ref<Str>> {
        let settings = self.state.settings.borrow().clone();
        let text = match (settings.codec, self.decoder.get()) {
            (Some(codec), _) => {
                let mut native = self.state.reading.borrow().native.clone();
                let text = native.feed(vm, codec, &settings.errors, bytes, last)?;
                self.state.reading.borrow_mut().native = native;
                text
            }
            (None, Some(decoder)) => {
                let input = Bytes::new(vm, bytes)?.into();
                let text = invoke(vm, &decoder, "decode", &[input, boolean(last)])?;
                text.downcast_into::<Str>().map_err(|other| {
                    let given = vm.type_name(&other);
                    vm.type_error(format!("decoder should return a string result, not '{given}'"))
                })?
            }
            (None, None) => return Err(unsupported(vm, "not readable")),
        };
        if !settings.universal() {
            return Ok(text);
        }
        let mut translator = self.state.reading.borrow().translator;
        translator.translate = settings.translates();
        let text = translate(vm, &mut translator, text, last)?;
        self.state.reading.borrow_mut().translator = translator;
        Ok(text)
    }

    fn snapshot(&self, vm: &Vm, chunk: &[u8]) -> PyResult<Snapshot> {
        let (bytes, flags) = match self.decoder.get() {
            Some(decoder) => decoder_state(vm, &decoder)?,
            None => (self.state.reading.borrow().native.carry.clone(), 0),
        };
        let pending_return = self.state.reading.borrow().translator.pending;
        Ok(Snapshot { bytes, flags, pending_return, chunk: chunk.to_vec() })
    }

    /// Reads and decodes a chunk; false at the end of the file.
    fn read_chunk(&self, vm: &Vm, buffer: &Value) -> PyResult<bool> {
        let read = vm.intern("read1")?;
        let size = int::from_i64(vm, self.state.chunk.get() as i64)?;
        let data = match vm.find_attr(buffer, &read)? {
            Some(read) => vm.call(&read, &[size])?,
            None => vm.call_method(buffer, &vm.names().read, &[size])?,
        };
        if !buffer::is_buffer(vm, &data) {
            let given = vm.type_name(&data);
            let message = format!("underlying read1() should have returned a bytes-like object, not '{given}'");
            return Err(vm.type_error(message));
        }
        let data = buffer::to_vec(vm, &data)?;
        let telling = self.state.telling.get();
        vm.recharge(&self.state.snapshot_charge, if telling { data.len() } else { 0 })?;
        let snapshot = if telling { Some(self.snapshot(vm, &data)?) } else { None };
        let text = self.decode(vm, &data, data.is_empty())?;
        self.state.reading.borrow_mut().snapshot = snapshot;
        let empty = text.is_empty();
        self.decoded.set(Some(text.into()));
        self.state.used.set(0);
        Ok(!data.is_empty() || !empty)
    }

    /// The decoded text and how much of it has been handed out.
    fn waiting(&self) -> Option<(Ref<Str>, usize)> {
        let text = self.decoded.get()?.downcast_into::<Str>().ok()?;
        let used = self.state.used.get();
        (used < text.len()).then_some((text, used))
    }

    fn take_into(&self, count: usize, out: &mut StrBuilder) -> usize {
        let Some((text, used)) = self.waiting() else { return 0 };
        let end = used.saturating_add(count).min(text.len());
        out.push_part(&text, used..end);
        self.state.used.set(end);
        end - used
    }

    fn read_text(&self, vm: &Vm, size: Option<usize>) -> PyResult<Ref<Str>> {
        let buffer = self.for_reading(vm)?;
        let mut out = StrBuilder::new();
        let Some(size) = size else {
            self.take_into(usize::MAX, &mut out);
            let rest = vm.call_method(&buffer, &vm.names().read, &[])?;
            if is_none(&rest) {
                return Err(vm.raise_new(&vm.types().blocking_io_error, "Read returned None."));
            }
            let rest = buffer::to_vec(vm, &rest)?;
            let text = self.decode(vm, &rest, true)?;
            self.forget_decoded();
            if out.is_empty() {
                return Ok(text);
            }
            out.push(&text);
            return out.finish(vm);
        };
        let mut missing = size - self.take_into(size, &mut out);
        while missing > 0 {
            vm.check_room(out.len())?;
            if !self.read_chunk(vm, &buffer)? {
                break;
            }
            missing -= self.take_into(missing, &mut out);
        }
        out.finish(vm)
    }

    fn read_line(&self, vm: &Vm, limit: Option<usize>) -> PyResult<Ref<Str>> {
        let buffer = self.for_reading(vm)?;
        let newline = self.state.settings.borrow().newline;
        let mut line = StrBuilder::new();
        let limit = limit.unwrap_or(usize::MAX);
        let mut after_return = false;
        while line.len() < limit {
            vm.check_room(line.len())?;
            let Some((text, used)) = self.waiting() else {
                if self.read_chunk(vm, &buffer)? {
                    continue;
                }
                self.forget_decoded();
                break;
            };
            let room = limit - line.len();
            let end = line_end(&text, used, newline, after_return);
            let stop = end.unwrap_or(text.len()).min(used.saturating_add(room));
            if line.is_empty() && end == Some(stop) {
                self.state.used.set(stop);
                return Str::part(vm, &text, used..stop);
            }
            line.push_part(&text, used..stop);
            self.state.used.set(stop);
            if end == Some(stop) {
                break;
            }
            after_return = newline == Some("\r\n") && stop > used && text.point(stop - 1) == 0x0D;
        }
        line.finish(vm)
    }

    // ---- positions ----

    fn position(&self, vm: &Vm, this: &Value) -> PyResult<Value> {
        let buffer = self.open_buffer(vm)?;
        if !self.state.seekable.get() {
            return Err(unsupported(vm, "underlying stream is not seekable"));
        }
        if !self.state.telling.get() {
            return Err(vm.os_error_text("telling position disabled by next() call"));
        }
        self.flush_pending(vm, &buffer)?;
        vm.call_method(this, &vm.names().flush, &[])?;
        let at = invoke(vm, &buffer, "tell", &[])?;
        let snapshot = self.state.reading.borrow().snapshot.clone();
        let Some(snapshot) = snapshot else { return Ok(at) };
        let input = snapshot.bytes.len() + snapshot.chunk.len();
        let start = int::index_clamped(vm, &at)? - input as i64;
        let used = self.state.used.get();
        let whole = self.decoded.get().and_then(|text| text.downcast_into::<Str>().ok()).map_or(0, |text| text.len());
        let untouched =
            self.state.reading.borrow().native.carry.is_empty() && !self.state.reading.borrow().translator.pending;
        if used == whole && self.decoder.get().is_none() && untouched {
            return Ok(at);
        }
        let mut cookie = Cookie { position: start, pending_return: snapshot.pending_return, ..Cookie::default() };
        cookie.flags = snapshot.flags;
        if used == 0 {
            return cookie.value(vm);
        }
        let decoder = self.decoder.get();
        let before = decoder.as_ref().map(|decoder| invoke(vm, decoder, "getstate", &[])).transpose()?;
        let located = self.locate(vm, &snapshot, used, &mut cookie);
        if let (Some(decoder), Some(before)) = (decoder, before) {
            let failure = located.err().map(|raised| vm.take_exception(raised));
            chain(vm, failure, invoke(vm, &decoder, "setstate", &[before]))?;
        } else {
            located?;
        }
        cookie.value(vm)
    }

    /// Finds a place in the chunk where the decoder keeps no bytes, from which as little as possible is to be decoded again for `used` code points.
    fn locate(&self, vm: &Vm, snapshot: &Snapshot, used: usize, cookie: &mut Cookie) -> PyResult<()> {
        let input = [&snapshot.bytes[..], &snapshot.chunk[..]].concat();
        let mut probe = Probe::new(vm, self, snapshot)?;
        // Most characters take as many bytes as the average: a guess, shortened until it ends within what has been handed out.
        let whole = self.decoded.get().and_then(|text| text.downcast_into::<Str>().ok()).map_or(0, |text| text.len());
        let mut from = (input.len() as u128 * used as u128 / whole.max(1) as u128).min(input.len() as u128) as usize;
        let (mut back, mut skip) = (1, used);
        while from > 0 {
            let made = probe.feed(vm, &input[..from], false)?;
            let (kept, flags) = probe.state(vm)?;
            if made <= used && kept == 0 {
                (skip, cookie.flags, cookie.pending_return) = (used - made, flags, probe.translator.pending);
                break;
            }
            from = from.saturating_sub(if made <= used { kept.max(1) } else { back });
            back = if made <= used { 1 } else { back * 2 };
            probe.restart(vm, snapshot)?;
        }
        cookie.position += from as i64;
        cookie.skip = skip as i64;
        if skip == 0 {
            return Ok(());
        }
        let mut made = 0;
        for byte in &input[from..] {
            made += probe.feed(vm, std::slice::from_ref(byte), false)?;
            cookie.feed += 1;
            let (kept, flags) = probe.state(vm)?;
            if kept == 0 && made <= skip {
                cookie.position += std::mem::take(&mut cookie.feed);
                skip -= std::mem::take(&mut made);
                (cookie.flags, cookie.pending_return) = (flags, probe.translator.pending);
                cookie.skip = skip as i64;
            }
            if made >= skip {
                return Ok(());
            }
        }
        made += probe.feed(vm, &[], true)?;
        cookie.need_end = true;
        if made < skip {
            return Err(vm.os_error_text("can't reconstruct logical file position"));
        }
        Ok(())
    }

    fn move_to(&self, vm: &Vm, this: &Value, target: &Value, whence: i64) -> PyResult<Value> {
        let buffer = self.open_buffer(vm)?;
        if !self.state.seekable.get() {
            return Err(unsupported(vm, "underlying stream is not seekable"));
        }
        let zero = int::as_big(target).is_some_and(|target| target.as_ref() == &0.into());
        match whence {
            0 => {}
            1 if zero => {
                let here = self.position(vm, this)?;
                return self.move_to(vm, this, &here, 0);
            }
            1 => return Err(unsupported(vm, "can't do nonzero cur-relative seeks")),
            2 if zero => {
                vm.call_method(this, &vm.names().flush, &[])?;
                self.forget_decoded();
                if let Some(decoder) = self.decoder.get() {
                    invoke(vm, &decoder, "reset", &[])?;
                }
                let end = invoke(vm, &buffer, "seek", &[Value::small_int(0), Value::small_int(2)])?;
                let start = int::as_big(&end).is_some_and(|end| end.as_ref() == &0.into());
                self.place_encoder(vm, start)?;
                return Ok(end);
            }
            2 => return Err(unsupported(vm, "can't do nonzero end-relative seeks")),
            _ => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
        }
        let cookie = Cookie::read(vm, target)?;
        vm.call_method(this, &vm.names().flush, &[])?;
        invoke(vm, &buffer, "seek", &[int::from_i64(vm, cookie.position)?])?;
        self.forget_decoded();
        self.state.reading.borrow_mut().translator.pending = cookie.pending_return;
        if let Some(decoder) = self.decoder.get() {
            if cookie.position == 0 && cookie.flags == 0 {
                invoke(vm, &decoder, "reset", &[])?;
            } else {
                let state = Tuple::pair(vm, Bytes::new(vm, &[])?.into(), int::from_i64(vm, cookie.flags)?)?;
                invoke(vm, &decoder, "setstate", &[state.into()])?;
            }
        }
        if cookie.skip > 0 {
            let data = vm.call_method(&buffer, &vm.names().read, &[int::from_i64(vm, cookie.feed)?])?;
            let data = buffer::to_vec(vm, &data)?;
            vm.recharge(&self.state.snapshot_charge, data.len())?;
            let snapshot = self.snapshot(vm, &data)?;
            let text = self.decode(vm, &data, cookie.need_end)?;
            if text.len() < cookie.skip as usize {
                return Err(vm.os_error_text("can't restore logical file position"));
            }
            self.decoded.set(Some(text.into()));
            self.state.used.set(cookie.skip as usize);
            self.state.reading.borrow_mut().snapshot = Some(snapshot);
        }
        self.place_encoder(vm, cookie.position == 0 && cookie.flags == 0)?;
        Ok(target.clone())
    }

    /// Tells the encoder whether what comes is the start of the file, where some codecs write a mark.
    fn place_encoder(&self, vm: &Vm, start: bool) -> PyResult<()> {
        match self.encoder.get() {
            Some(encoder) if start => invoke(vm, &encoder, "reset", &[]).map(drop),
            Some(encoder) => invoke(vm, &encoder, "setstate", &[Value::small_int(0)]).map(drop),
            None => Ok(()),
        }
    }
}

/// Decodes a chunk again, beside the file's own decoding.
struct Probe {
    settings: Settings,
    decoder: Option<Value>,
    native: NativeDecoder,
    translator: NewlineTranslator,
}

impl Probe {
    fn new(vm: &Vm, file: &TextIoWrapper, snapshot: &Snapshot) -> PyResult<Probe> {
        let settings = file.state.settings.borrow().clone();
        let translator = NewlineTranslator::new(settings.translates());
        let mut probe = Probe { settings, decoder: file.decoder.get(), native: NativeDecoder::default(), translator };
        probe.restart(vm, snapshot)?;
        Ok(probe)
    }

    /// Back to the start of the chunk.
    fn restart(&mut self, vm: &Vm, snapshot: &Snapshot) -> PyResult<()> {
        self.native.carry.clear();
        self.translator.pending = snapshot.pending_return;
        if let Some(decoder) = &self.decoder {
            let state = Tuple::pair(vm, Bytes::new(vm, &[])?.into(), int::from_i64(vm, snapshot.flags)?)?;
            invoke(vm, decoder, "setstate", &[state.into()])?;
        }
        Ok(())
    }

    /// Decodes more bytes; returns how many characters they make.
    fn feed(&mut self, vm: &Vm, bytes: &[u8], last: bool) -> PyResult<usize> {
        let text = match (&self.decoder, self.settings.codec) {
            (Some(decoder), _) => {
                let text = invoke(vm, decoder, "decode", &[Bytes::new(vm, bytes)?.into(), boolean(last)])?;
                text.downcast_into::<Str>().map_err(|other| {
                    let given = vm.type_name(&other);
                    vm.type_error(format!("decoder should return a string result, not '{given}'"))
                })?
            }
            (None, Some(codec)) => self.native.feed(vm, codec, &self.settings.errors, bytes, last)?,
            (None, None) => return Ok(0),
        };
        if !self.settings.universal() {
            return Ok(text.len());
        }
        translate(vm, &mut self.translator, text, last).map(|text| text.len())
    }

    /// How many bytes the decoder keeps, and its flags.
    fn state(&self, vm: &Vm) -> PyResult<(usize, i64)> {
        let Some(decoder) = &self.decoder else { return Ok((self.native.carry.len(), 0)) };
        let (bytes, flags) = decoder_state(vm, decoder)?;
        Ok((bytes.len(), flags))
    }
}

/// What `getstate` of a decoder says.
fn decoder_state(vm: &Vm, decoder: &Value) -> PyResult<(Vec<u8>, i64)> {
    let state = invoke(vm, decoder, "getstate", &[])?;
    match state.downcast::<Tuple>().map(|tuple| tuple.items()) {
        Some([bytes, flags]) => Ok((buffer::to_vec(vm, bytes)?, int::index_clamped(vm, flags)?)),
        _ => Err(vm.type_error("illegal decoder state")),
    }
}

/// Where a line that begins at `from` ends, if it does within the text.
fn line_end(text: &Str, from: usize, newline: Option<&'static str>, after_return: bool) -> Option<usize> {
    if let (None | Some("\n"), Some(ascii)) = (newline, text.as_ascii()) {
        return ascii.as_bytes()[from..].iter().position(|&byte| byte == b'\n').map(|at| from + at + 1);
    }
    if after_return && text.point(from) == 0x0A {
        return Some(from + 1);
    }
    let len = text.len();
    for index in from..len {
        let point = text.point(index);
        let next = (index + 1 < len).then(|| text.point(index + 1));
        match (newline, point) {
            (None | Some("\n" | ""), 0x0A) | (Some("\r"), 0x0D) => return Some(index + 1),
            (Some(""), 0x0D) => return Some(if next == Some(0x0A) { index + 2 } else { index + 1 }),
            (Some("\r\n"), 0x0D) if next == Some(0x0A) => return Some(index + 2),
            _ => {}
        }
    }
    None
}

/// A position in a text file: where to begin in the bytes, in what state, and how many code points to skip.
#[derive(Default)]
struct Cookie {
    position: i64,
    flags: i64,
    pending_return: bool,
    feed: i64,
    skip: i64,
    /// The characters to skip come only at the end of the input.
    need_end: bool,
}

impl Cookie {
    fn value(&self, vm: &Vm) -> PyResult<Value> {
        if self.flags == 0 && !self.pending_return && self.feed == 0 && self.skip == 0 {
            return int::from_i64(vm, self.position);
        }
        let big = |n: i64| taipan_numeric::BigInt::from(n);
        let state = (self.flags << 1) | i64::from(self.pending_return);
        let counts = (big(self.feed) << 128) + (big(self.skip) << 192) + (big(self.need_end.into()) << 256);
        int::from_big(vm, big(self.position) + (big(state) << 64) + counts)
    }

    fn read(vm: &Vm, value: &Value) -> PyResult<Cookie> {
        let value = int::index(vm, value)?;
        let big = int::as_big(&value).map_or_else(taipan_numeric::BigInt::default, |big| big.into_owned());
        if big.sign() == taipan_numeric::Sign::Minus {
            return Err(vm.value_error(format!("negative seek position {big}")));
        }
        let part = |shift: usize| -> i64 {
            let mask = taipan_numeric::BigInt::from(u64::MAX);
            i64::try_from((&big >> shift) & mask).unwrap_or(i64::MAX)
        };
        let state = part(64);
        Ok(Cookie {
            position: part(0),
            flags: state >> 1,
            pending_return: state & 1 != 0,
            feed: part(128),
            skip: part(192),
            need_end: part(256) != 0,
        })
    }
}

fn text_argument(vm: &Vm, name: &str, value: Option<&Value>) -> PyResult<Option<String>> {
    let Some(value) = value.filter(|value| !is_none(value)) else { return Ok(None) };
    match value.downcast::<Str>() {
        Some(text) if text.points().any(|point| point == 0) => Err(vm.value_error("embedded null character")),
        Some(text) => {
            let bytes = codecs::encode(vm, text, "utf-8", "strict")?;
            Ok(Some(String::from_utf8_lossy(bytes.bytes()).into_owned()))
        }
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("TextIOWrapper() argument '{name}' must be str or None, not {given}")))
        }
    }
}

/// TextIOWrapper(buffer, encoding=None, errors=None, newline=None,
///               line_buffering=False, write_through=False)
/// --
///
/// Character and line based layer over a BufferedIOBase object, buffer.
///
/// encoding gives the name of the encoding that the stream will be
/// decoded or encoded with. It defaults to locale.getencoding().
///
/// errors determines the strictness of encoding and decoding (see
/// help(codecs.Codec) or the documentation for codecs.register) and
/// defaults to "strict".
///
/// newline controls how line endings are handled. It can be None, '',
/// '\n', '\r', and '\r\n'.
///
/// If line_buffering is True, a call to flush is implied when a call to
/// write contains a newline character.
#[pytype(name = "TextIOWrapper", module = "_io", flags = BASETYPE | HAS_DICT)]
impl TextIoWrapper {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, TextIoWrapper::blank())?.into())
    }

    #[slot(sig = "buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False")]
    #[allow(clippy::too_many_arguments)]
    fn init(
        this: &Obj<TextIoWrapper>,
        vm: &Vm,
        buffer: &Value,
        encoding: Option<&Value>,
        errors: Option<&Value>,
        newline: Option<&Value>,
        line_buffering: bool,
        write_through: bool,
    ) -> PyResult<()> {
        this.state.ready.set(false);
        let sys_flags = crate::sys::flags(vm);
        if encoding.is_none_or(is_none) && sys_flags.warn_default_encoding != 0 {
            crate::warnings::warn(vm, &vm.types().encoding_warning, "'encoding' argument not specified", 1)?;
        }
        let encoding = match text_argument(vm, "encoding", encoding)? {
            Some(encoding) if encoding != "locale" => encoding,
            _ => "UTF-8".to_owned(),
        };
        let errors = text_argument(vm, "errors", errors)?.unwrap_or_else(|| "strict".to_owned());
        if sys_flags.dev_mode {
            codecs::check_errors(vm, &errors)?;
        }
        let newline = newline_argument(vm, newline, false)?;
        let codec = native_codec(&encoding);
        *this.state.settings.borrow_mut() =
            Settings { encoding, errors, codec, newline, line_buffering, write_through };
        *this.state.reading.borrow_mut() = Reading::default();
        this.state.pending.borrow_mut().clear();
        this.forget_decoded();
        let readable = answers(vm, buffer, "readable")?;
        let _ = readable;
        let seekable = answers(vm, buffer, "seekable")?;
        this.state.seekable.set(seekable);
        this.state.telling.set(seekable);
        this.set_codec(vm, buffer)?;
        this.buffer.set(Some(buffer.clone()));
        this.state.ready.set(true);
        Ok(())
    }

    #[slot]
    fn finalize(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<()> {
        if !this.state.ready.get() || this.buffer.get().is_none() {
            return Ok(());
        }
        this.state.finalizing.set(true);
        let result = finalize(vm, &this.to_value());
        this.state.finalizing.set(false);
        result
    }

    /// Reconfigure the text stream with new parameters.
    ///
    /// This also does an implicit stream flush.
    #[method(sig = "*, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None")]
    fn reconfigure(
        this: &Obj<TextIoWrapper>,
        vm: &Vm,
        encoding: Option<&Value>,
        errors: Option<&Value>,
        newline: Option<&Value>,
        line_buffering: Option<&Value>,
        write_through: Option<&Value>,
    ) -> PyResult<()> {
        let encoding = text_argument(vm, "encoding", encoding)?;
        let errors = text_argument(vm, "errors", errors)?;
        let newline_given = newline.is_some();
        let newline = newline_argument(vm, newline, false)?;
        if this.decoded.get().is_some() && (encoding.is_some() || errors.is_some() || newline_given) {
            let message = "It is not possible to set the encoding or newline of stream after the first read";
            return Err(unsupported(vm, message));
        }
        let flag =
            |value: Option<&Value>| value.filter(|value| !is_none(value)).map(|value| vm.is_true(value)).transpose();
        let (line_buffering, write_through) = (flag(line_buffering)?, flag(write_through)?);
        vm.call_method(&this.to_value(), &vm.names().flush, &[])?;
        let changed = encoding.is_some() || errors.is_some();
        let mut settings = this.state.settings.borrow().clone();
        if let Some(encoding) = encoding {
            settings.encoding = if encoding == "locale" { "UTF-8".to_owned() } else { encoding };
            settings.codec = native_codec(&settings.encoding);
            settings.errors = "strict".to_owned();
        }
        settings.errors = errors.unwrap_or(settings.errors);
        if newline_given {
            settings.newline = newline;
        }
        settings.line_buffering = line_buffering.unwrap_or(settings.line_buffering);
        settings.write_through = write_through.unwrap_or(settings.write_through);
        *this.state.settings.borrow_mut() = settings;
        if changed {
            let buffer = this.buffer(vm)?;
            this.set_codec(vm, &buffer)?;
        }
        Ok(())
    }

    #[method]
    fn write(this: &Obj<TextIoWrapper>, vm: &Vm, text: &Value) -> PyResult<usize> {
        match text.downcast::<Str>() {
            Some(text) => TextIoWrapper::write_text(this, vm, text),
            None => {
                let given = vm.type_name(text);
                Err(vm.type_error(format!("write() argument must be str, not {given}")))
            }
        }
    }

    #[method(sig = "size=-1, /")]
    fn read(this: &Obj<TextIoWrapper>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Str>> {
        let size = size_argument(vm, size)?;
        this.read_text(vm, size)
    }

    #[method(sig = "size=-1, /")]
    fn readline(this: &Obj<TextIoWrapper>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Str>> {
        let limit = match size {
            Some(size) if !int::is_int(size) => usize::try_from(int::index_clamped(vm, size)?).ok(),
            size => size_argument(vm, size)?,
        };
        this.read_line(vm, limit)
    }

    #[slot]
    fn next(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Option<Value>> {
        this.state.telling.set(false);
        let line = if this.header().kind().has(flags::EXACT) {
            this.read_line(vm, None)?.into()
        } else {
            vm.call_method(&this.to_value(), &vm.names().readline, &[])?
        };
        if vm.len(&line)? > 0 {
            return Ok(Some(line));
        }
        this.state.telling.set(this.state.seekable.get());
        this.state.reading.borrow_mut().snapshot = None;
        Ok(None)
    }

    #[method]
    fn flush(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<()> {
        this.flush_all(vm)
    }

    #[method]
    fn close(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<()> {
        let buffer = this.buffer(vm)?;
        if is_closed(vm, &buffer)? {
            return Ok(());
        }
        if this.state.finalizing.get() {
            let warned = invoke(vm, &buffer, "_dealloc_warn", &[this.to_value()]);
            vm.catch(warned, &vm.types().exception)?;
        }
        if this.buffer.get().is_none() {
            // `closed` detached it.
            return Ok(());
        }
        let flushed = vm.call_method(&this.to_value(), &vm.names().flush, &[]);
        let failure = flushed.err().map(|raised| vm.take_exception(raised));
        chain(vm, failure, invoke(vm, &buffer, "close", &[]))
    }

    #[method]
    fn __getstate__(this: &Value, vm: &Vm) -> PyResult<Value> {
        Err(super::cannot_pickle(vm, this))
    }

    #[getter(member)]
    fn _finalizing(this: &Obj<TextIoWrapper>) -> bool {
        this.state.finalizing.get()
    }

    #[method]
    fn detach(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        let buffer = this.buffer(vm)?;
        vm.call_method(&this.to_value(), &vm.names().flush, &[])?;
        this.buffer.set(None);
        Ok(buffer)
    }

    #[method]
    fn tell(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        this.position(vm, &this.to_value())
    }

    #[method(sig = "cookie, whence=0, /")]
    fn seek(this: &Obj<TextIoWrapper>, vm: &Vm, cookie: &Value, whence: i64) -> PyResult<Value> {
        this.move_to(vm, &this.to_value(), cookie, whence)
    }

    #[method(sig = "pos=None, /")]
    fn truncate(this: &Obj<TextIoWrapper>, vm: &Vm, pos: Option<&Value>) -> PyResult<Value> {
        let buffer = this.buffer(vm)?;
        vm.call_method(&this.to_value(), &vm.names().flush, &[])?;
        invoke(vm, &buffer, "truncate", pos.map_or(&[], std::slice::from_ref))
    }

    #[method]
    fn fileno(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        invoke(vm, &this.buffer(vm)?, "fileno", &[])
    }

    #[method]
    fn isatty(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        invoke(vm, &this.buffer(vm)?, "isatty", &[])
    }

    #[method]
    fn readable(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        invoke(vm, &this.buffer(vm)?, "readable", &[])
    }

    #[method]
    fn writable(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        invoke(vm, &this.buffer(vm)?, "writable", &[])
    }

    #[method]
    fn seekable(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        invoke(vm, &this.buffer(vm)?, "seekable", &[])
    }

    #[getter(name = "buffer")]
    fn get_buffer(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        this.buffer(vm)
    }

    #[getter]
    fn encoding(this: &Obj<TextIoWrapper>) -> String {
        this.state.settings.borrow().encoding.clone()
    }

    #[getter]
    fn errors(this: &Obj<TextIoWrapper>) -> String {
        this.state.settings.borrow().errors.clone()
    }

    #[getter]
    fn line_buffering(this: &Obj<TextIoWrapper>) -> bool {
        this.state.settings.borrow().line_buffering
    }

    #[getter]
    fn write_through(this: &Obj<TextIoWrapper>) -> bool {
        this.state.settings.borrow().write_through
    }

    #[getter]
    fn newlines(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        let seen = this.state.reading.borrow().translator.seen;
        if this.state.settings.borrow().universal() { seen_value(vm, seen) } else { Ok(NONE) }
    }

    #[getter]
    fn name(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        vm.get_attr(&this.buffer(vm)?, &vm.names().name)
    }

    #[getter]
    fn closed(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Value> {
        vm.get_attr_text(&this.buffer(vm)?, "closed")
    }

    #[getter(name = "_CHUNK_SIZE")]
    fn chunk_size(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<usize> {
        this.buffer(vm).map(|_| this.state.chunk.get())
    }

    #[setter(name = "_CHUNK_SIZE")]
    fn set_chunk_size(this: &Obj<TextIoWrapper>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.buffer(vm)?;
        let Some(value) = value else {
            let message = "attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted";
            return Err(vm.attribute_error(message));
        };
        let Some(size) = int::index_i64(vm, value)? else {
            return Err(vm.value_error("cannot fit 'int' into an index-sized integer"));
        };
        if size <= 0 {
            return Err(vm.value_error("a strictly positive integer is required"));
        }
        this.state.chunk.set(size as usize);
        Ok(())
    }

    #[slot]
    fn repr(this: &Obj<TextIoWrapper>, vm: &Vm) -> PyResult<Ref<Str>> {
        if !this.state.ready.get() {
            return Err(vm.value_error("I/O operation on uninitialized object"));
        }
        let value = this.to_value();
        let shown = vm.repr_once(&value, || {
            let mut text = format!("<{}", vm.class_of(&value).full_name(vm));
            for attribute in ["name", "mode"] {
                let found = vm.find_attr(&value, &*vm.intern(attribute)?);
                if let Some(found) = vm.catch(found, &vm.types().value_error)?.flatten() {
                    text.push_str(&format!(" {attribute}={}", vm.repr(&found)?.to_lossy()));
                }
            }
            let encoding = this.state.settings.borrow().encoding.clone();
            Ok(Str::new(vm, &format!("{text} encoding='{encoding}'>"))?.into())
        })?;
        match shown.map(Value::downcast_into::<Str>) {
            Some(Ok(text)) => Ok(text),
            _ => Err(vm.runtime_error("reentrant call inside TextIOWrapper.__repr__")),
        }
    }
}

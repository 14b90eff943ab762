//! What is being written, in frames, and the memo of what has been.
//!
//! Invariant: a frame is written when it is whole; the memo keeps what it knows alive, so that an address means one object.

use super::opcodes as op;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use taipan_heap::Value;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::int;
use taipan_objects::vm::{PyResult, Vm};

/// Frames end at the first operation after so many bytes; data at least so long stands outside of them.
pub const FRAME_TARGET: usize = 64 * 1024;
/// Shorter ones are no frames.
const FRAME_LEAST: usize = 4;

/// An operation and the length of its data.
pub struct Head([u8; 9], usize);

impl Head {
    /// From both.
    pub fn new(operation: u8, len: &[u8]) -> Head {
        let mut bytes = [operation; 9];
        bytes[1..=len.len()].copy_from_slice(len);
        Head(bytes, len.len() + 1)
    }

    /// As written.
    pub fn bytes(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

/// Where the operations go.
#[derive(Default)]
pub struct Output {
    out: Vec<u8>,
    frame: Vec<u8>,
    pub framing: bool,
    /// The file's method; without one everything stays in `out`.
    pub write: Option<Value>,
}

impl Output {
    /// Adds bytes.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        if self.framing { self.frame.extend_from_slice(bytes) } else { self.out.extend_from_slice(bytes) }
    }

    /// Adds an operation and a number in decimal.
    #[inline(never)]
    pub fn put_line(&mut self, operation: u8, number: i64) {
        self.put(&[operation]);
        self.put(int::small_text(number, &mut [0; 20]));
        self.put(b"\n");
    }

    fn close_frame(&mut self) {
        if self.frame.len() >= FRAME_LEAST {
            self.out.push(op::FRAME);
            self.out.extend_from_slice(&(self.frame.len() as u64).to_le_bytes());
        }
        self.out.append(&mut self.frame);
    }

    fn flush(&mut self, vm: &Vm) -> PyResult<()> {
        if let Some(write) = &self.write {
            let data = Bytes::new(vm, &std::mem::take(&mut self.out))?;
            vm.call(write, &[data.into()])?;
        }
        Ok(())
    }

    /// Between two objects: ends a frame that is long enough.
    #[inline]
    pub fn boundary(&mut self, vm: &Vm) -> PyResult<()> {
        if self.frame.len() >= FRAME_TARGET { self.next_frame(vm) } else { Ok(()) }
    }

    #[cold]
    fn next_frame(&mut self, vm: &Vm) -> PyResult<()> {
        self.close_frame();
        vm.check_room(self.out.len())?;
        self.flush(vm)
    }

    /// Adds an operation with its data, which stands outside of frames if it is long; `object` is the data as bytes, if there is one.
    pub fn put_data(&mut self, vm: &Vm, head: &[u8], data: &[u8], object: Option<&Value>) -> PyResult<()> {
        if data.len() < FRAME_TARGET {
            self.put(head);
            self.put(data);
            return Ok(());
        }
        vm.check_room(self.out.len() + data.len())?;
        self.close_frame();
        self.out.extend_from_slice(head);
        let Some(write) = self.write.clone() else {
            self.out.extend_from_slice(data);
            return Ok(());
        };
        self.flush(vm)?;
        let data = match object {
            Some(object) => object.clone(),
            None => Bytes::new(vm, data)?.into(),
        };
        vm.call(&write, &[data]).map(drop)
    }

    /// The end: everything is written, or given back.
    pub fn finish(&mut self, vm: &Vm) -> PyResult<Vec<u8>> {
        self.close_frame();
        self.framing = false;
        self.flush(vm)?;
        Ok(std::mem::take(&mut self.out))
    }
}

/// Addresses as they are, spread a little.
#[derive(Default)]
pub struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 ^ u64::from(byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (value >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(20);
    }
}

/// What has been written, by address.
#[derive(Default)]
pub struct Memo {
    places: HashMap<u64, u32, BuildHasherDefault<AddressHasher>>,
    pub kept: Vec<(u32, Value)>,
}

impl Memo {
    /// The number of an object.
    #[inline]
    pub fn find(&self, object: &Value) -> Option<u32> {
        self.places.get(&object.bits()).copied()
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Takes a number for what nobody else can refer to.
    pub fn skip(&mut self) -> u32 {
        let number = self.kept.len() as u32;
        self.kept.push((number, taipan_objects::builtins::NONE));
        number
    }

    /// Adds an object under a number.
    pub fn add(&mut self, number: u32, object: &Value) {
        if self.places.insert(object.bits(), number).is_none() {
            self.kept.push((number, object.clone()));
        }
    }
}

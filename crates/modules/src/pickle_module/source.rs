//! Where a pickle is read from: memory, or a file.
//!
//! Invariant: of a file nothing is taken beyond the pickle's end, frame by frame or operation by operation.

use super::unpickling_error;
use taipan_heap::Value;
use taipan_objects::builtins::bytearray::ByteArray;
use taipan_objects::builtins::{buffer, int, is_none};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The methods of a file.
struct File {
    read: Value,
    readline: Value,
    readinto: Option<Value>,
}

/// Bytes to be read.
pub struct Source {
    data: Vec<u8>,
    at: usize,
    /// Where the frame ends that `at` is in, or 0.
    frame_end: usize,
    file: Option<File>,
}

impl Source {
    /// Bytes in memory.
    pub fn of_bytes(data: Vec<u8>) -> Source {
        Source { data, at: 0, frame_end: 0, file: None }
    }

    /// What `read` and `readline` of a file give.
    pub fn of_file(vm: &Vm, file: &Value) -> PyResult<Source> {
        let method = |name: &str| vm.find_attr(file, &*vm.intern(name)?);
        let (Some(read), Some(readline)) = (method("read")?, method("readline")?) else {
            return Err(vm.type_error("file must have 'read' and 'readline' attributes"));
        };
        let file = File { read, readline, readinto: method("readinto")? };
        Ok(Source { data: Vec::new(), at: 0, frame_end: 0, file: Some(file) })
    }

    #[cold]
    fn truncated(&self, vm: &Vm) -> Raised {
        if self.file.is_some() && self.at == 0 && self.data.is_empty() {
            return vm.raise_new(&vm.types().eof_error, "Ran out of input");
        }
        unpickling_error(vm, "pickle data was truncated")
    }

    /// The next operation.
    #[inline]
    pub fn operation(&mut self, vm: &Vm) -> PyResult<u8> {
        if let Some(&byte) = self.data.get(self.at) {
            self.at += 1;
            return Ok(byte);
        }
        let Some(file) = &self.file else { return Err(vm.raise_new(&vm.types().eof_error, "Ran out of input")) };
        let read = Source::call(vm, file, 1)?;
        match read.first() {
            Some(&byte) => Ok(byte),
            None => Err(vm.raise_new(&vm.types().eof_error, "Ran out of input")),
        }
    }

    fn call(vm: &Vm, file: &File, count: usize) -> PyResult<Vec<u8>> {
        let read = vm.call(&file.read, &[int::from_i64(vm, count as i64)?])?;
        if read.downcast::<taipan_objects::builtins::bytes::Bytes>().is_none() {
            let given = vm.type_name(&read);
            return Err(vm.value_error(format!("read() from the underlying stream did not return bytes, not {given}")));
        }
        buffer::to_vec(vm, &read)
    }

    /// The next bytes, so many.
    pub fn read(&mut self, vm: &Vm, count: usize) -> PyResult<Vec<u8>> {
        self.within_frame(vm, count)?;
        let left = self.data.len() - self.at;
        if count <= left {
            self.at += count;
            return Ok(self.data[self.at - count..self.at].to_vec());
        }
        let Some(file) = &self.file else { return Err(self.truncated(vm)) };
        let mut out = self.data.split_off(self.at);
        let read = Source::call(vm, file, count - out.len())?;
        if read.len() < count - out.len() {
            return Err(unpickling_error(vm, "pickle data was truncated"));
        }
        out.extend_from_slice(&read);
        (self.data, self.at, self.frame_end) = (Vec::new(), 0, 0);
        Ok(out)
    }

    /// The next bytes, taken only if all of them are at hand and ASCII.
    #[inline]
    pub fn ascii(&mut self, vm: &Vm, count: usize) -> PyResult<Option<&[u8]>> {
        self.within_frame(vm, count)?;
        let end = self.at.saturating_add(count);
        let Some(bytes) = self.data.get(self.at..end).filter(|bytes| bytes.is_ascii()) else { return Ok(None) };
        self.at = end;
        Ok(Some(bytes))
    }

    /// Raises UnpicklingError if so many bytes begin in a frame but do not end in it.
    #[inline]
    fn within_frame(&self, vm: &Vm, count: usize) -> PyResult<()> {
        if self.at < self.frame_end && self.at.saturating_add(count) > self.frame_end {
            return Err(unpickling_error(vm, "pickle exhausted before end of frame"));
        }
        Ok(())
    }

    /// The next bytes, as an array.
    #[inline]
    pub fn array<const N: usize>(&mut self, vm: &Vm) -> PyResult<[u8; N]> {
        self.within_frame(vm, N)?;
        match self.data[self.at..].first_chunk::<N>() {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => self.array_from_file(vm),
        }
    }

    #[cold]
    fn array_from_file<const N: usize>(&mut self, vm: &Vm) -> PyResult<[u8; N]> {
        let bytes = self.read(vm, N)?;
        let mut out = [0; N];
        out.copy_from_slice(&bytes[..N]);
        Ok(out)
    }

    /// Fills a new bytearray.
    pub fn read_array(&mut self, vm: &Vm, count: usize) -> PyResult<Value> {
        let left = self.data.len() - self.at;
        let array = ByteArray::new(vm, &[])?;
        let readinto = self.file.as_ref().filter(|_| left == 0).and_then(|file| file.readinto.clone());
        if let Some(readinto) = readinto {
            vm.check_room(count)?;
            array.set_content(vm, &vec![0; count])?;
            let view = vm.call(&vm.types().memoryview.to_value(), &[array.to_value()])?;
            let read = vm.call(&readinto, &[view])?;
            if is_none(&read) || int::index_clamped(vm, &read)? < count as i64 {
                return Err(unpickling_error(vm, "pickle data was truncated"));
            }
            return Ok(array.into());
        }
        let data = self.read(vm, count)?;
        array.set_content(vm, &data)?;
        Ok(array.into())
    }

    /// The next line, without its end.
    pub fn line(&mut self, vm: &Vm) -> PyResult<Vec<u8>> {
        if let Some(end) = self.data[self.at..].iter().position(|&byte| byte == b'\n') {
            self.within_frame(vm, end + 1)?;
            let line = self.data[self.at..self.at + end].to_vec();
            self.at += end + 1;
            return Ok(line);
        }
        let Some(file) = &self.file else { return Err(unpickling_error(vm, "pickle data was truncated")) };
        if self.at < self.frame_end {
            return Err(unpickling_error(vm, "pickle exhausted before end of frame"));
        }
        let mut line = self.data.split_off(self.at);
        let read = vm.call(&file.readline, &[])?;
        line.extend_from_slice(&buffer::to_vec(vm, &read)?);
        (self.data, self.at, self.frame_end) = (Vec::new(), 0, 0);
        match line.pop() {
            Some(b'\n') => Ok(line),
            _ => Err(unpickling_error(vm, "pickle data was truncated")),
        }
    }

    /// A frame begins: its bytes are read at once.
    pub fn frame(&mut self, vm: &Vm, len: u64) -> PyResult<()> {
        let Some(len) = usize::try_from(len).ok().filter(|&len| len <= isize::MAX as usize) else {
            let limit = isize::MAX;
            return Err(vm.overflow_error(format!("FRAME length exceeds system's maximum of {limit} bytes")));
        };
        if self.at < self.frame_end {
            return Err(unpickling_error(vm, "beginning of a new frame before end of current frame"));
        }
        let left = self.data.len() - self.at;
        if len <= left {
            self.frame_end = self.at + len;
            return Ok(());
        }
        let data = self.read(vm, len)?;
        (self.data, self.at) = (data, 0);
        self.frame_end = len;
        Ok(())
    }
}

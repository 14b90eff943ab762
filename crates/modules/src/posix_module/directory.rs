//! `listdir`, `scandir` and `DirEntry`.
//!
//! Invariant: a directory is read whole when it is opened, so iterating makes no calls of the system.

use super::path::{PathArgument, given, system_value};
use super::stat::stat_value;
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use taipan_heap::{Charge, Obj, Payload, Ref, Slot, Value};
use taipan_host::path::{DirectoryEntry, FileKind};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::{list::List, str::Str};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

fn read(vm: &Vm, path: Option<&Value>, function: &str) -> PyResult<(PathArgument, Vec<DirectoryEntry>)> {
    let path = match given(path) {
        Some(path) => PathArgument::read(vm, path, function, "path", true)?,
        None => PathArgument::read(vm, &Str::new(vm, ".")?.into(), function, "path", false)?,
    };
    let target = path.target();
    let entries = super::blocking(vm, || taipan_host::path::listdir(&target));
    match entries {
        Ok(entries) => Ok((path, entries)),
        Err(error) => Err(path.fail(vm, &error)),
    }
}

/// Functions on directories.
#[pymodule(name = "posix")]
pub mod functions {
    use super::*;

    /// Return a list containing the names of the files in the directory.
    ///
    /// path can be specified as either str, bytes, or a path-like object.  If path is bytes,
    ///   the filenames returned will also be bytes; in all other circumstances
    ///   the filenames returned will be str.
    /// If path is None, uses the path='.'.
    #[function(sig = "path=None")]
    fn listdir(vm: &Vm, path: Option<&Value>) -> PyResult<Ref<List>> {
        let (path, entries) = read(vm, path, "listdir")?;
        let mut names = Vec::with_capacity(entries.len());
        for entry in entries {
            names.push(system_value(vm, Path::new(&entry.name), path.is_bytes)?);
        }
        List::from_values(vm, names)
    }

    /// Return an iterator of DirEntry objects for given path.
    ///
    /// path can be specified as either str, bytes, or a path-like object.  If path
    /// is bytes, the names of yielded DirEntry objects will also be bytes; in
    /// all other circumstances they will be str.
    ///
    /// If path is None, uses the path='.'.
    #[function(sig = "path=None")]
    fn scandir(vm: &Vm, path: Option<&Value>) -> PyResult<Ref<ScandirIterator>> {
        let (path, mut entries) = read(vm, path, "scandir")?;
        entries.reverse();
        let names = entries.iter().map(|entry| entry.name.len()).sum::<usize>();
        let charge = vm.charge(names + entries.capacity() * size_of::<DirectoryEntry>())?;
        let class = vm.native_type(ScandirIterator::spec())?;
        let names_only = path.descriptor.is_some();
        let listing = Listing {
            base: path.target(),
            names_only,
            is_bytes: path.is_bytes,
            entries: RefCell::new(entries),
            open: Cell::new(true),
            charge,
        };
        vm.alloc(&*class, ScandirIterator { listing })
    }
}

struct Listing {
    base: PathBuf,
    /// A descriptor was given, so an entry's path is its name.
    names_only: bool,
    is_bytes: bool,
    entries: RefCell<Vec<DirectoryEntry>>,
    /// Neither exhausted nor closed.
    open: Cell<bool>,
    /// For the entries.
    charge: Charge,
}

struct EntryData {
    target: PathBuf,
    kind: FileKind,
    ino: u64,
    _charge: Charge,
}

taipan_heap::no_references!(Listing, EntryData);

/// What `scandir` returns.
#[derive(Payload)]
#[payload(name = "ScandirIterator")]
pub struct ScandirIterator {
    listing: Listing,
}

/// Iterates over the entries of a directory.
#[pytype(name = "ScandirIterator", module = "posix", flags = DISALLOW_INSTANTIATION)]
impl ScandirIterator {
    #[slot]
    fn iter(this: &Obj<ScandirIterator>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<ScandirIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let listing = &this.listing;
        let Some(entry) = listing.entries.borrow_mut().pop() else {
            listing.open.set(false);
            drop(listing.entries.take());
            vm.recharge(&listing.charge, 0)?;
            return Ok(None);
        };
        let target = listing.base.join(&entry.name);
        let name = system_value(vm, Path::new(&entry.name), listing.is_bytes)?;
        let path = if listing.names_only { name.clone() } else { system_value(vm, &target, listing.is_bytes)? };
        let class = vm.native_type(DirEntry::spec())?;
        let charge = vm.charge(target.capacity())?;
        let data = EntryData { target, kind: entry.kind, ino: entry.ino, _charge: charge };
        let payload = DirEntry { name, path, data, followed: Slot::default(), own: Slot::default() };
        Ok(Some(vm.alloc(&*class, payload)?.into()))
    }

    #[slot]
    fn finalize(this: &Obj<ScandirIterator>, vm: &Vm) -> PyResult<()> {
        if this.listing.open.replace(false) {
            let shown = vm.repr(&this.to_value())?;
            let text = format!("unclosed scandir iterator {}", shown.to_lossy());
            crate::builtins_module::resource_warning(vm, &this.to_value(), &text);
        }
        Ok(())
    }

    /// Closes the iterator.
    #[method]
    fn close(this: &Obj<ScandirIterator>, vm: &Vm) -> PyResult<()> {
        this.listing.open.set(false);
        drop(this.listing.entries.take());
        vm.recharge(&this.listing.charge, 0)
    }

    #[method]
    fn __enter__(this: &Obj<ScandirIterator>) -> Value {
        this.to_value()
    }

    #[method]
    fn __exit__(this: &Obj<ScandirIterator>, vm: &Vm, args: taipan_objects::native::FuncArgs<'_>) -> PyResult<()> {
        let _ = args;
        ScandirIterator::close(this, vm)
    }
}

/// A file in a directory.
#[derive(Payload)]
#[payload(name = "DirEntry")]
pub struct DirEntry {
    name: Value,
    path: Value,
    data: EntryData,
    followed: Slot,
    own: Slot,
}

impl DirEntry {
    /// Whether the file, links followed if asked, is of this kind.
    fn is_kind(&self, vm: &Vm, follow: bool, kind: FileKind, mode: u32) -> PyResult<bool> {
        let known = !(matches!(self.data.kind, FileKind::Unknown) || (follow && self.data.kind == FileKind::Symlink));
        if known {
            return Ok(self.data.kind == kind);
        }
        let found = if follow {
            taipan_host::path::stat(&self.data.target)
        } else {
            taipan_host::path::lstat(&self.data.target)
        };
        match found {
            Ok(stat) => Ok(stat.is(mode)),
            Err(error) if taipan_host::errno(&error) == taipan_host::constants::ENOENT => Ok(false),
            Err(error) => Err(vm.os_error(taipan_host::errno(&error), Some(self.path.clone()))),
        }
    }
}

/// An entry of a directory.
#[pytype(name = "DirEntry", module = "posix", flags = DISALLOW_INSTANTIATION)]
impl DirEntry {
    /// the entry's base filename, relative to scandir() "path" argument
    #[getter(name = "name")]
    fn get_name(this: &Obj<DirEntry>) -> Value {
        this.name.clone()
    }

    /// the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)
    #[getter(name = "path")]
    fn get_path(this: &Obj<DirEntry>) -> Value {
        this.path.clone()
    }

    /// Return inode of the entry; cached per entry.
    #[method]
    fn inode(this: &Obj<DirEntry>) -> u64 {
        this.data.ino
    }

    /// Return True if the entry is a directory; cached per entry.
    #[method(sig = "*, follow_symlinks=True")]
    fn is_dir(this: &Obj<DirEntry>, vm: &Vm, follow_symlinks: bool) -> PyResult<bool> {
        this.is_kind(vm, follow_symlinks, FileKind::Directory, taipan_host::constants::S_IFDIR)
    }

    /// Return True if the entry is a file; cached per entry.
    #[method(sig = "*, follow_symlinks=True")]
    fn is_file(this: &Obj<DirEntry>, vm: &Vm, follow_symlinks: bool) -> PyResult<bool> {
        this.is_kind(vm, follow_symlinks, FileKind::File, taipan_host::constants::S_IFREG)
    }

    /// Return True if the entry is a symbolic link; cached per entry.
    #[method]
    fn is_symlink(this: &Obj<DirEntry>, vm: &Vm) -> PyResult<bool> {
        this.is_kind(vm, false, FileKind::Symlink, taipan_host::constants::S_IFLNK)
    }

    /// Return True if the entry is a junction; cached per entry.
    #[method]
    fn is_junction(_this: &Obj<DirEntry>) -> bool {
        false
    }

    /// Return stat_result object for the entry; cached per entry.
    #[method(sig = "*, follow_symlinks=True")]
    fn stat(this: &Obj<DirEntry>, vm: &Vm, follow_symlinks: bool) -> PyResult<Value> {
        let slot = if follow_symlinks { &this.followed } else { &this.own };
        if let Some(known) = slot.get() {
            return Ok(known);
        }
        let target = &this.data.target;
        let found = if follow_symlinks { taipan_host::path::stat(target) } else { taipan_host::path::lstat(target) };
        let found = found.map_err(|error| vm.os_error(taipan_host::errno(&error), Some(this.path.clone())))?;
        let made = stat_value(vm, &found)?;
        slot.set(Some(made.clone()));
        Ok(made)
    }

    /// Return the path for the entry.
    #[method]
    fn __fspath__(this: &Obj<DirEntry>) -> Value {
        this.path.clone()
    }

    #[classmethod]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, item: &Value) -> PyResult<Value> {
        taipan_objects::builtins::generic_alias::GenericAlias::make(vm, &class.to_value(), item)
    }

    #[slot]
    fn repr(this: &Obj<DirEntry>, vm: &Vm) -> PyResult<String> {
        Ok(format!("<DirEntry {}>", vm.repr(&this.name)?.to_lossy()))
    }
}

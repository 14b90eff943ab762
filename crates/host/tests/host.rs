//! Asks the system a few questions whose answers are known beforehand.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use taipan_host::constants::*;
use taipan_host::{clock, errno, file, memory, path, process, signal, stack, strerror};

/// Signals and their flags are the process's, so the tests that use them take turns.
static SIGNALS: Mutex<()> = Mutex::new(());

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("taipan-host-{name}-{}", process::pid()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn descriptors_read_what_was_written() {
    let folder = Folder::new("descriptors");
    let name = folder.at("data");
    let fd = file::open(&name, O_RDWR | O_CREAT | O_EXCL, 0o640).unwrap();
    assert!(!file::inheritable(fd).unwrap());
    assert!(!file::isatty(fd));
    assert_eq!(file::write(fd, b"hello world").unwrap(), 11);
    assert_eq!(file::lseek(fd, 6, SEEK_SET).unwrap(), 6);
    let mut buffer = [0; 16];
    assert_eq!(file::read(fd, &mut buffer).unwrap(), 5);
    assert_eq!(&buffer[..5], b"world");
    assert_eq!(file::read(fd, &mut buffer).unwrap(), 0);
    assert_eq!(file::pread(fd, &mut buffer[..4], 1).unwrap(), 4);
    assert_eq!(&buffer[..4], b"ello");
    file::ftruncate(fd, 3).unwrap();
    file::fsync(fd).unwrap();
    assert_eq!(file::fstat(fd).unwrap(), path::stat(&name).unwrap());
    assert_eq!(file::fstat(fd).unwrap().size, 3);
    let second = file::dup(fd).unwrap();
    file::close(fd).unwrap();
    assert_eq!(errno(&file::close(fd).unwrap_err()), EBADF);
    file::close(second).unwrap();
    assert_eq!(errno(&file::open(&folder.at("none"), O_RDONLY, 0).unwrap_err()), ENOENT);
    assert_eq!(errno(&file::open(Path::new("a\0b"), O_RDONLY, 0).unwrap_err()), EINVAL);
}

#[test]
fn pipes_carry_bytes_and_wake_pollers() {
    let (reader, writer) = file::pipe().unwrap();
    let mut wait = [file::PollDescriptor { fd: reader, events: POLLIN, revents: 0 }];
    assert_eq!(file::poll(&mut wait, 0).unwrap(), 0);
    file::set_blocking(reader, false).unwrap();
    assert!(!file::blocking(reader).unwrap());
    assert_eq!(errno(&file::read(reader, &mut [0]).unwrap_err()), EAGAIN);
    file::write(writer, b"x").unwrap();
    assert_eq!(file::poll(&mut wait, 1000).unwrap(), 1);
    assert_eq!(errno(&file::lseek(reader, 0, SEEK_CUR).unwrap_err()), ESPIPE);
    assert_eq!(errno(&file::terminal_size(reader).unwrap_err()), ENOTTY);
    file::close(reader).unwrap();
    file::close(writer).unwrap();
}

#[test]
fn paths_are_made_listed_and_removed() {
    let folder = Folder::new("paths");
    let (directory, link) = (folder.at("d"), folder.at("l"));
    path::mkdir(&directory, 0o755).unwrap();
    path::symlink(Path::new("d"), &link).unwrap();
    assert!(path::stat(&link).unwrap().is(S_IFDIR));
    assert!(path::lstat(&link).unwrap().is(S_IFLNK));
    assert_eq!(path::readlink(&link).unwrap(), Path::new("d"));
    assert_eq!(path::realpath(&link).unwrap(), path::realpath(&directory).unwrap());
    let mut entries = path::listdir(&folder.0).unwrap();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let kinds: Vec<_> = entries.iter().map(|entry| (entry.name.to_str().unwrap(), entry.kind)).collect();
    assert_eq!(kinds, [("d", path::FileKind::Directory), ("l", path::FileKind::Symlink)]);
    path::utime(&directory, Some((1_000_000_001, -5)), true).unwrap();
    let stat = path::stat(&directory).unwrap();
    assert_eq!((stat.atime_ns, stat.mtime_ns), (1_000_000_001, -5));
    path::chmod(&directory, 0o500).unwrap();
    assert_eq!(path::stat(&directory).unwrap().mode & 0o777, 0o500);
    path::access(&directory, R_OK | X_OK, false).unwrap();
    assert_eq!(errno(&path::access(&folder.at("none"), F_OK, true).unwrap_err()), ENOENT);
    path::unlink(&link).unwrap();
    path::rename(&directory, &folder.at("e")).unwrap();
    path::rmdir(&folder.at("e")).unwrap();
    assert_eq!(path::listdir(&folder.0).unwrap(), []);
}

#[test]
fn calendar_times_go_there_and_back() {
    let time = clock::gmtime(1_700_000_000).unwrap();
    let fields = (time.year, time.month, time.day, time.hour, time.minute, time.second, time.weekday, time.yearday);
    assert_eq!(fields, (2023, 11, 14, 22, 13, 20, 1, 318));
    assert_eq!((time.gmtoff, time.zone.as_str()), (0, "GMT"));
    for seconds in [0, -1, 1_700_000_000, 4_102_444_800] {
        assert_eq!(clock::mktime(&clock::localtime(seconds).unwrap()).unwrap(), seconds);
    }
    let text = clock::strftime(b"%Y-%m-%d %a %j %H:%M:%S %Z", &time).unwrap();
    assert_eq!(text, b"2023-11-14 Tue 318 22:13:20 GMT");
    assert_eq!(clock::strftime(b"", &time).unwrap(), b"");
    assert_eq!(clock::strftime(&b"%Y".repeat(500), &time).unwrap().len(), 2000);
    assert_eq!(errno(&clock::gmtime(i64::MAX).unwrap_err()), EOVERFLOW);
}

#[test]
fn clocks_advance() {
    let (monotonic, thread) = (clock::monotonic_ns(), clock::thread_time_ns());
    // A signal of another test may end a sleep early.
    while clock::monotonic_ns() - monotonic < 5_000_000 {
        clock::sleep(Duration::from_millis(5), signal::arrivals());
    }
    assert!(clock::thread_time_ns() >= thread);
    assert!(clock::process_time_ns() > 0);
    assert!(clock::time_ns() > 1_700_000_000_000_000_000);
    assert!(clock::Clock::Monotonic.resolution_ns().unwrap() > 0);
}

#[test]
fn signals_are_flagged_once_each() {
    let _turn = SIGNALS.lock();
    static NOTICED: AtomicU32 = AtomicU32::new(1);
    signal::notify(&NOTICED, 4);
    let (reader, writer) = file::pipe().unwrap();
    assert_eq!(signal::set_wakeup_fd(writer), -1);
    assert_eq!(signal::set(SIGUSR1, signal::Disposition::Flag).unwrap(), signal::Disposition::Default);
    assert_eq!(signal::get(SIGUSR1).unwrap(), signal::Disposition::Flag);
    signal::raise(SIGUSR1).unwrap();
    signal::flag(SIGINT);
    assert!(signal::any_pending() && NOTICED.load(Ordering::Acquire) == 5);
    assert_eq!(signal::take_pending(), [SIGINT, SIGUSR1]);
    assert!(!signal::any_pending());
    assert_eq!(signal::take_pending(), []);
    let mut byte = [0];
    file::read(reader, &mut byte).unwrap();
    assert_eq!(i32::from(byte[0]), SIGUSR1);
    assert_eq!(signal::set_wakeup_fd(-1), writer);
    assert_eq!(signal::set(SIGUSR1, signal::Disposition::Default).unwrap(), signal::Disposition::Flag);
    assert_eq!(errno(&signal::set(0, signal::Disposition::Flag).unwrap_err()), EINVAL);
    assert_eq!(errno(&signal::set(SIGKILL, signal::Disposition::Flag).unwrap_err()), EINVAL);
    assert_eq!(signal::description(SIGINT).as_deref(), Some("Interrupt"));
    assert_eq!(signal::description(signal::NSIG), None);
}

#[test]
fn no_signal_is_slept_over() {
    let _turn = SIGNALS.lock();
    signal::set(SIGUSR2, signal::Disposition::Flag).unwrap();
    let (start, arrivals) = (clock::monotonic_ns(), signal::arrivals());
    signal::raise(SIGUSR2).unwrap();
    clock::sleep(Duration::from_secs(60), arrivals);
    assert!(clock::monotonic_ns() - start < 30_000_000_000);
    assert_eq!(signal::take_pending(), [SIGUSR2]);
    signal::set(SIGUSR2, signal::Disposition::Default).unwrap();
}

#[test]
fn a_signal_ends_a_blocking_call_with_eintr() {
    let _turn = SIGNALS.lock();
    signal::set(SIGUSR2, signal::Disposition::Flag).unwrap();
    let (reader, _writer) = file::pipe().unwrap();
    let calls: [fn(i32) -> std::io::Result<()>; 3] = [
        |_| {
            clock::sleep(Duration::from_secs(60), signal::arrivals());
            Err(std::io::Error::from_raw_os_error(EINTR))
        },
        |reader| file::read(reader, &mut [0]).map(drop),
        |reader| file::poll(&mut [file::PollDescriptor { fd: reader, events: POLLIN, revents: 0 }], 60_000).map(drop),
    ];
    for call in calls {
        let (send, receive) = std::sync::mpsc::channel();
        let worker = stack::spawn("blocked", 256 * 1024, move || {
            send.send(stack::native_id()).unwrap();
            call(reader)
        })
        .unwrap();
        let thread = receive.recv().unwrap();
        // The first signal may come before the call has begun, so they are sent until the call has ended.
        while !worker.is_finished() {
            std::thread::sleep(Duration::from_millis(2));
            let _ = signal::kill_thread(thread, SIGUSR2);
        }
        assert_eq!(errno(&worker.join().unwrap().unwrap_err()), EINTR);
    }
    assert_eq!(signal::take_pending(), [SIGUSR2]);
    signal::set(SIGUSR2, signal::Disposition::Default).unwrap();
}

#[test]
fn the_environment_takes_and_loses_variables() {
    let name = OsStr::new("TAIPAN_HOST_TEST");
    process::set_variable(name, OsStr::new("1")).unwrap();
    assert_eq!(process::variable(name).as_deref(), Some(OsStr::new("1")));
    assert!(process::environment().iter().any(|(key, _)| key == name));
    process::unset_variable(name).unwrap();
    assert_eq!(process::variable(name), None);
    for bad in ["", "a=b", "a\0b"] {
        assert_eq!(errno(&process::set_variable(OsStr::new(bad), OsStr::new("")).unwrap_err()), EINVAL);
    }
}

#[test]
fn a_stack_shrinks_as_calls_nest() {
    fn nest(depth: usize) -> usize {
        let room = std::hint::black_box([depth as u8; 64]);
        if depth == 0 { stack::stack_remaining() } else { nest(depth - 1) + usize::from(room[0]) - depth % 256 }
    }
    let shallow = stack::stack_remaining();
    assert!(shallow > 64 * 1024 && nest(100) < shallow);
    let size = 1 << 30;
    let before = memory::resident_bytes().unwrap();
    let (remaining, deep) = stack::run_on_big_stack(size, || (stack::stack_remaining(), nest(1_000_000))).unwrap();
    assert!(remaining > size - (1 << 20) && remaining <= size, "{remaining}");
    assert!(deep < remaining - 64 * 1_000_000, "{deep}");
    assert!(memory::resident_bytes().unwrap() < before + (64 << 20));
}

#[test]
fn a_panic_on_a_big_stack_goes_on_in_the_caller() {
    let outcome = std::panic::catch_unwind(|| stack::run_on_big_stack(1 << 20, || std::panic::panic_any(7)));
    assert_eq!(outcome.unwrap_err().downcast_ref::<i32>(), Some(&7));
}

#[test]
fn figures_about_the_process_are_plausible() {
    assert!(memory::resident_bytes().unwrap() > 100_000);
    assert!(memory::peak_resident_bytes().unwrap() >= 1 << 20);
    assert!(process::cpu_count().unwrap() >= process::usable_cpu_count().unwrap());
    assert!(process::pid() > 0 && process::parent_pid() > 0);
    assert_eq!(process::uname().unwrap()[0], "Linux");
    assert_eq!(errno(&process::sysconf(-1).unwrap_err()), EINVAL);
    let mut keys = [[0; 32]; 2];
    memory::random_bytes(&mut keys[0]).unwrap();
    memory::random_bytes(&mut keys[1]).unwrap();
    assert_ne!(keys[0], keys[1]);
    assert_eq!(strerror(ENOENT), "No such file or directory");
    assert_eq!(strerror(0), "Success");
    assert!(stack::ident() != 0 && stack::native_id() > 0);
}

//! Programs at the limit of the heap: `tests/limits` holds them and what they print. Each runs in a process of its own, and again in this
//! process, where all counts are checked afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;
use taipan::{Runtime, RuntimeConfig};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/limits")
}

fn run(name: &str, limit: &str) {
    let program = folder().join(name).with_extension("py");
    let expected = std::fs::read_to_string(program.with_extension("out")).expect("the program's output is given");
    let output = Command::new(env!("CARGO_BIN_EXE_taipan"))
        .args(["-X", &format!("heap-limit={limit}")])
        .arg(&program)
        .env_clear()
        .output()
        .expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {}\n{errors}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{name}\n{errors}");
}

#[test]
fn everything_counts() {
    run("everything_counts", "16M");
}

#[test]
fn garbage_never_fills_the_heap() {
    run("garbage_for_ever", "64M");
}

#[test]
fn a_full_heap_raises_as_often_as_it_is_asked() {
    run("memory_errors", "16M");
}

#[test]
fn a_heap_that_was_full_is_sound() {
    let config = RuntimeConfig { heap_limit: Some(16 << 20), hash_seed: Some(7), ..RuntimeConfig::default() };
    let runtime = Runtime::new(&config).expect("it starts");
    let vm = runtime.vm();
    let Ok(globals) = runtime.main_namespace() else { panic!("no namespace") };
    let text = std::fs::read_to_string(folder().join("memory_errors.py")).expect("it is there");
    let quiet = text
        .replace("    print(name, most)", "    assert most == wanted")
        .replace("1000}", "100}")
        .replace("150)", "30)");
    if let Err(raised) = runtime.execute(&quiet, "memory_errors", &globals) {
        let exception = vm.take_exception(raised).to_value();
        panic!("raised {}", vm.type_name(&exception));
    }
    vm.heap().verify();
    drop(globals);
    vm.heap().collect(2);
    vm.heap().verify();
}

//! Sources beside the bytecode they compile to. After a change that is meant to alter the bytecode, run the tests once with
//! `TAIPAN_BLESS=1` in the environment and review the difference of the `.txt` files.

use std::path::{Path, PathBuf};

use taipan_compiler::{Input, Mode, Options, compile};

fn sources() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = std::fs::read_dir(folder).expect("the folder of golden tests is there");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "py"));
    paths.sort();
    paths
}

#[test]
fn bytecode_is_as_recorded() {
    let bless = std::env::var_os("TAIPAN_BLESS").is_some();
    let mut changed = Vec::new();
    for path in sources() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("a golden source is readable");
        let compiled = compile(Input::File(&bytes), &name, Mode::Exec, &Options::default()).expect("it compiles");
        assert_eq!(taipan_bytecode::verify(&compiled.code), [], "{name}");
        let text = taipan_bytecode::disassemble_all(&compiled.code);
        let reread = taipan_bytecode::Code::from_bytes(&compiled.code.to_bytes()).expect("the binary form is readable");
        assert_eq!(taipan_bytecode::disassemble_all(&reread), text, "{name} through the binary form");
        let recorded = path.with_extension("txt");
        if bless {
            std::fs::write(&recorded, &text).expect("the record is writable");
        } else if std::fs::read_to_string(&recorded).unwrap_or_default() != text {
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "bytecode changed: {changed:?}");
}

/// Compiles and verifies every file of the folder named by `TAIPAN_COMPILE_FOLDER`, such as a standard library.
#[test]
fn a_whole_library_compiles_and_verifies() {
    let Some(folder) = std::env::var_os("TAIPAN_COMPILE_FOLDER") else { return };
    let mut folders = vec![PathBuf::from(folder)];
    let mut failures = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "py") {
                let bytes = std::fs::read(&path).expect("a readable file");
                match compile(Input::File(&bytes), &path.to_string_lossy(), Mode::Exec, &Options::default()) {
                    Ok(compiled) => {
                        failures.extend(taipan_bytecode::verify(&compiled.code).iter().map(ToString::to_string));
                    }
                    Err(error) => failures.push(format!("{}: {error}", path.display())),
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

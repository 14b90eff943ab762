//! Holds the embedded library against the package and the project's own modules that it was packed from.

use std::path::Path;

use taipan_stdlib as stdlib;

#[test]
fn modules_are_found_by_dotted_name() {
    let rows = [
        ("json", "json/__init__.py", true),
        ("json.decoder", "json/decoder.py", false),
        ("os", "os.py", false),
        ("encodings.utf_8", "encodings/utf_8.py", false),
        ("importlib._bootstrap", "importlib/_bootstrap.py", false),
        ("concurrent.futures.thread", "concurrent/futures/thread.py", false),
    ];
    for (name, path, is_package) in rows {
        let module = stdlib::find(name).unwrap_or_else(|| panic!("{name} is not found"));
        assert_eq!((module.name, module.path, module.is_package), (name, path, is_package));
    }
    for absent in ["", "json.", ".json", "json/decoder", "idlelib", "tkinter", "turtledemo", "test", "no_such_module"] {
        assert_eq!(stdlib::find(absent), None, "{absent:?}");
    }
}

#[test]
fn every_file_decompresses_to_the_file_it_was_packed_from() {
    let package = Path::new(rustpython_pylib::LIB_PATH);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("own");
    let mut count = 0;
    for path in stdlib::files() {
        let contents = stdlib::file(path).unwrap_or_else(|| panic!("{path} does not decompress"));
        assert_eq!(stdlib::file_size(path), Some(contents.len()), "{path}");
        let source = [own.as_path(), package].map(|root| root.join(path)).into_iter().find(|source| source.exists());
        let source = source.unwrap_or_else(|| panic!("{path} comes from nowhere"));
        assert!(contents == std::fs::read(source).unwrap(), "{path} differs from its source");
        count += 1;
    }
    assert!(count > 500, "only {count} files");
}

#[test]
fn every_module_has_its_source() {
    for module in stdlib::modules() {
        assert_eq!(stdlib::find(module.name), Some(module));
        assert_eq!(stdlib::source(&module).ok(), stdlib::file(module.path), "{}", module.name);
        assert_eq!(module.is_package, module.path.ends_with("__init__.py"), "{}", module.name);
    }
}

#[test]
fn tables_are_sorted_and_unique() {
    assert!(stdlib::files().is_sorted_by(|a, b| a < b));
    assert!(stdlib::modules().map(|module| module.name).is_sorted_by(|a, b| a < b));
}

#[test]
fn children_are_the_direct_submodules() {
    let json: Vec<_> = stdlib::children("json").map(|module| module.name).collect();
    assert_eq!(json, ["json.__main__", "json.decoder", "json.encoder", "json.scanner", "json.tool"]);
    let concurrent: Vec<_> = stdlib::children("concurrent").map(|module| module.name).collect();
    assert_eq!(concurrent, ["concurrent.futures", "concurrent.interpreters"]);
    assert!(stdlib::children("").any(|module| module.name == "os"));
    assert!(stdlib::children("").all(|module| !module.name.contains('.')));
    assert_eq!(stdlib::children("os").count(), 0);
}

#[test]
fn a_module_from_elsewhere_is_refused() {
    let stray = stdlib::Module { name: "stray", path: "stray.py", is_package: false };
    assert_eq!(stdlib::source(&stray), Err(stdlib::SourceError::Missing("stray.py")));
}

#[test]
fn the_licence_travels_along() {
    assert!(stdlib::licence().contains("PYTHON SOFTWARE FOUNDATION LICENSE"));
}

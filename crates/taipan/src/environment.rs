//! Where the program is installed: prefixes, virtual environments, folders of packages, as CPython's `getpath` and `site` find them.
//!
//! Invariant: nothing of the library is imported unless a folder of packages has something to be run (`*.pth`, `sitecustomize`).

use std::path::{Path, PathBuf};
use taipan_heap::Value;
use taipan_interp::import;
use taipan_modules::sys::Flags;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Vm};

/// The folders of an installation.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `sys.prefix`
    pub prefix: String,
    /// `sys.exec_prefix`
    pub exec_prefix: String,
    /// `sys.base_prefix`
    pub base_prefix: String,
    /// `sys.base_exec_prefix`
    pub base_exec_prefix: String,
    /// The folder of the library's files, if they are used in place of what is in the program.
    pub library: Option<String>,
    /// The executable that the environment was made with.
    pub base_executable: String,
    /// Whether packages of the installation behind a virtual environment are seen too.
    pub system_packages: bool,
}

/// The version's part of a path.
const VERSION: &str = "python3.14";

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

impl Environment {
    /// The environment of the program at `executable`, with the prefix that `home` gives, if it does.
    pub fn find(executable: &str, home: Option<&str>) -> Environment {
        let mut found = Environment::around(executable);
        if let Some(home) = home {
            let (prefix, exec_prefix) = home.split_once(':').unwrap_or((home, home));
            if found.prefix == found.base_prefix {
                (found.prefix, found.exec_prefix) = (prefix.to_owned(), exec_prefix.to_owned());
            }
            (found.base_prefix, found.base_exec_prefix) = (prefix.to_owned(), exec_prefix.to_owned());
            let library = Path::new(prefix).join("lib").join(VERSION);
            found.library = library.join("os.py").is_file().then(|| text(&library));
        }
        found
    }

    /// What lies around the program.
    fn around(executable: &str) -> Environment {
        let executable = Path::new(executable);
        let folder = executable.parent().unwrap_or(Path::new(""));
        let prefix = folder.parent().unwrap_or(Path::new(""));
        let found = [folder, prefix].into_iter().find_map(|place| {
            let settings = std::fs::read_to_string(place.join("pyvenv.cfg")).ok()?;
            Some((place.to_owned(), settings))
        });
        let Some((_, settings)) = found else {
            let real = std::fs::canonicalize(executable).unwrap_or_else(|_| executable.to_owned());
            let prefix = real.parent().and_then(Path::parent).unwrap_or(prefix);
            return Environment {
                prefix: text(prefix),
                exec_prefix: text(prefix),
                base_prefix: text(prefix),
                base_exec_prefix: text(prefix),
                base_executable: text(executable),
                system_packages: true,
                library: None,
            };
        };
        let setting = |wanted: &str| {
            settings.lines().find_map(|line| {
                let (key, value) = line.split_once('=')?;
                key.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
            })
        };
        let home = setting("home").unwrap_or_default();
        let base = Path::new(&home);
        let name = executable.file_name().unwrap_or_default();
        Environment {
            prefix: text(prefix),
            exec_prefix: text(prefix),
            base_prefix: text(base.parent().unwrap_or(base)),
            base_exec_prefix: text(base.parent().unwrap_or(base)),
            library: None,
            base_executable: setting("executable").unwrap_or_else(|| text(&base.join(name))),
            system_packages: setting("include-system-site-packages").is_some_and(|on| on.eq_ignore_ascii_case("true")),
        }
    }

    /// The folders of packages that are there.
    fn package_folders(&self, flags: &Flags) -> Vec<String> {
        let mut folders: Vec<PathBuf> = Vec::new();
        let of = |prefix: &str| Path::new(prefix).join("lib").join(VERSION).join("site-packages");
        let in_environment = self.prefix != self.base_prefix;
        if !self.prefix.is_empty() {
            folders.push(of(&self.prefix));
        }
        let user_allowed = flags.no_user_site == 0 && (!in_environment || self.system_packages);
        if user_allowed && let Some(home) = std::env::var_os("HOME") {
            folders.insert(0, Path::new(&home).join(".local").join("lib").join(VERSION).join("site-packages"));
        }
        if in_environment && self.system_packages {
            folders.push(of(&self.base_prefix));
        }
        folders.retain(|folder| folder.is_dir());
        folders.iter().map(|folder| text(folder)).collect()
    }
}

/// Writes the library in the program into `lib/python3.14` of a folder, where `PYTHONHOME` finds it.
pub fn unpack_library(folder: &str) -> std::io::Result<()> {
    let root = Path::new(folder).join("lib").join(VERSION);
    for path in taipan_stdlib::files() {
        let Some(contents) = taipan_stdlib::file(path) else { continue };
        let place = root.join(path);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(place, contents)?;
    }
    Ok(())
}

/// What CPython does at start-up by importing `site`: adds the folders of packages to `sys.path`. The module itself is imported only when
/// there is something for it to run.
pub fn add_packages(vm: &Vm, environment: &Environment, flags: &Flags) -> PyResult<()> {
    let Some(path) = taipan_modules::sys::attribute(vm, "path")? else { return Ok(()) };
    let Some(path) = path.downcast::<List>() else { return Ok(()) };
    // The program's own folder comes onto the path only after this, in CPython.
    let own = usize::from(!flags.safe_path);
    let on_path: Vec<String> = path.snapshot().iter().skip(own).map(Str::display).collect();
    let folders = environment.package_folders(flags);
    let to_run = |name: &str| name.ends_with(".pth") || is_customization(name);
    let runs = |folder: &String| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| to_run(&entry.file_name().to_string_lossy()))
    };
    let customizes = |folder: &String| Path::new(folder).join("sitecustomize.py").is_file();
    if !folders.iter().any(runs) && !on_path.iter().any(customizes) {
        return folders.iter().try_for_each(|folder| path.push(vm, Str::new(vm, folder)?.into()));
    }
    let first = if own == 0 { None } else { path.snapshot().first().cloned() };
    if first.is_some() {
        vm.call_method(&path.to_value(), &*vm.intern("pop")?, &[Value::small_int(0)])?;
    }
    let ran = import::import_absolute(vm, "site");
    if let Some(first) = first {
        vm.call_method(&path.to_value(), &*vm.intern("insert")?, &[Value::small_int(0), first])?;
    }
    let site = ran?;
    // The library's own idea of where packages lie need not be this one.
    let add = vm.get_attr_text(&site, "addsitedir")?;
    for folder in &folders {
        let folder: Value = Str::new(vm, folder)?.into();
        if !vm.contains(&path.to_value(), &folder)? {
            vm.call(&add, &[folder])?;
        }
    }
    Ok(())
}

fn is_customization(name: &str) -> bool {
    let stem = name.strip_suffix(".py").unwrap_or(name);
    stem == "sitecustomize" || stem == "usercustomize"
}

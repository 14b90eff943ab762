//! The tables of users, groups and hosts in a program that the C library is linked into.
//!
//! The C library looks such names up in what `/etc/nsswitch.conf` lists: files and DNS, which it has built in, and modules (of systemd, LDAP, multicast DNS),
//! which it loads. A statically linked program must not load them, as each would bring a second C library along. It confines itself to what is built in
//! (`confine`), and where that knows no answer and the system lists more, it asks `getent`, the C library's own tool for it.
//!
//! Invariant: a program that is linked so calls `confine` before its first lookup; in others nothing here has an effect.

use super::children::{Group, User};
use std::ffi::{CStr, OsStr, c_char, c_int};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

static CONFINED: AtomicBool = AtomicBool::new(false);

const BUILT_IN: [(&CStr, &CStr); 9] = [
    (c"passwd", c"files"),
    (c"group", c"files"),
    (c"initgroups", c"files"),
    (c"shadow", c"files"),
    (c"hosts", c"files dns"),
    (c"networks", c"files"),
    (c"protocols", c"files"),
    (c"services", c"files"),
    (c"netgroup", c"files"),
];

unsafe extern "C" {
    fn __nss_configure_lookup(database: *const c_char, sources: *const c_char) -> c_int;
}

/// Keeps the C library from loading modules for lookups, for the rest of the process.
pub fn confine() {
    for (database, sources) in BUILT_IN {
        // SAFETY: S2; the texts are read during the call only.
        unsafe { __nss_configure_lookup(database.as_ptr(), sources.as_ptr()) };
    }
    CONFINED.store(true, Ordering::Relaxed);
}

/// Whether lookups see what is built in only.
pub(super) fn is_confined() -> bool {
    CONFINED.load(Ordering::Relaxed)
}

/// Whether a configuration lists a source for a database that is not built in.
fn lists_modules(configuration: &str, database: &str) -> bool {
    let lines = configuration.lines().map(|line| line.split('#').next().unwrap_or_default());
    let mut listed = lines.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.trim() == database);
    let mut in_action = false;
    listed.next().is_some_and(|(_, sources)| {
        sources.split_whitespace().any(|word| {
            let action = in_action || word.starts_with('[');
            in_action = action && !word.ends_with(']');
            !action && !["files", "dns"].contains(&word)
        })
    })
}

/// Whether a database has sources that only `getent` can ask.
fn has_modules(database: &str) -> bool {
    is_confined()
        && fs::read_to_string("/etc/nsswitch.conf").is_ok_and(|configuration| lists_modules(&configuration, database))
}

/// What `getent` prints of a database, all of it or of one key; `None` if it knows nothing.
fn ask(database: &str, key: Option<&[u8]>) -> Option<String> {
    let mut command = Command::new("getent");
    command.arg("--").arg(database).args(key.map(OsStr::from_bytes));
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The same, `None` also where nobody but the built-in sources could know more.
fn from_modules(database: &str, shown_as: &str, key: Option<&[u8]>) -> Option<String> {
    has_modules(database).then(|| ask(shown_as, key))?
}

fn user(line: &str) -> Option<User> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, password, id, group, comment, home, shell] = fields[..] else { return None };
    let [name, password, comment, home, shell] =
        [name, password, comment, home, shell].map(|field| field.as_bytes().to_vec());
    Some((name, password, id.parse().ok()?, group.parse().ok()?, comment, home, shell))
}

fn group(line: &str) -> Option<Group> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, password, id, people] = fields[..] else { return None };
    let people = people.split(',').filter(|name| !name.is_empty()).map(|name| name.as_bytes().to_vec());
    Some((name.as_bytes().to_vec(), password.as_bytes().to_vec(), id.parse().ok()?, people.collect()))
}

/// The user that other sources than the built-in ones have under a name or number.
pub(super) fn find_user(key: &[u8], is_it: impl Fn(&User) -> bool) -> Option<User> {
    from_modules("passwd", "passwd", Some(key))?.lines().filter_map(user).find(is_it)
}

/// The same for groups.
pub(super) fn find_group(key: &[u8], is_it: impl Fn(&Group) -> bool) -> Option<Group> {
    from_modules("group", "group", Some(key))?.lines().filter_map(group).find(is_it)
}

/// All users, if there are other sources.
pub(super) fn all_users() -> Option<Vec<User>> {
    Some(from_modules("passwd", "passwd", None)?.lines().filter_map(user).collect())
}

/// All groups, if there are other sources.
pub(super) fn all_groups() -> Option<Vec<Group>> {
    Some(from_modules("group", "group", None)?.lines().filter_map(group).collect())
}

/// The groups that a user is in beside the first, if there are other sources for groups.
pub(super) fn groups_of(user: &[u8]) -> Option<Vec<u32>> {
    // The database has no line of its own where it is that of groups.
    let asked = ["initgroups", "group"].into_iter().any(has_modules);
    let text = asked.then(|| ask("initgroups", Some(user)))??;
    Some(text.split_whitespace().skip(1).filter_map(|id| id.parse().ok()).collect())
}

/// The addresses of a host and its canonical name, from other sources.
pub(super) fn addresses(host: &[u8]) -> Option<(Vec<String>, Option<String>)> {
    Some(read_addresses(&from_modules("hosts", "ahosts", Some(host))?))
}

/// Each address stands there once for each type of socket, the first with the name.
fn read_addresses(text: &str) -> (Vec<String>, Option<String>) {
    let (mut found, mut canonical) = (Vec::<String>::new(), None);
    for mut words in text.lines().map(str::split_whitespace) {
        let Some(address) = words.next() else { continue };
        canonical = canonical.or_else(|| words.nth(1).map(str::to_owned));
        if !found.iter().any(|other| other == address) {
            found.push(address.to_owned());
        }
    }
    (found, canonical)
}

/// The name of the host at an address, from other sources.
pub(super) fn host_at(address: &[u8]) -> Option<Vec<u8>> {
    let text = from_modules("hosts", "hosts", Some(address))?;
    text.split_whitespace().nth(1).map(|name| name.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_told_from_what_is_built_in() {
        let configuration = "# passwd: ldap\npasswd: files systemd\n group:files # ldap\n\
            hosts: files mdns4_minimal [NOTFOUND=return] dns\nnetworks: files [ !UNAVAIL = return ] dns\n";
        for (database, expected) in
            [("passwd", true), ("group", false), ("hosts", true), ("networks", false), ("shadow", false)]
        {
            assert_eq!(lists_modules(configuration, database), expected, "{database}");
        }
    }

    #[test]
    fn lines_are_read() {
        let (name, _, id, first, comment, home, shell) = user("root:x:0:1:The Root,,:/root:/bin/sh").expect("a user");
        assert_eq!((&name[..], id, first, &comment[..]), (&b"root"[..], 0, 1, &b"The Root,,"[..]));
        assert_eq!((&home[..], &shell[..]), (&b"/root"[..], &b"/bin/sh"[..]));
        assert!(user("root:x:zero:1:::").is_none() && user("").is_none());
        let (_, _, id, people) = group("staff:x:50:ann,bob").expect("a group");
        assert_eq!((id, people), (50, vec![b"ann".to_vec(), b"bob".to_vec()]));
        assert_eq!(group("empty:x:51:").expect("a group").3, Vec::<Vec<u8>>::new());
    }

    #[test]
    fn each_address_counts_once() {
        let text = "10.0.0.1  STREAM printer.local\n10.0.0.1  DGRAM\n10.0.0.1  RAW\nfe80::1  STREAM\n";
        let (addresses, canonical) = read_addresses(text);
        assert_eq!(addresses, ["10.0.0.1", "fe80::1"]);
        assert_eq!(canonical.as_deref(), Some("printer.local"));
    }
}

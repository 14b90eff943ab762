//! Threads that import a module which another thread is executing wait until that is done.
//!
//! Invariant: `loading` has an entry for exactly the modules that are being executed; a thread waits for one module at a time, and no circle of
//! threads waits: who would close it goes on with the unfinished module, as a circular import in one thread does.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread::ThreadId;
use std::time::Duration;
use taipan_objects::vm::Vm;

/// Who does what.
#[derive(Default)]
struct Imports {
    loading: RefCell<Vec<(String, ThreadId)>>,
    waiting: RefCell<Vec<(ThreadId, String)>>,
}

impl Imports {
    /// The thread that executes a module.
    fn loader(&self, name: &str) -> Option<ThreadId> {
        self.loading.borrow().iter().find(|(loading, _)| loading == name).map(|&(_, thread)| thread)
    }

    /// Whether `thread` waits, perhaps through others, for `me`.
    fn waits_for(&self, thread: ThreadId, me: ThreadId) -> bool {
        let mut at = thread;
        for _ in 0..=self.waiting.borrow().len() {
            if at == me {
                return true;
            }
            let waiting = self.waiting.borrow();
            let next = waiting.iter().find(|(waiter, _)| *waiter == at).and_then(|(_, name)| self.loader(name));
            match next {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }
}

/// A module that is being executed, until it is dropped.
pub(super) struct Loading {
    imports: Rc<Imports>,
    name: String,
}

impl Loading {
    pub(super) fn begin(vm: &Vm, name: &str) -> Loading {
        let imports = vm.interp().state(Imports::default);
        imports.loading.borrow_mut().push((name.to_owned(), std::thread::current().id()));
        Loading { imports, name: name.to_owned() }
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        let me = std::thread::current().id();
        let mut loading = self.imports.loading.borrow_mut();
        if let Some(at) = loading.iter().rposition(|(name, thread)| *name == self.name && *thread == me) {
            loading.remove(at);
        }
    }
}

/// Waits while another thread executes the module.
pub(super) fn wait_for(vm: &Vm, name: &str) {
    let imports = vm.interp().state(Imports::default);
    if imports.loading.borrow().is_empty() {
        return;
    }
    let me = std::thread::current().id();
    while let Some(thread) = imports.loader(name)
        && !imports.waits_for(thread, me)
    {
        imports.waiting.borrow_mut().push((me, name.to_owned()));
        crate::eval::threads::without_lock(vm, || std::thread::sleep(Duration::from_millis(1)));
        imports.waiting.borrow_mut().retain(|(waiter, _)| *waiter != me);
    }
}

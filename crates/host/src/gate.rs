//! What threads wait for: gates that are open or shut, and bells that have rung.
//!
//! Invariant: each is one word, and no thread is ever between two of its states. A process may fork at any moment; its child finds every word
//! whole, and at worst wakes somebody who is not there.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::sys::futex;

const OPEN: u32 = 0;
const SHUT: u32 = 1;
/// Shut, and somebody may wait for it.
const AWAITED: u32 = 2;

/// Open or shut; it begins open.
#[derive(Debug, Default)]
pub struct Gate(AtomicU32);

impl Gate {
    /// Shuts the gate if it is open, and says whether it was.
    pub fn try_shut(&self) -> bool {
        self.0.compare_exchange(OPEN, SHUT, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Opens the gate, and says whether it was shut.
    pub fn open(&self) -> bool {
        let was = self.0.swap(OPEN, Ordering::Release);
        if was == AWAITED {
            futex::wake_one(&self.0);
        }
        was != OPEN
    }

    /// Whether it is shut.
    pub fn is_shut(&self) -> bool {
        self.0.load(Ordering::Acquire) != OPEN
    }

    /// Waits until the gate is open, and shuts it; false if it has not opened by the end.
    pub fn shut(&self, end: Option<Instant>) -> bool {
        // Whoever has waited cannot know whether others wait still.
        while self.0.swap(AWAITED, Ordering::Acquire) != OPEN {
            if !wait(&self.0, AWAITED, end) {
                return false;
            }
        }
        true
    }

    /// Waits until the gate is open; false if it has not opened by the end.
    pub fn pass(&self, end: Option<Instant>) -> bool {
        loop {
            match self.0.compare_exchange(SHUT, AWAITED, Ordering::Acquire, Ordering::Acquire) {
                Err(OPEN) => {
                    // The gate stays open: all that wait are to pass, one after the other.
                    futex::wake_one(&self.0);
                    return true;
                }
                _ if !wait(&self.0, AWAITED, end) => return false,
                _ => {}
            }
        }
    }
}

/// Rings; whoever has heard how often can wait for the next time.
#[derive(Debug, Default)]
pub struct Bell(AtomicU32);

impl Bell {
    /// How often it has rung (modulo 2³²).
    pub fn rung(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }

    /// Rings, and wakes one who waits.
    pub fn ring(&self) {
        self.0.fetch_add(1, Ordering::Release);
        futex::wake_one(&self.0);
    }

    /// Waits for the ring after this one, not beyond `end`; it may return without reason.
    pub fn wait(&self, heard: u32, end: Option<Instant>) {
        wait(&self.0, heard, end);
    }
}

/// Waits while the word has this value, or for a while less; false if the end has come.
fn wait(word: &AtomicU32, value: u32, end: Option<Instant>) -> bool {
    let time = end.map(|end| end.saturating_duration_since(Instant::now()));
    if time == Some(Duration::ZERO) {
        return false;
    }
    futex::wait(word, value, time);
    true
}

#[cfg(test)]
mod tests {
    use super::{Bell, Gate};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    fn soon() -> Option<Instant> {
        Some(Instant::now() + Duration::from_millis(20))
    }

    fn far() -> Option<Instant> {
        Some(Instant::now() + Duration::from_secs(60))
    }

    #[test]
    fn one_at_a_time() {
        let (gate, inside, entered) = (Gate::default(), AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        assert!(gate.shut(far()));
                        assert_eq!(inside.fetch_add(1, Ordering::Relaxed), 0);
                        entered.fetch_add(1, Ordering::Relaxed);
                        assert_eq!(inside.fetch_sub(1, Ordering::Relaxed), 1);
                        assert!(gate.open());
                    }
                });
            }
        });
        assert_eq!(entered.into_inner(), 2000);
        assert!(!gate.is_shut());
    }

    #[test]
    fn a_shut_gate_is_waited_for_no_longer_than_asked() {
        let gate = Gate::default();
        assert!(gate.pass(soon()) && gate.try_shut() && !gate.try_shut());
        assert!(!gate.pass(soon()) && !gate.shut(soon()));
        assert!(gate.is_shut() && gate.open() && !gate.open());
    }

    #[test]
    fn all_that_wait_pass() {
        let gate = Gate::default();
        gate.try_shut();
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..4).map(|_| scope.spawn(|| gate.pass(far()))).collect();
            thread::sleep(Duration::from_millis(20));
            gate.open();
            assert!(waiting.into_iter().all(|thread| thread.join().unwrap_or(false)));
        });
    }

    #[test]
    fn a_ring_between_looking_and_waiting_is_heard() {
        let bell = &Bell::default();
        let heard = bell.rung();
        bell.ring();
        bell.wait(heard, far());
        thread::scope(|scope| {
            let heard = bell.rung();
            let waiting = scope.spawn(move || {
                let end = far();
                while bell.rung() == heard && end > Some(Instant::now()) {
                    bell.wait(heard, end);
                }
                bell.rung()
            });
            bell.ring();
            assert_eq!(waiting.join().ok(), Some(2));
        });
    }
}

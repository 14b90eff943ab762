//! `sys._jit`: what programs ask about just-in-time compilation.
//!
//! Invariant: there is none, so every answer is no.

pub use jit::spec;

/// Tells whether code is compiled just in time.
#[taipan_macros::pymodule(name = "sys._jit")]
mod jit {
    /// Whether this build can compile just in time.
    #[function]
    fn is_available() -> bool {
        false
    }

    /// Whether just-in-time compilation is switched on in this process.
    #[function]
    fn is_enabled() -> bool {
        false
    }

    /// Whether the caller's frame runs code that was compiled just in time.
    #[function]
    fn is_active() -> bool {
        false
    }
}

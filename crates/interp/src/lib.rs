//! Frames, the evaluation loop, calls, generators, unwinding, imports, threads and the global interpreter lock.

//! Embedding API of the Taipan runtime.

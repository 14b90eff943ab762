//! CPython's pure-Python standard library, packed into the binary.

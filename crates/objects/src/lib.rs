//! Types, slots, attribute lookup, exceptions and the builtin types of Taipan.

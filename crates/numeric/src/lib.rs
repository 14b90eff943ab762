//! Pure number algorithms: big integers, int and float parsing and printing, hashing.

//! Every native module of Taipan.

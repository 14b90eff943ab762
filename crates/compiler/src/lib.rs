//! Python 3.14 source to Taipan register bytecode.

//! The opcode table, code objects, exception and location tables, disassembler and verifier of Taipan.

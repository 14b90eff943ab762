//! CRC-32 and the CRC of BinHex.
//!
//! Invariant: both continue where an earlier result left off.

const CRC32: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

/// CRC-32 of `data`, going on from `start`.
pub fn crc32(data: &[u8], start: u32) -> u32 {
    !data.iter().fold(!start, |crc, &byte| CRC32[usize::from(crc as u8 ^ byte)] ^ crc >> 8)
}

/// CRC-CCITT of `data`, going on from `start`.
pub fn crc_hqx(data: &[u8], start: u16) -> u16 {
    data.iter().fold(start, |crc, &byte| {
        (0..8).fold(crc ^ u16::from(byte) << 8, |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 })
    })
}

//! Pure text algorithms: format specifications, float and string repr, codecs.

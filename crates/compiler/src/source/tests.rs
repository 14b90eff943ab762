//! Decoding and geometry tests: each case states bytes and what CPython makes of them.

use super::*;

fn error(bytes: &[u8]) -> String {
    match Source::from_bytes("<string>", bytes, Origin::String) {
        Ok(source) => format!("ok {:?}", source.text()),
        Err(error) => error.message,
    }
}

#[test]
fn cookies_and_marks() {
    let cases: &[(&[u8], &str)] = &[
        (b"# coding: foo\n", "unknown encoding: foo"),
        (b"# -*- coding: latin-1 -*-\nx='\xe9'", "ok \"# -*- coding: latin-1 -*-\\nx='é'\""),
        (b"\n# vim: set fileencoding=cp1252 :\n'\x80'", "ok \"\\n# vim: set fileencoding=cp1252 :\\n'€'\""),
        (b"x\n# coding: foo\n", "ok \"x\\n# coding: foo\\n\""),
        (b"\xef\xbb\xbfx\r\ny\rz", "ok \"x\\ny\\nz\""),
        (b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem: iso-8859-1 with BOM"),
        (b"# coding: ascii\n'\xff'", "'ascii' codec can't decode byte 0xff in position 17: ordinal not in range(128)"),
        (b"a\0b", "source code string cannot contain null bytes"),
        (
            b"\xff",
            "Non-UTF-8 code starting with '\\xff' on line 1, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details",
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(&error(bytes), expected);
    }
}

#[test]
fn files_are_worded_differently() {
    let cases: &[(&[u8], &str, i32)] = &[
        (
            b"x=1\ny=\"\xff\"\n",
            "Non-UTF-8 code starting with '\\xff' in file f.py on line 1, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details",
            1,
        ),
        (
            b"\n\n# c\nyy = \"\xff\"\n",
            "Non-UTF-8 code starting with '\\xff' in file f.py on line 4, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details",
            4,
        ),
        (
            b"# coding: utf-8\ny=\"\xff\"\n",
            "(unicode error) 'utf-8' codec can't decode byte 0xff in position 3: invalid start byte",
            2,
        ),
        (
            b"# coding: ascii\ny=\"\xff\"\n",
            "'ascii' codec can't decode byte 0xff in position 4: ordinal not in range(128)",
            0,
        ),
        (b"a\nb\0c\n", "source code cannot contain null bytes", 2),
    ];
    for (bytes, message, line) in cases {
        let error = Source::from_bytes("f.py", bytes, Origin::File).unwrap_err();
        assert_eq!((error.message.as_str(), error.line), (*message, Some(*line)));
    }
}

#[test]
fn positions_in_bytes_and_characters() {
    let source = Source::from_text("<string>", "a\nä = 'é'\n\nx").unwrap();
    assert_eq!(source.lines().line_count(), 4);
    assert_eq!(source.line(2), "ä = 'é'");
    let offset = u32::try_from(source.text().find('é').unwrap()).unwrap();
    assert_eq!(source.position(offset), Position { line: 2, column: 6 });
    assert_eq!(source.char_column(offset), 5);
    assert_eq!(source.lines().offset(Position { line: 2, column: 6 }), offset);
    assert_eq!(source.line(9), "");
}

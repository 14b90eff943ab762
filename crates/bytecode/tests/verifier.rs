//! The verifier finds what is wrong with hand-made code, and finds nothing wrong with sound code; the binary form
//! refuses damaged bytes.

use std::sync::Arc;

use taipan_bytecode::*;

fn code(words: Vec<u64>, exceptions: Vec<ExceptionEntry>) -> Code {
    let name: Arc<str> = "f".into();
    Code {
        name: name.clone(),
        qualname: name.clone(),
        filename: name,
        flags: CodeFlags(CodeFlags::OPTIMIZED),
        first_line: 1,
        arg_count: 1,
        posonly_arg_count: 0,
        kwonly_arg_count: 0,
        variables: [Variable { name: "x".into(), kind: VariableKind::Local }].into(),
        nregs: 4,
        consts: [Const::None, Const::Float(-0.0), Const::Tuple([Const::Int(-1), Const::Bool(true)].into())].into(),
        names: ["a".into()].into(),
        code: words.into(),
        exceptions: exceptions.into(),
        location_table: LocationBuilder::new(1).finish(),
        scoped_names: [].into(),
        static_attributes: [].into(),
    }
}

fn op(op: Op, flags: u8, a: u16, b: u16, c: u16) -> u64 {
    Inst::new(op, flags, a, b, c).0
}

#[test]
fn sound_code_passes() {
    // t0 = x + x; t1 = t0 + 1; return t1, under a handler that reraises.
    let handler = ExceptionEntry { start: 0, end: 2, target: 3, exc_reg: 1, clear_from: 1 };
    let words = vec![
        op(Op::Add, 0, 1, 0, 0),
        op(Op::AddImm, CONSUME_B, 2, 1, 1),
        op(Op::Return, CONSUME_A, 2, 0, 0),
        op(Op::Reraise, CONSUME_A, 1, 0, 0),
    ];
    assert_eq!(verify(&code(words, vec![handler])), []);
}

#[test]
fn each_rule_is_checked() {
    let done = Inst::wide(Op::ReturnConst, 0, 0, 0).0;
    let cases: [(&str, Vec<u64>); 14] = [
        ("reads the dead temporary", vec![op(Op::Return, CONSUME_A, 1, 0, 0)]),
        (
            "reads the dead temporary",
            vec![op(Op::Move, 0, 1, 0, 0), op(Op::Not, CONSUME_B, 2, 1, 0), op(Op::Return, CONSUME_A, 1, 0, 0)],
        ),
        ("returns while", vec![op(Op::Move, 0, 1, 0, 0), done]),
        ("register out of range", vec![op(Op::Move, 0, 9, 0, 0), done]),
        ("operand 1 is unsound", vec![op(Op::Move, CONSUME_B, 1, 0, 0), done]),
        ("operand 1 is unsound", vec![Inst::wide(Op::LoadConst, 0, 0, 7).0, done]),
        ("jump does not land", vec![Inst::wide(Op::Jump, 0, 0, 9).0, done]),
        ("does not hand", vec![op(Op::MulAdd, 0, 1, 0, 0), op(Op::Clear, 0, 1, 0, 0), done]),
        (
            "does not hand",
            vec![op(Op::MulSub, 0, 1, 0, 0), op(Op::Sub, CONSUME_C, 2, 0, 1), op(Op::Return, CONSUME_A, 2, 0, 0)],
        ),
        ("does not hand", vec![op(Op::LoadAttrAdd, 0, 1, 0, 0), 0, 0, 0, op(Op::Return, CONSUME_A, 1, 0, 0)]),
        (
            "does not hand",
            vec![
                op(Op::LoadAttrImm, STORES, 1, 0, 0),
                0,
                0,
                0,
                op(Op::AddImm, CONSUME_B, 1, 1, 1),
                op(Op::Return, CONSUME_A, 1, 0, 0),
            ],
        ),
        ("runs off the end", vec![op(Op::Move, 0, 0, 0, 0)]),
        ("undecodable", vec![255]),
        // One path leaves t0 live, the other does not.
        ("paths disagree", vec![Inst::wide(Op::JumpIfTrue, 0, 0, 1).0, op(Op::Move, 0, 1, 0, 0), done]),
    ];
    for (expected, words) in cases {
        let found = verify(&code(words.clone(), Vec::new()));
        assert!(found.iter().any(|v| v.message.contains(expected)), "{expected}: {found:?} in {words:x?}");
    }
}

#[test]
fn binary_form_round_trips_and_refuses_damage() {
    let original = code(vec![Inst::wide(Op::ReturnConst, 0, 0, 1).0], Vec::new());
    let bytes = original.to_bytes();
    assert_eq!(Code::from_bytes(&bytes).as_ref(), Ok(&original));
    for end in 0..bytes.len() {
        assert!(Code::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x80;
        // It may still decode, but it must not panic, nor what is done with the result.
        if let Ok(code) = Code::from_bytes(&damaged) {
            let _ = disassemble(&code);
            let _ = verify(&code);
        }
    }
}

#[test]
fn every_operation_has_a_number_of_its_own() {
    for &op in Op::ALL {
        assert_eq!(Op::from_u8(op as u8), Some(op));
        assert!(!op.info().doc.trim().is_empty(), "{op:?}");
    }
    assert_eq!(Op::from_u8(Op::ALL.len() as u8), None);
}

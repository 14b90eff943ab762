//! Modes and options of compilation beyond whole modules: expressions, interactive statements, optimisation levels, top-level await,
//! inherited future features, and limits.

use taipan_bytecode::{Code, CodeFlags, Const, Op, disassemble_all, future, verify};
use taipan_compiler::{ErrorKind, Input, Mode, Options, compile};

fn code(text: &str, mode: Mode, options: &Options) -> std::sync::Arc<Code> {
    let compiled = compile(Input::Text(text), "<test>", mode, options).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert_eq!(verify(&compiled.code), [], "{text}");
    compiled.code
}

fn has(code: &Code, op: Op) -> bool {
    code.instructions().any(|(_, inst)| inst.op() == Some(op))
}

#[test]
fn an_expression_returns_its_value() {
    let code = code("a + 1", Mode::Eval, &Options::default());
    assert!(has(&code, Op::Return) && has(&code, Op::AddImm));
}

#[test]
fn interactive_values_are_displayed() {
    let code = code("x; y = 1\n", Mode::Single, &Options::default());
    assert!(disassemble_all(&code).contains("Print"));
}

#[test]
fn optimisation_drops_assertions_and_docstrings() {
    let text = "def f():\n 'doc'\n assert x\n return __debug__\n";
    let level = |optimize| code(text, Mode::Exec, &Options { optimize, ..Options::default() });
    let function = |code: &Code| code.nested().next().cloned().expect("a nested function");
    assert!(has(&function(&level(0)), Op::Raise));
    assert!(!has(&function(&level(1)), Op::Raise));
    assert_eq!(function(&level(1)).docstring(), Some(&Const::Str("doc".into())));
    assert_eq!(function(&level(2)).docstring(), None);
}

#[test]
fn await_at_the_top_makes_a_coroutine() {
    let options = Options { top_level_await: true, ..Options::default() };
    for (text, mode) in [("await x", Mode::Eval), ("await x\nasync with y: pass\n[z async for z in x]", Mode::Exec)] {
        assert!(code(text, mode, &options).flags.has(CodeFlags::COROUTINE), "{text}");
        assert!(compile(Input::Text(text), "<test>", mode, &Options::default()).is_err(), "{text}");
    }
}

#[test]
fn future_features_are_inherited_and_passed_on() {
    let options = Options { future_flags: future::ANNOTATIONS, ..Options::default() };
    let code = code("def f(x: a + 'b'): pass", Mode::Exec, &options);
    assert!(code.flags.has(future::ANNOTATIONS));
    assert!(disassemble_all(&code).contains("a + 'b'"));
}

#[test]
fn far_branches_are_split() {
    let text = format!("def f(a, b):\n while a < b:\n{}\n if a == 1:\n  return 2\n", "  c = d.e\n".repeat(20_000));
    code(&text, Mode::Exec, &Options::default());
}

#[test]
fn deep_trees_are_compiled_or_refused() {
    let sum = |n: usize| vec!["a"; n].join("+");
    code(&sum(5_000), Mode::Eval, &Options::default());
    let error = compile(Input::Text(&sum(50_000)), "<test>", Mode::Eval, &Options::default()).expect_err("too deep");
    assert_eq!(error.kind, ErrorKind::RecursionError);
}

#[test]
fn wide_displays_and_calls_are_built_in_pieces() {
    let many = "a,".repeat(70_000);
    for text in [format!("[{many}]"), format!("({many})"), format!("{{{many}}}"), format!("f({many})")] {
        code(&text, Mode::Exec, &Options::default());
    }
}

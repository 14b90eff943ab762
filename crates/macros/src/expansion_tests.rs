//! Tests of whole expansions: what stands in the generated code, and where and with what words faults are reported.
//!
//! Invariant: texts are compared without white space, so that formatting does not matter.

use crate::{pymodule, pytype};
use proc_macro2::TokenStream;

fn tokens(source: &str) -> TokenStream {
    source.parse().unwrap_or_else(|error| panic!("{error}: {source}"))
}

/// Without white space, which is all that printing leaves to chance.
fn normal(source: &str) -> String {
    source.split_whitespace().collect()
}

fn type_block(body: &str) -> String {
    let block = tokens(&format!("/// A list.\n///\n/// Mutable.\nimpl List {{ {body} }}"));
    let expanded = pytype::expand(tokens("name = \"list\", flags = SEQUENCE"), block);
    normal(&expanded.unwrap_or_else(syn::Error::into_compile_error).to_string())
}

fn assert_holds(expanded: &str, part: &str) {
    assert!(expanded.contains(&normal(part)), "{part}\nis not in\n{expanded}");
}

#[test]
fn a_method_becomes_a_definition_and_a_wrapper() {
    let expanded = type_block(
        "/// Append object.\n#[method] fn append(this: &Obj<List>, vm: &Vm, object: Value) -> PyResult<()> { body() }",
    );
    assert_holds(&expanded, "fn append(this: &Obj<List>, vm: &Vm, object: Value) -> PyResult<()> { body() }");
    assert_holds(
        &expanded,
        r#"::taipan_objects::native::NativeDef {
            name: "append",
            owner: "list",
            doc: "Append object.",
            signature: "($self, object, /)",
            params: &[::taipan_objects::native::Param {
                name: "object",
                kind: ::taipan_objects::native::ParamKind::PositionalOnly,
                required: true
            }],
            kind: ::taipan_objects::native::MethodKind::Method,
            call: <List>::__call_append,
            fixed: ::taipan_objects::native::Fixed::NONE,
        }"#,
    );
    assert_holds(
        &expanded,
        r#"let ::core::option::Option::Some(__this) = __this.downcast::<List>() else {
            return ::core::result::Result::Err(vm.bad_self("append", "list", __this));
        };"#,
    );
    assert_holds(&expanded, "if args.names.is_empty() && args.values.len() == 2 {");
    assert_holds(&expanded, "IntoValue::into_value(Self::append(__this, vm, __argument0), vm)");
    assert_holds(&expanded, "doc: \"A list.\\n\\nMutable.\"");
    assert_holds(&expanded, "use ::taipan_objects::types::type_flags::*; SEQUENCE");
}

#[test]
fn forms_for_few_arguments_convert_what_they_are_given() {
    let expanded = type_block(
        "#[method(sig = \"key, default=None, /\", fixed)]
        fn get(this: &Obj<List>, vm: &Vm, key: &Value, default: Option<&Value>) -> PyResult<Value> { body() }",
    );
    assert_holds(
        &expanded,
        "fixed: ::taipan_objects::native::Fixed {
            one: ::core::option::Option::None,
            two: ::core::option::Option::Some(<List>::__call_get_2),
            three: ::core::option::Option::Some(<List>::__call_get_3)
        }",
    );
    assert_holds(
        &expanded,
        "let __slots: [::core::option::Option<&::taipan_heap::Value>; 2] =
            [::core::option::Option::Some(__value1), ::core::option::Option::None];",
    );
    assert_holds(
        &expanded,
        "if let (true, [__value0, __value1]) = (args.names.is_empty(), args.values) {
            return Self::__call_get_2(vm, __value0, __value1);
        }",
    );
    let refused = type_block("#[staticmethod(fixed)] fn f(a: Rest<'_>) {}");
    assert_holds(&refused, "`fixed` is for functions of one to three arguments");
}

#[test]
fn arguments_fall_into_place_when_they_can() {
    let cases = [
        ("#[method] fn f(this: &Value) {}", "if !(args.names.is_empty() && args.values.len() == 1) {"),
        ("#[method] fn f(this: &Value, a: Option<&Value>) {}", "matches!(args.values.len(), 1..=2)"),
        ("#[staticmethod] fn f(a: Rest<'_>) {}", "if args.names.is_empty() { ([::core::option::Option::None]"),
        ("#[method(sig = \"a, *r\")] fn f(this: &Value, a: Value, r: Rest) {}", "args.values.len() >= 2"),
        (
            "#[method(sig = \"*, a\")] fn f(this: &Value, a: Value) {}",
            "= { let __bound = args.rest().bind::<1>(vm, __def)?;",
        ),
        (
            "#[method] fn f(this: &Value, a: FuncArgs<'_>) {}",
            "let __all = ::taipan_objects::native::FuncArgs(args.rest());",
        ),
        ("#[method(sig = \"a=-1\")] fn f(this: &Value, a: isize) {}", "::core::option::Option::None => -1,"),
        ("#[method] fn f<'a>(this: &Value, a: Option<&'a Value>) {}", "let __argument0: Option<&'_ Value> ="),
    ];
    for (source, part) in cases {
        assert_holds(&type_block(source), part);
    }
}

#[test]
fn slots_and_attributes_get_wrappers() {
    let expanded = type_block(
        "#[slot] fn len(this: &Obj<List>) -> PyResult<usize> { Ok(0) }
        #[slot(binary(Add))] fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> { body() }
        #[getter] fn real(this: &Value) -> PyResult<Value> { body() }
        #[setter] fn set_real(this: &Value, vm: &Vm, value: Option<&Value>) -> PyResult<()> { body() }",
    );
    for part in [
        "slots.len.set(::core::option::Option::Some(Self::__slot_len));",
        "slots.binary[::taipan_objects::types::BinaryOp::Add as usize]
            .set(::core::option::Option::Some(Self::__slot_binary_Add));",
        "vm.bad_self(\"__len__\", \"list\", __this)",
        "Self::len(__this)",
        "Self::add(vm, __operand0, __operand1)",
        "get: <List>::__get_real, set: ::core::option::Option::Some(<List>::__set_set_real)",
    ] {
        assert_holds(&expanded, part);
    }
}

#[test]
fn a_constructor_may_bind_its_arguments() {
    let expanded = type_block(
        "#[slot(sig = \"iterable=(), /\")]
        fn new(class: &Obj<Type>, vm: &Vm, iterable: Option<&Value>) -> PyResult<Value> { body() }",
    );
    assert_holds(&expanded, "args.names.is_empty() && args.values.len() <= 1");
    assert_holds(&expanded, "Self::new(__this, vm, __argument0)");
    assert_holds(&expanded, "signature: \"($self, iterable=(), /)\"");
}

#[test]
fn a_module_is_filled() {
    let module = tokens(
        "/// Numbers.
        mod math_module {
            #[constant] pub const E: f64 = 2.7;
            #[constant] fn pi(vm: &Vm) -> f64 { 3.1 }
            /// Sine.
            #[function] fn sin(vm: &Vm, x: f64) -> f64 { x }
            #[cfg(unix)] #[function] fn a() {}
            #[function] fn b(x: f64) {}
        }",
    );
    let expanded = pymodule::expand(tokens("name = \"math\", types(A), init = start"), module).unwrap().to_string();
    let expanded = normal(&expanded);
    for part in [
        "pub const E: f64 = 2.7;",
        "name: \"math\", doc: \"Numbers.\"",
        "static __FUNCTIONS: [::taipan_objects::native::NativeDef; 2 + cfg!(all(unix)) as usize]",
        "&__FUNCTIONS[1 + cfg!(all(unix)) as usize]",
        "signature: \"($module, x, /)\"",
        "let __spec = <A>::spec();",
        "(module, vm, \"E\", ::taipan_objects::native::IntoValue::into_value(E, vm)?)?;",
        "(module, vm, \"pi\", ::taipan_objects::native::IntoValue::into_value(pi(vm), vm)?)?;",
        "start(vm, module)?;",
    ] {
        assert_holds(&expanded, part);
    }
}

#[test]
fn faults_are_told() {
    let cases = [
        ("#[method] fn f(&self) {}", "write `this: &Obj<T>`"),
        ("#[method] fn f(vm: &Vm) {}", "the instance or class is missing"),
        ("#[method] fn f(this: List) {}", "the first parameter is the instance or class"),
        ("#[method(sig = \"a, b\")] fn f(this: &Value, a: Value) {}", "has 2 parameters, the function 1"),
        ("#[method(sig = \"a b\")] fn f(this: &Value, a: Value) {}", "is not a parameter name"),
        ("#[method(sig = \"*a\")] fn f(this: &Value, a: Value) {}", "is a parameter of type `Rest<'_>`"),
        ("#[method(sig = \"a, **k\")] fn f(this: &Value, a: Value, k: Args) {}", "put `/` after those"),
        ("#[method(sig = \"a=1\")] fn f(this: &Value, a: &Value) {}", "is an `Option<…>` or has"),
        ("#[method(sig = \"a\")] fn f(this: &Value, #[default(1)] a: i64) {}", "this parameter is required"),
        ("#[method] fn f(this: &Value, a: Option<i64>, b: i64) {}", "required parameter `b` follows"),
        ("#[method] fn f(this: &Value, a: FuncArgs, b: i64) {}", "there can be no other parameter"),
        ("#[method] fn f<T>(this: &Value, a: T) {}", "cannot have type parameters"),
        ("#[method(names = \"a\")] fn f(this: &Value) {}", "expected name = \"…\" or sig"),
        ("#[method] #[getter] fn f(this: &Value) {}", "already has a role"),
        (
            "#[method] fn f(this: &Value) {} #[method(name = \"f\")] fn g(this: &Value) {}",
            "already has an attribute `f`",
        ),
        ("#[slot] fn nothing(this: &Value) {}", "no slot `nothing`"),
        ("#[slot(binary(Plus))] fn f(a: &Value, b: &Value) {}", "no such operation"),
        ("#[slot(binary)] fn f(a: &Value, b: &Value) {}", "which operation?"),
        ("#[slot(binary(Add))] fn f(a: &Obj<List>, b: &Value) {}", "may be any object"),
        ("#[slot] fn len(this: &Value, other: &Value) {}", "one parameter too many"),
        ("#[slot] fn getitem(this: &Value, vm: &Vm) {}", "the parameter `&Value` is missing"),
        ("#[slot(sig = \"a\")] fn len(this: &Value, a: Value) {}", "only the slots new, init and call"),
        ("#[setter] fn real(this: &Value, value: Option<&Value>) {}", "named `set_NAME`"),
        ("#[setter] fn set_real(this: &Value, value: Option<&Value>) {}", "no #[getter] named `real`"),
    ];
    for (source, message) in cases {
        let expanded = type_block(source);
        let wanted = message.replace(' ', "").replace('"', "\\\"");
        assert!(expanded.contains("compile_error!"), "{source} was accepted");
        assert!(expanded.contains(&wanted), "{source}: no `{message}` in {expanded}");
    }
    let wrong = |arguments, item| pytype::expand(tokens(arguments), tokens(item)).unwrap_err().to_string();
    assert!(wrong("", "impl List {}").contains("name is missing"));
    assert!(wrong("name = \"x\", color = 1", "impl List {}").contains("expected name"));
    assert!(wrong("name = \"x\"", "impl Clone for List {}").contains("not on a trait's"));
    assert!(wrong("name = \"x\"", "impl<T> List<T> {}").contains("no generic parameters"));
    let module = pymodule::expand(tokens("name = \"x\""), tokens("mod x;")).unwrap_err().to_string();
    assert!(module.contains("inline module"));
}

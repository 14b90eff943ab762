//! The macros of Taipan: `derive(Traverse)` and `derive(Payload)` for the heap, and the attributes that define builtin types and native modules.
//!
//! Each macro lives in a module of its own; this file only names them to the compiler.

use proc_macro::TokenStream;

mod attributes;
#[cfg(test)]
mod expansion_tests;
mod function;
mod heap;
mod pymodule;
mod pytype;
mod signature;
mod slots;

/// Implements `taipan_heap::Traverse` by visiting every field; a field whose type is not `Traverse` does not compile, and neither does a type that implements
/// `Drop`. `#[traverse(skip)]` on a field passes it over; `#[traverse(unsafe_drop)]` on the type promises that its `Drop` looks at nothing that its references
/// lead to.
#[proc_macro_derive(Traverse, attributes(traverse))]
pub fn derive_traverse(input: TokenStream) -> TokenStream {
    heap::traverse(&syn::parse_macro_input!(input)).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `taipan_heap::Payload` (and `Traverse`). Attribute `#[payload(...)]` takes `name = "…"`, `base = Type` (the first field,
/// under `repr(C)`), `tail = field` (a field of type `Tail<E>`), `class` (the first field is a `Kind`), `untracked`,
/// `retire` (the type implements `Retire`), `finalize` (the type implements `Finalize`).
#[proc_macro_derive(Payload, attributes(payload, traverse))]
pub fn derive_payload(input: TokenStream) -> TokenStream {
    heap::payload(syn::parse_macro_input!(input)).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an impl block the definition of a builtin type: adds `spec()`, which returns its `&'static TypeSpec`.
///
/// Arguments: `name = "…"`; optionally `module = "…"` (default `builtins`), `payload = Type` (default: the type of the block), `flags = A | B`
/// (names of `types::type_flags`), `ready = path` (a `fn(&Vm, &Obj<Type>) -> PyResult<()>`). The block's doc comment is the type's.
///
/// Functions of the block become part of the type by an attribute; those without one are left alone, and all keep their signatures for
/// callers in Rust. `vm: &Vm` may stand anywhere after the instance, or be left out.
/// - `#[method]`, `#[classmethod]`, `#[staticmethod]`, each with `name = "…"` and `sig = "…"` if wanted. The first parameter is
///   `this: &Obj<T>` or `&Value` (class methods: `&Obj<Type>`; static ones have none). The others are converted by `FromArg`; without `sig` they
///   are positional-only, and optional if they are an `Option<…>` or have `#[default(expression)]`. With `sig` (self left out, as in
///   `"index=-1, /"`) names, kinds and requiredness are what the text says; simple defaults (`-1`, `True`, …) serve primitive types.
///   `Rest<'_>` is `*args`, `Args<'_>` is `**kwargs`; `FuncArgs<'_>` alone takes everything unbound and, without `sig`, has no text signature.
///   `fixed` adds forms for exactly one, two and three positional arguments (`NativeDef::fixed`), where these suffice: for functions called often.
/// - `#[getter]` (`this`, `vm`) and `#[setter]` (`this`, `vm`, `Option<&Value>`; named `set_NAME`), each with `name = "…"` if wanted.
///   `#[getter(member)]` is shown as a `member_descriptor`.
/// - `#[slot]`: fills the field of `Slots` with the function's name. `#[slot(repr, str)]` fills those named, `#[slot(binary(Add))]` and
///   `#[slot(inplace(Add))]` numeric ones. Operands come in the order of the slot's function type. Results are the slot's own; where that is
///   a value, anything `IntoValue` will do. `#[slot(sig = "…")]` on `new`, `init` and `call` binds the arguments as for methods.
#[proc_macro_attribute]
pub fn pytype(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pytype::expand(arguments.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an inline `mod` the definition of a native module: adds `spec()`, which returns its `&'static ModuleSpec`.
///
/// Arguments: `name = "…"`; optionally `types(A, B)` (types with a `spec()`, added under their names) and `init = path` (a
/// `fn(&Vm, &Obj<Module>) -> PyResult<()>` that runs last); both are looked up inside the module. Its doc comment is the Python module's.
///
/// `#[function]` (with `name = "…"`, `sig = "…"` and `fixed` as for the methods of `pytype`) exports a function, `#[constant]` a `const` or the result
/// of a function of at most `vm: &Vm`, evaluated when the module is made; `#[constant(name = "…")]` renames it.
#[proc_macro_attribute]
pub fn pymodule(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pymodule::expand(arguments.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

//! The macros of Taipan: `derive(Traverse)` and `derive(Payload)` for the heap, and the attributes that define builtin types and native modules.
//!
//! Each macro lives in a module of its own; this file only names them to the compiler.

use proc_macro::TokenStream;

mod heap;

/// Implements `taipan_heap::Traverse` by visiting every field; a field whose type is not `Traverse` does not compile.
#[proc_macro_derive(Traverse)]
pub fn derive_traverse(input: TokenStream) -> TokenStream {
    heap::traverse(syn::parse_macro_input!(input)).into()
}

/// Implements `taipan_heap::Payload` (and `Traverse`). Attribute `#[payload(...)]` takes `name = "…"`, `base = Type` (the first field,
/// under `repr(C)`), `tail = field` (a field of type `Tail<E>`), `class` (the first field is a `Kind`), `untracked`.
#[proc_macro_derive(Payload, attributes(payload))]
pub fn derive_payload(input: TokenStream) -> TokenStream {
    heap::payload(syn::parse_macro_input!(input)).unwrap_or_else(syn::Error::into_compile_error).into()
}

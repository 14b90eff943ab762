//! Reading what stands around an item: its doc comment, its `cfg`s, and the attributes of these macros, which are taken off it.
//!
//! Invariant: what is emitted again carries none of the attributes that only these macros understand.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Expr, ExprLit, Ident, Lit, LitStr, Meta, Token};

/// The doc comment: lines joined by newlines, without the space that follows the slashes.
pub fn doc(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(meta) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value
        {
            let text = text.value();
            lines.push(text.strip_prefix(' ').unwrap_or(&text).trim_end().to_owned());
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// Takes off the attributes that `wanted` names.
pub fn take(attrs: &mut Vec<Attribute>, wanted: &[&str]) -> Vec<Attribute> {
    let (taken, left) =
        attrs.drain(..).partition(|attribute| wanted.iter().any(|&name| attribute.path().is_ident(name)));
    *attrs = left;
    taken
}

/// The `cfg` attributes, for everything that is generated for the item.
pub fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
}

/// The constant expression counting `items` entries of which some are under `cfg`: the index of what follows them, or a table's length.
pub fn count<'a>(items: impl Iterator<Item = &'a [Attribute]>) -> TokenStream {
    let mut plain = 0usize;
    let mut conditional = Vec::new();
    for cfgs in items {
        let conditions = cfgs.iter().filter_map(|cfg| cfg.meta.require_list().ok().map(|list| &list.tokens));
        if cfgs.is_empty() {
            plain += 1;
        } else {
            conditional.push(quote!(+ cfg!(all(#(#conditions),*)) as usize));
        }
    }
    let plain = syn::Index::from(plain);
    quote!(#plain #(#conditional)*)
}

/// `name = "…"`, `sig = "…"`, `member` and `fixed` of `#[method]` and its kin; the other attributes take a part of them.
#[derive(Default)]
pub struct Options {
    pub name: Option<LitStr>,
    pub sig: Option<LitStr>,
    pub member: bool,
    pub fixed: bool,
}

impl Options {
    /// Reads the options of `attribute`, of which `allowed` are those that make sense there.
    pub fn read(attribute: &Attribute, allowed: &[&str]) -> Result<Options, Error> {
        let mut options = Options::default();
        if matches!(attribute.meta, Meta::Path(_)) {
            return Ok(options);
        }
        attribute.parse_nested_meta(|meta| {
            let known = allowed.iter().any(|&name| meta.path.is_ident(name));
            if known && meta.path.is_ident("name") {
                options.name = Some(meta.value()?.parse()?);
            } else if known && meta.path.is_ident("member") {
                options.member = true;
            } else if known && meta.path.is_ident("fixed") {
                options.fixed = true;
            } else if known {
                options.sig = Some(meta.value()?.parse()?);
            } else {
                return Err(meta.error(match allowed {
                    [] => "this attribute takes no options".to_owned(),
                    _ => format!("expected {}", allowed.join(" = \"…\" or ") + " = \"…\""),
                }));
            }
            Ok(())
        })?;
        Ok(options)
    }
}

/// One `key = value` or `key(values)` of a macro's own arguments.
pub struct Entry {
    pub key: Ident,
    pub value: TokenStream,
}

impl Parse for Entry {
    fn parse(input: ParseStream) -> Result<Entry, Error> {
        let key: Ident = input.parse()?;
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            return Ok(Entry { key, value: content.parse()? });
        }
        input.parse::<Token![=]>()?;
        let mut value = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            value.extend([input.parse::<TokenTree>()?]);
        }
        if value.is_empty() {
            return Err(Error::new_spanned(&key, format!("`{key}` needs a value")));
        }
        Ok(Entry { key, value })
    }
}

/// Writes `ty` in place of `Self`, for code outside of the impl block.
pub fn replace_self(tokens: TokenStream, ty: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Ident(ident) if ident == "Self" => ty.clone(),
            TokenTree::Group(group) => {
                let mut replaced = Group::new(group.delimiter(), replace_self(group.stream(), ty));
                replaced.set_span(group.span());
                TokenTree::Group(replaced).into()
            }
            other => other.into(),
        })
        .collect()
}

/// Adds `error` to the ones found before.
pub fn note(errors: &mut Option<Error>, error: Error) {
    match errors {
        Some(errors) => errors.combine(error),
        None => *errors = Some(error),
    }
}

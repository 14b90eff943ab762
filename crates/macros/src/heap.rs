//! `derive(Traverse)` and `derive(Payload)`: the code they generate names every field, so nothing can be left out by mistake.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Error, Field, Fields, Ident, LitStr, Type};

/// Whether `attributes` have `#[traverse(word)]`; any other word is an error.
fn has_word(attributes: &[Attribute], word: &str) -> Result<bool, Error> {
    let mut found = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("traverse")) {
        attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident(word);
            if meta.path.is_ident(word) { Ok(()) } else { Err(meta.error(format!("expected {word}"))) }
        })?;
    }
    Ok(found)
}

fn fields(data: &Data) -> Vec<&Field> {
    match data {
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Enum(data) => data.variants.iter().flat_map(|variant| &variant.fields).collect(),
        Data::Union(_) => Vec::new(),
    }
}

/// The types of the fields that are not passed over.
fn field_types(data: &Data) -> Result<Vec<&Type>, Error> {
    let mut types = Vec::new();
    for field in fields(data) {
        if !has_word(&field.attrs, "skip")? {
            types.push(&field.ty);
        }
    }
    Ok(types)
}

fn is_skipped(field: &Field) -> bool {
    has_word(&field.attrs, "skip").unwrap_or(false)
}

/// What is generated for each field.
#[derive(Clone, Copy)]
enum Walk {
    References,
    Labels,
    Memory,
}

fn arm(path: TokenStream, fields: &Fields, walk: Walk) -> TokenStream {
    let names: Vec<Ident> = (0..fields.len()).map(|i| format_ident!("field{i}")).collect();
    let pattern = match fields {
        Fields::Named(named) => {
            let idents = named.named.iter().map(|field| &field.ident);
            quote!({ #(#idents: #names),* })
        }
        Fields::Unnamed(_) => quote!((#(#names),*)),
        Fields::Unit => quote!(),
    };
    let calls = fields.iter().enumerate().filter(|(_, field)| !is_skipped(field)).map(|(i, field)| {
        let name = &names[i];
        match walk {
            Walk::References => return quote!(::taipan_heap::Traverse::traverse(#name, visitor);),
            Walk::Memory => return quote!(memory += ::taipan_heap::Traverse::memory(#name);),
            Walk::Labels => {}
        }
        let label = field.ident.as_ref().map_or_else(|| i.to_string(), |ident| ident.to_string());
        quote!(visitor.field(#label, |visitor| ::taipan_heap::Traverse::traverse_labelled(#name, visitor));)
    });
    quote!(#path #pattern => { #(#calls)* })
}

fn arms(name: &Ident, data: &Data, walk: Walk) -> TokenStream {
    let arms: Vec<TokenStream> = match data {
        Data::Struct(data) => vec![arm(quote!(#name), &data.fields, walk)],
        Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                let ident = &variant.ident;
                arm(quote!(#name::#ident), &variant.fields, walk)
            })
            .collect(),
        Data::Union(_) => Vec::new(),
    };
    if arms.is_empty() { quote!() } else { quote!(match self { #(#arms)* }) }
}

/// The `Traverse` implementation.
pub fn traverse(input: &DeriveInput) -> Result<TokenStream, Error> {
    let name = &input.ident;
    if matches!(input.data, Data::Union(_)) {
        return Err(Error::new_spanned(name, "unions cannot be traversed"));
    }
    let (generics, arguments, wheres) = input.generics.split_for_impl();
    let types = field_types(&input.data)?;
    // Two implementations that would overlap if the type had a `Drop`.
    let no_drop = (!has_word(&input.attrs, "unsafe_drop")?).then(|| {
        quote! {
            const _: () = {
                trait MustNotImplementDrop {}
                #[allow(drop_bounds)]
                impl<TheType: ::core::ops::Drop + ?Sized> MustNotImplementDrop for TheType {}
                impl #generics MustNotImplementDrop for #name #arguments #wheres {}
            };
        }
    });
    let body = arms(name, &input.data, Walk::References);
    let labelled = arms(name, &input.data, Walk::Labels);
    let memory = arms(name, &input.data, Walk::Memory);
    Ok(quote! {
        #no_drop
        #[automatically_derived]
        #[allow(unsafe_code)]
        // SAFETY: each field is visited at most once; there is no `Drop`, or the author answers for it.
        unsafe impl #generics ::taipan_heap::Traverse for #name #arguments #wheres {
            const HOLDS_REFERENCES: bool = false #(|| <#types as ::taipan_heap::Traverse>::HOLDS_REFERENCES)*;
            #[inline]
            #[allow(unused_variables)]
            fn traverse<TheVisitor: ::taipan_heap::Visit>(&self, visitor: &mut TheVisitor) { #body }
            #[allow(unused_variables)]
            fn traverse_labelled(&self, visitor: &mut ::taipan_heap::Visitor<'_>) { #labelled }
            const OWNS_MEMORY: bool = false #(|| <#types as ::taipan_heap::Traverse>::OWNS_MEMORY)*;
            #[allow(unused_variables, unused_mut)]
            fn memory(&self) -> usize {
                let mut memory = 0;
                if Self::OWNS_MEMORY {
                    #memory
                }
                memory
            }
        }
    })
}

#[derive(Default)]
struct Options {
    name: Option<LitStr>,
    base: Option<Type>,
    tail: Option<Ident>,
    class: bool,
    untracked: bool,
    retire: bool,
    finalize: bool,
}

fn options(input: &DeriveInput) -> Result<Options, Error> {
    let mut options = Options::default();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("payload")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                options.name = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("base") {
                options.base = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("tail") {
                options.tail = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("class") {
                options.class = true;
            } else if meta.path.is_ident("untracked") {
                options.untracked = true;
            } else if meta.path.is_ident("retire") {
                options.retire = true;
            } else if meta.path.is_ident("finalize") {
                options.finalize = true;
            } else {
                return Err(meta.error("expected name, base, tail, class, untracked, retire or finalize"));
            }
            Ok(())
        })?;
    }
    Ok(options)
}

fn has_repr_c(input: &DeriveInput) -> bool {
    input.attrs.iter().any(|attribute| {
        attribute.path().is_ident("repr") && attribute.parse_args::<Ident>().is_ok_and(|ident| ident == "C")
    })
}

/// The `Payload` implementation, with `Traverse` and, for classes, `ClassPayload`.
pub fn payload(input: DeriveInput) -> Result<TokenStream, Error> {
    let name = input.ident.clone();
    let options = options(&input)?;
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&name, "a payload is a struct"));
    };
    let first = data.fields.iter().next().map(|field| field.ty.clone());
    if (options.base.is_some() || options.class) && !has_repr_c(&input) {
        return Err(Error::new_spanned(&name, "a payload with a base or a kind needs #[repr(C)]"));
    }
    if let Some(base) = &options.base
        && first.as_ref() != Some(base)
    {
        return Err(Error::new_spanned(base, "the base is the type of the first field"));
    }
    let shown = options.name.map_or_else(|| name.to_string(), |name| name.value());
    let class = options.class;
    let is_class =
        options.base.as_ref().map_or(quote!(#class), |base| quote!(#class || <#base as ::taipan_heap::Payload>::CLASS));
    let base = options.base.map_or(quote!(None), |base| quote!(Some(<#base as ::taipan_heap::Payload>::info)));
    let tailed = options.tail.is_some();
    let (elem, tail) = match &options.tail {
        Some(field) => {
            let ty = data.fields.iter().find(|f| f.ident.as_ref() == Some(field)).map(|f| &f.ty);
            let Some(ty) = ty else { return Err(Error::new_spanned(field, "no such field")) };
            (quote!(<#ty as ::taipan_heap::TailField>::Elem), quote!(Some(&self.#field)))
        }
        None => (quote!(u8), quote!(None)),
    };
    let tracked = if options.untracked {
        quote!(false)
    } else {
        quote!(<#name as ::taipan_heap::Traverse>::HOLDS_REFERENCES || <<#name as ::taipan_heap::Payload>::Elem as ::taipan_heap::Traverse>::HOLDS_REFERENCES)
    };
    let traverse = traverse(&input)?;
    let retiring = options.retire.then(|| quote!(.retiring::<#name>()));
    let finalizing = options.finalize.then(|| quote!(.finalizing::<#name>()));
    let flags = if options.finalize { quote!(::taipan_heap::flags::FINALIZER) } else { quote!(0) };
    let class = options.class.then(|| {
        quote! {
            const _: () = assert!(::std::mem::offset_of!(#name, kind) == 0);
            #[automatically_derived]
            #[allow(unsafe_code)]
            // SAFETY: the kind's offset is asserted above.
            unsafe impl ::taipan_heap::ClassPayload for #name {}
        }
    });
    Ok(quote! {
        #traverse
        const _: () = {
        static INFO: ::taipan_heap::PayloadInfo =
            ::taipan_heap::PayloadInfo::of::<#name>(#shown, #base, #tracked) #retiring #finalizing;
        static KIND: ::taipan_heap::Kind = ::taipan_heap::Kind::new(&INFO, #flags);
        #[automatically_derived]
        #[allow(unsafe_code)]
        // SAFETY: generated from the type itself: the base is the first field under repr(C), the tail a field of it.
        unsafe impl ::taipan_heap::Payload for #name {
            type Elem = #elem;
            const TAILED: bool = #tailed;
            const CLASS: bool = #is_class;
            #[inline]
            fn info() -> &'static ::taipan_heap::PayloadInfo {
                &INFO
            }
            #[inline]
            fn static_kind() -> &'static ::taipan_heap::Kind {
                &KIND
            }
            #[inline]
            fn tail(&self) -> Option<&::taipan_heap::Tail<Self::Elem>> { #tail }
        }
        };
        #class
    })
}

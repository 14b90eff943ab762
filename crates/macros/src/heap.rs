//! `derive(Traverse)` and `derive(Payload)`: the code they generate names every field, so nothing can be left out.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Fields, Ident, LitStr, Type};

fn field_types(data: &Data) -> Vec<&Type> {
    match data {
        Data::Struct(data) => data.fields.iter().map(|field| &field.ty).collect(),
        Data::Enum(data) => data.variants.iter().flat_map(|v| v.fields.iter().map(|field| &field.ty)).collect(),
        Data::Union(_) => Vec::new(),
    }
}

fn arm(path: TokenStream, fields: &Fields, labels: bool) -> TokenStream {
    let names: Vec<Ident> = (0..fields.len()).map(|i| format_ident!("field{i}")).collect();
    let pattern = match fields {
        Fields::Named(named) => {
            let idents = named.named.iter().map(|field| &field.ident);
            quote!({ #(#idents: #names),* })
        }
        Fields::Unnamed(_) => quote!((#(#names),*)),
        Fields::Unit => quote!(),
    };
    let call = match labels {
        false => quote!(#(::taipan_heap::Traverse::traverse(#names, visitor);)*),
        true => {
            let labels = fields
                .iter()
                .enumerate()
                .map(|(i, field)| field.ident.as_ref().map_or_else(|| i.to_string(), |ident| ident.to_string()));
            quote!(#(visitor.field(#labels, |visitor| ::taipan_heap::Traverse::traverse_labelled(#names, visitor));)*)
        }
    };
    quote!(#path #pattern => { #call })
}

fn arms(name: &Ident, data: &Data, labels: bool) -> TokenStream {
    let arms: Vec<TokenStream> = match data {
        Data::Struct(data) => vec![arm(quote!(#name), &data.fields, labels)],
        Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                let ident = &variant.ident;
                arm(quote!(#name::#ident), &variant.fields, labels)
            })
            .collect(),
        Data::Union(_) => Vec::new(),
    };
    if arms.is_empty() { quote!() } else { quote!(match self { #(#arms)* }) }
}

/// The `Traverse` implementation.
pub fn traverse(input: DeriveInput) -> TokenStream {
    let name = &input.ident;
    if matches!(input.data, Data::Union(_)) {
        return Error::new_spanned(name, "unions cannot be traversed").into_compile_error();
    }
    let (generics, arguments, wheres) = input.generics.split_for_impl();
    let types = field_types(&input.data);
    let body = arms(name, &input.data, false);
    let labelled = arms(name, &input.data, true);
    quote! {
        #[automatically_derived]
        impl #generics ::taipan_heap::Traverse for #name #arguments #wheres {
            const HOLDS_REFERENCES: bool = false #(|| <#types as ::taipan_heap::Traverse>::HOLDS_REFERENCES)*;
            #[inline]
            #[allow(unused_variables)]
            fn traverse<TheVisitor: ::taipan_heap::Visit>(&self, visitor: &mut TheVisitor) { #body }
            #[allow(unused_variables)]
            fn traverse_labelled(&self, visitor: &mut ::taipan_heap::Visitor<'_>) { #labelled }
        }
    }
}

#[derive(Default)]
struct Options {
    name: Option<LitStr>,
    base: Option<Type>,
    tail: Option<Ident>,
    class: bool,
    untracked: bool,
    retire: bool,
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
            } else {
                return Err(meta.error("expected name, base, tail, class, untracked or retire"));
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
    let traverse = traverse(input.clone());
    let retiring = options.retire.then(|| quote!(.retiring::<#name>()));
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
        #[automatically_derived]
        #[allow(unsafe_code)]
        // SAFETY: generated from the type itself: the base is the first field under repr(C), the tail a field of it.
        unsafe impl ::taipan_heap::Payload for #name {
            type Elem = #elem;
            const TAILED: bool = #tailed;
            #[inline]
            fn info() -> &'static ::taipan_heap::PayloadInfo {
                static INFO: ::taipan_heap::PayloadInfo =
                    ::taipan_heap::PayloadInfo::of::<#name>(#shown, #base, #tracked) #retiring;
                &INFO
            }
            #[inline]
            fn tail(&self) -> Option<&::taipan_heap::Tail<Self::Elem>> { #tail }
        }
        #class
    })
}

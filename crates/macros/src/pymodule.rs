//! `#[pymodule]`: the `ModuleSpec` of a native module from an inline Rust module.
//!
//! Invariant: the Rust module is emitted as it was written, without the attributes, with one public function `spec` added to it; what the
//! arguments name (types, `init`) is looked up inside of it. A module is filled in the order types, constants, `init`.

use crate::attributes::{Entry, Options, cfgs, count, doc, note, take};
use crate::function::{Function, Role, is_vm, python_name, refuse_odd};
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, FnArg, Item, ItemMod, LitStr, Token, Type};

struct Arguments {
    name: LitStr,
    init: Option<TokenStream>,
    types: Vec<Type>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream) -> Result<Arguments, Error> {
        let entries = Punctuated::<Entry, Token![,]>::parse_terminated(input)?;
        let (mut name, mut init, mut types) = (None, None, Vec::new());
        for Entry { key, value } in entries {
            match key.to_string().as_str() {
                "name" => name = Some(syn::parse2(value)?),
                "init" => init = Some(value),
                "types" => types.extend(Punctuated::<Type, Token![,]>::parse_terminated.parse2(value)?),
                _ => return Err(Error::new_spanned(&key, "expected name, init or types")),
            }
        }
        let name = name.ok_or_else(|| input.error("the module's name is missing: `name = \"…\"`"))?;
        Ok(Arguments { name, init, types })
    }
}

/// A constant: its name in Python and the expression that makes it.
struct Constant {
    name: String,
    cfgs: Vec<Attribute>,
    value: TokenStream,
}

/// Expands the attribute.
pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream, Error> {
    let mut module: ItemMod = syn::parse2(item)?;
    let arguments: Arguments = syn::parse2(arguments)?;
    let doc = doc(&module.attrs);
    let Some((_, items)) = &mut module.content else {
        return Err(Error::new_spanned(&module, "#[pymodule] stands on an inline module: `mod name { … }`"));
    };
    let (mut functions, mut constants, mut errors) = (Vec::new(), Vec::new(), None);
    for item in items.iter_mut() {
        if let Err(error) = read_item(item, &mut functions, &mut constants) {
            note(&mut errors, error);
        }
    }
    for (i, function) in functions.iter().enumerate() {
        let same = |other: &Function| other.name == function.name;
        if function.cfgs.is_empty() && functions[..i].iter().any(same) {
            let message = format!("the module already has a function `{}`", function.name);
            note(&mut errors, Error::new(function.span(), message));
        }
    }
    let generated = match errors {
        Some(errors) => errors.into_compile_error(),
        None => generate(&arguments, &doc, &functions, &constants),
    };
    items.push(Item::Verbatim(generated));
    Ok(quote!(#module))
}

fn read_item(item: &mut Item, functions: &mut Vec<Function>, constants: &mut Vec<Constant>) -> Result<(), Error> {
    match item {
        Item::Fn(function) => {
            let taken = take(&mut function.attrs, &["function", "constant"]);
            let Some(attribute) = taken.first() else { return Ok(()) };
            if let Some(second) = taken.get(1) {
                return Err(Error::new_spanned(second, "the function already has a role"));
            }
            if attribute.path().is_ident("function") {
                let found = Function::read(&mut function.sig, &function.attrs, attribute, Role::Function)?;
                functions.push(found);
                return Ok(());
            }
            refuse_odd(&function.sig)?;
            let mut arguments = Vec::new();
            for input in &function.sig.inputs {
                match input {
                    FnArg::Typed(input) if is_vm(&input.ty) => arguments.push(quote!(vm)),
                    _ => return Err(Error::new_spanned(input, "a constant's function takes only `vm: &Vm`")),
                }
            }
            let ident = &function.sig.ident;
            let name = Options::read(attribute, &["name"])?.name.map_or_else(|| python_name(ident), |n| n.value());
            constants.push(Constant { name, cfgs: cfgs(&function.attrs), value: quote!(#ident(#(#arguments),*)) });
        }
        Item::Const(constant) => {
            let taken = take(&mut constant.attrs, &["constant"]);
            let Some(attribute) = taken.first() else { return Ok(()) };
            let ident = &constant.ident;
            let name = Options::read(attribute, &["name"])?.name.map_or_else(|| ident.to_string(), |n| n.value());
            constants.push(Constant { name, cfgs: cfgs(&constant.attrs), value: quote!(#ident) });
        }
        _ => {}
    }
    Ok(())
}

fn generate(arguments: &Arguments, doc: &str, functions: &[Function], constants: &[Constant]) -> TokenStream {
    let Arguments { name, init, types } = arguments;
    let function_count = count(functions.iter().map(|function| &function.cfgs[..]));
    let shown = Some(name.value()).filter(|name| name != "builtins").unwrap_or_default();
    let defs = functions.iter().map(|function| function.def(&quote!(), &shown));
    let calls = functions.iter().enumerate().map(|(i, function)| {
        let index = count(functions[..i].iter().map(|function| &function.cfgs[..]));
        function.wrapper(&quote!(__FUNCTIONS[#index]), &quote!(), None)
    });
    let set = quote!(::taipan_objects::builtins::module::ModuleObject::set_attr);
    let into_value = quote!(::taipan_objects::native::IntoValue::into_value);
    let types = types.iter().map(|ty| {
        quote! {
            let __spec = <#ty>::spec();
            #set(module, vm, __spec.name, #into_value(vm.native_type(__spec)?, vm)?)?;
        }
    });
    let constants = constants
        .iter()
        .map(|Constant { name, cfgs, value }| quote!(#(#cfgs)* #set(module, vm, #name, #into_value(#value, vm)?)?;));
    let init = init.as_ref().map(|init| quote!(#init(vm, module)?;));
    quote! {
        /// The description that the Python module is made from.
        #[inline]
        #[allow(unused_qualifications, unused_variables, clippy::all)]
        pub fn spec() -> &'static ::taipan_objects::native::ModuleSpec {
            static __FUNCTIONS: [::taipan_objects::native::NativeDef; #function_count] = [#(#defs),*];
            static __SPEC: ::taipan_objects::native::ModuleSpec = ::taipan_objects::native::ModuleSpec {
                name: #name,
                doc: #doc,
                functions: &__FUNCTIONS,
                init: __init,
            };
            fn __init(
                vm: &::taipan_objects::vm::Vm,
                module: &::taipan_heap::Obj<::taipan_objects::builtins::module::Module>,
            ) -> ::taipan_objects::vm::PyResult<()> {
                #(#types)*
                #(#constants)*
                #init
                ::core::result::Result::Ok(())
            }
            #(#calls)*
            &__SPEC
        }
    }
}

//! `#[pytype]`: the `TypeSpec` of a builtin type from the impl block that holds its methods.
//!
//! Invariant: the impl block is emitted as it was written, without the attributes, and everything generated stands beside it in one anonymous
//! constant; a fault in one function is reported at that function together with the faults of the others.

use crate::attributes::{Entry, Options, cfgs, count, doc, note, replace_self, take};
use crate::function::{Callable, Function, Owner, Receiver, Role, is_vm, object_payload, python_name, refuse_odd};
use crate::signature;
use crate::slots::{BINARY, INPLACE, OPERATIONS, Operand, Outcome, SLOTS, Slot};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, LitStr, Meta, Token, Type};

const ROLES: &[&str] = &["method", "classmethod", "staticmethod", "getter", "setter", "slot"];

struct Arguments {
    name: LitStr,
    module: Option<LitStr>,
    payload: Option<Type>,
    flags: Option<TokenStream>,
    ready: Option<TokenStream>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream) -> Result<Arguments, Error> {
        let entries = Punctuated::<Entry, Token![,]>::parse_terminated(input)?;
        let (mut name, mut module, mut payload, mut flags, mut ready) = (None, None, None, None, None);
        for Entry { key, value } in entries {
            match key.to_string().as_str() {
                "name" => name = Some(syn::parse2(value)?),
                "module" => module = Some(syn::parse2(value)?),
                "payload" => payload = Some(syn::parse2(value)?),
                "flags" => flags = Some(value),
                "ready" => ready = Some(value),
                _ => return Err(Error::new_spanned(&key, "expected name, module, payload, flags or ready")),
            }
        }
        let name = name.ok_or_else(|| input.error("the type's name is missing: `name = \"…\"`"))?;
        Ok(Arguments { name, module, payload, flags, ready })
    }
}

/// What has been read of the impl block.
#[derive(Default)]
struct Contents {
    methods: Vec<Function>,
    getsets: Vec<GetSet>,
    setters: Vec<Accessor>,
    slots: Vec<FilledSlot>,
}

/// A getter or setter function.
struct Accessor {
    ident: Ident,
    name: String,
    cfgs: Vec<Attribute>,
    doc: String,
    callable: Vec<Ordered>,
    receiver: Receiver,
    member: bool,
}

struct GetSet {
    getter: Accessor,
    setter: Option<Accessor>,
}

/// A parameter of a function whose operands are fixed: the vm, or the operand of that number.
#[derive(Clone, Copy)]
enum Ordered {
    Vm,
    Operand(usize),
}

struct FilledSlot {
    slot: &'static Slot,
    /// The operation of `binary` and `inplace`.
    operation: Option<Ident>,
    ident: Ident,
    cfgs: Vec<Attribute>,
    body: SlotBody,
}

enum SlotBody {
    /// The function takes the slot's operands.
    Plain { order: Vec<Ordered>, receiver: Option<Receiver> },
    /// The function takes Python parameters that `Args` is bound to.
    Bound(Callable),
}

/// Expands the attribute.
pub fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream, Error> {
    let mut block: ItemImpl = syn::parse2(item)?;
    let arguments: Arguments = syn::parse2(arguments)?;
    if let Some((_, path, _)) = &block.trait_ {
        return Err(Error::new_spanned(path, "#[pytype] stands on the type's own impl block, not on a trait's"));
    }
    if !block.generics.params.is_empty() {
        return Err(Error::new_spanned(&block.generics, "a builtin type has no generic parameters"));
    }
    let mut contents = Contents::default();
    let mut errors = None;
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && let Err(error) = read_function(function, &mut contents)
        {
            note(&mut errors, error);
        }
    }
    if let Err(error) = contents.pair() {
        note(&mut errors, error);
    }
    if let Err(error) = contents.check_repeats() {
        note(&mut errors, error);
    }
    let generated = match errors {
        Some(errors) => errors.into_compile_error(),
        None => generate(&arguments, &block, &contents),
    };
    Ok(quote!(#block #generated))
}

fn read_function(function: &mut ImplItemFn, contents: &mut Contents) -> Result<(), Error> {
    let attributes = take(&mut function.attrs, ROLES);
    let Some(attribute) = attributes.first() else { return Ok(()) };
    let (role, several) = (attribute.path(), attributes.len() > 1);
    if several && !attributes.iter().all(|attribute| attribute.path().is_ident("slot")) {
        return Err(Error::new_spanned(
            &attributes[1],
            "the function already has a role; only #[slot] may be repeated",
        ));
    }
    let method = if role.is_ident("method") {
        Role::Method
    } else if role.is_ident("classmethod") {
        Role::ClassMethod
    } else if role.is_ident("staticmethod") {
        Role::StaticMethod
    } else if role.is_ident("slot") {
        for attribute in &attributes {
            contents.slots.extend(read_slots(function, attribute)?);
        }
        return Ok(());
    } else {
        let setter = role.is_ident("setter");
        let accessor = read_accessor(function, attribute, setter)?;
        if setter {
            contents.setters.push(accessor);
        } else {
            contents.getsets.push(GetSet { getter: accessor, setter: None });
        }
        return Ok(());
    };
    contents.methods.push(Function::read(&mut function.sig, &function.attrs, attribute, method)?);
    Ok(())
}

/// Orders the parameters of a function with `shown.len()` operands, whose types are left to the compiler.
fn operands(function: &ImplItemFn, shown: &[&str]) -> Result<(Vec<Ordered>, Vec<Type>), Error> {
    refuse_odd(&function.sig)?;
    let (mut order, mut types) = (Vec::new(), Vec::new());
    for input in &function.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        if is_vm(&input.ty) {
            order.push(Ordered::Vm);
            continue;
        }
        if types.len() == shown.len() {
            let message = format!("one parameter too many: this takes {} and the vm", shown.join(", "));
            return Err(Error::new_spanned(input, message));
        }
        order.push(Ordered::Operand(types.len()));
        types.push((*input.ty).clone());
    }
    match shown.get(types.len()) {
        Some(next) => Err(Error::new_spanned(&function.sig.ident, format!("the parameter {next} is missing"))),
        None => Ok((order, types)),
    }
}

fn read_accessor(function: &ImplItemFn, attribute: &Attribute, setter: bool) -> Result<Accessor, Error> {
    let options = Options::read(attribute, if setter { &["name"] } else { &["name", "member"] })?;
    let this = Operand::This.shown();
    let shown = if setter { &[this, Operand::MaybeValue.shown()][..] } else { &[this][..] };
    let (callable, types) = operands(function, shown)?;
    let receiver = Receiver::of(&types[0])?;
    let ident = function.sig.ident.clone();
    let name = match options.name {
        Some(name) => name.value(),
        None if setter => {
            let name = ident.to_string();
            let message = "a setter is named `set_NAME`, or says #[setter(name = \"…\")]";
            name.strip_prefix("set_").ok_or_else(|| Error::new_spanned(&ident, message))?.to_owned()
        }
        None => python_name(&ident),
    };
    Ok(Accessor {
        ident,
        name,
        cfgs: cfgs(&function.attrs),
        doc: doc(&function.attrs),
        callable,
        receiver,
        member: options.member,
    })
}

/// The contents of `#[slot(…)]`: names of slots, `binary(Op)`, `inplace(Op)`, and `sig = "…"` for `new`, `init` and `call`.
fn read_slots(function: &mut ImplItemFn, attribute: &Attribute) -> Result<Vec<FilledSlot>, Error> {
    let (mut wanted, mut sig): (Vec<(Ident, Option<Ident>)>, Option<LitStr>) = (Vec::new(), None);
    if let Meta::List(list) = &attribute.meta {
        let parser = |input: ParseStream| -> Result<(), Error> {
            while !input.is_empty() {
                let name: Ident = input.parse()?;
                if name == "sig" && input.peek(Token![=]) {
                    input.parse::<Token![=]>()?;
                    sig = Some(input.parse()?);
                } else if input.peek(syn::token::Paren) {
                    let content;
                    syn::parenthesized!(content in input);
                    wanted.push((name, Some(content.parse()?)));
                } else {
                    wanted.push((name, None));
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        parser.parse2(list.tokens.clone())?;
    }
    if wanted.is_empty() {
        wanted.push((function.sig.ident.clone(), None));
    }
    wanted.into_iter().map(|(name, operation)| read_slot(function, name, operation, sig.as_ref())).collect()
}

fn find_slot(name: &Ident, operation: Option<&Ident>) -> Result<&'static Slot, Error> {
    let text = name.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    let numeric = match text {
        "binary" => Some(&BINARY),
        "inplace" => Some(&INPLACE),
        _ => None,
    };
    match (numeric, operation) {
        (Some(slot), Some(operation)) if OPERATIONS.iter().any(|(known, _)| operation == known) => Ok(slot),
        (Some(_), Some(operation)) => {
            let known: Vec<&str> = OPERATIONS.iter().map(|(name, _)| *name).collect();
            Err(Error::new_spanned(operation, format!("no such operation; they are {}", known.join(", "))))
        }
        (Some(_), None) => Err(Error::new_spanned(name, format!("which operation? write `{text}(Add)`"))),
        (None, Some(operation)) => Err(Error::new_spanned(operation, format!("`{text}` takes no operation"))),
        (None, None) => SLOTS.iter().find(|slot| slot.name == text).ok_or_else(|| {
            let known: Vec<&str> = SLOTS.iter().map(|slot| slot.name).collect();
            let message = format!("no slot `{text}`; slots are {}, binary(Op), inplace(Op)", known.join(", "));
            Error::new_spanned(name, message)
        }),
    }
}

fn read_slot(
    function: &mut ImplItemFn,
    name: Ident,
    operation: Option<Ident>,
    sig: Option<&LitStr>,
) -> Result<FilledSlot, Error> {
    let slot = find_slot(&name, operation.as_ref())?;
    let body = match sig {
        Some(sig) if matches!(slot.operands, [_, Operand::Args]) => {
            SlotBody::Bound(Callable::read(&mut function.sig, true, Some(sig))?)
        }
        Some(sig) => return Err(Error::new_spanned(sig, "only the slots new, init and call take a signature")),
        None => {
            let shown: Vec<&str> = slot.operands.iter().map(|operand| operand.shown()).collect();
            let (order, types) = operands(function, &shown)?;
            for (operand, ty) in slot.operands.iter().zip(&types) {
                if *operand == Operand::Value && object_payload(ty).is_some() {
                    let message = "this operand may be any object: take `&Value` and downcast it";
                    return Err(Error::new_spanned(ty, message));
                }
            }
            let has_receiver = slot.operands[0] == Operand::This;
            let receiver = if has_receiver { Some(Receiver::of(&types[0])?) } else { None };
            SlotBody::Plain { order, receiver }
        }
    };
    let ident = function.sig.ident.clone();
    Ok(FilledSlot { slot, operation, ident, cfgs: cfgs(&function.attrs), body })
}

impl Contents {
    /// Gives each setter to the getter of its name.
    fn pair(&mut self) -> Result<(), Error> {
        for setter in self.setters.drain(..) {
            match self.getsets.iter_mut().find(|getset| getset.getter.name == setter.name) {
                Some(getset) if getset.setter.is_none() => getset.setter = Some(setter),
                Some(_) => return Err(Error::new_spanned(&setter.ident, "the attribute already has a setter")),
                None => {
                    let message = format!("there is no #[getter] named `{}`", setter.name);
                    return Err(Error::new_spanned(&setter.ident, message));
                }
            }
        }
        Ok(())
    }

    fn check_repeats(&self) -> Result<(), Error> {
        let methods = self.methods.iter().map(|method| (&method.name, method.span(), &method.cfgs));
        let getsets = self.getsets.iter().map(|g| (&g.getter.name, g.getter.ident.span(), &g.getter.cfgs));
        let mut seen: Vec<&String> = Vec::new();
        for (name, span, cfgs) in methods.chain(getsets) {
            if seen.contains(&name) && cfgs.is_empty() {
                return Err(Error::new(span, format!("the type already has an attribute `{name}`")));
            }
            seen.push(name);
        }
        for (i, filled) in self.slots.iter().enumerate() {
            let same = |other: &FilledSlot| other.slot.name == filled.slot.name && other.operation == filled.operation;
            if filled.cfgs.is_empty() && self.slots[..i].iter().any(same) {
                let message = format!("the slot `{}` is already filled", filled.slot.name);
                return Err(Error::new_spanned(&filled.ident, message));
            }
        }
        Ok(())
    }
}

impl Accessor {
    fn wrapper_ident(&self, kind: &str) -> Ident {
        format_ident!("__{kind}_{}", self.ident.to_string().trim_start_matches("r#"))
    }

    fn wrapper(&self, setter: bool, owner: Owner) -> TokenStream {
        let Accessor { cfgs, ident, name, .. } = self;
        let check = self.receiver.check(name, owner);
        let arguments = self.callable.iter().map(|ordered| match ordered {
            Ordered::Vm => quote!(vm),
            Ordered::Operand(0) => quote!(__this),
            Ordered::Operand(_) => quote!(__value),
        });
        let call = quote!(Self::#ident(#(#arguments),*));
        if setter {
            let (wrapper, outcome) = (self.wrapper_ident("set"), Outcome::Unit.ty());
            return quote! {
                #(#cfgs)*
                fn #wrapper(
                    vm: &::taipan_objects::vm::Vm,
                    __this: &::taipan_heap::Value,
                    __value: ::core::option::Option<&::taipan_heap::Value>,
                ) -> #outcome {
                    #check
                    #call
                }
            };
        }
        let (wrapper, outcome) = (self.wrapper_ident("get"), Outcome::Object.ty());
        quote! {
            #(#cfgs)*
            fn #wrapper(vm: &::taipan_objects::vm::Vm, __this: &::taipan_heap::Value) -> #outcome {
                #check
                ::taipan_objects::native::IntoValue::into_value(#call, vm)
            }
        }
    }
}

impl GetSet {
    fn def(&self, home: &TokenStream) -> TokenStream {
        let Accessor { cfgs, name, doc, member, .. } = &self.getter;
        let get = self.getter.wrapper_ident("get");
        let set = match &self.setter {
            Some(setter) => {
                let set = setter.wrapper_ident("set");
                quote!(::core::option::Option::Some(#home::#set))
            }
            None => quote!(::core::option::Option::None),
        };
        quote! {
            #(#cfgs)*
            ::taipan_objects::native::GetSetDef { name: #name, doc: #doc, get: #home::#get, set: #set, member: #member }
        }
    }
}

impl FilledSlot {
    fn wrapper_ident(&self) -> Ident {
        match &self.operation {
            Some(operation) => format_ident!("__slot_{}_{operation}", self.slot.name),
            None => format_ident!("__slot_{}", self.slot.name),
        }
    }

    /// The statement that fills the slot.
    fn fill(&self) -> TokenStream {
        let (cfgs, wrapper) = (&self.cfgs, self.wrapper_ident());
        let field = format_ident!("{}", self.slot.name);
        let cell = match &self.operation {
            Some(operation) => quote!(#field[::taipan_objects::types::BinaryOp::#operation as usize]),
            None => quote!(#field),
        };
        quote!(#(#cfgs)* slots.#cell.set(::core::option::Option::Some(Self::#wrapper));)
    }

    /// The special method's name, for messages.
    fn method(&self) -> String {
        let Some(operation) = &self.operation else { return self.slot.method.to_owned() };
        let stem = OPERATIONS.iter().find(|(name, _)| operation == name).map_or("", |(_, stem)| stem);
        format!("__{}{stem}__", if self.slot.name == "inplace" { "i" } else { "" })
    }

    fn wrapper(&self, owner: Owner) -> TokenStream {
        let (cfgs, wrapper, ident) = (&self.cfgs, self.wrapper_ident(), &self.ident);
        let outcome = self.slot.outcome.ty();
        let locals = (0..self.slot.operands.len()).map(|i| match (self.slot.operands[i], i) {
            (Operand::This | Operand::Class, 0) => format_ident!("__this"),
            (Operand::Args, _) => format_ident!("args"),
            _ => format_ident!("__operand{i}"),
        });
        let locals: Vec<Ident> = locals.collect();
        let types = self.slot.operands.iter().map(|operand| operand.ty());
        let (before, call) = match &self.body {
            SlotBody::Plain { order, receiver } => {
                let check = receiver.as_ref().map(|receiver| receiver.check(&self.method(), owner));
                let arguments = order.iter().map(|ordered| match ordered {
                    Ordered::Vm => quote!(vm),
                    Ordered::Operand(i) => {
                        let local = &locals[*i];
                        quote!(#local)
                    }
                });
                (quote!(#check), quote!(Self::#ident(#(#arguments),*)))
            }
            SlotBody::Bound(callable) => {
                let def = self.def(callable, owner);
                let check = match (self.slot.operands[0], &callable.receiver) {
                    (Operand::This, Some(receiver)) => receiver.check(&self.method(), owner),
                    _ => quote!(),
                };
                let bind = callable.bind(0, &quote!(__DEF), owner.name);
                (quote!(#def #check #bind), callable.call(&quote!(Self::#ident)))
            }
        };
        let call = match self.slot.outcome {
            Outcome::Object => quote!(::taipan_objects::native::IntoValue::into_value(#call, vm)),
            _ => call,
        };
        quote! {
            #(#cfgs)*
            fn #wrapper(vm: &::taipan_objects::vm::Vm, #(#locals: #types),*) -> #outcome {
                #before
                #call
            }
        }
    }

    /// The description that `args` is bound by, named like the type as in CPython's messages; called, it runs the slot.
    fn def(&self, callable: &Callable, owner: Owner) -> TokenStream {
        let Owner { ty, name } = owner;
        let (wrapper, method) = (self.wrapper_ident(), self.method());
        let params = callable.params_table();
        let shown = signature::show(Some("$self"), &callable.params);
        let cast = match self.slot.operands[0] {
            Operand::Class => quote!(.and_then(|__this| __this.downcast::<::taipan_objects::types::Type>())),
            _ => quote!(),
        };
        let missing = format!("{name}.{method}(): not enough arguments");
        quote! {
            static __DEF: ::taipan_objects::native::NativeDef = ::taipan_objects::native::NativeDef {
                name: #name,
                owner: "",
                doc: "",
                signature: #shown,
                params: #params,
                kind: ::taipan_objects::native::MethodKind::Method,
                fixed: ::taipan_objects::native::Fixed::NONE,
                call: |vm, args| match args.positionals().first() #cast {
                    ::core::option::Option::Some(__this) => {
                        ::taipan_objects::native::IntoValue::into_value(<#ty>::#wrapper(vm, __this, args.rest()), vm)
                    }
                    ::core::option::Option::None => ::core::result::Result::Err(vm.type_error(#missing)),
                },
            };
        }
    }
}

fn generate(arguments: &Arguments, block: &ItemImpl, contents: &Contents) -> TokenStream {
    let (self_ty, block_cfgs) = (&block.self_ty, cfgs(&block.attrs));
    let ty = quote!(#self_ty);
    let name = arguments.name.value();
    let statics = statics(arguments, &doc(&block.attrs), &ty, contents);
    let wrappers = wrappers(Owner { ty: &ty, name: &name }, contents);
    let fills = contents.slots.iter().map(FilledSlot::fill);
    let parameter = if contents.slots.is_empty() { quote!(_) } else { quote!(slots) };
    quote! {
        #(#block_cfgs)*
        #[allow(unused_qualifications, unused_imports, non_snake_case, clippy::all)]
        const _: () = {
            #statics
            impl #self_ty {
                /// The description that the Python type is made from.
                #[inline]
                pub fn spec() -> &'static ::taipan_objects::native::TypeSpec {
                    &__SPEC
                }
                fn __fill_slots(#parameter: &::taipan_objects::types::Slots) {
                    #(#fills)*
                }
                #wrappers
            }
        };
    }
}

/// `__SPEC` and the tables that it points to.
fn statics(arguments: &Arguments, doc: &str, ty: &TokenStream, contents: &Contents) -> TokenStream {
    let (name, home) = (&arguments.name, quote!(<#ty>));
    let Contents { methods, getsets, .. } = contents;
    let module = arguments.module.as_ref().map_or(quote!("builtins"), |module| quote!(#module));
    let payload = arguments.payload.as_ref().map_or(ty.clone(), |payload| replace_self(quote!(#payload), ty));
    let flags = arguments.flags.as_ref().map_or(quote!(0), |flags| {
        quote!({
            use ::taipan_objects::types::type_flags::*;
            #flags
        })
    });
    let ready = match &arguments.ready {
        Some(ready) => {
            let ready = replace_self(ready.clone(), &home);
            quote!(::core::option::Option::Some(#ready))
        }
        None => quote!(::core::option::Option::None),
    };
    let method_count = count(methods.iter().map(|method| &method.cfgs[..]));
    let getset_count = count(getsets.iter().map(|getset| &getset.getter.cfgs[..]));
    let shown = name.value();
    let method_defs = methods.iter().map(|method| method.def(&quote!(#home::), &shown));
    let getset_defs = getsets.iter().map(|getset| getset.def(&home));
    quote! {
        static __METHODS: [::taipan_objects::native::NativeDef; #method_count] = [#(#method_defs),*];
        static __GETSETS: [::taipan_objects::native::GetSetDef; #getset_count] = [#(#getset_defs),*];
        static __SPEC: ::taipan_objects::native::TypeSpec = ::taipan_objects::native::TypeSpec {
            name: #name,
            module: #module,
            doc: #doc,
            payload: <#payload as ::taipan_heap::Payload>::info,
            methods: &__METHODS,
            getsets: &__GETSETS,
            fill_slots: #home::__fill_slots,
            flags: #flags,
            ready: #ready,
        };
    }
}

/// The functions that the tables and slots point to.
fn wrappers(owner: Owner, contents: &Contents) -> TokenStream {
    let Contents { methods, getsets, slots, .. } = contents;
    let calls = methods.iter().enumerate().map(|(i, method)| {
        let index = count(methods[..i].iter().map(|method| &method.cfgs[..]));
        method.wrapper(&quote!(__METHODS[#index]), &quote!(Self::), Some(owner))
    });
    let accessors = getsets.iter().map(|GetSet { getter, setter }| {
        let get = getter.wrapper(false, owner);
        let set = setter.as_ref().map(|setter| setter.wrapper(true, owner));
        quote!(#get #set)
    });
    let slots = slots.iter().map(|filled| filled.wrapper(owner));
    quote!(#(#calls)* #(#accessors)* #(#slots)*)
}

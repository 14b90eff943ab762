//! Native functions: what a Rust function's parameters mean, and the wrapper that takes a call's arguments apart for it.
//!
//! Invariant: the wrapper evaluates conversions in the order of the Python parameters and calls the user's function, left as it was
//! written, with its arguments in the order in which that function declares them.

use crate::attributes::{Options, cfgs, doc, take};
use crate::signature::{self, Kind, Parameter, UNREPRESENTABLE};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Expr, FnArg, GenericArgument, Ident, LitStr, Pat, PathArguments, PathSegment, Signature, Type,
};

/// How the function binds; the names are those of `taipan_objects::native::MethodKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Function,
    Method,
    ClassMethod,
    StaticMethod,
}

impl Role {
    /// Whether the first parameter is the instance or the class.
    pub fn has_receiver(self) -> bool {
        matches!(self, Role::Method | Role::ClassMethod)
    }

    fn shown_first(self) -> Option<&'static str> {
        match self {
            Role::Function => Some("$module"),
            Role::Method => Some("$self"),
            Role::ClassMethod => Some("$type"),
            Role::StaticMethod => None,
        }
    }
}

/// The type a function belongs to.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    /// The Rust type.
    pub ty: &'a TokenStream,
    /// Its name in Python.
    pub name: &'a str,
}

/// The instance or class that a function is given first.
pub enum Receiver {
    /// `&Value`
    Value,
    /// `&Obj<T>`: this `T`.
    Object(Box<Type>),
}

impl Receiver {
    /// Reads the type of the first parameter.
    pub fn of(ty: &Type) -> Result<Receiver, Error> {
        if let Some(payload) = object_payload(ty) {
            return Ok(Receiver::Object(Box::new(payload.clone())));
        }
        match ty {
            Type::Reference(reference) if last(&reference.elem).is_some_and(|s| s.ident == "Value") => {
                Ok(Receiver::Value)
            }
            _ => Err(Error::new_spanned(ty, "the first parameter is the instance or class: `&Obj<T>` or `&Value`")),
        }
    }

    /// Statements that make `this` out of the `&Value` of the same name, or raise.
    pub fn check(&self, function: &str, owner: Owner) -> TokenStream {
        match self {
            Receiver::Value => quote!(),
            Receiver::Object(ty) => {
                let type_name = owner.name;
                quote! {
                    let ::core::option::Option::Some(__this) = __this.downcast::<#ty>() else {
                        return ::core::result::Result::Err(vm.bad_self(#function, #type_name, __this));
                    };
                }
            }
        }
    }
}

/// A parameter of the Rust function, in its order.
pub enum Input {
    Receiver,
    Vm,
    /// A converted argument, by its number.
    Python(usize),
    /// Everything as it came.
    All,
}

/// A Rust parameter that holds a Python argument.
struct Converted {
    ty: Type,
    default: Option<Expr>,
}

/// A Rust function taken apart.
pub struct Callable {
    pub receiver: Option<Receiver>,
    inputs: Vec<Input>,
    converted: Vec<Converted>,
    /// The parameters as Python sees them.
    pub params: Vec<Parameter>,
    takes_all: bool,
}

impl Callable {
    /// Reads a function whose Python parameters are its own, taking `#[default]` off them.
    pub fn read(sig: &mut Signature, has_receiver: bool, text: Option<&LitStr>) -> Result<Callable, Error> {
        refuse_odd(sig)?;
        let (mut receiver, mut inputs, mut converted, mut params) = (None, Vec::new(), Vec::new(), Vec::new());
        let mut all = None;
        for input in &mut sig.inputs {
            let FnArg::Typed(input) = input else { continue };
            let defaults = take(&mut input.attrs, &["default"]);
            let ty = &input.ty;
            if is_vm(ty) {
                inputs.push(Input::Vm);
            } else if has_receiver && receiver.is_none() {
                receiver = Some(Receiver::of(ty)?);
                inputs.push(Input::Receiver);
            } else if last(ty).is_some_and(|segment| segment.ident == "FuncArgs") {
                all = Some(ty.clone());
                inputs.push(Input::All);
            } else {
                let default = defaults.first().map(|default| default.parse_args::<Expr>()).transpose()?;
                params.push(untold(&input.pat, ty, default.as_ref())?);
                inputs.push(Input::Python(converted.len()));
                converted.push(Converted { ty: erase_lifetimes(ty), default });
            }
        }
        if has_receiver && receiver.is_none() {
            return Err(Error::new_spanned(&sig.ident, "the instance or class is missing: `this: &Obj<T>`"));
        }
        if let (Some(ty), false) = (&all, converted.is_empty()) {
            return Err(Error::new_spanned(ty, "`FuncArgs` takes every argument; there can be no other parameter"));
        }
        let takes_all = all.is_some();
        let mut callable = Callable { receiver, inputs, converted, params, takes_all };
        match text {
            Some(text) => callable.apply(text)?,
            None => signature::check(&callable.params).map_err(|message| Error::new_spanned(&sig.ident, message))?,
        }
        callable.check_defaults()?;
        Ok(callable)
    }

    /// Takes names, kinds and requiredness from the signature's text.
    fn apply(&mut self, text: &LitStr) -> Result<(), Error> {
        let params = signature::parse(&text.value()).map_err(|message| Error::new_spanned(text, message))?;
        if self.takes_all {
            self.params = params;
            return Ok(());
        }
        if params.len() != self.params.len() {
            let (told, found) = (params.len(), self.params.len());
            let message =
                format!("the signature has {told} parameters, the function {found} (vm and self not counted)");
            return Err(Error::new_spanned(text, message));
        }
        for ((told, found), converted) in params.iter().zip(&self.params).zip(&self.converted) {
            let special = |kind| matches!(kind, Kind::VarPositional | Kind::VarKeyword);
            if told.kind != found.kind && (special(told.kind) || special(found.kind)) {
                let name = &told.name;
                let message = match told.kind {
                    Kind::VarPositional => format!("`*{name}` is a parameter of type `Rest<'_>`"),
                    Kind::VarKeyword => format!("`**{name}` is a parameter of type `Args<'_>`"),
                    _ => format!("`{name}` stands in the signature where this type takes `*args` or `**kwargs`"),
                };
                return Err(Error::new_spanned(&converted.ty, message));
            }
        }
        self.params = params;
        if self.has(Kind::VarKeyword) && (self.has(Kind::KeywordOnly) || self.has(Kind::Positional)) {
            let message = "`**` would also hold the keywords of the other parameters: put `/` after those, or take `FuncArgs<'_>`";
            return Err(Error::new_spanned(text, message));
        }
        Ok(())
    }

    /// Finds a value for each optional parameter when it is not given, or says that there is none.
    fn check_defaults(&mut self) -> Result<(), Error> {
        for (param, converted) in self.params.iter().zip(&mut self.converted) {
            let Some(text) = &param.default else {
                if let Some(default) = &converted.default {
                    return Err(Error::new_spanned(default, "the signature says that this parameter is required"));
                }
                continue;
            };
            let ty = &converted.ty;
            if converted.default.is_some() || is_option(ty) {
                continue;
            }
            let name = last(ty).map(|segment| segment.ident.to_string()).unwrap_or_default();
            converted.default = signature::rust_default(text, &name);
            let primitive = matches!(
                name.as_str(),
                "bool" | "f64" | "isize" | "i64" | "i32" | "usize" | "u64" | "u32" | "u8" | "Value" | "String"
            );
            if converted.default.is_none() && (primitive || matches!(ty, Type::Reference(_))) {
                let message = "an optional parameter is an `Option<…>` or has a `#[default(…)]`";
                return Err(Error::new_spanned(ty, message));
            }
        }
        Ok(())
    }

    /// Statements that bind the arguments from `args.values[offset..]` and convert them; `def` is the function's description.
    pub fn bind(&self, offset: usize, def: &TokenStream, name: &str) -> TokenStream {
        let rest = if offset == 0 { quote!(args) } else { quote!(args.rest()) };
        if self.takes_all {
            return quote!(let __all = ::taipan_objects::native::FuncArgs(#rest););
        }
        let taken = self.take(offset, &rest);
        let converted = (0..self.params.len()).map(|i| self.convert(i, name));
        quote! {
            let __def: &'static ::taipan_objects::native::NativeDef = &#def;
            #taken
            #(#converted)*
        }
    }

    /// The same where exactly `given` are there, which `takes` has allowed.
    fn bind_exactly(&self, given: &[Ident], def: &TokenStream, name: &str) -> TokenStream {
        let total = syn::Index::from(self.params.len());
        let slots = (0..self.params.len()).map(|i| match given.get(i) {
            Some(value) => quote!(::core::option::Option::Some(#value)),
            None => quote!(::core::option::Option::None),
        });
        let converted = (0..self.params.len()).map(|i| self.convert(i, name));
        quote! {
            let __def: &'static ::taipan_objects::native::NativeDef = &#def;
            let __slots: [::core::option::Option<&::taipan_heap::Value>; #total] = [#(#slots),*];
            #(#converted)*
        }
    }

    /// How few and how many positional arguments, the receiver not counted, suffice without keywords; none if a keyword is always needed.
    fn bounds(&self) -> Option<(usize, usize)> {
        if self.params.iter().any(|param| param.kind == Kind::KeywordOnly && param.default.is_none()) {
            return None;
        }
        let least = self.params.iter().filter(|param| param.kind.is_plain() && param.default.is_none()).count();
        Some((least, self.plain()))
    }

    /// Whether `count` positional arguments, the receiver included, are enough and not too many.
    fn takes(&self, count: usize) -> bool {
        let special = self.has(Kind::VarPositional) || self.has(Kind::VarKeyword) || self.takes_all;
        let given = count.checked_sub(usize::from(self.receiver.is_some()));
        !special && given.zip(self.bounds()).is_some_and(|(given, (least, most))| (least..=most).contains(&given))
    }

    /// Statements that put the arguments of `rest` into `__slots`, `__rest` and `__keywords`; the last two only where they exist.
    fn take(&self, offset: usize, rest: &TokenStream) -> TokenStream {
        let total = syn::Index::from(self.params.len());
        let bind = quote!(#rest.bind::<#total>(vm, __def)?);
        let fast = self.fast(offset);
        if let (Some(fast), true) = (&fast, self.params.is_empty()) {
            return quote!(if !(#fast) { #bind; });
        }
        let slots = self.params.iter().enumerate().map(|(i, param)| match param.kind.is_plain() {
            true => {
                let at = syn::Index::from(i + offset);
                quote!(args.values.get(#at))
            }
            false => quote!(::core::option::Option::None),
        });
        let mut names = vec![quote!(__slots)];
        let mut types = vec![quote!([::core::option::Option<&::taipan_heap::Value>; #total])];
        let mut quick = vec![quote!([#(#slots),*])];
        let mut slow = vec![quote!(__bound.slots)];
        if self.has(Kind::VarPositional) {
            let extra = syn::Index::from(self.plain() + offset);
            names.push(quote!(__rest));
            types.push(quote!(&[::taipan_heap::Value]));
            quick.push(quote!(args.values.get(#extra..).unwrap_or(&[])));
            slow.push(quote!(__bound.rest));
        }
        if self.has(Kind::VarKeyword) {
            names.push(quote!(__keywords));
            types.push(quote!(::taipan_objects::native::Args<'_>));
            quick.push(quote!(::taipan_objects::native::Args { values: &[], names: &[] }));
            slow.push(quote!(__bound.keywords));
        }
        let slow = quote! {
            let __bound = #bind;
            (#(#slow,)*)
        };
        let chosen = fast.map_or(quote!({ #slow }), |fast| quote!(if #fast { (#(#quick,)*) } else { #slow }));
        quote!(let (#(#names,)*): (#(#types,)*) = #chosen;)
    }

    fn has(&self, kind: Kind) -> bool {
        self.params.iter().any(|param| param.kind == kind)
    }

    fn plain(&self) -> usize {
        self.params.iter().filter(|param| param.kind.is_plain()).count()
    }

    /// The condition under which positional arguments fall into place by index; none if a keyword is always needed.
    fn fast(&self, offset: usize) -> Option<TokenStream> {
        let (least, most) = self.bounds()?;
        let (least, most) = (least + offset, most + offset);
        let (low, high) = (syn::Index::from(least), syn::Index::from(most));
        let open = self.has(Kind::VarPositional);
        let enough = match (least, open) {
            (0, true) => quote!(),
            (_, true) => quote!(&& args.values.len() >= #low),
            (_, false) if least == most => quote!(&& args.values.len() == #low),
            (0, false) => quote!(&& args.values.len() <= #high),
            (_, false) => quote!(&&matches!(args.values.len(), #low..=#high)),
        };
        Some(quote!(args.names.is_empty() #enough))
    }

    fn convert(&self, i: usize, function: &str) -> TokenStream {
        let (Converted { ty, default }, param) = (&self.converted[i], &self.params[i]);
        let (local, at) = (local(i), syn::Index::from(i));
        match param.kind {
            Kind::VarPositional => return quote!(let #local = ::taipan_objects::native::Rest(__rest);),
            Kind::VarKeyword => return quote!(let #local = __keywords;),
            _ => {}
        }
        let from_arg = quote_spanned!(ty.span()=> <#ty as ::taipan_objects::native::FromArg<'_>>);
        let place = quote!(::taipan_objects::native::ArgPlace { def: __def, index: #at });
        let given = quote!(#from_arg::from_arg(vm, __value, #place)?);
        let missing = format!("{function}() missing required argument '{}' (pos {})", param.name, i + 1);
        let missing = quote!(::core::result::Result::Err(vm.type_error(#missing)));
        let absent = match (&param.default, default) {
            (None, _) => quote!(return #missing),
            (Some(_), Some(default)) => quote!(#default),
            (Some(_), None) if is_option(ty) => quote!(::core::option::Option::None),
            (Some(_), None) => quote!(match #from_arg::absent() {
                ::core::option::Option::Some(__absent) => __absent,
                ::core::option::Option::None => return #missing,
            }),
        };
        quote! {
            let #local: #ty = match __slots[#at] {
                ::core::option::Option::Some(__value) => #given,
                ::core::option::Option::None => #absent,
            };
        }
    }

    /// The call of the user's function, once everything is bound.
    pub fn call(&self, path: &TokenStream) -> TokenStream {
        let arguments = self.inputs.iter().map(|input| match input {
            Input::Receiver => quote!(__this),
            Input::Vm => quote!(vm),
            Input::All => quote!(__all),
            Input::Python(i) => {
                let local = local(*i);
                quote!(#local)
            }
        });
        quote!(#path(#(#arguments),*))
    }

    /// `&[Param { … }, …]`
    pub fn params_table(&self) -> TokenStream {
        let params = self.params.iter().map(|Parameter { name, kind, default }| {
            let required = default.is_none() && !matches!(kind, Kind::VarPositional | Kind::VarKeyword);
            let kind = kind.path();
            quote!(::taipan_objects::native::Param { name: #name, kind: #kind, required: #required })
        });
        quote!(&[#(#params),*])
    }
}

fn local(i: usize) -> Ident {
    format_ident!("__argument{i}")
}

/// A native function of a type or module.
pub struct Function {
    ident: Ident,
    /// The `cfg`s it stands under.
    pub cfgs: Vec<Attribute>,
    /// `__name__`
    pub name: String,
    doc: String,
    role: Role,
    callable: Callable,
    signature: String,
    /// Numbers of arguments, the receiver included, for which there are forms of their own.
    fixed: Vec<usize>,
}

/// The forms that `taipan_objects::native::Fixed` has room for: its fields, by the number of arguments.
const FORMS: [(usize, &str); 3] = [(1, "one"), (2, "two"), (3, "three")];

impl Function {
    /// Reads a function under `attribute`, one of `#[method]`, `#[classmethod]`, `#[staticmethod]` and `#[function]`.
    pub fn read(
        sig: &mut Signature,
        attrs: &[Attribute],
        attribute: &Attribute,
        role: Role,
    ) -> Result<Function, Error> {
        let options = Options::read(attribute, &["name", "sig", "fixed"])?;
        let callable = Callable::read(sig, role.has_receiver(), options.sig.as_ref())?;
        let mut fixed = Vec::new();
        if options.fixed {
            fixed.extend(FORMS.map(|(count, _)| count).into_iter().filter(|&count| callable.takes(count)));
            if fixed.is_empty() {
                return Err(Error::new_spanned(&sig.ident, "`fixed` is for functions of one to three arguments"));
            }
        }
        let signature = if callable.takes_all && options.sig.is_none() {
            String::new()
        } else {
            signature::show(role.shown_first(), &callable.params)
        };
        let name = options.name.map_or_else(|| python_name(&sig.ident), |name| name.value());
        let (ident, cfgs, doc) = (sig.ident.clone(), cfgs(attrs), doc(attrs));
        Ok(Function { ident, cfgs, name, doc, role, callable, signature, fixed })
    }

    /// The identifier, for errors.
    pub fn span(&self) -> Span {
        self.ident.span()
    }

    fn wrapper_ident(&self) -> Ident {
        format_ident!("__call_{}", self.ident.to_string().trim_start_matches("r#"))
    }

    /// The parameters of the form for `count` arguments.
    fn form_values(count: usize) -> Vec<Ident> {
        (0..count).map(|i| format_ident!("__value{i}")).collect()
    }

    fn form_ident(&self, count: usize) -> Ident {
        format_ident!("{}_{count}", self.wrapper_ident())
    }

    /// The form for `count` arguments.
    fn form(&self, count: usize, def: &TokenStream, prefix: &TokenStream, owner: Option<Owner>) -> TokenStream {
        let Function { cfgs, name, ident, callable, .. } = self;
        let form = self.form_ident(count);
        let values = Function::form_values(count);
        let receiver = match (&callable.receiver, owner) {
            (Some(receiver), Some(owner)) => {
                let check = receiver.check(name, owner);
                let this = &values[0];
                quote!(let __this: &::taipan_heap::Value = #this; #check)
            }
            _ => quote!(),
        };
        let offset = usize::from(callable.receiver.is_some());
        let bound = callable.bind_exactly(&values[offset..], def, name);
        let call = callable.call(&quote!(#prefix #ident));
        quote! {
            #(#cfgs)*
            fn #form(
                vm: &::taipan_objects::vm::Vm,
                #(#values: &::taipan_heap::Value),*
            ) -> ::taipan_objects::vm::PyResult<::taipan_heap::Value> {
                #receiver
                #bound
                ::taipan_objects::native::IntoValue::into_value(#call, vm)
            }
        }
    }

    /// The `NativeDef`; `prefix` is the path of the wrapper's home with its colons, `owner` the name of the type or module it belongs to.
    pub fn def(&self, prefix: &TokenStream, owner: &str) -> TokenStream {
        let Function { cfgs, name, doc, signature, .. } = self;
        let kind = format_ident!("{}", format!("{:?}", self.role));
        let params = self.callable.params_table();
        let wrapper = self.wrapper_ident();
        let fixed = if self.fixed.is_empty() {
            quote!(::taipan_objects::native::Fixed::NONE)
        } else {
            let forms = FORMS.map(|(count, field)| {
                let field = format_ident!("{field}");
                if self.fixed.contains(&count) {
                    let form = self.form_ident(count);
                    quote!(#field: ::core::option::Option::Some(#prefix #form))
                } else {
                    quote!(#field: ::core::option::Option::None)
                }
            });
            quote!(::taipan_objects::native::Fixed { #(#forms),* })
        };
        quote! {
            #(#cfgs)*
            ::taipan_objects::native::NativeDef {
                name: #name,
                owner: #owner,
                doc: #doc,
                signature: #signature,
                params: #params,
                kind: ::taipan_objects::native::MethodKind::#kind,
                call: #prefix #wrapper,
                fixed: #fixed,
            }
        }
    }

    /// The wrapper: `def` is the place of the `NativeDef`, `prefix` the path of the user's function with its colons.
    pub fn wrapper(&self, def: &TokenStream, prefix: &TokenStream, owner: Option<Owner>) -> TokenStream {
        let Function { cfgs, name, ident, callable, .. } = self;
        let receiver = match (&callable.receiver, owner) {
            (Some(receiver), Some(owner)) => {
                let check = receiver.check(name, owner);
                let unbound = format!("unbound method {}.{name}() needs an argument", owner.name);
                quote! {
                    let __this: &::taipan_heap::Value = match args.values.first() {
                        ::core::option::Option::Some(__this) if args.values.len() > args.names.len() => __this,
                        _ => return ::core::result::Result::Err(vm.type_error(#unbound)),
                    };
                    #check
                }
            }
            _ => quote!(),
        };
        let bind = callable.bind(usize::from(callable.receiver.is_some()), def, name);
        let call = callable.call(&quote!(#prefix #ident));
        let wrapper = self.wrapper_ident();
        let forms = self.fixed.iter().map(|&count| self.form(count, def, prefix, owner));
        let shortcuts = self.fixed.iter().map(|&count| {
            let form = self.form_ident(count);
            let values = Function::form_values(count);
            quote! {
                if let (true, [#(#values),*]) = (args.names.is_empty(), args.values) {
                    return #prefix #form(vm, #(#values),*);
                }
            }
        });
        quote! {
            #(#forms)*
            #(#cfgs)*
            fn #wrapper(
                vm: &::taipan_objects::vm::Vm,
                args: ::taipan_objects::native::Args<'_>,
            ) -> ::taipan_objects::vm::PyResult<::taipan_heap::Value> {
                #(#shortcuts)*
                #receiver
                #bind
                ::taipan_objects::native::IntoValue::into_value(#call, vm)
            }
        }
    }
}

/// Refuses what a native function cannot be.
pub fn refuse_odd(sig: &Signature) -> Result<(), Error> {
    if let Some(FnArg::Receiver(receiver)) = sig.inputs.first() {
        return Err(Error::new_spanned(receiver, "write `this: &Obj<T>`: native functions have no Rust receiver"));
    }
    if let Some(asyncness) = &sig.asyncness {
        return Err(Error::new_spanned(asyncness, "a native function cannot be async"));
    }
    if let Some(param) = sig.generics.type_params().next() {
        return Err(Error::new_spanned(param, "a native function cannot have type parameters"));
    }
    for input in &sig.inputs {
        if let FnArg::Typed(input) = input
            && let Type::ImplTrait(ty) = &*input.ty
        {
            return Err(Error::new_spanned(ty, "a native function's parameters have named types"));
        }
    }
    Ok(())
}

/// What a parameter is when no signature is given: by position only.
fn untold(pat: &Pat, ty: &Type, default: Option<&Expr>) -> Result<Parameter, Error> {
    let kind = match last(ty).map(|segment| segment.ident.to_string()).as_deref() {
        Some("Rest") => Kind::VarPositional,
        Some("Args") => Kind::VarKeyword,
        _ => Kind::PositionalOnly,
    };
    let Pat::Ident(pat) = pat else {
        return Err(Error::new_spanned(pat, "a parameter that Python sees needs a name"));
    };
    let name = python_name(&pat.ident);
    let name = name.strip_prefix('_').filter(|rest| !rest.is_empty()).unwrap_or(&name).to_owned();
    let default = match default {
        Some(default) => Some(signature::python_text(default)),
        None if kind == Kind::PositionalOnly && is_option(ty) => Some(UNREPRESENTABLE.to_owned()),
        None => None,
    };
    Ok(Parameter { name, kind, default })
}

/// `type` for `r#type` and `type_`.
pub fn python_name(ident: &Ident) -> String {
    let name = ident.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    match name.strip_suffix('_') {
        Some(short) if !short.is_empty() && !short.ends_with('_') => short.to_owned(),
        _ => name.to_owned(),
    }
}

/// The last segment of a path type.
pub fn last(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Paren(paren) => last(&paren.elem),
        Type::Group(group) => last(&group.elem),
        _ => None,
    }
}

/// Whether the type is `&Vm`.
pub fn is_vm(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if last(&reference.elem).is_some_and(|segment| segment.ident == "Vm"))
}

fn is_option(ty: &Type) -> bool {
    last(ty).is_some_and(|segment| segment.ident == "Option")
}

/// The `T` of `&Obj<T>`.
pub fn object_payload(ty: &Type) -> Option<&Type> {
    let Type::Reference(reference) = ty else { return None };
    let segment = last(&reference.elem).filter(|segment| segment.ident == "Obj")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) => Some(ty),
        _ => None,
    }
}

/// The type with its named lifetimes left to inference.
fn erase_lifetimes(ty: &Type) -> Type {
    fn erase(tokens: TokenStream) -> TokenStream {
        let mut erased = TokenStream::new();
        let mut trees = tokens.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Punct(tick) if tick.as_char() == '\'' => {
                    let name = trees.next_if(|next| matches!(next, TokenTree::Ident(ident) if ident != "static"));
                    erased.extend([TokenTree::Punct(tick)]);
                    if let Some(name) = name {
                        erased.extend([TokenTree::Ident(Ident::new("_", name.span()))]);
                    }
                }
                TokenTree::Group(group) => {
                    let mut inner = proc_macro2::Group::new(group.delimiter(), erase(group.stream()));
                    inner.set_span(group.span());
                    erased.extend([TokenTree::Group(inner)]);
                }
                other => erased.extend([other]),
            }
        }
        erased
    }
    syn::parse2(erase(quote!(#ty))).unwrap_or_else(|_| ty.clone())
}

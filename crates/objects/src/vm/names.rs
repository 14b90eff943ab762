//! Well-known names, interned once per interpreter.
//!
//! Invariant: every field is an interned str with exactly the field's text (`r#` and a trailing `_` taken off).

use crate::builtins::str::Str;
use crate::vm::{PyResult, Vm};
use taipan_heap::Ref;

macro_rules! names {
    ($($name:ident)*) => {
        /// Interned well-known names, one field each.
        #[allow(missing_docs)]
        pub struct Names {
            $(pub $name: Ref<Str>,)*
        }

        impl Names {
            pub(super) fn new(vm: &Vm) -> PyResult<Names> {
                // In a loop, and moved at once: a `?` for each name would have to drop all names before it, which is
                // two megabytes of code.
                const TEXTS: &[&str] = &[$(stringify!($name)),*];
                let made = TEXTS.iter().map(|text| vm.intern(text)).collect::<PyResult<Vec<Ref<Str>>>>()?;
                let Ok([$($name),*]) = <[Ref<Str>; TEXTS.len()]>::try_from(made) else {
                    return Err(vm.system_error("well-known names are missing"));
                };
                Ok(Names { $($name),* })
            }

            /// Calls `f` with each of them.
            pub(super) fn each(&self, f: &mut dyn FnMut(&Ref<Str>)) {
                let all = [$(&self.$name),*];
                all.into_iter().for_each(f);
            }
        }
    };
}

names! {
    __abs__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __annotate__ __annotations__ __await__ __bases__ __bool__
    __buffer__ __build_class__ __builtins__ __bytes__ __call__ __cached__ __cause__ __ceil__ __class__ __class_getitem__ __classcell__ __closure__ __code__
    __complex__ __contains__ __context__ __copy__ __debug__ __deepcopy__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dir__
    __divmod__ __doc__ __enter__ __eq__ __exit__ __file__ __firstlineno__ __float__ __floor__ __floordiv__ __format__ __ge__ __get__ __getattr__
    __getattribute__ __getitem__ __getstate__ __getnewargs__ __getnewargs_ex__ __globals__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__
    __ilshift__ __imatmul__ __imod__ __import__ __imul__ __index__ __init__ __init_subclass__ __instancecheck__ __int__ __invert__
    __ior__ __ipow__ __irshift__ __isub__ __iter__ __itruediv__ __ixor__ __kwdefaults__ __le__ __len__ __length_hint__ __loader__
    __lshift__ __lt__ __main__ __match_args__ __matmul__ __missing__ __mod__ __module__ __mro_entries__ __mul__ __name__ __ne__ __neg__
    __new__ __next__ __notes__ __objclass__ __or__ __orig_bases__ __package__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__
    __rdivmod__ __reduce__ __reduce_ex__ __release_buffer__ __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__
    __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __self__ __set__ __set_name__ __setattr__ __setitem__ __setstate__
    __slotnames__ __slots__ __spec__ __static_attributes__ __str__ __sub__ __subclasscheck__ __subclasses__ __subclasshook__ __suppress_context__ __text_signature__ __traceback__
    __truediv__ __trunc__ __type_params__ __typing_subst__ __weakref__ __wrapped__ __xor__
    add all any append args big close copy default encoding end errors extend fget file filename flush get items iter join key keys lineno
    little metaclass mro msg name next obj offset path popitem print_file_and_line read readline sep send setdefault signed split stderr stdin
    stdout text throw update value values with_traceback write builtins code exceptions message
    __abstractmethods__ __annotate_func__ __annotations_cache__ __args__ __classdictcell__ __func__ __isabstractmethod__
    __origin__ __parameters__ __unpacked__ _slotnames copyreg
}

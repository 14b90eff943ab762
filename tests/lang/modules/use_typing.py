# The module typing and what it makes of type variables, aliases and generic classes.
from typing import *
import typing, types, copy
T=TypeVar('T'); P=ParamSpec('P'); Ts=TypeVarTuple('Ts')
def class_(x): return types.new_class('q',(x,))
for e in ("T|3","3|T","P|3",'TypeVar("T",int)','TypeVar("T",int,str,bound=int)','TypeVar("T",bound=3)','TypeVar("T",covariant=True,contravariant=True)','TypeVar("T",covariant=True,infer_variance=True)','NoDefault()','type(NoDefault)(1)','class_(T)','class_(P)','class_(P.args)','class_(Ts)','TypeAliasType("a",int,type_params=[1])','TypeAliasType("a",int)[int]','P.args==P.args','list(Ts)','type(P.args)(3)','T.__module__','Generic[int]','Generic[T]','TypeVar("T",default=3)','ParamSpec("P",default=3)','TypeVar("T",int,str,default=3).__default__','TypeAliasType("a",int).__module__','TypeAliasType("A",int,type_params=(T,Ts)).__parameters__', 'P.__bound__','ParamSpec("P",bound=3)','Optional[T]','T.__default__','T.__bound__','T.__constraints__','T.evaluate_bound','TypeVar("T",bound=int).evaluate_bound','TypeVar("T",bound=int).evaluate_bound(4)','TypeVar("T",int,str).evaluate_constraints(4)','TypeVar("T",int,str).evaluate_constraints(2)','ParamSpec("P",default=[int,str]).evaluate_default(4)','TypeVar("T",bound=int).evaluate_bound(x=1)','TypeVar("T",bound=int).evaluate_bound("a")', "TypeAliasType('A',int).evaluate_value","TypeAliasType('A',int)|None","list(TypeAliasType('A',int))",'TypeAliasType("A",int,type_params=(TypeVar("X",default=int),T))','T.__reduce__()','Ts.__typing_subst__(1)','copy.copy(T)','dict[str,T][int]','list[T]|None','(list[T]|None)[int]','Union[T,int][str]','Union[int,str]','Optional[int]','Callable[[int],str]','Callable[P,T][[int,str],float]','Tuple[int,...]','Dict[str,int]','Literal[1,"a"]','Annotated[int,3]','ClassVar[int]','tuple[*Ts]','tuple[*Ts][int,str]','Any','Type[int]','Self','get_type_hints(g)','NewType("N",int)','List[T][int]','Concatenate[int,P]','cast(int,"3")','get_origin(List[int])','get_args(Dict[str,int])','isinstance([],Iterable)','isinstance(3,SupportsInt)','isinstance(3,Sized)', 'Protocol', 'NamedTuple("NT",[("a",int)])(3)','TypedDict("TD",{"a":int})(a=3)','typing.overload','final(class_)', 'Final[int]', 'Never', 'Unpack[Ts]', 'int|str', 'type(int|str)','Union'):
  try: print(e,'->',repr(eval(e)) if 'function' not in repr(eval(e)) else 'f')
  except Exception as x: print(e,'!!',type(x).__name__,x)
  if e=='list[T]|None':
    def g(x: int, y: 'str' = '') -> List[int]: pass
def f[T: int, *Us, **Q = [int]](x:T)->T: return x
print(f(3), f.__type_params__, f.__type_params__[0].__module__, f.__type_params__[0].__bound__, f.__type_params__[2].__default__, f.__type_params__[1].has_default(), f.__annotations__)
class C[T=int]:
    def m[U](self, u: U) -> T: return u
print(C.__mro__,C.__orig_bases__,C[str],C.__parameters__, C().m(4), C.__type_params__, C[str]().m(1), C[str].__args__)
type A[X:(int,str)] = list[X]
print(A, A.__value__, A.__type_params__[0].__constraints__, A[int], A[int].__value__, A.__module__, A.__type_params__, A.__parameters__)
type R = int | list[R]
print(R.__value__, R.__name__)
type L = undefined_name
try: L.__value__
except NameError as x: print(x)
for st in ('C[1,2]', 'C[()]', 'class D(Generic[T], Generic[P]): pass', 'class D(Generic): pass', 'def h[T, T](): pass', 'class E(Generic[T,T]): pass'):
  try: exec(st)
  except Exception as x: print(st, type(x).__name__, x)
class S(Generic[T, P]): pass
class V(Generic[Unpack[Ts]]): pass
print(S[int, [str]], V[int, str], V[()], S.__parameters__, S[int, ...])
class Q[K, *Z]: pass
print(Q[int], Q[int, str, float], Q.__mro__)
class Pr(Protocol):
    def meth(self) -> int: ...
@runtime_checkable
class Pr2(Protocol):
    x: int
class I: x = 3
print(isinstance(I(), Pr2), issubclass(int, Hashable))
class NT(NamedTuple):
    a: int
    b: str = "q"
print(NT(1), NT._field_defaults, NT.__annotations__)
class TD(TypedDict, total=False):
    a: int
print(TD(a=1), TD.__total__, TD.__optional_keys__)

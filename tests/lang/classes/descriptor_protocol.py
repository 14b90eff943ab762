# Descriptors of every kind: the order of lookup, deletion, data and non-data, on classes, metaclasses and instances, with errors.
class Log:
    def __init__(self, name): self.name = name
class Get(Log):
    def __get__(self, obj, cls): return f"{self.name} get {type(obj).__name__} {cls.__name__}"
class Data(Get):
    def __set__(self, obj, value): print("  set", self.name, type(obj).__name__, value)
    def __delete__(self, obj): print("  delete", self.name)
class SetOnly(Log):
    def __set__(self, obj, value): print("  set only", value); obj.__dict__["setonly"] = value
class DeleteOnly(Log):
    def __delete__(self, obj): print("  delete only")
class Meta(type):
    meta_get = Get("meta get")
    meta_data = Data("meta data")
    both = Data("both on meta")
    plain = "plain on meta"
class Base:
    inherited = Get("inherited")
    def __getattr__(self, name):
        if name.startswith("dyn"): return "dynamic " + name
        raise AttributeError(f"no {name}", name=name, obj=self)
class C(Base, metaclass=Meta):
    get, data, setonly, deleteonly = Get("get"), Data("data"), SetOnly("setonly"), DeleteOnly("deleteonly")
    both = Get("both on class")
    meta_data = "shadowed on class"
    meta_get = "shadows on class"
    @property
    def prop(self): return "prop"
    @prop.setter
    def prop(self, value): raise ValueError("refused")
    readonly = property(lambda self: 1)
    writeonly = property(None, lambda self, v: print("  wrote", v))
    deletable = property(fdel=lambda self: print("  deleted"))
    raises = property(lambda self: self.missing_inside)
    method = lambda self: "method"
    static = staticmethod(lambda: "static")
    classm = classmethod(lambda cls: cls.__name__)
    function = len
c = C()
vars(c).update(get="instance get", data="instance data", inherited="instance inherited", deleteonly="inst", prop="inst prop")
for text in """
c.get
c.data
c.inherited
c.setonly.__class__.__name__
c.deleteonly.__class__.__name__
c.prop
c.readonly
c.writeonly
c.deletable
c.raises
c.method()
c.static()
c.classm()
c.function('abc')
c.dynamic
c.nothing
c.both
c.meta_get
c.meta_data
c.plain
C.get
C.data
C.both
C.meta_get
C.meta_data
C.plain
C.prop.__class__.__name__
C.prop.fget(c)
C.nothing
C.method(c)
C.method()
C.classm()
c.data = 1
c.get = 2; print(c.get)
c.setonly = 3; print(c.setonly)
c.deleteonly = 4; print(c.__dict__['deleteonly'])
c.prop = 5
c.readonly = 6
c.writeonly = 7
c.both = 8; print(c.both)
C.meta_data = 9
C.meta_get = 10; print(C.meta_get)
C.both = 11
del c.data
del c.get; print(c.get)
del c.get
del c.setonly
del c.deleteonly
del c.prop
del c.readonly
del c.deletable
del c.nothing
del C.meta_data
del C.plain
del C.get; print(hasattr(C, 'get'))
del C.both
object.__getattribute__(c, 'dynamic')
type.__getattribute__(C, 'inherited')
C.__dict__['prop'].__get__(None, C).__class__.__name__
C.__dict__['method'].__get__(5)
C.__dict__['method'].__get__(None, C).__class__.__name__
C.__dict__['method'].__get__(None)
C.__dict__['static'].__get__(None, C)()
C.__dict__['classm'].__get__(c)()
C.__dict__['classm'].__get__(None)
property().fget
property(1).fget
property(fget=len).__get__('abc')
C.__dict__['prop'].__set__(c)
C.__dict__['readonly'].__set__(c, 1)
C.__dict__['readonly'].__name__
super(C, c).get
super(C, c).inherited
super(C, C).inherited
super(C, c).dynamic
super(Base, c).inherited
super(C, 5).x
super(C).__get__(c).inherited
super(int, C)
""".strip().splitlines():
    try:
        try: print(text, "->", eval(text))
        except SyntaxError: exec(text); print(text, "done")
    except Exception as e: print(text, "!!", type(e).__name__, str(e) if "0x" not in str(e) else "")

# except*: splitting, naked exceptions, raising and re-raising inside, nested groups, loops, else and finally, context and cause, errors.
def tree(e, depth=0):
    if e is None: return None
    notes = "".join(f" note:{n}" for n in getattr(e, "__notes__", []))
    own = f"{type(e).__name__}({e.message if isinstance(e, BaseExceptionGroup) else e}){notes}"
    return own + (f"[{', '.join(tree(x) for x in e.exceptions)}]" if isinstance(e, BaseExceptionGroup) else "")
def chain(e):
    out = []
    while e is not None: out.append(tree(e)); e = e.__cause__ or (None if e.__suppress_context__ else e.__context__)
    return " <- ".join(out)
def group(): return ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("inner", [ValueError(3), KeyError(4), OSError(5)])])
def case(f):
    print(f.__name__)
    try: print("  result", f())
    except BaseException as e: print("  raised", chain(e))
@case
def split():
    try: raise group()
    except* ValueError as e: print("  V", tree(e), e.__context__)
    except* (TypeError, KeyError) as e: print("  TK", tree(e))
@case
def all_handled():
    try: raise group()
    except* Exception as e: print("  all", tree(e))
    else: print("never")
    finally: print("  finally")
@case
def naked():
    try: raise ValueError("alone")
    except* ValueError as e: print("  wrapped", tree(e), type(e).__name__)
@case
def naked_unmatched():
    try: raise KeyError("alone")
    except* ValueError: print("never")
@case
def base():
    try: raise BaseExceptionGroup("b", [KeyboardInterrupt(), ValueError(1)])
    except* ValueError as e: print("  V", tree(e), type(e).__name__)
    except* KeyboardInterrupt as e: print("  K", tree(e), type(e).__name__)
@case
def nothing_raised():
    try: x = 1
    except* ValueError: print("never")
    else: print("  else")
@case
def raise_new():
    try: raise group()
    except* ValueError: raise RuntimeError("new")
    except* TypeError: print("  T still runs")
@case
def raise_two():
    try: raise group()
    except* ValueError: raise RuntimeError("one")
    except* TypeError: raise LookupError("two")
@case
def raise_from():
    try: raise group()
    except* ValueError as e: raise RuntimeError("new") from e.exceptions[0]
@case
def bare_raise():
    try: raise group()
    except* ValueError: raise
@case
def reraise_part():
    try: raise group()
    except* OSError as e: raise e
    except* ValueError: pass
@case
def nested_star():
    try:
        try: raise group()
        except* ValueError: pass
    except* TypeError as e: print("  outer", tree(e))
@case
def inner_try():
    try: raise group()
    except* ValueError:
        try: raise group()
        except* TypeError as e: print("  inner", tree(e))
@case
def name_unbound():
    try: raise group()
    except* Exception as e: pass
    try: e
    except NameError as n: print("  ", n)
@case
def in_loop():
    for i in range(3):
        try: raise ExceptionGroup("g", [ValueError(i)])
        except* ValueError as e:
            def f(): pass
            print("  ", tree(e))
@case
def subclass_kept():
    class G(ExceptionGroup):
        def derive(self, excs): return G(self.message + "'", excs)
    try: raise G("mine", [ValueError(1), TypeError(2)])
    except* ValueError as e: print("  ", tree(e))
@case
def underived():
    class G(ExceptionGroup): pass
    try: raise G("mine", [ValueError(1), TypeError(2)])
    except* ValueError as e: print("  ", tree(e))
@case
def notes_kept():
    e = group(); e.add_note("n"); e.exceptions[2].add_note("m")
    try: raise e
    except* KeyError as k: print("  ", tree(k), k.__notes__ is e.__notes__)
@case
def catching_group_types():
    try: raise group()
    except* ExceptionGroup: pass
@case
def catching_non_types():
    try: raise group()
    except* 5: pass
@case
def catching_tuple_with_group():
    try: raise ValueError
    except* (TypeError, BaseExceptionGroup): pass
@case
def returns_through_finally():
    try:
        try: raise group()
        except* ValueError: pass
        finally: print("  inner finally")
    except ExceptionGroup as e: return tree(e)
@case
def group_methods():
    g = group()
    print("  ", tree(g.subgroup(ValueError)), g.subgroup(MemoryError), [tree(x) for x in g.split((ValueError, OSError))], tree(g.subgroup(lambda e: e.args == (4,))), g.subgroup(lambda e: True) is g, tree(g.derive([ValueError(9)])))
for text in ("ExceptionGroup()", "ExceptionGroup('a')", "ExceptionGroup('a', [])", "ExceptionGroup('a', 5)", "ExceptionGroup(5, [ValueError()])", "ExceptionGroup('a', [5])", "ExceptionGroup('a', [ValueError])", "ExceptionGroup('a', [KeyboardInterrupt()])", "type(BaseExceptionGroup('a', [ValueError()])).__name__", "type(BaseExceptionGroup('a', [KeyboardInterrupt()])).__name__", "ExceptionGroup('a', [ValueError()], 5)", "ExceptionGroup('a', (ValueError(1),)).exceptions", "repr(ExceptionGroup('a', [ValueError(1)]))", "str(ExceptionGroup('a', [ValueError(1), TypeError()]))", "ExceptionGroup('a', [ValueError(1)]).args", "group().subgroup(5)", "group().subgroup((5,))", "group().split()", "group().derive(5)", "setattr(group(), 'message', 1)", "setattr(group(), 'exceptions', 1)", "ExceptionGroup[int]", "isinstance(group(), Exception)", "type('G', (ExceptionGroup, ValueError), {})('m', [TypeError()]).message", "type('B', (BaseExceptionGroup,), {})('m', [KeyboardInterrupt()])", "type('B', (ExceptionGroup,), {})('m', [KeyboardInterrupt()])"):
    try: print(text, "->", eval(text))
    except BaseException as e: print(text, "!!", type(e).__name__, e)
for text in ("try: pass\nexcept* ValueError: break", "for x in y:\n try: pass\n except* A: continue", "def f():\n try: pass\n except* A: return 1", "for x in y:\n try: pass\n except* A:\n  for z in w: break", "try: pass\nexcept* A: pass\nexcept* : pass", "try: pass\nexcept *A as b.c: pass", "def f():\n try: pass\n except* A:\n  def g(): return 1"):
    try: compile(text, "<c>", "exec"); print(repr(text), "fine")
    except SyntaxError as e: print(repr(text), e.msg, e.lineno, e.offset, e.end_offset)

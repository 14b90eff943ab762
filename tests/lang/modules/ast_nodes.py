# The classes of syntax tree nodes, and trees made by hand.
import ast, _ast
for n in sorted(dir(_ast)):
    c = getattr(_ast, n)
    if isinstance(c, type) and issubclass(c, ast.AST): print(n, c.__mro__, c._fields, c._attributes, c.__match_args__, c.__doc__, c.__dict__.get('_field_types'), sorted(k for k, v in c.__dict__.items() if v is None), c.__module__)
    elif n.startswith("Py"): print(n, c)
import warnings; warnings.simplefilter('ignore')
for e in ("ast.Name('a')","ast.Name('a',1,2)","ast.Name('a',id=3)","ast.Name(id='a',foo=3).foo","ast.Module([ast.Pass()],[])","ast.dump(ast.Constant(3))","ast.Add()","ast.AST(1)","ast.Name('a')._fields","ast.Constant(1).kind","ast.Name('a').lineno","ast.Return().end_lineno","isinstance(ast.Add(),ast.operator)", "ast.Name('a',lineno=1).__dict__", "ast.Name('a').ctx","ast.dump(ast.Call(ast.Name('f'),[ast.Constant(1)]))", "ast.List([ast.Pass()]*5)", "[type(n).__name__ for n in ast.walk(ast.Call(ast.Name('f'),[ast.Constant(1)]))]"):
  try: print(e, repr(eval(e)))
  except Exception as x: print(e,type(x).__name__,x)

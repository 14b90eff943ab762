# Packages of every kind: regular, namespace, with submodules, relative imports, circular ones, __all__, __getattr__, shadowing, reload.
import importlib, os, sys, tempfile
root = tempfile.mkdtemp()
files = {
    "pkg/__init__.py": "print('init', __name__, __package__, [os.path.basename(p) for p in __path__])\nfrom . import early\nvalue = 1\n__all__ = ['value', 'late']\n".replace("print", "import os\nprint", 1),
    "pkg/early.py": "print('early', __name__, __package__)\nfrom . import __name__ as parent\n",
    "pkg/late.py": "print('late')\nfrom .sub.deep import where\nfrom .. import nothing\n",
    "pkg/sub/__init__.py": "from . import deep as d\n",
    "pkg/sub/deep.py": "from ...pkg import early as e\nfrom .. import value\nfrom . import __name__ as n\nwhere = (e.__name__, value, n, __package__, __spec__.parent)\n",
    "pkg/lonely.py": "x = 1\n",
    "ns/part/mod.py": "here = __name__\n",
    "circle_a.py": "print('a starts')\nimport circle_b\nprint('a has', hasattr(circle_b, 'done'))\ndone = True\n",
    "circle_b.py": "print('b starts')\nimport circle_a\nprint('b sees a done:', hasattr(circle_a, 'done'))\ndone = True\n",
    "circle_c.py": "from circle_d import thing\nother = 1\n",
    "circle_d.py": "from circle_c import other\nthing = 1\n",
    "circle_e.py": "import circle_f\nx = 1\n",
    "circle_f.py": "import circle_e\ncircle_e.x\n",
    "lazy.py": "def __getattr__(name):\n    if name == 'made': return 'made on demand'\n    raise AttributeError(f'no {name} here')\ndef __dir__(): return ['made', 'b']\n",
    "under.py": "_hidden = 1\nshown = 2\n__dunder__ = 3\n",
    "badall.py": "__all__ = ['missing']\n",
    "badall2.py": "__all__ = [1]\n",
    "fails.py": "started = True\n1 / 0\n",
    "replaces.py": "import sys\nclass M: attribute = 'of replacement'\nsys.modules[__name__] = M\n",
    "removes.py": "import sys\ndel sys.modules[__name__]\n",
    "syntax.py": "a b\n",
    "counter.py": "import builtins\nn = builtins.__dict__['_n'] = builtins.__dict__.get('_n', 0) + 1\n",
    "bom.py": "\ufeffvalue = 'after a byte order mark'\n",
}
for name, text in files.items():
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f: f.write(text)
sys.path.insert(0, root)
def show(text):
    space = {}
    try:
        exec(text, space)
        space.pop("__builtins__")
        print(text, "->", {k: v if isinstance(v, (int, str, tuple, list)) else getattr(v, "__name__", type(v).__name__) for k, v in space.items()})
    except BaseException as e:
        print(text, "!!", type(e).__name__, str(e).replace(root, "ROOT"))
for text in """
import pkg
import pkg.lonely
import pkg.lonely as m
from pkg import lonely
from pkg import sub
import pkg.sub.deep as d
from pkg.sub.deep import where
from pkg import *
from pkg import late
import pkg.nope
import pkg.value.x
import pkg.early.x
from pkg import nope
from pkg.nope import x
from pkg.lonely import y
import ns
import ns.part.mod
from ns.part import mod
from ns import part, nothing
import ns; kind = (type(ns.__path__).__name__, ns.__file__, type(ns.__spec__.loader).__name__, ns.__spec__.origin)
import circle_a
import circle_c
import circle_e
import lazy; v = lazy.made
from lazy import made
from lazy import other
import lazy; d = dir(lazy)
from under import *
from badall import *
from badall2 import *
import fails
import sys; here = 'fails' in sys.modules
import replaces; v = replaces.attribute
import removes
import syntax
import bom; v = bom.value
import counter, importlib; importlib.reload(counter); v = counter.n
import sys; sys.modules['blocked'] = None; import blocked
import sys; sys.modules['odd'] = 5; import odd; import odd.x
from . import x
from .x import y
from ..x import y
import importlib; importlib.import_module('.early')
import importlib; m = importlib.import_module('.early', 'pkg')
import importlib; importlib.import_module('....early', 'pkg.sub')
m = __import__('pkg.sub.deep')
m = __import__('pkg.sub.deep', fromlist=['where'])
m = __import__('early', {'__package__': 'pkg'}, level=1)
__import__('x', {'__package__': 5}, level=1)
__import__('x', {}, level=1)
__import__('x', {'__name__': 'a.b'}, level=1)
__import__('')
__import__(5)
__import__('x', level=-1)
""".strip().splitlines():
    show(text)
print(sorted(m for m in sys.modules if m.startswith(("pkg", "ns"))))
import importlib.util
print(importlib.util.find_spec("pkg.lonely").name, importlib.util.find_spec("nowhere"))
import shutil; shutil.rmtree(root)

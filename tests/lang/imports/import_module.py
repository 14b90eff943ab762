# importlib: import_module, find_spec, reload, loading from a file, missing modules.
import importlib
import importlib.util
import os
import sys
import tempfile

print(importlib.import_module("json").__name__, importlib.import_module(".decoder", "json").__name__, sys.modules["json.decoder"].__package__)
print(importlib.import_module("math").pi > 3, importlib.import_module("textwrap").dedent("  x"), importlib.import_module("xml.dom").__name__)
for name in ("no_such_module", "json.nothing", "math.sub"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as e:
        print(e, e.name)
print(importlib.util.find_spec("no_such_module"), importlib.util.find_spec("colorsys").name, "colorsys" in sys.modules, importlib.util.find_spec("json.encoder").name)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "made_here.py")
    with open(path, "w") as file:
        file.write("value = 1\nname = __name__\nprint('running', __name__)\n")
    sys.path.insert(0, folder)
    module = importlib.import_module("made_here")
    print(module.value, module.name, module.__spec__.name, module.__file__ == path, sys.modules["made_here"] is module)
    with open(path, "w") as file:
        file.write("other = [2, 3]\nvalue = len(other)\n")
    again = importlib.reload(module)
    print(again is module, module.value, module.other, module.name)
    spec = importlib.util.spec_from_file_location("by_path", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    print(loaded.value, loaded.__name__, "by_path" in sys.modules)
    os.mkdir(os.path.join(folder, "bundle"))
    with open(os.path.join(folder, "bundle", "__init__.py"), "w") as file:
        file.write("from . import part\n")
    with open(os.path.join(folder, "bundle", "part.py"), "w") as file:
        file.write("deep = __package__\n")
    bundle = importlib.import_module("bundle")
    print(bundle.part.deep, bundle.__path__ == [os.path.join(folder, "bundle")], importlib.import_module("bundle.part") is bundle.part)
    sys.path.remove(folder)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "invented":
            return importlib.util.spec_from_loader(name, Loader())


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.answer = 42


sys.meta_path.append(Finder)
print(importlib.import_module("invented").answer)


class Early:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in ("colorsys", "json.tool", "absent.part"):
            print("asked for", name, path is None)
            return importlib.util.spec_from_loader(name, Loader()) if name != "json.tool" else None


sys.modules.pop("invented")
import invented
print(invented.answer, invented.__spec__.name)
sys.meta_path.insert(0, Early)
import colorsys, json.tool
print(colorsys.answer, json.tool.__name__)
try:
    import absent.part
except ModuleNotFoundError as e:
    print(e)

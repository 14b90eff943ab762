"""Runs one of CPython's test files and writes one line per test method to a report file.

    taipan driver.py REPORT NAME

NAME is a module or package of the `test` package, which must be importable. A line of the report is an event, the name
of the method and, if there is one, a text, separated by tabs: `start`, then `pass`, `fail` or `skip`; `done` is the last.
Sub-tests count as part of their method. A module that cannot be imported is one failure.

The report is opened anew for every line, and only by the process that began it: tests close descriptors and fork.
"""
import os
import sys
import traceback
import types
import unittest
from unittest import suite, util

# Modules of CPython's C test suite: what needs one of them cannot say anything about another implementation.
C_TEST_MODULES = {
    "_testcapi", "_testinternalcapi", "_testlimitedcapi", "_testbuffer", "_testmultiphase", "_testsinglephase",
    "_testimportmultiple", "_testclinic", "_testclinic_limited", "_testexternalinspection", "_xxtestfuzz", "xxsubtype",
    "xxlimited", "xxlimited_35", "_ctypes", "_ctypes_test", "ctypes",
}
# A module in C beside which the library has a twin in Python: a file that imports it at its top still runs, and what calls it fails.
ACCELERATORS = {"_asyncio"}
TROUBLE = ("fail", "skip")
FRAMES = 10


class Report:
    """The file of events. What it uses is bound here: tests replace functions of `os`."""

    def __init__(self, path):
        self.path = path
        self.owner = os.getpid()

    def write(self, event, name, text="", *, getpid=os.getpid, open=os.open, write=os.write, close=os.close,
              flags=os.O_WRONLY | os.O_CREAT | os.O_APPEND):
        if getpid() != self.owner:
            return
        fields = [event, name, text] if text else [event, name]
        line = "\t".join(field.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t") for field in fields)
        descriptor = open(self.path, flags, 0o644)
        try:
            write(descriptor, (line + "\n").encode("utf-8", "backslashreplace"))
        finally:
            close(descriptor)


def missing_c_module(error, wanted=C_TEST_MODULES):
    """The one of these modules whose absence raised the error, if that is its cause."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, ImportError):
            if error.name in wanted:
                return error.name
            # The loader keeps only the text of what a module's import raised.
            for name in wanted:
                if f"No module named '{name}'" in str(error).rstrip().rpartition("\n")[2]:
                    return name
        error = error.__cause__ or error.__context__
    return None


class Result(unittest.TestResult):
    """Keeps for every method its worst outcome and reports it when the method stops."""

    def __init__(self, report, prefix):
        super().__init__()
        self.report = report
        self.prefix = prefix
        self.outcome = {}       # of the method that runs now
        self.reported = set()
        self.fixtures = {}      # class or module -> (event, text) of its failed or skipped set-up

    def name_of(self, test):
        name = test.id()
        return name.removeprefix(self.prefix)

    def startTest(self, test):
        super().startTest(test)
        self.outcome = {}
        self.report.write("start", self.name_of(test))

    def stopTest(self, test):
        super().stopTest(test)
        event = next((event for event in TROUBLE if event in self.outcome), "pass")
        self.finish(test, event, self.outcome.get(event, ""))

    def finish(self, test, event, text):
        name = self.name_of(test)
        self.reported.add(id(test))
        self.report.write(event, name, text)

    def note(self, test, event, text):
        if isinstance(test, suite._ErrorHolder):
            phase, _, place = test.id().partition(" (")
            if phase.startswith("setUp"):
                self.fixtures[place.rstrip(")")] = (event, text)
            else:
                self.report.write(event, test.id(), text)
        else:
            self.outcome.setdefault(event, text)

    def trouble(self, test, error):
        name = missing_c_module(error[1])
        if name is not None:
            self.note(test, "skip", f"needs the C test module {name}")
            return
        try:
            text = self._exc_info_to_string(error, test)
        except Exception as problem:
            text = f"{error[0].__name__}, and its traceback cannot be shown: {problem!r}"
        self.note(test, "fail", text)

    def addError(self, test, error):
        self.trouble(test, error)

    def addFailure(self, test, error):
        self.trouble(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.trouble(test, error)

    def addSkip(self, test, reason):
        if not isinstance(test, unittest.case._SubTest):
            self.note(test, "skip", reason)

    def addUnexpectedSuccess(self, test):
        self.note(test, "fail", "unexpected success")

    def settle(self, test):
        """Accounts for a test that never ran because the set-up of its class or module failed or skipped."""
        if id(test) in self.reported:
            return
        places = util.strclass(type(test)), type(test).__module__
        event, text = next((self.fixtures[place] for place in places if place in self.fixtures), ("fail", "never ran"))
        self.finish(test, event, text)


def methods(tests):
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            yield from methods(test)
        else:
            yield test


class StandIn(types.ModuleType):
    """In place of a module in C that a test file imports at its top: whatever calls a C test module's functions is skipped."""

    def __getattr__(self, name):
        # Without the latter `test.support` knows an answer of its own.
        if name.startswith("__") or name == "get_c_recursion_remaining":
            raise AttributeError(name)

        def function(*args, **kwargs):
            if self.__name__ in ACCELERATORS:
                raise ImportError(f"there is no {self.__name__}.{name}")
            raise unittest.SkipTest(f"needs {self.__name__}.{name}")
        return function


def load(name):
    """The tests of the file. Stand-ins are there while it is imported only: elsewhere absence is an answer, too."""
    stand_ins = {}
    absent = C_TEST_MODULES | ACCELERATORS
    while True:
        error = None
        sys.modules.update(stand_ins)
        try:
            tests = unittest.TestLoader().loadTestsFromName("test." + name)
            missing = {missing_c_module(getattr(test, "_exception", None), absent) for test in methods(tests)} - {None}
        except BaseException as problem:
            error = problem
            missing = {missing_c_module(error, absent)} - {None}
        finally:
            for module in stand_ins:
                sys.modules.pop(module, None)
        new = {module: StandIn(module) for module in missing if module not in stand_ins}
        if not new:
            if error is not None:
                raise error
            return tests
        stand_ins.update(new)


def below(frames, function, *arguments):
    """Calls a function from so many frames further down: some tests count on those that CPython's own runner has."""
    return below(frames - 1, function, *arguments) if frames else function(*arguments)


def main(path, name):
    report = Report(path)
    report.write("start", "import")
    from test import support
    # As CPython's own runner does without `-u`: no network, no large files, nothing that takes minutes of CPU time.
    support.use_resources = {} if isinstance(support.use_resources, dict) else ()
    support.record_original_stdout(sys.stdout)
    suite.BaseTestSuite._cleanup = False
    result = Result(report, f"test.{name}.")
    try:
        tests = load(name)
    except BaseException as error:
        c_module = missing_c_module(error)
        event, text = ("skip", f"needs {c_module}") if c_module else ("fail", traceback.format_exc())
        report.write(event, "import", text)
        report.write("done", name)
        return
    everything = list(methods(tests))
    below(FRAMES, tests.run, result)
    for test in everything:
        result.settle(test)
    report.write("done", name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

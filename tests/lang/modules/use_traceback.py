# traceback, logging and unittest of the library over this runtime's code objects: lines, carets, chains, groups.
import io
import logging
import sys
import traceback
import unittest


def show(text):
    print(text.replace(__file__, "this file"))


def divide(a, b):
    return (a +
            1) / b


def chained():
    try:
        divide(1, 0)
    except ZeroDivisionError as e:
        raise ValueError("bad") from e


def grouped():
    try:
        chained()
    except ValueError as e:
        raise ExceptionGroup("several", [e, TypeError("other")])


for function in chained, grouped:
    try:
        function()
    except Exception as e:
        show(traceback.format_exc())
        print([(frame.lineno, frame.name, frame.line, frame.colno, frame.end_colno) for frame in traceback.extract_tb(e.__traceback__)])
        print(traceback.format_exception_only(e), e.__traceback__.tb_lasti % 2)
        positions = list(e.__traceback__.tb_frame.f_code.co_positions())
        print(len(positions) * 2 == len(e.__traceback__.tb_frame.f_code.co_code), positions[e.__traceback__.tb_lasti // 2])
print([(frame.name, frame.lineno) for frame in traceback.extract_stack()])

log = io.StringIO()
logging.basicConfig(stream=log, format="%(levelname)s:%(name)s:%(lineno)d:%(message)s", level=logging.DEBUG)
try:
    divide(1, "x")
except TypeError:
    logging.getLogger("a.b").exception("failed with %r", 3)
show(log.getvalue())


class Case(unittest.TestCase):
    def setUp(self):
        self.addCleanup(print, "cleaned")

    def test_equal(self):
        self.assertEqual([1, 2, {"a": 1}], [1, 3, {"a": 1}])

    def test_raises(self):
        with self.assertRaisesRegex(ZeroDivisionError, "by zero"):
            divide(1, 0)

    @unittest.skip("not now")
    def test_skipped(self):
        pass

    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)

    def test_error(self):
        chained()

    @unittest.expectedFailure
    def test_expected(self):
        self.fail("as expected")


out = io.StringIO()
result = unittest.TextTestRunner(stream=out, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Case))
import re
show(re.sub(r"in \d+\.\d+s", "in a moment", out.getvalue()))
print(result)

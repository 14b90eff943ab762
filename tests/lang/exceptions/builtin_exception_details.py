# Attributes, arguments, str and repr of every builtin exception; OSError's classes by errno; pickling, notes, with_traceback, comparisons.
import builtins, errno
names = sorted(n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException) and v.__name__ == n)
for n in names:
    c = getattr(builtins, n)
    row = []
    for args in ((), ("a",), ("a", "b"), (1, "two", 3)):
        try: e = c(*args); row.append(f"{e!r} {str(e)!r} {e.args}")
        except Exception as x: row.append(f"{type(x).__name__}: {x}")
    print(n, c.__base__.__name__, row)
def show(text):
    try: print(text, "->", eval(text))
    except Exception as e: print(text, "!!", type(e).__name__, e)
for code in ("EPERM", "ENOENT", "EEXIST", "ECHILD", "EPIPE", "ESHUTDOWN", "EAGAIN", "EWOULDBLOCK", "EINPROGRESS", "EALREADY", "EISDIR", "ENOTDIR", "EINTR", "ESRCH", "EACCES", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EINVAL", "ENOSPC"):
    e = OSError(getattr(errno, code), "text"); print(code, type(e).__name__, str(e) == f"[Errno {e.errno}] text", end="; ")
print()
for text in """OSError(2, 'no', 'file')
str(OSError(2, 'no', 'file'))
str(OSError(2, 'no', 'file', None, 'other'))
OSError(2, 'no', 'file', None, 'other').filename2
OSError(2, 'no', 'f').args
OSError(2, 'no', 'f').filename
OSError('just text').errno
OSError(1, 2, 3, 4, 5, 6).args
FileNotFoundError(17, 'x').errno
type(OSError(2, 'x')) is FileNotFoundError
BlockingIOError(11, 'x', 5).characters_written
BlockingIOError(11, 'x').characters_written
ImportError('m', name='n', path='p').name
ImportError('m', name='n', path='p', name_from='q').name_from
ImportError('m', other=1)
repr(ImportError('m', name='n'))
ModuleNotFoundError('m').path
NameError('n', name='x').name
NameError('n', foo=1)
UnboundLocalError('u', name='y').name
AttributeError('a', name='x', obj=5).obj
AttributeError('a', obj=1, zzz=2)
KeyError('k'), str(KeyError('k')), str(KeyError('k', 'l')), str(KeyError()), str(KeyError(1))
StopIteration(5).value, StopIteration().value, StopIteration(1, 2).value
StopAsyncIteration(5).args
SystemExit().code, SystemExit(3).code, SystemExit('a', 'b').code
SyntaxError('m', ('f', 1, 2, 'text')).lineno
SyntaxError('m', ('f', 1, 2, 'text', 3, 4)).end_offset
str(SyntaxError('m', ('f.py', 7, 2, 'text')))
str(SyntaxError('m', (None, 7, 2, 'text')))
SyntaxError('m', ('f', 1)).text
SyntaxError('m', 5)
SyntaxError().msg
SyntaxError('only').msg, SyntaxError('only').print_file_and_line
UnicodeDecodeError('utf-8', b'ab\\xff', 2, 3, 'why')
str(UnicodeDecodeError('utf-8', b'ab\\xff', 2, 3, 'why'))
str(UnicodeDecodeError('utf-8', b'ab\\xff\\xfe', 2, 4, 'why'))
str(UnicodeEncodeError('ascii', 'aé', 1, 2, 'why'))
str(UnicodeEncodeError('ascii', 'a日\\U0001f40d', 1, 3, 'why'))
str(UnicodeTranslateError('aé', 1, 2, 'why'))
str(UnicodeEncodeError('ascii', 'x', 5, 9, 'why'))
UnicodeDecodeError('utf-8', 'str', 0, 1, 'why')
UnicodeDecodeError('utf-8', b'', 0, 1)
UnicodeDecodeError('utf-8', b'ab', -5, 99, 'w').start
Exception(1).__reduce__()
OSError(2, 'x', 'f').__reduce__()
ImportError('m', name='n').__reduce__()
AttributeError('a', name='x', obj=5).__reduce__()
Exception().with_traceback(None)
Exception().with_traceback(5)
Exception().add_note(5)
(lambda e: (e.add_note('a'), e.add_note('b'), e.__notes__))(Exception())
setattr(Exception(), '__cause__', 5)
setattr(Exception(), '__context__', 5)
setattr(Exception(), '__traceback__', 5)
setattr(Exception(), '__suppress_context__', 5)
setattr(Exception(), 'args', 5)
(lambda e: (setattr(e, 'args', [1, 2]), e.args, str(e)))(Exception())
delattr(Exception(), 'args')
delattr(Exception(), '__traceback__')
delattr(Exception(), '__cause__')
(lambda e: (setattr(e, '__cause__', ValueError()), e.__suppress_context__))(Exception())
Exception(x=1)
BaseException.__new__(Exception, 1).args
Exception.__new__(Exception, 1, y=2).args
ValueError('a') == ValueError('a')
hash(ValueError('a')) != 5
Exception('a').__dict__
Exception().__notes__
Exception.__init__(5)
issubclass(Exception, int)
raise_(5)
raise_(int)
raise_(None)
raise_(ValueError, 5)
raise_(ValueError, int)
raise_(ValueError, KeyError)
raise_(type('Bad', (Exception,), {'__new__': lambda c: 5}))
raise_(type('Bad', (Exception,), {'__init__': lambda s: 1 / 0}))
catch(5)
catch((ValueError, 5))
catch(((ValueError,), KeyError))
catch(int)
catch('ValueError')
catch(())
catch((TypeError, (ValueError,)))
reraise()""".splitlines(): show(text)

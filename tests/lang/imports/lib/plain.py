print("plain is executed")
__all__ = ["exported", "x"]
x = 1
exported = "exported by __all__"
hidden = 2
_private = 3

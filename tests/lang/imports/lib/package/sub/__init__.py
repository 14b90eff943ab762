from .leaf import name as from_init

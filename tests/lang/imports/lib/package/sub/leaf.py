from .. import value as relative
from ..sibling import name as cousin

name = "leaf"

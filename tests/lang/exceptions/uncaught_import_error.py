# A missing module.
import sys
from math import sqroot

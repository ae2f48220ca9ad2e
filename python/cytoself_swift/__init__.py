"""Features of protein localization from images of cells.

Every function runs a command of the program ``cytoself`` with the same options; nothing is computed in Python.
"""

from .commands import *  # noqa: F403
from .commands import __all__ as _commands
from .program import CytoselfError, Output, run
from .weights import load_weights

__all__ = [*_commands, "CytoselfError", "Output", "load_weights", "run"]

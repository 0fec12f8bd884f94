"""Starts the newspaper as a script: ``python serve.py --port 0``, from a checkout or from an installed wheel, standard library only.

Names the folder it stands in as a package, whatever lies around it, and hands over to ``command.py``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    sys.path[:] = [str(here.parent), *(entry for entry in sys.path if entry != str(here))]
    sys.exit(import_module(f"{here.name}.command").main())

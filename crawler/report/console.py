"""The console that tables of a command are printed on: as wide as the terminal, and in a pipe so wide that no cell is cut."""

from __future__ import annotations

import sys

from rich.console import Console

_PIPE_WIDTH = 200
"""Columns where nobody looks at a terminal: lines stay whole for grep."""


def table_console() -> Console:
    """A console on standard output."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)

"""Standard streams, fit for use in any surroundings: UTF-8 in every locale, none closed, and what cannot be written is told.

Owns the file descriptors 0 to 2 before a command runs. A closed one would be given to the next file that is opened, a ledger say, and
whatever is printed would go into it. Never writes data.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress

FULL = frozenset({
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EBADF,
})  # fmt: skip
"""Errors of a machine that gives out: disk, quota, file size, descriptors."""


def prepare() -> None:
    """Make the streams usable; call it before anything is opened. A closed standard output stays one that cannot be written to."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - it lives as long as the process
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115 - as above
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def flush() -> OSError | None:
    """Write what is held back of standard output; the error if that fails. Then nothing more is tried: at its end Python would complain."""
    try:
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError, io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return error
    return None

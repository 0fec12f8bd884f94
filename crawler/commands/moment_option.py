"""The type of options that take a day or a moment: ``--from 2026-11``. Owns only argparse's side of ``crawler.dataset.moment``."""

from __future__ import annotations

import argparse

from crawler.dataset.moment import moment


def moment_option(text: str) -> str:
    """A moment as the beginning of a 14-digit timestamp.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error

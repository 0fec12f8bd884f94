"""The command line: one parser, one file a subcommand, imported only when it is called.

Owns the common options, what goes to which stream, and how errors become exit codes. Data on stdout, talk on stderr. A user's mistake
never gives a traceback; a bug does, with ``--debug``, and else says how to report it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from crawler import __version__
from crawler.clock import Clock, utc_now
from crawler.errors import Exit, PressmarkError
from crawler.report import streams

COMMANDS: dict[str, str] = {
    "archive": "archive pages now, one URL or many",
    "crawl": "crawl the configured sites for what is new",
    "extract": "make rows from WARC files, without network",
    "verify": "prove a collection or a WARC file: digests, lengths, and every row again",
    "pack": "make a WACZ package of a collection, of sites, of days or of single articles",
    "repair": "save every whole record of a damaged WARC file",
    "export": "make a dataset of a collection: tables, what they mean, where each row comes from",
    "rebuild": "make a site's rows, index and ledger anew from its WARC files",
    "show": "print an archived article, what was removed, or the raw record",
    "diff": "show what changed in an article, word by word",
    "takedown": "restrict, withdraw or erase what must not be kept, and say who holds it",
    "status": "list sites and runs",
    "explain": "say why an address was or was not fetched, and what comes next",
    "report": "tell how the last crawls went, for people",
    "schedule": "print what crawls the sites when they are due: cron, systemd, Kubernetes, GitHub",
    "sites": "list and check the configured sites",
    "demo": "crawl a small newspaper on this machine, to see how it all works",
}
"""Subcommands in the order of ``--help``, with one line each."""


class CommandParser(argparse.ArgumentParser):
    """Takes names and options in any order. argparse alone takes names in one piece: of ``export DEST -C DIR OTHER`` not the last."""

    _mixed = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; what is left over is a second time, with the names gathered from between the options."""
        found, left = super().parse_known_args(args, namespace)
        if self._mixed or not left or any(len(word) > 1 and word.startswith("-") for word in left):
            return found, left
        self._mixed = True
        try:
            return self.parse_known_intermixed_args(args)
        finally:
            self._mixed = False


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Make the parser; ``only`` imports a single command's file, None all of them (for the reference)."""
    parser = argparse.ArgumentParser(
        prog="pressmark",
        description="Archives news: every exchange byte for byte as WARC, every article as a clean JSON line.",
        epilog="Start with 'pressmark demo'. Exit codes: docs/exit-codes.md. 'pressmark COMMAND --help' explains a command.",
    )
    parser.add_argument("--version", action="version", version=f"pressmark {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name, line in COMMANDS.items():
        wanted = only is None or only == name
        module = import_module(f"crawler.commands.{name}") if wanted else None
        sub = subparsers.add_parser(
            name,
            help=line,
            description=module.__doc__ if module else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.add_argument(
            "-C", "--collection", metavar="DIR", type=Path, default=Path(os.environ.get("PRESSMARK_COLLECTION") or "archive"),
            help="the collection, a folder of sites (default: $PRESSMARK_COLLECTION or ./archive)",
        )  # fmt: skip
        sub.add_argument("--debug", action="store_true", help="show the traceback of an unexpected error")
        if module:
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None, *, clock: Clock = utc_now) -> int:
    """Run a command; returns its exit code. ``clock`` is what the command takes for the time."""
    if argv is None:
        streams.prepare()
    arguments = list(sys.argv[1:] if argv is None else argv)
    named = next((word for word in arguments if not word.startswith("-")), None)
    args = build_parser(only=named if named in COMMANDS else "").parse_args(arguments, argparse.Namespace(clock=clock))
    try:
        code = int(args.run(args))
        if (unsaid := streams.flush()) is not None:
            raise unsaid
        return code
    except PressmarkError as error:
        print(f"pressmark: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        streams.flush()  # the reader of our stdout has gone (as `| head` does): nobody is left to tell
        return Exit.UNEXPECTED
    except Exception as error:
        streams.flush()
        if args.debug:
            raise
        if isinstance(error, OSError) and error.errno in streams.FULL:
            what = error.filename or "standard output, or a file"
            print(
                f"pressmark: {what} cannot be written: {error.strerror}\n"
                "  What was archived before is kept. Make room, then run the same command again.",
                file=sys.stderr,
            )
            return Exit.STORAGE
        print(
            f"pressmark: unexpected {type(error).__name__}: {error}\n"
            "  This is a bug. Run the command again with --debug and report what it prints.",
            file=sys.stderr,
        )
        return Exit.UNEXPECTED

"""Save every whole record of a damaged WARC file to a new one, and say what could not be saved.

The damaged file is left as it is: keep it, it may be evidence too. A whole record is copied byte for byte, so its digests hold. Exit 0 if
nothing was lost, 8 if something was. What a crash of Pressmark itself leaves needs no repair: the next run sees to it.

  pressmark repair damaged.warc.gz
  pressmark repair damaged.warc.gz -o saved.warc.gz --json
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from crawler.errors import Exit, UsageError
from crawler.layout import OPEN
from crawler.report.terminal import plain
from crawler.warc.repair import Repaired, repair_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the damaged WARC, compressed or not")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="the new file (default: FILE's name with '-repaired')"
    )
    parser.add_argument("--json", action="store_true", help="print the account as JSON")


def run(args: argparse.Namespace) -> int:
    """Repair; exit 8 if something could not be saved."""
    file: Path = args.file
    if not file.is_file():
        raise UsageError(f"{file} is not a file", hint="Name one WARC file.")
    with file.open("rb") as start:
        if start.read(2) == b"PK":
            raise UsageError(
                f"{file} is a package, not a WARC", hint="Unzip it, then repair the files in its archive/."
            )
    target: Path = args.output or file.with_name(_name(file.name))
    done = repair_file(file, target)
    print(json.dumps(_account(file, target, done)) if args.json else _talk(file, target, done))
    return Exit.EVIDENCE if done.lost else Exit.DONE


def _name(name: str) -> str:
    return name.removesuffix(OPEN).removesuffix(".gz").removesuffix(".zst").removesuffix(".warc") + "-repaired.warc.gz"


def _account(file: Path, target: Path, done: Repaired) -> dict[str, object]:
    lost = [dataclasses.asdict(damage) for damage in done.lost]
    return {"file": str(file), "output": str(target), "saved": done.saved, "lost": lost}


def _talk(file: Path, target: Path, done: Repaired) -> str:
    lines = [f"{target}: {done.saved} whole records saved, byte for byte"]
    if not done.lost:
        lines.append(f"Nothing was lost: {file} holds no damage.")
    else:
        lines.append(f"Not saved: {len(done.lost)} places of {file}")
        for damage in done.lost:
            record = f" {damage.record_id}" if damage.record_id else ""
            lines.append(plain(f"  at {damage.offset}:{record} {damage.detail} [{damage.reason}]"))
    return "\n".join(lines)

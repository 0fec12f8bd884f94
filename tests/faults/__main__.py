"""One fault by itself: ``python -m tests.faults gzip-bomb`` archives its page, and a good one beside it, and says what came of them.

Without a name: all names, by row of FAULTS.md. ``--keep FOLDER`` leaves the collection there, to be looked at with ``pressmark show`` and ``verify``.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from pathlib import Path

from tests.faults.certificates import Certificates
from tests.faults.conftest import hosts
from tests.faults.run import INSIDE, Host, archive
from tests.faults.server import OddServer


def main() -> int:
    """Returns 1 if one of the four counters is not zero, or there is no such fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("name", nargs="?", help="name of the fault")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the collection goes, instead of nowhere")
    args = parser.parse_args()
    server = OddServer()
    found = hosts(f"{INSIDE}:{server.listen(host=INSIDE)}")
    if args.name is None:
        for row in sorted({fault.row for host in found for fault in host.faults.values()}):
            names = dict.fromkeys(name for host in found for name, fault in host.faults.items() if fault.row == row)
            print(f"{row}\n  {', '.join(names)}")
        return 0
    host = next((host for host in found if args.name in host.faults), None)
    if host is None:
        print(f"there is no fault called {args.name!r}; without a name, all are listed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        return _archive(server, dataclasses.replace(host, faults={args.name: host.faults[args.name]}), folder)


def _archive(server: OddServer, host: Host, folder: Path) -> int:
    run = archive(server, Certificates(folder), [host], folder)
    site = run.sites[host.name]
    print(f"exit code {run.done.returncode}; {site.root}")
    for url in run.asked[host.name]:
        row, failure = site.articles.get(url), site.failures.get(url)
        kept = [
            f"{each.kind} of {len(each.block)} bytes" + (f", truncated: {each.truncated}" if each.truncated else "")
            for each in site.records.get(url, [])
            if each.kind in ("response", "revisit")
        ]
        print(f"{url}\n  archived: {'; '.join(kept) or 'no answer'}")
        if row:
            print(f"  row: {len(row['text'])} characters, flags {row['flags']}")
        if failure:
            print(f"  {failure['reason']}: {failure['detail']}")
    counters = ("silent_loss", "neighbours_lost", "invalid_files", "private_reached")
    counted = {counter: getattr(run, counter)() for counter in counters}
    print(", ".join(f"{counter.replace('_', ' ')} {len(what)}" for counter, what in counted.items()))
    return 1 if any(counted.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

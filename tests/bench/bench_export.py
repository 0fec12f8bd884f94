"""Export of made-up collections: rows a second of CPU time and peak memory by form, and whether memory stays flat with ten times the rows.

    python tests/bench/bench_export.py [--rows 200000] [--words 700] [--forms jsonl,parquet] [--keep FOLDER]

Each measurement is a process of its own. CPU time, since the machine may be busy with other things; memory is the process's peak resident set.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

FORMS = {
    "jsonl": ["--format", "jsonl", "--duplicates", "skip"],
    "parquet": ["--format", "parquet", "--duplicates", "skip"],
    "csv": ["--format", "csv", "--duplicates", "skip"],
    "jsonl and duplicates": ["--format", "jsonl", "--duplicates", "mark"],
    "parquet and duplicates": ["--format", "parquet", "--duplicates", "mark"],
}


def measure(collection: Path, options: list[str]) -> dict[str, float]:
    """Run one export; CPU seconds, peak memory in MiB, bytes written."""
    with tempfile.TemporaryDirectory(dir=collection.parent) as folder:
        code = (
            "import sys, json, resource; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = 'pressmark'\n"
            "from crawler.cli import main\n"
            "code = main(sys.argv[1:]); used = resource.getrusage(resource.RUSAGE_SELF)\n"
            "print(json.dumps({'code': code, 'cpu': used.ru_utime + used.ru_stime, 'memory': used.ru_maxrss / 1024}))"
        )
        command = [
            sys.executable,
            "-c",
            code,
            str(ROOT),
            "export",
            f"{folder}/out",
            "-C",
            str(collection),
            "--json",
            *options,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        account, used = (json.loads(line) for line in done.stdout.splitlines())
        if used["code"]:
            raise RuntimeError(done.stderr)
        return used | {"bytes": account["bytes"]}


def main() -> None:
    """Build, export, print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=200_000)
    options.add_argument("--words", type=int, default=700)
    options.add_argument("--forms", default=",".join(FORMS), help="which of: " + ", ".join(FORMS))
    options.add_argument(
        "--keep", type=Path, help="folder of the collections; they are built only if they are not there"
    )
    args = options.parse_args()
    from newsroom import build

    home = args.keep or Path(tempfile.mkdtemp(prefix="bench-export-"))
    home.mkdir(parents=True, exist_ok=True)
    sizes = (args.rows // 10, args.rows)
    for rows in sizes:
        if not (home / str(rows)).exists():
            build(home / str(rows), rows, words=args.words)
    print(f"{'form':<24}{'rows':>9}{'CPU s':>8}{'rows/s':>9}{'peak MiB':>10}{'MB written':>12}")
    for form in args.forms.split(","):
        extra = FORMS[form]
        found = [measure(home / str(rows), extra) for rows in sizes]
        for rows, each in zip(sizes, found, strict=True):
            print(
                f"{form:<24}{rows:>9,}{each['cpu']:>8.1f}{rows / each['cpu']:>9,.0f}{each['memory']:>10.0f}{each['bytes'] / 1e6:>12.1f}",
                flush=True,
            )
        print(f"{'':<24}memory of ten times the rows: x {found[1]['memory'] / found[0]['memory']:.2f}", flush=True)
    if args.keep is None:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()

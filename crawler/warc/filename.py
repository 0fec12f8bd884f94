"""Names of WARC files, ``<prefix>-<timestamp>-<serial>-<host>.warc.gz`` (WARC 1.1, annex B). Never opens a file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from crawler.layout import OPEN, TORN, safe_name

_NAME = re.compile(r".*-(\d{14})-(\d{5,})-[^/]*\.warc\.gz\Z")
_STAMP = "%Y%m%d%H%M%S"


def make(prefix: str, begun: datetime, serial: int, host: str) -> str:
    """Name of a file that is begun now, without ``.open``; prefix and host are made safe."""
    return f"{safe_name(prefix)}-{begun.astimezone(UTC).strftime(_STAMP)}-{serial:05d}-{safe_name(host)}.warc.gz"


def begun(path: Path) -> datetime | None:
    """When the file was begun, by its name; None if that is not such a name."""
    name = _NAME.match(path.name.removesuffix(OPEN))
    try:
        return datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC) if name else None
    except ValueError:
        return None


def order(path: Path) -> tuple[int, str]:
    """Key that sorts files as they were begun, whatever the clock said then."""
    return serial(path), path.name.removesuffix(OPEN)


def serial(path: Path) -> int:
    """Serial number of a file or of the torn tail of one; 0 if that is not such a name."""
    name = _NAME.match(re.sub(rf"(\.\d+)?{re.escape(TORN)}\Z", "", path.name).removesuffix(OPEN))
    return int(name[2]) if name else 0

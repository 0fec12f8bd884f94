"""Metrics of a site's last run as Prometheus reads them from a file (text exposition format 0.0.4). Pure text; labels are our slugs.

One file a site, `pressmark-SITE.prom`, in the folder that node exporter's textfile collector reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler.errors import Exit
from crawler.report.outcome import Outcome

Sample = tuple[dict[str, str], float]


def metrics(outcome: Outcome, *, started: datetime, ended: datetime) -> str:
    """The metrics of a run."""
    watched = outcome.watched
    looks = {
        "unchanged": watched.unchanged, "edited": watched.edited, "cosmetic": watched.cosmetic, "gone": watched.gone,
        "missing": watched.missing, "blocked": watched.blocked, "walled": watched.walled, "failed": sum(watched.failed.values()),
    }  # fmt: skip
    families: list[tuple[str, str, Iterable[Sample]]] = [
        ("run_exit_code", "Exit code of the last run: docs/exit-codes.md.", [({}, outcome.exit_code)]),
        ("run_ended_timestamp_seconds", "When the last run ended.", [({}, ended.timestamp())]),
        ("run_duration_seconds", "How long it took.", [({}, (ended - started).total_seconds())]),
        ("run_ok", "1 if it ended with exit code 0.", [({}, float(outcome.exit_code == Exit.DONE))]),
        ("run_articles", "Articles that it archived.", [({}, outcome.articles)]),
        ("run_pages_failed", "Pages that could not be had.", [({}, outcome.failed)]),
        ("run_urls", "URLs that gave no row, by reason.", [({"reason": r}, n) for r, n in sorted(outcome.reasons.items())]),
        ("run_looks", "Known articles looked at again, by what was found.", [({"found": f}, n) for f, n in looks.items()]),
        ("urls_waiting", "URLs that wait for their turn.", [({}, outcome.waiting)]),
        ("sources_failing", "Sources that could not be read, or not wholly.", [({}, len(outcome.problems))]),
        ("alarms", "Alarms of the last run, by kind.", _alarms(outcome)),
    ]  # fmt: skip
    return "".join(_family(name, text, samples, outcome.site) for name, text, samples in families)


def _alarms(outcome: Outcome) -> list[Sample]:
    kinds = [alarm.kind for alarm in outcome.alarms if alarm.degrades]
    return [({"kind": kind}, kinds.count(kind)) for kind in sorted(set(kinds))]


def _family(name: str, text: str, samples: Iterable[Sample], site: str) -> str:
    lines = [f"# HELP pressmark_{name} {text}\n# TYPE pressmark_{name} gauge\n"]
    for labels, value in samples:
        told = ",".join(f'{key}="{_escaped(label)}"' for key, label in ({"site": site} | labels).items())
        lines.append(f"pressmark_{name}{{{told}}} {value:.15g}\n")
    return "".join(lines)


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

"""The ledger: what became of every URL of a site, in SQLite.

Owns the frontier (what is still to fetch), the outcome of every URL, what is remembered of each source, the runs, and the size up to
which the row files are committed; a file an idea. Never fetches, never extracts, never opens a WARC.
"""

from crawler.ledger.files import Files
from crawler.ledger.health import Health, SourceHealth
from crawler.ledger.history import History, Known
from crawler.ledger.looks import Look, Looked, Looks, Validators, next_due
from crawler.ledger.numbers import RunNumbers
from crawler.ledger.patterns import Patterns
from crawler.ledger.payloads import Payloads
from crawler.ledger.runs import Runs, RunState
from crawler.ledger.sightings import Sighting, Sightings
from crawler.ledger.sources import Sources, SourceState
from crawler.ledger.surveys import Surveys
from crawler.ledger.urls import NAMED_AS_NEWS, NAMED_BY_SOURCES, STATES, Entry, State, Urls
from crawler.ledger.watermark import Watermark

__all__ = [
    "NAMED_AS_NEWS", "NAMED_BY_SOURCES", "STATES", "Entry", "Known", "Ledger", "Look", "Looked", "RunState", "Sighting", "SourceHealth",
    "SourceState", "State", "Validators", "next_due",
]  # fmt: skip


class Ledger(
    Urls, Looks, Sources, Health, Sightings, Patterns, Payloads, History, Surveys, Files, Runs, RunNumbers, Watermark
):
    """The ledger of one site: all its tables in one file, so that one transaction can change several."""

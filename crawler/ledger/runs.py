"""The runs of a site, and how each ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.errors import INTERRUPTIONS
from crawler.ledger.database import Database
from crawler.record import utc


@dataclass(frozen=True, slots=True)
class RunState:
    """One run as the ledger remembers it."""

    run_id: str
    command: str
    started_at: str
    ended_at: str | None
    exit_code: int | None
    summary: dict[str, Any] | None


_COLUMNS = ", ".join(RunState.__slots__)


class Runs(Database):
    """The runs of one site."""

    def start_run(self, run_id: str, command: str, at: datetime) -> None:
        """Note that a run began."""
        with self.transaction():
            self._db.execute("INSERT INTO runs(run_id, command, started_at) VALUES(?,?,?)", (run_id, command, utc(at)))

    def end_run(self, run_id: str, *, at: datetime, exit_code: int, summary: Mapping[str, Any]) -> None:
        """Note how a run ended."""
        with self.transaction():
            self._db.execute(
                "UPDATE runs SET ended_at=?, exit_code=?, summary=? WHERE run_id=?",
                (utc(at), exit_code, json.dumps(summary), run_id),
            )

    def last_run(self, command: str) -> RunState | None:
        """The run of that command that was begun last, whatever its clock said; without its summary."""
        row = self._db.execute(
            "SELECT run_id, command, started_at, ended_at, exit_code, NULL FROM runs WHERE command = ?"
            " ORDER BY rowid DESC LIMIT 1",
            (command,),
        ).fetchone()
        return RunState(*row) if row else None

    def last_exit_code(self, command: str) -> int | None:
        """How the last run of that command ended that was neither interrupted nor died; None if there was none."""
        row = self._db.execute(
            f"SELECT exit_code FROM runs WHERE command = ? AND exit_code NOT IN ({', '.join(map(str, sorted(INTERRUPTIONS)))})"
            " ORDER BY rowid DESC LIMIT 1",
            (command,),
        ).fetchone()
        return row[0] if row else None

    def runs(self, limit: int = -1) -> list[RunState]:
        """The last runs, at most ``limit`` (all, if it is negative), the last one first."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM runs ORDER BY started_at DESC, run_id DESC LIMIT ?", (limit,))
        return [RunState(r, c, s, e, x, json.loads(summary) if summary else None) for r, c, s, e, x, summary in rows]

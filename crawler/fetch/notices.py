"""Notices: who is told that a run began and how it ended, as the site's ``notify`` says. Blocking; for a thread of its own.

Owns the order and the promise that nothing here ever makes a run fail: what could not be told comes back as a sentence. An address and the
arguments of a command may hold a token: no sentence has them.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crawler.config import SiteConfig
from crawler.errors import Exit
from crawler.fetch.addresses import AddressPolicy
from crawler.fetch.ping import ping
from crawler.report.outcome import Outcome
from crawler.report.prometheus import metrics
from crawler.report.summary import summary

logger = logging.getLogger(__name__)


class Notices:
    """The notices of one run of one site."""

    def __init__(self, site: SiteConfig, started: datetime, before: int | None) -> None:
        self._site = site
        self._notify = site.notify
        self._started = started
        self._before = before
        """Exit code of the run before that came to its end, None if there was none."""
        self.untold: list[str] = []
        """What could not be told, and why."""

    def begun(self) -> None:
        """Tell that the run has begun."""
        if self._notify.ping:
            self._try("ping", lambda: self._ping("start", ""))

    def ended(self, outcome: Outcome, ended: datetime) -> None:
        """Tell how it ended."""
        notify = self._notify
        if notify.prometheus:
            self._try("prometheus", lambda: self._write_metrics(Path(notify.prometheus or ""), outcome, ended))
        if notify.ping:
            self._try("ping", lambda: self._ping(str(outcome.exit_code), summary(outcome)))
        if notify.command and self._is_wanted(outcome):
            self._try("command", lambda: self._run(outcome))

    def _is_wanted(self, outcome: Outcome) -> bool:
        when = self._notify.command_when
        if when == "change":
            return outcome.exit_code != (self._before if self._before is not None else Exit.DONE)
        return when == "always" or outcome.exit_code != Exit.DONE

    def _try(self, what: str, tell: Callable[[], None]) -> None:
        try:
            tell()
        except (OSError, ValueError) as error:
            self.untold.append(f"notify.{what}: {error}")
            logger.warning("%s: notify.%s: %s", self._site.site, what, error)

    def _ping(self, path: str, body: str) -> None:
        policy = AddressPolicy.of(self._site.fetch.allow_private)
        ping(self._notify.ping or "", path, body, policy=policy, timeout=self._notify.timeout)

    def _write_metrics(self, folder: Path, outcome: Outcome, ended: datetime) -> None:
        path = folder / f"pressmark-{outcome.site}.prom"
        temporary = path.with_suffix(f".{os.getpid()}.tmp")  # the collector reads *.prom only
        temporary.write_text(metrics(outcome, started=self._started, ended=ended), encoding="utf-8")
        temporary.chmod(0o644)
        temporary.replace(path)

    def _run(self, outcome: Outcome) -> None:
        report = json.dumps(outcome.to_dict(), ensure_ascii=False)
        program, *_ = self._notify.command
        try:
            subprocess.run(
                list(self._notify.command), input=report, encoding="utf-8", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                timeout=self._notify.timeout, check=True, start_new_session=True,
            )  # fmt: skip
        except subprocess.CalledProcessError as error:  # its own text holds the arguments, and among them a token
            raise OSError(f"{program} ended with exit code {error.returncode}") from None
        except subprocess.TimeoutExpired:
            raise OSError(f"{program} did not end within {self._notify.timeout:g} s (notify.timeout)") from None

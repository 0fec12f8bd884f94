"""What looking again at known articles has found in one run: a part of the run's report. Counts; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from crawler.errors import Reason
from crawler.record import Article

_TOLD = 50
"""Changed articles that a report names; it counts them all."""


@dataclass(slots=True, kw_only=True)
class ChangedArticle:
    """An article that was found changed."""

    url: str
    """Its address."""
    change: Literal["new", "edited", "cosmetic", "gone"]
    """What happened to it."""
    id: str
    """``id`` of the row that says so; `pressmark diff ID` shows the words."""


@dataclass(slots=True, kw_only=True)
class Watched:
    """Known articles that were looked at again, as `recheck` says."""

    looked: int = 0
    """Articles whose server answered."""
    unchanged: int = 0
    """Of these, as they were: answered 304, or no difference in headline and text."""
    edited: int = 0
    """Whose words differ: a new revision."""
    cosmetic: int = 0
    """Whose white space, punctuation, case or typography differs, or which can be read whole at last."""
    gone: int = 0
    """That are not there any more: 410, or 404 or led to a list or to another article at two looks."""
    missing: int = 0
    """That were not found, for the first time: said to be gone when a later look finds so too."""
    missing_url: str | None = None
    """The first of these."""
    blocked: int = 0
    """Before which a challenge or a consent page stood: nothing is said of them."""
    walled: int = 0
    """Before which a pay wall stood, or whose answer or new layout does not show the text: nothing is said of them either."""
    failed: dict[str, int] = field(default_factory=dict)
    """Articles that could not be looked at, by reason; tried again later."""
    changed: list[ChangedArticle] = field(default_factory=list)
    """The first 50 that were found edited or gone."""

    def judged(self, article: Article | None, reason: Reason | None, url: str | None) -> None:
        """Count a look at ``url``: the row that it gave, or why it gave none."""
        if article is not None:
            self.edited += article.change == "edited"
            self.gone += article.change == "gone"
            self.cosmetic += article.change in ("cosmetic", "new")
            if article.change in ("edited", "gone") and len(self.changed) < _TOLD:
                self.changed.append(ChangedArticle(url=article.requested_url, change=article.change, id=article.id))
        elif reason in (Reason.NOT_MODIFIED, Reason.NOT_FOUND):
            self.unchanged += 1
        elif reason is Reason.NOT_FOUND_ONCE:
            self.missing += 1
            self.missing_url = self.missing_url or url
        elif reason is Reason.BLOCKED:
            self.blocked += 1
        else:
            self.walled += 1

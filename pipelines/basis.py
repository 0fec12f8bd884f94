"""The basis of an extraction: the site's own rules and its memory, the two things beside the record that a row depends on.

Stored as ``profiles/<sha256>.json`` and named in every row, so that the row can be made again years later. Never learns anything
itself: that is ``pipelines.profile``.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from crawler.config import ChromeRule, ExtractRules
from pipelines.profile import SiteProfile


@dataclass(frozen=True)
class Basis:
    """Rules and memory of one site at one time."""

    rules: ExtractRules
    """The site's rules from its YAML."""
    memory: SiteProfile | None
    """What its pages have taught; None if the site's memory is off, or nothing is known yet."""

    @cached_property
    def json(self) -> bytes:
        """Canonical JSON: sorted keys, no white space, UTF-8."""
        value: dict[str, Any] = {
            "rules": dataclasses.asdict(self.rules),
            "memory": json.loads(self.memory.to_json()) if self.memory else None,
        }
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")

    @cached_property
    def sha256(self) -> str:
        """SHA-256 (base16) of the canonical JSON: the name of the basis."""
        return sha256(self.json).hexdigest()

    @classmethod
    def from_json(cls, data: bytes) -> Basis:
        """Read a basis back.

        Raises:
            ValueError: not the JSON of a basis.
        """
        try:
            value = json.loads(data)
            rules = dict(value["rules"])
            rules["chrome"] = tuple(ChromeRule(**rule) for rule in rules["chrome"])
            fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in rules.items()}
            memory = value["memory"]
            return cls(
                ExtractRules(**fields), SiteProfile.from_json(json.dumps(memory)) if memory is not None else None
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a site profile: {error}") from error

"""Who runs the crawls: asked for once, kept for the user, told to every server. The only setting that a user must make.

Owns the file in the user's own configuration folder (XDG Base Directory Specification). What a site's YAML, defaults.yaml or
$PRESSMARK_CONTACT says counts over it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from crawler.errors import StorageError


def contact_file(env: Mapping[str, str] | None = None) -> Path:
    """Where the contact is kept: ``pressmark/contact`` in $XDG_CONFIG_HOME, else in ``~/.config``."""
    env = env if env is not None else os.environ
    return Path(env.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "pressmark" / "contact"


def kept_contact(env: Mapping[str, str] | None = None) -> str | None:
    """The contact that was given once; None if none was."""
    try:
        return contact_file(env).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError, RuntimeError):  # RuntimeError: there is no home folder
        return None


def keep_contact(contact: str, env: Mapping[str, str] | None = None) -> Path:
    """Keep a contact for all further crawls; returns where.

    Raises:
        StorageError: it cannot be written.
    """
    path = contact_file(env)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contact + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror}", hint="Set $PRESSMARK_CONTACT, or politeness.contact in config/defaults.yaml."
        ) from error
    return path

"""What of a folder survives a power loss: the bytes that were in each file at its last sync, under the names that their folders' last sync kept.

The strictest reading of fsync(2): nothing is durable that nobody synced, not even the name of a new file whose bytes were. Real file systems
keep more; a program that stands this stands them.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.crash.tracer import Call

Loss = Literal["none", "torn", "lost"]
"""What a crash takes: nothing (the process was killed), the ends of what was not synced, cut at random bytes or zeroed, or all that was not synced."""


@dataclass(frozen=True, slots=True)
class _Node:
    """One file or folder, whatever its name."""

    number: int


@dataclass(slots=True)
class Disk:
    """A folder that is watched: feed it each call before it is made."""

    folder: Path
    _nodes: dict[int, _Node] = field(default_factory=dict)
    _bytes: dict[_Node, bytes] = field(default_factory=dict)
    _names: dict[_Node, dict[str, tuple[_Node, bool]]] = field(default_factory=dict)
    _made: int = 0

    def before(self, call: Call) -> None:
        """Take note of a call that is about to be made."""
        if call.kind == "sync":
            if call.path.is_dir():
                self._names[self._node(call.path)] = {
                    entry.name: (self._node(Path(entry.path)), entry.is_dir()) for entry in os.scandir(call.path)
                }
            elif call.path.exists():
                self._bytes[self._node(call.path)] = call.path.read_bytes()
        gone = call.target if call.kind == "rename" else call.path if call.kind == "remove" else None
        if gone is not None and gone.exists():
            self._nodes.pop(gone.stat().st_ino, None)  # its number may be given to another file

    def _node(self, path: Path) -> _Node:
        number = path.stat().st_ino
        if number not in self._nodes:
            self._made += 1
            self._nodes[number] = _Node(self._made)
        return self._nodes[number]

    def leave(self, target: Path, loss: Loss, chance: random.Random) -> None:
        """Make in ``target`` what the folder is now, after a crash that takes ``loss``."""
        target.mkdir(parents=True)
        if loss == "lost":
            self._rebuild(self._node(self.folder), target)
        else:
            self._copy(self.folder, target, chance if loss == "torn" else None)

    def _rebuild(self, node: _Node, target: Path) -> None:
        for name, (child, is_folder) in self._names.get(node, {}).items():
            if is_folder:
                (target / name).mkdir()
                self._rebuild(child, target / name)
            else:
                (target / name).write_bytes(self._bytes.get(child, b""))

    def _copy(self, source: Path, target: Path, chance: random.Random | None) -> None:
        for entry in os.scandir(source):
            if entry.is_dir():
                (target / entry.name).mkdir()
                self._copy(Path(entry.path), target / entry.name, chance)
            else:
                data = Path(entry.path).read_bytes()
                synced = self._bytes.get(self._node(Path(entry.path)), b"")
                # what was written over before its sync may be old or new: SQLite's own files and no others are written so
                if chance and data.startswith(synced) and len(data) > len(synced) and not entry.name.endswith("-shm"):
                    at = chance.randint(len(synced), len(data))
                    data = data[:at] + b"\0" * chance.choice([0, 0, len(data) - at])
                (target / entry.name).write_bytes(data)

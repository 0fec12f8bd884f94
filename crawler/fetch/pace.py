"""The pace at which one host is asked: the configured delay, longer while the server is slow or says that it is too busy. Pure.

Each answer moves it: 429, 503 and time-outs double it, an answer that took longer than the delay brings it up to that time, and each
good answer takes it a step back. Never shorter than what the configuration and robots.txt ask for, never longer than ``longest``.
"""

from __future__ import annotations

from dataclasses import dataclass

SLOW = 1.0
"""Seconds that an answer may take, before its server counts as slow."""
_FIRST = 1.0
"""Seconds to begin with where the delay is shorter and the server is too busy."""
_RECOVERY = 0.75
"""What a good answer leaves of the time above the floor."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """The pace of one host. Times are seconds."""

    floor: float
    """Least time between two requests: the configured delay, or a longer one of robots.txt."""
    longest: float
    """Most time that being slow or busy leads to."""
    delay: float = 0.0
    """Time between two requests now."""
    slowest: float = 0.0
    """The longest that it was."""
    slowed: int = 0
    """How often it was made longer."""

    def __post_init__(self) -> None:
        self.delay = self.slowest = max(self.delay, self.floor)

    def raise_floor(self, seconds: float) -> None:
        """Heed a delay that robots.txt asks for."""
        self.floor = max(self.floor, seconds)
        self._set(max(self.delay, self.floor))

    def busy(self) -> float:
        """The server has refused for now, or has not answered in time; returns the new delay."""
        return self._set(max(self.delay, min(max(self.delay, _FIRST) * 2, self.longest)))

    def answered(self, latency: float) -> float:
        """A good answer came after ``latency``; returns the new delay."""
        wanted = min(latency, self.longest) if latency > max(SLOW, self.floor) else self.floor
        if wanted > self.delay:
            return self._set(wanted)
        return self._set(max(wanted, self.floor + (self.delay - self.floor) * _RECOVERY - 0.01))

    def _set(self, seconds: float) -> float:
        self.slowed += seconds > self.delay
        self.delay = max(seconds, self.floor)
        self.slowest = max(self.slowest, self.delay)
        return self.delay

"""Progress on a terminal: what is being done, how far, how long. Says nothing at all where standard error is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Talk:
    """Progress bars on standard error."""

    def __init__(self, bars: Progress | None) -> None:
        self._bars = bars

    @property
    def visible(self) -> bool:
        """Whether anybody sees it."""
        return self._bars is not None

    @contextmanager
    def step(self, text: str, total: int | None = None) -> Iterator[Callable[..., None]]:
        """A bar for one step; call what it gives once for each thing done, or with ``completed=`` and ``text=``."""
        if self._bars is None:
            yield lambda **_: None
            return
        bars, task = self._bars, self._bars.add_task(escape(text), total=total)

        def advance(*, completed: int | None = None, text: str | None = None, total: int | None = None) -> None:
            if completed is None and text is None:
                bars.advance(task)
            else:
                bars.update(task, completed=completed, total=total, description=escape(text) if text else None)

        yield advance
        bars.update(task, total=bars.tasks[task].completed or 1, completed=bars.tasks[task].completed or 1)


@contextmanager
def progress() -> Iterator[Talk]:
    """Progress for one command."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Talk(None)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield Talk(bars)

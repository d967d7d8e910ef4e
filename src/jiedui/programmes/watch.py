"""The steps of a run: told before each starts, timed when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watch:
    """Tells of each step before it starts, and keeps how long it took."""

    def __init__(self, on_step: Callable[[str], None], watch: Callable[[], float]) -> None:
        self.on_step = on_step
        self.watch = watch
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        """Time a step."""
        self.on_step(step)
        start = self.watch()
        yield
        self.seconds[step] = self.watch() - start

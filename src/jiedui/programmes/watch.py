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
        self._open: tuple[str, float] | None = None

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        """Time a step."""
        self.start(step)
        yield
        self.stop()

    def start(self, step: str) -> None:
        """Start a step; the one before it ends."""
        now = self.watch()
        self._close(now)
        self._open = step, now
        self.on_step(step)

    def stop(self) -> None:
        """End the last step."""
        self._close(self.watch())

    def _close(self, now: float) -> None:
        if self._open:
            step, start = self._open
            self.seconds[step] = now - start
        self._open = None

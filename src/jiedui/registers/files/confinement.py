"""A process that may not ask for more memory or time than a file of its size needs."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.registers.files.limits import Limits

MEMORY = 176 * 2**20
"""Bytes that any workbook may ask for; a small one that asks for more is not what it seems."""
MEMORY_PER_BYTE = 24
"""Bytes asked for a byte of workbook: the shortest number takes 16 bytes of XML and some 150 here."""
SECONDS = 0.6
"""Processor time that any workbook may take; a small one is read in a tenth of it."""
BYTES_PER_SECOND = 8_000_000


def confine(limits: Limits) -> None:
    """Bind this process to what the smallest workbook needs.

    Where the system cannot bind memory and processor time (Windows), only the clock of the waiting
    process holds.
    """
    _bind(limits, MEMORY, SECONDS)


def widen(limits: Limits, size: int) -> None:
    """Give this process what a workbook of so many unpacked bytes needs."""
    _bind(limits, MEMORY + MEMORY_PER_BYTE * size, SECONDS + size / BYTES_PER_SECOND)


def _bind(limits: Limits, memory: int, seconds: float) -> None:
    try:
        import resource
    except ImportError:
        return
    bounds = ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CPU, limits.seconds))
    for which, most in bounds:
        soft = min(memory, most) if which == resource.RLIMIT_AS else most
        hard = resource.getrlimit(which)[1]
        hard = most if hard == resource.RLIM_INFINITY else min(hard, most)
        resource.setrlimit(which, (min(soft, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, min(seconds, limits.seconds))

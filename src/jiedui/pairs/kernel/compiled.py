"""Loops over arrays: compiled by numba where it is installed, elsewhere run by Python as they stand.

References
----------
Lam, Pitrou, Seibert (2015), *Numba: a LLVM-based Python JIT compiler*, doi 10.1145/2833157.2833162.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any


def has_numba() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def _compiler() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give what compiles a loop, with its machine code kept on disk."""
    if not has_numba():
        return lambda loop: loop
    from numba import njit

    compiler: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(cache=True, nogil=True)
    return compiler


fast = _compiler()
"""Compiles a loop of whole numbers; others may run Python meanwhile."""

"""A county of a seed that no other test uses, the whole way, against what was planted in it."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns.registers_truth import check_county

SEED, HOUSEHOLDS = 31337, 300


def test_a_small_county_keeps_every_promise(tmp_path: Path) -> None:
    figures, shares = check_county(tmp_path, households=HOUSEHOLDS, seed=SEED)
    assert shares["planted"] > 80
    assert shares["pairs"] > 200
    assert shares["remarks"] > 20
    assert len(figures) > 4 * 80

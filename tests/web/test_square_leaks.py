"""The leak scanner: every planted number is found, in any way of writing it, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui_web.square.leaks import CHECK, WEIGHTS, leaks

DAYS = st.dates(date(1930, 1, 1), date(2026, 1, 1))
AREAS = st.sampled_from(["640422", "110101", "520524"])
JOINTS = st.sampled_from(["", " ", "-", "·"])
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """Made-up ID numbers with a check character that holds."""
    body = draw(AREAS) + draw(DAYS).strftime("%Y%m%d") + f"{draw(st.integers(0, 999)):03}"
    return body + CHECK[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


@given(number=id_numbers(), joint=JOINTS, wide=st.booleans())
def test_an_id_number_is_found_however_it_is_written(number: str, joint: str, *, wide: bool) -> None:
    """Parted, in full-width digits, between Chinese words."""
    written = number[:6] + joint + number[6:14] + joint + number[14:]
    written = written.translate(FULL_WIDTH) if wide else written
    assert [leak.kind for leak in leaks(f"张三，证件{written}，住")] == ["id_number"]


@given(number=st.integers(13_000_000_000, 19_999_999_999).map(str), joint=JOINTS)
def test_a_mobile_number_is_found(number: str, joint: str) -> None:
    """Parted in the usual way or not."""
    written = number[:3] + joint + number[3:7] + joint + number[7:]
    assert [leak.kind for leak in leaks(f"电话{written}。")] == ["mobile"]


@pytest.mark.parametrize("card", ["6222021234567890128", "4111 1111 1111 1111"])
def test_a_bank_card_is_found(card: str) -> None:
    """Lengths and check digit of cards."""
    assert [leak.kind for leak in leaks(f"卡号 {card}")] == ["bank_card"]


@pytest.mark.parametrize(
    "innocent",
    [
        "联系电话：0951-5038888",
        "项目编号 2026-0412-0078，资金 12,345,678.90 元",
        "2013年至2020年共脱贫 98990000 人",
        "统一社会信用代码 12640000MB1234567X",
        "640422101000 村委会",
        "文号：国办函〔2026〕12号，2026-01-25 至 2026-12-31",
        "合同 110101199002300014",
    ],
)
def test_what_is_no_such_number_is_left_alone(innocent: str) -> None:
    """Telephones of offices, sums, codes of places, an impossible day of birth."""
    assert leaks(innocent) == ()

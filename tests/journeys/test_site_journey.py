"""A county's and a province's office at work: from signing in to what the public reads."""

from __future__ import annotations

import re

import pytest
import xlsxwriter
from playwright.sync_api import Browser, expect
from tests.journeys.site import CHROMIUM, Site, Visitor

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is missing: python3 do.py system installs it"
)
WAYS = [
    ("zh", "desk", True),
    ("zh", "phone", True),
    ("en", "desk", True),
    ("en", "phone", True),
    ("zh", "desk", False),
]
"""Language, window, scripts; the first way also locks a pair and solves again."""
PROGRAMME = "east_west_2016"
SLOW_MS = 150_000
HEADS = ("户编号", "户主姓名", "乡镇", "行政村", "家庭人口数", "手机", "备忘")


@pytest.mark.parametrize(("lang", "size", "scripts"), WAYS)
def test_an_office_works_from_signing_in_to_the_public_page(
    site: Site, chromium: Browser, *, lang: str, size: str, scripts: bool
) -> None:
    order = WAYS.index((lang, size, scripts))

    def visitor(user: str = "") -> Visitor:
        return Visitor(chromium, site, lang=lang, size=size, scripts=scripts, user=user)

    clerk = visitor("yunhe-enter")
    look_at_today(clerk)
    import_households(clerk, order)
    find_household(clerk, order)
    clerk.close()
    planner = visitor("province-decide")
    compare(planner)
    if order == 0:
        lock_a_pair(planner)
        solve_again(planner)
    ask_why_not(planner)
    chosen = decide(planner)
    approver = visitor("province-approve")
    approve(approver, chosen)
    publish(planner, chosen)
    reader = visitor()
    read_what_is_public(reader)
    for one in (planner, approver):
        one.press("site.sign_out")
        one.close()
        site.signed.pop(one.user)
    reader.close()


def look_at_today(clerk: Visitor) -> None:
    """Today stands first after signing in."""
    clerk.go("/today/")
    expect(clerk.page.locator("h1")).to_contain_text(clerk.word("today.hello", name=""))


def a_village(clerk: Visitor) -> tuple[str, str]:
    """Give township and village of a household, as the list shows them."""
    clerk.go("/registers/list/households/")
    cells = clerk.page.locator("main tbody tr").first.locator("td")
    return cells.nth(1).inner_text(), cells.nth(2).inner_text()


def import_households(clerk: Visitor, order: int) -> None:
    """Upload a workbook, map the heading that is not known, look at the rows, put them in force."""
    township, village = a_village(clerk)
    path = clerk.site.folder / f"农户-{order}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("农户")
        sheet.write_row(0, 0, HEADS)
        for row in range(1, 4):
            phone = 13_900_000_000 + 10 * order + row
            sheet.write_row(
                row, 0, (f"J{order}00{row}", f"试点{order}户{row}", township, village, row, str(phone), "x")
            )
    clerk.press("nav.registers")
    clerk.press("imports.title")
    clerk.press("imports.new")
    clerk.page.select_option("[name=programme]", "yunhe")
    clerk.page.fill("[name=place_code]", "990020")
    clerk.page.set_input_files("[type=file]", path)
    clerk.press("imports.upload")
    wait_for(clerk, "imports.map", "imports.commit")
    if clerk.page.get_by_role("link", name=clerk.word("imports.map"), exact=True).count():
        clerk.press("imports.map")
        clerk.press("imports.confirm_map")
        wait_for(clerk, "imports.commit")
    expect(
        clerk.page.get_by_role("link", name=re.compile(rf"{clerk.word('imports_row.new')} 3$"))
    ).to_be_visible()
    clerk.press("imports.commit")
    wait_for(clerk, "imports.undo")


def wait_for(visitor: Visitor, *keys: str) -> None:
    """Wait until a button or link of one of these texts is there; without scripts look again."""
    words = "|".join(re.escape(visitor.word(key)) for key in keys)
    named = re.compile(f"^({words})$")
    found = visitor.page.get_by_role("link", name=named).or_(visitor.page.get_by_role("button", name=named))
    for _ in range(SLOW_MS // 500):
        if found.count():
            return
        visitor.page.wait_for_timeout(500)
        if "progress" in visitor.page.content():
            visitor.page.goto(visitor.page.url)
    raise AssertionError(visitor.page.locator("main").inner_text())


def find_household(clerk: Visitor, order: int) -> None:
    """Find a household that was imported by part of its head's name."""
    clerk.go("/registers/")
    clerk.page.fill("[name=q]", f"试点{order}户2")
    clerk.press("registers.find")
    clerk.page.get_by_role("link", name=f"试点{order}户2", exact=True).click()
    expect(clerk.page.locator("h1")).to_have_text(f"试点{order}户2")
    expect(clerk.page.locator(".timeline")).to_contain_text(clerk.word("registers.imported"))


def compare(planner: Visitor) -> None:
    """Open the comparison of the latest proposals."""
    planner.go(f"/pairs/programmes/{PROGRAMME}/")
    wait_for(planner, "pairs.compare")
    planner.press("pairs.compare")
    wait_for_proposals(planner)


def wait_for_proposals(planner: Visitor) -> None:
    """Wait until the proposals of a solving stand beside one another."""
    planner.page.wait_for_selector("table .bar", timeout=SLOW_MS)


def open_pair(planner: Visitor) -> None:
    """Open the first pair of the second proposal."""
    planner.page.locator("main tbody th a").nth(2).click()
    planner.page.locator("#list ~ table tbody th a").first.click()


def lock_a_pair(planner: Visitor) -> None:
    """Record that a present pair stays."""
    open_pair(planner)
    planner.page.locator("[name=kind]").first.check()
    planner.page.fill("[name=why]", "已签订三年协议。")
    planner.press("site.save")
    expect(planner.page.locator("[role=status]")).to_contain_text(planner.word("pairs.ruled"))


def solve_again(planner: Visitor) -> None:
    """Ask for the proposals anew and see how far they are."""
    planner.go(f"/pairs/programmes/{PROGRAMME}/")
    planner.press("pairs.solve_again")
    expect(planner.page.locator("progress")).to_be_visible(timeout=SLOW_MS)
    wait_for_proposals(planner)


def ask_why_not(planner: Visitor) -> None:
    """Ask what another helper would change."""
    compare(planner)
    open_pair(planner)
    planner.page.select_option("[name=helper]", index=1)
    planner.press("pairs.ask")
    expect(planner.page.locator(".panel h3")).to_be_visible()


def decide(planner: Visitor) -> str:
    """Decide on a proposal; gives the address of the choice."""
    compare(planner)
    planner.page.locator("main tbody th a").nth(2).click()
    planner.press("pairs.choose")
    planner.page.fill("[name=why]", "最重负担较轻，调整较少。")
    planner.page.fill("[name=valid_from]", planner.site.next_day())
    planner.press("pairs.submit_choice")
    expect(planner.page.locator("[role=status]")).to_contain_text(planner.word("pairs.chosen"))
    return planner.page.url.removeprefix(planner.site.url)


def approve(approver: Visitor, chosen: str) -> None:
    """Approve it, found by way of Today."""
    approver.go("/today/")
    approver.page.locator(f"a[href='{chosen}']").click()
    approver.press("pairs.approve")
    expect(approver.page.locator("[role=status]")).to_contain_text(approver.word("pairs.approved_now"))


def publish(planner: Visitor, chosen: str) -> None:
    """Make it public."""
    planner.go(chosen)
    planner.press("pairs.publish")
    expect(planner.page.locator("[role=status]")).to_contain_text(planner.word("pairs.published_now"))


def read_what_is_public(reader: Visitor) -> None:
    """Read the pairings as anybody may, and the archive of the same."""
    reader.go("/")
    reader.press("square.pairings")
    reader.page.locator(f"a[href='/published/{PROGRAMME}/']").click()
    expect(reader.page.locator("#list ~ table tbody tr").first).to_be_visible()
    reader.go("/archiver/")
    reader.page.locator(f"a[href='/archiver/published/{PROGRAMME}/']").click()
    assert reader.page.locator("main li").count() > 20

"""Files of offices taken into one register, from the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.registers import read_register

if TYPE_CHECKING:
    from pathlib import Path


def test_a_list_of_repairs_shows_no_whole_id_number(tmp_path: Path) -> None:
    path = tmp_path / "户.csv"
    path.write_text("户编号,户主,户主证件号码\n1,甲,９９００２０１９８００１０１００３４\n", encoding="utf-8")
    taken = read_register([path])
    assert taken.register.tables["households"]["head_id_number"].to_pylist() == ["990020198001010034"]
    (repair,) = taken.repairs.to_pylist()
    assert repair["now"] == "**************0034"
    assert repair["was"].endswith("００３４")
    assert set(repair["was"][:-4]) == {"*"}

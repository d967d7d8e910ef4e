"""Registers of one invented county with known truth: who is who over all lists, damaged as offices damage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import pyarrow as pa

from jiedui.registers import Register, Source, schema_of
from jiedui.registers.tables import REGISTERS
from jiedui.tables.grid import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = dict[str, object]
Words = tuple[tuple[str, ...], ...]

AREA = "990101"
"""No place has this code, so no number here is anybody's."""
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "单仇解查"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文辉玲红梅春香玉珍凤珠翠雅芝萍月莺媛燕彩菊勤贞"
    "莉瑞凡佳嘉琼毅俊峰林森松海波江河云雪冰晓小大志忠孝义仁礼智信新兴旺发财富贵福禄寿喜庆祥和谐安康宁乐成"
    "功立德昌盛荣光耀宗祖继承先学诗书琴棋画"
)
SAME_SOUND = (
    "伟炜玮纬", "芳方", "娜那", "秀绣", "英瑛莹", "敏闵", "静靖婧", "丽莉立利", "军君均钧", "洋阳杨扬",
    "艳燕彦雁", "杰洁捷", "娟鹃", "明铭名鸣", "兰岚蓝", "平萍苹", "刚钢", "桂贵", "华桦", "建健剑", "国果",
    "文雯闻", "辉晖慧惠", "玲铃灵琳", "红洪宏鸿", "玉钰育", "珍真贞", "凤奉", "彩采", "小晓筱", "志智治",
    "义毅艺", "新欣鑫心", "学雪", "福富", "祥翔", "成诚城", "光广", "林琳", "海", "张章", "单善", "仇裘",
    "曹", "吴武伍", "徐许", "蒋江", "余于俞",
)  # fmt: skip
LIKE_SHAPE = (
    "玲伶", "伟讳", "祥详", "林材", "刚钢", "娟捐", "燕蒸", "梅海", "治冶", "凤风", "玉王", "平乎", "春舂",
    "勇男", "芬芹", "晓哓", "明朋", "国围", "永水", "丽雨", "建健", "昌吕", "清请", "陈阵", "孙孔", "汪注",
    "侯候", "崔催", "徐除",
)  # fmt: skip
UYGHUR = (
    ("买买提", "麦麦提"), ("阿卜杜拉", "阿不都拉", "阿布都拉"), ("吐尔逊", "图尔荪"), ("库尔班", "库尔邦"),
    ("玉素甫", "尤素甫"), ("热合曼", "热赫曼"), ("艾合买提", "艾海提"), ("吾买尔", "乌买尔"),
    ("肉孜", "肉兹"), ("司马义", "斯马依"), ("努尔古丽", "奴尔古力"), ("阿依古丽", "阿衣古力"),
    ("帕提古丽", "帕蒂古丽"), ("热依汗", "热伊罕"), ("再娜普", "再乃甫"), ("木沙", "穆萨"),
    ("依布拉音", "伊卜拉欣"), ("海力力", "哈力力"),
)  # fmt: skip
TIBETAN = (
    ("扎西", "札西"), ("卓玛", "卓马"), ("次仁", "才仁", "泽仁"), ("多吉", "多杰"), ("罗布", "洛布"),
    ("旺堆", "汪堆"), ("尼玛", "尼马"), ("达瓦", "达娃"), ("格桑", "噶桑"), ("平措", "彭措"),
    ("丹增", "旦增"), ("索朗", "索南"), ("央金", "央京"), ("白玛", "班玛"), ("拉姆", "拉毛"),
    ("曲扎", "却扎"), ("益西", "意西"),
)  # fmt: skip
YI = (
    ("吉克", "吉可"), ("曲比", "曲别"), ("沙马", "沙玛"), ("阿苏", "阿素"), ("石一", "石衣"),
    ("尔古", "尔姑"), ("木牛", "木妞"), ("子洛", "孜洛"), ("伍呷", "伍甲"), ("依伙", "依火"),
    ("阿牛", "阿妞"), ("拉铁", "拉贴"), ("日歪", "热歪"),
)  # fmt: skip
DOTS = "·•．‧・"


@dataclass
class Person:
    """One invented person."""

    number: int
    household: int
    village: int
    words: Words
    is_parted: bool
    sex: str
    born: tuple[int, int, int]
    id_number: str
    phone: str | None

    @property
    def name(self) -> str:
        return ("·" if self.is_parted else "").join(ways[0] for ways in self.words)

    @property
    def family(self) -> str:
        if self.is_parted or len(self.words[0]) > 1:
            return "interpunct"
        return "han_2" if len(self.name) <= 2 else "han_3"


@dataclass
class County:
    """A register and who each of its records is."""

    register: Register
    truth: dict[str, int]
    people: list[Person]
    rows: dict[str, list[Row]] = field(default_factory=dict)


def with_check_sign(first: str) -> str:
    """Give 17 digits their check sign, as GB 11643 writes it, one by one."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def make_county(
    people: int, *, seed: int, minority: float = 0.2, again: float = 0.4, lists: bool = True
) -> County:
    """Make a register of about so many persons.

    A share of them stands `again` in a second workbook; with `lists` also five lists of other offices.
    """
    random = Random(seed)  # noqa: S311 (no secret)
    living = _populate(random, people, minority)
    rows: dict[str, list[Row]] = {table.name: [] for table in REGISTERS}
    truth: dict[str, int] = {}
    maker = _Lists(random, rows, truth, living)
    for person in living:
        maker.own_rows(person)
    for person in living:
        maker.second_row(person, again)
        if lists:
            maker.other_rows(person)
    for record in maker.unclear:
        del truth[record]
    tables = {table.name: _table(table.name, rows[table.name]) for table in REGISTERS}
    sources = tuple(Source(Place(f"{name}.csv"), {}, "") for name in ("a", "b", "lists"))
    return County(Register(tables, sources), truth, living, rows)


def measure(county: County, identities: pa.Table, *, family: str | None = None) -> dict[str, float]:
    """Compare identities with the truth, by pairs of records.

    ``linked``: true pairs that are together, of all true pairs. ``wrong``: false pairs together, of all pairs
    together. ``joined``: identities that hold more than one person, of all identities.
    """
    named = dict(zip(identities["record"].to_pylist(), identities["identity"].to_pylist(), strict=True))
    chosen = {p.number for p in county.people if family in {None, p.family}}
    items = [(named[record], person) for record, person in county.truth.items() if person in chosen]
    together = _pairs(Counter(items).values())
    mixed = Counter(identity for identity, _ in set(items))
    return {
        "linked": together / max(1, _pairs(Counter(person for _, person in items).values())),
        "wrong": 1 - together / max(1, _pairs(Counter(identity for identity, _ in items).values())),
        "joined": sum(count > 1 for count in mixed.values()) / len(mixed),
    }


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def _table(name: str, rows: list[Row]) -> pa.Table:
    declared = next(table for table in REGISTERS if table.name == name)
    return pa.Table.from_pylist(rows, schema=schema_of(declared))


def _populate(random: Random, people: int, minority: float) -> list[Person]:
    living: list[Person] = []
    given_out: set[str] = set()
    common = ["".join(random.choices(GIVEN, k=random.choice((1, 2, 2)))) for _ in range(60)]
    villages = max(2, people // 400)
    number = 0
    while len(living) < people:
        number += 1
        home = _Home(random, number, random.randrange(villages), common)
        for place in range(random.choice((1, 2, 2, 3, 3, 4, 4, 5, 6))):
            living.append(home.member(place, len(living), given_out, is_minority=random.random() < minority))
    return living


class _Home:
    """One household while its members are drawn: a couple, then children, some of them twins."""

    def __init__(self, random: Random, number: int, village: int, common: list[str]) -> None:
        self.random, self.number, self.village, self.common = random, number, village, common
        self.surnames = random.choices(SURNAMES, [1 / (rank + 3) for rank in range(len(SURNAMES))], k=2)
        self.phone = f"1{random.randrange(10**9, 10**10)}" if random.random() < 0.8 else None
        self.year = random.randint(1940, 1990)
        self.words = random.choice((UYGHUR, TIBETAN, YI))
        self.shared = random.choice(GIVEN)
        self.born = (1950, 1, 1)
        self.head: Person | None = None

    def member(self, place: int, number: int, given_out: set[str], *, is_minority: bool) -> Person:
        random = self.random
        if not (place > 2 and random.random() < 0.06):
            year = self.year + (random.randint(20, 34) if place > 1 else random.randint(-4, 4))
            self.born = (year, random.randint(1, 12), random.randint(1, 28))
        sex = "男女"[place] if place < 2 else random.choice("男女")
        if self.head is not None:
            is_minority = self.head.family == "interpunct"
        words, is_parted = self._name(place, is_minority=is_minority)
        id_number = _number(random, self.born, sex, given_out)
        person = Person(
            number, self.number, self.village, words, is_parted, sex, self.born, id_number, self.phone
        )
        self.head = self.head or person
        return person

    def _name(self, place: int, *, is_minority: bool) -> tuple[Words, bool]:
        if is_minority:
            return _minority_name(self.random, self.words, self.head if place > 1 else None)
        if place > 1 and self.head and self.random.random() < 0.03:
            return (*self.head.words[:2], (self.random.choice(GIVEN),)), False
        surname = self.surnames[1] if place == 1 else self.surnames[0]
        return _han_name(self.random, surname, self.shared if place > 1 else "", self.common), False


def _han_name(random: Random, surname: str, shared: str, common: list[str]) -> Words:
    """Draw a name; some are common ones, siblings often share a sign."""
    draw = random.random()
    if draw < 0.12:
        given = random.choice(common)
    elif shared and draw < 0.6:
        given = shared + random.choice(GIVEN)
    else:
        given = "".join(random.choices(GIVEN, k=1 if draw > 0.8 else 2))
    return tuple((sign,) for sign in surname + given)


def _minority_name(random: Random, kind: Words, elder: Person | None) -> tuple[Words, bool]:
    words = kind
    own = random.choice(words)
    if kind == UYGHUR:
        second = elder.words[0] if elder and elder.is_parted else random.choice(words)
        return (own, second), True
    count = 2 if random.random() < 0.93 or kind == YI else 1
    return (own, *(random.choice(words) for _ in range(count - 1))), kind == YI and random.random() < 0.5


def _number(random: Random, born: tuple[int, int, int], sex: str, given_out: set[str]) -> str:
    """Draw the number of a person, the next free one where it is given out: twins are often neighbours."""
    serial = random.randrange(0, 40) * 2 + (sex == "男")
    while (number := with_check_sign(f"{AREA}{born[0]}{born[1]:02d}{born[2]:02d}{serial:03d}")) in given_out:
        serial += 2
    given_out.add(number)
    return number


@dataclass
class _Lists:
    """Writes the rows of a person into every list that has him or her."""

    random: Random
    rows: dict[str, list[Row]]
    truth: dict[str, int]
    people: list[Person]
    unclear: set[str] = field(default_factory=set)

    def own_rows(self, person: Person) -> None:
        """Write the rows of the register itself, with few faults."""
        self._person_row(person, source=0, faults=0.015, household=person.household, village=person.village)
        if person.sex == "女" and self.random.random() < 0.01:
            other = person.household + self.random.randint(1, 500)
            self._person_row(person, source=0, faults=0.03, household=other, village=person.village + 1)

    def second_row(self, person: Person, share: float) -> None:
        """Write the row of a second workbook, with many faults."""
        if self.random.random() < share:
            household = person.household if self.random.random() < 0.93 else None
            self._person_row(person, source=1, faults=0.11, household=household, village=person.village)

    def other_rows(self, person: Person) -> None:
        """Write the rows of other offices."""
        draw = self.random.random
        if draw() < 0.08:
            self._list_row("vehicles", person, plate=f"测A{len(self.rows['vehicles']):05d}")
        if draw() < 0.08:
            self._list_row(
                "properties", person, title=f"证{len(self.rows['properties']):06d}", address="某路"
            )
        if draw() < 0.02:
            self._list_row("payroll", person, unit="某学校")
        if draw() < 0.03:
            self._list_row("deaths", person, died_on="2026-01-01")
        if person.born[0] > 2005 and draw() < 0.8:
            self._list_row("enrolment", person, school="某小学")

    def _person_row(
        self, person: Person, *, source: int, faults: float, household: int | None, village: int
    ) -> None:
        year, month, day = self._born(person, faults)
        row: Row = {
            "household": None if household is None else f"H{household:07d}",
            "name": self._name(person, faults),
            "id_number": self._id_number(person, faults),
            "sex": person.sex if self.random.random() > faults / 10 else "男",
            "born_on": f"{year:04d}-{month:02d}-{day:02d}"
            if self.random.random() > faults
            else f"{year:04d}",
            "township": "甲乡",
            "village": f"村{village}村" if source == 0 else f"村{village}村委会",
            "phone": self._phone(person),
        }
        parts = (row["household"] or "", row["name"], row["id_number"] or "")
        self._add("persons", person, row, source, "|".join(map(str, parts)))

    def _list_row(self, table: str, person: Person, **more: str) -> None:
        name, number = self._name(person, 0.06), self._id_number(person, 0.06)
        first = (
            [number or "", more[next(iter(more))]] if table not in {"deaths", "enrolment"} else [number or ""]
        )
        self._add(table, person, {"name": name, "id_number": number, **more}, 2, "|".join((*first, name)))

    def _add(self, table: str, person: Person, row: Row, source: int, key: str) -> None:
        rows = self.rows[table]
        rows.append({**row, "_source": source, "_row": len(rows) + 2})
        if (
            row["id_number"] is None
            and not row.get("household")
            and table in {"persons", "deaths", "enrolment"}
        ):
            key += "|1"
        record = f"{table}|{key}"
        if self.truth.setdefault(record, person.number) != person.number:
            self.unclear.add(record)

    def _phone(self, person: Person) -> str | None:
        draw = self.random.random()
        if draw < 0.3 or person.phone is None:
            return None
        return person.phone if draw < 0.95 else f"1{self.random.randrange(10**9, 10**10)}"

    def _born(self, person: Person, faults: float) -> tuple[int, int, int]:
        year, month, day = person.born
        draw = self.random.random()
        if draw < faults / 3:
            return (year, day, month) if day <= 12 else (year + 1, month, day)
        return (year, month, 1) if draw < faults / 2 else person.born

    def _id_number(self, person: Person, faults: float) -> str | None:
        kinds = {"missing": 0.3, "one": 0.27, "two": 0.1, "swap": 0.1, "old": 0.1, "length": 0.1, "kin": 0.03}
        if self.random.random() > faults:
            return person.id_number
        kind = self.random.choices(list(kinds), list(kinds.values()))[0]
        if kind == "kin":
            return self.people[max(0, person.number - 1)].id_number
        return NUMBER_FAULTS[kind](self.random, person.id_number)

    def _name(self, person: Person, faults: float) -> str:
        if person.family == "interpunct":
            return self._written_parts(person, faults)
        signs = list(person.name)
        if self.random.random() < faults / 2:
            place = self.random.randrange(len(signs))
            self.random.choices((_same_sound, _like_shape, _shorter), (6, 2, 2))[0](self.random, signs, place)
        return "".join(signs)

    def _written_parts(self, person: Person, faults: float) -> str:
        is_varied = self.random.random() < faults * 3
        ways = [self.random.choice(word) if is_varied else word[0] for word in person.words]
        dot = self.random.choice(DOTS) if person.is_parted else ""
        draw = self.random.random()
        if person.is_parted and draw < faults / 5:
            ways = ways[::-1] if draw < faults / 20 else ways[:1]
        return (dot if self.random.random() > faults else "").join(ways)


def _same_sound(random: Random, signs: list[str], place: int) -> None:
    group = next((group for group in SAME_SOUND if signs[place] in group), signs[place])
    signs[place] = random.choice(group)


def _like_shape(random: Random, signs: list[str], place: int) -> None:
    group = next((group for group in LIKE_SHAPE if signs[place] in group), signs[place])
    signs[place] = random.choice(group)


def _shorter(random: Random, signs: list[str], place: int) -> None:
    if len(signs) > 2 and place:
        del signs[place]
    else:
        signs.append(random.choice(GIVEN))


def _changed(random: Random, number: str) -> str:
    place = random.randrange(6, 17)
    return number[:place] + random.choice("0123456789".replace(number[place], "")) + number[place + 1 :]


def _swapped(random: Random, number: str) -> str:
    place = random.randrange(6, 16)
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _shortened(random: Random, number: str) -> str:
    place = random.randrange(18)
    return number[:place] + number[place + 1 :]


NUMBER_FAULTS: dict[str, Callable[[Random, str], str | None]] = {
    "missing": lambda _random, _number: None,
    "one": _changed,
    "two": lambda random, number: _changed(random, _changed(random, number)),
    "swap": _swapped,
    "old": lambda _random, number: number[:6] + number[8:17] if number[6:8] == "19" else number,
    "length": _shortened,
}

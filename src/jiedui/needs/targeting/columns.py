"""The columns of a table, checked as they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from jiedui.errors import InputError
from jiedui.language import finding, words
from jiedui.needs.groups import BAR

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

Where = Literal["survey", "register", "units", "sample", "scores", "appraisal", "consequences"]
SHOWN = 5
"""How many values a finding names."""


class ArrowTable(Protocol):
    """An Arrow table, or any data frame that gives itself as Arrow: pandas, Polars, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the rows as an Arrow stream."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table; every column asked for is checked."""

    table: pa.Table
    where: Where

    def column(self, name: str) -> pa.ChunkedArray:
        """Give a column; refused by name where there is none."""
        if name not in self.table.column_names:
            raise self.fault("column_missing", column=name, found=listed(self.table.column_names))
        return self.table[name]

    def is_text(self, name: str) -> bool:
        """Whether a column holds categories instead of numbers."""
        import pyarrow as pa

        kind = self.column(name).type
        text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
        return bool(text or pa.types.is_dictionary(kind))

    def numbers(self, name: str) -> Floats:
        """Give a column of numbers; refused where a cell is empty, no number or infinite."""
        import numpy as np

        values = self.floats(name)
        if lacking := int((~np.isfinite(values)).sum()):
            raise self.fault("values_missing", column=name, count=lacking)
        return values

    def floats(self, name: str) -> Floats:
        """Give a column of numbers, nan where a cell is empty."""
        import pyarrow as pa
        import pyarrow.compute as pc

        column = self.column(name)
        kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal)
        if not any(is_kind(column.type) for is_kind in kinds):
            raise self.fault("not_numbers", column=name, found=str(column.type))
        values: Floats = pc.cast(column, pa.float64()).to_numpy()
        return values

    def texts(self, name: str) -> pa.Array:
        """Give a column as text; refused where a cell is empty."""
        import pyarrow as pa
        import pyarrow.compute as pc

        column = pc.cast(self.column(name), pa.string()).combine_chunks()
        if lacking := column.null_count + (pc.sum(pc.equal(column, "")).as_py() or 0):
            raise self.fault("values_missing", column=name, count=lacking)
        return column

    def keys(self, name: str) -> pa.Array:
        """Give a column of text of which every value stands once."""
        import pyarrow.compute as pc

        values = self.texts(name)
        counts = values.value_counts()
        if len(counts) < len(values):
            twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values").to_pylist()
            raise self.fault("unit_twice", column=name, count=len(twice), found=listed(sorted(twice)))
        return values

    def flags(self, name: str) -> Flags:
        """Give a column of 1 and 0 or true and false."""
        values = self.numbers(name)
        if strange := sorted({float(one) for one in values[(values != 0) & (values != 1)][:1000]}):
            raise self.fault("not_flags", column=name, found=listed(strange))
        flags: Flags = values == 1
        return flags

    def weights(self, name: str) -> Floats:
        """Give weights, 1 for each row where no column is named; refused below zero or without a sum."""
        import numpy as np

        if not name:
            return np.ones(self.table.num_rows)
        values = self.numbers(name)
        if below := int((values < 0).sum()):
            raise self.fault("weight_negative", column=name, count=below)
        if not values.sum() > 0:
            raise self.fault("weight_zero", column=name)
        return values

    def codes(self, *names: str) -> tuple[Ints, list[str]]:
        """Give the number of each row's group, and the names of all groups that columns make together."""
        import numpy as np

        codes, groups = np.zeros(self.table.num_rows, np.int64), [""]
        for name in names:
            dictionary = self.texts(name).dictionary_encode()
            own = dictionary.indices.to_numpy(zero_copy_only=False).astype(np.int64)
            values = dictionary.dictionary.to_pylist()
            if len(names) > 1 and (marked := [value for value in values if BAR in value]):
                raise self.fault("group_mark", column=name, found=listed(sorted(marked)), mark=BAR)
            pairs, codes = np.unique(codes * len(values) + own, return_inverse=True)
            groups = [
                BAR.join(filter(None, (groups[pair // len(values)], values[pair % len(values)])))
                for pair in pairs.tolist()
            ]
        order = sorted(range(len(groups)), key=groups.__getitem__)
        place = np.empty(len(groups), np.int64)
        place[order] = np.arange(len(groups))
        return place[codes], [groups[one] for one in order]

    def fault(self, rule: str, column: str = "", **values: object) -> InputError:
        """Give the error of one finding in this table."""
        where = words(f"targeting_word.{self.where}")
        found = finding(
            f"targeting.{rule}", file="", sheet="", cell=column, where=where, column=column, **values
        )
        return InputError([found])


def rows_of(table: ArrowTable, where: Where) -> Rows:
    """Take an Arrow table or any data frame that gives Arrow."""
    import pyarrow as pa

    found = Rows(table if isinstance(table, pa.Table) else pa.table(table), where)
    if not found.table.num_rows:
        raise found.fault("no_rows")
    return found


def listed(values: Any) -> str:  # noqa: ANN401
    """Name the first of some values."""
    found = [str(one) for one in values]
    return ", ".join(found[:SHOWN]) + (f" … ({len(found)})" if len(found) > SHOWN else "")

"""A fitted score: what it was made of, and what it gives for a register."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.targeting.columns import ArrowTable, rows_of
from jiedui.needs.targeting.covariates import Covariate, Unknown, check_register, matrix, terms_of
from jiedui.needs.targeting.tables import COEFFICIENTS, SCORES
from jiedui.needs.targeting.trees import Trees

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.targeting.columns import Floats, Rows

Method = Literal["linear", "quantile", "boosted"]
BATCH = 250_000
"""Rows scored together."""


@dataclass(frozen=True, slots=True)
class ScoreModel:
    """A score that stands for a target which only the survey knows: the lower, the more in need.

    Attributes
    ----------
    log : bool
        Whether the logarithm of the target was fitted; scores are in units of the target all the same.
    quantile : float
        What the score predicts with the method ``quantile``; unused with the others.
    b, se : tuple of float
        Coefficients of the constant and of all terms, with standard errors by sampling unit; those are empty
        but for the method ``linear``.
    trees : Trees or None
        Of what the coefficients miss, with the method ``boosted``.
    below, above : float
        From the score to the ends of its interval, on the scale that was fitted.
    level, coverage : float
        The probability asked for, and the share that intervals made without a fold reached in it.
    origin : mapping of str to str
        SHA-256 of the specification and of the data, rows, sampling units, seed.
    held_out : tuple of float
        Scores of the rows of the survey in their order, each from a fit without its fold: what thresholds are
        tried on, for the survey's own scores look better than those of a register. Not saved.
    """

    target: str
    covariates: tuple[Covariate, ...]
    method: Method
    log: bool
    quantile: float
    b: tuple[float, ...]
    se: tuple[float, ...]
    trees: Trees | None
    below: float
    above: float
    level: float
    coverage: float
    origin: Mapping[str, str] = field(default_factory=dict)
    held_out: tuple[float, ...] = field(default=(), compare=False, repr=False)

    def score(
        self,
        register: ArrowTable,
        *,
        unit: str = "unit",
        unknown: Unknown = "refuse",
        missing: str = "refuse",
    ) -> pa.Table:
        """Score every row of a register.

        Parameters
        ----------
        register : pyarrow.Table or data frame
        unit : str
            The column that names a row.
        unknown : str
            What becomes of a category the survey never saw: ``refuse``, or ``base`` to count it as the base
            of its covariate.
        missing : str
            What becomes of a row with an empty covariate: ``refuse``, or ``blank`` for no score.

        Returns
        -------
        pyarrow.Table
            As ``SCORES``: ``unit, score, lower, upper`` in units of the target. Its schema's metadata counts
            under ``to_base`` cells by covariate, under ``blank`` rows without a score.

        Raises
        ------
        InputError
            If a unit stands twice, a covariate is missing or of another type; by the rules above.
        """
        import numpy as np
        import pyarrow as pa

        rows = rows_of(register, "register")
        units = rows.keys(unit)
        to_base = check_register(rows, self.covariates, unknown=unknown)
        values = np.concatenate([self.predict(part) for part in _batches(rows)])
        blank = int(np.isnan(values).sum())
        if blank and missing != "blank":
            raise rows.fault("register_blank", column=self._emptiest(rows), count=blank)
        columns = [self._scaled(values + move) for move in (0.0, self.below, self.above)]
        told = {"to_base": json.dumps(to_base), "blank": str(blank)}
        made = [units, *(pa.array(one, from_pandas=True) for one in columns)]
        return pa.Table.from_arrays(made, schema=SCORES.schema().with_metadata(told))

    def predict(self, rows: Rows) -> Floats:
        """Predict on the scale that was fitted (n,); nan where a covariate is empty."""
        import numpy as np

        X = matrix(rows, self.covariates)  # noqa: N806
        return predict(X, np.array(self.b), self.trees)

    def coefficients(self) -> pa.Table:
        """Give the coefficients as ``COEFFICIENTS`` declares, with limits by Student's t at `level`."""
        import numpy as np
        import pyarrow as pa
        from scipy.stats import t

        b = np.array(self.b)
        se = np.array(self.se) if self.se else np.full(len(b), np.nan)
        reach = t.ppf((1 + self.level) / 2, int(self.origin["psu"]) - 1) * se
        columns = [terms_of(self.covariates), b, se, b - reach, b + reach]
        made = [pa.array(one, from_pandas=True) for one in columns]
        return pa.Table.from_arrays(made, schema=COEFFICIENTS.schema())

    def save(self, path: Path) -> None:
        """Write the model as JSON, with the SHA-256 of all it says."""
        body = _body(self)
        text = json.dumps({"sha256": _hash(body), **body}, indent=1, ensure_ascii=False, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")

    def _scaled(self, values: Floats) -> Floats:
        import numpy as np

        return np.exp(values) if self.log else values

    def _emptiest(self, rows: Rows) -> str:
        return max((one.name for one in self.covariates), key=lambda name: rows.column(name).null_count)


def predict(X: Floats, b: Floats, trees: Trees | None) -> Floats:  # noqa: N803
    """Predict from coefficients and the trees of what they miss; nan where a cell of `X` is nan."""
    values: Floats = X @ b
    return values + trees.predict(X) if trees else values


def load_score(path: Path) -> ScoreModel:
    """Read a model that was saved.

    Raises
    ------
    InputError
        If the file is no saved model, or was changed since.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        told = body.pop("sha256")
        model = _model(body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError([finding("targeting.not_a_model", file=path.name)]) from None
    if told != _hash(_body(model)):
        raise InputError([finding("targeting.model_changed", file=path.name)])
    return model


def _body(model: ScoreModel) -> dict[str, Any]:
    """Give what is saved of a model."""
    return {name: value for name, value in asdict(model).items() if name != "held_out"}


def _model(body: dict[str, Any]) -> ScoreModel:
    covariates = (Covariate(one["name"], tuple(one["categories"]), one["base"]) for one in body["covariates"])
    trees = body["trees"] and Trees(**{key: _tupled(value) for key, value in body["trees"].items()})
    exact = {"covariates": tuple(covariates), "trees": trees, "b": tuple(body["b"]), "se": tuple(body["se"])}
    return ScoreModel(**{**body, **exact})


def _tupled(value: Any) -> Any:  # noqa: ANN401
    return tuple(value) if isinstance(value, list) else value


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _batches(rows: Rows) -> Iterator[Rows]:
    for start in range(0, rows.table.num_rows, BATCH):
        yield type(rows)(rows.table.slice(start, BATCH), rows.where)

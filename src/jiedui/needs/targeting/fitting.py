"""Fitting a score on a survey."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.targeting.columns import ArrowTable, Rows, listed, rows_of
from jiedui.needs.targeting.covariates import Covariate, check_independent, covariates_of, matrix, terms_of
from jiedui.needs.targeting.intervals import Misses, bounds, folds_of, misses, observed_coverage
from jiedui.needs.targeting.methods import METHODS, Fit, Fitted, method_of
from jiedui.needs.targeting.model import Method, ScoreModel
from jiedui.needs.targeting.regression import cluster_errors

if TYPE_CHECKING:
    from jiedui.needs.targeting.columns import Flags, Floats, Ints

FEWEST_FOLDS = 2


def fit_score(
    survey: ArrowTable,
    *,
    target: str,
    covariates: Sequence[str],
    weight: str = "",
    psu: str = "",
    method: Method = "linear",
    quantile: float = 0.5,
    log: bool = True,
    base: Mapping[str, str] | None = None,
    monotone: Mapping[str, int] | None = None,
    level: float = 0.9,
    folds: int = 5,
    seed: int = 0,
) -> ScoreModel:
    """Fit a score of a target on covariates that a register knows too: a proxy means test [1]_.

    Parameters
    ----------
    survey : pyarrow.Table or data frame
    target : str
        Income or consumption; above zero where `log`.
    covariates : sequence of str
        Numbers, or categories as text.
    psu : str
        The sampling unit: standard errors let its members be alike, and intervals are made from units that
        the model had not seen. Each row is its own where empty.
    method : str
        ``linear``: weighted least squares; ``quantile``: regression of `quantile`; ``boosted``: least
        squares, and trees of what it misses by scikit-learn.
    base : mapping of str to str, optional
        By covariate, the category that others are compared with; else the one with most weight.
    monotone : mapping of str to int, optional
        With ``boosted``: covariates with which the part of the trees may only rise (1)
        or fall (-1).
    level : float
        The probability with which an interval shall hold the target of a unit of an unseen sampling unit.

    Raises
    ------
    InputError
        If columns are missing or have empty cells, weights are negative, the target is not above zero,
        covariates make each other up, or sampling units are too few for the folds or the level.
    MissingPartError
        If a method needs scikit-learn and it is not installed.

    References
    ----------
    .. [1] Grosh, M. and Baker, J. (1995). Proxy means tests for targeting social programs. World Bank, LSMS
       working paper 118.

    Examples
    --------
    >>> import pyarrow as pa
    >>> survey = pa.table({"income": [5.0 + size % 7 for size in range(60)], "size": list(range(60))})
    >>> model = fit_score(survey, target="income", covariates=["size"])
    >>> model.score(pa.table({"unit": ["h1"], "size": [3]})).column_names
    ['unit', 'score', 'lower', 'upper']
    """
    spec = {
        "target": target, "covariates": list(covariates), "weight": weight, "psu": psu, "method": method,
        "quantile": quantile, "log": log, "base": dict(base or {}), "monotone": dict(monotone or {}),
        "level": level, "folds": folds, "seed": seed,
    }  # fmt: skip
    _check_settings(spec)
    rows = rows_of(survey, "survey")
    w = rows.weights(weight)
    made = covariates_of(rows, covariates, weights=w, base=base or {})
    X, y = matrix(rows, made), _target(rows, target, log=log)  # noqa: N806
    check_independent(rows, X, w, terms_of(made))
    units = rows.codes(psu)[0] if psu else _each(rows)
    fit = method_of(method, quantile=quantile, monotone=_signs(made, monotone or {}), seed=seed)
    found = _misses(fit, X, y, w, psu=units, fold=_folds(rows, units, folds, seed))
    below, above = bounds(found, level)
    fitted = fit(X, y, w)
    return ScoreModel(
        target=target,
        covariates=made,
        method=method,
        log=log,
        quantile=quantile,
        b=tuple(fitted.b.tolist()),
        se=_errors(fitted, X, y, w, units) if method == "linear" else (),
        trees=fitted.trees,
        below=below,
        above=above,
        level=level,
        coverage=observed_coverage(found, level),
        origin=_origin(rows, spec, units),
        held_out=_held_out(y - found.residuals, log=log),
    )


def _errors(fitted: Fitted, X: Floats, y: Floats, w: Floats, units: Ints) -> tuple[float, ...]:  # noqa: N803
    return tuple(cluster_errors(X, y - fitted.predict(X), w, units).tolist())


def _held_out(values: Floats, *, log: bool) -> tuple[float, ...]:
    import numpy as np

    return tuple((np.exp(values) if log else values).tolist())


def _check_settings(spec: Mapping[str, Any]) -> None:
    """Refuse settings that mean nothing."""
    faults = []
    if spec["method"] not in METHODS:
        faults.append(finding("targeting.method", found=spec["method"], allowed=listed(METHODS)))
    faults += [
        finding("targeting.not_between", cell=name, name=name, found=spec[name])
        for name in ("quantile", "level")
        if not 0 < spec[name] < 1
    ]
    covariates = spec["covariates"]
    if not covariates or len(set(covariates)) < len(covariates):
        faults.append(finding("targeting.covariates", found=listed(covariates)))
    for name, sign in spec["monotone"].items():
        if sign not in (-1, 0, 1) or name not in covariates:
            faults.append(finding("targeting.monotone", cell=name, found=f"{name}: {sign}"))
    if faults:
        raise InputError(faults)


def _target(rows: Rows, target: str, *, log: bool) -> Floats:
    import numpy as np

    y = rows.numbers(target)
    if log and (low := int((y <= 0).sum())):
        raise rows.fault("target_not_positive", column=target, count=low)
    return np.log(y) if log else y


def _each(rows: Rows) -> Ints:
    import numpy as np

    return np.arange(rows.table.num_rows)


def _folds(rows: Rows, units: Ints, folds: int, seed: int) -> Ints:
    import numpy as np

    present = len(np.unique(units))
    if not FEWEST_FOLDS <= folds <= present:
        raise rows.fault("folds", found=folds, allowed=present)
    return folds_of(units, folds, seed)


def _signs(covariates: Sequence[Covariate], monotone: Mapping[str, int]) -> list[int]:
    """Give the direction of each column of the matrix."""
    return [0, *(monotone.get(one.name, 0) for one in covariates for _ in one.terms)]


def _misses(fit: Fit, X: Floats, y: Floats, w: Floats, *, psu: Ints, fold: Ints) -> Misses:  # noqa: N803
    def predict_held(seen: Flags, held: Flags) -> Floats:
        return fit(X[seen], y[seen], w[seen]).predict(X[held])

    return misses(predict_held, y, w, psu=psu, fold=fold)


def _origin(rows: Rows, spec: Mapping[str, Any], units: Ints) -> dict[str, str]:
    """Give the hashes of the specification and of the columns used, with counts."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    used = [spec["target"], *spec["covariates"], *filter(None, (spec["weight"], spec["psu"]))]
    plain = {name: rows.texts(name) if rows.is_text(name) else rows.floats(name) for name in used}
    content = io.BytesIO()
    pa_csv.write_csv(pa.table(plain), content)
    return {
        "spec_sha256": hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest(),
        "data_sha256": hashlib.sha256(content.getvalue()).hexdigest(),
        "rows": str(rows.table.num_rows),
        "psu": str(len(np.unique(units))),
        "seed": str(spec["seed"]),
    }

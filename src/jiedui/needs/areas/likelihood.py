"""The likelihood of the Fay–Herriot model and where it is greatest.

Fay and Herriot (1979): y = Xβ + u + e, u ~ N(0, σ²), e ~ N(0, D), D known. Scoring as in Rao and Molina
(2015, §6.1.2); the adjusted likelihood is that of Li and Lahiri (2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

Method = Literal["reml", "ml", "adjusted"]

STARTS = 40
"""The likelihood may have several peaks: so many values of σ² are tried before scoring starts at the best."""
STEPS = 200
CLOSE = 1e-13
"""Scoring ends when σ² moves by less than this part of σ² + the median of D."""


@dataclass(frozen=True, slots=True)
class Data:
    """What is fitted: y and D of shape (m,), X of shape (m, p) with the intercept first."""

    y: np.ndarray
    X: np.ndarray
    D: np.ndarray


@dataclass(frozen=True, slots=True)
class Point:
    """All that depends on one value of σ².

    Attributes
    ----------
    beta : numpy.ndarray
        Shape (p,).
    cov : numpy.ndarray
        (X'V⁻¹X)⁻¹, shape (p, p).
    tr : tuple of float
        tr V⁻², tr P, tr PP, and tr of (X'V⁻¹X)⁻¹X'V⁻²X.
    loglik, criterion : float
        The Gaussian log-likelihood, and what the method makes as great as it can.
    score, information : float
        First derivative of the criterion, and the expected second one with its sign changed.
    """

    sigma2_u: float
    beta: np.ndarray
    cov: np.ndarray
    tr: tuple[float, float, float, float]
    loglik: float
    criterion: float
    score: float
    information: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The point where the criterion is greatest, and how many steps of scoring led to it."""

    point: Point
    iterations: int


def fit(data: Data, method: Method) -> Fit:
    """Give the greatest value of the criterion over σ² ≥ 0."""
    import numpy as np

    scale = float(np.median(data.D))
    top = float(np.var(data.y) + data.D.max()) * 100
    tried = np.geomspace(scale * 1e-6, max(top, scale), STARTS)
    best = max((evaluate(data, float(sigma2), method) for sigma2 in tried), key=lambda at: at.criterion)
    here, steps = _climb(data, best, method=method, scale=scale)
    if method != "adjusted":
        edge = evaluate(data, 0.0, method)
        here = edge if edge.criterion >= here.criterion else here
    return Fit(here, steps)


def evaluate(data: Data, sigma2_u: float, method: Method) -> Point:
    """Give β, the criterion and its derivatives at one σ²."""
    import numpy as np

    w = 1 / (sigma2_u + data.D)
    q, r = np.linalg.qr(np.sqrt(w)[:, None] * data.X)
    beta = np.linalg.solve(r, q.T @ (np.sqrt(w) * data.y))
    inverse = np.linalg.inv(r)
    h = (q**2).sum(axis=1)
    py = w * (data.y - data.X @ beta)
    w2, wh = float(w @ w), float(w @ h)
    tr_p = float(w.sum()) - wh
    tr_pp = w2 - 2 * float(w**2 @ h) + float(((q.T * w @ q) ** 2).sum())
    quadratic = float(py @ (py / w))
    loglik = -0.5 * (len(w) * np.log(2 * np.pi) - float(np.log(w).sum()) + quadratic)
    residual = loglik + 0.5 * len(beta) * np.log(2 * np.pi) - float(np.log(np.abs(np.diag(r))).sum())
    squares = float(py @ py)
    if method == "ml":
        criterion, score, information = loglik, (squares - float(w.sum())) / 2, w2 / 2
    else:
        criterion, score, information = residual, (squares - tr_p) / 2, tr_pp / 2
    if method == "adjusted":
        criterion += float(np.log(sigma2_u))
        score, information = score + 1 / sigma2_u, information + 1 / sigma2_u**2
    tr = (w2, tr_p, tr_pp, wh)
    return Point(sigma2_u, beta, inverse @ inverse.T, tr, float(loglik), float(criterion), score, information)


def _climb(data: Data, start: Point, *, method: Method, scale: float) -> tuple[Point, int]:
    """Follow Fisher's scoring, with half steps where a whole one goes down."""
    here, floor = start, 0.0 if method != "adjusted" else scale * 1e-9
    for step in range(1, STEPS + 1):
        move = here.score / here.information
        there = evaluate(data, max(here.sigma2_u + move, floor), method)
        while there.criterion < here.criterion and abs(move) > CLOSE * (here.sigma2_u + scale):
            move /= 2
            there = evaluate(data, max(here.sigma2_u + move, floor), method)
        moved = abs(there.sigma2_u - here.sigma2_u)
        here = there if there.criterion >= here.criterion else here
        if moved <= CLOSE * (here.sigma2_u + scale):
            return here, step
    return here, STEPS

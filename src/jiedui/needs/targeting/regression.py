"""Weighted least squares with errors by sampling unit, and quantile regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.needs.targeting.columns import Floats, Ints


def least_squares(X: Floats, y: Floats, w: Floats) -> Floats:  # noqa: N803
    """Give the coefficients (p,) that make the weighted sum of squares least.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.column_stack([np.ones(3), [0.0, 1.0, 2.0]])
    >>> least_squares(X, np.array([1.0, 3.0, 5.0]), np.ones(3)).round(9).tolist()
    [1.0, 2.0]
    """
    import numpy as np

    size = _sizes(X)
    root = np.sqrt(w)
    beta: Floats = np.linalg.lstsq(X / size * root[:, None], y * root, rcond=None)[0] / size
    return beta


def cluster_errors(X: Floats, residuals: Floats, w: Floats, psu: Ints) -> Floats:  # noqa: N803
    """Give the standard errors (p,) of `least_squares`, robust and with units of a PSU free to be alike [1]_.

    V = G/(G-1)·(n-1)/(n-p)·B⁻¹ (Σ_g u_g u_gᵀ) B⁻¹ with B = Xᵀ W X and u_g = Σ_{i in g} w_i e_i x_i.

    References
    ----------
    .. [1] Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models.
       Biometrika 73, 13-22.
    """
    import numpy as np

    size = _sizes(X)
    scaled = X / size
    inverse = np.linalg.inv(scaled.T @ (scaled * w[:, None]))
    groups, own = np.unique(psu, return_inverse=True)
    scores = np.zeros((len(groups), X.shape[1]))
    np.add.at(scores, own, scaled * (w * residuals)[:, None])
    (n, p), G = X.shape, len(groups)  # noqa: N806
    factor = G / (G - 1) * (n - 1) / max(n - p, 1)
    errors: Floats = np.sqrt(factor * np.diag(inverse @ (scores.T @ scores) @ inverse)) / size
    return errors


def quantile_regression(X: Floats, y: Floats, w: Floats, tau: float) -> Floats:  # noqa: N803
    """Give the coefficients (p,) of the conditional quantile tau, by linear programming [1]_.

    The dual is solved: maximise yᵀa with Xᵀa = (1-tau) Xᵀw and 0 ≤ a ≤ w; its prices are the coefficients.

    References
    ----------
    .. [1] Koenker, R. and Bassett, G. (1978). Regression quantiles. Econometrica 46, 33-50.

    Examples
    --------
    >>> import numpy as np
    >>> quantile_regression(np.ones((3, 1)), np.array([1.0, 4.0, 9.0]), np.ones(3), 0.5).tolist()
    [4.0]
    """
    import numpy as np
    from scipy.optimize import linprog

    size, share = _sizes(X), w / w.mean()
    scaled = X / size
    answer = linprog(
        -y,
        A_eq=scaled.T,
        b_eq=(1 - tau) * (scaled.T @ share),
        bounds=np.column_stack([np.zeros(len(y)), share]),
        method="highs",
    )
    beta: Floats = -answer.eqlin.marginals / size
    return beta


def _sizes(X: Floats) -> Floats:  # noqa: N803
    """Give the largest value of each column; 1 for a category that is absent from a part of the survey."""
    import numpy as np

    size = np.abs(X).max(axis=0)
    return np.where(size > 0, size, 1.0)

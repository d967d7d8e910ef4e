"""The mean squared error of a model estimate, to the second order.

Prasad and Rao (1990) and Datta and Lahiri (2000): g1 + g2 + 2 g3, less the bias of σ² times B² for the
methods that have one (maximum likelihood; Li and Lahiri 2010).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from jiedui.needs.areas.likelihood import Method, Point


def mean_squared_error(point: Point, x: np.ndarray, d: np.ndarray, method: Method) -> np.ndarray:
    """Give the mean squared error of each area; D (`d`) is infinite where no unit was sampled.

    It is never less than the part from β (g2), which a bias may otherwise make it in small samples.
    """
    import numpy as np

    sigma2_u, (w2, _, _, wh) = point.sigma2_u, point.tr
    is_out = np.isinf(d)
    known = np.where(is_out, 1.0, d)
    pull = np.where(is_out, 1.0, known / (sigma2_u + known))
    g1 = sigma2_u * pull
    g2 = pull**2 * np.einsum("ij,jk,ik->i", x, point.cov, x)
    g3 = np.where(is_out, 0.0, pull**2 / (sigma2_u + known)) * 2 / w2
    bias = {"reml": 0.0, "ml": -wh / w2, "adjusted": 2 / (max(sigma2_u, 1e-300) * w2)}[method]
    found: np.ndarray = np.maximum(g1 + g2 + 2 * g3 - bias * pull**2, g2)
    return found

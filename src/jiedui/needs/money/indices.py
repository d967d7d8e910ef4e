"""Measures below a line: Foster-Greer-Thorbecke, Watts, Sen, Sen-Shorrocks-Thon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.needs.money.influence import Part, density, pairwise

if TYPE_CHECKING:
    from jiedui.needs.money.influence import Floats


def fgt_part(y: Floats, w: Floats, z: float, alpha: float) -> Part:
    """Give FGT_α = (1/N) Σ w ((z-y)/z)^α over y < z, of Foster, Greer and Thorbecke (1984).

    Examples
    --------
    >>> import numpy as np
    >>> fgt_part(np.array([1.0, 2.0, 9.0, 9.0]), np.ones(4), 4.0, 1).b
    0.3125
    """
    import numpy as np

    below, total = y < z, w.sum()
    if not total:
        return _undefined(y)
    gap = np.where(below, (z - y) / z, 0.0)
    f = np.where(below, gap**alpha, 0.0)
    b = w @ f / total
    if alpha:
        rise = np.where(below, alpha * gap ** (alpha - 1) * y / z**2, 0.0)
        slope = w @ rise / total
    else:
        slope = density(y, w, z)
    return Part(float(b), (f - b) / total, float(slope))


def watts_part(y: Floats, w: Floats, z: float) -> Part:
    """Give (1/N) Σ w ln(z/y) over y < z, of Watts (1968); incomes must be above 0.

    Examples
    --------
    >>> import numpy as np
    >>> round(watts_part(np.array([1.0, 9.0]), np.ones(2), np.e).b, 12)
    0.5
    """
    import numpy as np

    below, total = y < z, w.sum()
    if not total:
        return _undefined(y)
    f = np.where(below, np.log(z / y), 0.0)
    b = w @ f / total
    return Part(float(b), (f - b) / total, float(w @ below / (total * z)))


def sen_part(y: Floats, w: Floats, z: float) -> Part:
    """Give H [I + (1-I) G_p] of Sen (1976) in its form for large numbers.

    H is the share below the line, I their mean gap as a share of the line, G_p the Gini among them. It is
    computed as Γ/N + D/(2 z N N_p), with Γ = Σ_p w (z-y)/z and D = Σ_p Σ_p w w |y-y'|, so that incomes of 0
    do no harm; 0 where nobody is below the line.

    Examples
    --------
    >>> import numpy as np
    >>> sen_part(np.array([1.0, 3.0, 9.0, 9.0]), np.ones(4), 4.0).b
    0.3125
    """
    import numpy as np

    below, total = y < z, w.sum()
    if not total:
        return _undefined(y)
    poor_y, poor_w = y[below], w[below]
    poor = poor_w.sum()
    if not poor:
        return Part(0.0, np.zeros(len(y)), 0.0)
    apart = pairwise(poor_y, poor_w)
    gaps, spread = poor_w @ (z - poor_y) / z, poor_w @ apart
    unequal = spread / (2 * z * poor)
    b = (gaps + unequal) / total
    u = np.full(len(y), -b / total)
    u[below] += ((z - poor_y) / z + (apart / z - unequal) / poor) / total
    entering = density(y, w, z) * total
    slope = poor_w @ poor_y / z**2 - unequal / z + entering * (gaps - unequal) / poor
    return Part(float(b), u, float(slope / total))


def sst_part(y: Floats, w: Floats, z: float) -> Part:
    """Give Σ w x/N (1 + G(x)), with x = max((z-y)/z, 0): Sen, Shorrocks (1995), Thon.

    Examples
    --------
    >>> import numpy as np
    >>> sst_part(np.array([0.0, 9.0]), np.ones(2), 4.0).b
    0.75
    """
    import numpy as np

    total = w.sum()
    if not total:
        return _undefined(y)
    below = y < z
    x = np.where(below, (z - y) / z, 0.0)
    apart = pairwise(x, w)
    gap, spread = w @ x / total, w @ apart / (2 * total**2)
    u = (x - gap + apart / total - 2 * spread) / total
    rise = np.where(below, y / z**2, 0.0)
    return Part(float(gap + spread), u, float(w @ (rise * (1 + _rank_surplus(x, w))) / total))


def _rank_surplus(x: Floats, w: Floats) -> Floats:
    """Give, as a share of all weight, how much lies below each x less how much lies above."""
    import numpy as np

    order = np.argsort(x, kind="stable")
    weight = np.concatenate([[0.0], np.cumsum(w[order])])
    first, last = np.searchsorted(x[order], x, "left"), np.searchsorted(x[order], x, "right")
    surplus: Floats = (weight[first] + weight[last]) / weight[-1] - 1
    return surplus


def _undefined(y: Floats) -> Part:
    """Give what is known of a group without weight."""
    import numpy as np

    return Part(float("nan"), np.zeros(len(y)))

"""Where a place lies on a flat map: Albers' equal-area conic on the sphere."""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


def project(
    longitude: ArrayLike,
    latitude: ArrayLike,
    *,
    centre: tuple[float, float] = (105.0, 36.0),
    parallels: tuple[float, float] = (25.0, 47.0),
    radius: float = EARTH_RADIUS_KM,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the kilometres east and north of the centre: equal areas on the earth are equal on the map.

    Parameters
    ----------
    longitude, latitude : array_like
        Degrees; shapes that broadcast together.
    centre : tuple of float
        Longitude and latitude of the point (0, 0), in degrees. The defaults fit China.
    parallels : tuple of float
        The two latitudes, in degrees, along which lengths are true; not opposite to each other.
    radius : float
        Of the sphere; its unit is that of the result.

    Raises
    ------
    ValueError
        If the parallels lie opposite to each other, so that there is no cone.

    References
    ----------
    J. P. Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395,
    equations 14-1 to 14-6.

    Examples
    --------
    >>> x, y = project([105.0, 116.4074], [36.0, 39.9042])
    >>> x.round().tolist(), y.round().tolist()
    ([0.0, 955.0], [0.0, 497.0])
    """
    import numpy as np

    first, second = radians(parallels[0]), radians(parallels[1])
    n = (sin(first) + sin(second)) / 2
    if abs(n) < np.finfo(float).eps:
        raise ValueError(f"parallels {parallels} lie opposite to each other")
    c = cos(first) ** 2 + 2 * n * sin(first)
    rho = radius * np.sqrt(c - 2 * n * np.sin(np.radians(latitude))) / n
    rho_0 = radius * np.sqrt(c - 2 * n * sin(radians(centre[1]))) / n
    theta = n * np.radians(_half_turn(np.asarray(longitude, dtype=float) - centre[0]))
    return rho * np.sin(theta), rho_0 - rho * np.cos(theta)


def _half_turn(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring differences of longitude to [-180, 180)."""
    turned: NDArray[np.float64] = (degrees + 180.0) % 360.0 - 180.0
    return turned

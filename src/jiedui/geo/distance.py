"""How far apart two places lie: along the great circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.geo.projection import EARTH_RADIUS_KM

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


def distance_km(
    lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike
) -> NDArray[np.float64]:
    """Give the great-circle distance in kilometres on a sphere of the earth's mean radius.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b : array_like
        Degrees; shapes that broadcast together: a row and a column give all distances.

    References
    ----------
    R. W. Sinnott (1984), Virtues of the Haversine, Sky and Telescope 68 (2), 159.

    Examples
    --------
    Beijing and Ningbo to Yinchuan:

    >>> distance_km([116.4074, 121.5500], [39.9042, 29.8750], 106.2309, 38.4872).round().tolist()
    [890.0, 1700.0]
    """
    import numpy as np

    lon_a, lat_a, lon_b, lat_b = (np.radians(degrees) for degrees in (lon_a, lat_a, lon_b, lat_b))
    haversine = (
        np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    )
    distance: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
    return distance

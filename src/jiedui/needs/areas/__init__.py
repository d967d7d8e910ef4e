"""Small areas: how many need help in each county, where a survey saw few or none.

Takes a sample or direct estimates, and covariates of every area; gives direct and model-based estimates with
their errors, made to agree with totals, and what is too unsure to show. Refuses covariates that repeat each
other, variances it was not told how to treat, and areas without covariates.
"""

from jiedui.needs.areas.benchmarking import benchmark
from jiedui.needs.areas.model import AreaEstimates, fay_herriot
from jiedui.needs.areas.sampling import direct
from jiedui.needs.areas.smoothing import smooth_variances
from jiedui.needs.areas.suppression import suppress
from jiedui.needs.areas.tables import AREAS, COEFFICIENTS

__all__ = [
    "AREAS",
    "COEFFICIENTS",
    "AreaEstimates",
    "benchmark",
    "direct",
    "fay_herriot",
    "smooth_variances",
    "suppress",
]

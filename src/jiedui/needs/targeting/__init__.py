"""A score that stands for income, and the consequences of using it (代理家计调查).

Takes a survey, a register and the village's appraisal; gives scores with intervals, errors of every threshold
with their spread over groups, rates by the national formulas, and disagreements to be visited. Refuses
registers the model cannot score, fixed shares where the scheme helps whoever qualifies, and decides nothing.
"""

from jiedui.needs.targeting.appraisal import Comparison, compare_appraisal
from jiedui.needs.targeting.choice import Choice, choose_threshold
from jiedui.needs.targeting.fairness import fairness_table
from jiedui.needs.targeting.fitting import fit_score
from jiedui.needs.targeting.model import ScoreModel, load_score
from jiedui.needs.targeting.rates import national_rates
from jiedui.needs.targeting.thresholds import threshold_table

__all__ = [
    "Choice",
    "Comparison",
    "ScoreModel",
    "choose_threshold",
    "compare_appraisal",
    "fairness_table",
    "fit_score",
    "load_score",
    "national_rates",
    "threshold_table",
]

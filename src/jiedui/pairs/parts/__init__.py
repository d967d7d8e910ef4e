"""County by county: pairing by part in several processes or on Spark, the same as all in one go.

Takes one table of candidates; gives one table of pairs. Refuses tables that contradict themselves.
"""

from jiedui.pairs.parts.clusters import local_spark, pair_on_spark
from jiedui.pairs.parts.groups import pair_by_part, part_groups
from jiedui.pairs.parts.part import pair_part

__all__ = ["local_spark", "pair_by_part", "pair_on_spark", "pair_part", "part_groups"]

"""Figures of what is known about needs: bars, curves, and areas as points.

Takes tables of estimates (columns as the stage needs gives them) and the words for what they name; gives
SVG texts, the same bytes for the same input, that can be read in grey, on paper and on a phone. Refuses more
groups than an eye can tell apart.
"""

from jiedui.publish.charts.area_points import draw_areas
from jiedui.publish.charts.bars import draw_headcounts
from jiedui.publish.charts.lines import draw_dominance, draw_lorenz, draw_tradeoff

__all__ = ["draw_areas", "draw_dominance", "draw_headcounts", "draw_lorenz", "draw_tradeoff"]

"""What a run found, as people read it: a page, maps, a printed report, a workbook, open tables.

Takes a `Publication` (tables, words, points); gives files in a folder, the same bytes for the same
input. Refuses boundaries of any country: maps show points, rings and arcs only.
"""

from jiedui.publish.flat import write_csv, write_run
from jiedui.publish.maps import draw_maps
from jiedui.publish.output import Written, write
from jiedui.publish.page import Chapter, Page, render_page
from jiedui.publish.publication import Arc, Picture, Publication

__all__ = [
    "Arc",
    "Chapter",
    "Page",
    "Picture",
    "Publication",
    "Written",
    "draw_maps",
    "render_page",
    "write",
    "write_csv",
    "write_run",
]

"""A programme that finds needs: from a survey and registers to estimates, a map, and needs in units.

Takes a folder with units, a survey, areas and a catalogue; gives a `NeedsRun` and a folder of outputs.
Refuses what its specification cannot compute, and shows no small number of households.
"""

from jiedui.programmes.needs.folder import NeedsFolder, read_needs_folder
from jiedui.programmes.needs.page import make_page
from jiedui.programmes.needs.running import NeedsRun, run_needs
from jiedui.programmes.needs.writing import write_needs

__all__ = ["NeedsFolder", "NeedsRun", "make_page", "read_needs_folder", "run_needs", "write_needs"]

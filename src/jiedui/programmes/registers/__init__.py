"""A programme that takes in registers: from the files of offices to clean tables, findings and papers.

Takes a folder with ``incoming/`` and what people decided; gives a `RegisterRun` and a folder of outputs for
the office itself. Refuses nothing for one bad file: it is told and the others go on.
"""

from jiedui.programmes.registers.figures import figures
from jiedui.programmes.registers.folder import RegisterFolder, read_register_folder
from jiedui.programmes.registers.running import RegisterRun, run_registers
from jiedui.programmes.registers.truth import compare_truth
from jiedui.programmes.registers.writing import write_registers

__all__ = [
    "RegisterFolder",
    "RegisterRun",
    "compare_truth",
    "figures",
    "read_register_folder",
    "run_registers",
    "write_registers",
]

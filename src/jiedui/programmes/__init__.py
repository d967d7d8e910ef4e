"""A programme folder, taken through the stages to a run, its outputs written whole or not at all.

Takes a folder with ``programme.toml`` and tables; gives a `Run` and a folder of outputs. Refuses
folders with findings, and output folders that hold other people's things.
"""

from jiedui.programmes.by_part import PartRun, run_programme
from jiedui.programmes.folder import Folder, read_folder
from jiedui.programmes.programme import purpose_of
from jiedui.programmes.publishing import make_publication
from jiedui.programmes.running import Run, in_language, run_folder
from jiedui.programmes.starting import start_folder
from jiedui.programmes.writing import check_target, publish_run

__all__ = [
    "Folder",
    "PartRun",
    "Run",
    "check_target",
    "in_language",
    "make_publication",
    "publish_run",
    "purpose_of",
    "read_folder",
    "run_folder",
    "run_programme",
    "start_folder",
]

"""The demo: two counties that do not exist, the East–West example, people of every function.

Loaded into an empty site only; passwords are drawn at random, printed once, and must be changed.
"""

from jiedui_web.commands.demo.loading import load_demo

__all__ = ["load_demo"]

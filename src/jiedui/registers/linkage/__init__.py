"""The same person, household and village over all tables of a register.

Takes a register and what persons decided in earlier months; gives links, what each record is a record of,
and the links to be decided as questions. Refuses to join two right ID numbers, or what somebody kept apart.
"""

from jiedui.registers.linkage.households import link_households
from jiedui.registers.linkage.linked import Limits, Linked
from jiedui.registers.linkage.persons import link_persons
from jiedui.registers.linkage.villages import link_villages

__all__ = ["Limits", "Linked", "link_households", "link_persons", "link_villages"]

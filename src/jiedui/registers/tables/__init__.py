"""What registers hold: villages, households, persons, lists of other offices, decisions, findings.

Names and choices are neutral; the headings that offices use stand as aliases, so that their files go in
without renaming. Choices keep the wording of the national system: a clerk must recognise them.
"""

from __future__ import annotations

from jiedui.registers.tables.columns import (
    COMPULSORY,
    HEALTH,
    HOUSE_GRADES,
    HOUSEHOLD,
    HOUSEHOLD_KINDS,
    LABOUR,
    NAME,
    PLACE_CODE,
    PROJECT_STAGES,
    RELATIONS,
    REMOVALS,
    RISKS,
    SCHOOLING,
    SEXES,
    SOURCES_OF_DATA,
    STUDENT,
    TOWNSHIP,
    VILLAGE,
)
from jiedui.registers.tables.institutions import (
    CADRES,
    PROJECTS,
    SCHOOLS,
)
from jiedui.registers.tables.offices import (
    AUTHORISATIONS,
    BUSINESSES,
    DATA_SOURCES,
    DEATHS,
    ENROLMENT,
    PAYROLL,
    PROPERTIES,
    VEHICLES,
)
from jiedui.registers.tables.records import (
    CORRECTIONS,
    FINDINGS,
    LINK_DECISIONS,
)
from jiedui.registers.tables.roster import (
    HOUSEHOLDS,
    MEASURE_WORDS,
    PERSONS,
    VILLAGES,
)
from jiedui.tables import Table

REGISTERS: tuple[Table, ...] = (
    VILLAGES, HOUSEHOLDS, PERSONS, SCHOOLS, PROJECTS, CADRES,
    VEHICLES, PROPERTIES, PAYROLL, DEATHS, ENROLMENT, BUSINESSES,
    AUTHORISATIONS, DATA_SOURCES,
)  # fmt: skip
"""What offices send: the tables that a heading may belong to."""

__all__ = [
    "AUTHORISATIONS",
    "BUSINESSES",
    "CADRES",
    "COMPULSORY",
    "CORRECTIONS",
    "DATA_SOURCES",
    "DEATHS",
    "ENROLMENT",
    "FINDINGS",
    "HEALTH",
    "HOUSEHOLD",
    "HOUSEHOLDS",
    "HOUSEHOLD_KINDS",
    "HOUSE_GRADES",
    "LABOUR",
    "LINK_DECISIONS",
    "MEASURE_WORDS",
    "NAME",
    "PAYROLL",
    "PERSONS",
    "PLACE_CODE",
    "PROJECTS",
    "PROJECT_STAGES",
    "PROPERTIES",
    "REGISTERS",
    "RELATIONS",
    "REMOVALS",
    "RISKS",
    "SCHOOLING",
    "SCHOOLS",
    "SEXES",
    "SOURCES_OF_DATA",
    "STUDENT",
    "TOWNSHIP",
    "VEHICLES",
    "VILLAGE",
    "VILLAGES",
]

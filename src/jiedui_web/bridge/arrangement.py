"""How the columns of registers are arranged on pages: data, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "villages": "village",
    "households": "head",
    "authorisations": "household",
    "data_sources": "source",
    "pairings": "helper_name",
}
"""The column that names a row, where it is not ``name``."""
KINDS: Mapping[str, str] = {
    "households": "kind",
    "persons": "relation",
    "schools": "stage",
    "projects": "stage",
    "helpers": "kind",
    "recipients": "kind",
    "units": "level",
}
PARENTS: Mapping[str, str] = {"persons": "household", "authorisations": "household"}
NUMBERS: Mapping[str, str] = {
    "households": "household",
    "persons": "household",
    "schools": "school",
    "projects": "project",
    "authorisations": "household",
    "helpers": "id",
    "recipients": "id",
    "units": "code",
    "villages": "place_code",
}
"""The column that is searched as a number, from its beginning or its end."""
IDENTITIES = ("id_number", "head_id_number", "disability_number")
"""Columns of ID numbers, and of numbers that hold one; a test holds them against the core's."""
PHONES = frozenset({"phone", "bank_account"})
LONG = frozenset({"note", "address"})
NOT_OF_PERSONS = frozenset({"villages", "schools", "projects", "data_sources", "units"})
LISTED: Mapping[str, tuple[str, ...]] = {
    "villages": ("township", "households", "persons"),
    "households": ("household", "village", "size", "kind", "removal"),
    "persons": ("household", "village", "sex", "relation", "labour"),
    "schools": ("township", "village", "stage", "pupils", "teachers"),
    "projects": ("project", "village", "stage", "planned", "paid"),
    "cadres": ("unit", "township", "village", "duty"),
    "vehicles": ("kind", "registered_on", "value"),
    "properties": ("use", "area", "registered_on"),
    "payroll": ("unit", "post", "since"),
    "deaths": ("died_on", "source"),
    "enrolment": ("school", "stage", "is_enrolled"),
    "businesses": ("business", "capital", "registered_on"),
    "authorisations": ("purpose", "sources", "valid_from", "valid_to"),
    "data_sources": ("office", "legal_basis", "received_on", "delete_by"),
    "helpers": ("id", "kind", "capacity", "at_most", "available_from"),
    "recipients": ("id", "kind", "quantity", "helpers", "needed_from"),
    "units": ("code", "level", "province"),
    "pairings": ("recipient_name", "valid_from", "valid_to"),
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "place": (
        "county", "township", "village", "group", "place_code", "prefecture", "province", "address", "lon",
        "lat",
    ),
    "risk": (
        "identified_on", "removal", "removed_on", "removal_way", "risk_*",
    ),
    "income": (
        "wage_income", "business_income", "property_income", "transfer_income", "business_cost", "income",
        "income_per_head", "collective_income",
    ),
    "housing": ("is_dangerous_house", "house_grade", "house_area", "has_safe_water"),
    "facilities": ("has_road", "has_clinic", "has_school", "has_internet"),
    "support": ("has_allowance", "has_insurance", "has_pension", "measure_*"),
    "health": ("health", "is_disabled", "disability_number"),
    "work": ("labour", "work_*", "employer", "wage", "schooling", "student"),
    "amounts": (
        "capacity", "gross", "other_duties", "mode", "at_least", "at_most", "available_from", "quantity",
        "helpers", "priority", "needed_from", "exit_year",
    ),
    "funds": ("planned", "received", "paid", "value", "capital"),
    "dates": (
        "received_on", "started_on", "completed_on", "accepted_on", "published_on", "registered_on",
        "valid_from", "valid_to", "withdrawn_on", "died_on", "since", "delete_by",
    ),
    "contact": ("helper", "helper_unit", "first_secretary", "assisting_unit", "phone", "note"),
}  # fmt: skip
"""Groups of the facts of a record, in the order of the page; what belongs to none stands first."""

"""What changes solvings, decisions, choices and pairings: each in one transaction with its event."""

from jiedui_web.pairs.actions.choices import (
    approve_choice,
    choose_proposal,
    publish_choice,
    refuse_choice,
    withdraw_choice,
)
from jiedui_web.pairs.actions.reading import note_read
from jiedui_web.pairs.actions.rulings import rule_pair, withdraw_ruling
from jiedui_web.pairs.actions.solvings import ask_solving, cancel_solving, is_lost, perform

__all__ = [
    "approve_choice",
    "ask_solving",
    "cancel_solving",
    "choose_proposal",
    "is_lost",
    "note_read",
    "perform",
    "publish_choice",
    "refuse_choice",
    "rule_pair",
    "withdraw_choice",
    "withdraw_ruling",
]

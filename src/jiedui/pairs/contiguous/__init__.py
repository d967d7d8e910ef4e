"""Whole, contiguous areas (整体帮扶、连片开发): each helper receives few blocks of neighbouring recipients.

Takes a problem of single places and their borders; gives a proposal with its honest gap. Refuses whole
units of different sizes and several helpers for one recipient.
"""

from jiedui.pairs.contiguous.contiguity import blocks_of, propose_contiguous

__all__ = ["blocks_of", "propose_contiguous"]

"""What the stage gives to the next ones: needs in units."""

from __future__ import annotations

from jiedui.tables import Column, Table

NEEDS = Table(
    "needs",
    {"zh": "需求", "en": "needs"},
    (
        Column("need", "text", {"zh": "需求编号", "en": "need"}),
        Column("recipient", "text", {"zh": "受援方代码", "en": "recipient id"}),
        Column("kind", "text", {"zh": "种类", "en": "kind"}),
        Column("unit", "text", {"zh": "单位", "en": "unit"}),
        Column("quantity", "number", {"zh": "数量", "en": "quantity"}, at_least=0),
        Column("priority", "integer", {"zh": "优先级", "en": "priority"}, at_least=1),
        Column("reason", "text", {"zh": "依据", "en": "reason"}, required=False),
    ),
    key=("need",),
)

"""Many rows of the same shape in one stroke: ``{% each cells %}<td class="{}">{}</td>{% endeach %}``."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class Each(Node):
    """Puts the values of each row, escaped, into the places ``{}`` of a text."""

    def __init__(self, rows: FilterExpression, shape: str) -> None:
        self.rows = rows
        self.shape = shape

    def render(self, context: Context) -> SafeString:
        """Give all rows."""
        rows: Iterable[Iterable[object]] = self.rows.resolve(context)
        shaped = self.shape.format
        return mark_safe("".join(shaped(*map(escaped, row)) for row in rows))  # noqa: S308 - each value escaped


def escaped(value: object) -> str:
    """Give a value as it may stand in a page; what is marked as safe is left."""
    return str(value) if hasattr(value, "__html__") else escape(str(value))


@register.tag
def each(parser: Parser, token: Token) -> Each:
    """Read the tag; what stands in it is plain text with places, so that no value can bring a place in."""
    _, rows = token.split_contents()
    body = parser.parse(("endeach",))
    parser.delete_first_token()
    if not all(isinstance(node, TextNode) for node in body):
        raise template.TemplateSyntaxError("each: only text and places {} may stand here")
    return Each(parser.compile_filter(rows), "".join(node.s for node in body if isinstance(node, TextNode)))

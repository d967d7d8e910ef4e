"""From the text of an article to HTML: Markdown without HTML, no pictures, links to the outside marked."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br", "hr", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def markup(text: str) -> SafeString:
    """Give the HTML of a Markdown text; its headings are ``h2`` to ``h4``, for ``h1`` is the page's."""
    tokens = READER.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
    made = READER.renderer.render(tokens, READER.options, {})
    cleaned = nh3.clean(made, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return mark_safe(cleaned)  # noqa: S308 - cleaned by nh3

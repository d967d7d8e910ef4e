"""The tag that fills many rows in one stroke: as safe as the template language itself."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe


def shown(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


def test_every_value_is_escaped_but_one_marked_safe() -> None:
    rows = [("<script>", '"quoted"', mark_safe("<b>1</b>"))]
    assert shown("{% each rows %}<td title='{1}'>{0}{2}</td>{% endeach %}", rows=rows) == (
        "<td title='&quot;quoted&quot;'>&lt;script&gt;<b>1</b></td>"
    )


def test_a_value_brings_no_place_into_the_shape() -> None:
    assert shown("{% each rows %}[{}]{% endeach %}", rows=[("{0.__class__}",), ("{}",)]) == (
        "[{0.__class__}][{}]"
    )


def test_a_variable_in_the_shape_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% each rows %}{{ name }}{% endeach %}")

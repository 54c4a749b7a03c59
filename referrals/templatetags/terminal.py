"""Template tags of the terminal: its words and its pictures."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], key: str, **values: Any) -> str:
    """`{% say "hello" name=name %}`: a sentence in the language of the page, by the page's own catalogue."""
    return str(context["words"](key, **values))


@register.simple_tag
def picture(name: str, css: str = "") -> SafeString:
    """A drawing from our own set; the words beside it say the same."""
    return format_html(
        '<svg class="picture {}" aria-hidden="true" focusable="false" viewBox="0 0 48 48">'
        '<use href="{}#{}"></use></svg>',
        css,
        static("terminal/pictures.svg"),
        name,
    )

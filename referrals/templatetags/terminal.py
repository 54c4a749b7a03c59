"""Template tags of the terminal: its words and its pictures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
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


@cache
def _drawings() -> dict[str, str]:
    """The lines of each drawing, by its name."""
    text = (Path(settings.BASE_DIR) / "static" / "terminal" / "pictures.svg").read_text(encoding="utf-8")
    return dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', text, re.DOTALL))


@register.simple_tag
def drawn(name: str) -> SafeString:
    """The same with its lines in the page itself: in a heading that is repeated on paper a browser draws no other."""
    # Our own file, and a name that is looked up in it.
    lines = SafeString(_drawings()[name])  # nosec B703
    return format_html('<svg class="picture" aria-hidden="true" focusable="false" viewBox="0 0 48 48">{}</svg>', lines)

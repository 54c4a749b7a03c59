"""Reading pages as a browser without script does: forms with their hidden fields, links and headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_SENT = {"submit", "button", "image", "reset"}


@dataclass
class Control:
    """One thing of a form that sends a value."""

    name: str
    kind: str
    value: str
    chosen: bool = True
    identity: str = ""
    label: str = ""


@dataclass
class Form:
    """A form as it stands on the page."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[Control] = field(default_factory=list)
    text: str = ""
    multipart: bool = False

    def names(self) -> list[str]:
        """Return the names that the form sends."""
        return list(dict.fromkeys(control.name for control in self.controls))

    def choices(self, name: str) -> dict[str, str]:
        """Return value and label of each radio, checkbox or option called `name`."""
        return {control.value: control.label for control in self.controls if control.name == name}

    def choice(self, name: str, label: str) -> str:
        """Return the value of the choice whose label contains `label`."""
        for value, text in self.choices(name).items():
            if label.lower() in text.lower():
                return value
        raise AssertionError(f"{name!r} offers no {label!r}, only {sorted(self.choices(name).values())}")

    def name_for(self, label: str) -> str:
        """Return the name of the question whose label contains `label`."""
        for control in self.controls:
            if label.lower() in control.label.lower():
                return control.name
        raise AssertionError(
            f"no question is labelled {label!r}; there are {[one.label for one in self.controls if one.label]}"
        )

    def data(self, values: Mapping[str, object], button: str | None = None) -> list[tuple[str, str]]:
        """Return what is sent when `values` are filled in and the rest is left as it stands."""
        unknown = set(values) - set(self.names())
        if unknown:
            raise AssertionError(f"the form asks no {sorted(unknown)}; it asks {self.names()}")
        sent = [
            (control.name, control.value) for control in self.controls if control.name not in values and control.chosen
        ]
        for name, value in values.items():
            sent += [(name, str(one)) for one in (value if isinstance(value, list | tuple) else [value])]
        return sent + self._pressed(button)

    def _pressed(self, button: str | None) -> list[tuple[str, str]]:
        if button is not None and not any(button.lower() in one.label.lower() for one in self.buttons):
            raise AssertionError(f"the form has no button {button!r}, only {[one.label for one in self.buttons]}")
        pressed = [one for one in self.buttons if button is None or button.lower() in one.label.lower()][:1]
        return [(one.name, one.value) for one in pressed if one.name]


@dataclass
class Link:
    """A link and what it says."""

    text: str
    address: str


class Page(HTMLParser):
    """Everything on a page that a walk needs."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.heading = ""
        self.title = ""
        self.words = ""
        self._labels: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._form: Form | None = None
        self._select: tuple[str, str, bool] | None = None
        self._silent = 0
        self.feed(text)
        self.close()
        for form in self.forms:
            for control in form.controls:
                control.label = control.label or " ".join(self._labels.get(control.identity, "").split())
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note where an element begins."""
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(
                found.get("action", ""),
                found.get("method", "get").lower(),
                multipart="multipart" in found.get("enctype", ""),
            )
            self.forms.append(self._form)
        elif tag == "input":
            self._input(found)
        elif tag == "select":
            self._select = (found.get("name", ""), found.get("id", ""), "multiple" in found)
        elif tag in ("script", "style"):
            self._silent += 1
        if tag not in VOID:
            self._open.append((tag, found, len(self.words)))

    def handle_endtag(self, tag: str) -> None:
        """Use what stood between begin and end."""
        while self._open:
            name, found, start = self._open.pop()
            self._close(name, found, " ".join(self.words[start:].split()), self.words[start:])
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Collect the words that people see."""
        if not self._silent:
            self.words += data

    def _close(self, tag: str, found: dict[str, str], text: str, raw: str) -> None:
        form = self._form
        if tag == "form" and form is not None:
            form.text, self._form = text, None
        elif tag == "a" and "href" in found:
            self.links.append(Link(text, found["href"]))
        elif tag == "h1":
            self.heading = text
        elif tag == "title":
            self.title = text
        elif tag == "label" and "for" in found:
            self._labels[found["for"]] = text
        elif tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif tag == "textarea" and form is not None and "name" in found:
            form.controls.append(
                Control(found["name"], "textarea", raw.removeprefix("\n"), identity=found.get("id", ""))
            )
        elif tag == "button" and form is not None and found.get("type", "submit") == "submit":
            form.buttons.append(Control(found.get("name", ""), "submit", found.get("value", ""), label=text))
        elif tag == "option" and form is not None and self._select is not None:
            self._option(form, found, text)
        elif tag == "select":
            self._select = None

    def _option(self, form: Form, found: dict[str, str], text: str) -> None:
        if self._select is None or "disabled" in found:
            return
        name, identity, multiple = self._select
        first = not multiple and not any(control.name == name and control.chosen for control in form.controls)
        if "selected" in found and not multiple:
            for control in form.controls:
                if control.name == name:
                    control.chosen = False
        form.controls.append(
            Control(name, "option", found.get("value", text), "selected" in found or first, identity, label=text)
        )

    def _input(self, found: dict[str, str]) -> None:
        kind, name = found.get("type", "text").lower(), found.get("name", "")
        if self._form is None or "disabled" in found:
            return
        if kind in NOT_SENT:
            self._form.buttons.append(Control(name, kind, found.get("value", ""), label=found.get("value", "")))
        elif name:
            chosen = "checked" in found if kind in ("radio", "checkbox") else kind != "file"
            value = found.get("value", "on" if kind in ("radio", "checkbox") else "")
            self._form.controls.append(Control(name, kind, value, chosen, found.get("id", "")))

"""Questions of a self-assessment. At most four on a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve

from buddyscheme.lib.fields import ChoiceField, DayField, FileField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from monitoring.evidence import ENDINGS
from monitoring.models import SelfAction, SelfEvidence
from monitoring.models.self_assessment import Answer

OPEN, OVERDUE, CLOSED = "open", "overdue", "closed"
Kind = SelfEvidence.Kind


class AnswerForm(GovukForm):
    """One answer and why. Where the records suggest another one, the reason is asked for before the end."""

    submit_label = "Save this answer"
    versioned = True

    answer = ChoiceField(label="Your answer", choices=Answer.choices, missing="Select your answer")
    words = WordsField(
        label="Why?", hint="Needed where the records suggest another answer. Do not name anybody.", max_length=500,
        lines=4, required=False, mark_optional=False,
    )  # fmt: skip


class EvidenceForm(GovukForm):
    """What it shows, and one of three: a page here, something kept elsewhere, or a file."""

    submit_label = "Add this evidence"

    shows = WordsField(
        label="What does it show?", hint="Do not name anybody", max_length=120, missing="Say what it shows"
    )
    page = WordsField(
        label="Address of a page here", hint="Copy it from the top of the browser. Fill in one of these three.",
        max_length=300, required=False, mark_optional=False,
    )  # fmt: skip
    kept = WordsField(
        label="Or what it is and where it is kept", hint="For example, minutes of 4 June, safer custody office",
        max_length=300, required=False, mark_optional=False,
    )  # fmt: skip
    file = FileField(
        label="Or a file", hint="PDF, PNG or Word document without macros, up to 5 MB. Inspectors do not see it.",
        endings=ENDINGS, most_megabytes=5, required=False, mark_optional=False,
    )  # fmt: skip

    def __init__(self, *args: Any, prison_code: str, host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prison_code, self.host = prison_code, host

    def clean_page(self) -> str:
        """The path of a page about this prison; whatever stands before it in the browser is taken off."""
        typed = str(self.cleaned_data.get("page") or "")
        if not typed:
            return ""
        parts = urlsplit(typed)
        try:
            if parts.netloc not in ("", self.host) or not parts.path.startswith(f"/prisons/{self.prison_code}/"):
                raise Resolver404
            resolve(parts.path)
        except Resolver404:
            raise ValidationError("Copy the address of a page about this prison from this service") from None
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def clean(self) -> dict[str, Any]:
        """Exactly one of the three."""
        answers: dict[str, Any] = super().clean() or {}
        if any(name in self.errors for name in ("page", "kept", "file")):
            return answers
        given = [name for name in ("page", "kept", "file") if answers.get(name)]
        if len(given) != 1:
            sentence = "Fill in one of the three" if not given else "Fill in only one of the three"
            self.add_error("page", f"{sentence}: a page here, where it is kept, or a file")
        return answers

    @property
    def evidence(self) -> dict[str, Any]:
        """What was given, as the action takes it."""
        answers = self.cleaned_data
        if answers["file"]:
            content = answers["file"].read()
            return {"kind": Kind.FILE, "shows": answers["shows"], "file_name": answers["file"].name, "content": content}
        kind = Kind.PAGE if answers["page"] else Kind.KEPT
        return {"kind": kind, "shows": answers["shows"], "place": answers["page"] or answers["kept"]}


class ActionForm(GovukForm):
    """What will be done, whose job it is, and by when."""

    submit_label = "Add this action"

    what = WordsField(
        label="What will be done?", hint="Do not name anybody", max_length=200, lines=2, missing="Say what will be done"
    )
    responsible = WordsField(
        label="Whose job is it?", hint="A job, such as deputy lead. No name is needed.", max_length=80,
        missing="Say whose job it is",
    )  # fmt: skip
    due_on = DayField(label="By which day?", missing="Enter the day by which it will be done")


class CloseActionForm(GovukForm):
    """Done or dropped."""

    submit_label = "Close this action"

    state = ChoiceField(
        label="What happened?",
        choices=[(SelfAction.State.DONE, "It is done"), (SelfAction.State.DROPPED, "It is dropped", "Say why below")],
        missing="Select whether it is done or dropped",
    )
    came_of = WordsField(
        label="What came of it?", hint="Needed where it is dropped. Do not name anybody.", max_length=200, lines=2,
        required=False, mark_optional=False,
    )  # fmt: skip


class FinishForm(GovukForm):
    """No question: the button is the answer."""

    submit_label = "Finish this self-assessment"
    versioned = True


class ActionFilter(FilterForm):
    """Actions by where they stand: open ones unless something else is chosen."""

    show = ChoiceField(
        label="Actions", select=True, nothing_chosen=None,
        choices=[(OPEN, "Open"), (OVERDUE, "Overdue"), (CLOSED, "Done or dropped")],
    )  # fmt: skip

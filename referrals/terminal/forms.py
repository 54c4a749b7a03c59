"""What can be answered at the terminal. Choices only, but for the number, the code and a few optional words."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from django import forms

from buddyscheme.lib.fields import plain_text, refuse_hidden_characters
from referrals.models import Concern, DangerCall, OwnWish, Referral, Visit
from referrals.terminal.reads import VisitOnScreen
from referrals.visit_answers import EXTRA, REASONS
from schemes.models import Buddy

MOST_WORDS = 280

AS_PLANNED, SOME, NOT_DONE = "1", "2", "3"
NOTHING, TELL = "1", "2"
KINDS = {
    "1": Concern.Kind.WORRY,
    "2": Concern.Kind.ASKED_TO_OVERSTEP,
    "8": Concern.Kind.SAW_OVERSTEP,
    "3": Concern.Kind.DID_OVERSTEP,
    "4": Concern.Kind.GIFT_OR_DEBT,
    "5": Concern.Kind.FALL,
    "6": Concern.Kind.SELF_HARM,
    "9": Concern.Kind.STAFF_OBSTRUCTION,
    "7": Concern.Kind.TALK_TO_STAFF,
}
# What the bell is for: an officer is asked for first, and staff see it on every page until somebody has it.
DANGER = tuple(value for value, kind in KINDS.items() if kind in DangerCall.Kind.values)
TOLD = {"1": DangerCall.Told.YES, "2": DangerCall.Told.NOT_YET}


WANTS_HELP, NO_HELP = "1", "2"
WHY = {str(place): code for place, code in enumerate(Buddy.Why.values, start=1)}
EASIER = {str(place): code for place, code in enumerate(Buddy.Easier.values, start=1)}


TODAY, CAN_WAIT = "1", "2"
WHEN = {TODAY: Referral.Urgency.URGENT, CAN_WAIT: Referral.Urgency.SOON}
AREAS = {str(place): code for place, code in enumerate(Referral.NeedArea.values, start=1)}


CAME = {str(place): code for place, code in enumerate(OwnWish.Came.values, start=1)}
FEELS = {str(place): code for place, code in enumerate(OwnWish.Feels.values, start=1)}
STOP_ONE, STOP_ALL, CHANGE = "1", "2", "3"
CHANGES = {str(place): code for place, code in enumerate(OwnWish.Change.values, start=1)}


class EnterForm(forms.Form):
    """Number and code; the shape is not checked aloud, so that every wrong pair gets the same answer."""

    number = forms.CharField(max_length=20)
    code = forms.CharField(max_length=20)

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).strip().upper()

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class Carried(forms.Form):
    """The answers to several questions so far, carried in the address by numbers that say nothing alone."""

    # The answers that are carried and kept half-filled, in their order; and those of which there may be several.
    order: ClassVar[tuple[str, ...]]
    several: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer()
        _ = self.errors

    def offer(self) -> None:
        """Fill in the choices that are known only now."""

    def said(self, name: str) -> Any:
        """A clean answer, or nothing."""
        return self.cleaned_data.get(name) or ([] if name in self.several else "")

    @property
    def step(self) -> str:
        """The screen that comes next: the first question that is still open."""
        raise NotImplementedError

    @property
    def is_whole(self) -> bool:
        """Every question is answered, and nothing is wrong."""
        return self.step.endswith("check") and not self.errors

    def carried(self, *leave_out: str) -> list[tuple[str, str]]:
        """What has been answered, as pairs for the next address or form."""
        pairs: list[tuple[str, str]] = []
        for name in self.order:
            value = self.said(name)
            if name not in leave_out and value:
                pairs += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        return pairs


class Answers(Carried):
    """The answers of one visit or one message so far.

    a: how it went; d: tasks done; e: extra help; n: that was asked; r: why not; b: anything to tell; t: what to tell;
    o: whether an officer has been told; m: minutes; words.
    """

    # Whether an officer was told of a danger ("o") is asked again.
    order = ("a", "d", "e", "n", "r", "b", "t", "m")
    several = ("d", "e")
    a = forms.ChoiceField(choices=[(v, v) for v in (AS_PLANNED, SOME, NOT_DONE)], required=False)
    d = forms.MultipleChoiceField(required=False)
    r = forms.ChoiceField(choices=[(v, v) for v in REASONS], required=False)
    b = forms.ChoiceField(choices=[(v, v) for v in (NOTHING, TELL)], required=False)
    t = forms.ChoiceField(choices=[(v, v) for v in KINDS], required=False)
    e = forms.MultipleChoiceField(choices=[(v, v) for v in EXTRA], required=False)
    n = forms.ChoiceField(choices=[("1", "1")], required=False)
    o = forms.ChoiceField(choices=[(v, v) for v in TOLD], required=False)
    m = forms.IntegerField(min_value=1, max_value=480, required=False)
    words = forms.CharField(required=False)

    def __init__(self, *args: Any, visit: VisitOnScreen | None, **kwargs: Any) -> None:
        self.visit = visit
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        tasks = self.visit.tasks if self.visit else ()
        self.fields["d"].choices = [(t.code, t.code) for t in tasks]  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        """Short plain text. The error is a key of the words, so that it can be said in both languages."""
        typed = plain_text(unicodedata.normalize("NFC", self.cleaned_data["words"]))
        if len(typed) > MOST_WORDS:
            raise forms.ValidationError("fewer_words")
        try:
            refuse_hidden_characters(typed, lines=True)
        except forms.ValidationError:
            raise forms.ValidationError("plain_words") from None
        return typed

    @property
    def trouble(self) -> str:
        """The key of the sentence that says what is wrong with the words, if anything."""
        found = self.errors.get("words")
        if not found:
            return ""
        return "fewer_words" if "fewer_words" in found else "plain_words"

    @property
    def step(self) -> str:
        if self.visit is None:
            return self._telling
        if not self.said("a"):
            return "how"
        if self.said("a") == SOME and not self.said("d"):
            return "which"
        if self.said("a") == SOME and not (self.said("n") or self.said("b")):
            return "extra"
        if self.said("a") == NOT_DONE and not self.said("r"):
            return "why"
        if not self.said("b"):
            return "anything"
        return self._telling if self.said("b") == TELL else "finish"

    @property
    def _telling(self) -> str:
        if not self.said("t"):
            return "tell"
        # Nobody in danger waits while somebody types: the answer to this question saves.
        return "danger" if self.is_danger else "words"

    @property
    def is_danger(self) -> bool:
        """Somebody is in danger now."""
        return self.said("t") in DANGER

    @property
    def is_whole(self) -> bool:
        """Every question is answered, and nothing is wrong."""
        ended = self.step in ("finish", "words") or bool(self.step == "danger" and self.said("o"))
        return ended and not self.errors

    @property
    def extra_help(self) -> str:
        """What was done beside the plan, as staff read it."""
        return "; ".join(EXTRA[value][1] for value in self.said("e")) if self.said("a") == SOME else ""

    @property
    def minutes(self) -> int:
        """From the plan unless changed; nought where nothing was done."""
        if self.visit is None or self.said("a") == NOT_DONE:
            return 0
        return int(self.said("m") or self.visit.minutes)

    @property
    def outcome(self) -> str:
        everything = self.visit is not None and set(self.said("d")) == {t.code for t in self.visit.tasks}
        if self.said("a") == NOT_DONE:
            return Visit.Outcome.NOT_DONE
        return Visit.Outcome.DONE if self.said("a") == AS_PLANNED or everything else Visit.Outcome.PARTLY

    @property
    def tasks_done(self) -> list[str]:
        if self.visit is None or self.said("a") == NOT_DONE:
            return []
        return [t.code for t in self.visit.tasks] if self.said("a") == AS_PLANNED else list(self.said("d"))


class JobAnswers(Carried):
    """The answers of one application so far.

    g: wants to apply; w: why; h: help to apply; e: what makes it easier; n: that was asked.
    """

    order = ("g", "w", "h", "e", "n")
    several = ("w", "e")
    g = forms.ChoiceField(choices=[("1", "1")], required=False)
    w = forms.MultipleChoiceField(choices=[(v, v) for v in WHY], required=False)
    h = forms.ChoiceField(choices=[(v, v) for v in (WANTS_HELP, NO_HELP)], required=False)
    e = forms.MultipleChoiceField(choices=[(v, v) for v in EASIER], required=False)
    n = forms.ChoiceField(choices=[("1", "1")], required=False)

    @property
    def step(self) -> str:
        if not self.said("g"):
            return "read"
        if not self.said("w"):
            return "why"
        if not self.said("h"):
            return "help"
        return "check" if self.said("n") else "easier"

    @property
    def why(self) -> list[str]:
        return [WHY[value] for value in self.said("w")]

    @property
    def easier(self) -> list[str]:
        return [EASIER[value] for value in self.said("e")]

    @property
    def wants_help(self) -> bool:
        return bool(self.said("h") == WANTS_HELP)


class HelpAnswers(Carried):
    """The answers of one request for help so far.

    f: help with what; u: when; y: tells staff the rest in person.
    """

    order = ("f", "u")
    several = ("f",)
    f = forms.MultipleChoiceField(choices=[(v, v) for v in AREAS], required=False)
    u = forms.ChoiceField(choices=[(v, v) for v in WHEN], required=False)
    y = forms.ChoiceField(choices=[("1", "1")], required=False)

    @property
    def step(self) -> str:
        if not self.said("f"):
            return "what"
        return "check" if self.said("u") else "when"

    @property
    def areas(self) -> list[str]:
        return [AREAS[value] for value in self.said("f")]

    @property
    def urgency(self) -> str:
        return WHEN[self.said("u")]

    @property
    def wants_to_say(self) -> bool:
        return bool(self.said("y"))


class GoingAnswers(Carried):
    """c: whether the help comes; f: how the person feels about it."""

    order = ("c", "f")
    c = forms.ChoiceField(choices=[(v, v) for v in CAME], required=False)
    f = forms.ChoiceField(choices=[(v, v) for v in FEELS], required=False)

    @property
    def step(self) -> str:
        if not self.said("c"):
            return "came"
        return "check" if self.said("f") else "feels"

    @property
    def came(self) -> str:
        return CAME[self.said("c")]

    @property
    def feels(self) -> str:
        return FEELS[self.said("f")]


class ChangeAnswers(Carried):
    """w: stop one, stop all, or change; k: which task stops; x: what is to change."""

    order = ("w", "k", "x")
    w = forms.ChoiceField(choices=[(v, v) for v in (STOP_ONE, STOP_ALL, CHANGE)], required=False)
    k = forms.ChoiceField(required=False)
    x = forms.ChoiceField(choices=[(v, v) for v in CHANGES], required=False)

    def __init__(self, *args: Any, tasks: list[str], **kwargs: Any) -> None:
        self.tasks = tasks
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        self.fields["k"].choices = [(token, token) for token in self.tasks]  # type: ignore[attr-defined]

    @property
    def step(self) -> str:
        if not self.said("w"):
            return "what"
        if self.said("w") == STOP_ONE:
            return "stop_check" if self.said("k") else "which"
        if self.said("w") == STOP_ALL:
            return "stop_check"
        return "change_check" if self.said("x") else "change"

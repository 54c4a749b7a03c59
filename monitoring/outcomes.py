"""Questions about how people are, when they are due, and their scores. Pure: no tables, no clock.

Only questions with a clear open basis are held here: those of the Government Statistical Service's harmonised
standard for loneliness (Open Government Licence), and simple ones of our own. Of any other instrument the score is
kept with its licence, never its questions. Answers are asked in private by staff, never by the buddy who helps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

OURS = "Our own questions"
HARMONISED = "Loneliness: harmonised standard, Government Statistical Service, Open Government Licence v3.0"


class About(StrEnum):
    """Whose answers they are."""

    HELPED = "HELPED"
    BUDDY = "BUDDY"
    STAFF = "STAFF"


class Point(StrEnum):
    """When it is asked. Stays are short, so the second time is four weeks after the start."""

    START = "START"
    FOUR_WEEKS = "FOUR_WEEKS"
    LATER = "LATER"
    END = "END"

    @property
    def words(self) -> str:
        return {
            Point.START: "At the start",
            Point.FOUR_WEEKS: "After four weeks",
            Point.LATER: "Later",
            Point.END: "At the end",
        }[self]


@dataclass(frozen=True)
class Answer:
    """One answer, with its value: higher is better, or what a score adds up."""

    value: int
    en: str
    cy: str


@dataclass(frozen=True)
class Question:
    """One question, as it is read out. `item` is the data item that its answers speak to."""

    code: str
    item: str
    en: str
    cy: str
    answers: tuple[Answer, ...]
    higher_is_better: bool = True


@dataclass(frozen=True)
class Instrument:
    """Questions that are asked together. Those of `scored` make the score, if there are any."""

    code: str
    title: str
    about: About
    source: str
    questions: tuple[Question, ...]
    always: bool = False
    """Whether every scheme asks it; the others are switched on."""
    scored: tuple[str, ...] = ()

    def score(self, answers: Mapping[str, int]) -> int | None:
        """The sum over the scored questions; None where there is no score, or one of them has no answer."""
        values = [answers.get(code) for code in self.scored]
        return None if not values or None in values else sum(value for value in values if value is not None)


def _scale(*words: tuple[str, str], best_first: bool = True) -> tuple[Answer, ...]:
    """Answers from the first to the last, the best of them with the highest value."""
    values = range(len(words), 0, -1) if best_first else range(1, len(words) + 1)
    return tuple(Answer(value, en, cy) for value, (en, cy) in zip(values, words, strict=True))


_AGREE = _scale(
    ("Strongly agree", "Cytuno’n gryf"),
    ("Agree", "Cytuno"),
    ("Neither agree nor disagree", "Ddim yn cytuno nac yn anghytuno"),
    ("Disagree", "Anghytuno"),
    ("Strongly disagree", "Anghytuno’n gryf"),
)
_WELL = _scale(
    ("Very well", "Yn dda iawn"),
    ("Quite well", "Yn eithaf da"),
    ("Neither well nor badly", "Ddim yn dda nac yn wael"),
    ("Quite badly", "Yn eithaf gwael"),
    ("Very badly", "Yn wael iawn"),
)
_GOOD = _scale(
    ("Very good", "Da iawn"),
    ("Good", "Da"),
    ("Neither good nor bad", "Ddim yn dda nac yn ddrwg"),
    ("Bad", "Drwg"),
    ("Very bad", "Drwg iawn"),
)
# The harmonised standard counts loneliness up: a lower value is better.
_THREE = _scale(
    ("Hardly ever or never", "Prin byth neu byth"),
    ("Some of the time", "Rywfaint o’r amser"),
    ("Often", "Yn aml"),
    best_first=False,
)
_FIVE = _scale(
    ("Often or always", "Yn aml neu bob amser"),
    ("Some of the time", "Rywfaint o’r amser"),
    ("Occasionally", "O bryd i’w gilydd"),
    ("Hardly ever", "Prin byth"),
    ("Never", "Byth"),
)

LONELY = Question("LONELY", "OU-04", "How often do you feel lonely?", "Pa mor aml ydych chi’n teimlo’n unig?", _FIVE)
# The fourth of the standard, the direct one, is among the questions that are always asked: nobody is asked it twice.
_LONELY_THREE = tuple(
    Question(code, "OU-04", en, cy, _THREE, higher_is_better=False)
    for code, en, cy in (
        (
            "COMPANY",
            "How often do you feel that you lack companionship?",
            "Pa mor aml ydych chi’n teimlo nad oes gennych chi gwmni?",
        ),
        (
            "LEFT_OUT",
            "How often do you feel left out?",
            "Pa mor aml ydych chi’n teimlo eich bod yn cael eich gadael allan?",
        ),
        (
            "ISOLATED",
            "How often do you feel isolated from others?",
            "Pa mor aml ydych chi’n teimlo’n ynysig oddi wrth eraill?",
        ),
    )
)

INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument(
        "HELPED",
        "Three questions for the person who is helped",
        About.HELPED,
        f"{OURS}; the third is the direct question of the harmonised standard for loneliness",
        (
            Question(
                "NEEDS",
                "OU-06",
                "I get the help I need.",
                "Rwy’n cael yr help sydd ei angen arnaf.",
                _AGREE,
            ),
            Question(
                "DAYS",
                "OU-01",
                "How well do you manage from day to day?",
                "Pa mor dda ydych chi’n ymdopi o ddydd i ddydd?",
                _WELL,
            ),
            LONELY,
        ),
        always=True,
    ),
    Instrument(
        "BUDDY",
        "Three questions for the buddy",
        About.BUDDY,
        OURS,
        (
            Question(
                "SURE",
                "OU-07",
                "How sure of yourself are you in this work?",
                "Pa mor siŵr ohonoch chi’ch hun ydych chi yn y gwaith hwn?",
                _scale(
                    ("Very sure", "Siŵr iawn"),
                    ("Quite sure", "Eithaf siŵr"),
                    ("Neither sure nor unsure", "Ddim yn siŵr nac yn ansicr"),
                    ("Not very sure", "Ddim yn siŵr iawn"),
                    ("Not sure at all", "Ddim yn siŵr o gwbl"),
                ),
            ),
            Question(
                "BACKED",
                "OU-10",
                "I get the support I need in this work.",
                "Rwy’n cael y gefnogaeth sydd ei hangen arnaf yn y gwaith hwn.",
                _AGREE,
            ),
            Question(
                "WELL",
                "OU-03",
                "How have you been feeling lately?",
                "Sut ydych chi wedi bod yn teimlo’n ddiweddar?",
                _GOOD,
            ),
        ),
        always=True,
    ),
    Instrument(
        "LONELY",
        "Three more questions about loneliness",
        About.HELPED,
        HARMONISED,
        _LONELY_THREE,
        scored=("COMPANY", "LEFT_OUT", "ISOLATED"),
    ),
    Instrument(
        "HELP",
        "How good the help is",
        About.HELPED,
        OURS,
        (
            Question(
                "GOOD",
                "OU-10",
                "How good is the help from your buddy?",
                "Pa mor dda yw’r help gan eich cyfaill?",
                _GOOD,
            ),
            Question(
                "KIND",
                "OU-10",
                "I am treated with respect.",
                "Rwy’n cael fy nhrin â pharch.",
                _AGREE,
            ),
        ),
    ),
    Instrument(
        "STAFF",
        "What staff on the wings say",
        About.STAFF,
        OURS,
        (
            Question(
                "WORKS",
                "OU-10",
                "The buddy scheme works well on this wing.",
                "Mae’r cynllun cyfaill yn gweithio’n dda ar yr adain hon.",
                _AGREE,
            ),
        ),
    ),
)
BY_CODE = {instrument.code: instrument for instrument in INSTRUMENTS}
SWITCHED = tuple(instrument for instrument in INSTRUMENTS if not instrument.always)
LICENSED: tuple[tuple[str, str], ...] = (
    ("ASCOT", "ASCOT"),
    ("SWEMWBS", "Short Warwick-Edinburgh scale"),
    ("ROSENBERG", "Rosenberg self-esteem scale"),
    ("EQ5D", "EQ-5D-5L"),
    ("BARTHEL", "Barthel index"),
    ("LAWTON", "Lawton scale"),
)
"""Instruments of which only a score is kept, with the reference of the licence."""
SCORE = "SCORE"

# In days after the start, or after the end: the first and last day on which it may be asked, and when it is late.
WINDOWS: dict[Point, tuple[int, int]] = {
    Point.START: (-14, 14),
    Point.FOUR_WEEKS: (21, 49),
    Point.LATER: (77, 3650),
    Point.END: (-7, 14),
}
DUE_AFTER: dict[Point, int] = {Point.START: 0, Point.FOUR_WEEKS: 28, Point.END: 0}


@dataclass(frozen=True)
class Run:
    """From when to when somebody was helped, or was a buddy; no end while it goes on."""

    began_on: date
    ended_on: date | None


def window(point: Point, run: Run) -> tuple[date, date] | None:
    """The first and last day on which it may be asked; None for an end that has not come."""
    since = run.ended_on if point is Point.END else run.began_on
    if since is None:
        return None
    first, last = WINDOWS[point]
    return since + timedelta(days=first), since + timedelta(days=last)


@dataclass(frozen=True)
class Due:
    """One thing to ask: since when, and the last day on which it still can be."""

    point: Point
    due_on: date
    until: date

    def late(self, today: date) -> bool:
        """Over a week after it fell due."""
        return today > self.due_on + timedelta(days=7)


def due(run: Run, asked: Sequence[Point], today: date) -> Due | None:
    """What is to be asked now, if anything. A follow-up is due only after a start: without one nothing compares."""
    for point, after in DUE_AFTER.items():
        span = window(point, run)
        if span is None or point in asked or (point is not Point.START and Point.START not in asked):
            continue
        since = run.ended_on if point is Point.END else run.began_on
        assert since is not None
        due_on = since + timedelta(days=after)
        if due_on <= today <= span[1]:
            return Due(point, due_on, span[1])
    return None

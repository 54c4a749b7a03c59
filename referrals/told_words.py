"""What came of a referral, in the words that are right for whoever is told.

Each audience has its own sentences, and no others reach it: a prisoner who asked for somebody else hears nothing about
them, and family hears that it was looked at unless the person agrees to more. The Welsh is for the person and is
awaiting a translator's check, as all Welsh of the project.
"""

from __future__ import annotations

from referrals.models import Referral, ReferralTelling
from referrals.rules.referrals import ASKED, WITH_BUDDY
from schemes.printed_words import LANGUAGES

Audience = ReferralTelling.Audience
HELP, BOTH, ASK, NONE, LEFT = "HELP", "BOTH", "ASK", "NONE", "LEFT"

# By audience and kind of outcome, in English and Welsh for the person, in English for the others.
PERSON: dict[str, tuple[str, str]] = {
    "title": ("Your request for help", "Eich cais am help"),
    "title_other": ("Help for you", "Help i chi"),
    "asked": (
        "On {day} you asked for help. We have looked at it.",
        "Ar {day} gofynnoch chi am help. Rydym wedi edrych arno.",
    ),
    "asked_other": (
        "On {day} we were told that you may need help. We have looked at it.",
        "Ar {day} cawsom wybod y gallai fod angen help arnoch chi. Rydym wedi edrych arno.",
    ),
    HELP: (
        "A member of staff will ask you in private what you want. Nothing happens before that, and you may say no.",
        "Bydd aelod o staff yn gofyn i chi’n breifat beth rydych chi ei eisiau. Ni fydd dim yn digwydd cyn hynny, a "
        "chewch ddweud na.",
    ),
    BOTH: (
        "A member of staff will ask you in private what you want. We have also asked somebody from outside the wing to "
        "see what help you need. You may say no.",
        "Bydd aelod o staff yn gofyn i chi’n breifat beth rydych chi ei eisiau. Rydym hefyd wedi gofyn i rywun o’r tu "
        "allan i’r adain weld pa help sydd ei angen arnoch chi. Cewch ddweud na.",
    ),
    ASK: (
        "We have asked somebody who knows about care to see what help you need. They will come to you.",
        "Rydym wedi gofyn i rywun sy’n gwybod am ofal weld pa help sydd ei angen arnoch chi. Byddant yn dod atoch chi.",
    ),
    NONE: (
        "We are not arranging help now. This is why:",
        "Nid ydym yn trefnu help nawr. Dyma pam:",
    ),
    LEFT: (
        "You left this prison before we decided.",
        "Gwnaethoch chi adael y carchar hwn cyn i ni benderfynu.",
    ),
    "again": (
        "You can ask again at any time, at the terminal or by telling any member of staff.",
        "Gallwch ofyn eto unrhyw bryd, ar y derfynell neu drwy ddweud wrth unrhyw aelod o staff.",
    ),
}
BODY: dict[str, str] = {
    HELP: "We are asking the person whether they want help from a trained buddy with tasks that are not personal care.",
    BOTH: "We are asking the person whether they want a buddy’s help, and have asked for an assessment as well.",
    ASK: "We have asked for an assessment of the person’s needs.",
    NONE: "We are not taking it further now, for this reason:",
    LEFT: "The person left this prison before anybody decided.",
}
FAMILY_ONLY = (
    "We have looked at what you told us. We may not say more about somebody in our care unless they agree to it.",
    "If you are worried about them again, tell us.",
)
FAMILY_AGREED: dict[str, str] = {
    HELP: "The person agrees that we tell you more: they are being asked what help they want.",
    BOTH: "The person agrees that we tell you more: they are asked what help they want, and their needs are assessed.",
    ASK: "The person agrees that we tell you more: we have asked for an assessment of their needs.",
    NONE: "The person agrees that we tell you more: we are not arranging help now.",
    LEFT: "The person agrees that we tell you more: they left before we decided.",
}
PEER = "Thank you for telling us. Staff have looked at it. We do not talk with anybody about other people."


def kind_of(outcome: str) -> str:
    """Which of the five kinds of sentences an outcome has."""
    if outcome in (Referral.Outcome.NONE, Referral.Outcome.LEFT):
        return NONE if outcome == Referral.Outcome.NONE else LEFT
    if outcome in WITH_BUDDY:
        return BOTH if ASKED[outcome] else HELP
    return ASK


def for_person(key: str, language: str, **values: object) -> str:
    """One sentence for the person; an unknown key is an error."""
    text = PERSON[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def for_staff(referral: Referral) -> str:
    """What staff who asked see on their own list."""
    if referral.status == Referral.Status.RECEIVED:
        return "The lead has not decided yet."
    if referral.outcome == Referral.Outcome.NONE:
        return f"Not taken further: {referral.outcome_reason}"
    return {
        HELP: "The person is asked whether they want a buddy.",
        BOTH: "The person is asked whether they want a buddy, and an assessment was asked for.",
        ASK: "An assessment was asked for.",
        LEFT: "The person left before anybody decided.",
    }[kind_of(referral.outcome)]


def sentences(audience: str, referral: Referral, *, person_agrees: bool = False) -> list[str]:
    """What somebody other than the person is told, in the order in which it is said."""
    kind = kind_of(referral.outcome)
    if audience == Audience.PEER:
        return [PEER]
    if audience == Audience.FAMILY:
        return [FAMILY_AGREED[kind]] if person_agrees else list(FAMILY_ONLY)
    return [BODY[kind], *([referral.outcome_reason] if kind == NONE else [])]


def person_sentences(referral: Referral, language: str, day: str) -> list[str]:
    """What the person is told, the reason as it was written."""
    own = referral.source == Referral.Source.SELF
    kind = kind_of(referral.outcome)
    said = [for_person("asked" if own else "asked_other", language, day=day), for_person(kind, language)]
    if kind == NONE:
        said += [referral.outcome_reason, for_person("again", language)]
    return said

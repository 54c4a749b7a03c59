"""Words of the papers that prisoners read: the advert and the letter about a refusal, in English and Welsh.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
A name in braces is filled in when the sentence is shown.
"""

from __future__ import annotations

from datetime import date

from buddyscheme.accounts.models import Prison

ENGLISH, WELSH = "en", "cy"
LANGUAGES = (ENGLISH, WELSH)

WORDS: dict[str, tuple[str, str]] = {
    # The advert
    "job": ("Job on {wing}", "Swydd ar {wing}"),
    "paid_help": (
        "A buddy is paid to help other prisoners who are old, ill or disabled.",
        "Mae cyfaill yn cael ei dalu i helpu carcharorion eraill sy’n hen, yn sâl neu’n anabl.",
    ),
    "you_do": ("What you do", "Beth fyddwch chi’n ei wneud"),
    "you_never": ("What a buddy never does", "Beth nad yw cyfaill byth yn ei wneud"),
    "never_wash": ("Wash, dress or feed anybody", "Golchi, gwisgo na bwydo neb"),
    "never_toilet": ("Help anybody on the toilet", "Helpu neb ar y toiled"),
    "never_lift": ("Lift anybody, also after a fall", "Codi neb, hyd yn oed ar ôl cwymp"),
    "never_medicine": ("Touch medicines", "Cyffwrdd â moddion"),
    "never_money": ("Touch money, canteen or vapes", "Cyffwrdd ag arian, cantîn na vapes"),
    "places": ("How many places", "Nifer y lleoedd"),
    "hours": ("Paid hours", "Oriau â thâl"),
    "hours_a_week": ("{hours} hours a week", "{hours} awr yr wythnos"),
    "pay": ("Pay band", "Band cyflog"),
    "closes": ("Apply by", "Gwnewch gais erbyn"),
    "who": ("Who can apply", "Pwy all wneud cais"),
    "who_text": (
        "Anybody who is held here. You do not need to know the work: you are trained. "
        "The prison checks everybody before they start, and there is an interview.",
        "Unrhyw un sy’n cael ei gadw yma. Nid oes angen i chi wybod y gwaith: cewch eich hyfforddi. "
        "Mae’r carchar yn gwirio pawb cyn iddynt ddechrau, ac mae cyfweliad.",
    ),
    "how": ("How to apply", "Sut i wneud cais"),
    "how_text": (
        "At the buddy terminal on the wing: touch “Jobs”. Or tell any member of staff, who writes it down for you. "
        "Say the number of this job: {reference}.",
        "Ar derfynell y cyfeillion ar yr adain: cyffyrddwch “Swyddi”. Neu dywedwch wrth unrhyw aelod o staff, a fydd "
        "yn ei ysgrifennu ar eich rhan. Dywedwch rif y swydd hon: {reference}.",
    ),
    "help": ("Do you want help to apply?", "Ydych chi eisiau help i wneud cais?"),
    "help_text": (
        "Ask any member of staff. They help you, and it does not count against you.",
        "Gofynnwch i unrhyw aelod o staff. Byddant yn eich helpu, ac ni fydd yn cyfrif yn eich erbyn.",
    ),
    # The letter about a refusal
    "your_application": ("Your application to be a buddy", "Eich cais i fod yn gyfaill"),
    "dear": ("Dear {name},", "Annwyl {name},"),
    "not_this_time": (
        "Thank you for applying on {day}. We are not giving you the job this time.",
        "Diolch am wneud cais ar {day}. Nid ydym yn rhoi’r swydd i chi y tro hwn.",
    ),
    "why": ("Why", "Pam"),
    "you_can_appeal": ("If you think this is wrong", "Os ydych chi’n meddwl bod hyn yn anghywir"),
    "somebody_else": (
        "Somebody who did not make this decision looks at it again.",
        "Bydd rhywun na wnaeth y penderfyniad hwn yn edrych arno eto.",
    ),
    "appeal_usual": (
        "You can appeal. Tell any member of staff that you want to appeal, or write it on plain paper and hand it to "
        "them. Say what you think is wrong. If you want help to write, ask: it does not count against you.",
        "Gallwch apelio. Dywedwch wrth unrhyw aelod o staff eich bod eisiau apelio, neu ysgrifennwch ef ar bapur plaen "
        "a’i roi iddynt. Dywedwch beth sy’n anghywir yn eich barn chi. Os ydych eisiau help i ysgrifennu, gofynnwch: "
        "ni fydd yn cyfrif yn eich erbyn.",
    ),
    "apply_again": (
        "You can apply again for another job.",
        "Gallwch wneud cais eto am swydd arall.",
    ),
    "signed": ("The buddy scheme", "Y cynllun cyfeillion"),
    "reference": ("Your number: {reference}", "Eich rhif: {reference}"),
}
NEVER = ("never_wash", "never_toilet", "never_lift", "never_medicine", "never_money")
MONTHS = {
    ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    WELSH: (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
        "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
    ),
}  # fmt: skip


def language_of(asked: str) -> str:
    """The language of an address, English where it makes no sense."""
    return asked if asked in LANGUAGES else ENGLISH


def say(key: str, language: str, **values: object) -> str:
    """The sentence in this language. An unknown key is an error: no string may be missing."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def prison_of(prison: Prison, language: str) -> str:
    """The prison's name in the language, the English one where there is no other."""
    return (prison.welsh_name if language == WELSH else "") or prison.name


def day_of(day: date, language: str) -> str:
    """A day in words of the language."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"

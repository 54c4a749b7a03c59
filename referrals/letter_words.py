"""Words of letters to the council and to healthcare, in English and Welsh.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
A name in braces is filled in when the sentence is shown.
"""

from __future__ import annotations

from buddyscheme.accounts.models import Prison
from schemes.printed_words import ENGLISH, LANGUAGES, WELSH

WORDS: dict[str, tuple[str, str]] = {
    "to_council": ("{council}, adult social care", "{council}, gofal cymdeithasol i oedolion"),
    "to_healthcare": ("Healthcare at {prison}", "Gofal iechyd yn {prison}"),
    "to_department": ("{department}, {prison}", "{department}, {prison}"),
    "about": ("About {name}, {number}, at {prison}", "Ynghylch {name}, {number}, yn {prison}"),
    "reference": ("Our reference: {reference}", "Ein cyfeirnod: {reference}"),
    "law": ("The law", "Y gyfraith"),
    "please": ("What we ask of you", "Yr hyn a ofynnwn gennych"),
    "signed": ("Lead of the buddy scheme, {prison}", "Arweinydd y cynllun cyfeillion, {prison}"),
    # A request that nobody answers
    "chase_council": (
        "Request for an assessment of care and support: we are waiting",
        "Cais am asesiad gofal a chymorth: rydym yn aros",
    ),
    "chase_healthcare": ("Request to healthcare: we are waiting", "Cais i ofal iechyd: rydym yn aros"),
    "asked_council": (
        "On {day} we asked you to assess this person’s needs for care and support. That was {days} days ago.",
        "Ar {day} gofynnom i chi asesu anghenion y person hwn am ofal a chymorth. Roedd hynny {days} diwrnod yn ôl.",
    ),
    "asked_healthcare": (
        "On {day} we asked you to see this person, who seems to need help from healthcare. That was {days} days ago.",
        "Ar {day} gofynnom i chi weld y person hwn, sydd i’w weld angen help gan ofal iechyd. Roedd hynny {days} "
        "diwrnod yn ôl.",
    ),
    "wait_ACKNOWLEDGE": (
        "We have not heard that our request has reached you.",
        "Nid ydym wedi clywed bod ein cais wedi eich cyrraedd.",
    ),
    "wait_VISIT": (
        "You told us that it has reached you. We have not heard that anybody has seen the person.",
        "Dywedasoch ei fod wedi eich cyrraedd. Nid ydym wedi clywed bod unrhyw un wedi gweld y person.",
    ),
    "wait_DECIDE": (
        "You have seen the person. We have not heard what you decided.",
        "Rydych wedi gweld y person. Nid ydym wedi clywed beth a benderfynwyd gennych.",
    ),
    "wait_PLAN": (
        "On {decided} you decided that the person is eligible. We do not have your plan yet.",
        "Ar {decided} penderfynasoch fod y person yn gymwys. Nid yw eich cynllun gennym eto.",
    ),
    "over": (
        "This prison’s scheme expects this step within {limit} days. It has taken {waited}.",
        "Mae cynllun y carchar hwn yn disgwyl y cam hwn o fewn {limit} diwrnod. Mae wedi cymryd {waited}.",
    ),
    "within": (
        "This prison’s scheme expects this step within {limit} days. Today is day {waited}.",
        "Mae cynllun y carchar hwn yn disgwyl y cam hwn o fewn {limit} diwrnod. Heddiw yw diwrnod {waited}.",
    ),
    "asked_before": (
        "We wrote about this before: first on {first}.",
        "Rydym wedi ysgrifennu am hyn o’r blaen: y tro cyntaf ar {first}.",
    ),
    "asked_before_last": (
        "We wrote about this before: first on {first}, and last on {last}.",
        "Rydym wedi ysgrifennu am hyn o’r blaen: y tro cyntaf ar {first}, a’r tro diwethaf ar {last}.",
    ),
    "tell_us": (
        "Please tell us within 7 days what will happen and when, and who is dealing with it. If you have written to us "
        "already, please send it again.",
        "Rhowch wybod i ni o fewn 7 diwrnod beth fydd yn digwydd a phryd, a phwy sy’n delio ag ef. Os ydych wedi "
        "ysgrifennu atom eisoes, anfonwch ef eto.",
    ),
    # Personal care that nobody gives
    "need_title": ("Personal care that this person does not get", "Gofal personol nad yw’r person hwn yn ei gael"),
    "need_is": ("What the person needs: {task}.", "Yr hyn sydd ei angen ar y person: {task}."),
    "need_days": (
        "We have known of this since {day}. Today is day {days} without it.",
        "Rydym yn gwybod am hyn ers {day}. Heddiw yw diwrnod {days} hebddo.",
    ),
    "need_never": (
        "Another prisoner may never do this. It needs trained carers, or healthcare.",
        "Ni chaiff carcharor arall wneud hyn byth. Mae angen gofalwyr hyfforddedig, neu ofal iechyd.",
    ),
    "need_before": ("Whom we put this to before", "Pwy yr ydym wedi rhoi hyn iddynt o’r blaen"),
    "need_tell": (
        "Please tell us within 2 working days who will give this care and from which day. If it is not for you, please "
        "tell us whose it is.",
        "Rhowch wybod i ni o fewn 2 ddiwrnod gwaith pwy fydd yn rhoi’r gofal hwn ac o ba ddiwrnod. Os nad eich "
        "cyfrifoldeb chi ydyw, dywedwch wrthym gyfrifoldeb pwy ydyw.",
    ),
}


def say(key: str, language: str, **values: object) -> str:
    """The sentence in this language. An unknown key is an error: no string may be missing."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def languages_of(prison: Prison) -> tuple[str, ...]:
    """Letters of Welsh prisons say everything twice."""
    return (ENGLISH, WELSH) if prison.nation == Prison.Nation.WALES else (ENGLISH,)

"""What a person's own print of the plan says, in English and Welsh, as whole sentences.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
A name in braces is filled in when the sentence is shown. Nothing that only staff see has words here.
"""

from __future__ import annotations

from collections.abc import Sequence

from referrals.models.plan import SafetyWord
from referrals.rules.plan_lines import days_in_words
from schemes.printed_words import ENGLISH, LANGUAGES, WELSH
from schemes.role_card_words import UNCHECKED

__all__ = ["ENGLISH", "FORMATS", "SAFETY", "UNCHECKED", "WELSH", "WORDS", "days_of", "say"]

# How it is printed: one page, easy read, large print.
FORMATS: dict[str, str] = {"": "One page", "easy": "Easy read", "large": "Large print"}

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Plan {reference}", "Cynllun {reference}"),
    "easy_title": ("My plan", "Fy nghynllun"),
    "own_words": ("In my own words", "Yn fy ngeiriau fy hun"),
    "goals": ("What the help should achieve", "Beth ddylai’r help ei gyflawni"),
    "tasks": ("Who does what", "Pwy sy’n gwneud beth"),
    "BUDDY": ("Buddy does", "Mae’r cyfaill yn gwneud"),
    "CARER": ("Carer does", "Mae’r gofalwr yn gwneud"),
    "SELF": ("I do myself", "Rwyf i’n gwneud fy hun"),
    "STAFF": ("Staff do", "Mae’r staff yn gwneud"),
    "no_tasks": ("There is no task in this plan.", "Nid oes tasg yn y cynllun hwn."),
    "task": ("Task", "Tasg"),
    "when": ("When", "Pryd"),
    "minutes": ("Minutes", "Munudau"),
    "buddy_is": ("My buddy is {name}.", "Fy nghyfaill yw {name}."),
    "no_buddy": ("I have no buddy yet.", "Nid oes gennyf gyfaill eto."),
    "safety": ("The buddy must know", "Rhaid i’r cyfaill wybod"),
    "equipment": ("Equipment", "Offer"),
    "checked": ("last checked {day}", "gwiriwyd ddiwethaf {day}"),
    "not_checked": ("no check recorded", "dim gwiriad wedi’i gofnodi"),
    "next_check": ("next check due {day}", "gwiriad nesaf erbyn {day}"),
    "emergency": ("In an emergency", "Mewn argyfwng"),
    "emergency_no": ("I need no help to leave.", "Nid oes angen help arnaf i adael."),
    "emergency_not_asked": ("Nobody has asked me yet.", "Nid oes neb wedi gofyn i mi eto."),
    "emergency_yes": (
        "I need help to leave. Staff still have to write down how.",
        "Mae angen help arnaf i adael. Mae’n rhaid i’r staff ysgrifennu sut o hyd.",
    ),
    "emergency_staff": ("Staff who help me: {count}", "Staff sy’n fy helpu: {count}"),
    "emergency_waits": ("I wait here: {place}", "Rwy’n aros yma: {place}"),
    "emergency_equipment": ("With: {equipment}", "Gyda: {equipment}"),
    "unmet": (
        "Personal care that I need and do not get yet",
        "Gofal personol sydd ei angen arnaf ac nad wyf yn ei gael eto",
    ),
    "unmet_since": ("{name}: since {day}", "{name}: ers {day}"),
    "consents": ("What I have agreed to", "Yr hyn rwyf wedi cytuno iddo"),
    "SUPPORT": ("Help from a buddy", "Help gan gyfaill"),
    "SHARING": (
        "Sharing this plan with the council and healthcare",
        "Rhannu’r cynllun hwn gyda’r cyngor a gofal iechyd",
    ),
    "NAMED_BUDDY": ("{name} as my buddy", "{name} yn gyfaill i mi"),
    "given": ("{what}: yes, on {day}", "{what}: ydw, ar {day}"),
    "withdrawn": ("{what}: I changed my mind on {day}", "{what}: newidiais fy meddwl ar {day}"),
    "not_given": ("{what}: no", "{what}: nac ydw"),
    "best_interests": (
        "Decided in the person’s best interests on {day}",
        "Penderfynwyd er budd gorau’r person ar {day}",
    ),
    "always_shared": (
        "How I leave in an emergency, my equipment, falls and personal care that I do not get are always shared with "
        "the council and healthcare, to keep me safe.",
        "Mae sut rwy’n gadael mewn argyfwng, fy offer, cwympiadau a gofal personol nad wyf yn ei gael bob amser yn "
        "cael eu rhannu gyda’r cyngor a gofal iechyd, i’m cadw’n ddiogel.",
    ),
    "may_stop": (
        "I can stop any part of this at any time. I need not say why.",
        "Gallaf atal unrhyw ran o hyn ar unrhyw adeg. Nid oes rhaid i mi ddweud pam.",
    ),
    "review": ("We look at this plan again on {day}.", "Byddwn yn edrych ar y cynllun hwn eto ar {day}."),
    "interim": ("This is help for now. It ends on {day}.", "Help am y tro yw hwn. Mae’n dod i ben ar {day}."),
    "version": ("Version {number} of the plan", "Fersiwn {number} o’r cynllun"),
    # Easy read
    "easy_goal": ("I want: {words}", "Rwyf eisiau: {words}"),
    "easy_equipment": ("I use: {name}", "Rwy’n defnyddio: {name}"),
    "easy_never": (
        "A buddy never washes me, dresses me or helps me on the toilet.",
        "Nid yw cyfaill byth yn fy ngolchi, yn fy ngwisgo nac yn fy helpu ar y toiled.",
    ),
    # Parts of the day
    "AM": ("Morning", "Bore"),
    "PM": ("Afternoon", "Prynhawn"),
    "EV": ("Evening", "Gyda’r nos"),
    "every_day": ("Every day", "Bob dydd"),
    # How to hand it over
    "handling": (
        "This paper belongs to the person it names. Show it to nobody who does not need it.",
        "Mae’r papur hwn yn eiddo i’r person a enwir arno. Peidiwch â’i ddangos i neb nad oes ei angen arnynt.",
    ),
}
SAFETY: dict[str, tuple[str, str]] = {
    SafetyWord.CANNOT_STAND: ("Cannot stand without help", "Methu sefyll heb gymorth"),
    SafetyWord.UNSTEADY: ("Unsteady on their feet", "Simsan ar eu traed"),
    SafetyWord.HARD_OF_HEARING: ("Hard of hearing", "Trwm eu clyw"),
    SafetyWord.POOR_SIGHT: ("Cannot see well", "Methu gweld yn dda"),
    SafetyWord.NEEDS_TIME: ("Needs time to answer", "Angen amser i ateb"),
    SafetyWord.WHEELCHAIR: ("Uses a wheelchair", "Yn defnyddio cadair olwyn"),
}
# Of our own set of drawings; those of tasks stand in the catalogue.
SAFETY_PICTURES: dict[str, str] = {
    SafetyWord.CANNOT_STAND: "cannot_stand",
    SafetyWord.UNSTEADY: "unsteady",
    SafetyWord.HARD_OF_HEARING: "ear",
    SafetyWord.POOR_SIGHT: "eye",
    SafetyWord.NEEDS_TIME: "clock",
    SafetyWord.WHEELCHAIR: "wheelchair",
}
WELSH_DAYS = ("Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener", "Dydd Sadwrn", "Dydd Sul")


def say(key: str, language: str, **values: object) -> str:
    """The sentence in this language. An unknown key is an error: no string may be missing."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def days_of(weekdays: Sequence[int], language: str) -> str:
    """On which days; in Welsh each by its name, because a range would change the names."""
    if language == ENGLISH:
        return days_in_words(weekdays)
    days = sorted(set(weekdays))
    return say("every_day", language) if len(days) == 7 else ", ".join(WELSH_DAYS[day] for day in days)

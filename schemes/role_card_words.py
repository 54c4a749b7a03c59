"""Words of the role card: one page for a wing's staff, for buddies and for the people they help.

In English, Welsh and easy read, each whole sentences. The Welsh is awaiting a translator's check: it was written with
the project and nobody has confirmed it yet. Names in braces are filled in from the scheme's settings.
"""

from __future__ import annotations

from django.db import models

from schemes.printed_words import ENGLISH, WELSH

EASY = "easy"
FORMATS: dict[str, str] = {ENGLISH: "English", WELSH: "Cymraeg", EASY: "Easy read"}


class Audience(models.TextChoices):
    """Who holds the card."""

    STAFF = "staff", "Staff of the wing"
    BUDDY = "buddy", "Buddy"
    RECIPIENT = "recipient", "Person who is helped"


# By key: English, Welsh, easy read.
SHARED: dict[str, tuple[str, str, str]] = {
    "by_day": (
        "By day: {who}, within {minutes} minutes.",
        "Yn ystod y dydd: {who}, o fewn {minutes} munud.",
        "In the day: {who} comes. Within {minutes} minutes.",
    ),
    "by_night": (
        "By night: {who}, within {minutes} minutes.",
        "Yn ystod y nos: {who}, o fewn {minutes} munud.",
        "At night: {who} comes. Within {minutes} minutes.",
    ),
    "not_settled": (
        "The scheme has not settled who comes. Until it has, press the alarm and call the control room.",
        "Nid yw’r cynllun wedi penderfynu pwy sy’n dod. Tan hynny, pwyswch y larwm a galwch yr ystafell reoli.",
        "Press the bell. Shout for staff.",
    ),
    "lead": ("Social care lead: {name}", "Arweinydd gofal cymdeithasol: {name}", "The lead is {name}"),
    "deputy": ("Deputy: {name}", "Dirprwy: {name}", "If the lead is away: {name}"),
    "cover": ("When both are away: {name}", "Pan fydd y ddau i ffwrdd: {name}", "If both are away: {name}"),
}

TITLE: dict[str, tuple[str, str, str]] = {
    "staff": ("Buddies on {wing}: for staff", "Cyfeillion ar {wing}: i staff", "Buddies on {wing}: for staff"),
    "buddy": ("Being a buddy on {wing}", "Bod yn gyfaill ar {wing}", "I am a buddy on {wing}"),
    "recipient": ("Your buddy on {wing}", "Eich cyfaill ar {wing}", "My buddy on {wing}"),
}

LEAD: dict[str, tuple[str, str, str]] = {
    "staff": (
        "A buddy is a prisoner who is trained and paid to help another with everyday things. It is not personal care.",
        "Carcharor sydd wedi’i hyfforddi ac yn cael ei dalu i helpu un arall gyda phethau bob dydd yw cyfaill. Nid "
        "gofal personol ydyw.",
        "A buddy is a prisoner. A buddy helps another prisoner. A buddy gets paid.",
    ),
    "buddy": (
        "You help people with everyday things. You do what stands in the person’s plan, and nothing else.",
        "Rydych chi’n helpu pobl gyda phethau bob dydd. Rydych chi’n gwneud yr hyn sydd yng nghynllun y person, a dim "
        "byd arall.",
        "I help people. I do what is in the plan. I do nothing else.",
    ),
    "recipient": (
        "A buddy is a prisoner who is trained to help you with everyday things. You can stop the help at any time.",
        "Carcharor sydd wedi’i hyfforddi i’ch helpu gyda phethau bob dydd yw cyfaill. Gallwch roi’r gorau i’r help "
        "unrhyw bryd.",
        "A buddy helps me. I can say stop. I can say it any time.",
    ),
}

HEADINGS: dict[str, dict[str, tuple[str, str, str]]] = {
    "staff": {
        "may": ("A buddy may, where the plan says so", "Caiff cyfaill, lle mae’r cynllun yn dweud", "A buddy may"),
        "never": ("A buddy may never", "Ni chaiff cyfaill byth", "A buddy may not"),
        "moving": ("Moving about", "Symud o gwmpas", "Moving about"),
        "fall": ("If somebody falls", "Os bydd rhywun yn cwympo", "If somebody falls"),
        "call": ("Whom to call", "Pwy i’w alw", "Who to call"),
    },
    "buddy": {
        "may": ("You may, where the plan says so", "Cewch, lle mae’r cynllun yn dweud", "What I do"),
        "never": ("You may never", "Ni chewch byth", "What I do not do"),
        "moving": ("Moving about", "Symud o gwmpas", "Where I can go"),
        "fall": ("If somebody falls", "Os bydd rhywun yn cwympo", "If somebody falls"),
        "call": ("Whom to tell", "Wrth bwy i ddweud", "Who I tell"),
    },
    "recipient": {
        "may": ("Your buddy may, where your plan says so", "Caiff eich cyfaill, lle mae eich cynllun yn dweud",
                "What my buddy does"),
        "never": ("Your buddy may never", "Ni chaiff eich cyfaill byth", "What my buddy does not do"),
        "moving": ("Where your buddy may go", "Ble y caiff eich cyfaill fynd", "Where my buddy can go"),
        "fall": ("If you fall", "Os byddwch chi’n cwympo", "If I fall"),
        "call": ("Whom to tell", "Wrth bwy i ddweud", "Who I tell"),
    },
}  # fmt: skip

MOVING: dict[str, list[tuple[str, str, str]]] = {
    "staff": [
        (
            "Today’s unlock list is the authority: the buddy, the cell and the time stand on it.",
            "Rhestr datgloi heddiw yw’r awdurdod: mae’r cyfaill, y gell a’r amser arni.",
            "Look at the unlock list. It says who, where and when.",
        ),
        (
            "Unlock the buddy for the visit. The door stays open while the buddy is in the cell.",
            "Datglowch y cyfaill ar gyfer yr ymweliad. Mae’r drws yn aros ar agor tra bydd y cyfaill yn y gell.",
            "Unlock the buddy. Leave the door open.",
        ),
        (
            "Off the wing a buddy goes only with a movement slip or an escort, as anybody else.",
            "Oddi ar yr adain, dim ond gyda slip symud neu hebryngwr y caiff cyfaill fynd, fel pawb arall.",
            "Off the wing: a slip, or staff go too.",
        ),
    ],
    "buddy": [
        (
            "Go to the cells on today’s list, at the time on the list. Wait for an officer to unlock you.",
            "Ewch i’r celloedd ar restr heddiw, ar yr amser sydd ar y rhestr. Arhoswch i swyddog eich datgloi.",
            "I go to the cells on the list. I wait for staff to unlock me.",
        ),
        (
            "The cell door stays open while you are inside. If it is to be shut, leave.",
            "Mae drws y gell yn aros ar agor tra byddwch y tu mewn. Os yw i gael ei gau, gadewch.",
            "The door stays open. If staff shut it, I go out first.",
        ),
        (
            "Off the wing, go only with a movement slip or with staff.",
            "Oddi ar yr adain, ewch dim ond gyda slip symud neu gyda staff.",
            "Off the wing I go with a slip, or with staff.",
        ),
    ],
    "recipient": [
        (
            "Your buddy comes at the times in your plan, when staff have unlocked. The door of your cell stays open.",
            "Daw eich cyfaill ar yr amseroedd yn eich cynllun, pan fydd staff wedi datgloi. Mae drws eich cell yn aros "
            "ar agor.",
            "My buddy comes when my plan says. The door stays open.",
        ),
        (
            "If nobody comes, tell staff. A meal or water that is missed is for staff to bring.",
            "Os na ddaw neb, dywedwch wrth staff. Staff sydd i ddod â phryd neu ddŵr a gollwyd.",
            "If nobody comes, I tell staff. Staff bring my food and water.",
        ),
    ],
}

FALL: dict[str, list[tuple[str, str, str]]] = {
    "staff": [
        (
            "A buddy never lifts anybody. The buddy presses the cell bell, calls you and stays.",
            "Nid yw cyfaill byth yn codi neb. Mae’r cyfaill yn pwyso cloch y gell, yn eich galw ac yn aros.",
            "A buddy does not lift. A buddy calls you and stays.",
        ),
    ],
    "buddy": [
        (
            "Never lift the person: you can both be hurt. Press the cell bell, call staff, stay and talk to them.",
            "Peidiwch byth â chodi’r person: gallech chi’ch dau gael niwed. Pwyswch gloch y gell, galwch staff, "
            "arhoswch a siaradwch â nhw.",
            "I do not lift. I press the bell. I call staff. I stay.",
        ),
    ],
    "recipient": [
        (
            "Your buddy calls staff and stays with you. Your buddy must not lift you. Press your cell bell if you are "
            "alone.",
            "Bydd eich cyfaill yn galw staff ac yn aros gyda chi. Ni chaiff eich cyfaill eich codi. Pwyswch gloch eich "
            "cell os ydych ar eich pen eich hun.",
            "My buddy calls staff. My buddy stays. If I am alone, I press the bell.",
        ),
    ],
}

CALL: dict[str, list[tuple[str, str, str]]] = {
    "staff": [
        (
            "Any worry about a buddy or about the person helped: raise a concern on the service at once.",
            "Unrhyw bryder am gyfaill neu am y person sy’n cael help: codwch bryder ar y gwasanaeth ar unwaith.",
            "If you are worried, raise a concern.",
        ),
    ],
    "buddy": [
        (
            "Any officer on the wing. In private: “Tell staff” at the terminal. Never promise to keep danger secret.",
            "Unrhyw swyddog ar yr adain. Yn breifat: “Dweud wrth staff” ar y derfynell. Peidiwch byth ag addo cadw "
            "perygl yn gyfrinach.",
            "I tell any officer. Or I touch “Tell staff” at the terminal. I do not keep danger secret.",
        ),
    ],
    "recipient": [
        (
            "Any officer on the wing. In private: “Tell staff” at the terminal. Nobody who helps you may ask for "
            "anything in return.",
            "Unrhyw swyddog ar yr adain. Yn breifat: “Dweud wrth staff” ar y derfynell. Ni chaiff neb sy’n eich helpu "
            "ofyn am ddim byd yn ôl.",
            "I tell any officer. Or I touch “Tell staff” at the terminal. I owe my buddy nothing.",
        ),
    ],
}

UNCHECKED = "Mae’r Gymraeg yn aros am gyfieithydd."


def in_format(words: tuple[str, str, str], format: str, **values: object) -> str:
    """One of the three, with the names filled in."""
    text = words[list(FORMATS).index(format)]
    return text.format(**values) if values else text


def format_of(asked: str) -> str:
    """The format of an address, English where it makes no sense."""
    return asked if asked in FORMATS else ENGLISH

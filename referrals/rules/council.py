"""Which council answers for care in a prison, and by which law. The words stand here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from buddyscheme.accounts.models import Prison


@dataclass(frozen=True)
class Route:
    """The law that a request for an assessment goes by, and whose duty it is, as a sentence.

    The Welsh is awaiting a translator's check.
    """

    law: str
    sentence: str
    law_cy: str
    sentence_cy: str


ROUTES: dict[str, Route] = {
    Prison.Nation.ENGLAND: Route(
        law="Care Act 2014, section 76",
        sentence=(
            "In England the council for the area in which the prison stands assesses adults in it who appear to need "
            "care and support, wherever their home is."
        ),
        law_cy="Deddf Gofal 2014, adran 76",
        sentence_cy=(
            "Yn Lloegr mae’r cyngor ar gyfer yr ardal lle mae’r carchar yn asesu oedolion yno y mae’n ymddangos bod "
            "angen gofal a chymorth arnynt, ble bynnag y mae eu cartref."
        ),
    ),
    Prison.Nation.WALES: Route(
        law="Social Services and Well-being (Wales) Act 2014, Part 11",
        sentence=(
            "In Wales the local authority for the area in which the prison stands assesses adults in it who appear to "
            "need care and support."
        ),
        law_cy="Deddf Gwasanaethau Cymdeithasol a Llesiant (Cymru) 2014, Rhan 11",
        sentence_cy=(
            "Yng Nghymru mae’r awdurdod lleol ar gyfer yr ardal lle mae’r carchar yn asesu oedolion yno y mae’n "
            "ymddangos bod angen gofal a chymorth arnynt."
        ),
    ),
}


def route_of(prison: Prison) -> Route:
    """The legal route at this prison."""
    return ROUTES[prison.nation]


def council_of(prison: Prison) -> str:
    """The council's name from the register, or words in its place where the register names none."""
    return prison.council or "The council for the prison’s area"

"""The training board: everybody in training or in the role, with how many modules are due, lapsing and lapsed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy
from schemes.queries.buddies import BuddyStanding, standing
from training.models import Module, ModuleResult
from training.queries.results import ModuleState, mandatory_codes, module_states, modules, newest_results, trainable
from training.rules.results import State, state_of


class BoardState(StrEnum):
    """What a line of the board asks for, the most pressing first."""

    LAPSED = "LAPSED"
    DUE = "DUE"
    LAPSING = "LAPSING"
    IN_DATE = "IN_DATE"


BOARD_WORDS: dict[str, str] = {
    BoardState.LAPSED: "Lapsed",
    BoardState.DUE: "Due",
    BoardState.LAPSING: "Lapsing",
    BoardState.IN_DATE: "In date",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One buddy on the board. Numbers are of mandatory modules."""

    buddy: Buddy
    stands: BuddyStanding
    passed: int
    core: int
    due: int
    lapsing: int
    lapsed: int

    @property
    def missing(self) -> int:
        """Mandatory modules that do not hold today."""
        return self.due + self.lapsed

    @property
    def state(self) -> BoardState:
        """The most pressing thing."""
        if self.lapsed:
            return BoardState.LAPSED
        if self.due:
            return BoardState.DUE
        return BoardState.LAPSING if self.lapsing else BoardState.IN_DATE


def board(prison: Prison, today: date) -> list[Line]:
    """Every line, by name. The same number of queries for two buddies and for two hundred."""
    buddies = list(trainable(prison))
    ids = [buddy.pk for buddy in buddies]
    states, stands, core = module_states(ids, today), standing(ids, today), mandatory_codes(prison)
    return [_line(buddy, stands[buddy.pk], states[buddy.pk], core) for buddy in buddies]


def line_of(buddy: Buddy, today: date) -> Line:
    """One buddy's line."""
    stands = standing([buddy.pk], today)[buddy.pk]
    return _line(buddy, stands, module_states([buddy.pk], today)[buddy.pk], mandatory_codes(buddy.prison))


def _line(buddy: Buddy, stands: BuddyStanding, state: ModuleState, core: frozenset[str]) -> Line:
    return Line(
        buddy=buddy,
        stands=stands,
        passed=len(core & state.in_date),
        core=len(core),
        due=len(core - state.in_date - state.lapsed),
        lapsing=len(core & state.lapsing),
        lapsed=len(core & state.lapsed),
    )


def lines_in(lines: Iterable[Line], state: str) -> list[Line]:
    """Lines of one state, as the board shows them when it is filtered by it."""
    return [line for line in lines if line.state == state]


@dataclass(frozen=True)
class ModuleLine:
    """One module of the catalogue with how many people need a class in it."""

    module: Module
    due: int
    lapsing: int


def modules_due(prison: Prison, today: date) -> list[ModuleLine]:
    """Every module: how many have not passed it or have lapsed, and how many lapse within 28 days."""
    ids = [buddy.pk for buddy in trainable(prison)]
    states = module_states(ids, today)
    held = Counter(code for state in states.values() for code in state.in_date)
    lapsing = Counter(code for state in states.values() for code in state.lapsing)
    return [ModuleLine(module, len(ids) - held[module.code], lapsing[module.code]) for module in modules(prison)]


def class_list(prison: Prison, module: Module, today: date, *, everybody: bool) -> list[tuple[Buddy, State]]:
    """Who may take a class in this module, by name: those who need it, or everybody."""
    buddies = list(trainable(prison))
    newest = {
        pk: state_of(outcome, expires_on, today)
        for pk, outcome, expires_on in newest_results([buddy.pk for buddy in buddies])
        .filter(module=module)
        .values_list("buddy_id", "outcome", "expires_on")
    }
    listed = [(buddy, newest.get(buddy.pk, State.NOT_TAKEN)) for buddy in buddies]
    return [(buddy, state) for buddy, state in listed if everybody or state != State.IN_DATE]


@dataclass(frozen=True)
class ModuleNow:
    """One module of one buddy as it stands."""

    module: Module
    state: State
    assessed_on: date | None
    expires_on: date | None
    result: ModuleResult | None = None


def modules_of(buddy: Buddy, today: date) -> Sequence[ModuleNow]:
    """Every module of the catalogue with where this buddy stands in it."""
    newest = {result.module_id: result for result in newest_results([buddy.pk]).select_related("prior")}
    found = []
    for module in modules(buddy.prison):
        result = newest.get(module.code)
        if result is None:
            found.append(ModuleNow(module, State.NOT_TAKEN, None, None))
        else:
            state = state_of(result.outcome, result.expires_on, today)
            found.append(ModuleNow(module, state, result.assessed_on, result.expires_on, result))
    return found

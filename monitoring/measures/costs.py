"""What a scheme costs, from what the prison returns each quarter and from pay, training and visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from buddyscheme.lib.dates import Quarter, quarter_of
from monitoring.costs import DAYS_A_MONTH, Inputs, Part, pounds_of, total
from monitoring.measures.definition import Adds, Basis, Every, Heading, Kind, Measure, Parts, Source, Told
from monitoring.measures.facts import Facts
from monitoring.measures.falls import days_of_help
from monitoring.queries.costs import inputs_of, newest_returns
from training.models import ModuleResult


@dataclass(frozen=True)
class QuarterCost:
    """What is known of one quarter, and its parts in pence."""

    inputs: Inputs
    parts: dict[Part, int | None]


def costs_of(facts: Facts) -> list[QuarterCost]:
    """Each quarter of the span, oldest first."""
    return facts.once(_read)


def _read(facts: Facts) -> list[QuarterCost]:
    quarters: list[Quarter] = []
    quarter = quarter_of(facts.span.first)
    while quarter.first <= facts.span.last:
        quarters.append(quarter)
        quarter = quarter.next()
    returned = newest_returns(facts.prison, [each.code for each in quarters])
    known = [inputs_of(facts.prison, each, returned.get(each.code)) for each in quarters]
    return [QuarterCost(inputs, inputs.parts()) for inputs in known]


def hours_of_support(facts: Facts) -> Decimal:
    """Recorded in the span."""
    return Decimal(facts.minutes) / 60


def months_of_help(facts: Facts) -> Decimal:
    """Days of the span with a running match, added up over people, in months."""
    return Decimal(sum(len(days) for days in facts.once(days_of_help).values())) / DAYS_A_MONTH


def _part(part: Part) -> Callable[[Facts], Parts | None]:
    def compute(facts: Facts) -> Parts | None:
        amounts = [each.parts[part] for each in costs_of(facts)]
        if not amounts or any(pence is None for pence in amounts):
            return None
        return Parts(sum((pounds_of(pence or 0) for pence in amounts), Decimal(0)), None, len(amounts))

    return compute


def _whole(facts: Facts) -> Decimal | None:
    totals = [total(each.parts) for each in costs_of(facts)]
    if not totals or not all(each.whole for each in totals):
        return None
    return sum((pounds_of(each.low) for each in totals), Decimal(0))


def _total(facts: Facts) -> Parts | None:
    whole = _whole(facts)
    return None if whole is None else Parts(whole, None, len(costs_of(facts)))


def _for_each(of: Callable[[Facts], Decimal]) -> Callable[[Facts], Parts | None]:
    def compute(facts: Facts) -> Parts | None:
        whole, amount = _whole(facts), of(facts)
        return None if whole is None or not amount else Parts(whole, amount, int(amount))

    return compute


def _training(facts: Facts) -> Parts | None:
    spent = _part(Part.TRAINING)(facts)
    passed = (
        ModuleResult.objects.for_prison(facts.prison)
        .filter(outcome="PASSED", assessed_on__gte=facts.span.first, assessed_on__lte=facts.span.last)
        .values("person_id")
        .distinct()
        .count()
    )
    return None if spent is None or not passed else Parts(spent.numerator, Decimal(passed), passed)


def _share(who: str) -> Callable[[Facts], Parts | None]:
    def compute(facts: Facts) -> Parts | None:
        quarters = [(each.inputs.shares(), total(each.parts)) for each in costs_of(facts)]
        if len(quarters) == 1 and quarters[0][0] is not None:
            return Parts(Decimal(quarters[0][0][who]), Decimal(100), 100)
        # Of a year: what is paid of each quarter's whole cost.
        known = [(shares[who], whole.low) for shares, whole in quarters if shares is not None and whole.whole]
        cost = sum(pence for _, pence in known)
        if len(known) < len(quarters) or not cost:
            return None
        return Parts(Decimal(sum(share * pence for share, pence in known)) / cost, Decimal(100), 100)

    return compute


def _money(code: str, title: str, answers: str, numerator: str, compute: Any, **more: Any) -> Measure:
    words: dict[str, Any] = {
        "kind": Kind.MONEY,
        "unit": "pounds",
        "heading": Heading.COST,
        "expectation": "What the scheme costs is known, and who pays for it",
        "basis": Basis.OURS,
        "level": "scheme, prison",
        "provider": "prison",
        "frequency": "quarterly",
        "every": Every.QUARTER,
        "source": Source.RETURN,
        "adds": Adds.UP,
    }
    return Measure(code=code, title=title, answers=answers, numerator=numerator, compute=compute, **(words | more))


BUDDY_PAY = _money(
    "CO-01",
    "Pay of buddies",
    "What are buddies paid for their work?",
    "Pay of the pay periods that end in the quarter, as the pay system recorded it; where it has recorded nothing yet, "
    "sessions times the local rate. Not given while a week has no pay period or a buddy no rate",
    _part(Part.PAY),
    provider="pay system, system",
    basis=Basis.DOMAIN,
)
LEAD_TIME = _money(
    "CO-02",
    "Time of the lead",
    "What does the time of the lead and others with protected time cost?",
    "Hours of protected time in the quarter times the cost of an hour of their grade",
    _part(Part.LEAD),
    basis=Basis.DOMAIN,
)
STAFF_TIME = _money(
    "CO-03",
    "Time of other staff",
    "What does the time of other staff cost: supervision, clearance, interviews, classes, unlocking?",
    "Hours of other staff for the scheme in the quarter times the cost of an hour. Filled in from the records with "
    "default times, which the prison mends",
    _part(Part.STAFF),
)
TRAINING_COST = _money(
    "CO-04",
    "Training for each buddy who passed a module",
    "What does training cost for each buddy trained?",
    "Outside trainers and materials in the quarter",
    _training,
    denominator="People who passed at least one module in the quarter",
    unit="pounds for each buddy trained",
    provider="prison, training provider",
    basis=Basis.DOMAIN,
    adds=Adds.NOT,
)
CONTRACT = _money(
    "CO-05",
    "Contract with an outside provider",
    "What is paid to a charity or care provider for the scheme?",
    "The quarter’s part of the price of a contract",
    _part(Part.CONTRACT),
    provider="council, prison",
    basis=Basis.DOMAIN,
)
EQUIPMENT = _money(
    "CO-06",
    "Equipment and consumables",
    "What is spent on equipment for the scheme?",
    "Equipment and consumables bought for the scheme in the quarter",
    _part(Part.EQUIPMENT),
)
SETTING_UP = _money(
    "CO-07",
    "Setting up, spread over years",
    "What is the quarter’s part of what it cost to set the scheme up?",
    "The one-off cost of setting up, in equal parts over the years that the prison names",
    _part(Part.SETUP),
)
RECORDING = _money(
    "CO-08",
    "Recording visits",
    "What does it cost to keep the record of visits?",
    "Visits that staff entered or looked at, at one minute each (our assumption), times the cost of an hour of staff",
    _part(Part.RECORDING),
    provider="system, prison",
    basis=Basis.DOMAIN,
)
TOTAL = _money(
    "CO-09",
    "The whole cost",
    "What does the scheme cost altogether?",
    "Pay of buddies, time of the lead and of other staff, training, contract, equipment, the quarter’s part of setting "
    "up, and recording. Not given while a part is missing",
    _total,
    level="scheme, prison, national",
    provider="system",
)
PER_HOUR = _money(
    "CO-10",
    "Cost of an hour of support",
    "What does an hour of a buddy’s support cost?",
    "The whole cost",
    _for_each(hours_of_support),
    denominator="Hours of support recorded",
    unit="pounds for an hour",
    provider="system",
    minimum_n=10,
    adds=Adds.NOT,
)
PER_MONTH = _money(
    "CO-11",
    "Cost of helping a person for a month",
    "What does it cost to help one person for a month?",
    "The whole cost",
    _for_each(months_of_help),
    denominator="Months of help: days with a running match, added up over people, by 30.4375 days",
    unit="pounds for a month",
    provider="system",
    minimum_n=10,
    adds=Adds.NOT,
)
PAID_CARE = _money(
    "CO-12",
    "An hour of paid care, to compare with",
    "What would an hour of care by a paid worker cost?",
    "The council’s price for an hour of home care, or a published unit cost, with its source",
    None,
    level="prison, national",
    provider="council",
    frequency="annual",
    every=Every.YEAR,
    source=Source.TYPED,
    unit="pounds for an hour",
    adds=Adds.NOT,
    tells=Told.AS_IT_IS,
)
AVOIDED = _money(
    "CO-13",
    "Costs avoided or moved elsewhere",
    "Which costs did the scheme avoid, with evidence?",
    "Bed watches, hospital days or hours of care that did not have to be paid, only where there is evidence",
    None,
    level="prison",
    provider="analyst",
    frequency="when there is evidence",
    every=Every.YEAR,
    source=Source.TYPED,
    adds=Adds.NOT,
)
WHO_PAYS = tuple(
    _money(
        f"CO-14{letter}",
        title,
        "Who pays for the scheme?",
        f"Per cent of the whole cost that {whose} pays, as the prison says",
        _share(who),
        kind=Kind.SHARE,
        denominator="The whole cost, as 100 per cent",
        unit="share of the whole cost",
        basis=Basis.DOMAIN,
        adds=Adds.NOT,
        tells=Told.AS_IT_IS,
    )
    for letter, who, title, whose in (
        ("a", "prison", "Paid by the prison", "the prison"),
        ("b", "council", "Paid by the council", "the council"),
        ("c", "health", "Paid by the NHS", "the NHS"),
        ("d", "grant", "Paid from a grant", "a grant"),
    )
)

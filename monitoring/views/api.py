"""The interface for programs, version 1: measures, releases, prisons and figures. See `monitoring.api`."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import parse_period
from monitoring.api import operations as o
from monitoring.api import shapes
from monitoring.api.gate import Refused, admit
from monitoring.api.openapi import document
from monitoring.api.serving import Asked, Found, address_of, as_answer, only_get, program, serves
from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE, MEASURES, RELEASED
from monitoring.measures.definition import EQUALITY, Measure
from monitoring.measures.groups import named_group
from monitoring.models import Release, ReleaseFigure
from monitoring.queries import api as queries
from monitoring.queries.wording import worded
from monitoring.words import protection_words

IN_RELEASES = frozenset(measure.code for measure in RELEASED)


@serves(o.MEASURES)
def measures(asked: Asked) -> Found:
    """Every measure, in the order of the dictionary."""
    return Found(worded(MEASURES), _measure)


@serves(o.RELEASES)
def releases(asked: Asked) -> Found:
    """Every release."""
    return Found(queries.releases(), _release)


@serves(o.PRISONS)
def prisons(asked: Asked, release: str) -> Found:
    """The prisons of a release."""
    found = _release_or_refused(release)
    return Found(queries.prisons_of(found), _prison, found)


@serves(o.FIGURES)
def figures(asked: Asked, release: str) -> Found:
    """The figures of a release, or those that the filters ask for."""
    found = _release_or_refused(release)
    for code in asked.get("measure", []):
        _check(code, BY_CODE, "measure", "The list of measures has their codes.")
    if "period" in asked:
        there = queries.periods_of(found)
        for code in asked["period"]:
            _check(code, there, "period", f"This release has {', '.join(there)}.")
    if "prison" in asked:
        codes = {o.NATION, *queries.prisons_of(found).values_list("code", flat=True)}
        for code in asked["prison"]:
            _check(code, codes, "prison", "The list of this release’s prisons has their codes.")
    for code in asked.get("group", []):
        _check(code, {o.WHOLE, *o.GROUPED_BY}, "group", f"There are {', '.join(o.GROUPED_BY)} and {o.WHOLE}.")
    rows = queries.figures_of(
        found,
        measures=asked.get("measure"),
        prisons=asked.get("prison"),
        nation=o.NATION in asked.get("prison", []),
        periods=asked.get("period"),
        groups=["" if code == o.WHOLE else code for code in asked["group"]] if "group" in asked else None,
    )
    return Found(rows, _figure, found)


@program
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description. It holds no figure, so it is open to whoever writes a program."""
    only_get(request)
    return as_answer(request, document())


@program
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Every other address below the interface: said to those who have a key, as JSON."""
    only_get(request)
    admit(header=request.headers.get("Authorization", ""), address=address_of(request), now=timezone.now())
    raise Refused(404, "not_found", "There is no such address. The description lists those that there are.")


def _release_or_refused(token: str) -> Release:
    found = queries.release_by(token)
    if found is None:
        raise Refused(404, "not_found", "There is no such release. The list of releases has their ids.")
    return found


def _check(code: str, there: Collection[str], noun: str, where: str) -> None:
    """A filter that fits nothing is a mistake: an empty answer would be taken for nought."""
    if code not in there:
        raise Refused(400, "bad_request", f"There is no {noun} “{code[:40]}” here. {where}")


def _measure(measure: Measure) -> shapes.Measure:
    return shapes.Measure(
        code=measure.code,
        item=measure.item,
        title=measure.title,
        answers=measure.answers,
        numerator=measure.numerator,
        denominator=measure.denominator or None,
        unit=measure.unit,
        kind=measure.kind,
        level=measure.level,
        provider=measure.provider,
        frequency=measure.frequency,
        basis=measure.basis,
        direction=measure.direction,
        minimum_n=measure.minimum_n,
        expectation=measure.expectation,
        computed=measure.computed,
        released=measure.code in IN_RELEASES,
        source=measure.source,
        held_by=measure.held_by,
        broken_down_by=sorted(by.value for by in measure.by & EQUALITY),
        answers_by_number={str(number): words for number, words in measure.facts.items()},
        protection=protection_words(measure),
        definition_version=measure.version,
    )


def _release(release: Release) -> shapes.Release:
    corrected_by = getattr(release, "replaced_by", None)
    return shapes.Release(
        id=release.token,
        kind=release.kind,
        period=release.period,
        period_in_words=str(parse_period(release.period)),
        first_day=release.first_day,
        last_day=release.last_day,
        published_at=release.published_at,
        note=release.note,
        replaces=release.replaces.token if release.replaces else None,
        replaced_by=corrected_by.token if corrected_by else None,
        digest=release.digest,
    )


def _prison(prison: Prison) -> shapes.Prison:
    return shapes.Prison(
        code=prison.code,
        name=prison.name,
        nation=prison.nation,
        kind=prison.kind,
        kind_in_words=prison.get_kind_display(),
    )


def _figure(row: ReleaseFigure) -> shapes.Figure:
    state = State(row.state)
    return shapes.Figure(
        prison=row.about_id,
        period=row.period,
        measure=row.measure,
        group=row.breakdown or None,
        group_in_words=named_group(row.breakdown) if row.breakdown else None,
        state=state,
        state_in_words=state.words,
        value=_number(row.value),
        numerator=_number(row.numerator),
        denominator=_number(row.denominator),
        n=row.n,
        completeness=_number(row.completeness),
        looked_at_share=_number(row.looked_at_share),
        late_share=_number(row.late_share),
        sources={source: float(share) for source, share in row.sources.items()},
        definition_version=row.definition_version,
    )


def _number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)

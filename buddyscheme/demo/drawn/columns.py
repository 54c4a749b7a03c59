"""What stands in the columns of a drawn row: keys moved, tokens new, names of others, and what the prison's ways do."""

from __future__ import annotations

from typing import Any

from django.db import models

from buddyscheme.demo.drawn.tables import LEFT_OUT, chance, drawn_models
from buddyscheme.demo.staff import SURNAMES
from buddyscheme.lib.references import ALPHABET

# 128 random bits as 22 characters, as `make_token` has them.
TOKEN = "translate(rtrim(encode(uuid_send(gen_random_uuid()), 'base64'), '='), '+/', '-_')"  # noqa: S105
VISIT = ("p.key", "o.day", "o.session")
NO_LONGER_DONE = f"(o.outcome <> 'NOT_DONE' AND {chance('done', *VISIT)} >= c.done)"
# Entered some days after it happened, and still before the story ends.
PUT_OFF = (
    "(NOT o.late AND o.source IN ('STAFF', 'PAPER') AND o.entered_at < c.ends_at - interval '5 days'"
    f" AND {chance('late', *VISIT)} < c.late)"
)
ONE_NEED = 0.4
"""The share of people who ask only for the first kind of help that the told one asked for."""
WHY_NOT = "'NOT_UNLOCKED', 'NOT_UNLOCKED', 'BUDDY_ABSENT', 'DECLINED', 'DECLINED', 'OTHER'"


def cipher(reference: str) -> str:
    """A reference in other letters: unlike the told prison's, and different from each other as those are."""
    at = f"strpos({reference}, '-')"
    return f"substr({reference}, 1, {at}) || translate(substr({reference}, {at} + 1), '{ALPHABET}', c.letters)"


def one_of(words: str, many: int, what: str, *key: str) -> str:
    """One of so many quoted words."""
    return f"(ARRAY[{words}])[1 + floor({many} * {chance(what, *key)})::int]"


def in_english(text: str) -> str:
    """Welsh words of a told prison are none in England: its wings, and the second language that people have."""
    return f"CASE WHEN c.welsh THEN {text} ELSE replace(replace({text}, 'Uned ', 'Unit '), 'Welsh', 'Urdu') END"


def moved(numbers: str) -> str:
    """An array of ids, in its order."""
    return (
        f"coalesce((SELECT array_agg(x + c.shift ORDER BY i) FROM unnest({numbers}) WITH ORDINALITY u(x, i)), '{{}}')"
    )


def moved_name(name: str) -> str:
    """What names a row in words, as "stand_down:31"."""
    number = f"substring({name} from '[0-9]+$')"
    words = f"rtrim({name}, '0123456789')"
    return f"coalesce({words} || ({number}::bigint + c.shift), {name})"


def _handover() -> str:
    """The letter as it was made, about somebody else."""
    lead = "SELECT jsonb_build_object('name', u.name, 'email', u.email) FROM accounts_user u"
    reference = cipher("(o.body #>> '{plan,reference}')")
    body = "o.body"
    for path, value in {
        "person,first_name": "to_jsonb(p.first_name)",
        "person,last_name": "to_jsonb(p.last_name)",
        "person,prison_number": "to_jsonb(p.number)",
        "person,born_on": "to_jsonb(p.born_on)",
        "from_prison": "jsonb_build_object('code', c.code, 'name', c.name)",
        "contact": f"({lead} WHERE u.id = o.made_by_id + c.shift)",
    }.items():
        body = f"jsonb_set({body}, '{{{path}}}', {value})"
    with_plan = f"jsonb_set({body}, '{{plan,reference}}', to_jsonb({reference}))"
    return f"CASE WHEN jsonb_typeof(o.body->'plan') = 'object' THEN {with_plan} ELSE {body} END"


def _visit() -> dict[str, str]:
    """Fewer are done than at the told prison, and more are entered late; what was not done has a reason."""
    by = "CASE WHEN o.source IN ('TERMINAL', 'PAPER') THEN 'BUDDY' ELSE 'STAFF' END"
    instead = {
        "outcome": "'NOT_DONE'",
        "reason": one_of(WHY_NOT, 6, "why", *VISIT),
        "said_by": by,
        "minutes": "0",
        "tasks_done": "'{}'",
        "extra_help": "''",
    }
    values = {name: f"CASE WHEN {NO_LONGER_DONE} THEN {value} ELSE o.{name} END" for name, value in instead.items()}
    days = f"(1 + floor(3 * {chance('days', *VISIT)})::int) * interval '1 day'"
    values["entered_at"] = f"CASE WHEN {PUT_OFF} THEN o.entered_at + {days} ELSE o.entered_at END"
    values["late"] = f"o.late OR {PUT_OFF}"
    return values


# By table and field: whatever is not here is as at the told prison, but for keys, tokens and references.
VALUES: dict[str, dict[str, str]] = {
    "accounts.User": {
        "email": "split_part(o.email, '@', 1) || '@' || lower(c.code) || '.example'",
        "name": "split_part(o.name, ' ', 1) || ' ' || "
        + one_of(", ".join(f"'{name}'" for name in SURNAMES), len(SURNAMES), "staff", "o.email"),
    },
    "accounts.Wing": {"name": in_english("o.name")},
    "accounts.Terminal": {"name": in_english("o.name"), "device_hash": "''"},
    "schemes.Person": {
        "same_as": "NULL",
        "prison_number": "p.number",
        "first_name": "p.first_name",
        "last_name": "p.last_name",
        "preferred_name": "''",
        "born_on": "p.born_on",
        "sex": "p.sex",
        "ethnicity": "p.ethnicity",
        "disability": "p.disability",
        "languages": "CASE WHEN c.welsh THEN o.languages ELSE array_replace(o.languages, 'Welsh', 'Urdu') END",
    },
    # The twin row has the same.
    "schemes.KeepApart": {"pair": "left(md5(c.code || o.pair), 22)"},
    "referrals.TerminalEntry": {"key_hash": "encode(sha256((c.code || o.key_hash)::bytea), 'hex')"},
    "referrals.Referral": {
        "referred_at": "greatest(o.referred_at - c.slow * interval '1 day' * "
        f"{chance('slow', 'p.key', 'o.referred_at')}, least(o.referred_at, greatest(p.since, c.opened_at)))",
        # Of the told ones nearly all ask for more than one kind of help.
        "need_areas": f"CASE WHEN {chance('needs', 'p.key')} < {ONE_NEED} THEN o.need_areas[1:1] ELSE o.need_areas END",
    },
    "referrals.Match": {name: f"({in_english(f'o.{name}::text')})::jsonb" for name in ("checks", "reasons")},
    "referrals.Handover": {"body": _handover()},
    "referrals.Visit": _visit(),
    "referrals.Concern": {"hidden_from": moved("o.hidden_from")},
    "referrals.WeekConfirmation": {
        "visits": "floor(o.visits * c.share)",
        "looked_at": "floor(o.looked_at * c.share * c.looked)",
        "drawn": moved("o.drawn"),
    },
    "referrals.BuddyNews": {"event_key": moved_name("o.event_key")},
    "referrals.WelfareCheck": {"event_key": moved_name("o.event_key")},
    "monitoring.CostReturn": {
        name: f"round(o.{name} * c.cost)"
        for name in ("lead_hours", "training_pence", "contract_pence", "equipment_pence", "setup_pence")
    },
}  # fmt: skip


def value_of(model: type[models.Model], field: Any) -> str:
    """SQL of what stands in a field of a drawn row."""
    stated = VALUES.get(model._meta.label, {}).get(field.name)
    column = f'o."{field.column}"'
    if stated is not None:
        return stated
    if field.primary_key:
        return f"{column} + c.shift"
    if field.name == "prison":
        return "c.code"
    if field.is_relation:
        return _key(model, field, column)
    if field.name == "token":
        return TOKEN
    return cipher(column) if field.name == "reference" else column


def _key(model: type[models.Model], field: Any, column: str) -> str:
    if field.related_model in drawn_models():
        return f"{column} + c.shift"
    if field.related_model._meta.label not in LEFT_OUT:
        return column
    if not field.null:
        raise LookupError(f"{model._meta.label} cannot be drawn without {field.related_model._meta.label}.")
    return "NULL"

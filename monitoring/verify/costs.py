"""Fresh counts of what a scheme costs in a quarter."""

from __future__ import annotations

from monitoring.verify.count import NEWEST, Count

_RETURN = """
    SELECT DISTINCT ON (r.period) r.* FROM monitoring_costreturn r
    WHERE r.prison_id = %(prison)s AND r.first_day = %(first)s ORDER BY r.period, r.version DESC"""
_PERIODS = """
    SELECT p.id, (p.last_day - p.first_day + 1) / 7 AS weeks FROM monitoring_payperiod p
    WHERE p.prison_id = %(prison)s AND p.last_day BETWEEN %(first)s AND %(ends)s"""
_PAY = f"""
    SELECT CASE WHEN (SELECT coalesce(sum(weeks), 0) FROM ({_PERIODS}) w) >=
                     (SELECT count(*) FROM generate_series(%(first)s::date, %(ends)s::date, interval '1 day') d
                       WHERE extract(isodow FROM d) = 7)
                 AND NOT EXISTS (SELECT 1 FROM monitoring_payline l JOIN ({_PERIODS}) w ON w.id = l.period_id
                                  WHERE l.recorded_pence IS NULL AND l.expected_pence IS NULL)
           THEN (SELECT coalesce(sum(coalesce(l.recorded_pence, l.expected_pence)), 0)
                   FROM monitoring_payline l JOIN ({_PERIODS}) w ON w.id = l.period_id) END"""
_LOGGED = f"""
    SELECT count(*) FROM ({NEWEST}) n WHERE n.source IN ('STAFF', 'PAPER')
       OR EXISTS (SELECT 1 FROM referrals_visitlook k WHERE k.visit_id = n.id)"""
_PARTS = f"""
    SELECT ({_PAY}) AS pay,
           CASE WHEN r.lead_hours = 0 THEN 0 ELSE round(r.lead_hours * r.lead_rate_pence) END AS lead,
           CASE WHEN r.staff_hours = 0 THEN 0 ELSE round(r.staff_hours * r.staff_rate_pence) END AS staff,
           r.training_pence AS training, r.contract_pence AS contract, r.equipment_pence AS equipment,
           CASE WHEN r.setup_pence = 0 THEN 0
                ELSE round(r.setup_pence / (4.0 * r.setup_years)) END AS setup,
           CASE WHEN ({_LOGGED}) = 0 THEN 0 ELSE round(({_LOGGED}) * r.staff_rate_pence / 60.0) END AS recording,
           r.council_percent AS council, r.health_percent AS health, r.grant_percent AS given
    FROM (SELECT 1) one LEFT JOIN ({_RETURN}) r ON true"""
_WHOLE = "(c.pay + c.lead + c.staff + c.training + c.contract + c.equipment + c.setup + c.recording) / 100.0"
_HOURS = f"(SELECT coalesce(sum(n.minutes), 0) / 60.0 FROM ({NEWEST}) n)"
_MONTHS = """(
    SELECT count(DISTINCT (p.person_id, d.day)) / 30.4375
    FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d(day)
    JOIN referrals_match m ON m.prison_id = %(prison)s AND m.started_on <= d.day
         AND coalesce((m.ended_at AT TIME ZONE 'Europe/London')::date, 'infinity'::date) >= d.day
    JOIN referrals_plan p ON p.id = m.plan_id)"""
_TRAINED = """(
    SELECT count(DISTINCT r.person_id) FROM training_moduleresult r
    WHERE r.prison_id = %(prison)s AND r.outcome = 'PASSED' AND r.assessed_on BETWEEN %(first)s AND %(last)s)"""


def _part(column: str) -> Count:
    return Count(sql=f"SELECT c.{column} / 100.0, NULL FROM ({_PARTS}) c", quarterly=True, returned=True)


def _over(amount: str, by: str) -> Count:
    sql = f"SELECT CASE WHEN x.below > 0 THEN x.above END, x.below FROM (SELECT {amount} AS above, {by} AS below"
    return Count(sql=f"{sql} FROM ({_PARTS}) c) x", quarterly=True, returned=True)


def _share(amount: str) -> Count:
    return Count(sql=f"SELECT {amount}, 100 FROM ({_PARTS}) c", quarterly=True, returned=True, zero=True)


COUNTS: dict[str, Count] = {
    "CO-01": _part("pay"),
    "CO-02": _part("lead"),
    "CO-03": _part("staff"),
    "CO-04": _over("c.training / 100.0", _TRAINED),
    "CO-05": _part("contract"),
    "CO-06": _part("equipment"),
    "CO-07": _part("setup"),
    "CO-08": _part("recording"),
    "CO-09": Count(sql=f"SELECT {_WHOLE}, NULL FROM ({_PARTS}) c", quarterly=True, returned=True),
    "CO-10": _over(_WHOLE, _HOURS),
    "CO-11": _over(_WHOLE, _MONTHS),
    "CO-14a": _share("100 - c.council - c.health - c.given"),
    "CO-14b": _share("c.council"),
    "CO-14c": _share("c.health"),
    "CO-14d": _share("c.given"),
}

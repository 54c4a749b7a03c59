"""Fresh counts about buddies and their working life."""

from __future__ import annotations

from monitoring.verify.count import ACTIVE, EVERYTHING, Count, of_people

COUNTS: dict[str, Count] = {
    "OP-02": of_people(f"SELECT b.person_id FROM schemes_buddy b JOIN ({ACTIVE}) a ON a.buddy_id = b.id", EVERYTHING),
    "BS-02b": Count(
        sql=f"""
        SELECT count(*), NULL FROM ({ACTIVE}) a JOIN schemes_takeover t ON t.buddy_id = a.buddy_id
        WHERE t.decision = 'APPROVED' AND t.good_by >= %(last)s AND (t.lacks_compact OR t.lacks_modules)"""
    ),
}

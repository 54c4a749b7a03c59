"""Places that are not in the navigation, by what they are about: text, url name, permission."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may
from buddyscheme.home.navigation import opens

Links = tuple[tuple[str, str, P], ...]

GROUPS: dict[str, Links] = {
    "Every day": (
        ("Refer someone", "referrals:refer", P.REFERRAL_MAKE),
        ("Record a fall", "referrals:fall_add", P.FALL_RECORD),
        ("Raise a concern", "referrals:concern_add", P.CONCERN_RAISE),
        ("Concerns you raised", "referrals:concerns_raised", P.CONCERN_RAISE),
        ("Danger that was told", "referrals:danger", P.DANGER_VIEW),
        ("Open a terminal window", "referrals:windows", P.WINDOW_OPEN),
        ("Find or add a person", "schemes:people", P.PEOPLE_VIEW),
        ("Stop a task or record that help came", "referrals:helped", P.PLAN_TASK_STOP),
        ("Absences and appointments", "schemes:absences", P.ABSENCES_EDIT),
        ("What has changed", "referrals:changes", P.CHANGES_VIEW),
        ("Lock-downs and cancelled sessions", "schemes:lock_downs", P.STAFF_TASK_DO),
        ("The week ahead", "referrals:schedule", P.UNLOCK_LIST_VIEW),
        ("Nobody comes: today and the next six days", "referrals:nobody_comes", P.UNLOCK_LIST_VIEW),
        ("Record informal help", "referrals:informal_help_add", P.INFORMAL_HELP_RECORD),
        ("Referrals you made", "referrals:referrals_made", P.REFERRAL_MAKE),
        ("What buddies may do", "schemes:catalogue", P.HOME_VIEW),
        ("Role cards", "schemes:role_cards", P.ROLE_CARD_PRINT),
    ),
    "People who need help": (
        ("New arrivals to ask about help", "referrals:reception", P.RECEPTION_ASK),
        ("Who is told what came of a referral", "referrals:tellings", P.REFERRAL_SCREEN),
        ("What people say about their help", "referrals:own_wishes", P.OWN_WISH_VIEW),
        ("Unmet personal care", "referrals:unmet_needs", P.UNMET_NEED_VIEW),
        ("Requests to the council and healthcare", "referrals:assessments", P.ASSESSMENT_VIEW),
        ("Decisions in people’s best interests", "referrals:best_interests", P.CAPACITY_RECORD),
        ("Informal help", "referrals:informal_helps", P.INFORMAL_HELP_VIEW),
        ("Falls", "referrals:falls", P.FALL_RECORD),
        ("Care records between prisons", "referrals:care_records", P.CARE_RECORD_HANDLE),
        ("Handovers at release", "referrals:handovers", P.HANDOVER_MAKE),
    ),
    "Buddies": (
        ("Matches", "referrals:matches", P.MATCH_VIEW),
        ("Workload of buddies", "referrals:workload", P.MATCH_VIEW),
        ("Posts", "schemes:posts", P.BUDDIES_VIEW),
        ("Refused applications", "schemes:refusals", P.BUDDIES_VIEW),
        ("Clearances to renew, by department", "schemes:renewals", P.BUDDIES_VIEW),
        ("Take-overs", "schemes:take_overs", P.TAKE_OVER_ASK),
        ("Overrides", "training:overrides", P.OVERRIDE_ASK),
        ("Overrides", "training:overrides", P.OVERRIDE_APPROVE),
        ("Restricted tasks", "training:restricted", P.RESTRICTED_ASK),
        ("Restricted tasks", "training:restricted", P.RESTRICTED_APPROVE),
        ("Suspensions and leaving of buddies", "referrals:stand_downs", P.BUDDIES_VIEW),
        ("Buddies to tell in person", "referrals:news", P.NEWS_TELL),
        ("Welfare checks", "referrals:welfare_checks", P.WELFARE_VIEW),
        ("Supervision", "training:supervision", P.SUPERVISION_HOLD),
        ("Patterns to look at", "referrals:patterns", P.PATTERN_VIEW),
        ("Buddy records from other prisons", "referrals:packs", P.BUDDIES_APPOINT),
        ("Pay of buddies", "monitoring:pay", P.PAY_VIEW),
        ("Outcomes", "monitoring:outcomes", P.OUTCOMES_RECORD),
        ("Costs", "monitoring:costs", P.COSTS_VIEW),
    ),
    "The prison’s people": (
        ("Keep-apart records", "schemes:keep_apart", P.KEEP_APART_VIEW),
        ("Alerts", "schemes:alerts", P.ALERTS_VIEW),
        ("What alerts mean here", "schemes:alert_meanings", P.ALERT_MEANINGS_EDIT),
        ("Imports from spreadsheets", "schemes:imports", P.IMPORT_RUN),
        ("Files of events", "schemes:event_files", P.EVENTS_READ),
    ),
    "The scheme": (
        ("The scheme’s settings", "schemes:scheme", P.SCHEME_VIEW),
        ("First tasks of a scheme", "home:first_tasks", P.SCHEME_VIEW),
        ("Hours for the scheme", "schemes:protected_time", P.SCHEME_VIEW),
        ("Sheet for the weekly meeting", "referrals:weekly_sheet", P.WEEKLY_SHEET_PRINT),
        ("Staff briefings", "training:briefings", P.BRIEFING_RECORD),
        ("Inspections on site", "monitoring:inspections", P.FIGURES_VIEW),
        ("What tasks take", "referrals:burden", P.FIGURES_VIEW),
        ("Self-assessment", "monitoring:self_assessments", P.FIGURES_VIEW),
        ("What changed in the figures", "monitoring:digests", P.FIGURES_VIEW),
        ("Screening prompts", "schemes:prompts", P.PROMPTS_EDIT),
    ),
    "Concerns": (("Who receives concerns", "referrals:receivers", P.CONCERN_HANDLE),),
    "Administration": (
        ("Staff and their roles", "accounts:staff", P.STAFF_ADMIN),
        ("Wings", "accounts:wings", P.STAFF_ADMIN),
        ("Enrolled machines", "referrals:terminals", P.TERMINALS_ADMIN),
        ("Who did what", "accounts:audit", P.AUDIT_VIEW),
    ),
}
# So many are seen at one glance.
FEW = 12
LINKS: Links = tuple(link for links in GROUPS.values() for link in links)


def links_for(request: StaffRequest) -> list[dict[str, Any]]:
    """Other places that this reader may open, as groups with a heading; a few stand under none."""
    groups = []
    for heading, links in GROUPS.items():
        seen = {
            text: reverse(url, args=[request.prison.code])
            for text, url, permission in links
            if may(request, permission) and opens(request.prison, url)
        }
        if seen:
            groups.append({"heading": heading, "links": [{"text": text, "href": href} for text, href in seen.items()]})
    few = [link for group in groups for link in group["links"]]
    return [{"heading": "", "links": few}] if 0 < len(few) <= FEW else groups

"""Roles as data: a code that is stored, a name, a sentence for people, permissions, and where it may be held."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from buddyscheme.accounts.permissions import Permission as P


class HeldAt(StrEnum):
    """A role is held at a prison, or nationally with no prison at all."""

    PRISON = "prison"
    NATIONAL = "national"


@dataclass(frozen=True)
class Role:
    """`sentence` completes "This role …" on the page where an administrator gives it."""

    code: str
    name: str
    sentence: str
    permissions: frozenset[P]
    held_at: HeldAt = HeldAt.PRISON


LEAD_PERMISSIONS = frozenset({
    P.HOME_VIEW, P.SCHEME_VIEW, P.SCHEME_EDIT, P.PEOPLE_VIEW, P.PEOPLE_ADD, P.PEOPLE_EDIT, P.CUSTODY_CLAIM_ANSWER,
    P.KEEP_APART_VIEW, P.KEEP_APART_EDIT, P.BUDDIES_VIEW, P.BUDDIES_RECRUIT, P.BUDDIES_APPOINT, P.BUDDIES_SUSPEND,
    P.POSTS_EDIT, P.APPEAL_DECIDE,
    P.TAKE_OVER_ASK, P.TRAINING_VIEW, P.REFERRAL_MAKE, P.REFERRAL_VIEW, P.REFERRAL_SCREEN, P.ASSESSMENT_VIEW,
    P.ASSESSMENT_CHASE, P.CAPACITY_RECORD,
    P.PLAN_VIEW, P.PLAN_WRITE, P.WISHES_RECORD, P.PLAN_TASK_STOP, P.UNMET_NEED_VIEW, P.UNMET_NEED_EDIT,
    P.HELD_TEXT_VIEW, P.MATCH_VIEW, P.MATCH_DECIDE, P.UNLOCK_LIST_VIEW, P.STAFF_TASK_DO, P.VISITS_VIEW,
    P.VISITS_ENTER, P.VISITS_CONFIRM, P.WINDOW_OPEN, P.CODE_ISSUE, P.TERMINAL_ALERTS_VIEW,
    P.CONCERN_RAISE, P.CONCERN_HANDLE, P.FIGURES_VIEW, P.MONTH_CLOSE, P.INTERVIEW_SCORE,
    P.DANGER_VIEW, P.DANGER_ACKNOWLEDGE, P.NEWS_TELL, P.OWN_WISH_VIEW,
    P.TRAINING_CATALOGUE_EDIT, P.PRIOR_LEARNING_DECIDE,
    P.SUPERVISION_HOLD, P.BRIEFING_RECORD, P.PROTECTED_TIME_ENTER, P.ROLE_CARD_PRINT, P.WEEKLY_SHEET_PRINT,
    P.PAY_VIEW, P.PAY_EDIT, P.COSTS_VIEW, P.COSTS_RETURN, P.OUTCOMES_RECORD, P.IMPORT_RUN,
    P.ALERTS_VIEW, P.ALERTS_EDIT, P.ABSENCES_EDIT, P.EVENTS_READ, P.PEOPLE_MERGE, P.CHANGES_VIEW, P.CHANGES_MARK,
    P.OVERRIDE_ASK, P.RESTRICTED_ASK, P.WELFARE_VIEW, P.NOTE_ANSWER, P.FALL_RECORD,
    P.CARE_RECORD_HANDLE, P.HANDOVER_MAKE,
    P.RECEPTION_ASK, P.NEED_VIEW, P.NEED_EDIT, P.INFORMAL_HELP_VIEW, P.INFORMAL_HELP_RECORD, P.INFORMAL_HELP_TURN,
    P.PATTERN_VIEW, P.SELF_ASSESS, P.SELF_EVIDENCE_VIEW, P.FIGURES_DOWNLOAD,
})  # fmt: skip

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("LEAD", "Social care lead", "runs the buddy scheme of the prison from day to day.", LEAD_PERMISSIONS),
        Role(
            "DEPUTY_LEAD",
            "Deputy lead",
            "stands in for the social care lead, and decides about words that are held for a second person.",
            LEAD_PERMISSIONS | {P.HELD_TEXT_DECIDE},
        ),
        Role(
            "OFFICER",
            "Wing officer",
            "sees today's unlock list, opens a terminal window, refers people, raises concerns and confirms visits.",
            frozenset(
                {
                    P.HOME_VIEW,
                    P.PEOPLE_VIEW,
                    P.PEOPLE_ADD,
                    P.REFERRAL_MAKE,
                    P.RECEPTION_ASK,
                    P.INFORMAL_HELP_RECORD,
                    P.WISHES_RECORD,
                    P.PLAN_TASK_STOP,
                    P.FALL_RECORD,
                    P.UNLOCK_LIST_VIEW,
                    P.STAFF_TASK_DO,
                    P.VISITS_VIEW,
                    P.VISITS_ENTER,
                    P.VISITS_CONFIRM,
                    P.WINDOW_OPEN,
                    P.CODE_ISSUE,
                    P.DANGER_ACKNOWLEDGE,
                    P.NEWS_TELL,
                    P.CONCERN_RAISE,
                    P.INTERVIEW_SCORE,
                    P.ROLE_CARD_PRINT,
                    P.ABSENCES_EDIT,
                    P.CHANGES_VIEW,
                }
            ),
        ),
        Role(
            "TRAINER",
            "Trainer or supervisor",
            "runs courses, marks results and holds supervision.",
            frozenset(
                {
                    P.HOME_VIEW,
                    P.TRAINING_VIEW,
                    P.TRAINING_RECORD,
                    P.TRAINING_CATALOGUE_EDIT,
                    P.PRIOR_LEARNING_DECIDE,
                    P.SUPERVISION_HOLD,
                    P.BRIEFING_RECORD,
                    P.ROLE_CARD_PRINT,
                    P.DANGER_ACKNOWLEDGE,
                    P.CONCERN_RAISE,
                    P.INTERVIEW_SCORE,
                    P.WELFARE_VIEW,
                }
            ),
        ),
        Role(
            "COUNCIL",
            "Council social worker",
            "sees what was put to the council, answers it, and sees the shared plan.",
            frozenset({P.HOME_VIEW, P.ASSESSMENT_VIEW, P.ASSESSMENT_ANSWER_COUNCIL, P.CONCERN_RAISE}),
        ),
        Role(
            "HEALTHCARE",
            "Healthcare",
            "sees what was put to healthcare, answers it, refers people, and signs healthcare clearance.",
            frozenset(
                {
                    P.HOME_VIEW,
                    P.ASSESSMENT_VIEW,
                    P.ASSESSMENT_ANSWER_HEALTH,
                    P.FALL_RECORD,
                    P.REFERRAL_MAKE,
                    P.CLEARANCE_SIGN,
                    P.DANGER_ACKNOWLEDGE,
                    P.CONCERN_RAISE,
                }
            ),
        ),
        Role(
            "GOVERNOR_DELEGATE",
            "Governor's delegate",
            "approves take-overs and overrides that somebody else asks for, and decides about appeals.",
            frozenset(
                {
                    P.HOME_VIEW,
                    P.SCHEME_VIEW,
                    P.BUDDIES_VIEW,
                    P.TAKE_OVER_APPROVE,
                    P.OVERRIDE_APPROVE,
                    P.RESTRICTED_APPROVE,
                    P.APPEAL_DECIDE,
                    P.ROLE_CARD_PRINT,
                    P.STAND_DOWN_APPEAL_DECIDE,
                    P.FIGURES_VIEW,
                    P.SELF_EVIDENCE_VIEW,
                    P.PAY_VIEW,
                    P.COSTS_VIEW,
                    P.DANGER_VIEW,
                    P.DANGER_ACKNOWLEDGE,
                    P.CONCERN_RAISE,
                    P.CONCERN_HANDLE,
                }
            ),
        ),
        Role(
            "SAFEGUARDING",
            "Safeguarding lead",
            "handles concerns, looks at patterns, and decides about words that are held for a second person.",
            frozenset(
                {
                    P.HOME_VIEW,
                    P.DANGER_VIEW,
                    P.DANGER_ACKNOWLEDGE,
                    P.CONCERN_RAISE,
                    P.CONCERN_HANDLE,
                    P.HELD_TEXT_VIEW,
                    P.HELD_TEXT_DECIDE,
                    P.KEEP_APART_VIEW,
                    P.ALERTS_VIEW,
                    P.UNMET_NEED_VIEW,
                    P.INFORMAL_HELP_VIEW,
                    P.PATTERN_VIEW,
                    P.CLEARANCE_SIGN,
                }
            ),
        ),
        Role(
            "SECURITY",
            "Security",
            "signs security clearance, keeps keep-apart records and alerts, and is told of wrong tries at terminals.",
            frozenset(
                {
                    P.HOME_VIEW,
                    P.CLEARANCE_SIGN,
                    P.KEEP_APART_VIEW,
                    P.KEEP_APART_EDIT,
                    P.ALERTS_VIEW,
                    P.ALERTS_EDIT,
                    P.TERMINAL_ALERTS_VIEW,
                    P.DANGER_ACKNOWLEDGE,
                    P.CONCERN_RAISE,
                }
            ),
        ),
        Role(
            "SIGNATORY",
            "Department signatory",
            "signs clearance for one department.",
            frozenset({P.HOME_VIEW, P.CLEARANCE_SIGN}),
        ),
        Role(
            "DUTY_MANAGER",
            "Duty governor",
            "sees to danger that was told at a terminal and that nobody has acknowledged.",
            frozenset({P.HOME_VIEW, P.DANGER_VIEW, P.DANGER_ACKNOWLEDGE, P.CONCERN_RAISE}),
        ),
        Role(
            "DPO",
            "Data protection officer",
            "sees who has looked at what.",
            frozenset({P.HOME_VIEW, P.AUDIT_VIEW}),
        ),
        Role(
            "ADMIN",
            "Administrator",
            "keeps accounts, roles, wings, terminals, screening prompts and what alerts mean at the prison, reads "
            "files of events, and brings lists of people and the regime from a spreadsheet.",
            frozenset(
                {
                    P.HOME_VIEW,
                    P.STAFF_ADMIN,
                    P.TERMINALS_ADMIN,
                    P.PROMPTS_EDIT,
                    P.ALERT_MEANINGS_EDIT,
                    P.EVENTS_READ,
                    P.IMPORT_RUN,
                }
            ),
        ),
        Role(
            "INSPECTOR",
            "Inspector",
            "reads published releases, and on site one prison's exact figures and case lines without names.",
            frozenset({P.NATIONAL_RELEASES_VIEW, P.NATIONAL_RELEASES_DOWNLOAD, P.INSPECTION_READ}),
            HeldAt.NATIONAL,
        ),
        Role(
            "NATIONAL_LEAD",
            "National lead",
            "publishes releases and the compact, opens inspections on site, gives programs their keys, asks for "
            "evaluation extracts, sees which returns are missing, types what is known of prisons without a scheme "
            "here, and keeps the words of the measures, the price index, the training modules, what alerts mean and "
            "the numbers of the patterns’ rules.",
            frozenset(
                {
                    P.NATIONAL_RELEASES_VIEW,
                    P.NATIONAL_RELEASES_DOWNLOAD,
                    P.NATIONAL_RELEASES_PUBLISH,
                    P.NATIONAL_KEYS_MANAGE,
                    P.NATIONAL_EXTRACTS_ASK,
                    P.NATIONAL_MEASURES_EDIT,
                    P.NATIONAL_PRICES_EDIT,
                    P.INSPECTION_OPEN,
                    P.NATIONAL_MODULES_EDIT,
                    P.NATIONAL_ALERTS_EDIT,
                    P.NATIONAL_PATTERNS_EDIT,
                    P.NATIONAL_RETURNS_VIEW,
                    P.NATIONAL_HAND_RETURNS_GIVE,
                    P.NATIONAL_COMPACT_PUBLISH,
                }
            ),
            HeldAt.NATIONAL,
        ),
        Role(
            "NATIONAL_DPO",
            "National data protection officer",
            "decides about evaluation extracts that somebody else asks for, and reads published releases.",
            frozenset({P.NATIONAL_EXTRACTS_DECIDE, P.NATIONAL_RELEASES_VIEW}),
            HeldAt.NATIONAL,
        ),
        Role(
            "REGIONAL_LEAD",
            "Regional lead",
            "reads published releases, sees which returns of the prisons are missing, and types what is known of "
            "prisons without a scheme here.",
            frozenset(
                {
                    P.NATIONAL_RELEASES_VIEW,
                    P.NATIONAL_RELEASES_DOWNLOAD,
                    P.NATIONAL_RETURNS_VIEW,
                    P.NATIONAL_HAND_RETURNS_GIVE,
                }
            ),
            HeldAt.NATIONAL,
        ),
    )
}


def permissions_of(codes: list[str]) -> frozenset[P]:
    """Everything that these roles together may do. An unknown code gives nothing."""
    return frozenset().union(*(ROLES[code].permissions for code in codes if code in ROLES))

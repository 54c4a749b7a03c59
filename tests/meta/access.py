"""Who may use which address. Every address of the service is in this table; a new one has to join it.

A row is read like this: these roles, held at the prison in the address, get the page; every other role of that
prison is refused (403); staff of another prison, and those who have left, are told that there is no such page (404).
Each row says what the role needs for its work, not what the code happens to allow.
"""

from __future__ import annotations

from enum import Enum

from buddyscheme.accounts.roles import ROLES, HeldAt


class Everybody(Enum):
    """Addresses that are not guarded by a role."""

    PUBLIC = "anybody, signed in or not"
    SIGNED_IN = "any member of staff who is signed in, whatever the role"
    TERMINAL = "an enrolled machine and the person in it; never a staff session"
    CLOSED = "nobody: a name that the sign-in library looks up, for a page that does not exist here"


PUBLIC, SIGNED_IN, TERMINAL, CLOSED = Everybody
Who = frozenset[str] | Everybody

PRISON_ROLES = frozenset(code for code, role in ROLES.items() if role.held_at is HeldAt.PRISON)
NATIONAL_ROLES = frozenset(code for code, role in ROLES.items() if role.held_at is HeldAt.NATIONAL)

LEADS = frozenset({"LEAD", "DEPUTY_LEAD"})
# Who meets prisoners on the wing.
WING = LEADS | {"OFFICER"}
REFERRERS = WING | {"HEALTHCARE"}
TRAINERS = frozenset({"TRAINER"})
# Who sees how training stands; only the lead appoints.
TRAINING = LEADS | TRAINERS
# The two bodies that are asked, and the leads who asked them.
ASKED_BODIES = frozenset({"COUNCIL", "HEALTHCARE"})
ASSESSMENTS = LEADS | ASKED_BODIES
# Four departments sign clearance; no lead does.
SIGNERS = frozenset({"HEALTHCARE", "SAFEGUARDING", "SECURITY", "SIGNATORY"})
APPROVER = frozenset({"GOVERNOR_DELEGATE"})
# Who works with prisoners may be worried. Signatories, data protection and administration meet none here.
WORRIED = frozenset(PRISON_ROLES - {"SIGNATORY", "DPO", "ADMIN"})
HANDLERS = LEADS | {"SAFEGUARDING", "GOVERNOR_DELEGATE"}
READERS = NATIONAL_ROLES
CHASERS = frozenset({"NATIONAL_LEAD", "REGIONAL_LEAD"})
PUBLISHER = frozenset({"NATIONAL_LEAD"})
ADMIN = frozenset({"ADMIN"})
DPO = frozenset({"DPO"})

ACCESS: dict[str, Who] = {
    # Health, and pages about the service
    "health:live": PUBLIC,
    "health:ready": PUBLIC,
    "health:detail": SIGNED_IN,
    "info:accessibility": PUBLIC,
    "info:privacy": PUBLIC,
    "info:cookies": PUBLIC,
    # Sign-in
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_stay": SIGNED_IN,
    "account_timed_out": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_reset_password": CLOSED,
    "account_set_password": CLOSED,
    "socialaccount_connections": CLOSED,
    "socialaccount_signup": CLOSED,
    # The terminal
    "terminal:start": TERMINAL,
    "terminal:enter": TERMINAL,
    "terminal:take_up": TERMINAL,
    "terminal:code": TERMINAL,
    "terminal:leave": TERMINAL,
    "terminal:here": TERMINAL,
    "terminal:look": TERMINAL,
    "terminal:enrol": TERMINAL,
    "terminal:home": TERMINAL,
    "terminal:visits": TERMINAL,
    "terminal:visit": TERMINAL,
    "terminal:thanks": TERMINAL,
    "terminal:job": TERMINAL,
    "terminal:jobs": TERMINAL,
    "terminal:vacancy": TERMINAL,
    "terminal:take_back": TERMINAL,
    # Home
    "home": SIGNED_IN,
    "home:prison": PRISON_ROLES,
    "home:first_tasks": LEADS | APPROVER,
    # Accounts, wings, terminals, the audit
    "accounts:staff": ADMIN,
    "accounts:give_role": ADMIN,
    "accounts:end_role": ADMIN,
    "accounts:wings": ADMIN,
    "accounts:add_wing": ADMIN,
    "accounts:audit": DPO,
    "referrals:terminals": ADMIN,
    "referrals:terminal_tries": LEADS | {"SECURITY"},
    "referrals:terminal_enrol": ADMIN,
    "referrals:terminal_withdraw": ADMIN,
    # The scheme: the governor's delegate sees what they answer for
    "schemes:scheme": LEADS | APPROVER,
    "schemes:scheme_start": LEADS,
    "schemes:scheme_wings": LEADS,
    "schemes:scheme_cover": LEADS,
    "schemes:scheme_tasks": LEADS,
    "schemes:scheme_regime": LEADS,
    "schemes:scheme_regime_day": LEADS,
    "schemes:scheme_falls": LEADS,
    "schemes:scheme_appeals": LEADS,
    "schemes:scheme_departments": LEADS,
    "schemes:scheme_department_add": LEADS,
    "schemes:scheme_department_end": LEADS,
    "schemes:scheme_clearance": LEADS,
    "schemes:scheme_interview": LEADS,
    "schemes:scheme_caps": LEADS,
    "schemes:scheme_open": LEADS,
    "schemes:scheme_supervision": LEADS,
    "schemes:protected_time": LEADS | APPROVER,
    "schemes:protected_week": LEADS,
    # Whoever briefs staff, starts a buddy or unlocks one hands the card out
    "schemes:role_cards": WING | TRAINERS | APPROVER,
    "schemes:role_card": WING | TRAINERS | APPROVER,
    "schemes:lock_downs": WING,
    "schemes:record_lock_down": WING,
    # People
    "schemes:people": WING,
    "schemes:add_person": WING,
    "schemes:person": WING,
    "schemes:person_details": LEADS,
    "schemes:person_cell": LEADS,
    "schemes:person_left": LEADS,
    "schemes:claims": LEADS,
    "schemes:claim": LEADS,
    "schemes:keep_apart": LEADS | {"SECURITY", "SAFEGUARDING"},
    "schemes:add_keep_apart": LEADS | {"SECURITY"},
    "schemes:end_keep_apart": LEADS | {"SECURITY"},
    # Buddies
    "schemes:buddies": LEADS | APPROVER,
    "schemes:buddy": LEADS | APPROVER,
    "schemes:apply": LEADS,
    "schemes:ask_for_checks": LEADS,
    "schemes:ask_again": LEADS,
    "schemes:paper": LEADS,
    "schemes:interview": LEADS,
    "schemes:approve": LEADS,
    "schemes:offer": LEADS,
    "schemes:buddy_post": LEADS,
    "schemes:compact": LEADS,
    "schemes:decline": LEADS,
    "schemes:withdraw": LEADS,
    "schemes:buddy_caps": LEADS,
    "schemes:ask_take_over": LEADS,
    "schemes:take_overs": LEADS | APPROVER,
    "schemes:take_over": APPROVER,
    "schemes:take_over_batch": LEADS | APPROVER,
    "schemes:compacts": LEADS,
    "schemes:compact_paper": LEADS,
    # Whoever sits on the panel scores: the leads, an officer, a trainer
    "schemes:interviews": WING | TRAINERS,
    "schemes:score": WING | TRAINERS,
    "schemes:prompts": ADMIN,
    "schemes:add_prompt": ADMIN,
    "schemes:prompt": ADMIN,
    "schemes:prompt_national": ADMIN,
    "schemes:renewals": LEADS | APPROVER,
    "schemes:clearances": SIGNERS,
    "schemes:clearance": SIGNERS,
    # Posts, the approved pool, refusals: the governor's delegate reads, and decides about appeals
    "schemes:posts": LEADS | APPROVER,
    "schemes:post": LEADS | APPROVER,
    "schemes:post_advert": LEADS | APPROVER,
    "schemes:add_post": LEADS,
    "schemes:change_post": LEADS,
    "schemes:advertise_post": LEADS,
    "schemes:close_post": LEADS,
    "schemes:pool": LEADS | APPROVER,
    "schemes:refusals": LEADS | APPROVER,
    "schemes:refusal_told": LEADS,
    "schemes:refusal_letter": LEADS,
    "schemes:appeal": LEADS,
    "schemes:decide_appeal": LEADS | APPROVER,
    # Training
    "training:board": TRAINING,
    "training:buddy": TRAINING,
    "training:modules": TRAINERS,
    "training:record_class": TRAINERS,
    "training:appoint": LEADS,
    "training:catalogue": TRAINING,
    "training:module": TRAINING,
    "training:add_module": TRAINING,
    "training:change_module": TRAINING,
    "training:module_tasks": TRAINING,
    "training:sessions": TRAINING,
    "training:session": TRAINING,
    "training:plan_session": TRAINERS,
    "training:change_session": TRAINERS,
    "training:book_session": TRAINERS,
    "training:cancel_session": TRAINERS,
    "training:mark_session": TRAINERS,
    "training:session_file": TRAINERS,
    "training:session_template": TRAINERS,
    "training:due": TRAINING,
    "training:due_print": TRAINING,
    "training:prior": TRAINING,
    "training:certificate": TRAINING,
    "training:supervision": TRAINING,
    "training:record_group": TRAINING,
    "training:supervision_of": TRAINING,
    "training:record_supervision": TRAINING,
    "training:supervision_missed": TRAINING,
    "training:briefings": TRAINING,
    "training:record_briefing": TRAINING,
    "referrals:take_away": LEADS,
    "referrals:pack_send": LEADS,
    "referrals:packs": LEADS,
    "referrals:pack": LEADS,
    "referrals:pack_decide": LEADS,
    "referrals:pack_file": LEADS,
    "training:take_over_file": LEADS,
    "training:take_over_template": LEADS,
    "training:take_over_list": LEADS,
    "training:take_over_line": LEADS,
    "training:take_over_drop": LEADS,
    "national_training:modules": PUBLISHER,
    "national_training:module": PUBLISHER,
    "national_training:add_module": PUBLISHER,
    "national_training:change_module": PUBLISHER,
    # Overrides: asked for by the lead, decided by the governor's delegate
    "training:overrides": LEADS | APPROVER,
    "training:override": LEADS | APPROVER,
    "training:ask_override": LEADS,
    # Standing down with cover; the delegate decides appeals
    "referrals:stand_down_suspend": LEADS,
    "referrals:stand_down_remove": LEADS,
    "referrals:stand_down_leave": LEADS,
    "referrals:bring_back": LEADS,
    "referrals:stand_downs": LEADS | APPROVER,
    "referrals:stand_down": LEADS | APPROVER,
    "referrals:stand_down_review": LEADS,
    "referrals:stand_down_appeal": LEADS,
    "referrals:stand_down_answer": APPROVER,
    # Looking after buddies; a note to the lead is for the lead and the deputy only
    "referrals:workload": LEADS,
    "referrals:welfare_checks": TRAINING,
    "referrals:welfare_check": TRAINING,
    "referrals:notes": LEADS,
    "referrals:note": LEADS,
    # Referral and assessment
    "referrals:referrals": LEADS,
    "referrals:person_referrals": LEADS,
    "referrals:referral": LEADS,
    "referrals:screen": LEADS,
    "referrals:refer": REFERRERS,
    "referrals:refer_unknown": REFERRERS,
    "referrals:refer_questions": REFERRERS,
    "referrals:refer_answers": REFERRERS,
    "referrals:refer_done": REFERRERS,
    "referrals:people_to_ask": WING,
    "referrals:wishes": WING,
    "referrals:assessments": ASSESSMENTS,
    "referrals:assessment": ASSESSMENTS,
    "referrals:assessment_answer": ASKED_BODIES,
    # Plan
    "referrals:plans": LEADS,
    "referrals:person_plans": LEADS,
    "referrals:plan": LEADS,
    "referrals:plan_edit": LEADS,
    "referrals:plan_tasks": LEADS,
    "referrals:plan_need": LEADS,
    "referrals:plan_held": LEADS,
    "referrals:plan_activate": LEADS,
    "referrals:plan_end": LEADS,
    "referrals:plan_print": LEADS,
    "referrals:plan_shared": ASSESSMENTS,
    "referrals:consent_give": WING,
    "referrals:consent_withdraw": WING,
    "referrals:task_stop": WING,
    "referrals:helped": WING,
    "referrals:helped_person": WING,
    "referrals:held_texts": LEADS | {"SAFEGUARDING"},
    "referrals:held_text": LEADS | {"SAFEGUARDING"},
    "referrals:unmet_needs": LEADS | {"SAFEGUARDING"},
    "referrals:unmet_need": LEADS | {"SAFEGUARDING"},
    "referrals:unmet_need_add": LEADS,
    "referrals:unmet_need_put": LEADS,
    "referrals:unmet_need_met": LEADS,
    # Match
    "referrals:suggestions": LEADS,
    "referrals:suitability": LEADS,
    "referrals:second_suggestions": LEADS,
    "referrals:second_suitability": LEADS,
    "referrals:matches": LEADS,
    "referrals:matches_waiting": LEADS,
    "referrals:match": LEADS,
    "referrals:match_agreement": LEADS,
    "referrals:match_pause": LEADS,
    "referrals:match_resume": LEADS,
    "referrals:match_end": LEADS,
    "referrals:match_first": LEADS,
    "referrals:match_lapse": LEADS,
    "referrals:lapsed": LEADS,
    # Today, visits, paper slips, the week
    "referrals:unlock_list": WING,
    "referrals:unlock_list_print": WING,
    "referrals:staff_tick": WING,
    "referrals:visits": WING,
    "referrals:visits_missing": WING,
    "referrals:visit": WING,
    "referrals:visit_add": WING,
    "referrals:visit_correct": WING,
    "referrals:visit_ask": WING,
    "referrals:visit_asked": WING,
    "referrals:visit_staff_work": WING,
    "referrals:week": WING,
    "referrals:week_of_wing": WING,
    "referrals:weekly_sheet": LEADS,
    "referrals:slips": WING,
    "referrals:slips_print": WING,
    "referrals:slip_key": WING,
    "referrals:slip_choose": WING,
    "referrals:slip_visit": WING,
    # Terminal windows
    "referrals:windows": WING,
    "referrals:window": WING,
    "referrals:window_open": WING,
    "referrals:window_close": WING,
    "referrals:entry_end": WING,
    # Concerns: everybody may write one, few may read them
    "referrals:concern_add": WORRIED,
    "referrals:concern_sent": WORRIED,
    "referrals:concerns": HANDLERS,
    "referrals:concern": HANDLERS,
    "referrals:concern_told": HANDLERS,
    "referrals:concern_close": HANDLERS,
    # Figures of one's own prison
    "monitoring:figures": LEADS | APPROVER,
    "monitoring:close_month": LEADS,
    # Pay: the leads enter and explain, the governor's delegate reads
    "monitoring:pay": LEADS | APPROVER,
    "monitoring:pay_rates": LEADS | APPROVER,
    "monitoring:pay_notice": LEADS | APPROVER,
    "monitoring:pay_period": LEADS | APPROVER,
    "monitoring:pay_differences": LEADS | APPROVER,
    "monitoring:pay_differences_print": LEADS | APPROVER,
    "monitoring:pay_line": LEADS | APPROVER,
    "monitoring:staff_work": LEADS | APPROVER,
    "monitoring:add_pay_rate": LEADS,
    "monitoring:pay_settings": LEADS,
    "monitoring:pay_bands": LEADS,
    "monitoring:add_pay_period": LEADS,
    "monitoring:count_pay_period": LEADS,
    "monitoring:pay_amounts": LEADS,
    "monitoring:pay_file": LEADS,
    "monitoring:pay_template": LEADS,
    "monitoring:check_pay_file": LEADS,
    "monitoring:explain_pay": LEADS,
    # Releases
    "national:releases": READERS,
    "national:release": READERS,
    "national:release_prison": READERS,
    "national:download": READERS,
    "national:publish": PUBLISHER,
    "national:returns": CHASERS,
    # The compact
    "national:compacts": PUBLISHER,
    "national:compact": PUBLISHER,
    "national:compact_publish": PUBLISHER,
}

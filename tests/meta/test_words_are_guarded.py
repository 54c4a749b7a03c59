"""Every question that takes free words is behind the boundary guard, or stands here with the reason why not.

A new one joins a list, so that nobody forgets to ask whether its words can become a buddy's work.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module

from django import forms

from buddyscheme.lib.fields import WordsField
from tests.meta.source import ROOT, modules_in

# Words that become part of a plan or of a buddy's work, each with the test that sees them held or refused.
GUARDED = {
    "referrals.forms.plans.PlanForm.goals": "test_words_of_personal_care_are_held_and_the_rest_is_saved",
    "referrals.forms.plans.RisksForm.staff_notes": "test_notes_are_guarded_too",
    "referrals.forms.plans.TaskForm.note": "test_a_note_of_personal_care_is_held",
    "referrals.forms.equipment.EquipmentForm.what": "test_short_words_of_a_plan_are_refused_with_what_to_do",
    "referrals.forms.equipment.EvacuationForm.waits_at": "test_short_words_of_a_plan_are_refused_with_what_to_do",
    "referrals.forms.equipment.EvacuationForm.equipment": "test_short_words_of_a_plan_are_refused_with_what_to_do",
    "referrals.forms.schedule.ExceptForm.reason": "test_short_words_of_a_plan_are_refused_with_what_to_do",
    "referrals.forms.matches.ProposeForm.why": "test_why_another_buddy_is_chosen_may_not_be_personal_care",
    "referrals.forms.capacity.CapacityForm.decision": "test_short_words_of_a_plan_are_refused_with_what_to_do",
    "referrals.forms.equipment.EvacuationForm.how": "test_how_somebody_leaves_is_held_and_the_rest_stands_at_once",
    "referrals.forms.capacity.CapacityForm.best_interests": "test_what_is_decided_for_somebody_is_held",
    "referrals.forms.welfare.WelfareForm.agreed": "test_what_is_agreed_in_a_welfare_check",
    "referrals.forms.visits.VisitForm.extra_help": "test_extra_help_that_oversteps_is_held",
    "training.forms.supervision.OneToOneForm.actions": (
        "test_what_is_agreed_in_supervision_is_held_and_the_rest_is_saved"
    ),
    "training.forms.overrides.AskForm.reason": "test_reasons_and_titles_are_refused_with_what_to_do",
    "schemes.forms.posts.PostForm.title": "test_reasons_and_titles_are_refused_with_what_to_do",
    "schemes.forms.posts.PostForm.title_cy": "test_reasons_and_titles_are_refused_with_what_to_do",
}

# Words that are not: no plan and no buddy's work is made of them.
EXEMPT: dict[str, tuple[str, ...]] = {
    "It names somebody, a place or a number.": (
        "buddyscheme.accounts.forms.staff.GiveRoleForm.name",
        "buddyscheme.accounts.forms.staff.WingForm.code",
        "buddyscheme.accounts.forms.staff.WingForm.name",
        "referrals.forms.capacity.CapacityForm.advocate_words",
        "referrals.forms.capacity.CapacityForm.assessed_by_name",
        "referrals.forms.capacity.CapacityForm.assessed_by_role",
        "referrals.forms.capacity.CapacityForm.consulted",
        "referrals.forms.moving.HandoverForm.council",
        "referrals.forms.moving.HandoverForm.probation",
        "referrals.forms.moving.PaperCameForm.words",
        "referrals.forms.moving.ReceivedForm.words",
        "referrals.forms.referrals.WhoForm.said_by",
        "referrals.forms.sheets.SheetNumberForm.reference",
        "referrals.forms.windows.OpenForm.factor",
        "referrals.forms.windows.TerminalForm.name",
        "schemes.forms.buddies.InterviewForm.panel",
        "schemes.forms.clearance.PaperForm.written_by",
        "schemes.forms.departments.AddDepartmentForm.name",
        "schemes.forms.people.AddPersonForm.first_name",
        "schemes.forms.people.AddPersonForm.last_name",
        "schemes.forms.people.DetailsForm.first_name",
        "schemes.forms.people.DetailsForm.languages",
        "schemes.forms.people.DetailsForm.last_name",
        "schemes.forms.people.DetailsForm.preferred_name",
        "schemes.forms.people.PlaceForm.cell",
        "schemes.forms.people.SearchForm.words",
        "schemes.forms.posts.PostForm.pay_band_name",
        "schemes.forms.refusals.DeclineForm.told_who",
        "schemes.forms.refusals.TellForm.told_who",
        "schemes.forms.schemes.AppealRouteForm.route",
        "schemes.forms.schemes.AppealRouteForm.route_cy",
        "schemes.forms.schemes.CoverForm.leave_cover",
        "schemes.forms.schemes.FallsForm.day_who",
        "schemes.forms.schemes.FallsForm.night_who",
        "training.forms.briefings.BriefingForm.led_by",
        "training.forms.prior.PriorForm.place",
        "training.forms.sessions.WhenForm.place",
    ),
    "Somebody’s own words or wishes are kept as they were said; nobody is told to do them.": (
        "referrals.forms.capacity.CapacityForm.own_words",
        "referrals.forms.informal_help.ApplyFromHelpForm.statement",
        "referrals.forms.interim.InterimForm.own_words",
        "referrals.forms.matches.ShownForm.person_showed",
        "referrals.forms.plans.WishesForm.own_words",
        "referrals.forms.standing_down.AppealForm.words",
        "schemes.forms.buddies.ApplyForm.adjustments",
        "schemes.forms.buddies.ApplyForm.statement",
        "schemes.forms.refusals.AppealForm.words",
    ),
    "It is about the care that is needed or that professionals give. No buddy reads it, and it is no plan.": (
        "referrals.forms.assessments.AnswerForm.answer",
        "referrals.forms.informal_help.ReferFromHelpForm.reason",
        "referrals.forms.needs.AddNeedForm.words",
        "referrals.forms.referrals.ReferForm.reason",
        "referrals.forms.concerns.ChaseForm.their_reference",
        "referrals.forms.concerns.HandOnForm.their_reference",
        "referrals.forms.unmet_needs.LetterForm.department",
        "referrals.forms.unmet_needs.MetForm.met_how",
        "referrals.forms.unmet_needs.PutForm.department",
        "referrals.forms.unmet_needs.PutForm.said",
        "referrals.forms.unmet_needs.SaidForm.said",
    ),
    "It says what happened. That is never held back, and it asks nobody to do anything.": (
        "referrals.forms.concerns.ActionForm.words",
        "referrals.forms.concerns.ConcernForm.words",
        "referrals.forms.concerns.HandOnAnswerForm.outcome",
        "referrals.forms.concerns.NoteAnswerForm.words",
        "referrals.forms.falls.FallTimesForm.equipment",
        "referrals.forms.patterns.DecidePatternForm.words",
        "referrals.forms.informal_help.WorryFromHelpForm.words",
        "referrals.forms.staff_work.StaffWorkForm.words",
        "referrals.forms.welfare.WelfareForm.words",
    ),
    "It says why something was stopped, not done or put right.": (
        "referrals.forms.informal_help.EndHelpForm.reason",
        "referrals.forms.matches.PauseMatchForm.reason",
        "referrals.forms.patterns.RuleForm.reason",
        "referrals.forms.plans.ReasonForm.reason",
        "referrals.forms.plans.StopTaskForm.reason",
        "referrals.forms.referrals.ScreenForm.reason",
        "referrals.forms.visits.CorrectForm.correction_reason",
        "training.forms.sessions.CancelForm.reason",
    ),
    "It is about whether somebody may be a buddy. There is no task in it.": (
        "referrals.forms.standing_down.BringBackForm.reason",
        "referrals.forms.standing_down.DecideAppealForm.answer",
        "referrals.forms.standing_down.LeaveForm.reason",
        "referrals.forms.standing_down.RemoveForm.appeal_route",
        "referrals.forms.standing_down.RemoveForm.evidence",
        "referrals.forms.standing_down.RemoveForm.reason",
        "referrals.forms.standing_down.RemoveForm.told_how",
        "referrals.forms.concerns.StepInForm.appeal_route",
        "referrals.forms.concerns.StepInForm.reason",
        "referrals.forms.concerns.StepInForm.told_how",
        "referrals.forms.standing_down.SuspendForm.appeal_route",
        "referrals.forms.standing_down.SuspendForm.evidence",
        "referrals.forms.standing_down.SuspendForm.reason",
        "referrals.forms.standing_down.SuspendForm.told_how",
        "schemes.forms.buddies.InterviewForm.adjustments_made",
        "schemes.forms.buddies.InterviewForm.notes",
        "schemes.forms.buddies.ReasonForm.reason",
        "schemes.forms.clearance.SignForm.note",
        "schemes.forms.interviews.CriteriaForm.criteria",
        "schemes.forms.interviews.ScoreForm.reasons",
        "schemes.forms.prompts.AddPromptForm.alert_codes",
        "schemes.forms.prompts.AddPromptForm.meaning",
        "schemes.forms.prompts.AddPromptForm.words",
        "schemes.forms.refusals.AppealDecisionForm.reason",
        "schemes.forms.refusals.DeclineForm.reason",
        "training.forms.prior.PriorForm.evidence",
        "training.forms.prior.PriorForm.reason",
    ),
    "It is put to a second person, or is a second person’s decision.": (
        "referrals.forms.boundary.DecideForm.reason",
        "referrals.forms.lapses.LapseForm.reason",
        "schemes.forms.take_overs.DecideBatchForm.reason",
        "schemes.forms.take_overs.DecideForm.reason",
        "schemes.forms.take_overs.TakeOverForm.reason",
        "training.forms.overrides.DecideForm.reason",
        "training.forms.restricted.AskRestrictedForm.reason",
        "training.forms.restricted.DecideRestrictedForm.reason",
        "training.forms.restricted.WithdrawRestrictedForm.reason",
        "training.forms.take_over_file.TakeOverFileForm.reason",
    ),
    "It is written nationally, by those who draw the boundary, and may say what buddies never do.": (
        "monitoring.forms.wording.WordingForm.answers",
        "monitoring.forms.wording.WordingForm.denominator",
        "monitoring.forms.wording.WordingForm.expectation",
        "monitoring.forms.wording.WordingForm.numerator",
        "monitoring.forms.wording.WordingForm.reason",
        "monitoring.forms.wording.WordingForm.title",
        "schemes.forms.compacts.PublishCompactForm.text",
        "schemes.forms.compacts.PublishCompactForm.text_cy",
        "schemes.forms.compacts.PublishCompactForm.text_easy",
        "training.forms.catalogue.ModuleForm.source",
        "training.forms.catalogue.ModuleForm.title",
        "training.forms.catalogue.ModuleForm.title_cy",
    ),
    "It is about who reads published figures, and is written nationally.": (
        "monitoring.forms.api_keys.ApiKeyForm.contact",
        "monitoring.forms.api_keys.ApiKeyForm.name",
        "monitoring.forms.api_keys.ApiKeyForm.purpose",
        "monitoring.forms.api_keys.RevokeKeyForm.reason",
    ),
    "It says for which evaluation rows leave, or why they do not. It is written nationally.": (
        "monitoring.forms.extracts.AskExtractForm.agreement",
        "monitoring.forms.extracts.AskExtractForm.ethics_reference",
        "monitoring.forms.extracts.AskExtractForm.purpose",
        "monitoring.forms.extracts.AskExtractForm.recipient",
        "monitoring.forms.extracts.DecideExtractForm.reason",
    ),
    "It explains figures or pay.": (
        "monitoring.forms.costs.PriceIndexForm.index",
        "monitoring.forms.costs.PriceIndexForm.source",
        "monitoring.forms.data_queries.AnswerForm.words",
        "monitoring.forms.data_queries.AskPrisonForm.words",
        "monitoring.forms.hand_returns.HandReturnForm.reason",
        "monitoring.forms.inspections.InspectionForm.reference",
        "monitoring.forms.outcomes.ScoreForm.licence",
        "monitoring.forms.outcomes.ScoreForm.score",
        "monitoring.forms.pay.ExplainForm.words",
        "monitoring.forms.pay.RateForm.name",
        "monitoring.forms.quarters.ReopenQuarterForm.words",
        "monitoring.forms.quarters.SignQuarterForm.note",
        "monitoring.forms.release_corrections.CorrectForm.reason",
        "monitoring.forms.release_years.PublishYearForm.note",
        "monitoring.forms.releases.PublishForm.note",
    ),
    "It is about how the scheme is run. No buddy reads it, and no task is made of it.": (
        "monitoring.forms.self_assessment.ActionForm.responsible",
        "monitoring.forms.self_assessment.ActionForm.what",
        "monitoring.forms.self_assessment.AnswerForm.words",
        "monitoring.forms.self_assessment.CloseActionForm.came_of",
        "monitoring.forms.self_assessment.EvidenceForm.kept",
        "monitoring.forms.self_assessment.EvidenceForm.page",
        "monitoring.forms.self_assessment.EvidenceForm.shows",
    ),
    "It tells staff about a day, an alert or a rule of the prison.": (
        "schemes.forms.alerts.MeaningForm.reason",
        "schemes.forms.regime.LockDownForm.reason",
    ),
}


def questions() -> Iterator[str]:
    """Every question of free words, by the form that asks it first."""

    def below(kind: type) -> Iterator[type]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    for module in modules_in("forms", "views", "terminal"):
        import_module(module.name)
    for kind in set(below(forms.BaseForm)):
        for name, field in getattr(kind, "base_fields", {}).items():
            above = any(getattr(base, "base_fields", {}).get(name) is field for base in kind.__mro__[1:])
            # Other tests make forms of their own, which are none of the service.
            ours = not kind.__module__.startswith("tests.")
            if isinstance(field, WordsField) and ours and not above:
                yield f"{kind.__module__}.{kind.__qualname__}.{name}"


def test_every_question_of_free_words_is_guarded_or_exempt() -> None:
    exempt = [name for names in EXEMPT.values() for name in names]
    assert len(exempt) == len(set(exempt)) and not set(exempt) & GUARDED.keys()
    assert set(questions()) == GUARDED.keys() | set(exempt)


def test_each_guarded_one_has_its_test() -> None:
    there = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    }
    assert set(GUARDED.values()) <= there


MADE_LATER = {
    # Cells of a file that are put right one by one: what is saved passes the guard of the action that saves it.
    "schemes.forms.imports",
    "training.forms.take_over_file",
    # Where a figure comes from, and why costs are changed: it explains figures.
    "monitoring.forms.costs",
    "monitoring.forms.population",
    "monitoring.forms.typed",
    # Rows of a log sheet: extra help passes the guard of the action that saves it.
    "referrals.forms.sheets",
    # A function that gives several forms the same question; each of them is in the lists above.
    "referrals.forms.standing_down",
}


def test_no_question_of_free_words_is_added_where_this_cannot_see_it() -> None:
    """A field that a form makes only when it is filled in would escape the list."""
    hidden = {
        module.name
        for module in modules_in("forms", "views", "terminal")
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "WordsField"
    }
    assert hidden == MADE_LATER

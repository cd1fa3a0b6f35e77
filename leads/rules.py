"""What each role may do with leads, touches, handoffs, imports and the agreement."""

import rules

from accounts.models import Track
from accounts.permissions import (
    is_admin,
    is_manager,
    is_marketer,
    is_marketing_head,
    is_rep,
    is_sales_head,
    is_service,
    is_visible,
    leads_all,
    markets,
    owns,
    reads_all,
    reads_some,
    reads_spine,
    sells,
    works,
)
from accounts.visibility import colleague_ids
from leads import cases
from leads.models import Lead, Touch
from leads.tracks import of as side_of
from pipeline.models import Company, Deal
from pipeline.stages import RESPONSIBLE

WORK: dict[type, str] = {
    Lead: "leads.work_lead",
    Deal: "pipeline.work_deal",
    Company: "pipeline.change_company",
}
SEE: dict[type, str] = {
    Lead: "leads.view_lead",
    Deal: "pipeline.view_deal",
    Company: "pipeline.view_company",
}


@rules.predicate
def before_sales(user, lead):
    """The lead stands at a stage that marketing is responsible for, as agreed."""
    return lead is None or side_of(lead) == Track.MARKETING


@rules.predicate
def at_desk(user, lead):
    """The desk moves the lead on, whoever is responsible: no rep has accepted it."""
    return lead is None or RESPONSIBLE[lead.stage] == Track.MARKETING


@rules.predicate
def is_asked(user, advice):
    """The advice is the user's own to give."""
    return user.is_active and (advice is None or advice.rep_id == user.pk)


@rules.predicate
def within_reach(user, lead):
    """The lead is a colleague's, in the pool, or in a colleague's hands."""
    if lead is None or lead.pooled_at is not None or lead.owner_id in colleague_ids(user):
        return True
    return lead.handoffs.filter(ended_at__isnull=True, rep__in=colleague_ids(user)).exists()


@rules.predicate
def in_pool(user, lead):
    """Nobody holds the lead, and reps may claim it."""
    return lead is None or lead.pooled_at is not None


@rules.predicate
def is_offered_to(user, handoff):
    """The handoff's rep is the user."""
    return handoff is None or handoff.rep_id == user.pk


@rules.predicate
def with_colleague(user, handoff):
    """The handoff's rep (or that of a disputed return) works with the user."""
    handoff = getattr(handoff, "handoff", handoff)
    return handoff is None or handoff.rep_id in colleague_ids(user)


@rules.predicate
def of_the_other_side(user, handoff):
    """The return was made by the other track."""
    return (
        handoff is None or handoff.returned_for is None or handoff.returned_for != getattr(user, "side", None)
    )


@rules.predicate
def colleague_is(user, person):
    """The person works with the user, or in a team that the user heads."""
    return person is None or person.pk in colleague_ids(user)


@rules.predicate
def started(user, run):
    """The user started the import."""
    return run is None or run.by_id == user.pk


@rules.predicate
def had(user, thing):
    """It was in the user's own hands, though another team may have it by now."""
    return thing is not None and cases.had(user, thing)


@rules.predicate
def answers_case(user, case):
    """The other side's word in the dispute is the user's."""
    return case is None or cases.may_answer(case, user)


@rules.predicate
def advises(user, thing):
    """The other track is responsible for the lead, deal or company."""
    return thing is None or user.side not in (None, side_of(thing))


@rules.predicate
def works_on(user, thing):
    """The user may work with the lead, deal or company."""
    return thing is None or user.has_perm(WORK[type(thing)], thing)


@rules.predicate
def sees(user, thing):
    """The user may see the lead, deal or company."""
    return thing is None or user.has_perm(SEE[type(thing)], thing)


@rules.predicate
def is_asked_for(user, counsel):
    """The counsel is asked of the user."""
    return counsel is None or counsel.adviser_id == user.pk


@rules.predicate
def won_it(user, story):
    """The user won the deal of the story, or writes down what the winner tells: a head, or who works on the deal."""
    return story is None or story.winner_id == user.pk or user.has_perm("pipeline.work_deal", story.deal)


@rules.predicate
def gives_about(user, counsel):
    """The user may advise on what the counsel is about."""
    return counsel is None or user.has_perm("leads.give_counsel", counsel.about)


@rules.predicate
def answers_about(user, counsel):
    """The user may answer advice on what the counsel is about."""
    return counsel is None or user.has_perm("leads.ask_counsel", counsel.about)


@rules.predicate
def logged(user, thing):
    """The touch or note was the user's own doing."""
    return thing is None or user.pk == (thing.actor_id if isinstance(thing, Touch) else thing.by_id)


argues = markets | (sells & is_offered_to) | (is_manager & with_colleague)
sales_works = reads_some & within_reach
desk = leads_all | (is_marketer & at_desk)
edits = leads_all | (is_marketer & before_sales) | sales_works

PERMISSIONS = {
    "leads.view_lead": reads_all | sales_works,
    "leads.add_lead": works | is_service,
    "leads.capture_lead": works | is_service,
    "leads.work_lead": edits,
    "leads.change_lead": edits,
    "leads.qualify_lead": desk,
    "leads.offer_lead": desk | (is_manager & within_reach),
    "leads.claim_lead": (is_rep | is_manager) & in_pool,
    "leads.view_pool": works,
    "leads.merge_contact": markets,
    "leads.merge_company": markets,
    "leads.view_merge": markets,
    "leads.view_touch": reads_all | (reads_some & is_visible),
    "leads.add_touch": works | is_service,
    "leads.view_complaint": works,
    "leads.take_back": (works | is_service) & logged,
    "leads.view_handoff": reads_all | (reads_some & with_colleague),
    "leads.answer_handoff": is_sales_head
    | is_admin
    | (sells & is_offered_to)
    | (is_manager & with_colleague),
    "leads.dispute_return": argues & of_the_other_side,
    "leads.answer_dispute": argues,
    "leads.rule_dispute": leads_all,
    "leads.view_case": works & is_visible,
    "leads.open_case": works & (sees | had),
    "leads.dispute_clock": is_sales_head | (sells & is_offered_to) | (is_manager & with_colleague),
    "leads.answer_case": works & answers_case,
    "leads.reassign_handoff": leads_all | (is_manager & with_colleague),
    "leads.release_person": is_admin,
    "leads.hand_over_book": leads_all | (is_manager & colleague_is),
    "leads.manage_robots": is_admin,
    "leads.run_import": markets | is_manager,
    "leads.view_import": markets | (is_manager & started),
    "leads.view_form": reads_spine,
    "leads.change_form": markets,
    "leads.release_submission": markets,
    "leads.view_template": reads_spine,
    "leads.change_template": markets,
    "leads.ask_word": markets | (works & owns),
    "leads.give_word": is_asked,
    "leads.view_counsel": works & is_visible,
    "leads.ask_counsel": works & works_on & ~advises,
    "leads.give_counsel": works & advises & sees,
    "leads.view_obstacle": works & is_visible,
    "leads.log_obstacle": works & works_on,
    "leads.answer_obstacle": markets,
    "leads.view_story": works & is_visible,
    "leads.tell_story": works & won_it,
    "leads.ask_story": works & works_on,
    "leads.assist_lead": works & (works_on | (advises & sees)),
    "leads.answer_counsel": works & (is_asked_for | gives_about),
    "leads.reply_counsel": works & answers_about,
    "leads.view_link": reads_spine,
    "leads.change_link": markets,
    "leads.draw_audience": markets,
    "leads.view_audience": works,
    "leads.change_audience": markets | is_manager,
    "leads.view_agreement": reads_spine,
    "leads.draft_agreement": leads_all | is_manager,
    "leads.change_words": leads_all,
    "leads.sign_agreement": is_marketing_head | is_sales_head | is_admin,
    "leads.view_routing": leads_all | is_manager,
    "leads.change_routing": leads_all,
    "leads.view_scoring": works,
    "leads.change_scoring": leads_all,
    "leads.judge_signal": leads_all,
    "leads.publish_scoring": is_marketing_head,
    "leads.change_moments": leads_all,
    "leads.change_usage": leads_all,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)

"""Role × object × verb: the object tests, the querysets and the table below agree."""

from datetime import date, timedelta

import pytest
import rules
from django.contrib.auth.models import AnonymousUser

from accounts import rules as accounts_rules
from accounts.models import User
from accounts.tokens import issue
from leads import rules as leads_rules
from leads.models import Agreement, Case, Counsel, Handoff, ImportRun, Lead, Touch
from pipeline import rules as pipeline_rules
from pipeline.models import (
    AccountPerson,
    Attachment,
    Campaign,
    Company,
    Consultation,
    Contact,
    Deal,
    Product,
    Receipt,
    Spend,
    Step,
    Unit,
)
from reports import rules as reports_rules
from reports.models import Growth
from tests import cast as make

pytestmark = pytest.mark.django_db

EVERY = {
    **accounts_rules.PERMISSIONS,
    **pipeline_rules.PERMISSIONS,
    **leads_rules.PERMISSIONS,
    **reports_rules.PERMISSIONS,
}
HEADS = "marketing_head sales_head admin"
READERS = f"{HEADS} marketer rep teammate other_rep manager other_manager finance"
NORTH = "rep teammate manager"
SOUTH = "other_rep other_manager"
REPS = "rep teammate other_rep"
SALES = f"{NORTH} {SOUTH}"
MARKET = f"{HEADS} marketer"
WORKERS = f"{MARKET} {SALES}"

# permission: {object (empty: none in particular): who may}
TABLE = {
    "leads.view_lead": {
        "": WORKERS,
        "new": MARKET,
        "own": f"{MARKET} {NORTH}",
        "far": f"{MARKET} {SOUTH}",
        "pooled": WORKERS,
        "offered": f"{MARKET} {NORTH}",
    },
    "leads.work_lead": {
        "": WORKERS,
        "new": MARKET,
        "own": f"{HEADS} {NORTH}",
        "far": f"{HEADS} {SOUTH}",
        "pooled": WORKERS,
        "offered": f"{MARKET} {NORTH}",
    },
    "leads.change_lead": {"new": MARKET, "own": f"{HEADS} {NORTH}", "offered": f"{MARKET} {NORTH}"},
    "leads.qualify_lead": {"": MARKET, "new": MARKET, "own": HEADS, "pooled": MARKET},
    "leads.offer_lead": {"new": MARKET, "own": f"{HEADS} manager", "far": f"{HEADS} other_manager"},
    "leads.claim_lead": {"": f"{SALES} sales_head", "pooled": f"{SALES} sales_head", "own": "", "new": ""},
    "leads.view_pool": {"": WORKERS},
    "pipeline.view_statement": {"": READERS},
    "pipeline.add_statement": {"": WORKERS},
    "pipeline.sign_statement": {"": HEADS},
    "leads.merge_contact": {"": MARKET},
    "leads.merge_company": {"": MARKET},
    "leads.view_merge": {"": MARKET},
    "leads.add_lead": {"": f"{WORKERS} service"},
    "leads.capture_lead": {"": f"{WORKERS} service"},
    "leads.view_counsel": {
        "": WORKERS,
        "new": MARKET,
        "own": f"{MARKET} {NORTH}",
        "far": f"{MARKET} {SOUTH}",
    },
    "leads.ask_counsel": {
        "new": "admin marketing_head marketer",
        "own": f"admin sales_head {NORTH}",
        "far": f"admin sales_head {SOUTH}",
    },
    "leads.give_counsel": {
        "": WORKERS,
        "new": "sales_head",
        "own": "marketing_head marketer",
        "far": "marketing_head marketer",
    },
    "leads.view_story": {"": WORKERS, "new": MARKET, "own": f"{MARKET} {NORTH}", "far": f"{MARKET} {SOUTH}"},
    "leads.tell_story": {"": WORKERS},
    "leads.ask_story": {"": WORKERS, "new": MARKET, "own": f"{HEADS} {NORTH}", "far": f"{HEADS} {SOUTH}"},
    "leads.view_obstacle": {
        "": WORKERS,
        "new": MARKET,
        "own": f"{MARKET} {NORTH}",
        "far": f"{MARKET} {SOUTH}",
    },
    "leads.log_obstacle": {"": WORKERS, "new": MARKET, "own": f"{HEADS} {NORTH}", "far": f"{HEADS} {SOUTH}"},
    "leads.answer_obstacle": {"": MARKET},
    "leads.assist_lead": {"": WORKERS, "new": MARKET, "own": f"{MARKET} {NORTH}", "far": f"{MARKET} {SOUTH}"},
    "leads.answer_counsel": {
        "": WORKERS,
        "counsel of marketing": "marketing_head marketer",
        "counsel of the rep": "sales_head rep",
    },
    "leads.reply_counsel": {
        "": WORKERS,
        "counsel of marketing": f"admin sales_head {NORTH}",
        "counsel of the rep": "admin marketing_head marketer",
    },
    "leads.add_touch": {"": f"{WORKERS} service"},
    "leads.view_complaint": {"": WORKERS},
    "leads.take_back": {"": f"{WORKERS} service", "touch": "rep"},
    "leads.view_touch": {"touch": f"{MARKET} {NORTH}"},
    "leads.view_handoff": {"": WORKERS, "handoff": f"{MARKET} {NORTH}"},
    "leads.answer_handoff": {"handoff": "sales_head admin rep manager"},
    "leads.dispute_return": {"handoff": "marketing_head admin marketer"},
    "leads.answer_dispute": {"handoff": f"{MARKET} rep manager"},
    "leads.rule_dispute": {"": HEADS},
    "leads.view_case": {"": WORKERS, "case of the rep": f"{MARKET} {NORTH}"},
    "leads.open_case": {"": WORKERS, "new": MARKET, "own": f"{MARKET} {NORTH}", "far": f"{MARKET} {SOUTH}"},
    "leads.dispute_clock": {"handoff": "sales_head rep manager"},
    "leads.answer_case": {"": WORKERS, "case of the rep": "marketing_head marketer manager"},
    "leads.judge_signal": {"": HEADS},
    "leads.reassign_handoff": {"handoff": f"{HEADS} manager"},
    "leads.release_person": {"": "admin"},
    "leads.hand_over_book": {"rep themselves": f"{HEADS} manager"},
    "leads.manage_robots": {"": "admin"},
    "leads.view_form": {"": READERS},
    "leads.change_form": {"": MARKET},
    "leads.release_submission": {"": MARKET},
    "leads.view_template": {"": READERS},
    "leads.change_template": {"": MARKET},
    "leads.ask_word": {"campaign": f"{MARKET} rep"},
    "leads.give_word": {"advice": "rep"},
    "leads.view_link": {"": READERS},
    "leads.change_link": {"": MARKET},
    "leads.draw_audience": {"": MARKET},
    "leads.view_audience": {"": WORKERS},
    "leads.change_audience": {"": f"{MARKET} manager other_manager"},
    "leads.change_moments": {"": HEADS},
    "leads.change_usage": {"": HEADS},
    "leads.run_import": {"": f"{MARKET} manager other_manager"},
    "leads.view_import": {"": f"{MARKET} manager other_manager", "run": f"{MARKET} manager"},
    "leads.view_agreement": {"": READERS},
    "leads.draft_agreement": {"": f"{HEADS} manager other_manager"},
    "leads.change_words": {"": HEADS},
    "leads.sign_agreement": {"": HEADS},
    "leads.view_routing": {"": f"{HEADS} manager other_manager"},
    "leads.change_routing": {"": HEADS},
    "leads.view_scoring": {"": WORKERS},
    "leads.change_scoring": {"": HEADS},
    "leads.publish_scoring": {"": "marketing_head"},
    "pipeline.view_campaign": {"": READERS, "campaign": READERS},
    "pipeline.add_campaign": {"": f"{MARKET} manager other_manager"},
    "pipeline.change_campaign": {"campaign": f"{MARKET} rep"},
    "pipeline.delete_campaign": {"campaign": MARKET},
    "pipeline.view_spend": {"": READERS, "spend": READERS},
    "pipeline.add_spend": {"": MARKET},
    "pipeline.change_spend": {"spend": MARKET},
    "pipeline.view_company": {"": READERS, "company": READERS},
    "pipeline.add_company": {"": WORKERS},
    "pipeline.change_company": {"company": WORKERS},
    "pipeline.assign_company": {"company": WORKERS, "rep's account": f"{HEADS} rep manager"},
    "pipeline.mark_company": {
        "": f"{HEADS} manager other_manager",
        "company": f"{HEADS} manager other_manager",
    },
    "pipeline.staff_account": {"": WORKERS, "company": HEADS, "rep's account": f"{HEADS} rep manager"},
    "pipeline.change_account_person": {"": WORKERS, "account's person": f"{HEADS} rep manager"},
    "pipeline.view_contact": {"": WORKERS, "new contact": MARKET, "own contact": f"{MARKET} {NORTH}"},
    "pipeline.add_contact": {"": WORKERS},
    "pipeline.change_contact": {"new contact": MARKET, "own contact": f"{MARKET} {NORTH}"},
    "pipeline.view_registration": {"": READERS},
    "pipeline.add_registration": {"": WORKERS},
    "pipeline.change_registration": {"": WORKERS},
    "pipeline.view_product": {"": READERS, "product": READERS},
    "pipeline.change_product": {"": HEADS, "product": HEADS},
    "pipeline.view_unit": {"": READERS, "unit": READERS},
    "pipeline.change_unit": {"": WORKERS, "unit": WORKERS},
    "pipeline.report_usage": {"": f"{WORKERS} service"},
    "pipeline.view_cost": {"": f"{MARKET} manager other_manager finance"},
    "pipeline.change_rate": {"": HEADS},
    "pipeline.view_deal": {
        "": READERS,
        "own deal": f"{MARKET} {NORTH} finance",
        "nobody's deal": f"{MARKET} finance",
        "account's deal": f"{MARKET} {SALES} finance",
    },
    "pipeline.add_deal": {"": f"{HEADS} {SALES}"},
    "pipeline.pass_gate": {"": "sales_head admin"},
    "pipeline.work_deal": {
        "own deal": f"{HEADS} {NORTH}",
        "nobody's deal": HEADS,
        "account's deal": f"{HEADS} {SOUTH}",
    },
    "pipeline.add_receipt": {
        "own deal": f"{HEADS} {NORTH} finance",
        "nobody's deal": f"{HEADS} finance",
        "account's deal": f"{HEADS} {SOUTH} finance",
    },
    "pipeline.change_receipt": {"receipt": f"{HEADS} {NORTH} finance"},
    "pipeline.reopen_deal": {"own deal": f"{HEADS} manager"},
    "pipeline.cancel_deal": {"own deal": f"{HEADS} manager finance", "nobody's deal": f"{HEADS} finance"},
    "pipeline.delete_deal": {"own deal": "admin"},
    "pipeline.view_step": {"step": f"{MARKET} {NORTH}"},
    "pipeline.add_step": {"": WORKERS},
    "pipeline.work_step": {"step": f"{HEADS} rep manager"},
    "pipeline.view_attachment": {
        "deal's file": f"{MARKET} {NORTH} finance",
        "account's file": f"{MARKET} {SALES} finance",
        "company's file": READERS,
    },
    "pipeline.add_attachment": {"": WORKERS},
    "pipeline.delete_attachment": {
        "deal's file": f"{MARKET} {NORTH}",
        "account's file": f"{MARKET} {SOUTH}",
        "company's file": WORKERS,
    },
    "pipeline.manage_stages": {"": "admin"},
    "pipeline.manage_fields": {"": "admin"},
    "accounts.view_user": {"": READERS},
    "accounts.manage_people": {"": "admin"},
    "accounts.change_profile": {"rep themselves": "rep"},
    "accounts.view_team": {"": READERS},
    "accounts.change_team": {"": HEADS},
    "accounts.change_repprofile": {"rep's profile": f"{HEADS} manager"},
    "accounts.add_absence": {"rep's profile": f"{HEADS} manager rep"},
    "accounts.change_organisation": {"": "admin"},
    "accounts.view_setup": {"": HEADS},
    "accounts.change_calendar": {"": HEADS},
    "accounts.view_apitoken": {"rep's token": "rep admin"},
    "accounts.issue_apitoken": {"rep themselves": "rep", "service itself": "service admin"},
    "accounts.revoke_apitoken": {"rep's token": "rep admin"},
    "engine.view_delivery": {"": "admin"},
    "reports.view_report": {"": READERS},
    "reports.view_money": {"": f"{MARKET} manager other_manager finance"},
    "reports.lock_model": {"": "admin finance"},
    "reports.close_month": {"": f"{HEADS} finance"},
    "reports.comment_month": {"": "marketing_head sales_head"},
    "reports.reopen_month": {"": "admin finance"},
    "reports.view_forecast": {"": READERS},
    "reports.export": {"": f"{MARKET} manager other_manager finance"},
    "reports.view_mine": {"": WORKERS},
    "reports.call_forecast": {"": f"{SALES} sales_head admin"},
    "reports.view_commission": {"": f"{MARKET} manager other_manager finance"},
    "reports.draft_commission": {"": f"{HEADS} finance"},
    "reports.sign_commission": {"": HEADS},
    "reports.settle_commission": {"": "admin finance"},
    "reports.view_growth": {
        "": f"{MARKET} manager other_manager finance",
        "rep's opportunity": f"{MARKET} manager other_manager finance rep",
    },
    "reports.change_brand": {"": MARKET},
    "reports.draft_goal": {"": HEADS},
    "reports.sign_goal": {"": HEADS},
    "reports.view_sales_cost": {"": f"{HEADS} finance"},
    "reports.change_sales_cost": {"": "sales_head admin finance"},
    "reports.draft_index": {"": HEADS},
    "reports.sign_index": {"": HEADS},
    "reports.change_growth": {"": f"{MARKET} manager other_manager"},
    "reports.shift_spend": {"": f"{MARKET} manager other_manager"},
    "reports.change_quota": {"": f"{HEADS} manager other_manager"},
    "reports.change_market": {"": HEADS},
    "reports.say_satisfied": {"": f"{HEADS} finance"},
    "reports.propose_targets": {"": HEADS},
    "reports.sign_targets": {"": f"{HEADS} finance"},
    "reports.view_needs": {"": "finance"},
    "reports.change_target": {"": HEADS, "target of wins": "admin sales_head", "target of SQLs": HEADS},
}


@pytest.fixture
def things(cast):
    """One object of every kind, by the names of the table."""
    own = make.lead(owner=cast.rep, stage="sql")
    offered = make.lead(stage="ready")
    new = make.lead()
    company = make.company()
    deal = make.deal(owner=cast.rep)
    account = make.company(sales_owner=cast.rep)
    sold = make.deal(owner=cast.other_rep, company=account)  # by a hunter of the other team
    campaign = make.campaign(owner=cast.rep)
    file = {"file": "attachments/x", "name": "x.pdf"}
    press = Product.objects.create(code="p", name="P")
    return {
        "new": new,
        "own": own,
        "far": make.lead(owner=cast.other_rep, stage="deal"),
        "pooled": make.lead(stage="ready", pooled_at=make.NOON),
        "offered": offered,
        "touch": make.touch(own.contact, actor=cast.rep),
        "case of the rep": Case.objects.create(
            kind="owner",
            lead=own,
            holder=cast.rep,
            claimant=cast.teammate,
            asked="moves",
            track="sales",
            agreement=Agreement.objects.get(),
            opened_by=cast.rep,
            opened_at=make.NOON,
            argument="x",
            rule="silent",
            rule_by=make.NOON,
        ),
        "counsel of marketing": Counsel(lead=own, adviser=cast.marketer, track="marketing"),
        "counsel of the rep": Counsel(lead=new, adviser=cast.rep, track="sales"),
        "handoff": Handoff.objects.create(
            lead=offered, rep=cast.rep, agreement=Agreement.objects.get(), offered_at=make.NOON
        ),
        "run": ImportRun.objects.create(kind="leads", file_name="x.csv", by=cast.manager),
        "campaign": campaign,
        "advice": Consultation.objects.create(campaign=campaign, asked_at=make.NOON).advice.create(
            rep=cast.rep, due_at=make.NOON
        ),
        "spend": Spend.objects.create(
            campaign=campaign, month=date(2026, 6, 1), on=date(2026, 6, 3), amount=1, base_amount=1
        ),
        "company": company,
        "rep's account": account,
        "account's person": AccountPerson.objects.create(
            company=account, user=cast.teammate, part="presales"
        ),
        "new contact": new.contact,
        "own contact": own.contact,
        "product": press,
        "unit": Unit.objects.create(product=press, company=company, serial="1"),
        "own deal": deal,
        "nobody's deal": make.deal(),
        "account's deal": sold,
        "receipt": Receipt.objects.create(deal=deal, on=date(2026, 6, 3), amount=1, base_amount=1),
        "step": Step.objects.create(what="Call", owner=cast.rep, due_at=make.NOON, deal=deal),
        "deal's file": Attachment.objects.create(deal=deal, **file),
        "account's file": Attachment.objects.create(deal=sold, **file),
        "company's file": Attachment.objects.create(company=company, **file),
        "rep's opportunity": Growth.objects.create(
            name="Parts", known="so", margin=1, cost=1, seller=cast.rep, entered_by=cast.marketer
        ),
        "target of wins": "won",
        "target of SQLs": "sqls",
        "rep themselves": cast.rep,
        "service itself": cast.service,
        "rep's profile": cast.rep.rep,
        "rep's token": issue(cast.rep, "mine", ["read"], make.NOON)[0],
    }


def test_the_table_knows_every_permission():
    assert set(TABLE) == set(EVERY)


def test_everybody_may_what_the_table_says(cast, things):
    wrong = []
    for permission, rows in TABLE.items():
        for name, who in rows.items():
            thing = things[name] if name else None
            may = {n for n, user in cast.everybody().items() if rules.has_perm(permission, user, thing)}
            if may != set(who.split()):
                wrong.append((permission, name, sorted(may ^ set(who.split()))))
    assert wrong == []


VISIBLE = {
    Lead: "leads.view_lead",
    Touch: "leads.view_touch",
    Handoff: "leads.view_handoff",
    ImportRun: "leads.view_import",
    Campaign: "pipeline.view_campaign",
    Spend: "pipeline.view_spend",
    Company: "pipeline.view_company",
    Contact: "pipeline.view_contact",
    Product: "pipeline.view_product",
    Unit: "pipeline.view_unit",
    Deal: "pipeline.view_deal",
    Step: "pipeline.view_step",
    Attachment: "pipeline.view_attachment",
}


def test_object_test_and_queryset_test_agree(cast, things):
    for model, permission in VISIBLE.items():
        for name, user in cast.everybody().items():
            seen = set(model.objects.visible_to(user).values_list("pk", flat=True))
            allowed = {one.pk for one in model.objects.all() if rules.has_perm(permission, user, one)}
            assert seen == allowed, (model, name)


def test_nobody_may_do_anything_to_what_they_do_not_see(cast, things):
    verbs = [(verb, name) for verb, rows in TABLE.items() for name in rows if name]
    for verb, name in verbs:
        thing = things[name]
        if type(thing) not in VISIBLE:
            continue
        for user in cast.everybody().values():
            if rules.has_perm(verb, user, thing):
                assert type(thing).objects.visible_to(user).filter(pk=thing.pk).exists(), (verb, name, user)


def test_who_left_and_who_is_a_stranger_may_nothing(cast, things):
    leaver = User.objects.get(pk=cast.admin.pk)
    leaver.is_active = False
    leaver.is_superuser = True
    leaver.head_of = "sales"
    for nobody in (leaver, AnonymousUser()):
        assert not [permission for permission in EVERY if rules.has_perm(permission, nobody, None)]
        assert not [model for model in VISIBLE if model.objects.visible_to(nobody).exists()]


def test_a_superuser_sees_all_whatever_the_role(cast, things):
    root = make.person("root", "service", is_superuser=True)
    for model, permission in VISIBLE.items():
        everything = set(model.objects.all())
        assert set(model.objects.visible_to(root)) == everything
        assert all(rules.has_perm(permission, root, one) for one in everything)


def test_a_head_of_a_team_reaches_its_people_from_outside(cast):
    """A manager may head a team without belonging to it."""
    lead = make.lead(owner=cast.other_rep, stage="sql")
    team = cast.other_rep.team
    team.head = cast.manager
    team.save()
    assert Lead.objects.visible_to(cast.manager).contains(lead)
    assert rules.has_perm("leads.work_lead", cast.manager, lead)


def test_a_handoff_that_ended_opens_nothing(cast, things):
    handoff = things["handoff"]
    Handoff.objects.filter(pk=handoff.pk).update(ended_at=make.NOON + timedelta(hours=1), end="expired")
    assert not rules.has_perm("leads.view_lead", cast.rep, things["offered"])
    assert not Lead.objects.visible_to(cast.rep).contains(things["offered"])

"""A second version of the agreement that waits for one head, and scorecards that wait to be published."""

from datetime import timedelta

from leads import drafting
from leads.models import AgreementSignature
from leads.scoring import editing, versions

FAMILY = "predict"  # the product whose line has a scorecard of its own


def tell(desk):
    """The draft and both scorecards: nobody is graded by them, everybody may look what they would change."""
    desk.made += [_draft(desk), *_scorecards(desk)]


def _draft(desk):
    """It asks more of marketing and answers faster; sales has signed, marketing has not."""
    one = drafting.blank()
    one.engagement_floor, one.owed_sqls, one.note = 2, 60, desk.word("agreement")
    one.answer_minutes = {**one.answer_minutes, "A": 30, "B": 120}
    drafting.save(one)
    AgreementSignature.objects.create(
        agreement=one, track="sales", user=desk.people["head.sales"], at=desk.at - timedelta(hours=20)
    )
    return one


def _scorecards(desk):
    """A draft of the general scorecard, and one for a product line."""
    world = desk.house.world
    general = versions.draft(desk.word("scorecard"))
    title = world.titles[0][0]
    editing.add_rule(editing.rule(general, field="contact.job_title", operator="is", value=title, points=15))
    own = versions.draft(line=world.products[FAMILY][1])
    large = editing.rule(own, field="company.employees", operator="between", value=[200, 100_000], points=25)
    editing.add_rule(large)
    return general, own

"""Sales' word before launch: a round that is over with adopted advice, and one that runs about next year's fair."""

from datetime import timedelta

from demo.plan import CAMPAIGNS
from demo.spending import nice
from pipeline.models import Advice, Campaign, Consultation

DAY = 480  # working minutes


def tell(desk):
    """Both rounds."""
    _over(desk)
    _running(desk, _next_fair(desk))


def _next_fair(desk):
    """The fair's next edition, planned from what the last one cost and brought."""
    last = Campaign.objects.get(pk=desk.campaigns["hannover"])
    year = last.starts_on.year + 1
    fields = (
        "channel",
        "track",
        "parent_id",
        "owner_id",
        "segment_id",
        "region_id",
        "product_id",
        "currency",
        "note",
    )
    (made,) = desk.keep(
        Campaign,
        [
            Campaign(
                name=f"{last.name} {year}", code=f"K{year % 100}04-HANNOVER", status="planned",
                starts_on=last.starts_on.replace(year=year), ends_on=last.ends_on.replace(year=year),
                budget=nice(last.budget * 11 // 10) if last.budget else None, expected_leads=last.expected_leads,
                expected_revenue=last.expected_revenue, **{name: getattr(last, name) for name in fields},
            )
        ],
    )  # fmt: skip
    return made


def _round(desk, campaign, code, asked_at, closed_at=None):
    by = desk.people[next(plan.owner for plan in CAMPAIGNS if plan.key == code)]
    return Consultation.objects.create(
        campaign=campaign, audience=desk.word("audience"), offer=desk.word("offer"), asked_by=by,
        asked_at=asked_at, closed_by=closed_at and by, closed_at=closed_at,
    )  # fmt: skip


def _over(desk):
    """One agreed, one said nothing, one advised and was heard."""
    campaign = Campaign.objects.get(pk=desk.campaigns["webinars"])
    asked = desk.moment(desk.today - timedelta(days=60))
    closed = asked + timedelta(days=9)
    said = _round(desk, campaign, "webinars", asked, closed)
    owner = said.asked_by
    Advice.objects.bulk_create(
        [
            Advice(consultation=said, rep=desk.people["rep"], due_at=_due(desk, "rep", asked), agrees=True,
                   answered_at=asked + timedelta(hours=5)),
            Advice(consultation=said, rep=desk.people["rep2"], due_at=_due(desk, "rep2", asked)),
            Advice(consultation=said, rep=desk.people["rep3"], due_at=_due(desk, "rep3", asked), agrees=False,
                   text=desk.house.world.words["advice"][0], answered_at=asked + timedelta(hours=27), adopted=True,
                   reply=desk.house.world.words["reply"][0], replied_by=owner, replied_at=asked + timedelta(hours=50)),
        ]
    )  # fmt: skip


def _running(desk, campaign):
    """One agreed, one advises and waits for an answer, one has time."""
    asked = desk.house.office(0).add(desk.at, -DAY)
    said = _round(desk, campaign, "hannover", asked)
    soon = min(asked + timedelta(hours=2), desk.at)
    Advice.objects.bulk_create(
        [
            Advice(consultation=said, rep=desk.people["rep"], due_at=_due(desk, "rep", asked)),
            Advice(consultation=said, rep=desk.people["farmer"], due_at=_due(desk, "farmer", asked), agrees=True,
                   answered_at=soon),
            Advice(consultation=said, rep=desk.people["rep2"], due_at=_due(desk, "rep2", asked), agrees=False,
                   text=desk.house.world.words["advice"][1], answered_at=soon),
        ]
    )  # fmt: skip


def _due(desk, code, asked):
    return desk.house.hours_of(code).add(asked, 3 * DAY)

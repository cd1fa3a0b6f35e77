"""Opportunities to grow: one that grew, with what two people learned, one being tried, one that is an idea."""

from datetime import timedelta

from accounts.models import Segment
from reports.models import Growth, GrowthState, Lesson

# state, months until it is looked at again, segment, campaign that tries it, expected margin a year and cost to try in euros
STORIES = (
    (GrowthState.GROWN, -1, "midsize", "webinars", 160_000, 90_000),
    (GrowthState.TRIED, 0, "midsize", "email", 90_000, 110_000),
    (GrowthState.IDEA, 2, "small", None, 60_000, 25_000),
)


def tell(desk):
    """As many as the story has."""
    words, scale = desk.house.world.words, desk.house.world.scale
    sides = {"marketer": desk.people["marketer"], "seller": desk.people["rep"]}
    head, segments = desk.people["head.marketing"], dict(Segment.objects.values_list("code", "pk"))
    rows = [
        Growth(
            name=name, known=known, state=state, segment_id=segments.get(segment),
            campaign_id=desk.campaigns.get(campaign), margin=round(margin * scale), cost=round(cost * scale),
            look_on=desk.today + timedelta(days=30 * months), entered_by=head, **sides,
        )
        for name, known, (state, months, segment, campaign, margin, cost) in zip(
            words["growth"], words["grows"], STORIES, strict=True
        )
    ]  # fmt: skip
    first, *_rest = desk.keep(Growth, rows)
    desk.keep(
        Lesson,
        [
            Lesson(growth=first, text=text, by=by, at=desk.moment(desk.back(number)))
            for number, (text, by) in enumerate(
                zip(words["grown"], (desk.people["rep"], desk.people["marketer"]), strict=True), 1
            )
        ],
    )

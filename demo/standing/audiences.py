"""Audiences that both sides look at: mid-size makers who ask, customers who are at it again, those who sleep."""

from leads.models import LiveAudience

# what is asked, and who keeps it
STORIES = (
    ({"segments": ["midsize"], "touch_days": 60}, "marketer"),
    ({"customers": "customers", "touch_days": 90}, "manager"),
    ({"stages": ["nurture"], "grades": ["A", "B", "C"]}, "head.marketing"),
    ({"customers": "customers", "usage": ["falling", "silent", "ending"]}, "farmer"),
)


def tell(desk):
    """As many as the story has."""
    words = desk.house.world.words
    desk.keep(
        LiveAudience,
        [
            LiveAudience(name=name, note=note, owner=desk.people[owner], conditions=conditions)
            for name, note, (conditions, owner) in zip(
                words["audiences"], words["audience for"], STORIES, strict=True
            )
        ],
    )

"""The house that the passes belong to: reps, territories, campaigns and eighteen months of spend."""

from dataclasses import dataclass

from django.db import connection

from accounts.models import Region, RepProfile, Role, Segment, Team, Track, User, WorkingCalendar
from pipeline.models import Campaign

REPS, CAMPAIGNS, TERRITORIES = 40, 20, 3
ROOM = 1_000_000  # open leads that a rep may hold: capacity is not what is measured

SPEND = """
INSERT INTO pipeline_spend (campaign_id, kind, month, "on", amount, currency, base_amount)
SELECT c.id, k.kind, m::date, m::date, 900 + c.id %% 7 * 100, o.currency, 900 + c.id %% 7 * 100
FROM unnest(%(campaigns)s::bigint[]) AS c (id) CROSS JOIN (VALUES ('planned'), ('committed'), ('paid')) AS k (kind)
CROSS JOIN accounts_organisation o
CROSS JOIN generate_series(date_trunc('month', %(at)s::timestamptz) - interval '18 months', %(at)s, interval '1 month') AS m
"""


@dataclass(frozen=True)
class House:
    """The ids that passes are dealt among."""

    reps: list[int]
    campaigns: list[int]
    regions: list[int]
    segments: list[int]
    team: int

    @classmethod
    def built(cls, at):
        """Hire, divide the world, plan campaigns and spend on them."""
        regions = [Region.objects.create(code=f"r{n}", name=f"Region {n}").pk for n in range(TERRITORIES)]
        segments = [Segment.objects.create(code=f"s{n}", name=f"Segment {n}").pk for n in range(TERRITORIES)]
        campaigns = Campaign.objects.bulk_create(
            Campaign(name=f"Bench {n}", code=f"bench-{n}", channel="sem", currency="EUR")
            for n in range(CAMPAIGNS)
        )
        team, reps = hired()
        ours = cls(reps, [campaign.pk for campaign in campaigns], regions, segments, team)
        with connection.cursor() as cursor:
            cursor.execute(SPEND, {"campaigns": ours.campaigns, "at": at})
        return ours


def hired():
    """(team, [reps]): the ids of reps in one team with the house's calendar."""
    team = Team.objects.create(name="Bench", track=Track.SALES, calendar=WorkingCalendar.objects.first())
    people = User.objects.bulk_create(
        User(email=f"rep{n}@bench.example", full_name=f"Rep {n}", role=Role.SALES, team=team, password="!")
        for n in range(REPS)
    )
    RepProfile.objects.bulk_create(RepProfile(user=one, capacity=ROOM, cap_ceiling=ROOM) for one in people)
    return team.pk, [one.pk for one in people]

"""Running campaigns whose plan was changed since they were launched: who changed it stands in their history, why beside it."""

from datetime import timedelta
from decimal import Decimal

import pghistory

from pipeline.models import Campaign, CampaignStatus
from reports.models import PlanRemark

# campaign, by how much its budget was raised, by how many days it was prolonged
STORIES = (("sps", Decimal("1.25"), 0), ("search", Decimal("1.1"), 90))


def tell(desk):
    """As many as run or ran."""
    launched = Campaign.objects.filter(status__in=(CampaignStatus.ACTIVE, CampaignStatus.DONE))
    head, said = desk.people["head.marketing"], []
    for text, (name, raised, days) in zip(desk.house.world.words["replanned"], STORIES, strict=True):
        found = launched.filter(pk=desk.campaigns.get(name)).first()
        if found is None:
            continue
        found.budget = found.budget and round(found.budget * raised)
        found.ends_on = found.ends_on and found.ends_on + timedelta(days=days)
        with pghistory.context(user=head.pk):
            found.save(update_fields=["budget", "ends_on"])
        said.append(PlanRemark(campaign=found, text=text, by=head, at=desk.at - timedelta(days=12)))
    desk.keep(PlanRemark, said)

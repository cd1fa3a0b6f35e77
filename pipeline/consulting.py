"""Must sales have been heard before a campaign is launched? Only where the house says so."""

from django.utils.translation import gettext as _

from accounts import organisation
from pipeline.models import CampaignStatus, Consultation


def unheard(campaign, status):
    """Why the campaign (None: a new one) may not go to `status` yet; "" where it may."""
    before = campaign.status if campaign is not None and campaign.pk else None
    if status != CampaignStatus.ACTIVE or before == status or not organisation.current().word_first:
        return ""
    if (
        campaign is not None
        and campaign.pk
        and Consultation.objects.filter(campaign=campaign, closed_at__isnull=False).exists()
    ):
        return ""  # fmt: skip
    return _(
        "Sales has not been heard yet. Ask for its word on the campaign's page and close the round, then launch."
    )

"""A campaign from a template in under a minute; and the templates that ship."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts import organisation
from leads.models import CampaignTemplate, TouchKind, WebForm
from pipeline import campaigns
from pipeline.channels import Channel
from pipeline.models import Campaign, CampaignStatus

SHORT = {"full_name": "must", "email": "must", "company": "ask"}
BOOTH = {
    "full_name": "must",
    "company": "ask",
    "phone": "ask",
    "wechat": "ask",
    "email": "ask",
    "message": "ask",
}
QUOTE = {
    "full_name": "must",
    "company": "must",
    "email": "must",
    "phone": "ask",
    "message": "must",
    "answer-need": "ask",
    "answer-when": "ask",
}
# name, channel, days, expected leads, what to think of, kind of its form, what that asks
SHIPPED = (
    (_("Trade fair"), Channel.EXHIBITION, 4, 180,
     _("Book the stand, print the QR code, brief the team, follow up within two days."), TouchKind.FORM, BOOTH),
    (_("Own event"), Channel.OWN_EVENT, 1, 60,
     _("Invite, confirm, remind the day before, send the slides afterwards."), TouchKind.FORM, BOOTH),
    (_("Webinar"), Channel.WEBINAR, 21, 120,
     _("Invite three weeks ahead, remind twice, call those who asked a question."), TouchKind.FORM, SHORT),
    (_("Newsletter"), Channel.EMAIL, 14, 30,
     _("One message, one link; use a tracking link for each list."), TouchKind.QUOTE_REQUEST, SHORT),
    (_("Search ads"), Channel.SEM, 90, 90,
     _("One landing page for each group of words; log the spend each month."), TouchKind.QUOTE_REQUEST, QUOTE),
    (_("Feed ads"), Channel.FEED_ADS, 30, 120,
     _("Two pictures, two texts; keep the click ids."), TouchKind.FORM, SHORT),
    (_("White paper"), Channel.CONTENT, 180, 80,
     _("The form stands before the download; ask little."), TouchKind.FORM, SHORT),
    (_("Social media post"), Channel.SOCIAL, 30, 40,
     _("A tracking link in each post tells which one worked."), TouchKind.FORM, SHORT),
    (_("Partner mailing"), Channel.PARTNER_SWAP, 30, 30,
     _("Agree who may contact whom; give the partner a link of their own."), TouchKind.FORM, SHORT),
    (_("Website contact form"), Channel.WEBSITE, 365, 200,
     _("Always open: put it on the page “Contact”."), TouchKind.QUOTE_REQUEST, QUOTE),
)  # fmt: skip


def ensure(using="default", **kwargs):
    """Ship the templates where there are none yet."""
    templates = CampaignTemplate.objects.using(using)
    if not templates.exists():
        templates.bulk_create(
            CampaignTemplate(
                name=name, channel=channel, days=days, expected_leads=leads, note=note, form_kind=kind, asked=asked,
                position=position,
            )
            for position, (name, channel, days, leads, note, kind, asked) in enumerate(SHIPPED, 1)
        )  # fmt: skip


def begin(template, *, name, starts_on, budget, with_form, by, at):
    """A campaign after a template, with its capture form. It runs at once when its first day has come.

    Returns (campaign, form or None).
    """
    running = starts_on <= organisation.today(at)
    with transaction.atomic():
        campaign = Campaign.objects.create(
            name=name,
            code=campaigns.propose_code(name),
            status=CampaignStatus.ACTIVE if running else CampaignStatus.PLANNED,
            channel=template.channel,
            owner=by,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=max(template.days - 1, 0)),
            budget=budget,
            currency=organisation.current().currency,
            expected_leads=template.expected_leads,
            expected_revenue=template.expected_revenue,
            note=template.told,
        )
        form = None
        if with_form:
            form = WebForm.objects.create(
                campaign=campaign,
                title=name[:200],
                kind=template.form_kind,
                asked=template.asked,
                created_by=by,
            )
    return campaign, form

"""The channels by which people are reached (capabilities 24 and 25), grouped, and the track that runs each."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    WEBSITE = "website", _("Website")
    SEO = "seo", _("Organic search")
    SEM = "sem", _("Paid search")
    FEED_ADS = "feed_ads", _("Feed ads")
    DISPLAY = "display", _("Display")
    CONTENT = "content", _("Content")
    SOCIAL = "social", _("Social media")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    EXHIBITION = "exhibition", _("Exhibition")
    OWN_EVENT = "own_event", _("Own event")
    WEBINAR = "webinar", _("Webinar")
    MEDIA_RELATIONS = "media_relations", _("Media relations")
    PR = "pr", _("Public relations")
    PARTNER_SWAP = "partner_swap", _("Partner swap")
    DEALER = "dealer", _("Dealer")
    TENDER = "tender", _("Tender")
    REFERRAL = "referral", _("Referral")
    DIRECT = "direct", _("Direct")
    DIRECT_MAIL = "direct_mail", _("Direct mail")
    AFFILIATE = "affiliate", _("Affiliate")
    INBOUND_CALL = "inbound_call", _("Inbound call")
    COLD_CALL = "cold_call", _("Cold call")
    SALES_OWN = "sales_own", _("Sales' own find")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


ONLINE = (
    Channel.WEBSITE,
    Channel.SEO,
    Channel.SEM,
    Channel.FEED_ADS,
    Channel.DISPLAY,
    Channel.CONTENT,
    Channel.SOCIAL,
    Channel.EMAIL,
)
# Whose work somebody is who came by them: sales' own, or neither's of both tracks. All others are run by marketing.
BY_SALES = (Channel.SALES_OWN, Channel.COLD_CALL, Channel.TENDER)
BY_OTHERS = (Channel.DEALER, Channel.REFERRAL, Channel.PARTNER_SWAP, Channel.OTHER, Channel.UNKNOWN)
# Who comes there is met by everybody at once: the clocks wait until a working day after the end.
FAIRS = (Channel.EXHIBITION, Channel.OWN_EVENT, Channel.WEBINAR)
OFFLINE = (
    Channel.EXHIBITION,
    Channel.OWN_EVENT,
    Channel.WEBINAR,
    Channel.MEDIA_RELATIONS,
    Channel.PR,
    Channel.PARTNER_SWAP,
)

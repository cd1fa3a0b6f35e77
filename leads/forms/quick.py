"""Quick-add: what is typed at a booth between two handshakes."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.capture import Captured, Consent
from leads.capture.beside import WARMTH
from leads.models import TouchKind
from leads.webforms import consent
from leads.webforms.asking import REGIONS
from pipeline import files, identities
from pipeline.models import ConsentPurpose
from ui.forms import Form

SOURCE = "quick-add"
PHOTOS = ["jpg", "jpeg", "png", "webp", "heic", "heif"]
HOT, WARM = "hot", "warm"
LONGEST_WAIT = 30 * 24 * 3600  # seconds; a phone whose clock is wrong must not date people years back


class QuickForm(Form):
    """One person met at a campaign. `key` makes a post count once, however often a phone sends it."""

    full_name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    company = forms.CharField(
        label=_("Company"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Mobile"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    wechat = forms.CharField(
        label=_("WeChat"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=320,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    warmth = forms.ChoiceField(
        label=_("How warm?"),
        choices=list(WARMTH.items()),
        initial=WARM,
        widget=forms.RadioSelect,
    )
    card = forms.FileField(
        label=_("Photo of the card"),
        required=False,
        validators=[FileExtensionValidator(PHOTOS)],
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    consent = forms.BooleanField(label=_("Agreed that we keep this and get in touch"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    waited = forms.IntegerField(
        min_value=0, max_value=LONGEST_WAIT, required=False, widget=forms.HiddenInput
    )  # seconds on the phone without a connection, by its own clock

    def __init__(self, *args, campaign, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign, self.user = campaign, user

    def clean_card(self):
        """A photo, and not a film."""
        card = self.cleaned_data["card"]
        if card and card.size > settings.ATTACHMENT_MAX_BYTES:
            raise forms.ValidationError(_("The photo is too large."))
        if card and not files.is_picture(card):
            raise forms.ValidationError(_("This file is no photo."))
        return card

    def clean(self):
        """A card is enough; else a name or a way to reach them."""
        given = super().clean()
        if not any(given.get(name) for name in ("full_name", "phone", "wechat", "email", "card")):
            raise forms.ValidationError(_("Give a name, an address, or a photo of the card."))
        return given

    def wrong(self):
        """The names of the fields to look at first: those refused, else the addresses that are somebody else's."""
        named = [name for name in self.fields if name in self.errors]
        return named or [name for name in ("phone", "wechat", "email") if self.cleaned_data.get(name)]

    def known_as(self):
        """Who was typed in, by the name, else by the first address."""
        given = self.cleaned_data
        return next((given[name] for name in ("full_name", "phone", "wechat", "email") if given[name]), "")

    def captured(self, at):
        """What `leads.capture` takes: hot at the booth raises a hand. An address that cannot be read is kept as it was typed.

        Whoever waited on the phone came, and agreed, that much earlier than `at`.
        """
        given, language, campaign = self.cleaned_data, translation.get_language(), self.campaign
        met_at = at - timedelta(seconds=given["waited"] or 0)
        return Captured(
            **{name: given[name] for name in ("full_name", "company", "phone", "wechat", "email", "note")},
            phone_region=REGIONS.get(language, ""),
            campaign=campaign,
            channel=campaign.channel,
            segment=campaign.segment,
            region=campaign.region,
            product=campaign.product,
            kind=TouchKind.HOT_AT_BOOTH if given["warmth"] == HOT else TouchKind.EVENT,
            attributes={"warmth": given["warmth"], **identities.unreadable(given)},
            at=met_at,
            consents=[self._consent(language, met_at)] if given["consent"] else [],
            source=SOURCE,
            external_id=str(given["key"]),
        )

    def _consent(self, language, at):
        return Consent(
            purpose=ConsentPurpose.SALES,
            basis="consent",
            text_version=consent.SPOKEN,
            language=language,
            evidence={"how": "in person", "by": self.user.pk, "at": at.isoformat()},
        )

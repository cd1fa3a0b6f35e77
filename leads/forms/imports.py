"""Forms of an import: the file, the questions about reading it, and the settings of its mapping."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.currency import CurrencyField
from leads.importing.amounts import DECORATION
from leads.importing.fields import by_name
from leads.models.imports import BY_AGE, ImportKind, ImportMode
from pipeline.models import Campaign
from ui.forms import Form

MODES = [("", BY_AGE), *ImportMode.choices]
SIGNS = [("name", _("Name the currency of their row")), (DECORATION, _("Are decoration"))]


class UploadForm(Form):
    """Which file, and what its rows are."""

    kind = forms.ChoiceField(
        label=_("What are the rows?"), choices=ImportKind.choices, initial=ImportKind.LEADS
    )
    file = forms.FileField(label=_("File"), max_length=255, help_text=_("CSV, .xlsx or .xls"))
    mode = forms.ChoiceField(label=_("Mode"), choices=MODES, required=False)
    campaign = forms.ModelChoiceField(None, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user)

    @property
    def preset(self):
        """What every row is, unless it says otherwise: the campaign that the file was brought to."""
        campaign = self.cleaned_data["campaign"]
        if campaign is None or self.cleaned_data["kind"] != ImportKind.LEADS:
            return {}
        return {"campaign": campaign.code, "channel": campaign.channel}

    def clean_file(self):
        """Refuse what is too large before anything is read."""
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            most = settings.IMPORT_MAX_BYTES // 1_000_000
            raise forms.ValidationError(_("A file has at most %(most)d MB. Split it."), params={"most": most})
        return file


class QuestionForm(Form):
    """One of the readings that the file allows."""

    def __init__(self, *args, name, label, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


class MappingForm(Form):
    """How cells are read, beside the columns."""

    source = forms.CharField(
        label=_("System the keys belong to"),
        max_length=100,
        initial="file",
        help_text=_("The same key from the same system is the same record."),
    )
    currency = CurrencyField(required=False)
    signs = forms.ChoiceField(label=_("Currency signs in amounts"), choices=SIGNS, required=False)
    region = forms.CharField(
        label=_("Country of phone numbers"),
        max_length=2,
        required=False,
        help_text=_("Two letters, such as DE, CN or RU"),
    )
    decimal = forms.ChoiceField(
        label=_("Decimal sign"),
        required=False,
        choices=[("", _("As the file shows")), (".", "1.5"), (",", "1,5")],
    )
    formats = forms.CharField(
        label=_("Format of dates"),
        max_length=60,
        required=False,
        help_text=_("Only where dates can be read in two ways: %d.%m.%Y or %m/%d/%Y"),
    )

    makes_campaigns = forms.BooleanField(
        label=_("Make campaigns that nobody knows yet"),
        required=False,
        help_text=_("Else their rows are refused, with the name that was looked for."),
    )

    def __init__(self, *args, known, user, **kwargs):
        """`known`: the mapping to begin with. Whether campaigns are made is asked where rows may name some."""
        super().__init__(*args, initial=known.spec | {"formats": ""}, **kwargs)
        self.made = known.create
        self.fields["makes_campaigns"].initial = "campaigns" in known.create
        if "campaign" not in by_name(known.kind) or not user.has_perm("pipeline.add_campaign"):
            del self.fields["makes_campaigns"]

    def settings(self):
        """What `drafts.configure` takes. Formats that nobody names are those known for the columns."""
        values = dict(self.cleaned_data, region=self.cleaned_data["region"].upper())
        makes = values.pop("makes_campaigns", "campaigns" in self.made)
        values["create"] = [one for one in self.made if one != "campaigns"] + ["campaigns"] * makes
        values["signs"] = values["signs"] or SIGNS[0][0]
        formats = values.pop("formats")
        return values | ({"formats": [formats]} if formats else {})

"""Forms of companies and contacts."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pipeline import companies, names
from pipeline.forms.base import SpineForm, possible_owners
from pipeline.models import Company, Contact, FieldOwner
from pipeline.names import company_key
from pipeline.own_fields import OwnFieldsForm
from ui.forms import Form
from ui.inline import Inline


class CompanyByName(forms.CharField):
    """A company typed by its name, as #12 by its number, or by both: a list of all would be endless.

    Shown again, one that shares its name with others bears its number, so that saving it unchanged keeps it.
    """

    default_error_messages = {
        "unknown": _("There is no company of this name."),
        "several": _("There are several companies of this name: give the number, such as %(example)s."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 300, "help_text": _("Name, or #number"), **kwargs})

    def prepare_value(self, value):
        if not isinstance(value, int):
            return value
        found = Company.objects.filter(pk=value).values_list("name", "key").first()
        if found is None:
            return ""
        name, key = found
        alike = Company.objects.surviving().filter(key=key).exclude(pk=value)
        return f"{name} #{value}" if alike.exists() else name

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        name, sign, number = text.rpartition("#")
        by_number = sign and number.isdecimal() and len(number) < 19
        wanted = {"pk": int(number)} if by_number else {"key": company_key(text)}
        if by_number and name.strip():
            wanted["key"] = company_key(name)
        found = list(Company.objects.surviving().filter(**wanted)[:2])
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > 1:
            example = {"example": f"#{found[0].pk}"}
            raise ValidationError(self.error_messages["several"], code="several", params=example)
        return found[0]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class CompanyForm(OwnFieldsForm, SpineForm):
    """A company. A new one that looks like one we have is only made when somebody insists."""

    own = FieldOwner.COMPANY
    parent = CompanyByName(label=_("Part of"), required=False)
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Company
        fields = [
            "name", "domain", "tax_id", "country", "segment", "region", "industry", "employees", "sales_owner",
            "marketing_contact", "parent", "is_partner", "key_account",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.doubles = []
        for name in ("sales_owner", "marketing_contact"):
            self.fields[name].queryset = possible_owners()

    def clean_domain(self):
        return companies.bare_domain(self.cleaned_data["domain"])

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent and companies.is_within(parent.pk, {self.instance.pk}):
            raise ValidationError(_("A company cannot be part of itself."))
        return parent

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("name"):
            self.instance.key = company_key(cleaned["name"])
            if self.instance.pk is None and not cleaned.get("anyway"):
                self.doubles = companies.likely_same(cleaned["name"], cleaned.get("domain"))
        if self.doubles:
            raise ValidationError(_("We seem to know this company already."))
        return cleaned

    def keeps_account(self, may_assign):
        """Whether the valid form may be saved: a colleague's account is not taken from them. Adds the error if not."""
        if may_assign or "sales_owner" not in self.changed_data:
            return True
        self.add_error("sales_owner", companies.COLLEAGUES_ACCOUNT)
        return False


COMPANY_FIELDS = (
    "segment", "region", "country", "industry", "employees", "sales_owner", "marketing_contact", "tax_id",
)  # fmt: skip
COMPANY = Inline("pipeline:company-field", "pipeline:company", CompanyForm, COMPANY_FIELDS)


class ContactForm(SpineForm):
    """Who a person is. How they are reached is kept as identities."""

    company = CompanyByName(label=_("Company"), required=False)

    class Meta:
        model = Contact
        fields = [
            "full_name",
            "given_name",
            "family_name",
            "job_title",
            "company",
            "country",
            "city",
            "region",
        ]

    def clean(self):
        """A name stays in one piece, whichever of it is told."""
        given = super().clean()
        try:
            return given | names.settled(vars(self.instance), given)
        except names.Apart as apart:
            for name in apart.parts:
                self.add_error(name, str(apart))
            return given


class FileForm(Form):
    """A file of at most 20 MB."""

    file = forms.FileField(label=_("File"), max_length=255)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.ATTACHMENT_MAX_BYTES:
            raise ValidationError(_("A file has at most 20 MB."))
        return file

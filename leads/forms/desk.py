"""The desk's form of one lead: the agreed questions, who it is, and what the desk makes of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Segment
from leads import terms
from leads.fields import ATTRIBUTE
from leads.forms.reach import UNREADABLE
from leads.models import Grade, Question
from pipeline import calling, companies, identities, names
from pipeline.models import FieldOwner, Identity, Product
from pipeline.own_fields import NEEDED, PREFIX, defined, form_field, kept, known_values
from ui.conflicts import Shared
from ui.forms import Form

# A field for an address, and the kinds of address that make it needless.
ADDRESSES = {"email": {"email", "role_email"}, "phone": {"mobile", "phone"}, "wechat": {"wechat"}}


class DeskForm(Shared, Form):
    """What the desk completes before a lead is ready: facts, the agreed questions, the grade with its reason."""

    full_name = forms.CharField(label=_("Full name"), max_length=300, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    company = forms.CharField(label=_("Company"), max_length=300, required=False)
    country = forms.CharField(label=_("Country"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    segment = forms.ModelChoiceField(Segment.objects.all(), label=_("Segment"), required=False)
    region = forms.ModelChoiceField(Region.objects.all(), label=_("Region"), required=False)
    product = forms.ModelChoiceField(Product.objects.filter(active=True), label=_("Product"), required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=320, required=False)
    phone = forms.CharField(label=_("Mobile"), max_length=60, required=False)
    wechat = forms.CharField(label=_("WeChat"), max_length=100, required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    grade_reason = forms.CharField(label=_("Why another grade than proposed"), max_length=300, required=False)

    def __init__(self, *args, lead, proposed="", **kwargs):
        self.lead, self.proposed, self.new_addresses = lead, proposed, {}
        self.questions = list(Question.objects.filter(active=True))
        self.own_fields = defined(FieldOwner.LEAD)
        super().__init__(*args, initial=self._known(), **kwargs)
        as_proposed = (_("%(grade)s, as proposed") % {"grade": proposed}) if proposed else _("As proposed")
        self.fields["grade"].choices = [("", as_proposed), *Grade.choices]
        for question in self.questions:
            name = f"answer-{question.code}"
            self.fields[name] = forms.CharField(
                label=str(question), max_length=500, required=self._asks(question)
            )
        for field in self.own_fields:
            self.fields[f"{PREFIX}{field.code}"] = form_field(field)
        known = {identity.kind for identity in lead.contact.identities.all()}
        for name, kinds in ADDRESSES.items():
            if known & kinds:
                del self.fields[name]
        self._tell_what_is_needed()

    def _tell_what_is_needed(self):
        """What the agreement wants of a ready lead says so, beside the own fields that do already."""
        agreed = {name.removeprefix("contact.") for name in terms.lately().required_fields}
        named = {name.replace(ATTRIBUTE, PREFIX) for name in agreed}
        named.update(f"answer-{one.code}" for one in self.questions if one.required)
        for name in named & set(self.fields) | (set() if self.proposed else {"grade"}):
            self.fields[name].needed = NEEDED

    def shared_records(self):
        """Several people may be at the same lead, or at its contact."""
        return [self.lead, self.lead.contact]

    def fields_of(self, wanted):
        """The bound fields of the names `wanted` that the form has, in that order."""
        return [self[name] for name in wanted if name in self.fields]

    @property
    def answers(self):
        """The agreed questions."""
        return self.fields_of([f"answer-{question.code}" for question in self.questions])

    @property
    def person(self):
        """Who it is; addresses only where none of the kind is known."""
        return self.fields_of(["full_name", "job_title", "company", "country", "city", *ADDRESSES])

    @property
    def judgement(self):
        """What the desk makes of it."""
        own = [f"{PREFIX}{field.code}" for field in self.own_fields]
        return self.fields_of(["grade", "grade_reason", "segment", "region", "product", *own])

    def _asks(self, question):
        """Whether an answer is wanted now: an unfinished page may be saved, but not handed over."""
        return question.required and (not self.is_bound or "ready" in self.data)

    def clean(self):
        """Another grade than proposed needs its reason."""
        given = super().clean()
        grade = given.get("grade")
        if grade and grade != self.proposed and not given.get("grade_reason", "").strip():
            self.add_error("grade_reason", _("Say why the grade is another one than proposed."))
        for name in ADDRESSES:
            if given.get(name):
                self._address(name, given[name])
        return given

    def _address(self, name, written):
        """Note a new address; one that cannot be read, or is another person's, is refused."""
        read = self._number(written) if name == "phone" else identities.READ[name](written)
        if read is None:
            self.add_error(name, UNREADABLE[name])
            return
        kind, value = read
        other = Identity.objects.filter(kind=kind, value=value).select_related("contact").first()
        if other and other.contact_id != self.lead.contact_id:
            told = _("It is %(name)s's. If they are one person, merge them.") % {"name": other.contact}
            self.add_error(name, told)
        else:
            self.new_addresses[kind, value] = written

    def _number(self, written):
        firm, given = self.lead.contact.company, self.cleaned_data
        same = firm and firm.name == given.get("company")
        return calling.phone(written, given.get("country", ""), firm.country if same else "")

    def save(self):
        """Write facts, answers and grade; a company is found by its name, or made."""
        given, lead = self.cleaned_data, self.lead
        contact = lead.contact
        facts = {name: given[name] for name in ("job_title", "country", "city")}
        facts |= names.settled(vars(contact), {"full_name": given["full_name"]})
        for name, value in facts.items():
            setattr(contact, name, value)
        contact.company = _company(given["company"], contact.company)
        contact.save(update_fields=[*facts, "company", "updated_at"])
        for (kind, value), written in self.new_addresses.items():
            contact.identities.get_or_create(kind=kind, value=value, defaults={"raw": written[:320]})
        for name in ("segment", "region", "product", "grade", "grade_reason"):
            setattr(lead, name, given[name])
        lead.answers = {**lead.answers, **self._answers()}
        lead.attributes = kept(self.own_fields, given, lead.attributes)
        facts = ["segment", "region", "product", "grade", "grade_reason", "answers", "attributes"]
        lead.save(update_fields=[*facts, "updated_at"])

    def _answers(self):
        return {question.code: self.cleaned_data[f"answer-{question.code}"] for question in self.questions}

    def _known(self):
        lead, contact = self.lead, self.lead.contact
        known = {
            "full_name": contact.full_name,
            "job_title": contact.job_title,
            "company": contact.company.name if contact.company else "",
            "country": contact.country,
            "city": contact.city,
            "segment": lead.segment_id,
            "region": lead.region_id,
            "product": lead.product_id,
            "grade": lead.grade,
            "grade_reason": lead.grade_reason,
        }
        known |= known_values(self.own_fields, lead.attributes)
        return known | {
            f"answer-{question.code}": lead.answers.get(question.code, "") for question in self.questions
        }


def _company(name, current):
    """The company of a name as typed; the current one while its name stands."""
    name = name.strip()
    if not name or (current and current.name == name):
        return current if name else None
    return companies.called(name)

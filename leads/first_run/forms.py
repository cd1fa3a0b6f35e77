"""The wizard's forms, one a step. Each `keep(by, at)` saves what was said."""

from babel.core import get_global
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import holidays, organisation, people
from accounts.doors import hold
from accounts.forms.house import CalendarForm, OrganisationForm
from accounts.forms.people import PersonForm
from accounts.models import Organisation, Role, Team, Track, WorkingCalendar
from leads.first_run import STEPS, is_empty, pasting, presets
from ui import formats
from ui.forms import Form

COLLEAGUES = (Role.MARKETING, Role.SALES, Role.SALES)  # as the rows begin
WORK = [(role, role.label) for role in (Role.MARKETING, Role.SALES, Role.MANAGER, Role.FINANCE, Role.ADMIN)]


class HouseForm(OrganisationForm):
    """Who we are, what we count in, and the tax on what we sell."""

    class Meta(OrganisationForm.Meta):
        fields = ["name", "language", "currency", "tax_percent", "zone", "week_start", "fiscal_year_start"]
        help_texts = {
            "currency": _("Reports count in it. It stays as it is once money is recorded."),
            "tax_percent": _(
                "Amounts in Tandem are net of tax; prices that include it are converted with this."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.setup_step <= 1 and is_empty():
            self._propose()  # sent back too, or what was proposed would look changed by somebody else

    def _propose(self):
        """What nobody has set yet begins as is usual where the reader's language is spoken."""
        usual = {"language": formats.language(), **presets.USUAL.get(formats.language(), {})}
        for name, value in usual.items():
            if getattr(self.instance, name) == Organisation._meta.get_field(name).default:
                self.initial[name] = value

    def keep(self, by, at):
        """Save; whoever sets up reads in the organisation's language from now on unless they chose one."""
        self.save()
        organisation.forget()


class OfficeForm(CalendarForm):
    """The working hours by which the clocks run."""

    def __init__(self, data=None):
        office = WorkingCalendar.objects.order_by("pk").first() or WorkingCalendar(name="Office")
        super().__init__(data, instance=_as_it_stands(office, data))
        ours = organisation.current()
        if office.zone == "UTC":
            self.initial["zone"] = ours.zone
        if not office.country and ours.setup_step <= STEPS.index("calendar") + 1:
            self.initial["country"] = get_global("zone_territories").get(self.initial["zone"], "")

    def keep(self, by, at):
        """Save the calendar with the holidays of this year and the next; teams without one take it."""
        office = self.save()
        holidays.fill_ahead(office, organisation.today(at))
        Team.objects.filter(calendar=None).update(calendar=office)


class WayForm(Form):
    """How the house sells, and who leads."""

    preset = forms.ChoiceField(
        label=_("How do you sell?"),
        choices=[(name, preset.label) for name, preset in presets.PRESETS.items()],
        widget=forms.RadioSelect,
        initial="sales",
    )
    heads = forms.TypedChoiceField(
        label=_("Who leads marketing and sales?"),
        coerce=int,
        choices=[
            (1, _("One person leads both: we start simple")),
            (2, _("Two heads, who sign an agreement")),
        ],
        widget=forms.RadioSelect,
        initial=2,
    )

    def keep(self, by, at):
        """Set the level and the first agreement."""
        presets.take(self.cleaned_data["preset"], self.cleaned_data["heads"])


class ColleaguesForm(Form):
    """Up to three colleagues; each gets a link to set a password."""

    def __init__(self, data=None):
        super().__init__(data)
        for number, role in enumerate(COLLEAGUES, 1):
            self.fields[f"name{number}"] = forms.CharField(
                label=pgettext_lazy("of a person", "Name"), max_length=200, required=False
            )
            self.fields[f"email{number}"] = forms.EmailField(label=_("E-mail"), required=False)
            self.fields[f"role{number}"] = forms.ChoiceField(
                label=_("Role"), choices=WORK, required=False, initial=role
            )

    def clean(self):
        """A colleague needs a name and an address that nobody has yet."""
        cleaned = super().clean()
        self.new, known = [], set()
        for number in range(1, len(COLLEAGUES) + 1):
            said = [cleaned.get(f"{part}{number}") or "" for part in ("name", "email")]
            if not any(said):
                continue
            data = {"full_name": said[0], "email": said[1], "role": cleaned.get(f"role{number}")}
            person = PersonForm(data)
            for part, field in (("name", "full_name"), ("email", "email")):
                for error in person.errors.get(field, []):
                    self.add_error(f"{part}{number}", error)
            self.new.append(person)
            address = said[1].strip().lower()
            if address and address in known:
                self.add_error(f"email{number}", _("Two of them have the same address."))
            known.add(address)
        return cleaned

    def keep(self, by, at):
        """Invite them, into a first team of their track."""
        teams = {track: self._team(track) for track in Track}
        for person in self.new:
            user = person.save(commit=False)
            track = Track.MARKETING if user.role == Role.MARKETING else Track.SALES
            user.team = teams[track] if user.role in (Role.MARKETING, Role.SALES, Role.MANAGER) else None
            people.invite(user, at)

    def _team(self, track):
        calendar = WorkingCalendar.objects.order_by("pk").first()
        return Team.objects.filter(track=track).order_by("pk").first() or Team.objects.create(
            name=str(Track(track).label), track=track, calendar=calendar
        )


class ProductsForm(Form):
    """What we sell, pasted."""

    lines = forms.CharField(
        label=_("One product a line: name, price, unit cost"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        required=False,
        help_text=_(
            "Copy the columns from a sheet, or put semicolons between them. The cost may be left out."
        ),
    )
    gross = forms.BooleanField(label=_("These prices include tax"), required=False)

    def clean(self):
        """Read the lines; prices become net."""
        cleaned = super().clean()
        house = organisation.current()
        tax = house.tax_percent if cleaned.get("gross") else 0
        try:
            self.read = pasting.read(cleaned.get("lines") or "", house.currency, tax)
        except pasting.Unreadable as error:
            self.add_error("lines", str(error))
        return cleaned

    def keep(self, by, at):
        """Enter the products. Returns what to say of it, in words."""
        found = pasting.keep(self.read, organisation.current().currency, organisation.today(at))
        return pasting.told(*found) if self.read else ""


class FilesForm(Form):
    """Nothing to say: files are brought on their own page, and the wizard waits."""

    def keep(self, by, at):
        """Nothing to keep."""


class LiveForm(Form):
    """The day from which figures count, and whether offers are only suggested until then."""

    shadow = forms.BooleanField(
        label=_("A shadow week first"),
        required=False,
        initial=True,
        help_text=_(
            "Until that day leads are graded and offers only suggested: no clocks run and nobody gets a notice. "
            "A page shows what would have happened."
        ),
    )
    live_on = forms.DateField(
        label=_("Figures count from"),
        help_text=_("Reports are by month: they begin with the first day of the month that you choose here."),
    )

    def clean(self):
        """A shadow ends on a day that is still to come."""
        said = super().clean() or self.cleaned_data
        day = said.get("live_on")
        if said.get("shadow") and day and day <= organisation.today(timezone.now()):
            self.add_error(
                "live_on", _("A shadow week ends on a day to come: choose one, or leave the shadow out.")
            )
        return said

    def keep(self, by, at):
        """Set both."""
        Organisation.objects.update(**self.cleaned_data)
        organisation.forget()


def _as_it_stands(thing, data):
    """What is looked at and saved in one transaction nobody else changes meanwhile."""
    return hold(thing) if data is not None and thing.pk else thing


FORMS = {
    "house": lambda data: HouseForm(data, instance=_as_it_stands(Organisation.objects.get(), data)),
    "calendar": OfficeForm,
    "way": WayForm,
    "people": ColleaguesForm,
    "products": ProductsForm,
    "files": FilesForm,
    "live": LiveForm,
}

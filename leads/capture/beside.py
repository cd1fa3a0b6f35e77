"""What somebody tells that finds no place of its own beside what is known of them: nothing of it is lost.

The first company of another name is an attribute of the pass; whatever else differs is said in the touch's note.
"""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipeline.names import company_key

WARMTH = {"hot": gettext_lazy("Hot"), "warm": gettext_lazy("Warm"), "cold": gettext_lazy("Cold")}
# attributes that we give ourselves: {key: (label, {value: in words})}
OURS = {"warmth": (gettext_lazy("Warmth"), WARMTH)}
COMPANY = "company"  # the attribute with the name as it was given, where the person belongs to a company of another name


def keep(person, known, *, named, at_home, company_id):
    """The person with all they told in a place. `named` and `at_home` are the companies of that name and web domain,
    `company_id` the one of a new person."""
    told = _facts(person, known)
    home = known.company_id or company_id
    if person.company and home != named:
        attributes = {COMPANY: person.company, **person.attributes, **known.attributes}
        if company_key(str(attributes[COMPANY])) == company_key(person.company):
            person = replace(person, attributes={COMPANY: person.company} | person.attributes)
        else:
            told[_("Company")] = person.company
    if person.company_domain and known.company_id and known.company_id != at_home:
        told[_("Web domain")] = person.company_domain
    for name, value in person.attributes.items():
        if name in known.attributes and known.attributes[name] != value:
            label, words = OURS.get(name, (name, {}))
            told[str(label)] = words.get(str(value), value)
    return replace(person, note=noted(person.note, told))


def noted(note, told):
    """The note, with a line for each (label, value) that it does not say already."""
    said = set(note.replace(" / ", "\n").split("\n"))
    lines = [f"{label}: {value}" for label, value in told.items() if str(value) not in said]
    return "\n".join(filter(None, [note, *lines]))


def _facts(person, known):
    """{label: value} of what is told of a known person, and of a pass that goes on, unlike what stands there."""
    names = {
        "full_name": _("Full name"),
        "job_title": _("Job title"),
        "country": _("Country"),
        "city": _("City"),
    }
    told = {label: getattr(person, name) for name, label in names.items() if _differs(person, known, name)}
    parts = {"given_name": _("Given name"), "family_name": _("Family name")}
    told |= {
        label: getattr(person, name)
        for name, label in parts.items()
        if _differs(person, known, name) and getattr(person, name) not in person.full_name
    }
    if known.lead_id is None:
        return told
    choices = {"product": _("Product"), "segment": _("Segment"), "region": _("Region")}
    for name, label in choices.items():
        choice = getattr(person, name)
        if choice is not None and choice.pk != known.facts.get(f"{name}_id"):
            told[label] = choice
    if _differs(person, known, "source_text", also_empty=True):
        told[_("Source")] = person.source_text
    return told


def _differs(person, known, name, also_empty=False):
    """Whether something else is told than stands there; what was empty is filled in, or, if `also_empty`, is not."""
    said, stands = _plain(getattr(person, name)), _plain(known.facts.get(name) or "")
    return bool(said) and said != stands and (also_empty or bool(stands))


def _plain(text):
    return " ".join(text.split()).casefold()

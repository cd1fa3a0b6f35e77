"""Filters and tags of every page: `{% load ui %}`. Filters answer "–" for None."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.forms import CheckboxInput
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ui import changes, charts, formats, offline, shell
from ui.icons import icon as render_icon
from ui.words import breakable

register = template.Library()

for name in (
    "number",
    "short_number",
    "percent",
    "times",
    "day",
    "month",
    "moment",
    "clock",
    "country_name",
    "duration",
    "hundredths",
    "phone",
):
    register.filter(name, getattr(formats, name))
register.filter("breakable", breakable)
register.filter("money", formats.money)
register.filter("short_money", formats.short_money)


@register.simple_tag(takes_context=True)
def printed(context):
    """Whose page it is and as of when, for paper: the house and the moment of the page."""
    house = getattr(context.get("organisation"), "name", "")
    return " · ".join(filter(None, [house, formats.moment(timezone.now())]))


@register.filter
def chosen(form):
    """What a list is narrowed to by the form of its filters, in words, for paper."""
    if not (form.is_bound and form.is_valid()):
        return ""
    told = ((one.label, _words(one, form.cleaned_data.get(one.name))) for one in form.visible_fields())
    return ", ".join(f"{label}: {words}" for label, words in told if words)


def _words(field, value):
    """What is chosen in a field: the labels of choices, the names of records, else what was typed; "" where nothing is."""
    if isinstance(value, bool):
        ticked = isinstance(field.field.widget, CheckboxInput)  # an empty box narrows nothing
        return _("yes") if value else "" if ticked else _("no")
    asked = [one for one in (value if isinstance(value, (list, tuple)) else [value]) if one not in (None, "")]
    labels: dict[str, str] = {}
    if any(isinstance(one, str) for one in asked):  # a record brings its name: its choices are not read again
        labels = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    return ", ".join(
        _span(one) if isinstance(one, slice) else labels.get(str(one), str(one)) for one in asked
    )


def _span(chosen):
    """From and to of a range, either of which may be open: "1 Oct 2026 – 31 Dec 2026"."""
    ends = (chosen.start, chosen.stop)
    told = (formats.day(one) if isinstance(one, datetime) else one for one in ends)
    return " – ".join("" if one is None else str(one) for one in told).strip()


@register.filter
def filled(form):
    """In how many fields of a list's filters, beside the search, something is chosen."""
    if not form.is_bound:
        return 0
    values = (one.data for one in form.visible_fields() if one.name != "q")
    return sum(any(value) if isinstance(value, (list, tuple)) else bool(value) for value in values)


@register.filter
def tenths(value):
    """One place: 12.345 → "12.3"."""
    return formats.number(value, 1)


@register.filter
def rate(value):
    """An exchange rate: four places, more where it has them: 7.9590, 0.01234567."""
    return formats.number(value, max(4, -value.normalize().as_tuple().exponent))


@register.filter
def signed_tenths(value):
    """A difference: 12.345 → "+12.3"."""
    return formats.number(value, 1, sign=True)


@register.filter
def signed_percent(ratio):
    """Growth: 0.124 → "+12.4%"."""
    return formats.percent(ratio, sign=True)


@register.simple_tag
def icon(name, size=18):
    """A Lucide icon, hidden from screen readers: {% icon "phone" %}."""
    return render_icon(name + "", int(size))


@register.simple_tag(takes_context=True)
def kept(context, template):
    """A part of the shell, rendered once for each person: {% kept "ui/side.html" %}."""
    return mark_safe(shell.part(template, context))


@register.filter
def short_day(value):
    """A day near now without its year; one that is half a year away with it: "21 Nov", "21 Nov 2027"."""
    return formats.near_day(value, timezone.localdate())


@register.filter
def ago(value):
    """How long ago or how soon, with the exact moment as its tip: {{ lead.created_at|ago }}."""
    if value is None:
        return formats.EMPTY
    exact = formats.moment(value) if hasattr(value, "hour") else formats.day(value)
    words = formats.ago(value, timezone.localtime())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, words)


@register.filter
def grade(value):
    """The grade A–D as a badge; "–" for none."""
    if not value:
        return formats.EMPTY
    return _grade(str(value), get_language())


@lru_cache(maxsize=64)
def _grade(value, _language):
    label = _("Grade %(grade)s") % {"grade": value}
    return format_html('<span class="grade grade-{}" title="{}">{}</span>', value.lower(), label, value)


@register.simple_tag
def judgement(grade_set, fit, engagement):
    """A grade with what the machine sees behind it, fit A–D × engagement 1–4: {% judgement lead.grade "B" 2 %}."""
    tip = _("Fit %(fit)s (A is best), engagement %(engagement)s (1 is hottest)") % {
        "fit": fit or formats.EMPTY,
        "engagement": engagement or formats.EMPTY,
    }
    behind = f"{fit or formats.EMPTY}{engagement or formats.EMPTY}"
    return format_html('<span class="judgement" data-tip="{}">{}{}</span>', tip, grade(grade_set), behind)


@register.simple_tag
def last_changed(record):
    """Who changed a record last, and when; nothing while nobody has: {% last_changed form.instance %}."""
    found = changes.latest(record) if record and record.pk else None
    if found is None:
        return ""
    who, at = found
    said = {"who": who or _("Somebody"), "when": formats.moment(at)}
    return format_html('<p class="quiet last-changed">{}</p>', _("Last changed by %(who)s, %(when)s.") % said)


@register.filter
def keeper(user):
    """The name of the user's own store of pages in the browser."""
    return offline.keeper(user)


@register.filter
def words(text):
    """The words of a text, to loop over."""
    return text.split()


@register.filter(name="list")
def values(query, name):
    """All values of a name in a query: {{ request.GET|list:"columns" }}."""
    return query.getlist(name)


@register.filter
def module(name):
    """The static path of one of the shell's scripts."""
    return f"ui/{name}.js"


@register.filter
def sparkline(values):
    """A small line of the last periods, for a tile."""
    return charts.sparkline(values)


@register.simple_tag
def avatar(user, large=False):
    """The initials of a person in a circle; their name is the tip."""
    size = " large" if large else ""
    return format_html(
        '<span class="avatar{}" title="{}" aria-hidden="true">{}</span>', mark_safe(size), user, user.initials
    )

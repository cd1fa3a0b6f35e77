"""A sign of use as people read it: "use fell from 40 to 9 hours a week since 3 October"."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.models import UsageKind
from ui import formats


def sentence(sign):
    """What the sign says; its unit's product tells what use is counted in."""
    return SAID[sign.kind](sign.facts, sign.unit.product.usage_unit)


def asked(rule):
    """When a rule finds its sign."""
    days = ngettext("%(days)s day", "%(days)s days", rule.days) % {"days": rule.days}
    said = {
        UsageKind.FALLING: _("The last %(days)s: at most %(percent)s of a week before"),
        UsageKind.SILENT: _("No use for %(days)s"),
        UsageKind.ERRORS: _("%(errors)s within %(days)s"),
        UsageKind.ENDING: _("Life, sale or service ends within %(days)s"),
    }
    errors = ngettext("%(n)s error", "%(n)s errors", rule.errors) % {"n": formats.number(rule.errors)}
    return said[rule.kind] % {
        "days": days,
        "errors": errors,
        "percent": formats.percent(rule.percent / 100, places=0),
    }


def _falling(facts, counted):
    told = {
        "before": formats.number(facts["before"]),
        "now": formats.number(facts["now"]),
        "day": _day(facts["since"]),
    }
    if counted:
        return _("Use fell from %(before)s to %(now)s %(unit)s a week since %(day)s") % {
            **told,
            "unit": counted,
        }
    return _("Use fell from %(before)s to %(now)s a week since %(day)s") % told


def _silent(facts, counted):
    return _("Not used since %(day)s") % {"day": _day(facts["since"])}


def _errors(facts, counted):
    days = ngettext("in the last %(days)s day", "in the last %(days)s days", facts["days"]) % {
        "days": facts["days"]
    }
    errors = ngettext("%(n)s error", "%(n)s errors", facts["errors"]) % {"n": formats.number(facts["errors"])}
    return _("%(errors)s %(when)s") % {"errors": errors, "when": days}


def _ending(facts, counted):
    said = {
        "life": _("Its life ends on %(day)s"),
        "service": _("We serve it until %(day)s"),
        "sale": _("We sell it until %(day)s"),
    }
    return said[facts["why"]] % {"day": _day(facts["on"])}


def _day(written):
    return formats.day(date.fromisoformat(written))


SAID = {
    UsageKind.FALLING: _falling,
    UsageKind.SILENT: _silent,
    UsageKind.ERRORS: _errors,
    UsageKind.ENDING: _ending,
}

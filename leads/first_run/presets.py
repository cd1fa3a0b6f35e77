"""Three ways to sell, as first values of the agreement, and what one head or two mean for the depth shown."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.models import Organisation
from accounts.models.organisation import Level
from leads import terms
from leads.models import Agreement


@dataclass(frozen=True)
class Preset:
    """A way to sell; `terms` are values of the agreement's first version."""

    label: str | Promise
    meaning: str | Promise
    terms: dict


def _minutes(a, b, c, d, hand, inquiry):
    return {"A": a, "B": b, "C": c, "D": d, "hand": hand, "inquiry": inquiry}


PRESETS = {
    "sales": Preset(
        _("Sales-led, B2B"),
        _("Reps find half of the leads themselves; marketing brings fewer and better ones."),
        {
            "sales_from": "sql",
            "fit_floor": "B",
            "engagement_floor": 3,
            "touches_floor": 1,
            "owed_sqls": 20,
        },
    ),
    "marketing": Preset(
        _("Marketing-led"),
        _("Campaigns bring many leads; they warm up before sales hears of them, and answers are fast."),
        {
            "sales_from": "sql",
            "fit_floor": "B",
            "engagement_floor": 2,
            "touches_floor": 2,
            "owed_sqls": 60,
            "answer_minutes": _minutes(30, 120, 480, 960, 15, 120),
            "desk_minutes": {"A": 60, "B": 120, "C": 480, "D": 960, "hand": 30},
        },
    ),
    "accounts": Preset(
        _("Key accounts, with dealers"),
        _("Few, large customers: every one of them is looked at, and stays with whoever looks after it."),
        {
            "sales_from": "ready",
            "fit_floor": "B",
            "engagement_floor": 4,
            "touches_floor": 1,
            "owed_sqls": 10,
            "protection_days": 90,
            "answer_minutes": _minutes(240, 480, 960, 1920, 60, 120),
        },
    ),
}


# What a house begins with where a language is spoken, beside English: the currency, the usual tax in %, the capital's zone.
USUAL = {
    "ru": {"currency": "RUB", "tax_percent": Decimal(22), "zone": "Europe/Moscow"},
    "zh-hans": {"currency": "CNY", "tax_percent": Decimal(13), "zone": "Asia/Shanghai"},
}


def take(name, heads):
    """Set the preset `name` (a key of PRESETS) and the level for one head or two.

    The first version of the agreement changes only while nobody has signed it in person: later ones are drafted and
    signed. Returns whether it changed.
    """
    level = Level.START if heads == 1 else Level.TEAM
    Organisation.objects.update(level=level)
    organisation.forget()
    first = Agreement.objects.filter(version=1).exclude(signatures__user__isnull=False)
    if Agreement.objects.filter(version__gt=1).exists():
        return False
    changed = Agreement.objects.filter(pk__in=first.values("pk")).update(**PRESETS[name].terms)
    terms.lately.forget()
    return bool(changed)

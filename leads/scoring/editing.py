"""Changing a draft of a scorecard: its rules, its thresholds, what touches weigh. Pages and the API call these."""

import itertools

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Region, Segment
from leads import fields, grading
from leads.models import ScoreModel, ScoreRule, TouchKind, TouchWeight
from leads.models.score import Operator
from leads.scoring import rules
from leads.scoring.versions import NotNow
from pipeline.channels import Channel
from pipeline.models import Campaign, Product

CODES = {
    "segment": lambda: Segment.objects.values_list("code", flat=True).order_by("code"),
    "region": lambda: Region.objects.values_list("code", flat=True).order_by("code"),
    "product": lambda: Product.objects.values_list("code", flat=True).order_by("code"),
    "campaign": lambda: Campaign.objects.values_list("code", flat=True).order_by("-pk"),
    "channel": lambda: Channel.values,
}
MOST_NAMED = 20


def drafted(model):
    """The draft locked for a change, in the caller's transaction. Raises NotNow for a version that was published."""
    fresh = ScoreModel.objects.select_for_update().get(pk=model.pk)
    if not fresh.is_draft:
        raise NotNow(_("A published version is never changed: make a draft of it."))
    return fresh


def rule(model, **said):
    """An unsaved rule of `model`: field, operator, value, points, group. Raises ValueError with what is wrong with it."""
    made = ScoreRule(model=model, position=model.rules.count() + 1, **said)
    rules.condition(made, fields.Bound())
    if not made.points:
        raise ValueError(_("A rule gives points or takes some: 0 does neither."))
    _insist_on_codes(made)
    return made


def _insist_on_codes(made):
    """Raises ValueError where the rule asks for a code that no record has, so that it could hold for nobody."""
    known = CODES.get(made.field)
    if known is None or made.operator not in (Operator.IS, Operator.IN):
        return
    there = [str(code) for code in known()]
    asked = made.value if isinstance(made.value, list) else [made.value]
    lowered = {code.lower() for code in there}
    if strange := [str(one) for one in asked if str(one).lower() not in lowered]:
        said = {
            "field": fields.label(made.field),
            "value": strange[0],
            "known": ", ".join(there[:MOST_NAMED]),
        }
        raise ValueError(_("%(field)s “%(value)s” does not exist. There are: %(known)s.") % said)


def add_rule(made, cap=None):
    """Store a rule in its draft; `cap` is the most that its group gives from now on."""
    with transaction.atomic():
        draft = drafted(made.model)
        made.save()
        if cap is not None:
            draft.caps = {**draft.caps, made.group: cap}
            draft.save(update_fields=["caps"])
    return made


def remove_rule(model, rule_id):
    """Take a rule out of a draft. Returns whether it was there."""
    with transaction.atomic():
        return bool(ScoreRule.objects.filter(model=drafted(model), pk=rule_id).delete()[0])


def disorder(steps):
    """Why these floors (best first) cannot be; empty where each is higher than the next."""
    if all(above > below for above, below in itertools.pairwise(steps)):
        return ""
    return _("The better one needs more points than the next.")


def set_thresholds(model, *, name, half_life, fit_floors, engagement_floors):
    """Change a draft's name, half-life in days and floors: {"A": points …}, {"1": points …}. Raises ValueError."""
    for floors, keys in ((fit_floors, grading.LETTERS), (engagement_floors, map(str, grading.DIGITS))):
        if why := disorder([floors[key] for key in list(keys)[:-1]]):
            raise ValueError(why)
    with transaction.atomic():
        draft = drafted(model)
        draft.name, draft.half_life = name, half_life
        draft.fit_floors, draft.engagement_floors = fit_floors, engagement_floors
        draft.save(update_fields=["name", "half_life", "fit_floors", "engagement_floors"])


def set_fit_floors(model, floors):
    """Change only a draft's floors of fit."""
    with transaction.atomic():
        draft = drafted(model)
        draft.fit_floors = floors
        draft.save(update_fields=["fit_floors"])


def set_weights(model, weights):
    """Replace a draft's weights: {kind: (points of a touch, the most a day or None)}; nothing and 0 weigh nothing.

    Without a ceiling one touch of the kind counts a day.
    """
    rows = [
        TouchWeight(model=model, kind=kind, weight=weight, daily_cap=weight if cap is None else cap)
        for kind, (weight, cap) in weights.items()
        if weight and kind in TouchKind.values
    ]
    with transaction.atomic():
        drafted(model).weights.all().delete()
        TouchWeight.objects.bulk_create(rows)

"""What a deal stage asks before a deal may enter it: a fixed vocabulary, judged for many deals in one statement.

DealStage.asks holds names of ASKS, and "field:code" for a field of the house's own (capability 11).
"""

from itertools import chain

from django.db.models import Case, Count, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from pipeline.models import (
    Attachment,
    CustomField,
    Deal,
    DealContact,
    DealContactRole,
    DealLine,
    DealStage,
    FieldOwner,
    Outcome,
    Step,
)

OF_DEAL = OuterRef("pk")
# name: (what is asked, the place on the deal's page or form where it is entered, when it holds)
ASKS = {
    "decides": (
        _("somebody who decides is known"), "#people",
        Exists(DealContact.objects.filter(deal=OF_DEAL, role=DealContactRole.DECIDES)),
    ),
    "lines": (_("the deal has product lines"), "#lines", Exists(DealLine.objects.filter(deal=OF_DEAL))),
    "step": (_("a next step is planned"), "#steps", Exists(Step.objects.filter(deal=OF_DEAL, done_at=None))),
    "close": (_("the day of expected close is set"), "edit/", Q(expected_close__isnull=False)),
    "amount": (_("the amount is more than nothing"), "edit/", Q(amount__gt=0)),
    "company": (_("the company is known"), "edit/", Q(company__isnull=False)),
    "product": (_("the product is known"), "edit/", Q(product__isnull=False)),
    "file": (_("a file is attached"), "#files", Exists(Attachment.objects.filter(deal=OF_DEAL))),
}  # fmt: skip
FIELD = "field:"
AHEAD = ("step",)  # asked of what goes on: a deal that ends needs no next step


def vocabulary():
    """{name: (what is asked, where it is entered, when it holds)}: ASKS and the deals' own fields that are in use."""
    own = CustomField.objects.filter(on=FieldOwner.DEAL, active=True)
    return ASKS | {
        f"{FIELD}{field.code}": (_("“%(field)s” is filled in") % {"field": field}, "edit/", _filled(field.code))
        for field in own
    }  # fmt: skip


def lacking(deal, stage):
    """[(what is asked, where it is entered)] that the deal lacks for a stage; nothing where it goes back.

    On the way forward, and to the win, it is asked what the stages in between ask, too: who leaps over a gate passes it.
    A loss asks what the stage of lost deals asks.
    """
    wanted = _wanted(deal, stage)
    known = vocabulary() if any(name.startswith(FIELD) for name in wanted) else ASKS
    asked = [name for name in wanted if name in known]
    holds = [_holds(known[name][2]) for name in asked]
    row = Deal.objects.filter(pk=deal.pk).values_list(*holds).first() if holds else None
    return [known[name][:2] for name, held in zip(asked, row or (), strict=False) if not held]


def _wanted(deal, stage):
    if stage.outcome == Outcome.OPEN:
        back = deal.stage_id and stage.position <= deal.stage.position
        return [] if back else _on_the_way(deal, stage)
    asked = stage.asks if stage.outcome == Outcome.LOST else _on_the_way(deal, stage)
    return [name for name in asked if name not in AHEAD]


def _on_the_way(deal, stage):
    """What the open stages from behind that of the deal up to `stage` ask, each thing once."""
    if not deal.stage_id:
        return stage.asks
    between = DealStage.objects.open().filter(position__gt=deal.stage.position)
    if stage.outcome == Outcome.OPEN:
        between = between.filter(position__lt=stage.position)
    return list(dict.fromkeys([*chain.from_iterable(between.values_list("asks", flat=True)), *stage.asks]))


def would_stop(position=None):
    """How many open deals that have yet to come to a stage at `position` lack each thing, and how many there are.

    ({name: how many lack it}, how many) in one statement.
    """
    known = vocabulary()
    ahead = Deal.objects.open()
    if position is not None:
        ahead = ahead.filter(stage__position__lt=position)
    holds = {f"holds{place}": _holds(one[2]) for place, one in enumerate(known.values())}
    told = ahead.annotate(**holds).aggregate(
        n=Count("pk"),
        **{f"lack{place}": Count("pk", filter=Q(**{f"holds{place}": 0})) for place in range(len(known))},
    )
    return {name: told[f"lack{place}"] for place, name in enumerate(known)}, told["n"]


def _holds(condition):
    return Case(When(condition, then=Value(1)), default=Value(0))


def _filled(code):
    said = Coalesce(KeyTextTransform(code, F("attributes")), Value(""), output_field=TextField())
    return ~Q(Exact(said, Value("")))

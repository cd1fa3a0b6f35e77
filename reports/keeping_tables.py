"""How margin kept and the programmes that are to keep it are written on the page of segments."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipeline.models import CampaignStatus
from reports import drawing, file_tables, valuing
from reports.columns import link
from reports.segments import Segment
from ui.tables import Column, Table

KEPT = [
    Column("name", gettext_lazy("Segment")),
    Column("retention", gettext_lazy("Retention"), "percent", href="retention_href", note="retention_note"),
    Column("attained", gettext_lazy("Margin kept"), "short_money", href="kept_href"),
    Column("target", gettext_lazy("Target"), "short_money", href="target_href"),
    Column("share", gettext_lazy("Attained"), "percent", href="kept_href"),
    Column("programmes", gettext_lazy("Programmes"), "number", href="programmes_href"),
]
PROGRAMMES = [
    Column("name", gettext_lazy("Campaign"), href="href"),
    Column("segment", gettext_lazy("Segment")),
    Column("status", gettext_lazy("Status"), "pill"),
    Column("owner", gettext_lazy("Owner"), "person"),
    Column("starts_on", gettext_lazy("First day"), "day"),
    Column("ends_on", gettext_lazy("Last day"), "day"),
    Column("goal", gettext_lazy("Goal"), "short_money", href="kept_href"),
    Column("planned", gettext_lazy("Planned"), "short_money", href="planned_href"),
    Column("spend", gettext_lazy("Spend"), "short_money", href="spend_href"),
]
TONES = {CampaignStatus.ACTIVE: "ok", CampaignStatus.PLANNED: "accent"}


def kept(found, segments, known, choice) -> Table:
    """Per segment its retention beside margin kept, its target, what is attained and its programmes; and all of them."""
    told = [one for one in segments.shown if one.customers or one.id in found.segments]
    told += unseen(segments, found, known)
    rows = [_row(one, found, found.segment(one.id), choice, valuing.address, segment=one.id) for one in told]
    if len(rows) > 1 and choice.segment is None:
        rows.append(_row(segments.total, found, found.matrix.total, choice, valuing.of_all))
    empty = _("No customer's year is over yet, and nothing was promised or kept in this period.")
    return Table(rows, KEPT, _("Margin kept by segment"), cards=True, empty=empty)


def unseen(segments, found, known):
    """Segments that have a target or a programme and nothing else to tell yet."""
    rest = found.segments - {one.id for one in segments.shown}
    return [Segment(pk, _named(pk, known), segments.total.discount) for pk in sorted(rest, reverse=True)]


def _row(one, found, promise, choice, addressed, **narrow):
    running = found.of(one.id) if narrow else found.programmes
    return {
        "name": one.name,
        "currency": choice.currency,
        "retention": one.retention,
        "retention_note": valuing.kept_note(one),
        "retention_href": addressed(one, "retention", choice),
        **file_tables.promised(promise),
        "kept_href": drawing.address("margin_kept", found.choice, **narrow),
        "target_href": drawing.address("targets-kept", found.choice, **narrow),
        "programmes": len(running),
        "programmes_href": _below(choice, **narrow) if running else "",
    }


def _below(choice, **narrow):
    """The table of just these programmes: on the page itself, narrowed to their segment."""
    return f"{reverse('reports:segments')}?{choice.query(**narrow)}#programmes"


def programmes(found, known, choice) -> Table:
    """The campaigns for existing customers, the most spent first."""
    rows = [
        {
            "name": one.name,
            "href": link("pipeline:campaign", one.id),
            "goal": one.goal,
            "kept_href": link("reports:programme", one.id),
            "segment": _named(one.segment, known),
            "status": CampaignStatus(one.status).label,
            "tone": TONES.get(one.status, ""),
            "owner": one.owner,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "currency": choice.currency,
            "planned": one.planned,
            "planned_href": drawing.address("planned", found.choice, campaign=one.id),
            "spend": one.spend,
            "spend_href": drawing.address("spend", found.choice, campaign=one.id),
        }
        for one in found.programmes
    ]
    empty = _(
        "No campaign of this period is for existing customers: say so in the form of the campaign that is."
    )
    return Table(rows, PROGRAMMES, _("Programmes for existing customers"), cards=True, empty=empty)


def _named(pk, known):
    return known.segments[pk].name if pk in known.segments else _("No segment")

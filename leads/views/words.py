"""One page of words: what every stage of leads and deals means, whose track it is, and what must hold before it."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.doors import requires
from accounts.models import Track
from leads import beside
from leads.terms import in_force
from pipeline.stages import FUNNEL, MEANS, MOVES, SIDE, Gate, responsible
from ui.tables import Column, Table

COLUMNS = [
    Column("name", gettext_lazy("Stage")),
    Column("means", gettext_lazy("What it means")),
    Column("track", gettext_lazy("Responsible")),
    Column("gates", gettext_lazy("Before it")),
]


@requires("leads.view_agreement")
def words(request):
    """The words of the funnel, as both sides signed them and as Set-up says them now."""
    version, now = in_force(), beside.as_now()
    context = {
        "agreement": version,
        "signed": max((one.at for one in version.signatures.all()), default=None),
        "tables": [
            Table(_of_leads(responsible(version.sales_from)), COLUMNS, _("Stages of leads"), cards=True),
            Table(_of_deals(now["stages"]), COLUMNS, _("Deal stages"), cards=True),
        ],
        "strayed": beside.strayed(beside.of(version), now) if version.reasons else [],
        "unsigned": version.stages is None,
    }
    return render(request, "leads/agreement/words.html", context)


def _of_leads(tracks):
    return [
        {
            "name": str(stage.label),
            "means": str(MEANS[stage]),
            "track": str(Track(tracks[stage]).label),
            "gates": " · ".join(str(gate.label) for gate in _gates(stage)) or "–",
        }
        for stage in (*FUNNEL, *SIDE)
    ]


def _of_deals(stages):
    return [
        {
            "name": _(one["name"]),
            "means": beside.stage_means(one | {"asks": []}) or "–",
            "track": str(Track.SALES.label),
            "gates": beside.stage_means(one | {"definition": ""}) or "–",
        }
        for one in stages
    ]


def _gates(stage):
    """What must hold before a lead comes to a stage, each once: a reason only where nothing else is asked."""
    gates = dict.fromkeys(move.gate for move in MOVES if move.target == stage)
    if Gate.NONE in gates:
        return []
    return [gate for gate in gates if gate != Gate.REASON] or list(gates)

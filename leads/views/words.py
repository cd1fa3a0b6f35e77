"""One page of words: what every stage of leads and deals means, whose track it is, and what must hold before it."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.doors import requires
from accounts.models import Track
from leads import beside
from leads.terms import in_force
from pipeline.models import DealStage
from pipeline.stages import FUNNEL, MEANS, MOVES, RESPONSIBLE, SIDE, Gate


@requires("leads.view_agreement")
def words(request):
    """The words of the funnel, as both sides signed them and as Set-up says them now."""
    version = in_force()
    now = beside.as_now()
    strayed = beside.strayed(beside.of(version), now) if version.reasons else []
    stages = {stage.code: stage for stage in DealStage.objects.filter(active=True)}
    context = {
        "agreement": version,
        "signed": max((one.at for one in version.signatures.all()), default=None),
        "leads": [
            {"name": stage.label, "means": MEANS[stage], "track": Track(RESPONSIBLE[stage]).label, "gates": _gates(stage)}
            for stage in (*FUNNEL, *SIDE)
        ],
        "deals": [
            {
                "name": _(one["name"]),
                "means": beside.stage_means(one | {"asks": []}),
                "track": Track.SALES.label,
                "gates": beside.stage_means(one | {"definition": ""}),
                "stage": stages[one["code"]],
            }
            for one in now["stages"]
        ],
        "strayed": strayed,
        "unsigned": version.stages is None,
    }  # fmt: skip
    return render(request, "leads/agreement/words.html", context)


def _gates(stage):
    """What must hold before a lead comes to a stage along the funnel, each once."""
    along = [move.gate for move in MOVES if move.target == stage and move.gate != Gate.NONE]
    forward = [gate for gate in along if gate != Gate.REASON] or along
    return [gate.label for gate in dict.fromkeys(forward)]

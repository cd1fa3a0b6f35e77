"""The other part of each ratio: a list that stands above or below the line names the list on the other side of it."""

from reports.behind.lists import DAYS, FAR, GRADES, ONE_BY_ONE, STEPS
from reports.behind.origins import SIDES, halves

ENTERED = {"new": "leads", "mql": "mqls", "ready": "ready", "sql": "sqls", "deal": "deals"}
RETURNS = ("revenue_roi", "margin_roi", "channel_roi")
OF_PASSES = {
    **{f"to_{far}": ("leads",) for far in DAYS},
    **{f"went_{since}_{until}": (ENTERED[since],) for since, until in STEPS},
    **{f"then_{step}": (f"entered_then_{step}",) for step in ONE_BY_ONE},
    **{f"entered_then_{step}": (f"then_{step}",) for step in ONE_BY_ONE},
    **{f"{grade}_to_{far}": (grade,) for grade in GRADES for far in FAR},
    "acceptance": ("accepted_passes",),
    "accepted_passes": ("acceptance",),
    **{f"kept_{one}": (f"due_{one}",) for one in ("answer", "contact", "persistence")},
    **{f"due_{one}": (f"kept_{one}",) for one in ("answer", "contact", "persistence")},
}
BESIDE = {
    **OF_PASSES,
    **dict.fromkeys(RETURNS, ("return_spend",)),
    "return_spend": ("revenue_roi", *(f"return_{step}" for step in ("leads", "mqls", "sqls", "deals"))),
    **{f"return_{step}": ("return_spend",) for step in ("leads", "mqls", "sqls", "deals")},
    "spend": ("new_customers",),
    "new_customers": ("spend",),
    "win_rate": ("won", "lost"),
    "collected": ("won",),
    "won": ("targets-won",),
    "margin": ("won", "targets-margin"),
    "margin_kept": ("won_existing", "targets-kept"),
    "sqls": ("targets-sqls",),
    "created": ("targets-pipeline",),
    **{f"targets-{measure}": (name,) for measure, name in (
        ("won", "won"), ("margin", "margin"), ("kept", "margin_kept"), ("sqls", "sqls"), ("pipeline", "created"),
    )},
    **{f"sourced{one}": ("created",) for one in ("", "_sales", "_partner", "_other")},
    "influenced": ("created",),
    **{name: other for side in SIDES for name, other in halves(side, DAYS, STEPS).items()},
    "sales_in_time": ("sales_timed",),
    "sales_timed": ("sales_in_time",),
}  # fmt: skip


def beside(name):
    """The names of the lists that a ratio told from this one is told from as well."""
    return BESIDE.get(name, ())

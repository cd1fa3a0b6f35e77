"""What else is frozen at a close: the figures of the first screens, of the forecast, of segments and of quotas."""

from accounts import organisation
from reports import glance
from reports.choice import axes
from reports.models import Measure
from reports.months.figures import text
from reports.quotas import quotas
from reports.segments import segments

CATEGORIES = ("closed", "commit", "best_case", "pipeline")


def told(choice, by, at):
    """{"figures": …, "segments": …, "quotas": …} of the month of a Choice as the tabs show them at the moment `at`.

    `by` is whoever closes it, and sees all of it.
    """
    ours = organisation.current()
    found = glance.glance(by, choice, at)
    return {
        "figures": {name: text(value) for name, value in _figures(found).items()},
        "segments": [_segment(one) for one in segments(choice, axes(), ours.discount).rows],
        "quotas": {
            measure: _quotas(quotas(by, measure, choice.period, choice.today, ours.fiscal_year_start, True))
            for measure in Measure.values
        },
    }


def _figures(found):
    return {
        "won_new": found.won.new,
        "won_existing": found.won.existing,
        "new_customers": found.won.customers,
        "cac": found.cac,
        "renewal_rate": found.renewals.rate,
        **{f"sourced_{source}": amount for source, amount in found.created.sourced.items()},
        "influenced": found.created.influenced,
        "open_pipeline": found.returns.total.open_pipeline,
        "left": found.left,
        **{f"forecast_{one}": found.forecast.up_to(one) for one in CATEGORIES},
        "weighted": found.forecast.weighted,
        "coverage": found.forecast.coverage,
        "stepless": found.wins.now.stepless,
        "returned": found.returned,
    }


def _segment(one):
    names = ("won", "revenue", "margin", "spend", "retention", "worth")
    return {
        "id": one.id,
        "name": one.name if one.id else "",
        **{name: text(getattr(one, name)) for name in names},
    }


def _quotas(found):
    return [
        {
            "name": row.name,
            "kind": row.kind,
            "target": text(row.promise.target),
            "attained": text(row.promise.attained),
        }
        for one in found
        for row in (one.team, *one.people)
    ]

"""Deal stages and reasons that are there from the start. Their names are translated where nobody renamed them."""

from django.utils.translation import gettext_noop as _

from pipeline.models import DealStage, ForecastCategory, Outcome, OutcomeReason

DEAL_STAGES = (
    (
        "qualify",
        _("Qualify"),
        10,
        ForecastCategory.PIPELINE,
        Outcome.OPEN,
        _("There may be a need and money for it: we find out whether to go on."),
    ),
    (
        "discovery",
        _("Discovery"),
        25,
        ForecastCategory.PIPELINE,
        Outcome.OPEN,
        _("We know the need, who decides, and by when."),
    ),
    (
        "proposal",
        _("Proposal"),
        50,
        ForecastCategory.BEST_CASE,
        Outcome.OPEN,
        _("They have an offer of ours with a price."),
    ),
    (
        "negotiation",
        _("Negotiation"),
        75,
        ForecastCategory.COMMIT,
        Outcome.OPEN,
        _("They want it; terms are being agreed."),
    ),
    ("won", _("Won"), 100, ForecastCategory.CLOSED, Outcome.WON, _("Signed by both sides.")),
    (
        "lost",
        _("Lost"),
        0,
        ForecastCategory.OMITTED,
        Outcome.LOST,
        _("They decided against it, or for nobody."),
    ),
)

OUTCOME_REASONS = (
    ("best_fit", _("Best fit"), Outcome.WON, False),
    ("price_won", _("Price"), Outcome.WON, False),
    ("relationship", _("Relationship"), Outcome.WON, False),
    ("speed", _("Speed of answer"), Outcome.WON, False),
    ("price_lost", _("Price too high"), Outcome.LOST, False),
    ("competitor", _("Went to a competitor"), Outcome.LOST, False),
    ("no_decision", _("No decision"), Outcome.LOST, True),
    ("no_budget", _("No budget now"), Outcome.LOST, True),
    ("missing_feature", _("Something is missing in the product"), Outcome.LOST, False),
    ("imported", _("Not told (imported)"), Outcome.LOST, False),
)


def ensure(using="default", **kwargs):
    """Make the first deal stages and reasons where none are there yet; an admin's changes stay."""
    stages = DealStage.objects.using(using)
    if not stages.exists():
        stages.bulk_create(
            DealStage(
                code=code,
                name=name,
                position=position,
                probability=chance,
                category=category,
                outcome=outcome,
                definition=definition,
            )
            for position, (code, name, chance, category, outcome, definition) in enumerate(DEAL_STAGES, 1)
        )
    reasons = OutcomeReason.objects.using(using)
    if not reasons.exists():
        reasons.bulk_create(
            OutcomeReason(code=code, name=name, outcome=outcome, later=later, position=position)
            for position, (code, name, outcome, later) in enumerate(OUTCOME_REASONS, 1)
        )

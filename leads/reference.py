"""The table of moves, the first scorecard, agreement, questions and return reasons."""

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.models import Track
from leads import beside
from leads.models import (
    Agreement,
    AgreementSignature,
    Destination,
    Event,
    HandoverRule,
    LeadMove,
    MomentRule,
    Question,
    ReturnReason,
    ScoreModel,
    ScoreRule,
    TouchKind,
    TouchWeight,
    UsageKind,
    UsageRule,
)
from leads.models.moments import Whom
from leads.models.score import Operator
from pipeline.stages import MOVES

# kind: weight of one touch, and the most that a kind may add on one day
WEIGHTS = {
    TouchKind.CLICK: (1, 3),
    TouchKind.FORM: (8, 16),
    TouchKind.VISIT: (2, 6),
    TouchKind.QUOTE_REQUEST: (30, 30),
    TouchKind.DEMO_REQUEST: (30, 30),
    TouchKind.CALLBACK: (25, 25),
    TouchKind.HOT_AT_BOOTH: (30, 30),
    TouchKind.EVENT: (10, 10),
    TouchKind.MAIL: (2, 4),
    TouchKind.CALL: (4, 8),
    TouchKind.CHAT: (4, 8),
    TouchKind.MEETING: (15, 15),
    TouchKind.FEEDBACK: (4, 4),
}

# Known facts raise fit: without any rule of its own, an organisation grades by how much it knows.
RULES = (
    ("company.employees", Operator.BETWEEN, [50, 499], 20),
    ("company.employees", Operator.BETWEEN, [500, 1_000_000], 30),
    ("company", Operator.KNOWN, None, 10),
    ("contact.job_title", Operator.KNOWN, None, 10),
    ("company.industry", Operator.KNOWN, None, 10),
    ("segment", Operator.KNOWN, None, 10),
    ("region", Operator.KNOWN, None, 10),
)

QUESTIONS = (
    ("need", _("What do they need?")),
    ("when", _("By when?")),
)

RETURN_REASONS = (
    ("not_ready", _("Not ready yet"), Destination.NURTURE, True),
    ("no_budget", _("No budget now"), Destination.NURTURE, True),
    ("wrong_person", _("Wrong person"), Destination.DESK, True),
    ("bad_data", _("Bad data"), Destination.DESK, True),
    ("wrong_region", _("Wrong region"), Destination.ROUTE, False),
    ("wrong_product", _("Wrong product"), Destination.ROUTE, False),
    ("duplicate", _("Duplicate"), Destination.MERGE, False),
    ("customer", _("Already a customer"), Destination.ACCOUNT_OWNER, False),
    ("spam", _("Spam"), Destination.DISQUALIFY, True),
    ("competitor", _("Competitor"), Destination.DISQUALIFY, True),
    ("student", _("Student"), Destination.DISQUALIFY, True),
)

# event: goes to, grade A goes to, after, grade A after (hours for nobody_free, else days)
HANDOVER = {
    Event.UNANSWERED: (Destination.ROUTE, "", None, None),
    Event.REPS_EXHAUSTED: (Destination.TEAM_LEAD, Destination.TEAM_LEAD, None, None),
    Event.LEAD_UNANSWERED: (Destination.POOL, Destination.SALES_HEAD, None, None),
    Event.NOBODY_FREE: (Destination.POOL, Destination.TEAM_LEAD, 24, 1),
    Event.PROTECTION_ENDED: (Destination.POOL, Destination.ROUTE, None, None),
    Event.OWN_FIND_IDLE: (Destination.STAYS, "", None, None),
    Event.DEAL_LOST: (Destination.POOL, Destination.NURTURE, None, None),
    Event.LOST_LATER: (Destination.NURTURE, Destination.NURTURE, 90, None),
    Event.CUSTOMER_ASKS: (Destination.ACCOUNT_OWNER, "", None, None),
    Event.COLLEAGUE_COMES: (Destination.SAME_REP, "", None, None),
    Event.HUNTER_WON: (Destination.FARMER, "", None, None),
    Event.FARMER_RETURNED: (Destination.FARMER, "", None, None),
    Event.KEY_ACCOUNT: (Destination.ACCOUNT_OWNER, "", None, None),
}

# name, kind of touch, by whom, times within days
MOMENTS = (
    (_("A complaint"), TouchKind.COMPLAINT, Whom.HELD, 1, 1),
    (_("Asks for a quote"), TouchKind.QUOTE_REQUEST, Whom.HELD, 1, 1),
    (_("Asks for a demo"), TouchKind.DEMO_REQUEST, Whom.HELD, 1, 1),
    (_("Wants to be called back"), TouchKind.CALLBACK, Whom.HELD, 1, 1),
    (_("Sent a form"), TouchKind.FORM, Whom.HOT, 1, 1),
    (_("Visits again"), TouchKind.VISIT, Whom.HOT, 2, 3),
    (_("Gave feedback"), TouchKind.FEEDBACK, Whom.CUSTOMER, 1, 1),
    (_("Followed a link of ours"), TouchKind.CLICK, Whom.HOT, 1, 1),
)

# sign, days, further thresholds
USAGE = (
    (UsageKind.FALLING, 28, {"before_days": 84, "percent": 50}),
    (UsageKind.SILENT, 21, {}),
    (UsageKind.ERRORS, 7, {"errors": 10}),
    (UsageKind.ENDING, 180, {}),
)


def ensure(using="default", **kwargs):
    """Mirror the moves; make the first scorecard, agreement, questions and reasons where none are there yet."""
    _mirror_moves(using)
    _complete_handover(using)
    if not ScoreModel.objects.using(using).exists():
        _first_scorecard(using)
    if not Question.objects.using(using).exists():
        Question.objects.using(using).bulk_create(
            Question(code=code, text=text, position=position)
            for position, (code, text) in enumerate(QUESTIONS, 1)
        )
    if not MomentRule.objects.using(using).exists():
        MomentRule.objects.using(using).bulk_create(
            MomentRule(name=name, kind=kind, whom=whom, times=times, days=days, position=position)
            for position, (name, kind, whom, times, days) in enumerate(MOMENTS, 1)
        )
    if not UsageRule.objects.using(using).exists():
        UsageRule.objects.using(using).bulk_create(
            UsageRule(kind=kind, days=days, **more) for kind, days, more in USAGE
        )
    if not ReturnReason.objects.using(using).exists():
        ReturnReason.objects.using(using).bulk_create(
            ReturnReason(code=code, name=name, destination=destination, blames=blames, position=position)
            for position, (code, name, destination, blames) in enumerate(RETURN_REASONS, 1)
        )
    if not Agreement.objects.using(using).exists():
        _first_agreement(using)


def _mirror_moves(using):
    """A move that the code dropped stays in the table while history uses it."""
    LeadMove.objects.using(using).bulk_create(
        (LeadMove(from_stage=move.source, to_stage=move.target) for move in MOVES), ignore_conflicts=True
    )


def _complete_handover(using):
    """Each event has its row; what an administrator changed stays."""
    HandoverRule.objects.using(using).bulk_create(
        (
            HandoverRule(
                event=event,
                goes_to=to,
                best_goes_to=best,
                after=after,
                best_after=best_after,
                position=position,
            )
            for position, (event, (to, best, after, best_after)) in enumerate(HANDOVER.items(), 1)
        ),
        ignore_conflicts=True,
    )


def _first_scorecard(using):
    model = ScoreModel.objects.using(using).create(
        number=1,
        name=_("Standard"),
        epoch=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0),
        in_force=True,
        published_at=timezone.now(),
    )
    TouchWeight.objects.using(using).bulk_create(
        TouchWeight(model=model, kind=kind, weight=weight, daily_cap=cap)
        for kind, (weight, cap) in WEIGHTS.items()
    )
    ScoreRule.objects.using(using).bulk_create(
        ScoreRule(model=model, field=field, operator=operator, value=value, points=points, position=position)
        for position, (field, operator, value, points) in enumerate(RULES, 1)
    )


def _first_agreement(using):
    """Version 1 is signed by the preset, so that an empty company is not stuck."""
    agreement = Agreement.objects.using(using).create(version=1, **beside.as_now(using))
    AgreementSignature.objects.using(using).bulk_create(
        AgreementSignature(agreement=agreement, track=track, at=timezone.now()) for track in Track
    )

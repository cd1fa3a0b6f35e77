"""Versions of the scorecards: drafted from another, previewed, published, rolled back, retired.

One scorecard is the general one, others belong to a product line; each has versions of its own.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from engine.copying import chunk, unhurried
from engine.hints import hint
from leads import grading
from leads.models import Lead, LeadScore, ScoreModel, ScoreRule, TouchWeight
from leads.scoring import epochs, lines, statements
from leads.scoring.shares import reached

LESSONS = gettext_noop("Set aside")  # the group of the rules that setting aside taught
FIRST = 20  # changes that a preview names
MOST_PREVIEWED = 50_000  # newest running leads
CHUNK = 2_000
PREPARED = 50_000  # rows that one round makes for a version being published
REMOVED = 20_000  # scores of a retired model that one round deletes
KEPT = timedelta(
    minutes=1
)  # that they stay: longer than any process believes that the model grades (engine.lately)

# New rows are due: they have never been scored.
PREPARE = """
INSERT INTO leads_leadscore (lead_id, model_id, decides)
SELECT s.lead_id, m.id, CASE m.line WHEN '' THEN s.decides ELSE coalesce(p.family, '') = m.line END
FROM leads_leadscore s JOIN leads_scoremodel m ON m.id = %(to)s
JOIN leads_lead l ON l.id = s.lead_id LEFT JOIN pipeline_product p ON p.id = l.product_id
WHERE s.model_id = %(of)s AND (m.line = '' OR coalesce(p.family, '') IN ('', m.line))
  AND NOT EXISTS (SELECT FROM leads_leadscore t WHERE t.lead_id = s.lead_id AND t.model_id = %(to)s)
LIMIT %(most)s
ON CONFLICT DO NOTHING
"""
REMOVE = """
DELETE FROM leads_leadscore WHERE id IN (
  SELECT s.id FROM leads_leadscore s JOIN leads_scoremodel m ON m.id = s.model_id
  WHERE m.published_at IS NOT NULL AND NOT m.in_force AND NOT m.publishing
    AND coalesce(m.retired_at, m.published_at) < %s LIMIT %s
)
"""


class NotNow(Exception):
    """The version cannot be changed or published as things stand; the text says why."""


@dataclass(frozen=True)
class Change:
    """A lead whose proposed grade would change."""

    lead: Lead
    was: str
    becomes: str


@dataclass(frozen=True)
class Preview:
    """What a draft would change: `looked_at` running leads, `changed` of them; counts by (was, becomes)."""

    looked_at: int
    changed: int
    moves: list[tuple[str, str, int]]
    first: list[Change]
    shares: dict[str, tuple[int, int]]


def draft(name="", *, line="", source=None, by_lesson=False):
    """A new draft of the scorecard of a line (empty: the general one), with its next number.

    A copy of `source`, else of the version in force, else of the general one in force; with what setting aside has
    taught the newest draft, so that no lesson waits in a draft that is never published.
    """
    with transaction.atomic():
        # Two drafts at once would take the same number.
        models = list(ScoreModel.objects.select_for_update().filter(line__in={line, ""}).order_by("pk"))
        in_force = {model.line: model for model in models if model.in_force}
        source = source or in_force.get(line) or in_force[""]
        number = max((model.number for model in models if model.line == line), default=0) + 1
        name = name or (source.name if source.line == line else line)
        waiting = latest_draft(line)
        made = ScoreModel.objects.create(
            line=line, number=number, name=name, half_life=source.half_life, epoch=source.epoch,
            fit_floors=source.fit_floors, engagement_floors=source.engagement_floors, grades=source.grades,
            caps=source.caps, by_lesson=by_lesson,
        )  # fmt: skip
        _copy(ScoreRule, source, made)
        _copy(TouchWeight, source, made)
        if waiting:
            known = ScoreRule.objects.filter(model=source, group=LESSONS).values("value")
            _copy(ScoreRule, waiting, made, ScoreRule.objects.filter(group=LESSONS).exclude(value__in=known))
    return made


def _copy(kind, source, made, which=None):
    rows = list((kind.objects if which is None else which).filter(model=source))
    for row in rows:
        row.pk, row.model = None, made
    kind.objects.bulk_create(rows)


def drafts(line):
    """The drafts of a line's scorecard, the newest first."""
    return ScoreModel.objects.filter(line=line, in_force=False, publishing=False, published_at=None)


def latest_draft(line=""):
    """The newest draft of a line's scorecard, or None."""
    return drafts(line).first()


def same(one, other):
    """Whether two versions of a scorecard would grade alike: the same rules, weights, floors, caps and half-life."""
    told = [
        (
            model.name, model.half_life, model.fit_floors, model.engagement_floors, model.grades, _fit(model),
            sorted(model.weights.values_list("kind", "weight", "daily_cap")),
        )
        for model in (one, other)
    ]  # fmt: skip
    return told[0] == told[1]


def _fit(model):
    """What the points of fit come from: caps and rules, in an order that does not matter."""
    rules = model.rules.values_list("field", "operator", "value", "points", "group")
    return model.caps, sorted(map(repr, rules))


def with_same_fit(model):
    """The version in force of the same scorecard where it gives every lead the same fit as `model`, else None."""
    now = ScoreModel.objects.filter(in_force=True, line=model.line).first()
    return now if now and _fit(now) == _fit(model) else None


def preview(model, at) -> Preview:
    """The Preview of what publishing `model` would change among the newest leads it decides for. Writes nothing."""
    other = grading.Grading(model, at)
    ids = _newest(model)
    now = grading.proposed(ids, at)
    with connection.cursor() as cursor:
        cursor.execute(*statements.preview(model, _general(), "s.lead_id = ANY(%(leads)s)", {"leads": ids}))
        pairs = [
            (lead_id, now[lead_id].grade, other.proposal(fit, heat).grade)
            for lead_id, heat, fit in cursor.fetchall()
            if lead_id in now
        ]
    changed = sorted((pair for pair in pairs if pair[1] != pair[2]), reverse=True)
    leads = Lead.objects.select_related("contact__company").in_bulk([pair[0] for pair in changed[:FIRST]])
    before, after = Counter(pair[1] for pair in pairs), Counter(pair[2] for pair in pairs)
    moves = Counter((was, becomes) for _lead, was, becomes in changed)
    return Preview(
        looked_at=len(pairs),
        changed=len(changed),
        moves=sorted((*pair, count) for pair, count in moves.items()),
        first=[Change(leads[lead_id], was, becomes) for lead_id, was, becomes in changed[:FIRST]],
        shares={letter: (before[letter], after[letter]) for letter in grading.LETTERS},
    )


def _newest(model):
    """The newest running leads that the model decides for."""
    leads = lines.decided_by(Lead.objects.running().counted(), model)
    return list(leads.order_by("-pk").values_list("pk", flat=True)[:MOST_PREVIEWED])


def _general():
    """The general model in force: every lead that is scored at all has a score under it."""
    return ScoreModel.objects.get(in_force=True, line="")


def floors_by_share(model, shares):
    """[Reached]: the floors by which these shares of running leads ({letter: fraction}, growing) come nearest, best first.

    Raises NotNow without leads.
    """
    ids = _newest(model)
    with connection.cursor() as cursor:
        cursor.execute(*statements.preview(model, _general(), "s.lead_id = ANY(%(leads)s)", {"leads": ids}))
        fits = [fit for _lead, _heat, fit in cursor.fetchall()]
    if not fits:
        raise NotNow(_("There are no scored leads to take shares of."))
    return reached(fits, shares)


def publish(model, *, by, at):
    """Put a draft in force, or a retired version again (a roll-back), once every lead is scored under it.

    `publish_due` does the work in chunks; until then the old version grades. Raises NotNow.
    """
    with unhurried():
        fresh = ScoreModel.objects.select_for_update().get(pk=model.pk)
        if fresh.in_force or fresh.publishing:
            raise NotNow(_("This version is in force already."))
        if ScoreModel.objects.filter(publishing=True).exists():
            raise NotNow(_("Another version is just being published."))
        LeadScore.objects.filter(model=fresh).update(scored_at=None)
        ScoreModel.objects.filter(pk=fresh.pk).update(publishing=True, published_at=at, published_by=by)
    hint("leads.tasks.score")


def publish_due(score, at):
    """Go on publishing: `score(model, limit, at)` works on a chunk. Returns how many rows were touched, 0: nothing to do."""
    model = ScoreModel.objects.filter(publishing=True).first()
    if model is None:
        return _remove_retired(at)
    epochs.keep_near(model, at)
    return score(model, CHUNK, at) or _prepare(model, PREPARED) or _put_in_force(model, at)


def _prepare(model, most=None):
    """Make rows for `most` (else all) scored leads that have none under the model yet; returns how many."""
    with chunk() as cursor:
        cursor.execute(PREPARE, {"to": model.pk, "of": _general().pk, "most": most})
        return cursor.rowcount


def _put_in_force(model, at):
    """Every lead is scored under it: from now on it grades. A lead that came this very moment is due a moment later.

    Returns whether it does: 0 while another worker, whose rows this one saw too late to score, is still at it, or once
    another has put it in force: it may be retired by now.
    """
    with chunk() as cursor:
        lines.alone(cursor)
        held = list(ScoreModel.objects.select_for_update().order_by("pk"))
        if not any(one.pk == model.pk and one.publishing for one in held):
            return 0
        if LeadScore.objects.filter(model=model, scored_at=None).exists():
            return 0
        _prepare(model)
        ScoreModel.objects.filter(in_force=True, line=model.line).update(in_force=False, retired_at=at)
        ScoreModel.objects.filter(pk=model.pk).update(in_force=True, publishing=False, retired_at=None)
        if model.line:
            lines.turn(cursor, model.line, decides=False)
    grading.forget()
    return 1


def retire(line, *, at):
    """Take the scorecard of a product line out of force: the general one grades its leads again, at once.

    Any version that was published may come back. Raises NotNow.
    """
    if not line:
        raise NotNow(_("The general scorecard stays: some scorecard has to grade."))
    with unhurried() as cursor:
        lines.alone(cursor)
        versions = ScoreModel.objects.select_for_update().filter(line=line)
        if any(version.publishing for version in versions):
            raise NotNow(_("Another version is just being published."))
        if not versions.filter(in_force=True).update(in_force=False, retired_at=at):
            raise NotNow(_("This product line has no scorecard in force."))
        lines.turn(cursor, line, decides=True)
    grading.forget()


def _remove_retired(at):
    """Scores of versions that were retired a while ago go bit by bit; a roll-back makes them anew."""
    retired = ScoreModel.objects.filter(in_force=False, publishing=False, published_at__isnull=False)
    if (
        not retired.annotate(since=Coalesce("retired_at", "published_at"))
        .filter(since__lt=at - KEPT)
        .exists()
    ):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(REMOVE, [at - KEPT, REMOVED])
        return cursor.rowcount


def discard(model):
    """Throw a draft away. Raises NotNow for a version that was published."""
    if not model.is_draft:
        raise NotNow(_("Only a draft can be thrown away."))
    model.delete()

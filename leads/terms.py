"""The agreement's terms as conditions over sets of leads: which version holds, who meets it, who is ready."""

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Track
from engine.copying import unhurried
from engine.lately import Lately
from leads import fields, grading, signing
from leads.models import Agreement, Question
from pipeline.channels import Channel
from pipeline.models import CustomField, FieldOwner
from ui import formats

MEETS = gettext_noop("Meets the agreement")
RAISED_A_HAND = gettext_noop("Raised a hand")
WOKE_UP = gettext_noop("Woke up on the agreed day")


def in_force() -> Agreement:
    """The newest version signed by both tracks. Raises Agreement.DoesNotExist where none is.

    Read afresh each time: an indexed query on a table of a few rows, and a signature counts at once.
    """
    return signed().latest("version")


def signed():
    """The versions that both tracks signed, the newest first: what is or was in force. A draft that was passed over never was."""
    return signing.by_both(Agreement.objects.all())


# The version in force as of a few seconds ago: for what pages tell of it, and whose track a lead is on.
lately = Lately(in_force)


def in_force_at(moment) -> Agreement:
    """The version that was in force at a moment: the newest whose both signatures were given by then, else the first."""
    found = Agreement.objects.all()
    for track in Track:
        found = found.filter(signatures__track=track, signatures__at__lte=moment)
    return found.order_by("-version").first() or Agreement.objects.earliest("version")


def met(lead_ids, at, *, anew=False) -> dict[int, str]:
    """{lead id: why, in English} of those that may become MQLs by themselves; `anew`: other terms hold from now on.

    New leads, and leads in nurture that are awake and rested, of the fit and engagement agreed (by the scorecard that
    decides for them) and with the number of touches agreed, where the day has come, the person did something since
    they came there, or they are judged anew; new hands raised; leads that were MQLs or with sales before and reach their wake-up date. Never a merged one, one imported as history or
    a rep's own find.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT met.id, met.why FROM ({MET} AND l.id = ANY(%(leads)s)) met",
            {**_floors(in_force(), at), "leads": list(lead_ids), "anew": anew},
        )
        return dict(cursor.fetchall())


def waiting(agreement, at) -> dict[str, int]:
    """{stage: how many} of all leads that may become MQLs by themselves where this version is in force."""
    with unhurried() as cursor:  # all that waits in a large house: seconds
        cursor.execute(
            f"SELECT met.stage, count(*) FROM ({MET}) met GROUP BY met.stage",
            {**_floors(agreement, at), "anew": True},
        )
        return dict(cursor.fetchall())


def _floors(agreement, at):
    """What MET asks for under a version, by the models in force."""
    scales = grading.in_force(at).gradings
    fits = [scale.least_fit(agreement.fit_floor) for scale in scales]
    heats = [scale.least_heat(agreement.engagement_floor) for scale in scales]
    return {
        "at": at,
        "models": [scale.model.pk for scale in scales],
        "hands": agreement.hand_raisers,
        "touches": agreement.touches_floor,
        "fits": [float("-inf") if fit is None else fit for fit in fits],
        "heats": [float("-inf") if heat is None else heat for heat in heats],
        "own_find": Channel.SALES_OWN,
        "raised": RAISED_A_HAND,
        "woke": WOKE_UP,
        "meets": MEETS,
    }


# A row: a lead that may become an MQL, why, and where it waits; its fit and heat against the floors of the model that decides. A hand raised before the lead came to nurture was already answered.
# Whoever was put there stays though everybody is scored anew (another zone, epoch or scorecard): that is nothing the person did.
MET = """
SELECT l.id, verdict.why, l.stage
FROM leads_lead l
LEFT JOIN (
  leads_leadscore s
  JOIN unnest(%(models)s::bigint[], %(fits)s::float8[], %(heats)s::float8[]) AS floor(model, fit, heat) ON floor.model = s.model_id
) ON s.lead_id = l.id AND s.decides
LEFT JOIN leads_stagechange last ON last.lead_id = l.id AND last.seq = l.seq
CROSS JOIN LATERAL (SELECT CASE
  WHEN %(hands)s AND l.hand_raised_at IS NOT NULL
    AND (l.stage = 'new' OR l.hand_raised_at > last.at) THEN %(raised)s
  WHEN l.stage = 'nurture' AND coalesce(l.mql_at, l.sql_at) IS NOT NULL AND l.wake_at <= %(at)s THEN %(woke)s
  WHEN (l.stage = 'new' OR l.wake_at IS NULL OR l.wake_at <= %(at)s)
    AND (l.pooled_at IS NULL OR l.pooled_at <= %(at)s) AND s.fit >= floor.fit AND s.heat >= floor.heat
    AND (%(touches)s = 0 OR %(touches)s <= (
      SELECT count(*) FROM leads_touch t WHERE t.contact_id = l.contact_id AND NOT t.automatic AND NOT t.outbound
    ))
    AND (%(anew)s OR l.stage = 'new' OR l.wake_at <= %(at)s OR EXISTS (
      SELECT FROM leads_touch t
      WHERE t.contact_id = l.contact_id AND t.at > last.at AND NOT t.automatic AND NOT t.outbound
    )) THEN %(meets)s
  END AS why) verdict
WHERE l.stage IN ('new', 'nurture') AND l.merged_into_id IS NULL AND NOT l.history
  AND NOT (l.channel = %(own_find)s AND l.owner_id IS NOT NULL) AND verdict.why IS NOT NULL
"""


def unready(lead_ids, *, confirmed=False) -> dict[int, str]:
    """{lead id: why, in the reader's language} of those whose agreed questions, fields or grade are missing.

    `confirmed` takes the grade for set: the desk is just confirming the proposed one.
    """
    bind = fields.Bound()
    wanted = _wanted(bind)
    if not confirmed:
        wanted[_("the grade")] = "l.grade <> ''"
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.id, ARRAY[{', '.join(wanted.values())}] FROM {fields.FROM} WHERE l.id = ANY({bind(list(lead_ids))})",
            bind.params,
        )
        held = cursor.fetchall()
    return {
        lead_id: _("Still missing: %(what)s.")
        % {"what": formats.listed(label for label, has in zip(wanted, has_each, strict=True) if not has)}
        for lead_id, has_each in held
        if not all(has_each)
    }


def _wanted(bind):
    """{what a ready lead has, in the reader's language: its condition in SQL}."""
    wanted = {}
    for question in Question.objects.filter(active=True, required=True):
        answer = f"btrim(coalesce(l.answers ->> {bind(question.code)}, '')) <> ''"
        wanted[_("the question “%(question)s”") % {"question": question}] = answer
    for field in CustomField.objects.filter(on=FieldOwner.LEAD, active=True, required=True):
        wanted[str(field)] = f"({fields.known(fields.ATTRIBUTE + field.code, bind)})"
    for name in in_force().required_fields:
        wanted[str(fields.label(name))] = f"({fields.known(name, bind)})"
    return wanted

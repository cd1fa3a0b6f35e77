"""Leads as they stood when they were captured: the only facts that a probability may be learned from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from engine.copying import chunk
from pipeline import own_fields
from pipeline.models import FieldOwner

FACTS = (Path(__file__).parent.parent / "sql" / "captured_facts.sql").read_text()
# Won, set aside, with a lost deal, or brought in as history that ended without a win.
CLOSED = "(l.won_at IS NOT NULL OR l.ended_at IS NOT NULL OR l.history OR deal.outcome IS NOT DISTINCT FROM 'lost')"
COUNTS = "l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'"
# How long nine wins in ten took from the capture: a loss is known sooner, so among younger leads wins are still missing.
RIPE_AFTER = f"""
SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY greatest(l.won_at - l.captured_at, interval '0'))
FROM leads_lead l WHERE l.stage = 'won' AND l.won_at IS NOT NULL AND {COUNTS}
"""
YOUNG = f"""
SELECT count(*) FROM leads_lead l LEFT JOIN pipeline_deal deal ON deal.id = l.deal_id
WHERE {CLOSED} AND {COUNTS} AND l.captured_at > %s
"""
NAMES = {
    "captured_at": _("Captured"),
    "channel": _("Channel"),
    "source": _("Source as in the file"),
    "campaign": _("Campaign"),
    "contact.job_title": _("Job title"),
    "contact.country": _("Country"),
    "contact.language": _("Language"),
    "company.industry": _("Company's industry"),
    "company.employees": _("Company's employees"),
}
ASKED = {"message": _("Message")}  # what our own forms leave in the attributes
OUTCOME, TIME = "outcome", "captured_at"
CHUNK = 20_000


def label(name):
    """The fact as people read it; an attribute that is nobody's field is called by its key."""
    if name in NAMES:
        return NAMES[name]
    key = name.removeprefix("attributes.")
    own = {field.code: str(field) for field in own_fields.shown(FieldOwner.LEAD)}
    return own.get(key) or ASKED.get(key, key)


def read(which, params, limit=CHUNK):
    """[(lead id, {fact: text or None, outcome: won, lost or None})] of leads chosen by `which` over l and deal."""
    statement = FACTS.format(closed=CLOSED, which=which)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"zone": organisation.current().zone, "limit": limit, **params})
        return [_record(row) for row in cursor]


def _record(row):
    lead_id, attributes, outcome, *facts = row
    record = dict(zip(NAMES, facts, strict=True))
    for key, value in orjson.loads(attributes).items():
        if isinstance(value, (str, int, float)):
            record[f"attributes.{key}"] = str(value).lower() if isinstance(value, bool) else str(value)
    record[OUTCOME] = outcome
    return lead_id, record


@dataclass(frozen=True)
class Ripe:
    """Until when leads must have been captured to tell how many are won, how long that takes, and how many closed ones are younger."""

    until: datetime
    after: timedelta
    young: int


def ripe(at) -> Ripe:
    """The Ripe of a moment."""
    with chunk() as cursor:
        cursor.execute(RIPE_AFTER)
        after = cursor.fetchone()[0] or timedelta()
        cursor.execute(YOUNG, [at - after])
        return Ripe(at - after, after, cursor.fetchone()[0])


def closed(until):
    """Records of the closed leads captured `until` then, in chunks by id, so that memory stays flat."""
    last, which = 0, f"{CLOSED} AND l.captured_at <= %(until)s AND l.id > %(after)s"
    while rows := _read_unhurried(which, {"after": last, "until": until}):
        yield from (record for _lead, record in rows)
        last = rows[-1][0]


def _read_unhurried(which, params):
    with chunk():
        return read(which, params)


def of_leads(lead_ids):
    """{lead id: record} of these leads."""
    return dict(read("l.id = ANY(%(leads)s)", {"leads": list(lead_ids)}, limit=len(lead_ids)))

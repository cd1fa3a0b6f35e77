"""The dealing by which each imported pass began, and those that join an open one."""

from leads.importing import raised
from leads.importing.work import STAGE
from leads.models import TouchKind


def write(work):
    """The dealing by which each pass began, and those of rows that joined an open pass.

    The latter keep the row's key, so that it is known again. Where nobody says when, or that it was a dealing at all, the
    touch is an automatic one, which warms nobody and earns nothing.
    """
    kind = work.mapping.touch
    joins = "p.lead_id IS NULL AND NOT p.makes AND NOT p.noted"
    work.execute(
        f"""INSERT INTO leads_touch (contact_id, kind, at, channel, campaign_id, note, automatic, source, external_id)
            SELECT p.contact_id, coalesce(s.touch_kind, %s), p.captured_at, coalesce(s.channel, 'unknown'), s.campaign_id,
              coalesce(s.note, ''), NOT p.makes AND NOT (p.dated AND %s), %s, 'lead:' || s.key
            FROM import_pass p JOIN {STAGE} s ON s.no = p.no WHERE (p.makes AND %s) OR ({joins})
            ORDER BY p.contact_id, p.captured_at""",
        [kind or TouchKind.FORM, bool(kind), work.source, bool(kind)],
    )
    joined = work.note(
        "touch",
        f"""SELECT p.line, t.id, NULL::jsonb FROM import_pass p JOIN {STAGE} s ON s.no = p.no
            JOIN leads_touch t ON t.source = %s AND t.external_id = 'lead:' || s.key WHERE {joins}""",
        [work.source],
    )
    work.count("joined", joined)
    if joined and kind:
        _wake_joined(work, f"{joins} AND p.dated")


def _wake_joined(work, joins):
    """A pass that somebody joins now is due for scoring, and no history any more when the dealing is not; a hand may be raised."""
    raised.hands(
        work,
        f"""SELECT p.line, t.id AS touch_id FROM import_pass p JOIN {STAGE} s ON s.no = p.no
            JOIN leads_touch t ON t.source = %(source)s AND t.external_id = 'lead:' || s.key WHERE {joins}""",
    )
    work.execute(
        f"""INSERT INTO leads_leadscore (lead_id, model_id, touched_at)
            SELECT DISTINCT l.id, m.id, clock_timestamp()
            FROM import_pass p JOIN leads_lead l ON l.contact_id = p.contact_id AND l.ended_at IS NULL
            JOIN leads_scoremodel m ON m.in_force AND m.line = '' WHERE {joins} AND NOT p.history ON CONFLICT DO NOTHING"""
    )
    work.execute(
        f"""UPDATE leads_lead l SET history = false FROM import_pass p
            WHERE l.contact_id = p.contact_id AND l.ended_at IS NULL AND l.history AND NOT p.history AND {joins}"""
    )
    work.mark_touched(f"SELECT contact_id FROM import_pass p WHERE {joins}")

"""Leads follow the deals of a file: whose they are, and their steps to the deal and on."""

from leads.importing import hands, steps
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE


def follow(work):
    """Each lead follows its deal, unless a rep holds it: then its stage is the rep's to say.

    What an import gave into hands follows as long as its rep has not worked with it here; what nobody holds, whoever has the
    deal holds from then on.
    """
    _warn_dates(work)
    work.table(
        "import_deal",
        f"""SELECT DISTINCT ON (s.lead_id) s.no, s.line, s.lead_id, s.row_id, s.outcome, s.closed_at, s.told_at, s.owner_id,
              EXISTS (SELECT 1 FROM leads_handoff h WHERE h.lead_id = s.lead_id AND h.ended_at IS NULL AND NOT ({hands.FOLLOWS})) AS held
            FROM {STAGE} s WHERE s.lead_id IS NOT NULL
            ORDER BY s.lead_id, (s.outcome = 'won') DESC, (s.outcome = 'open') DESC, s.opened_at DESC NULLS LAST, s.no""",
    )
    work.note(
        "lead",
        """SELECT d.line, l.id, jsonb_build_object(
             'was', jsonb_build_object('deal_id', l.deal_id, 'owner_id', l.owner_id), 'now', jsonb_build_object(
               'deal_id', d.row_id, 'owner_id', CASE WHEN l.history THEN coalesce(l.owner_id, d.owner_id) ELSE l.owner_id END))
           FROM import_deal d JOIN leads_lead l ON l.id = d.lead_id WHERE l.deal_id IS DISTINCT FROM d.row_id""",
    )
    work.execute(
        """UPDATE leads_lead l SET deal_id = d.row_id, updated_at = now(),
             owner_id = CASE WHEN l.history THEN coalesce(l.owner_id, d.owner_id) ELSE l.owner_id END
           FROM import_deal d WHERE l.id = d.lead_id AND l.deal_id IS DISTINCT FROM d.row_id"""
    )
    _move(work)
    work.warn(
        work.rows("SELECT no, 'lead_key', '' FROM import_deal WHERE held ORDER BY no"),
        lambda one: _("the lead stays at its stage, because a rep holds it"),
    )
    _give(work)


def _give(work):
    """Live leads that are in sales now and in nobody's hands go to whoever has the deal; those of nobody are told."""
    nobodys = hands.give(
        work,
        """SELECT d.no, d.line, d.lead_id, coalesce(d.owner_id, p.owner_id) AS owner_id
           FROM import_deal d LEFT JOIN pipeline_deal p ON p.id = d.row_id""",
    )
    work.warn(
        [(no, "owner", "") for no in nobodys],
        lambda one: _("no rep holds it: the file names nobody who sells here"),
    )


def _move(work):
    """The steps of leads that nobody holds, as their deals went."""
    work.table(
        "import_follow",
        """SELECT d.line, l.id AS lead_id, l.stage AS done, l.captured_at, l.mql_at, l.ready_at, l.sql_at,
             CASE d.outcome WHEN 'won' THEN 'won' WHEN 'open' THEN 'deal' ELSE 'nurture' END AS stage,
             CASE WHEN d.outcome = 'lost' THEN coalesce(d.told_at, l.deal_at, d.closed_at) ELSE d.told_at END AS deal_at,
             CASE WHEN d.outcome = 'won' THEN d.closed_at END AS won_at,
             CASE WHEN d.outcome = 'lost' THEN d.closed_at END AS side_at
           FROM import_deal d JOIN leads_lead l ON l.id = d.lead_id WHERE NOT d.held""",
    )
    steps.plan(work, "import_follow")
    work.count("moved", work.rows("SELECT count(DISTINCT lead_id) FROM import_step")[0][0])
    steps.replay(work, "import_follow")
    hands.let_go(work, "import_follow")


def _warn_dates(work):
    work.warn(
        work.rows(
            f"SELECT no, 'opened_at', told_at::text FROM {STAGE} WHERE told_at < captured_at ORDER BY no"
        ),
        lambda one: _("the deal is older than its lead"),
    )
    work.warn(
        work.rows(
            f"""SELECT no, 'closed_at', closed_at::text FROM {STAGE}
                WHERE told_at IS NULL AND outcome = 'won' AND closed_at < captured_at ORDER BY no"""
        ),
        lambda one: _("the win is dated before the first contact"),
    )

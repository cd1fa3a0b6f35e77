"""Each rep's counter of open handoffs against a recount."""

from reports.verify.differences import compared

STORED = "SELECT user_id AS rep, open_n::bigint FROM accounts_repprofile"
SOURCE = """
SELECT p.user_id, count(h.id) FROM accounts_repprofile p
LEFT JOIN leads_handoff h ON h.rep_id = p.user_id AND h.ended_at IS NULL
GROUP BY p.user_id
"""


def differences(cursor):
    """Reps whose counter is not the number of their open handoffs."""
    return compared(cursor, "Handoffs", 1, STORED, SOURCE)

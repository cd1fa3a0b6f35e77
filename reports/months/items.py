"""What counts in a month, item by item: as it stands now, as it was frozen, and how both differ."""

from reports.statements import statement

WHERE = ("measure", "item", "own", "channel", "segment", "region", "campaign")
WORTH = ("n", "amount", "margin")
IN_FORCE = "NOT EXISTS (SELECT 1 FROM pipeline_monthreopening r WHERE r.close_id = c.id)"
SUMS = ", ".join(f"sum({one}) AS {one}" for one in WORTH)
SOME = " OR ".join(f"sum({one}) <> 0" for one in WORTH)
PLACE = ", ".join(WHERE)
# Whose it is now; whose it was then where it counts no more.
LAST = ", ".join(f"(array_agg({one} ORDER BY live DESC))[1] AS {one}" for one in ("owner", "team"))
# How what counts now differs from what all closes in force hold of the same months; what came late and is booked to a
# later close is in there. `only`: a WHERE for a part of them.
LATE = f"""
SELECT {PLACE}, {LAST}, {SUMS} FROM (
  SELECT {PLACE}, owner, team, {", ".join(WORTH)}, true AS live, NULL::bigint AS close_id FROM ({{live}}) AS live
  UNION ALL
  SELECT {PLACE}, owner, team, {", ".join(f"-{one}" for one in WORTH)}, false, close_id FROM reports_frozenitem JOIN pipeline_monthclose c ON c.id = close_id
  WHERE {IN_FORCE}
) AS both_sides {{only}} GROUP BY {PLACE} HAVING {SOME}
"""
CELL = ("close_id", "measure", "own", "channel", "segment", "region", "campaign", "owner", "team")
CELLS = (
    f"SELECT {', '.join(CELL)}, {SUMS} FROM reports_frozenitem WHERE close_id = %s GROUP BY {', '.join(CELL)}"
)


def live():
    """SQL of what counts now in the months of the temporary table asked_month; see `ask`."""
    return statement("live_items")


def ask(cursor, months):
    """Fill asked_month with {month: model}, for the rest of the transaction."""
    cursor.execute(
        "DROP TABLE IF EXISTS asked_month;"
        "CREATE TEMPORARY TABLE asked_month ON COMMIT DROP AS SELECT * FROM unnest(%s::date[], %s::text[]) AS a (month, model)",
        [list(months), list(months.values())],
    )


def freeze(cursor, close, model, before):
    """Freeze what counts in the month of a MonthClose, and what came late for the closed months {month: model} `before`.

    Returns how many items.
    """
    columns = f"close_id, {PLACE}, owner, team, {', '.join(WORTH)}"
    frozen = 0
    for months, source in ((before, LATE.format(live=live(), only="")), ({close.month: model}, live())):
        if months:
            ask(cursor, months)
            cursor.execute(
                f"INSERT INTO reports_frozenitem ({columns}) SELECT %s, {PLACE}, owner, team, {', '.join(WORTH)} FROM ({source}) AS q",
                [close.pk],
            )
            frozen += cursor.rowcount
    cursor.execute(
        f"INSERT INTO reports_frozencell ({', '.join(CELL)}, {', '.join(WORTH)}) {CELLS}", [close.pk]
    )
    return frozen

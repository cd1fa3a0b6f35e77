"""Brings a told story into the database: one transaction, COPY for all that is many."""

from datetime import date

from accounts import organisation
from accounts.models import Organisation, WorkingCalendar
from accounts.models.organisation import Level
from demo import tables
from demo.models import Demo, DemoRange
from demo.rows import KEYLESS, PEOPLE, POINTERS, TABLES
from demo.staff import Staff
from demo.world import CODES
from engine.copying import chunk, copy_rows
from leads import terms
from leads.models import ReturnReason, ScoreModel
from pipeline.models import DealStage, OutcomeReason

KEPT = ("name", "currency", "zone", "language", "fiscal_year_start", "level", "demo", "live_on")


def load(story, calendars, *, seed, at, beside=False):
    """Write everything. `calendars` are the special days of each territory.

    Returns the Demo, table → number of rows, and the keys of people by code and of campaigns in their order.
    """
    with chunk() as cursor:
        ours = Organisation.objects.get()
        demo = Demo.objects.create(
            language=story.house.world.language,
            seed=seed,
            made_at=at,
            before={name: _plain(getattr(ours, name)) for name in KEPT},
        )
        _become(ours, story.house.world, beside)
        staff = Staff(story, ours, calendars)
        staff.hire()
        if not beside:
            _settle_in(demo, staff)
        ids = {
            kind: _keys(cursor, kind, len(rows))
            for kind, rows in story.rows.of.items()
            if kind not in KEYLESS
        }
        codes = {**_codes(), **staff.ids}
        for kind, rows in story.rows.of.items():
            if kind is tables.DealChange:
                rows = [_with_owners(row, codes["people"]) for row in rows]
            copy_rows(cursor, TABLES[kind], _columns(kind), _rows(kind, rows, ids, codes))
        _remember(demo, staff.made, ids)
    organisation.forget()
    counts = {TABLES[kind]: len(rows) for kind, rows in story.rows.of.items()}
    return demo, counts, {"people": codes["people"], "campaigns": ids[tables.Campaign]}


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def _become(ours, world, beside):
    """The organisation is the story's firm, unless real people work here too."""
    ours.demo, ours.live_on = True, None  # its months count, whenever the house goes live
    if not beside:
        ours.name, ours.currency, ours.zone = world.organisation, world.currency, world.zone
        ours.language = CODES[world.language]
        ours.fiscal_year_start = world.fiscal_year_start
        ours.level = Level.FULL
    ours.save()


def _settle_in(demo, staff):
    """Whoever has no team works as the first territory does, by the house's own calendar; `demo` remembers its zone."""
    office, place = WorkingCalendar.objects.order_by("pk").first(), staff.world.territories[0]
    demo.before["office_zone"], office.zone = office.zone, place.zone
    demo.save(update_fields=["before"])
    office.save(update_fields=["zone"])
    staff.mark(office, staff.calendars[0])


def _keys(cursor, kind, count):
    """So many keys of a table, in order, taken from its sequence; where nobody else takes any meanwhile, they are a range."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [TABLES[kind]])
    (sequence,) = cursor.fetchone()
    taken = "SELECT nextval(%s::regclass) AS key FROM generate_series(1, %s)"
    cursor.execute(
        f"""WITH taken AS MATERIALIZED ({taken})
            SELECT min(key), max(key), CASE WHEN max(key) - min(key) >= count(*) THEN array_agg(key ORDER BY key) END FROM taken""",
        [sequence, count],
    )
    low, high, keys = cursor.fetchone()
    return keys or (range(low, high + 1) if count else [])


def _codes():
    """Column → code → key, for columns that point to rows that are there from the start."""
    return {
        "stage_id": dict(DealStage.objects.values_list("code", "pk")),
        "outcome_reason_id": dict(OutcomeReason.objects.values_list("code", "pk")),
        "reason_id": dict(ReturnReason.objects.values_list("code", "pk")),
        "agreement_id": {"in force": terms.in_force().pk},
        "model_id": {"in force": ScoreModel.objects.get(in_force=True, line="").pk},
    }


def _columns(kind):
    return kind._fields if kind in KEYLESS else ("id", *kind._fields)


def _rows(kind, rows, ids, codes):
    """Rows with keys in place of numbers and codes."""
    lookups = [_lookup(column, ids, codes) for column in kind._fields]
    changed = [(place, lookup) for place, lookup in enumerate(lookups) if lookup]
    keys = ids.get(kind)
    for number, row in enumerate(rows):
        cells = list(row)
        for place, lookup in changed:
            if cells[place] is not None:
                cells[place] = lookup(cells[place])
        yield [keys[number], *cells] if keys else cells


def _with_owners(change, people):
    """A change of owner with keys in place of codes."""
    if change.field != "owner":
        return change
    before, after = (str(people[code]) if code else "" for code in (change.before, change.after))
    return change._replace(before=before, after=after)


def _lookup(column, ids, codes):
    if column in POINTERS:
        keys = ids[POINTERS[column]]
        return lambda number: keys[number - 1]
    if column in PEOPLE:
        return codes["people"].__getitem__
    return codes[column].__getitem__ if column in codes else None


def _remember(demo, made, ids):
    """Note the keys of everything, as unbroken ranges."""
    keys = _keys_of(made)
    for kind, taken in ids.items():
        keys.setdefault(TABLES[kind], []).extend(taken)
    _note(demo, keys)


def note(demo, made):
    """Note the keys of objects that were made later, so that they go with the demo."""
    _note(demo, _keys_of(made))


def _keys_of(made):
    keys = {}
    for row in made:
        keys.setdefault(row._meta.db_table, []).append(row.pk)
    return keys


def _note(demo, keys):
    DemoRange.objects.bulk_create(
        DemoRange(demo=demo, table=table, low=low, high=high)
        for table, taken in keys.items()
        for low, high in ranges(sorted(taken))
    )


def ranges(keys):
    """Sorted keys as (low, high) of unbroken runs."""
    low = high = None
    for key in keys:
        if high is not None and key == high + 1:
            high = key
            continue
        if low is not None:
            yield low, high
        low = high = key
    if low is not None:
        yield low, high

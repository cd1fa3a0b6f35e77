"""Rollups and credit: all counted anew, one day changed, linear credit and the other models, beside bare statements;
and the models that learn, on paths of their own."""

import random

from bench import counted
from bench.clock import clocked
from bench.figures import RUNS, Figure, alternate, middle, speed, times
from bench.filling.world import forget, tidy
from engine.copying import chunk
from reports import attribution, rollups
from reports.attribution import shapley
from reports.attribution.credits import WON, credit
from reports.attribution.markov import removal_effects
from reports.attribution.paths import Path
from reports.rollups.counting import COUNTED, all_tables
from reports.rollups.totals import columns

PATHS = 500_000
CLOSED = [
    name for name in attribution.MODELS if name not in ("linear", "markov")
]  # weights that are not learned
# the leads of one day get another channel, so that every figure that counts them moves
DAY = """
UPDATE leads_lead SET channel = CASE channel WHEN 'seo' THEN 'sem' ELSE 'seo' END
WHERE captured_at >= %(at)s::timestamptz - interval '200 days' AND captured_at < %(at)s::timestamptz - interval '199 days'
"""
DUE = (
    "CREATE TEMPORARY TABLE due_deal ON COMMIT DROP AS SELECT id AS deal_id FROM pipeline_deal WHERE outcome = 'won'; "
    "ANALYZE due_deal"
)
BARE = "CREATE TEMPORARY TABLE bare_credit ON COMMIT DROP AS "


def figures(world):
    """A rebuild against plain statements that write such rows and sums, a day against a rebuild, linear credit against one."""
    world.grow()
    ours, bare = alternate(_from_nothing, lambda: _timed(_written))
    yield speed(f"rollup: {world.leads:,} passes from nothing against bare statements", ours, bare, "≥ 0.60")
    ours, bare = alternate(lambda: _timed(rollups.rebuild), lambda: _timed(_written))
    yield speed(f"rollup: {world.leads:,} passes rebuilt against bare statements", ours, bare, "≥ 0.60")
    day = [_changed(world) for _ in range(RUNS)]
    yield times(
        "rollup: a day's change against a rebuild", day, [middle(ours)] * RUNS, "≤ 0.02", 1e3, "ms CPU"
    )
    for name, plain in (
        ("one statement", counted.linear()),
        ("one whose cents add up", counted.linear_to_the_cent()),
    ):
        linear, bare = alternate(lambda: _timed(_credited), lambda: _timed(lambda: _run(BARE + plain)))  # noqa: B023
        yield speed(
            f"credit: linear, of all won deals, against {name}", linear, bare, "≥ 0.60", 1e3, "ms CPU"
        )
    for name in CLOSED:
        ours = [_timed(lambda: _credited(name)) for _ in linear]  # noqa: B023, called at once
        yield times(f"credit: {name} against linear", ours, linear, "≤ 2.00", 1e3, "ms CPU")
    paths = walks(random.Random(1), min(PATHS, 5 * world.size))
    for name, work in (
        (f"markov: order 2, 20 channels, {len(paths):,} paths", lambda: removal_effects(paths, 2)),
        (f"shapley: of rates, 12 channels, {len(paths):,} paths", lambda: shapley.rate(narrowed(paths))),
    ):
        spent = _timed(work)
        yield Figure(name, spent.cpu, unit="s CPU", goal="< 10", wall=spent.wall)


def walks(rng, count, channels=20):
    """Paths through so many channels, an eighth of them won, drawn by `rng`."""
    names = [f"channel {number}" for number in range(channels)]
    lengths = [1 + min(int(rng.expovariate(0.35)), 11) for _path in range(count)]
    won = [float(rng.random() < 0.125) for _path in range(count)]
    return [
        Path(tuple(rng.choices(names, k=length)), one, nulls=1 - one)
        for length, one in zip(lengths, won, strict=True)
    ]


def narrowed(paths, most=12):
    """The same paths through no more than `most` channels: any other is the first."""
    names = sorted({name for path in paths for name in path.channels})
    kept = {name: name if place < most else names[0] for place, name in enumerate(names)}
    return [
        Path(tuple(kept[name] for name in path.channels), path.conversions, nulls=path.nulls)
        for path in paths
    ]


def _timed(work):
    with clocked() as spent:
        work()
    tidy(*all_tables())
    return spent


def _from_nothing():
    forget()
    return _timed(rollups.rebuild)


def _written():
    """The rows that are counted, read by a plain statement each and written beside their table under the same indexes, and the
    sums over them."""
    with chunk() as cursor:
        for one in COUNTED:
            names = columns(one.model)
            read = f"SELECT {', '.join(names)} FROM ({counted.READ[one.table]()}) AS plain"
            _copy(cursor, one.table, read, names)
            for total in one.totals:
                names = [*total.identity, *total.measured()]
                _copy(cursor, total.table, total.select(one.table), names)


def _copy(cursor, table, rows, names):
    cursor.execute(
        f"CREATE TEMPORARY TABLE bare (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY) ON COMMIT DROP"
    )
    cursor.execute("ALTER TABLE bare DROP COLUMN IF EXISTS id")
    cursor.execute(f"INSERT INTO bare ({', '.join(names)}) {rows}")
    cursor.execute("DROP TABLE bare")


def _changed(world):
    with chunk() as cursor:
        cursor.execute(DAY, {"at": world.at})
        assert cursor.rowcount
    with clocked() as spent:
        rollups.roll_all()
    return spent


def _credited(name="linear"):
    with chunk() as cursor:
        cursor.execute(DUE)
        credit(cursor, [attribution.MODELS[name]], WON)


def _run(sql):
    with chunk() as cursor:
        cursor.execute(sql)

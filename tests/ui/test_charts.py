"""Charts: what they say, what they do without data, and that nothing in them can break a page."""

import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ui import charts
from ui.charts.bullet import stands
from ui.charts.scale import ticks
from ui.words import breakable

EUROS = charts.money("EUR")
EVIL = '<script>alert("x")</script>'


class Reader(HTMLParser):
    """Collects the tags, the attributes, the table and whether every tag is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.attributes, self.tags, self.rows, self.cell = [], [], [], [], None
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.tags.append(tag)
        self.attributes += attributes
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.cell = ""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag in ("th", "td"):
            self.rows[-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def values(self, name):
        """Every value of an attribute."""
        return [value for key, value in self.attributes if key == name]


def all_charts(name="Paid search", numbers=(3, 0, 7)):
    """One chart of each kind over the same numbers."""
    categories = [f"{name} {index}" for index in range(len(numbers))]
    series = [charts.Series(name, tuple(numbers), tone=2)]
    return {
        "funnel": charts.funnel(list(zip(categories, numbers, strict=True)), name),
        "bars": charts.bars(categories, series, name, EUROS, notes=["1×"] * len(numbers), notes_name=name),
        "stacked": charts.stacked(categories, series, name),
        "lines": charts.lines(categories, series, name),
        "sankey": charts.sankey(
            [[charts.Node("a", name)], [charts.Node("b", name)]], [("a", "b", sum(numbers))], name
        ),
        "heat": charts.heat(categories, ["+0"], [[number] for number in numbers], name, charts.NUMBER),
        "bullet": charts.bullet([charts.Target(name, number, 5) for number in numbers], name),
        "histogram": charts.histogram(
            [charts.Bin(name, number) for number in numbers], name, marks=[charts.Mark(name, 1.5)]
        ),
    }


@pytest.mark.parametrize("kind", all_charts())
def test_a_chart_is_whole_and_strict(kind):
    """Closed tags, no style, no id, no handler: fit for a strict policy and for standing on a page twice."""
    reader = Reader(all_charts()[kind])
    names = {name for name, _value in reader.attributes}
    assert not {name for name in names if name in ("style", "id") or name.startswith("on")}
    assert reader.values("role") == ["img", "region"]
    assert reader.values("aria-label")[0].startswith("Paid search")
    assert "details" in reader.tags


@pytest.mark.parametrize("kind", all_charts())
def test_a_hostile_name_stays_a_name(kind):
    html = all_charts(name=EVIL)[kind]
    assert "<script" not in html
    assert EVIL in "".join(Reader(html).values("data-tip") + [str(Reader(html).rows)])


@given(numbers=st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_no_numbers_break_a_chart(numbers):
    for html in all_charts(numbers=tuple(numbers)).values():
        Reader(html)
        assert not re.search(r"\bnan\b|\binf\b", html)


@given(
    values=st.lists(st.none() | st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=15),
    unit=st.sampled_from([charts.NUMBER, charts.PERCENT, charts.TIMES, charts.DURATION, EUROS]),
)
def test_gaps_and_losses_are_drawn(values, unit):
    labels = [str(index) for index in range(len(values))]
    series = [charts.Series("a", tuple(values)), charts.Series("b", tuple(reversed(values)), tone=3)]
    for draw in (charts.bars, charts.lines):
        reader = Reader(draw(labels, series, "Return", unit))
        heights = [float(value) for value in reader.values("height") if "%" not in value]
        assert all(height >= 0 for height in heights)


@pytest.mark.parametrize(
    "chart",
    [
        charts.funnel([], "Funnel"),
        charts.funnel([("Leads", 0), ("Won", 0)], "Funnel"),
        charts.bars([], [], "Bars"),
        charts.bars(["a"], [charts.Series("s", (None,))], "Bars"),
        charts.stacked([], [], "Stacked"),
        charts.lines([], [], "Lines"),
        charts.lines(["a", "b"], [charts.Series("s", (None, None))], "Lines"),
        charts.sankey([], [], "Flow"),
        charts.sankey([[charts.Node("a", "a")], [charts.Node("b", "b")]], [("a", "b", 0)], "Flow"),
        charts.heat(["a"], ["b"], [[None]], "Heat"),
        charts.bullet([], "Targets"),
        charts.histogram([charts.Bin("a", 0)], "Spread"),
    ],
)
def test_without_data_the_place_says_so(chart):
    assert "chart-nothing" in chart
    assert "No data for this choice yet." in chart


def test_the_table_under_the_funnel_holds_its_figures():
    chart = charts.funnel([charts.Stage("Leads", 200, href="/leads/"), charts.Stage("MQL", 50)], "Funnel")
    reader = Reader(chart)
    assert reader.rows == [
        ["Stage", "Count", "Of the stage before", "Of the first stage"],
        ["Leads", "200", "–", "100.0%"],
        ["MQL", "50", "25.0%", "25.0%"],
    ]
    assert reader.values("href") == ["/leads/"]


def test_a_stage_after_an_empty_one_has_no_rate():
    rows = Reader(charts.funnel([("Leads", 9), ("MQL", 0), ("SQL", 1)], "Funnel")).rows
    assert [row[2] for row in rows[1:]] == ["–", "0.0%", "–"]


def test_bars_write_amounts_by_language():
    with override("ru"):
        chart = charts.bars(["янв."], [charts.Series("Выручка", (1_620_000,))], "Выручка", EUROS)
    assert Reader(chart).rows[1] == ["янв.", "1\N{NO-BREAK SPACE}620\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€"]


def test_many_categories_become_rows():
    names = [str(index) for index in range(13)]
    assert "chart-many" in charts.bars(names, [charts.Series("s", tuple(range(13)))], "Bars")
    assert "chart-many" not in charts.bars(names[:12], [charts.Series("s", tuple(range(12)))], "Bars")


@pytest.mark.parametrize(
    "actual, goal, lower_is_better, expected",
    [
        (100, 100, False, "reached"),
        (90, 100, False, "on_the_way"),
        (50, 100, False, "behind"),
        (735, 900, True, "reached"),
        (990, 900, True, "behind"),
        (1800, 900, True, "behind"),
        (None, 900, True, "unknown"),
        (5, None, False, "unknown"),
        (5, 0, False, "unknown"),
    ],
)
def test_a_target_knows_its_direction(actual, goal, lower_is_better, expected):
    assert stands(charts.Target("", actual, goal, lower_is_better=lower_is_better)) == expected


def test_a_target_asks_no_more_than_time_allows():
    """A plan of 100 leads: before the first day, half-way in time, on the last day."""
    asked = [(0, 0), (0, 0.5), (44, 0.5), (45, 0.5), (50, 0.5), (100, 0.5), (89, 1), (90, 1)]
    said = [stands(charts.Target("", actual, 100, due=due)) for actual, due in asked]
    assert said == [
        "waiting",
        "behind",
        "behind",
        "on_the_way",
        "on_the_way",
        "reached",
        "behind",
        "on_the_way",
    ]


def test_a_target_without_a_number_is_still_shown():
    html = charts.bullet([charts.Target("MQLs", None, 5), charts.Target("SQLs", 5, None)], "Targets")
    assert Reader(html).rows[1:] == [["MQLs", "–", "5", "–"], ["SQLs", "5", "–", "–"]]


@given(low=st.integers(-(10**12), 0), high=st.integers(0, 10**12), whole=st.booleans())
def test_an_axis_holds_its_values_and_zero(low, high, whole):
    low, high = low / 1000, high / 1000
    marks = ticks(low, high, whole=whole)
    assert marks[0] <= low
    assert high <= marks[-1]
    assert 0 in marks
    assert 2 <= len(marks) <= 8
    assert list(marks) == sorted(set(marks))


@pytest.mark.parametrize("values", [(), (1,), (None, 4), (None, None)])
def test_too_few_points_make_no_sparkline(values):
    assert charts.sparkline(values) == ""


def test_a_flat_sparkline_is_a_line():
    assert Reader(charts.sparkline((5, 5, 5))).values("class") == ["sparkline", "area", "line"]


def test_links_open_what_is_behind_a_row():
    chart = charts.bars(["a", "b"], [charts.Series("s", (1, 2))], "Bars", links=("/a/", ""))
    assert Reader(chart).values("href") == ["/a/"]


def test_a_long_russian_word_breaks_between_syllables():
    names = ["Партнёрская сеть", "Электронная почта", "Exhibition", "展会"]
    html = charts.bars(names, [charts.Series("x", [1, 2, 3, 4])], "Channels")
    drawn = re.findall(r"<li[^>]*data-tip=[^>]*>([^<]+)</li>", html)
    assert drawn == ["Парт\u00adнёрс\u00adкая сеть", "Элек\u00adтрон\u00adная почта", "Exhibition", "展会"]
    assert [breakable(word) for word in ("Выиграна", "передаче", "Сделка")] == [
        "Выи\u00adграна",
        "пере\u00adдаче",
        "Сделка",
    ]


def test_what_is_below_zero_hangs_below_it_in_a_stack():
    series = [charts.Series("Closed", (-50,), 1), charts.Series("Commit", (100,), 2)]
    drawn = str(charts.stacked(["May"], series, "Forecast"))
    bars = re.findall(
        r'<rect x="[^"]+" width="[^"]+" y="([0-9.]+)" height="([0-9.]+)" class="c(\d) slice"', drawn
    )
    (closed, commit) = ((float(y), float(height)) for y, height, _tone in bars)
    assert closed[0] == pytest.approx(sum(commit))  # where the one ends, at zero, the other begins
    assert commit[1] == pytest.approx(2 * closed[1])
    assert ">50<" in drawn

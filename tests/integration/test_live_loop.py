"""The whole loop, live: real leads through the API while worker, beat and sweeper run, answered by scripted people.

240 of the Olist leads come in their own order, in twelve batches, each with its first contact as a touch dated now; the
scorecard and a test agreement (one touch, answers within five seconds, day and night) make MQLs of them; the desk marks
them ready; reps accept, return, let expire, open deals and win. Then `verify` finds no difference, and the dashboard
agrees with counts made from the tables.
"""

import csv
import http.client
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Event
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from environ import Env

from tests.engine.launched import Launched
from tests.samples import folder
from tests.servers import move_in

pytestmark = [pytest.mark.integration, pytest.mark.samples]

LEADS, BATCH = 240, 20
PAUSE = 2.0  # seconds between two looks of a person, who has five to answer
PEOPLE = """
import json
from django.utils import timezone
from accounts import tokens
from accounts.models import RepProfile, Role, Team, Track, User
from leads.models import Agreement, AgreementSignature, Question
at = timezone.now()
team = Team.objects.create(name="Live", track=Track.SALES)
def person(name, role, **more):
    user = User.objects.create_user(f"{name}@live.example", full_name=name, role=role, **more)
    return user, tokens.issue(user, "live", ["read", "write"], at)[1]
desk, desk_token = person("desk", Role.MARKETING)
admin, admin_token = person("admin", Role.ADMIN)
reps = []
for number in range(5):
    rep, token = person(f"rep{number}", Role.SALES, team=team)
    RepProfile.objects.create(user=rep, capacity=2000, cap_ceiling=2000)
    reps.append((rep.pk, token))
soon = dict.fromkeys(["A", "B", "C", "D", "hand"], 5 / 60)
agreement = Agreement.objects.create(version=2, fit_floor="D", engagement_floor=4, touches_floor=1,
    answer_minutes=soon, around_the_clock=True, required_fields=[])
for track in Track:
    AgreementSignature.objects.create(agreement=agreement, track=track, user=admin, at=at)
Question.objects.update(active=False)
print("TOKENS" + json.dumps({"desk": desk_token, "admin": admin_token, "reps": reps}))
"""
ORIGINS = {
    "organic_search": "seo", "paid_search": "sem", "social": "social", "direct_traffic": "direct", "email": "email",
    "referral": "referral", "display": "display", "unknown": "unknown", "": "unknown",
}  # fmt: skip


class Person:
    """Somebody at the API of the running system, by token; `pk` is whose offers they ask for."""

    def __init__(self, address, token, pk=None):
        self.host, self.token, self.pk = urlsplit(address).netloc, token, pk

    def ask(self, method, path, body=None):
        """(status, answer) of one request."""
        line = http.client.HTTPConnection(self.host, timeout=300)  # a busy machine is slow, not broken
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            line.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            answer = line.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            line.close()

    def all(self, path):
        """Every row of a list, page by page."""
        rows, cursor = [], ""
        while cursor is not None:
            status, page = self.ask("GET", f"{path}{'&' if '?' in path else '?'}limit=200&cursor={cursor}")
            assert status == 200, page
            rows += page["results"]
            cursor = page["older"]
        return rows


def manage(run, *words):
    """A command beside the running system."""
    environment = {**run.environment, "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=300
    )  # fmt: skip


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    """The whole system with five reps, a desk and the test agreement: (run, desk, admin, reps)."""
    folder()  # skips where there are no samples, before anything is started
    home = tmp_path_factory.mktemp("live") / "data"
    move_in(home)
    run = Launched(home).ready()
    made = manage(run, "shell", "-v", "0", "-c", PEOPLE)
    assert "TOKENS" in made.stdout, made.stderr
    tokens = json.loads(made.stdout.split("TOKENS", 1)[1])
    desk, admin = Person(run.address, tokens["desk"]), Person(run.address, tokens["admin"])
    yield run, desk, admin, [Person(run.address, token, pk) for pk, token in tokens["reps"]]
    run.process.terminate()
    run.ends()


def feed(desk, rows):
    """Capture the leads in their own order, in batches."""
    body = [
        {
            "source": "olist",
            "external_id": row["mql_id"],
            "person_key": row["mql_id"],
            "channel": ORIGINS.get(row["origin"], "other"),
            "source_text": row["origin"],
            "kind": "form",
            "attributes": {"landing_page": row["landing_page_id"]},
        }
        for row in rows
    ]
    ids = []
    for start in range(0, len(body), BATCH):
        status, told = desk.ask("POST", "/leads/bulk/", body[start : start + BATCH])
        assert (status, told["failed"]) == (200, 0), told
        ids += [result["id"] for result in told["results"]]
    return ids


def work_the_desk(desk, over):
    """Mark MQLs ready as the scorecard makes them, until the day is over."""
    while not over.is_set():
        waiting = [row["id"] for row in desk.all("/leads/?stage=mql")]
        if waiting:
            status, told = desk.ask("POST", "/leads/ready/", {"ids": waiting[:1000]})
            assert (status, told["refused"]) == (200, [])
        time.sleep(PAUSE)


def work_as_rep(rep, over):
    """Answer what is offered by the number of the lead: of twenty eight are accepted, two returned, the rest left to expire."""
    reasons = ("no_budget", "wrong_region", "spam", "duplicate")
    while not over.is_set():
        for offer in rep.all(f"/handoffs/?open=true&answered=false&rep={rep.pk}"):
            last = offer["lead"] % 20
            if last < 8:
                status, told = rep.ask("POST", f"/handoffs/{offer['id']}/accept/")
                assert status in (200, 409), told  # it may have run out meanwhile
                if status == 200:
                    follow_up(rep, offer["lead"])
            elif last in (8, 9):
                reason = reasons[offer["lead"] // 20 % len(reasons)]
                rep.ask("POST", f"/handoffs/{offer['id']}/return/", {"reason": reason})
        time.sleep(PAUSE)


def follow_up(rep, lead):
    """A call; every third accepted lead becomes a deal, every second of these is won."""
    rep.ask("POST", f"/leads/{lead}/touches/", {"kind": "call", "outbound": True, "reached": True})
    if lead % 3:
        return
    deal = {
        "lead": lead, "name": f"Deal of {lead}", "amount": str(100 + lead), "currency": "EUR",
        "expected_close": str(date.today() + timedelta(days=30)), "next_step": "send the offer",
        "next_step_due": f"{date.today() + timedelta(days=2)}T09:00:00Z",
    }  # fmt: skip
    status, made = rep.ask("POST", "/deals/", deal)
    assert status == 201, made
    if lead % 2:
        status, won = rep.ask(
            "POST", f"/deals/{made['id']}/win/", {"reason": "best_fit", "signed_on": str(date.today())}
        )
        assert (status, won["outcome"]) == (200, "won")


def tables(run):
    """A connection to the database behind the system."""
    addresses = dict(line.split("=", 1) for line in (run.folder / "environment").read_text().splitlines())
    named = Env.db_url_config(addresses["DATABASE_URL"])
    return psycopg2.connect(
        host=named["HOST"], user=named["USER"], password=named["PASSWORD"], dbname=named["NAME"]
    )


def ask(run, statement):
    with tables(run) as line, line.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


DUE = """
SELECT (SELECT count(*) FROM leads_leadscore WHERE scored_at IS NULL OR scored_at < touched_at),
       (SELECT count(*) FROM leads_lead WHERE stage = 'new' OR (stage = 'mql' AND desk_due_at IS NULL)),
       (SELECT count(*) FROM leads_handoff WHERE ended_at IS NULL AND accepted_at IS NULL),
       (SELECT count(*) FROM reports_dirtykey)
"""


def settled(run, parts, patience=200):
    """Wait until the first `parts` kinds of work have nothing due: scores, the desk, answers, rollups."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not any(ask(run, DUE)[0][:parts]):
            return
        time.sleep(1)
    raise AssertionError(f"still due: {ask(run, DUE)}")


def test_leads_walk_the_loop(system):
    run, desk, admin, reps = system
    with open(folder() / "olist" / "olist_marketing_qualified_leads_dataset.csv", newline="") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), range(LEADS), strict=False)]
    over = Event()
    with ThreadPoolExecutor(2 + len(reps)) as people:
        work = [people.submit(work_the_desk, desk, over)]
        work += [people.submit(work_as_rep, rep, over) for rep in reps]
        try:
            ids = people.submit(feed, desk, rows).result()
            assert len(set(ids)) == LEADS
            settled(run, 2)
            time.sleep(5)
        finally:
            over.set()
        for one in work:
            one.result()
    settled(run, 4)

    stages = dict(ask(run, "SELECT stage, count(*) FROM leads_lead GROUP BY stage"))
    assert sum(stages.values()) == LEADS
    ends = dict(
        ask(run, "SELECT coalesce(nullif(\"end\", ''), 'open'), count(*) FROM leads_handoff GROUP BY 1")
    )
    assert {"expired", "returned", "finished", "open"} <= set(ends), ends
    assert stages.get("won"), stages  # how many depends on how fast the machine lets people answer
    twice = ask(
        run, "SELECT lead_id FROM leads_handoff WHERE ended_at IS NULL GROUP BY 1 HAVING count(*) > 1"
    )
    assert twice == []

    checked = manage(run, "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr

    status, told = admin.ask("GET", "/reports/dashboard/?period=all")
    assert status == 200, told
    assert_dashboard(run, told)


COUNTS = """
SELECT count(*), count(mql_at), count(sql_at), count(deal_at), count(won_at)
FROM leads_lead WHERE merged_into_id IS NULL AND NOT is_test AND disqualified_because <> 'spam'
"""
OFFERS = """
SELECT count(*) FILTER (WHERE accepted_at IS NOT NULL), count(*) FILTER (WHERE "end" = 'expired')
FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id
WHERE l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'
"""


def assert_dashboard(run, told):
    """The dashboard's figures against counts made from the tables, by statements of their own."""
    leads, mqls, sqls, deals, won = ask(run, COUNTS)[0]
    names = ("leads", "to_mql", "to_sql", "to_deal", "to_won")
    assert {name: told["cohort"][name] for name in names} == dict(
        zip(names, (leads, mqls, sqls, deals, won), strict=True)
    )
    accepted, expired = ask(run, OFFERS)[0]
    assert (told["answers"]["accepted"], told["answers"]["expired"]) == (accepted, expired)
    revenue = ask(run, "SELECT sum(base_amount) FROM pipeline_deal WHERE outcome = 'won'")[0][0]
    figures = {figure["figure"]: figure["value"] for figure in told["figures"]}
    assert Decimal(figures["won"]) == revenue

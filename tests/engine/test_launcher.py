"""`manage.py up`: whenever and however it is killed, nothing stays behind and the next start works."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings

from tests.engine.launched import Launched

pytestmark = pytest.mark.integration
INT, TERM, HUP, KILL = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """A short path for data folders."""
    return tmp_path_factory.mktemp("up")


@pytest.fixture
def launch(shelf):
    """Starts launchers and sees that each is gone in the end."""
    runs = []

    def start(name, *options, **environment):
        runs.append(Launched(shelf / name, *options, **environment))
        return runs[-1]

    yield start
    for run in runs:
        run.destroy()


def case(name, when, number, code=0):
    """A kill point: after a text or after seconds, a signal, the exit code that the launcher then has."""
    return pytest.param(name, when, number, code, id=name)


@pytest.mark.everyday
@pytest.mark.killtest
def test_one_life_with_five_deaths(launch):
    for when, number, code in [
        ("running bootstrap script", KILL, -KILL),
        ("Applying auth", INT, 0),
        ("Applying leads", KILL, -KILL),
        ("ready in", KILL, -KILL),
    ]:
        run = launch("life").says(when).send(number)
        assert run.ends() == code, run.output()[-3000:]
        assert run.left_behind() == {}, (when, number)
    last = launch("life").ready()
    assert last.status() == 200
    what_is_private_stays_private(last)
    assert last.send(TERM).ends() == 0
    assert last.left_behind() == {}


def what_is_private_stays_private(run):
    """In the folder of a running system; commands beside it find its servers and its secret by themselves."""
    assert run.folder.stat().st_mode & 0o077 in (0, 0o011)
    for name in ("secret", "environment", "greeting.txt"):
        assert (run.folder / name).stat().st_mode & 0o077 == 0, name
    assert (run.folder / "run").stat().st_mode & 0o077 == 0
    beside = subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=settings.BASE_DIR,
        env=run.environment,
        capture_output=True,
        text=True,
    )
    assert beside.returncode == 0, beside.stderr


@pytest.mark.killtest
@pytest.mark.parametrize(
    "name, when, number, code",
    [
        case("int-at-once", 0.3, INT, code=(0, -INT)),
        case("int-early", 0.6, INT, code=(0, -INT)),
        case("int-a-little-later", 0.9, INT),
        case("int-later-still", 1.3, INT),
        case("term-during-initdb", "running bootstrap script", TERM),
        case("kill-during-initdb", "running bootstrap script", KILL, code=-KILL),
        case("term-after-bootstrap", "performing post-bootstrap", TERM),
        case("term-while-postgres-starts", "starting PostgreSQL", TERM),
        case("kill-while-postgres-starts", "starting PostgreSQL", KILL, code=-KILL),
        case("int-while-migrating", "Applying auth", INT),
        case("kill-while-migrating", "Applying auth", KILL, code=-KILL),
        case("int-while-the-web-starts", "starting the web", INT),
        case("kill-while-the-web-starts", "starting the web", KILL, code=-KILL),
        case("int-when-ready", "ready in", INT),
        case("term-when-ready", "ready in", TERM),
        case("hup-when-ready", "ready in", HUP),
        case("kill-when-ready", "ready in", KILL, code=-KILL),
    ],
)
def test_killed_at_a_point_of_its_life(launch, name, when, number, code):
    first = launch(name)
    if isinstance(when, str):
        first.says(when)
    else:
        time.sleep(when)
    first.send(number)
    assert first.ends() in (code if isinstance(code, tuple) else (code,)), first.output()[-3000:]
    assert first.left_behind() == {}
    second = launch(name).ready()
    assert second.status() == 200
    assert second.send(TERM).ends() == 0
    assert second.left_behind() == {}


@pytest.mark.killtest
def test_second_signal_hurries(launch):
    run = launch("hurry").ready().send(INT)
    time.sleep(0.3)
    assert run.send(INT).ends(20) == 0
    assert run.left_behind() == {}


@pytest.mark.killtest
@pytest.mark.parametrize(
    "words",
    [("gunicorn",), ("celery", "worker"), ("celery", "beat"), ("manage.py", "sweep"), ("valkey-server",)],
)
def test_member_that_dies_is_started_again(launch, words):
    run = launch(f"member{len(words[-1])}").ready()  # a name that is in no command line
    time.sleep(3)  # a Celery worker forks its pool some time after the web serves
    before = run.pid(*words)
    os.kill(before, KILL)
    run.says("starting it again")
    end = time.monotonic() + 30
    while run.status() != 200 or not [
        p for p, line in run.family().items() if all(w in line for w in words) and p > before
    ]:
        assert time.monotonic() < end, run.output()[-3000:]
        time.sleep(0.2)
    assert run.send(TERM).ends() == 0
    assert run.left_behind() == {}


@pytest.mark.killtest
def test_a_database_that_dies_takes_everything_down_and_recovers(launch):
    run = launch("server").ready()
    os.kill(run.pid("bin/postgres", "-D"), KILL)
    assert run.ends() == 1
    assert run.left_behind() == {}
    assert launch("server").ready().status() == 200


@pytest.mark.killtest
def test_two_folders_run_side_by_side_and_one_folder_only_once(launch):
    one, two = launch("one"), launch("two")
    one.ready()
    two.ready()
    assert one.address != two.address
    assert (one.status(), two.status()) == (200, 200)
    again = launch("one")
    assert again.ends() == 1
    assert "already running" in again.output()
    assert one.status() == 200


def test_busy_port_is_said_plainly_before_anything_starts(launch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = launch("busy", PORT=str(taken.getsockname()[1]))
        assert run.ends() == 1
    assert "cannot be used" in run.output()
    assert run.family() == {}
    assert not (run.folder / "postgres").exists()


@pytest.mark.parametrize("wish", [{"PORT": "http"}, {"PORT": "70000"}, {"DEMO": "fr"}])
def test_impossible_wish_is_said_plainly(launch, wish):
    run = launch("wish", **wish)
    assert run.ends() == 2
    assert "must be" in run.output()
    assert "Traceback" not in run.output()


PRODUCTION = {
    "TANDEM_PRODUCTION": "1",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "t.example",
    "SITE_URL": "https://t.example",
}


def test_production_without_a_name_of_its_own_starts_nothing(launch):
    run = launch("nameless", **{**PRODUCTION, "SECRET_KEY": "", "SITE_URL": ""})
    assert run.ends() == 1
    assert "in production SECRET_KEY, SITE_URL must be set" in run.output()
    assert not (run.folder / "postgres").exists()


@pytest.mark.killtest
def test_production_is_ready_under_its_own_name(launch):
    run = launch("production", **PRODUCTION).says("ready in")
    assert "https://t.example/welcome/" in run.output()
    assert "DisallowedHost" not in run.output()


@pytest.mark.killtest
def test_stale_pid_file_with_a_living_strangers_pid(launch):
    run = launch("stale").ready()
    run.send(TERM).ends()
    with subprocess.Popen(["sleep", "300"]) as stranger:
        (run.folder / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n/elsewhere\n")
        assert launch("stale").ready().status() == 200
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.killtest
def test_path_too_long_for_a_socket(launch):
    run = launch("x" * 150).ready()
    assert "too long for sockets" in run.output()
    assert run.status() == 200


@pytest.mark.killtest
def test_terminal_that_goes_away_stops_nothing(shelf):
    run = Launched(shelf / "pipe")
    run.destroy()
    piped = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=settings.BASE_DIR,
        env={**run.environment, "PORT": "0"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    for line in piped.stdout:
        if b"ready in" in line:
            break
    piped.stdout.close()
    time.sleep(3)
    assert piped.poll() is None
    piped.send_signal(INT)
    assert piped.wait(60) == 0
    assert run.left_behind() == {}


@pytest.mark.killtest
def test_it_ends_with_make_that_started_it(launch, shelf):
    run = launch("parent")
    run.destroy()
    shell = subprocess.Popen(
        ["sh", "-c", f"'{sys.executable}' manage.py up --ends-with-parent & wait"],
        cwd=settings.BASE_DIR,
        env={**run.environment, "PORT": "0"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    for line in shell.stdout:
        if b"ready in" in line:
            break
    shell.kill()
    shell.wait()
    assert run.left_behind(30) == {}
    shell.stdout.close()

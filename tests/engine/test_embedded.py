"""The embedded servers: whose they are, where their sockets go, and what they can do with text."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from engine.embedded import account, places
from engine.embedded.account import Account
from engine.embedded.children import Child, environment, run_to_end, stop_all, wait_until
from engine.embedded.failure import Failure, Halted
from engine.embedded.postgres import CARELESS, MEGABYTE, Postgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


def child(*argv, folder, **manners):
    return Child("child", argv, env=environment(), cwd=folder, **manners)


# -- children --------------------------------------------------------------------------------------------
def test_output_is_relayed_line_by_line(tmp_path):
    heard = []
    run_to_end(child("printf", r"one\ntwo\303\nthree", folder=tmp_path, say=lambda *said: heard.append(said)))
    assert heard == [("child", "one"), ("child", "two\ufffd"), ("child", "three")]


def test_failure_of_a_step_is_a_failure(tmp_path):
    with pytest.raises(Failure, match="exit code 3"):
        run_to_end(child("sh", "-c", "exit 3", folder=tmp_path))


def test_stop_gives_way_at_once_and_leaves_nothing(tmp_path):
    step = child("sleep", "60", folder=tmp_path)
    with pytest.raises(Halted):
        run_to_end(step, halted=lambda: step.alive())
    assert not step.alive()


def test_wait_ends_with_the_child_or_with_the_time(tmp_path):
    gone = child("true", folder=tmp_path).start()
    with pytest.raises(Failure, match="ended with exit code 0"):
        wait_until(lambda: False, "it", 20, gone)
    with pytest.raises(Failure, match="not ready after 0 s"):
        wait_until(lambda: False, "it", 0.1)


def test_one_that_does_not_listen_is_killed_with_its_group(tmp_path):
    deaf = child(
        "sh", "-c", "trap '' TERM; sleep 60 & echo $! > pid; wait; wait", folder=tmp_path, grace=0.5
    ).start()
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip(), "pid", 10)
    grandchild = int((tmp_path / "pid").read_text())
    deaf.stop()
    assert deaf.code() == -signal.SIGKILL
    wait_until(lambda: not _alive(grandchild), "the end of the grandchild", 10)


def test_children_die_with_a_killed_parent(tmp_path):
    code = (
        "import time; from pathlib import Path; from engine.embedded.children import Child, environment\n"
        f"c = Child('c', ['sleep', '60'], env=environment(), cwd={str(tmp_path)!r}).start()\n"
        f"Path({str(tmp_path / 'pid')!r}).write_text(str(c.process.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), "pid", 20)
    orphan = int((tmp_path / "pid").read_text())
    time.sleep(0.3)  # until the child has asked the kernel
    parent.kill()
    parent.wait()
    wait_until(lambda: not _alive(orphan), "the end of the orphan", 10)


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_strangers_settings_do_not_reach_the_servers(monkeypatch):
    for name in ("PGHOST", "LC_ALL", "LANG", "TZ", "PYTHONHOME"):
        monkeypatch.setenv(name, "strange")
    given = environment(TANDEM_DATA="here")
    assert "PGHOST" not in given
    assert "PYTHONHOME" not in given
    assert (given["LC_ALL"], given["TZ"], given["TANDEM_DATA"]) == ("C.UTF-8", "UTC", "here")


# -- places ----------------------------------------------------------------------------------------------
def test_sockets_move_when_their_path_would_be_too_long(tmp_path):
    assert places.socket_folder(tmp_path) == tmp_path / "run"
    long = tmp_path / ("x" * 120)
    moved = places.socket_folder(long)
    assert len(os.fsencode(moved / places.LONGEST_SOCKET_NAME)) < places.LONGEST_SOCKET_PATH
    assert moved != places.socket_folder(tmp_path / ("y" * 120))
    # Bytes count, not characters.
    assert places.socket_folder(tmp_path / ("数" * 40)).parent != tmp_path / ("数" * 40)


def test_private_folder_is_private(tmp_path):
    places.private_folder(tmp_path / "a" / "b", account.OURSELVES)
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Failure, match="belongs to"):
        places.private_folder(tmp_path / "link", account.OURSELVES)


@as_root
def test_another_users_folder_is_refused(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    with pytest.raises(Failure, match="user id 65534"):
        places.private_folder(folder, account.OURSELVES)


def test_lock_is_held_by_one(tmp_path):
    with places.locked(tmp_path / "lock", str), pytest.raises(Failure, match=str(os.getpid())):
        places.locked(tmp_path / "lock", str).__enter__()
    with places.locked(tmp_path / "lock", str):
        pass


# -- accounts --------------------------------------------------------------------------------------------
@pytest.fixture
def fresh_account():
    account.for_postgres.cache_clear()
    yield
    account.for_postgres.cache_clear()


@as_root
def test_without_a_namespace_another_user_runs_it(monkeypatch, fresh_account):
    monkeypatch.setenv("TANDEM_NO_USERNS", "1")
    assert account.for_postgres().uid not in (None, 0)


@as_root
@pytest.mark.parametrize("name, words", [("root", "must not be root"), ("nobody-by-this-name", "no user")])
def test_impossible_user_is_refused_plainly(monkeypatch, fresh_account, name, words):
    monkeypatch.setenv("TANDEM_OS_USER", name)
    with pytest.raises(Failure, match=words):
        account.for_postgres()


@as_root
def test_folder_out_of_reach_is_said_before_the_server_fails(tmp_path):
    stranger = Account(uid=65534, gid=65534, name="the user nobody")
    (tmp_path / "private").mkdir(mode=0o700)
    with pytest.raises(Failure, match="cannot reach"):
        stranger.check_reach(tmp_path / "private")


@as_root
def test_child_of_another_user_dies_with_us_too(tmp_path):
    tmp_path.chmod(0o755)
    nobody = Account(uid=65534, gid=65534)
    run = child("sleep", "60", folder="/", account=nobody).start()
    wait_until(lambda: Path(f"/proc/{run.process.pid}/comm").read_text() == "sleep\n", "sleep", 20)
    assert os.stat(f"/proc/{run.process.pid}").st_uid == 65534
    stop_all([run])


# -- PostgreSQL --------------------------------------------------------------------------------------------
@pytest.fixture
def cluster(tmp_path):
    """A cluster of its own, not started. Ends whatever was."""
    sockets = places.socket_folder(tmp_path)
    places.private_folder(sockets, account.for_postgres())
    made = Postgres(
        tmp_path / "data", sockets, env=environment(), settings={**CARELESS, "shared_buffers": "16MB"}
    )
    yield made
    if made.child:
        made.child.stop()


def test_first_start_that_was_cut_short_is_done_again(cluster):
    cluster.prepare()
    (cluster.data / "ready").unlink()
    (cluster.data / "global" / "pg_control").unlink()
    cluster.prepare()
    cluster.launch()
    cluster.wait()
    cluster.make_roles()
    cluster.make_roles()
    cluster.make_database()
    cluster.make_database()
    with cluster.connect("tandem") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcanlogin FROM pg_roles WHERE rolname = 'tandem_app'")
        assert cursor.fetchone() == (False, True)
        cursor.execute("SHOW data_checksums")
    connection.close()


def test_server_left_by_an_earlier_run_is_stopped_first(cluster):
    cluster.prepare()
    cluster.launch()
    cluster.wait()
    left = cluster.child
    cluster.prepare()
    assert not left.alive()
    assert not (cluster.data / "postmaster.pid").exists()


def test_text_of_every_language_is_searchable(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT show_trgm('测试') <> '{}', show_trgm('Ромашка') <> '{}', upper('é'), lower('Я')"
        )
        assert cursor.fetchone() == (True, True, "É", "я")


@pytest.mark.django_db
def test_a_backend_keeps_the_memory_of_its_statements():
    """Pages that the kernel had to hand out for five statements of a megabyte each, after five of the same kind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")

        def handed_out():
            before = int(stat.read_text().rpartition(")")[2].split()[7])
            for _ in range(5):
                cursor.execute("SELECT cardinality(array_agg(n)) FROM generate_series(1, 100000) AS n")
            return int(stat.read_text().rpartition(")")[2].split()[7]) - before

        handed_out()
        assert handed_out() < 5 * MEGABYTE / os.sysconf("SC_PAGE_SIZE") / 4

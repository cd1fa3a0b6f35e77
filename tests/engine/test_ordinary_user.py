"""The system started by an ordinary user, also where the tests run as root."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from tests.engine.launched import Launched

pytestmark = [pytest.mark.integration, pytest.mark.killtest]
NOBODY = 65534
BECOME = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
# Where the interpreter lies in root's own home: nobody by name, with root's reach.
SEEM = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")

REACH = "import subprocess, sys, django; open('manage.py'); subprocess.run([sys.executable, '-c', ''], check=True)"


@pytest.fixture
def shelf():
    """A folder that the user can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="tandem-user-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def user(shelf):
    """The words that start a program as an ordinary user; none where we are one."""
    if os.geteuid() != 0:
        return ()
    for words in (BECOME, SEEM):
        reach = [*words, sys.executable, "-c", REACH]
        done = shutil.which(words[0]) and subprocess.run(reach, cwd=settings.BASE_DIR, capture_output=True)
        if done and done.returncode == 0:
            if words is BECOME:
                os.chown(shelf, NOBODY, NOBODY)
            return words
    pytest.skip("neither setpriv nor unshare can start the interpreter as another user here")


def test_an_ordinary_user_starts_it_kills_it_and_starts_it_again(shelf, user):
    data = shelf / "data"
    run = started(data, user).ready()
    try:
        assert run.status() == 200
        beside = [*user, sys.executable, "manage.py", "verify"]
        checked = subprocess.run(
            beside, cwd=settings.BASE_DIR, env=run.environment, capture_output=True, text=True
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert run.send(signal.SIGKILL).ends() == -signal.SIGKILL
        assert run.left_behind(60) == {}
        run = started(data, user).ready()
        assert run.status() == 200
        assert run.send(signal.SIGINT).ends() == 0
        assert run.left_behind() == {}
    finally:
        run.destroy()


def started(data, user):
    """A run whose data folder belongs to the user."""
    data.mkdir(exist_ok=True)
    if user is BECOME:
        os.chown(data, NOBODY, NOBODY)
    return Launched(data, prefix=user)

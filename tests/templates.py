"""Migrated once, copied ever after: the cluster that a test run begins with.

Migrating costs ten times what copying does. The copy is kept in the temporary folder under a name that stands for
everything that migrations are made of, so a changed migration simply finds none.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "tandem_made"
PREFIX = f"tandem-made-{os.geteuid()}-"
KEPT, KEPT_FOR = 3, 6 * 3600  # templates beyond the newest ones, seconds since their last use
IMPORTED = re.compile(r"^from ((?:accounts|pipeline|leads|reports|engine)[\w.]*) import", re.MULTILINE)


def fingerprint(version):
    """Stands for the migrations, what they import, every SQL file, the packages and PostgreSQL's version."""
    digest = hashlib.sha256(f"{version} {sys.version}".encode())
    files = {
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("*/**/*.sql"),
        ROOT / "requirements.txt",
        Path(__file__),
    }
    for migration in ROOT.glob("*/migrations/*.py"):
        for module in IMPORTED.findall(migration.read_text()):
            files |= {ROOT / f"{module.replace('.', '/')}{end}" for end in (".py", "/__init__.py")}
    for file in sorted(file for file in files if file.is_file()):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def copy_into(data, version):
    """Copy the template of these migrations to the folder `data`. Returns whether there was one."""
    made = place(version)
    if not made.is_dir() or made.stat().st_uid != os.geteuid():
        return False
    os.utime(made)
    try:
        shutil.copytree(made, data, symlinks=True)
    except (OSError, shutil.Error):  # somebody swept it away meanwhile
        shutil.rmtree(data, ignore_errors=True)
        return False
    return True


def make(postgres):
    """Migrate a database of a running cluster. Call keep() when the cluster has stopped."""
    postgres.make_database(DATABASE)
    url = postgres.url(DATABASE)
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0", "--skip-checks"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)


def keep(data, version):
    """Keep a stopped cluster as the template, and forget old ones."""
    made = place(version)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{PREFIX}unfinished-"))
    shutil.copytree(data, unfinished / "data", symlinks=True)
    with contextlib.suppress(OSError):  # somebody else was faster
        (unfinished / "data").rename(made)
    shutil.rmtree(unfinished)
    _forget_old()


def place(version):
    """Where the template of these migrations is or would be."""
    return Path(tempfile.gettempdir()) / f"{PREFIX}{fingerprint(version)}"


def _forget_old():
    aged = sorted((_age(path), path) for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    for age, path in aged[KEPT:]:
        if age > KEPT_FOR:
            shutil.rmtree(path, ignore_errors=True)


def _age(path):
    """Seconds since it was made; none where another run has just taken it away."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0

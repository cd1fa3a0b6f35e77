"""Excel files: checked as zip archives first, then parsed by a child process with bounded memory and time."""

import hashlib
import json
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from leads.importing.problems import FileRefused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_BYTES, MOST_RATIO, MOST_ENTRIES = 50_000_000, 100, 200
SECONDS = 120
READER = Path(__file__).with_name("child")


def is_workbook(path):
    """Whether the content (never the name) is that of an Excel file."""
    with open(path, "rb") as file:
        start = file.read(4)
    return start in {ZIP, OLE}


def check_archive(path):
    """Refuse what would burst when unpacked, before anything is unpacked (reading the directory costs 2 ms)."""
    with open(path, "rb") as file:
        if file.read(4) == OLE:
            if file.seek(0, 2) > MOST_BYTES:
                raise FileRefused(_("The workbook is too large: save the sheet as CSV."))
            return
    try:
        entries = zipfile.ZipFile(path).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        raise FileRefused(_("The workbook is damaged: save it again.")) from None
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or total > MOST_RATIO * max(packed, 1):
        raise FileRefused(_("The workbook is too large when unpacked: save the sheet as CSV."))
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise FileRefused(_("The file is an archive, not a workbook."))


def sheets(path):
    """Names of the sheets that hold rows, in their order."""
    check_archive(path)
    return json.loads(_child(["list", str(path)]))


def unfolded(path, sheet, number):
    """The path of one sheet as CSV (UTF-8; first column: the row's number in the sheet), written where it is not there yet.

    It lies among our own files, known by the workbook's path and content: another file of that name is another one.
    """
    check_archive(path)
    with open(path, "rb") as file:
        content = hashlib.file_digest(file, _digest).hexdigest()
    target = _folder() / f"{_whose(path)}-{content}-{number}.rows"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{uuid.uuid4().hex}.part")
        try:
            _child(["write", str(path), sheet, str(part)])
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
    return str(target)


def forget(path):
    """Delete what was unfolded from the workbook at `path`."""
    for one in _folder().glob(f"{_whose(path)}-*"):
        one.unlink(missing_ok=True)


def _folder():
    return Path(settings.MEDIA_ROOT) / "imports" / "sheets"


def _whose(path):
    return _digest(str(Path(path).resolve()).encode()).hexdigest()


def _digest(content=b""):
    return hashlib.blake2b(content, digest_size=16)


def _child(arguments):
    """Parse in a process of its own: a hostile workbook can only bring that one down."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(READER), *arguments],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileRefused(_("The workbook takes too long to read: save the sheet as CSV.")) from None
    if done.returncode == 2:
        raise FileRefused(
            _("The workbook cannot be read: %(why)s") % {"why": done.stderr.decode().strip()[:300]}
        )
    if done.returncode:
        raise FileRefused(_("The workbook is too large or damaged: save the sheet as CSV."))
    return done.stdout

"""Mail: the outbox's hand for it, and a folder of files where no mail server is named."""

import os
from datetime import UTC
from email import message_from_bytes, policy
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from engine.text import one_line


def send(payload, delivery):
    """Send one mail of the outbox: {to, subject, body} and perhaps html, the body again. Its Message-ID tells a second attempt from a second mail."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject=one_line(payload["subject"], 200),
        body=payload["body"],
        to=[one_line(payload["to"])],
        headers={"Message-ID": f"<tandem-{delivery}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    if payload.get("html"):
        mail.attach_alternative(payload["html"], "text/html")
    mail.send()


class FolderBackend(BaseEmailBackend):
    """Keeps each mail as a file in MAIL_DIR, named by its Message-ID: sent again it is there already, and stays as it is."""

    def send_messages(self, email_messages):
        """Write the messages that are not there yet. Returns how many were handed over."""
        settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            name = "".join(c for c in message["Message-ID"].split("@")[0] if c.isalnum() or c in "-._")
            file = settings.MAIL_DIR / f"{name}.eml"
            written = message.as_bytes(linesep="\n")
            if file.exists() and _said(read(file)) == _said(_parsed(written)):
                continue
            # of its own, because a process that is taken for dead may still be writing
            unfinished = settings.MAIL_DIR / f".{name}.{os.getpid()}"
            unfinished.write_bytes(written)
            unfinished.rename(file)
        return len(email_messages)


def _said(mail):
    """What two mails of one name are told apart by: a new database begins its numbers anew, beside an old folder."""
    return mail["To"], mail["Subject"], mail.get_body(("plain",)).get_content()


def latest(most=200):
    """The newest mails of the folder as (name, message), newest first. Empty where there is no folder."""
    if not settings.MAIL_DIR.is_dir():
        return []
    files = sorted(settings.MAIL_DIR.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [(file.stem, read(file)) for file in files[:most]]


def sent_at(mail):
    """When a mail of the folder was written: an aware moment, or None."""
    when = mail["Date"].datetime if mail["Date"] else None
    return when.replace(tzinfo=UTC) if when and when.tzinfo is None else when


def find(name):
    """One mail of the folder by its name, or None. The name comes from a URL: only a bare file name is taken."""
    file = settings.MAIL_DIR / f"{name}.eml"
    return read(file) if file.parent == settings.MAIL_DIR and file.is_file() else None


def read(file):
    """A mail file as an email.message.EmailMessage."""
    return _parsed(file.read_bytes())


def _parsed(written):
    return message_from_bytes(written, policy=policy.default)

"""Attachments: kept under a random name, given back as a download; pictures also in place, such as the photo of a card."""

import mimetypes

from django.db.models import OuterRef, Subquery
from django.http import FileResponse

from pipeline.identities import clean_text
from pipeline.models import Attachment

# What every browser draws and nothing can act in; whatever else is uploaded stays a download.
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")


def is_picture(file):
    """Whether an uploaded file begins as a photo does: JPEG, PNG, WebP or HEIF, whatever it is called."""
    head = file.read(12)
    file.seek(0)
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG"))
        or head[4:8] == b"ftyp"
        or head[:4] + head[8:] == b"RIFFWEBP"
    )


def keep(file, *, by, **about):
    """Keep an uploaded file with a deal, company or contact (`about`)."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    name = clean_text(file.name)[-255:]
    return Attachment.objects.create(
        file=file, name=name, content_type=kind[:100], size=file.size, by=by, **about
    )


def download(attachment):
    """The file as an answer that no browser opens in place."""
    return FileResponse(
        attachment.file.open(),
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )


def shown(attachment):
    """A picture as an answer that an <img> draws; what is none is a download."""
    if attachment.content_type not in PICTURES:
        return download(attachment)
    return FileResponse(attachment.file.open(), content_type=attachment.content_type)


def newest_picture(contact):
    """A subquery: the key of the newest picture kept with the contact that the field `contact` names; null without one."""
    found = Attachment.objects.filter(contact=OuterRef(contact), content_type__in=PICTURES)
    return Subquery(found.order_by("-pk").values("pk")[:1])

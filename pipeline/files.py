"""Attachments: kept under a random name, given back only as a download."""

import mimetypes

from django.http import FileResponse

from pipeline.identities import clean_text
from pipeline.models import Attachment


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

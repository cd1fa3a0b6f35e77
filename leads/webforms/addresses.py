"""The addresses of a capture form, what a foreign page needs to show it, and its QR code."""

import io

import segno
from django.conf import settings
from django.urls import reverse

from accounts import organisation


def absolute(path):
    """An address of ours as others reach it."""
    return (organisation.current().site_url or settings.SITE_URL).rstrip("/") + path


def public(web_form):
    """Where everybody reaches the form."""
    return absolute(reverse("leads:form-public", args=[web_form.key]))


def snippet(web_form):
    """The HTML that shows the form inside a page of another site."""
    address = absolute(reverse("leads:form-embed", args=[web_form.key]))
    title = web_form.title.replace('"', "'")
    return (
        f'<iframe src="{address}" title="{title}" data-tandem width="100%" height="840" frameborder="0"></iframe>\n'
        f'<script src="{absolute(settings.STATIC_URL)}ui/embed.js" async></script>'
    )


def plain(web_form):
    """A form of one's own making that posts to us, without any script."""
    must = {name for name, how in web_form.asked.items() if how == "must"}
    lines = [f'<form method="post" action="{public(web_form)}" accept-charset="utf-8">']
    for name in web_form.asked:
        required = " required" if name in must else ""
        if name == "message":
            lines.append(f'  <textarea name="{name}"{required}></textarea>')
        else:
            lines.append(f'  <input name="{name}" placeholder="{name}"{required}>')
    lines += [
        '  <label><input type="checkbox" name="consent" value="1" required> …</label>',
        '  <input type="hidden" name="utm_source" value="">',
        "  <button>OK</button>",
        "</form>",
    ]
    return "\n".join(lines)


def qr(text):
    """The QR code of a text as an SVG document, dark on white, for a screen or a poster."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff")
    return drawn.getvalue()

"""Lucide icons, inlined and hidden from readers. Each is rendered once and kept."""

from functools import lru_cache

from django.utils.safestring import mark_safe
from lucide.templatetags.lucide import lucide


@lru_cache(maxsize=1024)
def icon(name, size=18):
    """The icon of that Lucide name. Raises lucide.IconDoesNotExist."""
    drawn = lucide(name, size=size, aria_hidden="true", **{"class": "icon"})
    return mark_safe(" ".join(drawn.split()))

"""Lucide icons, inlined and hidden from readers. Each is drawn once and kept."""

from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.safestring import mark_safe
from lucide import IconDoesNotExist

DRAWN = 24  # as wide and high as the files draw them
NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'


@cache
def _drawings():
    """The archive of all drawings, opened once a process: to read its contents takes longer than any drawing."""
    return ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))


@lru_cache(maxsize=1024)
def icon(name, size=18):
    """The icon of that Lucide name. Raises lucide.IconDoesNotExist."""
    try:
        drawing = _drawings().read(f"{name}.svg").decode()
    except KeyError:
        raise IconDoesNotExist(f"The icon {name!r} does not exist.") from None
    drawn = " ".join(drawing.split()).replace(NAMESPACE, "", 1)
    drawn = drawn.replace(f'width="{DRAWN}" height="{DRAWN}"', f'width="{size}" height="{size}"', 1)
    return mark_safe(drawn.replace(" >", ' aria-hidden="true" class="icon">', 1))

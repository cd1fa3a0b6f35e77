"""Which encoding a text file has: marks and strict UTF-8 are recognised, everything else is asked, never guessed."""

import codecs
import unicodedata
from itertools import pairwise

from leads.importing.problems import EncodingUnknown

BLOCK = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CANDIDATES = ("GBK", "BIG5", "SHIFT_JIS", "CP1251", "KOI8-R", "CP1252", "CP1250")
WIDE = ("UTF-16-LE", "UTF-16-BE")
NAMES = {"gbk": "gb18030"}  # read by the wider set of the same family
NO_TEXT = (b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
PRINTED = bytes({*range(32, 256), *b"\0\t\n\v\f\r\x1a\x1b"})  # what encodings of text use
PREVIEW_LINES, PREVIEW_LENGTH = 3, 80


def codec(encoding):
    """The codec that reads what users call `encoding`; LookupError where there is none for text."""
    name = codecs.lookup(encoding).name
    "".encode(name)
    return NAMES.get(name, name)


def mark(path):
    """The encoding that a mark at the beginning of the file tells, or None."""
    with open(path, "rb") as file:
        start = file.read(4)
    return next((encoding for bom, encoding in MARKS if start.startswith(bom)), None)


def is_text(path):
    """Whether the file can be text at all, in whatever encoding: a picture, a PDF or a program is not."""
    with open(path, "rb") as file:
        start = file.read(4096)
    if start.startswith(NO_TEXT):
        return False
    if mark(path) or _wide(start) or start.count(0) > len(start) // 4:
        return True
    return len(start.translate(None, PRINTED)) <= len(start) // 50


def recognise(path):
    """The encoding of the file at `path`. Raises EncodingUnknown with candidates and previews."""
    if marked := mark(path):
        return marked
    with open(path, "rb") as file:
        start = file.read(BLOCK)
        if wide := _wide(start[:4096]):
            return wide
        nuls = start[:4096].count(0) > len(start[:4096]) // 4
        if not nuls and _is_utf8(start, file):
            return "utf-8"
    raise EncodingUnknown(candidates(start, WIDE if nuls else CANDIDATES))


def _wide(start):
    """UTF-16 without a mark: the upper bytes of its letters and line ends are NULs, all at even or all at odd places."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < max(2, len(start) // 50) or min(even, odd) * 10 > max(even, odd):
        return None
    if 0 not in start[: start.find(b"\n") + 2]:  # stray ones further down
        return None
    encoding = WIDE[even > odd].lower()
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError:
        return None
    return encoding if "\n" in text and "\x00" not in text else None


def _is_utf8(start, file):
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while start:
            decoder.decode(start)
            start = file.read(BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def candidates(start, encodings=CANDIDATES):
    """(encoding, preview lines) of those that can read the bytes, the most natural reading first."""
    if len(start) == BLOCK:  # not in the middle of a character
        start = start[: start.rfind(b"\n") + 1] if encodings is CANDIDATES else start[:4096]
    found = []
    for encoding in encodings:
        try:
            text = start.decode(codec(encoding))
        except UnicodeDecodeError:
            continue
        found.append((_strangeness(text), encoding, _preview(text)))
    found.sort(key=lambda one: one[0])
    return [(encoding, preview) for _strange, encoding, preview in found]


def _preview(text):
    """The first lines in which the encodings differ."""
    lines = [line.strip() for line in text.splitlines() if not line.isascii()]
    return [line[:PREVIEW_LENGTH] for line in lines[:PREVIEW_LINES]] or [text[:PREVIEW_LENGTH]]


def _strangeness(text):
    """How odd the foreign characters look: rare letters, signs within words, capitals after small
    letters, Cyrillic after Latin."""
    odd, total = 0.0, 0
    for before, char in pairwise(text[:20_000]):
        if char.isascii():
            continue
        total += 1
        kind = unicodedata.category(char)
        mixed = "\u0400" <= char <= "\u04ff" and before.isascii() and before.isalpha()
        if mixed or _foreign(char) or (kind == "Lu" and before.islower()) or kind[0] not in "LPZ":
            odd += 1
        elif kind != "Lo" and kind[0] == "L" and not "\u0410" <= char <= "\u044f":
            odd += 0.3
    return odd / total if total else 0


def _foreign(char):
    """Whether it is a rare Chinese character: not of the 3,755 that GB 2312 keeps in its first rows."""
    if not "\u3400" <= char <= "\u9fff":
        return False
    try:
        return char.encode("gb2312")[0] >= 0xD8
    except UnicodeEncodeError:
        return True

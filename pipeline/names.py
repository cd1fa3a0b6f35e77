"""Names of companies and people: the key of a company without its legal form, and the parts of a person's name."""

import re
import unicodedata

from django.utils.translation import gettext as _

# Written as they come out of `folded`: lower case, no dots, no accents on Latin letters.
LEGAL_WORDS = (
    "inc incorporated corp corporation co company llc llp lp ltd limited plc pllc pty pte pvt private "
    "gmbh mbh ag kg kgaa ohg gbr ug ev eg se co kg haftungsbeschrankt "
    "sa sas sarl srl spa sl sc snc bv nv vof cv as asa ab oy oyj aps sro sp zoo kft zrt dd doo ooo oao zao pao "
    "bhd sdn tbk pt kk ltda me eireli sapi "
    "ооо оао зао пао ао нао ип тоо чп гк фгуп муп гуп нко ано тов прат"
)
LEGAL_FORMS = frozenset(LEGAL_WORDS.split())
LEADING_WORDS = "ооо оао зао пао ао нао ип тоо чп гк фгуп муп гуп нко ано тов прат ooo oao zao pao pt"
LEADING_FORMS = frozenset(LEADING_WORDS.split())
LEGAL_PHRASES = re.compile(
    r"\b(?:общество с ограниченной ответственностью|публичное акционерное общество|акционерное общество|"
    r"индивидуальный предприниматель|gesellschaft mit beschrankter haftung|unternehmergesellschaft)\b"
)
CHINESE_FORMS = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|集团公司|总公司|公司|集团|株式会社|有限会社)+$"
)
DOTTED = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)|(?<=\b\w)\.(?=\s|$|,)")
NOT_WORD = re.compile(r"[^\w&+]+|_")
TITLE_WORDS = "mr mrs ms miss dr prof ing dipl herr frau mag sir madam г-н г-жа господин госпожа д-р проф"
TITLES = frozenset(TITLE_WORDS.split())
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba"})
PATRONYMIC = re.compile(r"\w+(?:ович|евич|ич|овна|евна|ична|инична)$", re.IGNORECASE)
HAN = re.compile(r"[\u3400-\u9fff·]{2,6}")
SURNAMES = (
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 公孙 公孫 慕容 令狐 司徒 夏侯 端木 长孙 宇文 南宫"
)
COMPOUND_SURNAMES = frozenset(SURNAMES.split())
# "ß", "ø" and their like have no accent that would fall off.
LATIN = dict(zip("абвгдеёзийклмнопрстуфыэіґøłđ", "abvgdeeziyklmnoprstufyeigold", strict=True)) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
    "ї": "yi", "є": "ye", "ў": "u", "ß": "ss", "æ": "ae", "œ": "oe",
}  # fmt: skip
PARTS = ("given_name", "family_name")
NAME = ("full_name", *PARTS)


class Apart(ValueError):
    """Parts of a name that do not stand in the full name told with them: `parts`, the names of their fields."""

    def __init__(self, parts):
        self.parts = parts
        super().__init__(_("This does not stand in the full name."))


def company_key(name):
    """The name folded and without legal forms: "Acme Corp." and "ACME, Inc" share "acme"."""
    text = folded(name)
    words = NOT_WORD.sub(" ", LEGAL_PHRASES.sub(" ", text)).split()
    kept = words
    while len(kept) > 1 and (kept[-1] in LEGAL_FORMS or kept[-1] == "&"):
        kept = kept[:-1]
    while len(kept) > 1 and kept[0] in LEADING_FORMS:
        kept = kept[1:]
    key = " ".join(kept or words) or text.strip()
    return (CHINESE_FORMS.sub("", key) or key)[:300]


def folded(name):
    """Lower case, NFKC, without dots of abbreviations, apostrophes and accents on Latin letters."""
    text = name if name.isascii() else _without_accents(unicodedata.normalize("NFKC", name))
    return DOTTED.sub("", text.casefold().replace("'", "").replace("’", ""))


def latin(text):
    """Cyrillic in Latin letters, as passports and addresses have it: "Станок ТВ-16" → "Stanok TV-16"; all else stays."""
    return "".join(_latin(char) for char in unicodedata.normalize("NFC", text))


def _latin(char):
    small = LATIN.get(char.lower())
    if small is None:
        return char
    return small if char.islower() else small.capitalize()


def _without_accents(text):
    """Accents fall from Latin letters only (й is not и), and ё is е."""
    latin = "".join(unicodedata.normalize("NFD", char)[0] if char < "\u0250" else char for char in text)
    return latin.replace("ё", "е").replace("Ё", "Е")


def split_name(full):
    """(given, family) of a full name as far as its writing tells; ("", whole) where it does not."""
    full = full.strip()
    if HAN.fullmatch(full):
        return _split_han(full)
    if "," in full:
        family, _, given = full.partition(",")
        if given.strip().strip(".").casefold() not in SUFFIXES:
            return given.strip(), family.strip()
        full = family
    words = [word for word in full.split() if word.casefold().strip(".") not in TITLES]
    while len(words) > 2 and words[-1].casefold().strip(".,") in SUFFIXES:
        words.pop()
    if len(words) < 2:
        return "", " ".join(words) or full
    if len(words) == 3 and PATRONYMIC.fullmatch(words[2]) and not PATRONYMIC.fullmatch(words[1]):
        return f"{words[1]} {words[2]}", words[0]
    return " ".join(words[:-1]), words[-1]


def _split_han(full):
    """Family name first; a middle dot separates the parts of a name from another language, given name first."""
    if "·" in full:
        given, _, family = full.rpartition("·")
        return given, family
    length = 2 if len(full) > 2 and full[:2] in COMPOUND_SURNAMES else 1
    return full[length:], full[:length]


def full_name(given, family):
    """The parts in the order in which the script writes them."""
    if HAN.fullmatch(family + given):
        return family + given
    return f"{given} {family}".strip()


def settled(stands, said):
    """{full_name, given_name, family_name} after a change, in one piece. `stands` has the three, `said` some of them.

    A new full name tells its parts, and parts the full name; what is said of both must fit. Raises Apart.
    """
    new = {name: said.get(name, stands[name]) for name in NAME}
    changed = {name for name in NAME if new[name] != stands[name]}
    if not changed:
        return new
    told = any(new[name] for name in PARTS)
    if (told and changed <= set(PARTS)) or (changed & set(PARTS) and not new["full_name"]):
        return {**new, "full_name": full_name(new["given_name"], new["family_name"])[:300]}
    if "full_name" not in changed:
        return new
    whole = folded(new["full_name"])
    for name, part in zip(PARTS, split_name(new["full_name"]), strict=True):
        if changed == {"full_name"} or (name not in changed and folded(new[name]) not in whole):
            new[name] = part[:150]
    if strange := [name for name in PARTS if folded(new[name]) not in whole]:
        raise Apart(strange)
    return new

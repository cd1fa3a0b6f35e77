"""The normalised ways to know a person again: pure functions, a fast pattern first.

Libraries (email-validator, phonenumbers) settle only what the pattern does not: they cost 20–30 µs a value.
Role mailboxes and landlines are hints, not keys.
"""

import hashlib
import hmac
import re
import unicodedata

import phonenumbers
from django.conf import settings
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberType

EMAIL, MOBILE, WECHAT, EXTERNAL = "email", "mobile", "wechat", "external"
ROLE_EMAIL, PHONE = "role_email", "phone"
KEYS = (EMAIL, MOBILE, WECHAT, EXTERNAL)

# bidi controls, zero-width characters, soft hyphen, NUL and the other controls except tab and line feed
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")

# One label less than the library allows (no "xn--"), so that both ways give one writing.
EMAIL_PATTERN = re.compile(
    r"(?!.{65,}@)[a-z0-9_+-]+(?:[.'][a-z0-9_+-]+)*"
    r"@(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!xn--)[a-z]{2,63}"
)
DISPLAY_NAME = re.compile(r"[^<>]*<([^<>]+)>")
ROLE_WORDS = (
    "abuse accounting accounts admin administrator all anfrage anzeige bestellung billing booking buchhaltung buh "
    "business buero buyer careers company contact contacts customercare customerservice einkauf enquiries enquiry "
    "export feedback finance firma general hallo hello help helpdesk hr import info information inquiry invoice "
    "invoices it jobs kadry kontakt legal mail mailbox main market marketing media no-reply noreply office opt "
    "order orders otdel personal post postmaster pr press presse priem procurement purchase purchasing reception "
    "rechnung reklama root sale sales secretary security sekretariat service servis shop snab staff support tech "
    "team tender tenders vertrieb verwaltung web webmaster zakaz zakupki zentrale"
)
ROLE_MAILBOXES = frozenset(ROLE_WORDS.split())

SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015]+")
EXTENSION = re.compile(
    r"\s*(?:;ext=|ext\.?|extension|доб\.?|вн\.?|x|#|转|轉|分机|durchwahl)\s*[.:]?\s*(\d{1,7})\s*$",
    re.IGNORECASE,
)
PLAIN_NUMBER = re.compile(r"\+?[0-9]{5,18}")
JOINERS = dict.fromkeys(map(ord, " ().-/\u00a0\u2013"))
# calling code → (mobile, landline) by the national number; what neither settles goes to the library
PLANS = {
    "86": (re.compile(r"1[3-9]\d{9}"), re.compile(r"(?:10|2[0-57-9]|[3-9]\d\d)\d{7,8}")),
    "7": (re.compile(r"9\d{9}"), re.compile(r"[348]\d{9}")),
    "49": (re.compile(r"1(?:5\d{9}|6\d{8,9}|7\d{8,9})"), None),
}
NATIONAL = {"CN": ("86", "0"), "RU": ("7", "8"), "KZ": ("7", "8"), "DE": ("49", "0")}
NANP = re.compile(r"(?:\+?1)?([2-9]\d\d[2-9]\d{6})")
NANP_REGIONS = frozenset({"US", "CA"})
WECHAT_PATTERN = re.compile(r"[a-z][a-z0-9_-]{5,19}|[a-z]*\d{5,19}")


def clean_text(text):
    """The text in NFC without invisible characters, with plain single spaces and no space at its ends."""
    if text.isascii() and text.isprintable():
        return text.strip() if "  " not in text else SPACES.sub(" ", text).strip()
    return SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def email(text):
    """("email" or "role_email", address in one writing), or None where `text` is no address."""
    address = text.strip().lower()
    if not EMAIL_PATTERN.fullmatch(address) or len(address) > 254:
        address = _unusual_email(text)
        if address is None:
            return None
    mailbox = address.partition("@")[0].partition("+")[0]
    return (ROLE_EMAIL if mailbox in ROLE_MAILBOXES else EMAIL), address


def _unusual_email(text):
    """What the pattern does not settle: display names, other scripts, full-width characters."""
    text = unicodedata.normalize("NFKC", clean_text(text)).removeprefix("mailto:")
    named = DISPLAY_NAME.fullmatch(text)
    address = (named[1] if named else text).strip().lower()
    if "@" not in address or len(address) > 320:
        return None
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized.lower() if len(found.local_part) <= 64 else None


def phone(text, region="", claimed=MOBILE, home="", spoken=""):
    """("mobile" or "phone", number as +…), or None where `text` is no telephone number.

    A number without a calling code is one of `region`, the two-letter country that is told of it (or several, the first
    that has such numbers); else of `home`, our own country, where it is written as people write theirs there; `spoken`, the country that a language hints at, comes between
    the mobiles of home and its landlines. What is a number in none of these comes back as digits, a hint, unless it is
    plain to see where it belongs. Where a country's plan does not tell mobiles from landlines (North America), the
    number is what its column claims. An extension makes it a landline.
    """
    number, extension = text.translate(JOINERS), ""
    if not PLAIN_NUMBER.fullmatch(number):
        number, extension = _unusual_phone(text)
    if number.startswith("00"):
        number = "+" + number[2:]
    digits = number.lstrip("+")
    if not 5 <= len(digits) <= 16:
        return None
    kind, value = (
        _with_code(number, claimed)
        if number.startswith("+")
        else _without_code(number, region, claimed, home, spoken)
    )
    return (PHONE, f"{value};ext={extension}") if extension else (kind, value)


def is_settled(value):
    """Whether a stored number is one of a country's plan, so that no other country makes another one of it."""
    number = value.partition(";ext=")[0]
    return number.startswith("+") and bool(_by_pattern(number, "", PHONE) or _by_library(number, "", PHONE))


def _with_code(number, claimed):
    found = _by_pattern(number, "", claimed) or _by_library(number, "", claimed)
    return found or (PHONE, _written_out(number))


def _written_out(number):
    """A number with a calling code that is in no plan: as it was dialled, bare digits where there is no such code."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number.lstrip("+")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _without_code(number, region, claimed, home, spoken):
    told = (region,) if isinstance(region, str) else region
    for one in told:
        if one and (found := _in(number, one, claimed)):
            return found
    at_home = _as_at_home(number, home, claimed) if home else None
    return (
        (at_home if at_home and at_home[0] == MOBILE else None)
        or (spoken and _in(number, spoken, claimed))
        or at_home
        or _by_pattern(number, "", claimed)
        or (PHONE, number)
    )


def _in(number, region, claimed):
    return _by_pattern(number, region, claimed) or _by_library(number, region, claimed)


def _as_at_home(number, home, claimed):
    """The number where it is written as at home: 0170 … in Germany, 8 916 … or 916 … in Russia, 138 … in China, 212 … or 1 212 … in New York."""
    found = _in(number, home, claimed)
    if not found:
        return None
    code, trunk = NATIONAL.get(home, ("", ""))
    if code and found[0] == MOBILE and number == trunk * (home != "CN") + found[1].removeprefix(f"+{code}"):
        return found  # what the library would say, too
    parsed = phonenumbers.parse(found[1])
    if not phonenumbers.is_valid_number(parsed):
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    short = "8" if trunk == "8" and len(number) == 10 else ""
    if parsed.country_code == 1:  # which is how their own trunk is written as well, or is not
        number = number[-10:]
    return found if "".join(filter(str.isdigit, written)) == short + number else None


def sought(text):
    """(beginnings, parts) of the values that a telephone number typed into a search may mean; ([], []) for other text.

    Parts are of at least five digits. With a calling code it is a beginning; without one it is read as `phone` reads it
    in each country where people leave the code out, and what is typed so far of such a number is one too.
    """
    number = text.translate(JOINERS)
    if not PLAIN_NUMBER.fullmatch(number):
        number, _extension = _unusual_phone(text)
    digits = number.lstrip("+").removeprefix("00")
    if len(digits) < 5:
        return [], []
    if number.startswith(("+", "00")):
        return [f"+{digits}"], []
    found = [phone(number, region) for region in ("", *NATIONAL)]
    begun = {f"+{code}{digits[1:]}" for code, trunk in NATIONAL.values() if digits.startswith(trunk)}
    beginnings = {value for _kind, value in filter(None, found) if value.startswith("+")} | begun
    return sorted(beginnings), [digits, digits[1:]] if digits.startswith("0") and len(digits) > 5 else [
        digits
    ]


def _unusual_phone(text):
    """(number, extension) of a writing that is not plain ASCII digits; ("", "") where it is no number."""
    text = unicodedata.normalize("NFKC", clean_text(text)).lower().removeprefix("tel:")
    extension = EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    number = SEPARATORS.sub("", text)
    return (number, extension[1] if extension else "") if PLAIN_NUMBER.fullmatch(number) else ("", "")


def _by_pattern(number, region, claimed):
    if region in NANP_REGIONS or number.startswith("+1"):
        plan = NANP.fullmatch(number)
        return (claimed, f"+1{plan[1]}") if plan else None
    for code, (mobile, landline) in PLANS.items():
        national = _national(number, code, region)
        if national and mobile.fullmatch(national):
            return MOBILE, f"+{code}{national}"
        if national and landline and landline.fullmatch(national):
            return PHONE, f"+{code}{national}"
    return None


def _national(number, code, region):
    """The national number within the country of `code`, or None where it belongs elsewhere."""
    if number.startswith("+"):
        return number[len(code) + 1 :] if number.startswith("+" + code) else None
    if region not in NATIONAL:
        return _known_abroad(number, code) if not region else None
    own, trunk = NATIONAL[region]
    if own != code:
        return None
    after = number[len(code) :]
    if number.startswith(code) and (len(after) == 10 + (code == "86") or PLANS[code][0].fullmatch(after)):
        return after
    return number.removeprefix(trunk) if len(number) > 10 or trunk == "0" else number


def _known_abroad(number, code):
    """Mobiles of China and Russia are plain to see without their calling code."""
    if code == "86" and len(number) == 11 and number.startswith("1"):
        return number
    return number[1:] if code == "7" and len(number) == 11 and number[:2] in {"89", "79"} else None


def _by_library(number, region, claimed):
    """(kind, value) of a number that is in a plan, else None."""
    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(parsed)
    if kind == PhoneNumberType.UNKNOWN:
        return None
    value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if kind == PhoneNumberType.FIXED_LINE_OR_MOBILE:
        return claimed, value
    return (MOBILE if kind == PhoneNumberType.MOBILE else PHONE), value


def wechat(text):
    """("wechat", id in lower case), or None where `text` cannot be an id."""
    value = unicodedata.normalize("NFKC", clean_text(text)).lower().replace(" ", "")
    return (WECHAT, value) if WECHAT_PATTERN.fullmatch(value) else None


def unreadable(said):
    """What stands in the fields email, phone and wechat of `said` and can be no address: {name: as written}."""
    written = {name: said.get(name) or "" for name in READ}
    return {name: text for name, text in written.items() if text.strip() and READ[name](text) is None}


# Which country a number is of decides what it becomes, never whether it can be read.
READ = {"email": email, "phone": phone, "wechat": wechat}


def external(source, key):
    """("external", "source:key"): the person's key in another system."""
    return EXTERNAL, f"{source}:{key}"


def digest(kind, value):
    """The keyed hash under which the suppression list knows an address."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def digests(kind, value, raw):
    """All under which the list may know it: a number also as it was kept while nobody knew its country."""
    bare = phone(raw) if kind in (MOBILE, PHONE) and raw else None
    return {digest(*one) for one in ((kind, value), bare) if one}

"""By what two people are reached: what each has for themselves, as two namesakes of one firm do."""

import re

from django.utils.translation import gettext_noop as _

from pipeline.likeness import HAN, words

SECOND_LEVEL = {"ac", "co", "com", "edu", "gov", "net", "org"}
OWN_DIGITS, OWN_LETTERS = 4, 5  # what a mailbox says beyond its owner's name
MAILBOXES, MOBILES, LINES = _("two mailboxes at one domain"), _("two mobile numbers"), _("two landlines")
APART = _("each is reached in another way")


def rivals(one, two, holders):
    """What somebody has but once and each has for themselves: a mailbox at one domain, a mobile, a line; or nothing to compare.

    They may be writings of the same name or a new number, or two people: nobody is merged over them without asking. A line
    that others hold too (`holders`: {line: how many}) is nobody's way to be reached.
    """
    hosts = [{_house(address.partition("@")[2]) for address in person.emails} for person in (one, two)]
    lines = [_lines(person) for person in (one, two)]
    found = [
        (MAILBOXES, hosts[0] & hosts[1] and not own_mailbox(one, two)),
        (MOBILES, one.mobiles and two.mobiles),
        (LINES, all(lines) and not lines[0] & lines[1]),
        (APART, _apart(one, two, holders)),
    ]
    return [word for word, stands in found if stands]


def _apart(one, two, holders):
    """Whether one has nothing but a mailbox, say, and the other nothing but a mobile: no kind of way that both have."""
    told = [{"email": who.emails, "mobile": who.mobiles, "line": _lines(who)} for who in (one, two)]
    kinds = [
        {kind for kind, values in of.items() if any(holders.get(value, 1) == 1 for value in values)}
        for of in told
    ]
    return all(kinds) and not kinds[0] & kinds[1] and not set(one.hints) & set(two.hints)


def _lines(who):
    return {hint for hint in who.hints if "@" not in hint}


def _house(host):
    """What a firm's domains have in common: "mail.acme.com", "acme.co.uk" → "acme"."""
    labels = host.split(".")[:-1] or [host]
    if len(labels) > 1 and labels[-1] in SECOND_LEVEL:
        labels.pop()
    return labels[-1]


def own_mailbox(one, two):
    """Whether both have a mailbox of one name at different domains that says more than the person's name does."""
    boxes = [{address.partition("@")[0] for address in person.emails} for person in (one, two)]
    return any(beyond_name(box, one.name) for box in boxes[0] & boxes[1])


def beyond_name(box, name):
    """Whether a mailbox is somebody's own: "bunny77rabbit", "wei19880312"; "anna.weber" is any Anna Weber's.

    Letters do not count where the name is written in Chinese: they may be its pinyin.
    """
    if len(re.findall(r"\d", box)) >= OWN_DIGITS:
        return True
    letters = "".join(re.findall(r"[^\W\d_]", box.casefold()))
    if HAN.search(name) or len(letters) < OWN_LETTERS:
        return False
    return not any(word[:3] in letters for word in words(name) if len(word) > 1)

"""What both heads sign: a draft counts once each track has signed it, and nobody signs what they have not read."""

from hashlib import blake2s

import orjson
from django.utils.translation import gettext as _

from accounts.models import Track
from accounts.people import signs_for


class NotToSign(ValueError):
    """This draft cannot be signed or changed by this user now; the text says why."""


def by_both(found):
    """Of a queryset whose rows have `signatures` those that both tracks signed."""
    for track in Track:
        found = found.filter(signatures__track=track)
    return found


def open_to(user, draft):
    """The tracks for which this user may still sign a draft: the own, and an administrator's for one without a head."""
    return opens(user, [draft])[0][1]


def opens(user, drafts):
    """[(draft, the tracks for which this user may still sign it)], in as many statements for several as for one."""
    tracks = signs_for(user) if drafts else []
    signed = [{one.track for one in draft.signatures.all()} for draft in drafts]
    return [
        (draft, [track for track in tracks if track not in done])
        for draft, done in zip(drafts, signed, strict=True)
    ]


def unsigned(draft):
    """Raise NotToSign where somebody has signed a draft."""
    if draft.signatures.exists():
        raise NotToSign(_("It is signed: draft another version instead."))


def to_sign(tracks):
    """Raise NotToSign where nothing is left to sign."""
    if not tracks:
        raise NotToSign(_("The heads of marketing and of sales sign, each once, and only a new version."))


def stamp(said):
    """A text that stands for what a draft says to whoever reads it, {term: value}: "term:digest" of each."""
    return " ".join(f"{name}:{_digest(value)}" for name, value in said.items())


def changed_since(seen, now):
    """The terms in which the stamp `now` differs from what was `seen`, or of which that is silent."""
    before, after = (dict(pair.partition(":")[::2] for pair in said.split()) for said in (seen, now))
    return [name for name in after if before.get(name) != after[name]]


def _digest(value):
    return blake2s(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=4).hexdigest()

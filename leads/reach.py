"""Which way to reach somebody: one number to call, one WeChat id, one mailbox, the best of each."""

from dataclasses import dataclass

from pipeline.models import Identity, IdentityKind
from ui import formats

CALLS = (IdentityKind.MOBILE, IdentityKind.PHONE)  # a mobile reaches the person, a landline the house
MAILS = (IdentityKind.EMAIL, IdentityKind.ROLE_EMAIL)
CHATS = (IdentityKind.WECHAT,)


@dataclass(frozen=True)
class Reach:
    """The identities to use first."""

    call: Identity | None = None
    chat: Identity | None = None
    mail: Identity | None = None

    @property
    def number(self):
        """The number to call as people read it: +49 1540 003784."""
        return formats.phone(self.call.value) if self.call else ""


def of(identities) -> Reach:
    """The Reach of a contact's identities; of two of a kind the one known longest comes first."""
    known = sorted(identities, key=lambda identity: identity.pk)
    return Reach(call=_first(known, CALLS), chat=_first(known, CHATS), mail=_first(known, MAILS))


def _first(identities, kinds):
    ranked = [identity for kind in kinds for identity in identities if identity.kind == kind]
    return ranked[0] if ranked else None

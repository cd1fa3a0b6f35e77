"""By which way to speak with a person: what each way has said and heard in a year, over both tracks, and which is best next."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Track
from leads import reach
from leads.capture.person import track_of
from leads.models import TouchKind
from pipeline.models import ConsentEvent
from pipeline.models.consent import ConsentPurpose
from ui import formats

SPAN = timedelta(days=365)
ANSWER = timedelta(days=7)
WAYS = (
    TouchKind.CALL,
    TouchKind.CHAT,
    TouchKind.MAIL,
    TouchKind.MEETING,
)  # where nothing is known, the first goes first
# A row: a way, what we said by it (of this by marketing, of this by machines), how often they answered, and what they said by it.
# An attempt was answered where it reached them; where nobody wrote down whether it did, by whatever they did within a week.
STATEMENT = """
WITH told AS MATERIALIZED (
  SELECT kind, at, outbound, reached, track, automatic FROM leads_touch WHERE contact_id = %(contact)s AND at > %(since)s AND at <= %(at)s
)
SELECT t.kind, count(*) FILTER (WHERE outbound), count(*) FILTER (WHERE outbound AND track = 'marketing'),
  count(*) FILTER (WHERE outbound AND automatic),
  count(*) FILTER (WHERE outbound AND coalesce(reached, EXISTS (
    SELECT FROM told o WHERE NOT o.outbound AND NOT o.automatic AND o.at > t.at AND o.at <= t.at + %(answer)s))),
  count(*) FILTER (WHERE NOT outbound AND NOT automatic), max(at) FILTER (WHERE outbound),
  max(at) FILTER (WHERE NOT outbound AND NOT automatic)
FROM told t WHERE kind = ANY(%(ways)s) GROUP BY 1
"""


@dataclass(frozen=True)
class Way:
    """One way: how often we spoke by it (marketing, machines), were answered, and how often they came by it themselves."""

    kind: str
    ours: int = 0
    marketing: int = 0
    automatic: int = 0
    answered: int = 0
    theirs: int = 0
    last_ours: datetime | None = None
    last_theirs: datetime | None = None
    possible: bool = True

    @property
    def label(self):
        return TouchKind(self.kind).label

    @property
    def chance(self):
        """How likely it is to be answered: by what was seen, and by an even chance where little was."""
        return (self.answered + self.theirs + 1) / (self.ours + self.theirs + 2)

    @property
    def words(self):
        """How it went."""
        if not self.ours + self.theirs:
            return _("not tried in a year")
        told = []
        if self.ours:
            said = ngettext("answered %(n)s of %(all)s time", "answered %(n)s of %(all)s times", self.ours)
            told.append(said % {"n": formats.number(self.answered), "all": formats.number(self.ours)})
        if self.theirs:
            said = ngettext("they came by it once", "they came by it %(n)s times", self.theirs)
            told.append(said % {"n": formats.number(self.theirs)})
        return formats.listed(told)


@dataclass(frozen=True)
class Ways:
    """The ways of a person in the order of WAYS, and the `best` of those that are open (None where none is)."""

    ways: list[Way]
    best: Way | None

    @property
    def because(self):
        """Why the best one: how it went, and how the one that was used most went."""
        if self.best is None:
            return _("No number, chat or mailbox is known.")
        most = max(self.ways, key=lambda one: one.ours)
        if most.kind == self.best.kind or not most.ours:
            return self.best.words
        return _("%(best)s; %(other)s: %(words)s") % {
            "best": self.best.words,
            "other": most.label,
            "words": most.words,
        }


def of(contact, *, by, at) -> Ways:
    """The Ways to speak with a contact, for whoever asks, in three statements."""
    with connection.cursor() as cursor:
        span = {"contact": contact.pk, "at": at, "since": at - SPAN, "answer": ANSWER, "ways": list(WAYS)}
        cursor.execute(STATEMENT, span)
        rows = {row[0]: row for row in cursor.fetchall()}
    may = _open(contact, by)
    ways = [replace(Way(*rows.get(kind, (kind.value,))), possible=kind in may) for kind in WAYS]
    open_ones = [one for one in ways if one.possible and one.kind != TouchKind.MEETING]
    return Ways(ways, max(open_ones, key=lambda one: one.chance, default=None))


def _open(contact, by):
    """The ways that are there; marketing writes no mail to who last withdrew."""
    known = reach.of(contact.identities.all())
    said = ConsentEvent.objects.filter(contact=contact, purpose=ConsentPurpose.MARKETING).order_by(
        "-at", "-pk"
    )
    refused = track_of(by) == Track.MARKETING and said.values_list("given", flat=True).first() is False
    there = {
        TouchKind.CALL: known.call,
        TouchKind.CHAT: known.chat,
        TouchKind.MAIL: known.mail and not refused,
        TouchKind.MEETING: True,
    }
    return {kind for kind, way in there.items() if way}

"""Win stories: whoever won is asked once how, may decline, and what was told helps those with similar leads and deals."""

from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from accounts import organisation
from leads.consulting import Refused
from leads.models import WinStory
from leads.notices import counselling
from pipeline.models import DealKind, Outcome

TEXTS = ("targeted", "decided", "convinced", "nearly_lost", "lesson")
LIKE = 3
SEEN = "deal__company__segment", "deal__product", "winner"


def ask_winner(deal, *, at):
    """Ask whoever won the deal, where it is large enough or of a key account; once, and no renewal. Returns the WinStory, or None."""
    if deal.owner_id is None or deal.kind == DealKind.RENEWAL:
        return None
    least = organisation.current().story_from
    large = least is not None and deal.base_amount is not None and deal.base_amount >= least
    if large or (deal.company_id and deal.company.key_account):
        return _asked(deal, at)
    return None


def ask(deal, *, at):
    """Ask by hand, whatever the size. Raises Refused for what is not won, and where nobody won it or is asked already."""
    if deal.outcome != Outcome.WON or deal.owner_id is None:
        raise Refused(_("Only whoever won a deal can tell how."))
    made = _asked(deal, at)
    if made is None:
        raise Refused(_("This story has been asked for already."))
    return made


def _asked(deal, at):
    story, made = WinStory.objects.get_or_create(deal=deal, defaults={"winner": deal.owner, "asked_at": at})
    if made:
        counselling.story_asked(story, at)
    return story if made else None


def forget(deal):
    """The deal is open again: what nobody has told yet is not asked for any more."""
    WinStory.objects.filter(deal=deal, told_at=None).delete()


def tell(story, texts, *, use, use_note, at):
    """Keep what was told; later words take the place of earlier ones. Raises Refused."""
    said = {name: (texts.get(name) or "").strip() for name in TEXTS}
    if not said["convinced"]:
        raise Refused(_("Say what convinced them."))
    if use in ("named", "nameless") and not use_note.strip():
        raise Refused(_("Note who of the customer agreed, and when."))
    for name, text in said.items():
        setattr(story, name, text[:1000])
    story.use, story.use_note = use, use_note.strip()[:300]
    story.told_at, story.declined_at = story.told_at or at, None
    story.save()
    return story


def decline(story, *, at):
    """Whoever won has nothing to tell, and is not asked again. Raises Refused where it is told."""
    if not WinStory.objects.filter(pk=story.pk, told_at=None).update(declined_at=at):
        raise Refused(_("It is told already."))
    story.refresh_from_db()


def read_by(story, user):
    """Count the reader, unless it is who told it."""
    if user.pk != story.winner_id:
        story.readers.add(user)


def helps(story, *, by):
    """Note that it helped this user on; once each. Raises Refused where nothing is told, and for whoever told it."""
    if story.told_at is None:
        raise Refused(_("Nothing is told yet."))
    if by.pk == story.winner_id:
        raise Refused(_("It is your own story: others say whether it helped."))
    story.helped.add(by)


def told():
    """Every story that is told, with how many it helped and how many read it."""
    return WinStory.objects.told().annotate(
        help=Count("helped", distinct=True), read=Count("readers", distinct=True)
    )


def like(*, product=None, segment=None, company=None):
    """The stories most like a lead or deal: of its company, product and segment, then those that helped most; LIKE at most."""
    near = Q()
    parts = {"deal__company": company, "deal__product": product, "deal__company__segment": segment}
    weights = dict(zip(parts, (1, 2, 1), strict=True))
    known = {path: key for path, key in parts.items() if key}
    if not known:
        return []
    likeness: Any = Value(0)
    for path, key in known.items():
        near |= Q(**{path: key})
        hit = Case(When(**{path: key}, then=weights[path]), default=0, output_field=IntegerField())
        likeness = likeness + hit
    rows = told().filter(near).annotate(likeness=likeness).select_related(*SEEN)
    return list(rows.order_by("-likeness", "-help", "-told_at", "-pk")[:LIKE])

"""Notices of books: that a colleague's leads and deals are yours from now on."""

from django.urls import reverse

from leads.models.notices import Notice, NoticeKind
from leads.notices.sending import News, announce


def handed(to, subject, *, leads, deals, at, steps=0, companies=0, asleep=0):
    """Tell one user which leads and open deals (their ids), and how many steps, companies and sleeping leads, are theirs from now on.

    Where both came, the notice leads to the deals, and its fact `also` to the leads.
    """
    path, facts = (
        None,
        {"leads": len(leads), "deals": len(deals), "steps": steps, "companies": companies, "asleep": asleep},
    )
    if deals:
        path = _page(deals, "leads:deal", "leads:deal-list", to)
    if leads:
        of_leads = _page(leads, "leads:lead", "leads:lead-list" if deals else "leads:my-day", to)
        path, facts = (path, facts | {"also": of_leads}) if path else (of_leads, facts)
    path = path or reverse("leads:my-day")
    announce(NoticeKind.HANDED, [News(user_id=to.pk, subject=subject, path=path, facts=facts, at=at)])


def gone_back(move, at):
    """What its heirs were told of a book waits no longer: it is with them no more."""
    told = Notice.objects.filter(user__in=map(int, move.given), kind=NoticeKind.HANDED, read_at=None)
    told.filter(subject=f"book:{move.pk}:given").update(read_at=at)


def _page(ids, single, many, owner):
    """The page of the one thing, else the list of all that the user owns; My day has no owner but its reader."""
    if len(ids) == 1:
        return reverse(single, args=[min(ids)])
    return reverse(many) if many == "leads:my-day" else f"{reverse(many)}?owner={owner.pk}"

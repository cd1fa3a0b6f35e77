"""Notices of books: that a colleague's leads and deals are yours from now on."""

from django.urls import reverse

from leads.models.notices import NoticeKind
from leads.notices.sending import News, announce


def handed(to, subject, *, leads, deals, at, steps=0, companies=0):
    """Tell one user which leads and open deals (their ids), and how many steps and companies, are theirs from now on."""
    lead, deal = min(leads, default=None), min(deals, default=None)
    if len(deals) == 1:
        path = reverse("leads:deal", args=[deal])
    elif deals:
        path = f"{reverse('leads:deal-list')}?owner={to.pk}"
    elif len(leads) == 1:
        path = reverse("leads:lead", args=[lead])
    else:
        path = reverse("leads:my-day")
    facts = {"leads": len(leads), "deals": len(deals), "steps": steps, "companies": companies}
    announce(NoticeKind.HANDED, [News(user_id=to.pk, subject=subject, path=path, facts=facts, at=at)])

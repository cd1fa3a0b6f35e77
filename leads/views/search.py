"""One search over people, companies and deals."""

from django.db.models import Q
from django.shortcuts import render

from leads.models import Lead
from pipeline.models import Campaign, Company, Deal

MOST, LONGEST, WORDS = 8, 200, 8


def search(request):
    """What matches every word, a few of each kind; only what the user may see."""
    words = request.GET.get("q", "")[:LONGEST].split()[:WORDS]
    see = request.user
    found = {
        "leads": _matching(
            Lead.objects.counted().visible_to(see).select_related("contact__company"),
            words,
            "contact__full_name",
            "contact__company__name",
            "contact__identities__value",
        ).distinct().order_by("-captured_at", "-pk"),
        "companies": _matching(Company.objects.surviving().visible_to(see), words, "name", "domain").order_by("name"),
        "deals": _matching(
            Deal.objects.visible_to(see).select_related("company", "stage"), words, "name", "company__name"
        ).order_by("-opened_at", "-pk"),
        "campaigns": _matching(Campaign.objects.visible_to(see), words, "name", "code").order_by("name"),
    }  # fmt: skip
    results = {kind: list(rows[:MOST]) if words else [] for kind, rows in found.items()}
    return render(
        request, "leads/search.html", {"q": " ".join(words), "nothing": not any(results.values()), **results}
    )


def _matching(rows, words, *columns):
    for word in words:
        condition = Q()
        for column in columns:
            condition |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(condition)
    return rows

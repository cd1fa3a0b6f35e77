"""Who gets what we lose: one spelling for each rival, whoever writes the name down (capability 40)."""

from django.db.models import Count

from pipeline.models import Deal

MOST = 30


def known():
    """The names of rivals, those first who got most."""
    lost = Deal.objects.exclude(rival="").values("rival")
    return [row["rival"] for row in lost.annotate(n=Count("pk")).order_by("-n", "rival")[:MOST]]


def spelled(name):
    """The name as it was written before, whatever its capitals and spaces; else as it is given."""
    name = " ".join(name.split())[:100]
    if not name:
        return ""
    before = Deal.objects.filter(rival__iexact=name).exclude(rival="").order_by("pk")
    return before.values_list("rival", flat=True).first() or name

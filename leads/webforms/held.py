"""How many posts of forms are held, as of a few seconds ago: what *Today* tells of them."""

from django.db.models import Count, Min

from engine.lately import Lately
from leads.models import Submission

HELD = Lately(lambda: Submission.objects.held().aggregate(n=Count("pk"), first=Min("at")))

"""With whom a step is done: its own contact, else of the people of its deal, or at its company, whoever was spoken to last."""

from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, JSONObject

from accounts.visibility import colleagues, sees_all
from leads.models import Touch
from pipeline.models import Contact


def with_whom(steps, user):
    """Steps that know `whom`: {id, name} of the person whom this user sees, where they name none themselves."""
    known = Contact.objects.surviving().order_by()
    of_deal = known.filter(deal_contacts__deal=OuterRef("deal"))
    there = known.filter(company=Coalesce(OuterRef("company"), OuterRef("deal__company")))
    if not sees_all(user):
        there = there.filter(company__sales_owner__in=colleagues(user))
    return steps.annotate(whom=Case(When(contact=None, then=Coalesce(_last(of_deal), _last(there)))))


def tell(step):
    """Put `person_id` and `person` (how they are called) on a step `with_whom`; None and "" where nobody is known."""
    whom = step.whom or {}
    step.person_id = step.contact_id or whom.get("id")
    step.person = str(step.contact) if step.contact else whom.get("name", "")


def _last(people):
    spoken = Touch.objects.filter(contact=OuterRef("pk"), automatic=False).order_by("-at").values("at")[:1]
    first = people.annotate(spoken=Subquery(spoken)).order_by(F("spoken").desc(nulls_last=True), "pk")
    return Subquery(first.values(told=JSONObject(id="pk", name="full_name"))[:1])

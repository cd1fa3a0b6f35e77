"""Three key accounts with a seller of their own, the people who work for them, and what the seller asks one of these to do."""

from datetime import datetime, time, timedelta

from django.db.models import Sum

from accounts import organisation
from accounts.models import RepKind, RepProfile
from pipeline.models import AccountPerson, Company, Step

TEAM = (("rep2", "presales"), ("rep4", "service"), ("finance", "contracts"), ("head.sales", "sponsor"))


def tell(desk):
    """The three best customers; who works for them hangs on their companies, and goes with them."""
    seller = desk.people["key"]
    desk.keep(RepProfile, [RepProfile(user=seller, kind=RepKind.KEY, capacity=20, cap_ceiling=20)])
    bought = Company.objects.filter(is_partner=False, merged_into=None, deals__outcome="won")
    best = bought.annotate(sum=Sum("deals__base_amount")).order_by("-sum", "pk")[:3]
    for number, company in enumerate(best):
        company.key_account, company.sales_owner = True, seller
        company.save(update_fields=["key_account", "sales_owner"])
        for code, part in TEAM[number:]:
            AccountPerson.objects.create(company=company, user=desk.people[code], part=part)
    if best:
        day = datetime.combine(desk.today + timedelta(days=2), time(10), organisation.zone())
        what, due = desk.house.world.words["step"][2], day
        served = {"company": best[0], "owner": desk.people["rep4"], "planned_by": seller}
        desk.keep(Step, [Step(what=what, due_at=due, **served)])

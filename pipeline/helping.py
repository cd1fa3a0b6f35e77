"""Who may be asked for a step with a contact, a deal or a company: people who see it and work with it."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import Role, User
from accounts.visibility import SEES_ALL, across
from engine.lately import Lately
from pipeline.models import AccountPerson, Company, Contact, Deal

SELLERS = (Role.SALES, Role.MANAGER)
WORKERS = (Role.MARKETING, Role.SALES, Role.MANAGER, Role.ADMIN)


@dataclass(frozen=True)
class Helper:
    """One of our people: the own team, the team's head, whether they see everything, and whether they sell."""

    pk: int
    name: str
    team: int | None
    head: int | None
    sees_all: bool
    sells: bool = False


def one(user):
    """A user as a Helper who sees nothing in particular."""
    return Helper(user.pk, str(user), None, None, False)


def _people():
    found = User.objects.filter(is_active=True, left_at=None, role__in=WORKERS).order_by("full_name", "pk")
    return [
        Helper(pk, name or email, team, head, role in SEES_ALL or bool(head_of) or above, role in SELLERS)
        for pk, name, email, team, head, role, head_of, above in found.values_list(
            "pk", "full_name", "email", "team", "team__head", "role", "head_of", "is_superuser"
        )
    ]


PEOPLE = Lately(_people)


def helpers(thing, by, known=None):
    """[Helper] whom `by` may plan a step for with a contact, a deal or a company: oneself, the own team, and who has a part
    in it (of the account its owner, marketing contact and people; who has its leads or deals); of all, those who see it.
    `known`: a record annotated by `hands` for the contact, which then is not asked once more.
    """
    holding, serving, also = _of_contact(thing, known) if known else HOLDING[type(thing)](thing)
    found = PEOPLE()
    teams = {one.team for one in found if one.pk in holding and one.team}
    heads = {one.head for one in found if one.pk in holding}
    everybodys = isinstance(thing, Company)

    def sees(one):
        return (
            everybodys or one.sees_all or one.pk in serving or one.pk in holding | heads or one.team in teams
        )

    def works(one):
        return (
            one.pk in holding | serving | also or (by.team_id and one.team == by.team_id) or one.head == by.pk
        )

    return [one for one in found if one.pk == by.pk or (works(one) and sees(one))]


def _of_company(company):
    """The ids of whose it is, who is seen by their teams too; of others to whom a part in it shows it; and of all others."""
    people = (one.user_id for one in company.account_people.all())
    return _ids(company.sales_owner_id), _ids(*people), _ids(company.marketing_contact_id)


def _of_deal(deal):
    company = deal.company
    if company is None:
        return _ids(deal.owner_id), set(), set()
    holding, serving, also = _of_company(company)
    return holding | _ids(deal.owner_id), set(), serving | also


def hands(contact="pk", company="company"):
    """Annotations of a contact, or of what has one at these paths: the keys of all who have to do with the person."""
    leads = across(Contact.objects.all(), "leads")
    having = leads.filter(contact=OuterRef(contact), owner__isnull=False)
    offered = across(leads, "handoffs").filter(lead__contact=OuterRef(contact), ended_at=None)
    selling = Deal.objects.filter(deal_contacts__contact=OuterRef(contact), owner__isnull=False)
    serving = AccountPerson.objects.filter(company=OuterRef(company))
    return {
        "having": ArraySubquery(having.order_by().values("owner")),
        "offered": ArraySubquery(offered.order_by().values("rep")),
        "selling": ArraySubquery(selling.order_by().values("owner")),
        "serving": ArraySubquery(serving.order_by().values("user")),
    }


def _of_contact(contact, known=None):
    if known is None:
        known = Contact.objects.annotate(**hands()).get(pk=contact.pk)
    company = contact.company
    owner, marketing = (company.sales_owner_id, company.marketing_contact_id) if company else (None, None)
    holding = _ids(owner, *known.having, *known.offered, *known.selling)
    return holding, _ids(*known.serving), _ids(marketing)


def _ids(*found):
    return {one for one in found if one is not None}


HOLDING = {Company: _of_company, Deal: _of_deal, Contact: _of_contact}

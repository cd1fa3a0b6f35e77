"""Who may take part in a deal."""

from pipeline.models import Contact


def people_of(deal):
    """The contacts that a deal may name: the people of its company and of the leads that led to it."""
    own = Contact.objects.filter(leads__deal=deal).order_by().values("pk")
    company = Contact.objects.filter(company=deal.company_id).order_by().values("pk")
    return Contact.objects.surviving().filter(pk__in=own.union(company) if deal.company_id else own)

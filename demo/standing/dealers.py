"""What dealers have registered: two the same customer, one a customer we sell to ourselves, one undisturbed, one run out."""

from datetime import timedelta

from pipeline.models import Company, Deal, DealRegistration


def tell(desk):
    """Five registrations of two dealers; they hang on their companies, and go with them."""
    dealers = list(Company.objects.filter(is_partner=True).order_by("pk")[:2])
    deals = Deal.objects.filter(outcome="open", partner=None, company__is_partner=False)
    ours = deals.order_by("-pk").values_list("company", flat=True).first()
    others = list(Company.objects.filter(is_partner=False).exclude(pk=ours).order_by("-pk")[:3])
    if len(dealers) < 2 or ours is None or len(others) < 3:
        return
    contested, quiet, old = (other.pk for other in others)
    for dealer, customer, since, days in (
        (dealers[0], contested, 20, 90), (dealers[1], contested, 6, 90), (dealers[0], ours, 12, 60), (dealers[1], quiet, 40, 120),
        (dealers[1], old, 200, 90),
    ):  # fmt: skip
        DealRegistration.objects.create(
            dealer=dealer, customer_id=customer, registered_on=desk.today - timedelta(days=since), by=desk.people["manager"],
            protected_until=desk.today + timedelta(days=days - since), note=desk.word("registration"),
        )  # fmt: skip

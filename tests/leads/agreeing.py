"""Versions of the agreement that are in force from a moment on."""

from leads.models import Agreement, AgreementSignature


def version(number, at, **terms):
    """A version signed by both heads at a moment."""
    made = Agreement.objects.create(version=number, **terms)
    for track in ("marketing", "sales"):
        AgreementSignature.objects.create(agreement=made, track=track, at=at)
    return made

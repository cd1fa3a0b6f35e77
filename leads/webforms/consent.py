"""The words under the two ticks of a capture form, and the proof that they were ticked."""

from django.utils.translation import gettext as _

from accounts import organisation
from leads.capture import Consent
from pipeline.models import ConsentPurpose

SHIPPED = "shipped-1"
SPOKEN = "spoken-1"  # agreed in person, ticked by us


def contact_text(web_form):
    """What a visitor agrees to: the form's own text, or the shipped one in the language now spoken."""
    if web_form.consent_text:
        return web_form.consent_text
    return _("I agree that %(company)s stores what I wrote here and contacts me about it.") % {
        "company": organisation.current().name
    }


def news_text():
    """What the second tick says."""
    return _(
        "%(company)s may also send me news about products and events. I can withdraw this at any time."
    ) % {"company": organisation.current().name}


def version(web_form):
    """The name of the text as the ledger keeps it."""
    return f"{web_form.key}-{web_form.consent_version}" if web_form.consent_text else SHIPPED


def given(web_form, submission):
    """[Consent] for the ticks of a submission, with the words that stood beside them as evidence."""
    ticked = (
        ("consent", ConsentPurpose.SALES, version(web_form), contact_text(web_form)),
        ("news", ConsentPurpose.MARKETING, SHIPPED, news_text()),
    )
    return [
        Consent(
            purpose=purpose,
            text_version=text_version,
            language=submission.language,
            evidence={"form": web_form.key, "submission": submission.pk, "text": text},
        )
        for name, purpose, text_version, text in ticked
        if submission.data.get(name)
    ]

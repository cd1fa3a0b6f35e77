"""The verb: one person came, and is stored once."""

from django.db import OperationalError, transaction

from engine.hints import hint
from leads import handoffs
from leads.capture import beside
from leads.capture.finding import Known, Raced, country_of, find, make_company, read
from leads.capture.person import addresses_of, cleaned, is_own_find
from leads.capture.writing import join, write
from leads.models import MET, Lead

ATTEMPTS = 5
DEADLOCK = "40P01"  # an import of the same people crossed our way


def capture(captured, *, by, at):
    """Find or make the contact, join the open pass or begin the next one, and log the touch. Returns the Lead.

    The same (source, external id) again changes nothing. A rep's own find (channel sales_own) is the rep's at once.
    Raises IdentityConflict where the addresses belong to several people, Suppressed where nobody is known by a
    suppressed address and no consent to sales contact came with it. What is told unlike what is known, and has no place of its
    own, stands in the touch's note. At most eight statements (a rep's own find aside, and one more where a number does not tell
    its country); safe beside others.
    """
    person = cleaned(captured)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                lead_id = _once(person, by, at)
                hint("leads.tasks.score")
            return Lead.objects.get(pk=lead_id)
        except Raced:
            continue
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != DEADLOCK:
                raise
    raise Raced


def _once(person, by, at):
    """The lead's id. Raises Raced."""
    addresses = addresses_of(person, country_of(person))
    lead_id, contact_id, named, at_home = find(person, addresses)
    known = read(contact_id, lead_id) if contact_id is not None else Known()
    company_id = named or at_home
    if known.company_id is None and company_id is None and person.company:
        company_id = named = make_company(person, addresses)
    person = beside.keep(person, known, named=named, at_home=at_home, company_id=company_id)
    if known.lead_id is not None:
        join(known, person, at)  # leads are locked before their scores, everywhere
    lead_id = write(person, addresses, known, company_id, by, at)
    if known.lead_id is None and is_own_find(person, by):
        handoffs.own_find(lead_id, by=by, at=at, met=person.kind in MET)
    return lead_id

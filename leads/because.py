"""Why a lead is in these hands, in words. The English sentence is stored and translated when it is shown."""

from django.utils.translation import gettext_noop as _

TURN = _("It was this rep's turn.")
ACCOUNT = _("Owns the account.")
CUSTOMER = _("Won this customer.")
WINNER = _("The account's owner is absent: this rep won the customer.")
OWNER_AWAY = _("The account's owner is absent: it was this rep's turn.")
JOINED = _("Already works with this company.")
UNANSWERED = _("Nobody answered in time: the team lead decides.")
NOBODY_FREE = _("Nobody was free: the team lead decides.")
FOUND = _("Found this lead.")
CLAIMED = _("Claimed from the pool.")
CHOSEN = _("Chosen by hand.")
SUCCESSOR = _("Takes over from somebody who left.")
AWAY = _("Stands in for somebody who is away.")
BACK = _("Back from the colleagues who stood in.")
OF_A_BOOK = (SUCCESSOR, AWAY, BACK)
IMPORTED = _("The import names this rep.")
FARMER = _("Looks after customers once they are won.")

# Why a stage changed without anybody's hand.
UNPROTECTED = _("Nobody followed up: the protection ended.")
NO_REP = _("No rep took it: back to the desk.")
UNANSWERED_TRANSFER = _("The new rep did not answer in time.")
LEFT = _("The rep left.")
BEST = _("Grade A never waits in a pool.")
ABSENT = _("The rep is absent.")

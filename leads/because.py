"""Why a lead is in these hands, in words. The English sentence is stored and translated when it is shown."""

from django.utils.translation import gettext_noop as _

TURN = _("It was this rep's turn.")
ACCOUNT = _("Owns the account.")
CUSTOMER = _("Won this customer.")
WINNER = _("The account's owner is absent: this rep won the customer.")
OWNER_AWAY = _("The account's owner is absent: it was this rep's turn.")
JOINED = _("Already works with this company.")
UNANSWERED = _("Nobody answered in time: the team lead decides.")
UNANSWERED_TEAM = _("Nobody answered in time: the head of sales decides.")
NO_ANSWER = _("Nobody answered in time.")
NOBODY_FREE = _("Nobody was free: the team lead decides.")
NO_TEAM_FREE = _("Nobody was free: the head of sales decides.")
NO_ONE = _("Nobody is free.")
TO_THE_REP = {
    TURN: _("It is your turn."),
    ACCOUNT: _("The account is yours."),
    CUSTOMER: _("You won this customer."),
    WINNER: _("The account's owner is absent, and you won the customer."),
    OWNER_AWAY: _("The account's owner is absent, and it is your turn."),
    JOINED: _("You already work with this company."),
}
KEY_UNOWNED = _("A key account without an owner: name one.")
KEY_STANDS_IN = _("A key account whose owner cannot take it now: the owner's head decides.")
# Whom it goes to where nobody else took it, or may.
LAST = (UNANSWERED, UNANSWERED_TEAM, NOBODY_FREE, NO_TEAM_FREE, KEY_UNOWNED, KEY_STANDS_IN)
FOUND = _("Found this lead.")
CLAIMED = _("Claimed from the pool.")
CHOSEN = _("Chosen by hand.")
RULED = _("Both heads decided so on the dispute.")
RULED_ALONE = _("The arbiter decided so on the dispute.")
RULED_BY_CLAUSE = _("Nobody decided the dispute in time: so the agreement says.")
# By who decided: the heads, the arbiter, or the agreement's own clause.
RULED_BY = {"heads": RULED, "arbiter": RULED_ALONE, "clause": RULED_BY_CLAUSE}
SUCCESSOR = _("Takes over from somebody who left.")
HEIR = _("Takes over the book of a colleague.")
AWAY = _("Stands in for somebody who is away.")
BACK = _("Back from the colleagues who stood in.")
OF_A_BOOK = (SUCCESSOR, HEIR, AWAY, BACK)
IMPORTED = _("The import names this rep.")
FARMER = _("Looks after customers once they are won.")
OPEN_AGAIN = _("The deal is open again.")
# By which other systems know a sentence, however it will be worded one day.
CODES = {
    TURN: "turn", ACCOUNT: "account", CUSTOMER: "customer", WINNER: "winner", OWNER_AWAY: "owner_away", JOINED: "joined",
    UNANSWERED: "unanswered", UNANSWERED_TEAM: "unanswered_team", NO_ANSWER: "no_answer", NOBODY_FREE: "nobody_free",
    NO_TEAM_FREE: "no_team_free", NO_ONE: "no_one", FOUND: "found", CLAIMED: "claimed", CHOSEN: "chosen", RULED: "ruled", RULED_ALONE: "ruled_alone",
    RULED_BY_CLAUSE: "ruled_by_clause",
    SUCCESSOR: "successor", HEIR: "heir", AWAY: "away", BACK: "back", IMPORTED: "imported", FARMER: "farmer", OPEN_AGAIN: "open_again",
    KEY_UNOWNED: "key_unowned", KEY_STANDS_IN: "key_stands_in",
}  # fmt: skip

# Why a stage changed without anybody's hand.
UNPROTECTED = _("Nobody followed up: the protection ended.")
NO_REP = _("No rep took it: back to the desk.")
UNANSWERED_TRANSFER = _("The new rep did not answer in time.")
LEFT = _("The rep left.")
BEST = _("Grade A never waits in a pool.")
ABSENT = _("The rep is absent.")
RETURN_UNDONE = _("The return was taken back.")
TAKEN_BACK = _("Taken back at the desk")
# A step with one of these undoes that before it. An offer that ends for one of them was no lead got: its turn is given back.
SLIPS = (RETURN_UNDONE, TAKEN_BACK)


def code_of(sentence) -> str:
    """The code of a sentence why a lead is in these hands; "" for none and for somebody's own words."""
    return CODES.get(sentence, "")

"""The use of products at customers: what it says of keeping them, told to whoever looks after the account."""

from leads.usage.cards import cards, mine
from leads.usage.closing import close
from leads.usage.judging import judge_anew, judge_due
from leads.usage.proposing import propose
from leads.usage.standing import at_company, events
from leads.usage.wording import sentence

__all__ = ["at_company", "cards", "close", "events", "judge_anew", "judge_due", "mine", "propose", "sentence"]

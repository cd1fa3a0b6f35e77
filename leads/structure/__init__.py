"""Changes of the structure: what they would change, and several of them as one act."""

from leads.structure.foreseeing import Foreseen, foresee
from leads.structure.reorganising import Refused, call_off, permit, plan

__all__ = ["Foreseen", "Refused", "call_off", "foresee", "permit", "plan"]

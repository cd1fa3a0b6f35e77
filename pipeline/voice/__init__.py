"""One voice of both departments: what we say to whom, signed by both heads, and whether a text keeps to it."""

from pipeline.voice.agreeing import NotNow, propose, retire, sign, tracks_to_sign
from pipeline.voice.checking import Finding, check
from pipeline.voice.house import House, house

__all__ = ["Finding", "House", "NotNow", "check", "house", "propose", "retire", "sign", "tracks_to_sign"]

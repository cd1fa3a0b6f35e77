"""What is wrong with a row, for every reader in the own language: a sentence that keeps the pattern it was made of."""

from django.utils import translation


class Said(str):
    """A translated sentence with its English `pattern` ("" where it has none) and the `filling` of its places."""

    pattern, filling = "", None

    def __new__(cls, text, pattern="", filling=None):
        made = super().__new__(cls, text)
        if isinstance(text, Said) and not pattern:
            pattern, filling = text.pattern, text.filling
        made.pattern, made.filling = pattern, filling
        return made

    def __mod__(self, filling):
        return Said(super().__mod__(filling), self.pattern, filling)


def gettext(message):
    """The message in the language now spoken, as Said."""
    return Said(translation.gettext(message), message)


def kept(reason):
    """[pattern, filling] of a reason, as JSON can hold it; [] of a text that cannot be said again."""
    return [reason.pattern, reason.filling or {}] if isinstance(reason, Said) and reason.pattern else []


def again(said, reason):
    """The reason in the language now spoken, from what `kept` gave; as it was stored where there is none of that."""
    if not said:
        return reason
    pattern, filling = said
    return translation.gettext(pattern) % filling if filling else translation.gettext(pattern)

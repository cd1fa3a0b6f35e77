"""Values as HTML. Django's own functions first ask each argument whether it is lazy, which long lists and charts feel."""

from html import escape

from django.utils.safestring import SafeString


def html(value):
    """The value as text, escaped unless it is marked as safe."""
    text = value if isinstance(value, str) else str(value)
    return text if isinstance(text, SafeString) else escape(text)

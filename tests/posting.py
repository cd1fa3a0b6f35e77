"""The forms of a page as a browser sends them: read from its HTML, filled in and posted."""

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

TYPED = {"email": "new@example.com", "url": "https://example.com/", "tel": "+49 30 1234567", "number": "3"}
ASKED = ("full_name", "email")  # one of several is needed
NO_FIELDS = ("button", "reset", "image")


@dataclass
class Form:
    """One form: its method, where it goes, and {name: values} of its inputs, those that are required filled in."""

    method: str
    action: str
    id: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def values(self):
        """What is sent, by its first button where buttons have names."""
        pressed = {name: [value] for name, value in self.buttons[:1]}
        files = {
            name: SimpleUploadedFile("new.csv", b"Name,E-mail\nAnn,ann@example.com\n") for name in self.files
        }
        return self.sent | pressed | files


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.form, self.select, self.area = [], None, None, None

    def handle_starttag(self, tag, pairs):
        given = {name: value or "" for name, value in pairs}
        name, typed = given.get("name", ""), given.get("type", "")
        if tag == "form":
            self.form = Form(given.get("method", "get").lower(), given.get("action", ""), given.get("id", ""))
            self.forms.append(self.form)
        if self.form is None:
            return
        if tag == "option" and self.select is not None:
            self.select.append((given.get("value", ""), "selected" in given))
        if not name or "disabled" in given:
            return
        if tag == "button" or typed == "submit":
            self.form.buttons.append((name, given.get("value", "")))
        elif tag == "select":
            self.select = self.choices = []
            self.choosing = name
        elif tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "input" and typed not in NO_FIELDS:
            self._input(name, typed, given)

    def _input(self, name, typed, given):
        if typed in ("checkbox", "radio"):
            if "checked" in given or (typed == "radio" and name not in self.form.sent):
                self.form.sent[name] = [given.get("value", "on")]
            return
        if typed == "file":
            self.form.files.append(name)
            return
        value = given.get("value") or (
            _filled(name, typed, given) if "required" in given or name in ASKED else ""
        )
        self.form.sent.setdefault(name, []).append(value)

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if self.form is None:
            return
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area:
            self.form.sent[self.area] = [self.text.strip() or "Some words"]
            self.area = None
        elif tag == "select" and self.select is not None:
            chosen = [value for value, selected in self.choices if selected]
            first = (
                [value for value, _selected in self.choices if value][:1]
                if self.choosing != "preferred"
                else []
            )
            if any(chosen) or first:
                self.form.sent[self.choosing] = chosen if any(chosen) else first
            self.select = None


def _filled(name, typed, given):
    soon = timezone.localdate() + timedelta(days=3)
    moments = {"date": f"{soon}", "month": f"{soon:%Y-%m}", "datetime-local": f"{soon}T10:00"}
    if given.get("inputmode") == "decimal":
        return "5"
    return TYPED.get(typed) or moments.get(typed) or ("USD" if name == "currency" else f"New {name}")


def forms(answer):
    """The forms of a page that are posted."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    return [form for form in reader.forms if form.method == "post"]

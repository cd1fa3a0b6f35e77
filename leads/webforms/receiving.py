"""A post to a capture form: kept first, then taken in as a lead, or held for a person to look at."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import translation

from leads import capture
from leads.models import Lead, Question, Submission, SubmissionState, Touch
from leads.webforms import consent, suspicion
from leads.webforms.asking import ANSWER, LONGEST_TRACKED, REGIONS, TRACKED, TRAP
from leads.webforms.held import HELD
from pipeline import identities

SOURCE = "form"
PERSON = ("full_name", "company", "job_title", "email", "phone", "wechat", "country", "city")
SHOWN_IN_NOTE = ("utm_source", "utm_medium", "utm_campaign")


class TooMany(Exception):
    """One address sends without end: nothing was kept, and it may send again `after` that moment."""

    def __init__(self, after):
        super().__init__(after)
        self.after = after


class Refused(ValueError):
    """A held submission that cannot be released as it is; says why."""


def receive(web_form, form, *, origin, address, agent, at):
    """Keep a valid post and take it in unless it is suspicious. Returns the Submission; the same words count once.

    `form` is a valid PublicForm. Raises TooMany, before anything is kept.
    """
    if suspicion.sent(address, at) >= suspicion.CEILING:
        raise TooMany(suspicion.free_again(address, at))
    data = form.said()
    seal = suspicion.opened(web_form, form.cleaned_data["seal"], at)
    looked_at = {**data, TRAP: form.cleaned_data[TRAP]}
    reasons = suspicion.suspicions(web_form, looked_at, seal, origin=origin, address=address, at=at)
    submission = _keep(
        form=web_form,
        nonce=_print(data, seal.nonce or [address, f"{at:%Y-%m-%d %H}"]),
        at=at,
        reasons=reasons or ["interrupted"],
        data=data | ({TRAP: looked_at[TRAP][:LONGEST_TRACKED]} if looked_at[TRAP] else {}),
        language=translation.get_language() or "",
        address=address,
        origin=origin,
        agent=agent[:200],
    )
    if not reasons and submission.state == SubmissionState.HELD:
        _try_to_take(submission, at)
    return submission


def release(submission, *, by, at):
    """Take a held (or dropped) submission in as the lead it is. Returns the Lead. Raises Refused."""
    try:
        return _take(submission, at, by=by)
    except (capture.IdentityConflict, capture.Suppressed) as error:
        raise Refused(str(error)) from None


def drop(submissions, *, by, at):
    """Set held submissions aside as worthless; they can be taken back. Returns how many."""
    HELD.forget()
    held = submissions.filter(state=SubmissionState.HELD)
    return held.update(state=SubmissionState.DROPPED, decided_by=by, decided_at=at)


def restore(submissions, *, by, at):
    """Back among the held ones. Returns how many."""
    HELD.forget()
    dropped = submissions.filter(state=SubmissionState.DROPPED)
    return dropped.update(state=SubmissionState.HELD, decided_by=by, decided_at=at)


def _print(data, shown):
    """A name for a post: the same words from one page are one post, other words from it another.

    `shown` tells the page as it was shown, by its seal; without one, the address that posts and the hour.
    """
    text = json.dumps([data, shown], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _keep(**fields):
    HELD.forget()
    try:
        with transaction.atomic():
            return Submission.objects.create(**fields)
    except IntegrityError:
        return Submission.objects.select_related("form").get(form=fields["form"], nonce=fields["nonce"])


def _try_to_take(submission, at):
    """Take it in; where the addresses forbid that, it stays held and says why."""
    try:
        _take(submission, at)
    except capture.IdentityConflict:
        submission.reasons = ["conflict"]
    except capture.Suppressed:
        submission.reasons = ["suppressed"]
    else:
        return
    submission.save(update_fields=["reasons"])


def _take(submission, at, by=None):
    """The lead of a submission; both are stored together."""
    HELD.forget()
    with transaction.atomic(), translation.override(submission.language or translation.get_language()):
        kept = Submission.objects.select_for_update().get(pk=submission.pk)
        if kept.state == SubmissionState.TAKEN:
            return kept.lead
        lead = capture.capture(_captured(submission), by=None, at=at)
        _answer(lead, submission.data, _key(submission))
        submission.state, submission.lead, submission.data = SubmissionState.TAKEN, lead, {}
        submission.decided_by, submission.decided_at = by, at
        submission.reasons = submission.reasons if by else []
        submission.save(update_fields=["state", "lead", "data", "reasons", "decided_by", "decided_at"])
    return lead


def _captured(submission):
    web_form, data = submission.form, submission.data
    campaign = web_form.campaign
    person = {name: data.get(name, "") for name in PERSON}
    return capture.Captured(
        **person,
        language=submission.language,
        phone_region=REGIONS.get(submission.language, ""),
        campaign=campaign,
        channel=campaign.channel,
        source_text=data.get("utm_source", "")[:200],
        segment=campaign.segment,
        region=campaign.region,
        product=campaign.product,
        kind=web_form.kind,
        at=submission.at,
        note=_note(data),
        attributes=_attributes(person, data),
        consents=consent.given(web_form, submission),
        source=SOURCE,
        external_id=_key(submission),
    )


def _key(submission):
    """Under which the inquiry and its touch are known."""
    return f"{submission.form.key}:{submission.nonce}"


def _attributes(person, data):
    """Where the visitor came from, and addresses as written that could not be read as one."""
    found = {name: data[name] for name in TRACKED if data.get(name)}
    return found | identities.unreadable(person)


def _note(data):
    """What the touch says: the message, and the campaign parameters this time."""
    tracked = " / ".join(data[name] for name in SHOWN_IN_NOTE if data.get(name))
    return "\n".join(part for part in (data.get("message", ""), tracked) if part)


def _answer(lead, data, key):
    """Answers to the agreed questions; what the desk already knows stays, and another answer is told by the touch."""
    answers = {name.removeprefix(ANSWER): value for name, value in data.items() if name.startswith(ANSWER)}
    missing = {code: text for code, text in answers.items() if not lead.answers.get(code)}
    others = {code: text for code, text in answers.items() if text not in ("", lead.answers.get(code, text))}
    if others:
        asked = {one.code: str(one) for one in Question.objects.filter(code__in=others)}
        touch = Touch.objects.select_for_update().get(source=SOURCE, external_id=key)
        touch.note = capture.noted(touch.note, {asked.get(code, code): text for code, text in others.items()})
        touch.save(update_fields=["note"])
    if missing:
        lead.answers = lead.answers | missing
        Lead.objects.filter(pk=lead.pk).update(answers=lead.answers)

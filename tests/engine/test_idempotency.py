"""The same POST sent again happens once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models.functions import Now
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from engine.idempotency import fingerprint, idempotent, tidy
from engine.jobs import claim
from engine.models import IdempotentAnswer, JobRun
from engine.problems import exception_handler
from tests.engine.test_jobs import MONDAY


class View(APIView):
    """Each POST leaves a row; `fail` makes it fail in one of three ways after that."""

    permission_classes = ()

    def get_exception_handler(self):
        return exception_handler

    @idempotent
    def post(self, request):
        count = JobRun.objects.count()
        claim(f"{request.data.get('name')} {count}", MONDAY)
        match request.data.get("fail"):
            case "invalid":
                raise ValidationError({"name": ["no"]})
            case "refused":
                return Response({"no": True}, status=422)
            case "bug":
                raise ZeroDivisionError
        return Response({"count": count, "name": "ü"}, status=201, headers={"Location": "/jobs/1/"})


@pytest.fixture
def actor(transactional_db):
    return get_user_model().objects.create(email="token@example.com")


def post(actor, body, key="k1", path="/jobs/", **headers):
    """Send a POST with a key (None: without one)."""
    if key is not None:
        headers["Idempotency-Key"] = key
    request = APIRequestFactory().post(path, body, format="json", headers=headers)
    force_authenticate(request, actor)
    answer = View.as_view()(request)
    return answer.render() if hasattr(answer, "render") else answer


def test_second_is_answered_like_the_first_and_does_nothing(actor):
    first, second = post(actor, {"name": "a", "n": 1}), post(actor, {"n": 1, "name": "a"})
    assert (second.status_code, second.content, second.headers["Location"]) == (
        201,
        first.content,
        "/jobs/1/",
    )
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert JobRun.objects.count() == 1


def test_without_a_key_each_is_done(actor):
    assert [post(actor, {"name": "a"}, key=None).status_code for _ in range(3)] == [201] * 3
    assert (JobRun.objects.count(), IdempotentAnswer.objects.count()) == (3, 0)


def test_other_body_is_refused(actor):
    post(actor, {"name": "a"})
    other = post(actor, {"name": "b"})
    assert other.status_code == 422
    assert "another body" in other.data["detail"]
    assert JobRun.objects.count() == 1


def test_key_belongs_to_one_actor_and_one_address(actor):
    other = get_user_model().objects.create(email="other@example.com")
    answers = [
        post(actor, {"name": "a"}),
        post(other, {"name": "b"}),
        post(actor, {"name": "c"}, path="/others/"),
    ]
    assert [answer.status_code for answer in answers] == [201] * 3


@pytest.mark.parametrize("failure, status", [("invalid", 400), ("refused", 422)])
def test_failure_leaves_nothing_and_may_be_corrected(actor, failure, status):
    assert post(actor, {"name": "a", "fail": failure}).status_code == status
    assert (JobRun.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)
    assert post(actor, {"name": "a"}).status_code == 201


def test_crash_leaves_nothing(actor):
    with pytest.raises(ZeroDivisionError):
        post(actor, {"name": "a", "fail": "bug"})
    assert (JobRun.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb"])
def test_unusable_key_is_refused(actor, key):
    assert post(actor, {"name": "a"}, key=key).status_code == 400


def test_key_may_be_used_again_after_a_day(actor):
    post(actor, {"name": "a"})
    IdempotentAnswer.objects.update(claimed_at=Now() - timedelta(hours=25))
    again = post(actor, {"name": "b"})
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again.headers
    assert post(actor, {"name": "b"}).headers["Idempotent-Replayed"] == "true"


def test_tidy_forgets_after_a_day(actor):
    post(actor, {"name": "a"})
    made = IdempotentAnswer.objects.get().claimed_at
    assert [tidy(made + timedelta(hours=23)), tidy(made + timedelta(hours=25))] == [0, 1]


def test_many_at_once_make_one_object(actor):
    answers, gate = [], Barrier(8)

    def send():
        gate.wait()
        answers.append(post(actor, {"name": "a"}))
        connection.close()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status_code, bytes(answer.content)) for answer in answers} == {(201, answers[0].content)}
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 7
    assert JobRun.objects.count() == 1


def test_wait_for_an_unfinished_one_ends_in_409(actor, monkeypatch):
    monkeypatch.setattr(
        "engine.idempotency.CLAIM",
        __import__("engine.idempotency").idempotency.CLAIM.replace("'5s'", "'200ms'"),
    )
    busy = connection.copy()
    try:
        busy.set_autocommit(False)
        with busy.cursor() as cursor:
            cursor.execute(
                "INSERT INTO engine_idempotentanswer (actor, endpoint, key, fingerprint, location)"
                " VALUES (%s, 'POST /jobs/', 'k1', '', '')",
                [actor.pk],
            )
        assert post(actor, {"name": "a"}).status_code == 409
    finally:
        busy.rollback()
        busy.close()
    assert post(actor, {"name": "a"}).status_code == 201


def test_fingerprint_ignores_the_order_of_keys():
    assert fingerprint({"a": 1, "b": [1, 2]}) == fingerprint({"b": [1, 2], "a": 1})
    assert fingerprint({"a": [1, 2]}) != fingerprint({"a": [2, 1]})

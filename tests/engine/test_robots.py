"""How each chat service is written to."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from engine import robots

AT = datetime(2026, 6, 10, 12, 0, 0, 250_000, tzinfo=UTC)
TEXT = "A lead, Shanghai"


def written(vendor, secret="s3cret", address="https://chat.example/send?access_token=t", **more):
    given = {"address": address, "secret": secret, "chat": "-100", "text": TEXT, "at": AT, **more}
    return robots.message(vendor, **given)


def test_wecom_is_plain_and_short():
    address, body = written("wecom")
    assert (address, body["msgtype"]) == ("https://chat.example/send?access_token=t", "text")
    _address, body = written("wecom", text="上海" * 2_000)
    assert 2_040 < len(body["text"]["content"].encode()) <= 2_048


def test_dingtalk_signs_its_address():
    address, body = written("dingtalk")
    asked = parse_qs(urlsplit(address).query)
    key, told = b"s3cret", f"{int(AT.timestamp() * 1000)}\ns3cret".encode()
    expected = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    assert asked == {"access_token": ["t"], "timestamp": ["1781092800250"], "sign": [expected]}
    assert body == {"msgtype": "text", "text": {"content": TEXT}}
    assert written("dingtalk", secret="")[0] == "https://chat.example/send?access_token=t"


def test_feishu_signs_its_body():
    _address, body = written("feishu")
    told = hmac.new(b"1781092800\ns3cret", b"", hashlib.sha256).digest()
    assert body == {
        "msg_type": "text",
        "content": {"text": TEXT},
        "timestamp": "1781092800",
        "sign": base64.b64encode(told).decode(),
    }
    assert set(written("feishu", secret="")[1]) == {"msg_type", "content"}


def test_telegram_names_the_chat():
    _address, body = written("telegram")
    assert (body["chat_id"], body["text"]) == ("-100", TEXT)


@pytest.mark.parametrize(
    "vendor, taken, refused",
    [
        ("wecom", {"errcode": 0}, {"errcode": 93000, "errmsg": "invalid webhook url"}),
        ("dingtalk", {"errcode": 0}, {"errcode": 310000, "errmsg": "sign not match"}),
        ("feishu", {"code": 0}, {"code": 19021, "msg": "sign match fail"}),
        ("telegram", {"ok": True}, {"ok": False, "error_code": 404, "description": "Not Found"}),
    ],
)
def test_what_the_answers_mean(vendor, taken, refused):
    robots.insist(vendor, 200, taken)
    for status, answer in ((200, refused), (500, taken), (200, None)):
        with pytest.raises(robots.NotTaken):
            robots.insist(vendor, status, answer)

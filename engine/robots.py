"""How each chat service wants to be written to: address, signature, body, and what its answer means.

WeCom: developer.work.weixin.qq.com/document/path/91770. DingTalk: open.dingtalk.com, custom robots, signature in the
address. Feishu: open.feishu.cn, custom bots, signature in the body. Telegram: core.telegram.org/bots/api#sendmessage.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote_plus

LONGEST = 2_000  # characters; WeCom takes 2,048 bytes of text
NO_REASON = "no reason given"


class NotTaken(Exception):
    """The service did not take the message; the text is its own error."""


def message(vendor, *, address, secret, chat, text, at):
    """(address, body) of one text message, signed as the service asks; `at` is an aware moment."""
    return {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu, "telegram": _telegram}[vendor](
        address, secret, chat, text[:LONGEST], at
    )


def insist(vendor, status, answer):
    """Raise NotTaken unless the service says that it took the message."""
    answer = answer if isinstance(answer, dict) else {}
    code = {
        "wecom": answer.get("errcode"),
        "dingtalk": answer.get("errcode"),
        "feishu": answer.get("code", answer.get("StatusCode")),
        "telegram": 0 if answer.get("ok") is True else answer.get("error_code", 1),
    }[vendor]
    if status != 200 or code != 0:
        said = answer.get("errmsg") or answer.get("msg") or answer.get("description") or NO_REASON
        raise NotTaken(f"HTTP {status}, code {code}: {said}")


def _wecom(address, secret, chat, text, at):
    while len(text.encode()) > 2_048:
        text = text[:-1]
    return address, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(address, secret, chat, text, at):
    if secret:
        stamp = str(int(at.timestamp() * 1000))
        sign = quote_plus(_signed(secret.encode(), f"{stamp}\n{secret}".encode()))
        address += f"{'&' if '?' in address else '?'}timestamp={stamp}&sign={sign}"
    return address, {"msgtype": "text", "text": {"content": text}}


def _feishu(address, secret, chat, text, at):
    body = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(at.timestamp()))
        # Time and secret are the key here, and nothing is the message.
        body |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}".encode(), b"")}
    return address, body


def _telegram(address, secret, chat, text, at):
    return address, {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}


def _signed(key, told):
    return base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()

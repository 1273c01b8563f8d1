"""A message as a signed web request: HMAC-SHA256 over time and body, no redirects."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from store.outbox import Message

TIMEOUT = 15.0  # seconds


class NotDelivered(Exception):
    """A message did not arrive; the message says why, without address or secret."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What a receiver computes as well: "sha256=" and the hexadecimal HMAC of the time, a dot and
    the body. Old requests sent again are told by their time."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def payload(message: Message) -> bytes:
    """The request's body."""
    content = {"key": message.key, "subject": message.subject, "body": message.body}
    return json.dumps(content, ensure_ascii=False).encode()


def send(url: str, secret: str, message: Message, now: datetime) -> None:
    """Posts the message. Raises NotDelivered unless the answer is 2xx; a redirect is an error: the
    signed message is for the address that was named."""
    parts = urlsplit(url)
    body, timestamp = payload(message), str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Pantau",
        "Idempotency-Key": message.key,
        "X-Pantau-Timestamp": timestamp,
        "X-Pantau-Signature": signature(secret, timestamp, body),
    }
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotDelivered(f"the webhook cannot be reached ({type(error).__name__})") from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotDelivered(f"the webhook answered HTTP {status}")

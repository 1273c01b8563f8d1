"""A receiver written from docs/operating.md alone understands and trusts what Pantau sends, and
nothing else."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.webhook_receiver import Receiver

SECRET = "kunci-kait-Zx81"
PANTAU = str(Path(sys.executable).with_name("pantau"))


def tell(receiver: Receiver, folder: Path) -> subprocess.CompletedProcess[str]:
    """`pantau alerts test redaksi`, as a person types it."""
    environment = {
        **os.environ,
        "PANTAU_CHANNEL_REDAKSI": f"http://127.0.0.1:{receiver.port}/kait",
        "PANTAU_CHANNEL_REDAKSI_SECRET": SECRET,
    }
    return subprocess.run(
        [PANTAU, "alerts", "test", "redaksi", "--db", str(folder / "pantau.db")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def post(receiver: Receiver, body: bytes, at: float, proof: str | None = None) -> int:
    """A request of somebody who knows the secret, or who does not."""
    timestamp = str(int(at))
    made = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "Idempotency-Key": json.loads(body)["key"],
        "X-Pantau-Timestamp": timestamp,
        "X-Pantau-Signature": proof or f"sha256={made}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=10)
    connection.request("POST", "/kait", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_pantau_sends_is_accepted(tmp_path: Path) -> None:
    with Receiver(SECRET) as receiver:
        told = tell(receiver, tmp_path)
    assert (told.returncode, told.stdout) == (0, "redaksi (webhook): delivered.\n")
    (message,) = receiver.messages.values()
    assert message["subject"] == "Pantau: a test"
    assert receiver.refused == []


def test_pantau_with_another_secret_is_not(tmp_path: Path) -> None:
    with Receiver("kunci-lain") as receiver:
        told = tell(receiver, tmp_path)
    assert told.returncode == 1
    assert "redaksi (webhook): not delivered: the webhook answered HTTP 401" in told.stderr
    assert receiver.refused == ["signature"]


@pytest.mark.parametrize(("late", "status"), [(0, 204), (290, 204), (310, 401), (-310, 401)])
def test_a_request_sent_again_is_accepted_for_five_minutes(late: int, status: int) -> None:
    with Receiver(SECRET) as receiver:
        assert post(receiver, b'{"key": "k"}', time.time() - late) == status


def test_a_request_that_was_changed_is_not_accepted() -> None:
    with Receiver(SECRET) as receiver:
        body, now = b'{"key": "k", "subject": "s"}', str(int(time.time()))
        signed = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        changed = body.replace(b'"s"', b'"t"')
        assert post(receiver, changed, time.time(), f"sha256={signed}") == 401

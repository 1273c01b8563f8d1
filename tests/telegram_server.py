"""Telegram's API on loopback: a proxy that answers for api.telegram.org itself, so that the client
speaks TLS to that name and no word of it is changed."""

from __future__ import annotations

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "api.telegram.org"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Files with a certificate for that name, which signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "telegram.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "telegram.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "telegram.pem", folder / "telegram.key"


class TelegramServer:
    """Knows one bot by its token; sent holds the messages it took, asked the paths asked for."""

    def __init__(self, folder: Path, token: str) -> None:
        self.token = token
        self.sent: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.connected: list[str] = []
        self.moved = False  # it answers with a redirect
        self.certificate, key = certificate(folder)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate, key)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def environment(self) -> dict[str, str]:
        """What leads a client here; neither of it is Pantau's own."""
        return {
            "HTTPS_PROXY": f"http://127.0.0.1:{self.port}",
            "REQUESTS_CA_BUNDLE": str(self.certificate),
        }

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        telegram = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self) -> None:
                telegram.connected.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.connection = telegram.tls.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", 0)  # type: ignore[assignment]
                self.close_connection = False

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                telegram.asked.append(self.path)
                if telegram.moved:
                    self.send_response(307)
                    self.send_header("Location", f"https://{HOST}/lain")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if self.path != f"/bot{telegram.token}/sendMessage":
                    self.answer(401, {"ok": False, "error_code": 401, "description": self.path})
                    return
                telegram.sent.append(json.loads(body))
                self.answer(200, {"ok": True, "result": {"message_id": len(telegram.sent)}})

            def answer(self, status: int, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def finish(self) -> None:
                super().finish()
                self.connection.close()

            def log_message(self, format: str, *args: object) -> None:
                return

        return Handler

    def __enter__(self) -> TelegramServer:
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

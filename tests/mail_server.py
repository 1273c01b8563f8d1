"""A mail server on loopback: takes mail of who knows its password, and keeps it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class MailServer:
    """Listens while it is entered; mails holds what it took, rejecting makes it refuse them."""

    def __init__(self, user: str = "pantau", password: str = "kata-sandi") -> None:
        self.user, self.password = user, password
        self.mails: list[EmailMessage] = []
        self.rejecting = False
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def address(self, password: str | None = None) -> str:
        """What Apprise takes, with the right password or another."""
        known = f"{self.user}:{password or self.password}@127.0.0.1:{self.port}"
        people = "from=pantau@surat.example&to=redaksi@surat.example"
        return f"mailto://{known}?{people}&mode=insecure"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def handle_DATA(  # noqa: N802 (its library calls it so)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.rejecting:
            return "451 4.3.0 try again later"
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def knows(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = (data.login.decode(), data.password.decode()) == (self.user, self.password)
        return AuthResult(success=good, handled=False)

    def protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="surat.example",
            authenticator=self.knows,
            auth_require_tls=False,
            loop=self.loop,
        )

    def __enter__(self) -> MailServer:
        self.thread.start()
        listening = self.loop.create_server(self.protocol, "127.0.0.1", 0)
        self.server = asyncio.run_coroutine_threadsafe(listening, self.loop).result(10)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *exc: object) -> None:
        async def end() -> None:
            self.server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

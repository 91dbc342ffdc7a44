"""Receivers on loopback: a mail server and a webhook's far end, each on a real socket."""

import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve in a thread while inside."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@dataclass
class MailServer:
    """Speaks enough SMTP to take a mail. `refuses` answers the sender, `hangs_up` leaves after the mail was given."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: str = ""
    hangs_up: bool = False


@contextmanager
def mail_server(**behaviour: Any) -> Iterator[MailServer]:
    """Receive mails on a free port."""
    state = MailServer(**behaviour)

    class Conversation(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split(" ")[0].upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (part := self.rfile.readline()) not in (b".\r\n", b""):
                        lines.append(part[1:] if part.startswith(b"..") else part)
                    if state.hangs_up:
                        return
                    state.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
                    self.say("250 taken")
                elif word == "MAIL" and state.refuses:
                    self.say(state.refuses)
                elif word == "RCPT":
                    state.recipients.append(line)
                    self.say("250 fine")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
    state.port = server.server_address[1]
    with served(server):
        yield state


@dataclass
class Received:
    """One request to the webhook."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@dataclass
class Webhook:
    """A webhook's far end: answers with `status`, `headers` and `answer`, or leaves after it has read."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b'{"errcode": 0}'
    hangs_up: bool = False


@contextmanager
def webhook(*, tls: Path | None = None, **behaviour: Any) -> Iterator[Webhook]:
    """Receive posts on a free port; with `tls`, a file of key and certificate, over https."""
    state = Webhook(**behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append(Received(self.path, dict(self.headers), body))
            if state.hangs_up:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(state.answer)))
            self.end_headers()
            self.wfile.write(state.answer)

        def log_message(self, *_words: Any) -> None:
            """Write nothing into the output of the tests."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_words: Any) -> None:
            """A client that turns away is what some tests want."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    with served(server):
        yield state


def free_port() -> int:
    """Return a port of loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

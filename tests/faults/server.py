"""An odd server on loopback: says on each route exactly the bytes that a test wants said, and logs every byte in and out."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Line:
    """A connection as the odd server's routes see it; what they send is logged."""

    socket: socket.socket
    request: bytes
    number: int
    """Of the request on its connection, from 0."""
    sent: bytearray = field(default_factory=bytearray)
    over: bool = False

    def send(self, data: bytes) -> None:
        self.sent += data
        self.socket.sendall(data)

    def close(self) -> None:
        """End the connection properly: over TLS with close_notify."""
        self.over = True
        if isinstance(self.socket, ssl.SSLSocket):
            self.socket.settimeout(5)
            with suppress(OSError):
                self.socket = self.socket.unwrap()

    def drop(self) -> None:
        """End the connection with FIN alone."""
        self.over = True

    def reset(self) -> None:
        """End the connection with RST."""
        self.over = True
        time.sleep(
            0.2
        )  # else the reset may overtake the bytes in the client's buffer, which the kernel then throws away
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def wait(self, seconds: float) -> None:
        """Let time pass; ends with OSError as soon as the client is gone."""
        if seconds:
            self.socket.settimeout(seconds)
            with suppress(TimeoutError):
                if not self.socket.recv(65536):
                    raise ConnectionResetError
            self.socket.settimeout(20)

    def hang(self) -> None:
        """Say nothing more until the client goes."""
        self.over = True
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            pass


Route = Callable[[Line], None]


@dataclass
class Logged:
    """One exchange as the server saw it."""

    request: bytes
    response: bytes
    port: int


class OddServer:
    """Serves routes on any number of ports, each plain or with its own TLS context.

    A route's name is a path, or a port and a path for a route of that port alone.
    """

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.log: list[Logged] = []
        self.connections: list[int] = []
        """Port of each connection that was made."""
        self.reached: list[str] = []
        """Address of our side of each connection: the one that the client asked for."""
        self.first_bytes: list[int] = []
        """Port of each connection on which anything came, TLS's own bytes included."""
        self._sockets: list[socket.socket] = []

    def listen(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0) -> int:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server = socket.create_server((host, port), family=family)
        self._sockets.append(server)
        port = server.getsockname()[1]
        threading.Thread(target=self._accept, args=(server, port, tls), daemon=True).start()
        return port

    def close(self) -> None:
        for server in self._sockets:
            server.close()

    def answers(self, path: str) -> list[Logged]:
        """All exchanges on a path."""
        return [each for each in self.log if each.request.split(b" ")[1].partition(b"?")[0] == path.encode()]

    def _accept(self, server: socket.socket, port: int, tls: ssl.SSLContext | None) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            self.connections.append(port)
            self.reached.append(connection.getsockname()[0])
            threading.Thread(target=self._serve, args=(connection, port, tls), daemon=True).start()

    def _serve(self, connection: socket.socket, port: int, tls: ssl.SSLContext | None) -> None:
        number = 0
        try:
            connection.settimeout(20)
            if connection.recv(1, socket.MSG_PEEK):
                self.first_bytes.append(port)
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            while request := self._read(connection):
                line = Line(connection, request, number)
                number += 1
                path = request.split(b" ")[1].decode().partition("?")[0]
                entry = Logged(request, b"", port)
                self.log.append(entry)
                try:
                    self.routes.get(f"{port}{path}", self.routes.get(path, not_found))(line)
                finally:
                    connection = line.socket
                    entry.response = bytes(line.sent)
                if line.over:
                    return
        except (OSError, ValueError):
            return
        finally:
            connection.close()

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return b""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        for name, _, value in (each.partition(b":") for each in head.split(b"\r\n")):
            if name.lower() == b"content-length":
                while len(body) < int(value):
                    body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


def not_found(line: Line) -> None:
    line.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def raw(*parts: bytes, end: str = "", pause: float = 0.0) -> Route:
    """A route that sends bytes, part by part, and may then end the connection: close, drop, reset or hang."""

    def route(line: Line) -> None:
        for part in parts:
            line.send(part)
            time.sleep(pause)
        if end:
            getattr(line, end)()

    return route

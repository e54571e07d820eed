"""Callers of a service on the loopback: connections that stay open, and as little work of their own as can be."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["Answer", "Caller", "answers_per_second"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    etag: str
    body: bytes


class Caller:
    """One connection to a service.

    Parameters
    ----------
    address
        Such as ``http://127.0.0.1:8000``.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host = f"{parts.hostname}:{parts.port}"
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = b""

    def get(self, path: str, *, etag: str = "") -> Answer:
        """Ask for a path; with an etag, only if it has changed since."""
        condition = f"If-None-Match: {etag}\r\n" if etag else ""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n{condition}\r\n".encode())
        while (end := self._held.find(b"\r\n\r\n")) < 0:
            self._receive()
        head, self._held = self._held[:end].decode("latin-1"), self._held[end + 4 :]
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self._held) < length:
            self._receive()
        body, self._held = self._held[:length], self._held[length:]
        return Answer(int(first.split()[1]), headers.get("etag", ""), body)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _receive(self) -> None:
        part = self._socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the service hung up")
        self._held += part


def answers_per_second(
    address: str, paths: Sequence[str], *, seconds: float, callers: int, once: bool = False, conditional: bool = False
) -> float:
    """Ask for paths, one after the other, by several callers at once, and return how many answers came a second.

    Parameters
    ----------
    once
        Each path only once: ends early where they are used up.
    conditional
        By the etag of the path's first answer.
    """
    order: Iterator[str] = iter(paths) if once else itertools.cycle(paths)
    lock, done, failures = threading.Lock(), [0] * callers, []
    etags: dict[str, str] = {}
    begun = time.perf_counter()

    def call(number: int) -> None:
        caller = Caller(address)
        try:
            while time.perf_counter() - begun < seconds:
                with lock:
                    path = next(order, None)
                if path is None:
                    break
                answer = caller.get(path, etag=etags.get(path, "") if conditional else "")
                if answer.status not in {200, 204, 304}:
                    raise RuntimeError(f"{answer.status} for {path}")
                if conditional:
                    etags[path] = answer.etag
                done[number] += 1
        except (OSError, RuntimeError) as error:
            failures.append(error)
        finally:
            caller.close()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(done) / (time.perf_counter() - begun)

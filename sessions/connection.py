"""Redis with nothing between: one command, one answer, on redis-py's own connections, one for each thread.

redis-py's client puts retries, callbacks and metrics over its connections; on the path of every turn they cost more
than Redis does. Everything else uses `Connection.client()`, redis-py as it comes.
"""

import logging
import os
import struct
import threading
import weakref
from socket import SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET
from time import monotonic
from typing import Any

from hiredis import pack_command
from redis import ConnectionPool, Redis, SSLConnection
from redis.connection import AbstractConnection
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import NoScriptError, RedisError, ResponseError

log = logging.getLogger(__name__)
PAUSE = 0.5
"""Seconds in which Redis is taken to be away still, once it was: meanwhile nobody waits for it."""


class StoreAway(Exception):
    """Redis did not answer, or cannot serve now: the caller is to be told. Names no address and no key."""


class Connection:
    """Redis at `url` (`redis://`, `rediss://`, `unix://`), for any number of threads, and safe to fork.

    `timeout` in seconds holds for connecting and for each answer. When Redis is away, whoever asks learns it after that
    at the latest, and for a while after that at once: callers do not queue behind a server that is gone.
    A server that came back is noticed by itself. Give an address rather than a name where names may be slow to resolve.
    """

    def __init__(self, url: str, timeout: float = 0.8) -> None:
        self._url = url
        self._timeout = timeout
        self._pool = ConnectionPool.from_url(
            url,
            protocol=2,
            driver_info=None,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            redis_connect_func=self._greet,
        )
        self._of_thread = threading.local()
        self._away_until = 0.0
        here = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _forget(here()))

    def ask(self, *command: bytes | str | int) -> Any:
        """One command's answer: bytes, int, None, or a list of these.

        A command whose connection broke is sent once more, so it must be one that may be repeated.
        Raises StoreAway; raises NoScriptError when EVALSHA names a script that Redis has not loaded.
        """
        packed = (pack_command(command),)  # type: ignore[arg-type]  # its stub means a tuple of any length
        line: AbstractConnection | None = getattr(self._of_thread, "line", None)
        if line is None or not line.is_connected:
            return self._connected_anew(packed)
        asked = monotonic()
        try:
            line.send_packed_command(packed, check_health=False)  # type: ignore[no-untyped-call]
            return line.read_response()
        except NotConnected as error:
            # It was broken while nobody used it, unless it took as long as a server that hangs.
            if monotonic() - asked >= self._timeout / 2:
                raise self._away(error) from None
            return self._connected_anew(packed)
        except NoScriptError:
            raise
        except RedisError as error:
            raise self._away(error) from None
        except BaseException:
            # Stopped between question and answer: the answer must never reach the next question.
            self.close()
            raise

    def client(self, **kwargs: Any) -> Redis:
        """redis-py's client with a pool of its own, for what is not on the path of a turn. Raises redis-py's errors."""
        timeouts = {"socket_timeout": self._timeout, "socket_connect_timeout": self._timeout}
        return Redis(connection_pool=ConnectionPool.from_url(self._url, **{"protocol": 2, **timeouts, **kwargs}))

    def close(self) -> None:
        """Close this thread's connection; the next question opens it again."""
        line: AbstractConnection | None = getattr(self._of_thread, "line", None)
        if line is not None:
            line.disconnect()  # type: ignore[no-untyped-call]

    def _connected_anew(self, packed: tuple[bytes, ...]) -> Any:
        now = monotonic()
        if now < self._away_until:
            raise StoreAway("Redis was away a moment ago")
        if self._away_until:
            # One looks whether it is back; the others need not wait for the same news.
            self._away_until = now + self._timeout + PAUSE
        line: AbstractConnection | None = getattr(self._of_thread, "line", None)
        if line is None:
            line = self._of_thread.line = self._pool.connection_class(**self._pool.connection_kwargs)
        try:
            line.connect()
            line.send_packed_command(packed, check_health=False)
            answer = line.read_response()
        except NoScriptError:
            self._away_until = 0.0
            raise
        except RedisError as error:
            raise self._away(error) from None
        except BaseException:
            self.close()
            raise
        self._away_until = 0.0
        return answer

    def _away(self, error: RedisError) -> StoreAway:
        self.close()
        if isinstance(error, ResponseError):
            # It answers and refuses: a replica that cannot be written, no memory left. An error answer begins with its
            # code; more of it is not for a log.
            self._away_until = 0.0
            said = f"{type(error).__name__} {str(error).partition(' ')[0]}"
        else:
            self._away_until = monotonic() + PAUSE
            said = type(error).__name__
        log.warning("Redis is away: %s", said)
        return StoreAway(f"Redis is away: {said}")

    def _greet(self, line: AbstractConnection) -> None:
        # With the kernel's own timeouts, sending and receiving are one system call each instead of two, and the
        # interpreter's lock is let go once. TLS needs Python's.
        sock = line._get_socket()
        if sock is not None and not isinstance(line, SSLConnection):
            sock.settimeout(None)
            seconds, part = divmod(self._timeout, 1)
            limit = struct.pack("ll", int(seconds), int(part * 1_000_000))
            sock.setsockopt(SOL_SOCKET, SO_RCVTIMEO, limit)
            sock.setsockopt(SOL_SOCKET, SO_SNDTIMEO, limit)
        line.on_connect()  # type: ignore[no-untyped-call]


def _forget(connection: Connection | None) -> None:
    """In a forked child: the parent's sockets are the parent's."""
    if connection is not None:
        connection._of_thread = threading.local()

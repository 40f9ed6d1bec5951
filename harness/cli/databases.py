"""Where known failures are kept, as ``--database`` names it: a folder, or a Redis that many share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, MultiplexedDatabase

from harness.errors import HarnessError
from harness.explore.known import Failures, Known

REDIS = ("redis://", "rediss://", "unix://")
PATIENCE_S = 5.0
"""A Redis that says nothing for so long is taken to be down."""

KEPT_FOR = timedelta(days=90)
"""What nobody has asked for in a quarter is not known any more. Of a Redis only: a folder forgets nothing."""

DATABASE = click.option(
    "--database",
    "databases",
    multiple=True,
    metavar="DIR|redis://…",
    help="Keep failures there, and play first those that are there already. Of several all are read and written.",
)


class DatabaseError(HarnessError):
    """A database of known failures cannot be had as asked."""


def known_failures(places: Sequence[str], client: str) -> Known | None:
    """The known failures of a client, in all of these places together; None if there is no place.

    Raises:
        DatabaseError: A place cannot be had.
    """
    if not places:
        return None
    failures: Failures = (OSError,)
    databases: list[ExampleDatabase] = []
    for place in places:
        if place.startswith(REDIS):
            database, error = _redis(place)
            failures = (*failures, error)
        else:
            database = _folder(place)
        databases.append(database)
    return Known(databases[0] if len(databases) == 1 else MultiplexedDatabase(*databases), client, failures)


def _folder(place: str) -> ExampleDatabase:
    scheme, found, _ = place.partition("://")
    if found:
        raise DatabaseError(f"--database {scheme}://…: nothing is known of {scheme}; give a folder or redis://HOST:PORT/NUMBER")
    folder = Path(place)
    if folder.exists() and not folder.is_dir():
        raise DatabaseError(f"--database {place}: this is a file; give a folder, which is made if it is not there")
    return DirectoryBasedExampleDatabase(folder)


def _redis(place: str) -> tuple[ExampleDatabase, type[Exception]]:
    """The database, and what it raises when it fails."""
    try:
        import redis
        from hypothesis.extra.redis import RedisExampleDatabase
    except ImportError as error:
        raise DatabaseError("--database redis://… needs the redis package: pip install 'drm-harness[redis]'") from error
    shown = without_password(place)
    client: Any
    try:
        client = redis.Redis.from_url(place, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S)
        client.ping()
    except ValueError as error:
        raise DatabaseError(f"--database {shown}: {error}; write redis://HOST:PORT/NUMBER") from error
    except redis.AuthenticationError as error:
        raise DatabaseError(f"--database {shown}: it wants a password; write redis://:PASSWORD@HOST:PORT") from error
    except redis.RedisError as error:
        raise DatabaseError(
            f"--database {shown}: no Redis answers there ({error})\n  is it running? redis-cli -u {shown} ping"
        ) from error
    return RedisExampleDatabase(client, expire_after=KEPT_FOR, key_prefix=b"drm-harness:"), redis.RedisError


def without_password(place: str) -> str:
    """The address as it may stand in a log."""
    parts = urlsplit(place)
    return place if parts.password is None else place.replace(f":{parts.password}@", ":…@", 1)

"""Every setting of the service, with its default and the reason for it.

Settings come from the environment, prefixed ``STEELYARD_``. Nothing here is
read a second time: ``create_app`` takes a :class:`Settings` and keeps it.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

#: The settings that hold an address of the database.
DATABASE, OWNER_DATABASE = "STEELYARD_DATABASE_URL", "STEELYARD_OWNER_DATABASE_URL"

ROOT = Path(__file__).resolve().parents[2]

#: Forms and uploads beyond this are refused before they are read (413).
MAX_REQUEST_BYTES = 5 * 1024 * 1024
#: A text field, or a form without files, has no business being longer.
MAX_FIELD_BYTES = 500 * 1024
#: The longest form, the points of every group, stays far below.
MAX_FORM_PARTS = 200

#: What an address of the database may begin with.
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")

#: A shorter secret could be guessed from one signed cookie.
MIN_SECRET_LENGTH = 32
MAKING_ONE = "such as `openssl rand -hex 32` prints"


class BadSetting(Exception):
    """A setting is missing or cannot be meant. Its text is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one service runs on."""

    #: Where the service keeps what is its own: the secret, and SQLite unless told otherwise.
    instance: Path
    #: The one address people use. Links are built from it, unknown hosts are refused by it,
    #: and ``https`` in it makes cookies ``Secure``.
    site_url: str
    #: SQLAlchemy's form. An embedded SQLite unless told otherwise: nothing to install.
    database_url: str
    #: Signs the session cookie. It has no default, because a known one signs for everybody.
    secret_key: str
    #: How many proxies of ours stand in front. None: ``X-Forwarded-*`` is then anybody's word.
    trusted_proxies: int = 0
    #: The role that may change PostgreSQL's tables, for migrations only: the service itself
    #: should be one that owns nothing. Empty: ``database_url`` is used for both.
    owner_database_url: str = ""

    @property
    def https(self) -> bool:
        return self.site_url.startswith("https:")

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts this service answers to, as they stand in a ``Host`` header."""
        site = urlsplit(self.site_url)
        name, _, port = site.netloc.rpartition(":") if site.port else (site.netloc, "", "")
        names = LOOPBACK if name in LOOPBACK else (name,)
        ports = (f":{port}",) if port else ("", f":{STANDARD_PORTS[site.scheme]}")
        return frozenset(name + port for name in names for port in ports)

    @property
    def origins(self) -> frozenset[str]:
        """The origins our own forms come from."""
        scheme = urlsplit(self.site_url).scheme
        return frozenset(f"{scheme}://{host}" for host in self.hosts)


#: The names of one's own machine are one place: who types the other one is not refused.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
STANDARD_PORTS = {"http": 80, "https": 443}


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a service from its environment.

    Raises
    ------
    BadSetting
        If a setting is missing or cannot be meant.
    """
    instance = Path(environment.get("STEELYARD_INSTANCE") or ROOT / "instance").absolute()
    return Settings(
        instance=instance,
        site_url=_site_url(environment.get("STEELYARD_SITE_URL") or "http://127.0.0.1:8000"),
        database_url=_database_url(environment, DATABASE)
        or f"sqlite:///{instance / 'steelyard.sqlite3'}",
        secret_key=_secret_key(environment.get("STEELYARD_SECRET_KEY", ""), instance),
        trusted_proxies=_proxies(environment.get("STEELYARD_TRUSTED_PROXIES") or "0"),
        owner_database_url=_database_url(environment, OWNER_DATABASE),
    )


def keep_secret(instance: Path) -> str:
    """Return the secret of ``instance``, making it, readable by its owner only, when missing."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = secret_file(instance)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(file, "w") as out:
        out.write(secret + "\n")
    return secret


def secret_file(instance: Path) -> Path:
    return instance / "secret"


def _secret_key(given: str, instance: Path) -> str:
    path = secret_file(instance)
    secret = given.strip() or (path.read_text().strip() if path.is_file() else "")
    if not secret:
        raise BadSetting(
            "No secret: set STEELYARD_SECRET_KEY to at least "
            f"{MIN_SECRET_LENGTH} random characters, {MAKING_ONE}, or put them in {path}."
        )
    if len(secret) < MIN_SECRET_LENGTH:
        raise BadSetting(
            f"The secret in {'STEELYARD_SECRET_KEY' if given.strip() else path} is too short: "
            f"it needs at least {MIN_SECRET_LENGTH} random characters, {MAKING_ONE}."
        )
    return secret


def _site_url(text: str) -> str:
    fault = BadSetting(
        f"STEELYARD_SITE_URL is {text!r}; it must be an address without a path, "
        "such as https://weights.example.org."
    )
    try:
        site = urlsplit(text)
        port = site.port
    except ValueError:
        raise fault from None
    if site.scheme not in ("http", "https") or not site.hostname or site.username:
        raise fault
    if site.path not in ("", "/") or site.query or site.fragment:
        raise fault
    host = f"[{site.hostname}]" if ":" in site.hostname else site.hostname
    named_port = port if port != STANDARD_PORTS[site.scheme] else None
    return f"{site.scheme}://{host}" + (f":{named_port}" if named_port else "")


def _database_url(environment: Mapping[str, str], name: str) -> str:
    """An address as it is used; it is never repeated, because a password may be in it."""
    text = environment.get(name, "").strip()
    if not text:
        return ""
    scheme, _, rest = text.partition("://")
    if scheme not in DATABASES:
        known = " or ".join(f"{known}://" for known in DATABASES[:2])
        raise BadSetting(f"{name} must begin with {known}.")
    if rest.count("@") > 1 and scheme != "sqlite":
        raise BadSetting(f"{name} has more than one @: write an @ of a password as %40.")
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise BadSetting(
            f"{name} cannot be read: it is written as postgresql://ROLE:PASSWORD@HOST:PORT/NAME "
            "or sqlite:////FOLDER/FILE, with / : @ ? # % of a password as %2F %3A %40 %3F %23 %25."
        ) from None
    if not url.database or url.database == ":memory:":
        raise BadSetting(f"{name} names no database.")
    return text


def _proxies(text: str) -> int:
    if not text.isdecimal() or int(text) > 9:
        raise BadSetting(
            f"STEELYARD_TRUSTED_PROXIES is {text!r}; it counts the proxies in front, 0 to 9."
        )
    return int(text)

"""Settings of the service, with their defaults and the reasons for them.

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

#: The settings with an address of the database.
DATABASE, OWNER_DATABASE = "STEELYARD_DATABASE_URL", "STEELYARD_OWNER_DATABASE_URL"

ROOT = Path(__file__).resolve().parents[2]

#: Forms and uploads beyond this are refused before they are read (413).
MAX_REQUEST_BYTES = 5 * 1024 * 1024
#: The longest text field, and the longest form without files.
MAX_FIELD_BYTES = 500 * 1024
#: Parts of a form with files; no form of the application has nearly as many.
MAX_FORM_PARTS = 200

#: Schemes of an address of the database.
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")

#: A shorter secret could be guessed from one signed cookie.
MIN_SECRET_LENGTH = 32
MAKING_ONE = "such as `openssl rand -hex 32` prints"


class BadSetting(Exception):
    """A setting is missing or not valid. Its text is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one service."""

    #: Folder of the service's own files: the secret, and the SQLite database by default.
    instance: Path
    #: The public address. Links are built from it, requests for other hosts are refused,
    #: and ``https`` in it makes cookies ``Secure``.
    site_url: str
    #: As an SQLAlchemy URL. An embedded SQLite by default: nothing to install.
    database_url: str
    #: Signs the session cookie. It has no default: anyone could sign with a known one.
    secret_key: str
    #: Number of trusted proxies in front. With 0, ``X-Forwarded-*`` could come from anyone and
    #: is ignored.
    trusted_proxies: int = 0
    #: Address with the role that may change PostgreSQL's tables, for migrations only: the
    #: service's own role should own nothing. If empty, ``database_url`` is used for both.
    owner_database_url: str = ""

    @property
    def https(self) -> bool:
        return self.site_url.startswith("https:")

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that this service answers to, as in a ``Host`` header."""
        site = urlsplit(self.site_url)
        name, _, port = site.netloc.rpartition(":") if site.port else (site.netloc, "", "")
        names = LOOPBACK if name in LOOPBACK else (name,)
        ports = (f":{port}",) if port else ("", f":{STANDARD_PORTS[site.scheme]}")
        return frozenset(name + port for name in names for port in ports)

    @property
    def origins(self) -> frozenset[str]:
        """The origins of the application's own forms."""
        scheme = urlsplit(self.site_url).scheme
        return frozenset(f"{scheme}://{host}" for host in self.hosts)


#: Names of the local machine: if the site has one of them, the others are accepted too.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
STANDARD_PORTS = {"http": 80, "https": 443}


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a service from its environment.

    Raises
    ------
    BadSetting
        If a setting is missing or not valid.
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
    """Return the secret of ``instance``; if missing, create it, for its owner only."""
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
    """Return the address of a database. Errors never repeat it or its password."""
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
    if scheme == "sqlite" and ("uri" in url.query or url.database.startswith("file:")):
        raise BadSetting(f"{name} must name a file as sqlite:////FOLDER/FILE, not by file: or uri.")
    return text


def _proxies(text: str) -> int:
    if not text.isdecimal() or int(text) > 9:
        raise BadSetting(
            f"STEELYARD_TRUSTED_PROXIES is {text!r}; it counts the proxies in front, 0 to 9."
        )
    return int(text)

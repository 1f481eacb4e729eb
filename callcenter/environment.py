"""Reads settings from the environment; a wrong value is a sentence: what was found, what is expected."""

import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 32
YES = {"yes", "true", "on", "1"}
NO = {"no", "false", "off", "0"}
POSTGRESQL = {"postgres", "postgresql", "pgsql", "psql"}
# Which port a mail server listens on unless the address says so: plain, STARTTLS, TLS from the start.
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
NO_MAIL = {
    "EMAIL_FILE_PATH": "",
    "EMAIL_HOST": "",
    "EMAIL_PORT": 25,
    "EMAIL_HOST_USER": "",
    "EMAIL_HOST_PASSWORD": "",
    "EMAIL_USE_TLS": False,
    "EMAIL_USE_SSL": False,
}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def text(name: str, default: str = "") -> str:
    """The variable as it is; one that is empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def wrong(name: str, expected: str) -> ImproperlyConfigured:
    """What to raise for a variable whose value cannot be used."""
    return ImproperlyConfigured(f"{name}={text(name)!r} is not {expected}.")


def yes_or_no(name: str, *, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in YES | NO:
        raise wrong(name, "yes or no")
    return value in YES


def number(name: str, *, default: int, lowest: int, highest: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
        raise wrong(name, f"a whole number from {lowest} to {highest}")
    return int(value)


def words(name: str, *, default: list[str]) -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or default


def origins(name: str) -> list[str]:
    """Web origins, separated by commas."""
    found = words(name, default=[])
    if not all(re.fullmatch(r"https?://[^/\s]+", origin) for origin in found):
        raise wrong(name, "a list of origins such as https://calls.example.org")
    return found


def time_zone(name: str) -> str:
    value = text(name, "UTC")
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError) as error:
        raise wrong(name, "a time zone such as Europe/Berlin") from error


def log_level(name: str) -> str:
    value = text(name, "INFO").upper()
    if value not in LOG_LEVELS:
        raise wrong(name, "one of " + ", ".join(LOG_LEVELS))
    return value


def rate(name: str, *, default: str) -> str:
    """So many requests per second, minute, hour or day, as REST framework reads it."""
    value = text(name, default)
    if not re.fullmatch(r"[1-9]\d*/(s|sec|second|m|min|minute|h|hour|d|day)", value):
        raise wrong(name, "a rate such as 600/min")
    return value


def redis_address(name: str) -> str:
    """Where Redis is, or "" when there is none."""
    value = text(name)
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise wrong(name, "a Redis address such as redis://localhost:6379/0")
    return value


def public_address(name: str, *, default: str) -> str:
    """Where people reach the product, without a slash at its end."""
    value = text(name, default)
    if not re.fullmatch(r"https?://[^/\s]+/?", value):
        raise wrong(name, "an address such as https://calls.example.org")
    return value.rstrip("/")


def mail_address(name: str, *, default: str) -> str:
    """Whom e-mails are from."""
    value = text(name, default)
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", parseaddr(value)[1]):
        raise wrong(name, "an e-mail address such as reports@example.org")
    return value


def mail_server(name: str) -> dict[str, Any]:
    """Django's settings for sending e-mail, or {} when there is no server. It may hold a password: never repeated."""
    value = text(name)
    if not value:
        return {}
    try:
        address = urlsplit(value)
        port = address.port or MAIL_PORTS[address.scheme]
    except (KeyError, ValueError) as error:
        raise _not_a_mail_server(name) from error
    if address.scheme not in MAIL_PORTS or not address.hostname:
        raise _not_a_mail_server(name)
    return NO_MAIL | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": address.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(address.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(address.password or ""),
        "EMAIL_USE_TLS": address.scheme == "smtp+tls",
        "EMAIL_USE_SSL": address.scheme == "smtp+ssl",
    }


def mail_folder(folder: Path) -> dict[str, Any]:
    """Django's settings for writing e-mails into a folder, which it makes with the first."""
    return NO_MAIL | {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(folder),
    }


def _not_a_mail_server(name: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"{name} is not the address of a mail server: smtp+tls://user:password@mail.example.org:587"
    )


def secret(name: str) -> str:
    """A key of at least 32 characters, or "" when it is not set. A wrong one is never repeated."""
    value = text(name)
    if value and len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"{name} is too short: give at least {SHORTEST_SECRET} random characters.")
    return value


def database(url: str) -> dict:
    """Django's settings for a PostgreSQL database. The address may hold a password, so it is never repeated."""
    try:
        address = urlsplit(url)
        is_postgresql = address.scheme in POSTGRESQL and bool(address.path.strip("/"))
        found = environ.Env.db_url_config(url) if is_postgresql else {}
    except ValueError as error:
        raise _not_postgresql() from error
    if not is_postgresql:
        raise _not_postgresql()
    return {**found, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def _not_postgresql() -> ImproperlyConfigured:
    return ImproperlyConfigured(
        "DATABASE_URL is not the address of a PostgreSQL database: postgres://user:password@host:5432/name"
    )


def kept_secret(file: Path) -> str:
    """The secret in this file, which is made on first use and readable by its owner alone."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            # Two processes may start at once: the first one's secret is kept, whole.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()


def writable_folder(name: str, default: Path) -> Path:
    """A folder, made if need be."""
    folder = Path(text(name, str(default))).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: {folder} cannot be made ({error.strerror}). Set {name} to a folder that can be written."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name}: {folder} cannot be written. Set {name} to a folder that can be.")
    return folder

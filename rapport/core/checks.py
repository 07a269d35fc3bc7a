"""An install that would be unsafe does not start."""

from django.conf import settings
from django.core.checks import Error, Tags, register

from rapport import sqlite

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


@register(Tags.security)
def unsafe_combinations(app_configs, **options):
    """Combinations that lose data or let people in. Each says what to change."""
    return [
        error for rule in (wal_on_an_old_sqlite, cache_of_one_process, debug_in_public, open_hosts) for error in rule()
    ]


def wal_on_an_old_sqlite():
    database = settings.DATABASES["default"]
    wal = "journal_mode=wal" in str(database.get("OPTIONS", {}).get("init_command", "")).lower()
    if settings.IS_SQLITE and wal and not sqlite.is_wal_safe(settings.SQLITE_VERSION):
        version = ".".join(map(str, settings.SQLITE_VERSION))
        yield Error(
            f"SQLite {version} can lose writes in WAL mode.",
            hint="Install pysqlite3, or take journal_mode=WAL out of the database's options.",
            id="rapport.E001",
        )


def cache_of_one_process():
    local = settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache"))
    if local and settings.PROCESSES > 1:
        yield Error(
            f"{settings.PROCESSES} processes would each count sign-in attempts alone.",
            hint="Use the database cache, or set RAPPORT_PROCESSES=1.",
            id="rapport.E002",
        )


def debug_in_public():
    public = set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS
    if settings.DEBUG and public:
        yield Error(
            "RAPPORT_DEBUG is on while the install answers to " + ", ".join(sorted(public)) + ".",
            hint="Set RAPPORT_DEBUG=0, or RAPPORT_HOSTS to localhost.",
            id="rapport.E003",
        )


def open_hosts():
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "RAPPORT_HOSTS=* would let anybody write the address in our own mails.",
            hint="Name the hosts.",
            id="rapport.E004",
        )

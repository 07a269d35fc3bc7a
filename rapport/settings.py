"""Every setting of an install, read from the environment once, and loud when one is wrong.

`docs/settings.md` lists them. Everything an install keeps lies in one folder, RAPPORT_DIR.
"""

import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from environs import Env

from rapport import sqlite

SQLITE_VERSION = sqlite.use_the_safest()

env = Env()
BASE_DIR = Path(__file__).resolve().parent
RAPPORT_DIR = Path(env.str("RAPPORT_DIR", "rapport-data")).absolute()
PROCESSES = env.int("RAPPORT_PROCESSES", 1)


def is_an_install(folder: Path) -> bool:
    """Whether the folder is ours or empty; in any other nothing is left behind."""
    names = {file.name for file in folder.iterdir()} if folder.is_dir() else {"none"}
    return not names or bool(names & {"rapport.sqlite3", "keys", "demo"})


def kept_secret(name: str) -> str:
    """The install's own secret: from the environment, else from the folder, made there the first time it exists."""
    given = env.str(name, "")
    if given:
        return given
    file = RAPPORT_DIR / "keys" / name.lower()
    if file.exists():
        return file.read_text().strip()
    secret = secrets.token_urlsafe(50)
    if is_an_install(RAPPORT_DIR):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secret)
    return secret


SECRET_KEY = kept_secret("SECRET_KEY")
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", [])  # which seal documents; none: the folder's keys/field_keys
DEBUG = env.bool("RAPPORT_DEBUG", False)
ALLOWED_HOSTS = env.list("RAPPORT_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
ADDRESS = env.str("RAPPORT_ADDRESS", "http://localhost:8000").rstrip("/")
HTTPS = ADDRESS.startswith("https://")
IS_DEMO = (RAPPORT_DIR / "demo").exists()

INSTALLED_APPS = [
    "rapport.core",
    "rapport.audit",
    "rapport.access",
    "rapport.programs",
    "rapport.people",
    "rapport.outbox",
    "rapport.tasks",
    "rapport.onboarding",
    "rapport.matches",
    "rapport.safeguarding",
    "rapport.matching",
    "rapport.meetings",
    "rapport.checkins",
    "rapport.events",
    "rapport.care",
    "rapport.imports",
    "rapport.portal",
    "rapport.clock",
    "rapport.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "rapport.core.middleware.plain_methods",
    "rapport.core.own_words.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rapport.access.middleware.sessions_end",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "rapport.access.middleware.staff_need_a_second_factor",
    "django_htmx.middleware.HtmxMiddleware",
    "rapport.people.leading_on.old_addresses_lead_on",
]

ROOT_URLCONF = "rapport.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rapport.core.context.house",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The database. ATOMIC_REQUESTS stays off: only actions open transactions.
DATABASES = {"default": dj_database_url.parse(env.str("DATABASE_URL", f"sqlite:///{RAPPORT_DIR / 'rapport.sqlite3'}"))}
if not DATABASES["default"]["ENGINE"].endswith(("sqlite3", "postgresql")):
    raise ValueError("DATABASE_URL names a database that Rapport does not keep its promises on; use PostgreSQL.")
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "cached_statements": 128,  # a page asks up to seventy; one of a long list holds a tenth of a megabyte
        "init_command": f"PRAGMA journal_mode={sqlite.journal_mode(SQLITE_VERSION)}; PRAGMA synchronous=FULL; "
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
    }
else:  # an address may say its own. Compiling takes longer than a page; disks of today find a row as soon as the next
    FOR_PAGES = "-c jit=off -c random_page_cost=1.1"
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", FOR_PAGES)
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = not IS_SQLITE

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # who tries many addresses must not push out what was counted
    }
}

# Who signs in, and how.
AUTH_USER_MODEL = "access.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the address is unique, whatever its case: by a constraint of the database
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "rapport.access.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody signs up alone: accounts are made by staff, for an address they know
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a change of password or second factor is told to its owner
ACCOUNT_FORMS = {
    "login": "rapport.access.forms.Login",
    "request_login_code": "rapport.access.forms.AskForCode",
    "confirm_login_code": "rapport.access.forms.ConfirmCode",
    "reset_password": "rapport.access.forms.AskForReset",
    "user_token": "rapport.access.forms.LinkOfUser",
    "reset_password_from_key": "rapport.access.forms.ChooseByLink",
    "change_password": "rapport.access.forms.ChangePassword",
    "set_password": "rapport.access.forms.SetPassword",
    "reauthenticate": "rapport.access.forms.Reauthenticate",
}
ACCOUNT_RATE_LIMITS = {  # tries are counted by address and place, and apart for a browser somebody came in with before
    "login": None,
    "password": "10/m/ip,5/300s/key",
    "known_browser": "5/300s/key",
    "login_failed": "5/300s/key",  # of the second factor, by user: nobody comes so far without the password
}
MFA_RATE_LIMITS = {"webauthn_login": None}  # nothing to guess: a passkey always lets its owner in
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("RAPPORT_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "rapport.access.adapter.FactorAdapter"
MFA_TOTP_ISSUER = "Rapport"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is known by the invitation that came to it
MFA_FORMS = {
    "authenticate": "rapport.access.forms.Authenticate",
    "reauthenticate": "rapport.access.forms.ReauthenticateByCode",
    "activate_totp": "rapport.access.forms.Enrol",
    "add_webauthn": "rapport.access.passkeys.Add",
    "edit_webauthn": "rapport.access.passkeys.Rename",
    "login_webauthn": "rapport.access.passkeys.SignIn",
    "authenticate_webauthn": "rapport.access.passkeys.SecondStep",
    "reauthenticate_webauthn": "rapport.access.passkeys.Again",
}
SESSION_COOKIE_NAME = "__Host-rapport" if HTTPS else "rapport"
SESSION_COOKIE_AGE = 24 * 3600  # how long we know who typed what; sessions end much sooner (access.staying)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "rapport.core.views.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"  # no-referrer makes browsers send Origin: null, which Django refuses
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: is the picture of the second factor's code, made on the server
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Mail leaves through the outbox alone; what Django itself sends goes into the outbox, too.
EMAIL_BACKEND = "rapport.outbox.mail.OutboxBackend"
# smtp://user:password@host:587?tls=starttls; empty: the folder's mailbox. A demo sends nothing, whatever it is told.
SMTP_URL = "" if IS_DEMO else env.str("RAPPORT_SMTP", "")
ENGINE_WAIT = env.float("RAPPORT_ENGINE_WAIT", 2)  # seconds a page waits for matching itself; beyond, it says so
ENGINE_LIMIT = env.int("RAPPORT_ENGINE_LIMIT", 600)  # seconds after which the process of matching is ended
ENGINE_AT_ONCE = env.int("RAPPORT_ENGINE_AT_ONCE", 2)  # such processes at a time on this machine, 0.2 GB each
LEASE_SECONDS = env.int("RAPPORT_LEASE", 1200)  # after so long a message claimed by a dead process goes again
MAIL_FROM = env.str("RAPPORT_MAIL_FROM", "Rapport <rapport@localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
MAILBOX = RAPPORT_DIR / "mailbox"

# Languages, time, files.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]  # docs/languages.md; what is not in it is said in English
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("RAPPORT_TIME_ZONE", "UTC")
FORMAT_MODULE_PATH = ["rapport.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "collected"
STORAGES: dict[str, dict] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": RAPPORT_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "rapport.core.logs.OneLine"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["one_line"]}},
    "root": {"handlers": ["console"], "level": env.str("RAPPORT_LOG", "WARNING")},
}

"""Passkeys: made, signed in with, asked for as the second step, and refused from any other address."""

import base64
import hashlib
import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor

from rapport.access.actions import end_access
from rapport.outbox.models import Message
from tests.access.addresses import ENROL, FACTOR
from tests.access.signing import app_code, is_in, log_in, tie_phone
from tests.access.test_bad_input import attack
from tests.cast import LONG_AGO, PASSWORD

pytestmark = pytest.mark.django_db
HERE = "http://localhost"
ADD, KEYS, SIGN_IN = "/account/2fa/webauthn/add/", "/account/2fa/webauthn/", "/account/2fa/webauthn/login/"


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def handle_of(user):
    """How a passkey names its owner."""
    return b64(user_pk_to_url_str(user).encode())


class Device:
    """A phone with a passkey: what its browser would send."""

    def __init__(self, user, origin=HERE):
        self.key, self.id, self.origin = ec.generate_private_key(ec.SECP256R1()), b"passkey-of-a-test", origin
        self.user = handle_of(user)

    def signed_for(self, kind, challenge, **changes):
        said = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin, **changes}
        return json.dumps(said).encode()

    def data(self, flags):
        return hashlib.sha256(b"localhost").digest() + bytes([flags]) + (7).to_bytes(4, "big")

    def made(self, challenge, **changes):
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        whole = self.data(0x45) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(public)
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": whole})
        said = {"clientDataJSON": self.signed_for("create", challenge, **changes), "attestationObject": attested}
        return self.credential(said)

    def signs(self, challenge, flags=0x05, **changes):
        said, data = self.signed_for("get", challenge, **changes), self.data(flags)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self.credential(parts | {"userHandle": base64.urlsafe_b64decode(self.user + "==")})

    def credential(self, parts):
        response = {name: b64(raw) for name, raw in parts.items()}
        return json.dumps({
            "id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "clientExtensionResults": {},
            "response": response,
        })  # fmt: skip


def browser():
    return Client(SERVER_NAME="localhost")


def challenge_of(client, address=ADD):
    page = client.get(address, HTTP_ACCEPT="application/json" if address == SIGN_IN else "text/html")
    if address == SIGN_IN:
        return page.json()["request_options"]["publicKey"]["challenge"]
    options = page.context["js_data"]
    return (options.get("creation_options") or options["request_options"])["publicKey"]["challenge"]


@pytest.fixture
def device(cora):
    """Cora's phone, its passkey made here."""
    client, phone = browser(), Device(cora)
    log_in(client)
    response = client.post(ADD, {"name": "My phone", "credential": phone.made(challenge_of(client))})
    assert response.url == "/account/2fa/recovery-codes/"
    return phone


def try_it(phone, **changes):
    client = browser()
    asked = {"challenge": challenge_of(client, SIGN_IN), **changes}
    client.post(SIGN_IN, {"credential": phone.signs(**asked)})
    return is_in(client)


def test_a_passkey_is_made_told_by_mail_and_is_a_second_factor(device, cora):
    key = Authenticator.objects.get(type="webauthn")

    assert (key.user, key.wrap().name) == (cora, "My phone")
    assert Message.objects.filter(kind="access/mail", address="cora@example.org").exists()
    assert Authenticator.objects.filter(type="recovery_codes").exists()


def test_with_a_passkey_nobody_needs_a_password(device):
    assert try_it(device)


def test_a_passkey_is_asked_for_after_the_password(device):
    client = browser()
    assert log_in(client).url == FACTOR
    assert not is_in(client)

    client.post(FACTOR, {"credential": device.signs(challenge_of(client, FACTOR))})

    assert is_in(client)


def test_a_passkey_lets_in_who_is_attacked_from_the_same_place(device):
    attack(ip="127.0.0.1")
    for _ in range(30):
        browser().post(SIGN_IN, {"credential": "{}"})

    assert try_it(device)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://localhost", "http://localhost:8081", "http://x.localhost", "null", ""]
)
def test_a_passkey_of_another_origin_is_refused(device, origin):
    assert not try_it(device, origin=origin)
    assert not try_it(device, crossOrigin=True)


def test_a_passkey_of_another_origin_is_not_kept(cora):
    client = browser()
    log_in(client)

    for origin in ("http://evil.example", "http://x.localhost"):
        response = client.post(ADD, {"credential": Device(cora, origin).made(challenge_of(client))})
        assert response.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("changes", [{"challenge": b64(b"x" * 32)}, {"type": "webauthn.create"}, {"flags": 0x01}])
def test_what_was_signed_for_something_else_is_refused(device, changes):
    """Another question, another purpose, or nobody who showed a finger or a face."""
    assert not try_it(device, **changes)


def test_what_was_signed_once_opens_nothing_a_second_time(device):
    client = browser()
    signed = device.signs(challenge_of(client, SIGN_IN))
    client.post(SIGN_IN, {"credential": signed})
    client.post("/account/logout/")
    client.get(SIGN_IN, HTTP_ACCEPT="application/json")

    client.post(SIGN_IN, {"credential": signed})

    assert not is_in(client)


def test_a_key_that_is_not_theirs_opens_nothing(device, cora, pia):
    other = Device(cora)
    assert not try_it(other)
    device.user = handle_of(pia)
    assert not try_it(device)
    device.user = b64(b"9" * 40)
    assert not try_it(device)


def test_who_may_not_sign_in_any_more_cannot_with_a_passkey(device, cora, pia):
    end_access(cora, by=pia, at=LONG_AGO)

    assert not try_it(device)


@pytest.mark.parametrize(
    "typed",
    [
        "", "x", "{}", "[]", "1", "null", '"x"', '{"response": 3}', '{"response": {"clientDataJSON": 7}}', "[" * 5000,
        '{"response": {"clientDataJSON": "!!"}}', '{"response": {"clientDataJSON": "e30"}}', '{"id": "a\\u0000"}',
        '{"response": {"clientDataJSON": "' + b64(json.dumps({"origin": HERE}).encode()) + '"}}', "x" * 300_000,
    ],
)  # fmt: skip
def test_whatever_is_sent_in_place_of_a_passkey_is_refused(device, cora, typed):
    at_the_door, second, settled = browser(), browser(), browser()
    challenge_of(at_the_door, SIGN_IN)
    log_in(second)
    challenge_of(second, FACTOR)
    log_in(settled)
    settled.post(FACTOR, {"credential": device.signs(challenge_of(settled, FACTOR))})
    settled.post("/account/reauthenticate/", {"password": PASSWORD})
    challenge_of(settled)

    answers = [
        client.post(address, {"credential": typed}).status_code
        for client, address in ((at_the_door, SIGN_IN), (second, FACTOR), (settled, ADD))
    ]

    assert answers == [302, 200, 200]
    assert [is_in(client) for client in (at_the_door, second)] == [False, False]
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_staff_without_any_factor_may_make_a_passkey_instead_of_tying_a_phone(cora, device):
    Authenticator.objects.all().delete()
    client = browser()
    log_in(client)

    assert client.get("/account/").url == ENROL
    assert f'href="{ADD}"' in client.get(ENROL).content.decode()
    client.post(ADD, {"credential": Device(cora).made(challenge_of(client))})
    assert is_in(client)


def test_a_passkey_is_renamed_and_taken_away_by_its_owner_alone(device, cora, pia):
    tie_phone(cora)
    pia.set_password(PASSWORD)
    pia.save()
    key, hers, theirs = Authenticator.objects.get(type="webauthn"), browser(), browser()
    log_in(hers)
    hers.post(FACTOR, {"code": app_code()})
    hers.post("/account/reauthenticate/", {"password": PASSWORD})
    log_in(theirs, "pia@example.org")
    theirs.post("/account/reauthenticate/", {"password": PASSWORD})
    edit, remove = f"{KEYS}keys/{key.pk}/edit/", f"{KEYS}keys/{key.pk}/remove/"

    assert [theirs.post(address, {"name": "x"}).status_code for address in (edit, remove)] == [404, 404]
    hers.post(edit, {"name": "Old phone"})
    assert "Old phone" in hers.get(KEYS).content.decode()
    hers.post(remove)
    assert not Authenticator.objects.filter(type="webauthn").exists()
    assert not try_it(device)


# In a browser, with a device that shows a finger whenever it is asked


@pytest.fixture
def finger(desk):
    """A device in the browser, as a phone has one."""
    session = desk.context.new_cdp_session(desk)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return desk


@pytest.mark.django_db(transaction=True)
def test_in_a_browser_a_passkey_is_made_and_opens_the_house_without_a_password(live_server, finger, cora, riverside):
    page = finger
    page.goto(live_server.url + "/account/login/")
    page.fill("[name=login]", "cora@example.org")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Make a passkey").click()
    page.fill("[name=name]", "My finger")
    page.get_by_role("button", name="Make it now").click()
    page.get_by_role("heading", name="Keep these codes").wait_for()
    page.context.clear_cookies()

    page.goto(live_server.url + "/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Cora").wait_for()

    assert "/today/" in page.url
    page.context.clear_cookies()
    page.goto(live_server.url + "/account/login/")
    page.fill("[name=login]", "cora@example.org")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("link", name="Cora").wait_for()

"""The demo's mailbox: letters as text, links into this install only, and nowhere else at all."""

from email.message import EmailMessage

import pytest

from rapport.demo.mailbox import with_links

NAME = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def box(settings, tmp_path):
    """A mailbox with one hostile letter."""
    settings.IS_DEMO, settings.MAILBOX, settings.ADDRESS = True, tmp_path, "http://localhost:8000"
    mail = EmailMessage()
    mail["From"], mail["To"] = "Riverside <rapport@localhost>", "ben@example.org"
    mail["Subject"], mail["Date"] = "<script>alert(1)</script>", "Mon, 23 Nov 2026 09:00:00 +0000"
    mail.set_content("Hello <b>Ben</b>\n\nhttp://localhost:8000/a/abc\n\nhttp://evil.example/a/abc\n")
    (tmp_path / f"{NAME}.eml").write_bytes(mail.as_bytes())
    return tmp_path


def test_outside_a_demo_there_is_no_mailbox(client, db, settings):
    settings.IS_DEMO = False

    assert [client.get(path).status_code for path in ("/mailbox/", f"/mailbox/{NAME}/")] == [404, 404]


def test_a_letter_is_shown_as_text_with_links_into_this_install_only(client, db, box):
    page = client.get(f"/mailbox/{NAME}/").content.decode()

    assert '<a href="/a/abc">http://localhost:8000/a/abc</a>' in page
    assert 'href="http://evil.example' not in page
    assert "&lt;b&gt;Ben&lt;/b&gt;" in page
    assert "<script>alert" not in page


def test_the_list_shows_who_was_written_to_and_can_be_narrowed(client, db, box):
    assert f"/mailbox/{NAME}/" in client.get("/mailbox/", {"to": "BEN"}).content.decode()
    assert "No letters yet" in client.get("/mailbox/", {"to": "ama"}).content.decode()


@pytest.mark.parametrize("start", ["-1", "x", "99999999999999999999", "٣"])
def test_a_strange_page_number_is_the_first_page(client, db, box, start):
    assert client.get("/mailbox/", {"from": start}).status_code == 200


@pytest.mark.parametrize("name", ["a" * 32, "..", "passwd", NAME.upper()])
def test_there_is_no_other_letter(client, db, box, name):
    assert client.get(f"/mailbox/{name}/").status_code == 404


def test_what_looks_like_an_address_of_ours_and_leads_elsewhere_stays_text(box):
    assert with_links("http://localhost:8000//evil.example/x") == "http://localhost:8000//evil.example/x"


def test_a_demo_says_so_on_every_page(client, db, box):
    assert "This is a demo" in client.get("/mailbox/").content.decode()
    assert "This is a demo" in client.get("/account/login/").content.decode()

"""Court papers lie sealed: whoever holds the folder or a backup, and not the keys, reads none (security.md §4.1)."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from rapport.clock.sealed import lost, papers_by_key, rotate
from rapport.core import sealing
from rapport.people.actions import restricting as actions
from rapport.people.models import Restriction
from tests.at_once import at_once
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db
ORDER = b"%PDF-1.4 Order 17: Gus stays away from the shelter %%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """An install of this test's own, with its keys and its files."""
    settings.RAPPORT_DIR, settings.FIELD_KEYS = tmp_path, []
    settings.STORAGES = settings.STORAGES | {
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}}
    }
    return tmp_path


@pytest.fixture
def paper(grace, ben, dele, riverside):
    """Grace is kept away from Ben, and the court's paper says so."""
    row = restrict(grace, ben, program=riverside, by=dele)
    actions.change_paper(row, "order.pdf", ORDER, by=dele, at=MONDAY)
    return row


def file_of(row):
    row.refresh_from_db()
    return Path(row.paper.path)


def keys(folder):
    return folder / "keys" / "field_keys"


def test_a_paper_lies_sealed_and_opens_whole(paper, folder):
    assert b"shelter" not in file_of(paper).read_bytes()
    assert b"PDF" not in file_of(paper).read_bytes()
    assert actions.read_paper(paper) == ORDER
    assert [paper.paper_key] == list(sealing.ring())
    assert keys(folder).stat().st_mode & 0o777 == 0o600
    assert "order" not in paper.paper.name


def test_another_restriction_does_not_open_it(paper, ama, ben, dele, riverside):
    other = restrict(ama, ben, program=riverside, by=dele)
    actions.change_paper(other, "other.pdf", b"%PDF-1.4 %%EOF\n", by=dele, at=MONDAY)
    file_of(other).write_bytes(file_of(paper).read_bytes())

    with pytest.raises(sealing.Spoiled):
        actions.read_paper(other)


@pytest.mark.parametrize("where", [0, 3, 9, 20, 40, 80, 100, -1])
def test_one_changed_bit_is_noticed(paper, where):
    content = bytearray(file_of(paper).read_bytes())
    content[where] ^= 1
    file_of(paper).write_bytes(content)

    with pytest.raises((sealing.Spoiled, sealing.KeyMissing)):
        actions.read_paper(paper)


def test_where_the_key_is_missing_or_wrong_the_page_says_so(paper, folder, dele, as_user):
    browser, address = as_user(dele), f"/p/riverside/restrictions/{paper.ref}/paper/"
    kept = keys(folder).read_bytes()
    said = []
    for change in (
        lambda: keys(folder).unlink(),
        lambda: keys(folder).write_bytes(b"A" * 43 + b"=\n"),
        lambda: keys(folder).write_bytes(b"no key at all\n\xff"),
        lambda: (keys(folder).write_bytes(kept), file_of(paper).write_bytes(b"cut")),
        lambda: file_of(paper).unlink(),
    ):
        change()
        answer = browser.get(address)
        assert answer.status_code == 409
        said.append(answer.content.decode())

    expected = ["its key is not on this machine"] * 2 + ["field_keys) cannot be read", "was changed or damaged"]
    assert [words in html for words, html in zip([*expected, "not where it was kept"], said, strict=True)] == [True] * 5
    assert [ORDER.decode() in html for html in said] == [False] * 5


def test_the_key_put_back_opens_everything(paper, folder):
    kept = keys(folder).read_bytes()
    keys(folder).unlink()
    assert lost() == 1
    actions.change_paper(restrict_again(paper), "new.pdf", ORDER, by=paper.recorded_by, at=MONDAY)  # makes a new key

    keys(folder).write_bytes(kept + keys(folder).read_bytes())

    assert lost() == 0
    assert actions.read_paper(paper) == ORDER


def restrict_again(row):
    return restrict(row.kept_away, row.subject, program=row.program, by=row.recorded_by)


def test_with_a_new_key_every_paper_has_a_new_envelope(paper, folder):
    first = paper.paper_key
    before = file_of(paper)

    assert rotate(at=MONDAY) == (1, 0)

    paper.refresh_from_db()
    assert paper.paper_key != first
    assert papers_by_key() == [(first, 0, True), (paper.paper_key, 1, True)]
    keys(folder).write_text(keys(folder).read_text().split()[-1])  # the old one is taken out
    assert actions.read_paper(paper) == ORDER
    assert before.read_bytes()[-40:] == file_of(paper).read_bytes()[-40:]


@pytest.mark.django_db(transaction=True)
def test_the_file_before_is_gone_only_when_all_of_it_stands(paper):
    before = file_of(paper)

    rotate(at=MONDAY)

    assert not before.exists()
    assert len(list(before.parent.iterdir())) == 1


def test_papers_from_before_are_sealed_by_the_clock_and_nothing_is_in_its_way(paper, ama, ben, dele, riverside):
    plain = restrict(ama, ben, program=riverside, by=dele)
    plain.paper.save("paper", ContentFile(ORDER), save=True)
    gone = restrict(ama, ben, program=riverside, by=dele, starts_on=(MONDAY + DAY).date())
    Restriction.objects.filter(pk=gone.pk).update(paper="restrictions/nowhere")
    assert actions.read_paper(plain) == ORDER

    assert [actions.seal_papers(at=MONDAY, limit=10) for _time in range(2)] == [1, 0]

    assert b"shelter" not in file_of(plain).read_bytes()
    assert actions.read_paper(plain) == ORDER
    assert papers_by_key()[0] == ("", 1, False)


def test_a_paper_that_is_gone_keeps_no_other_waiting(paper, ama, ben, dele, riverside):
    other = restrict(ama, ben, program=riverside, by=dele)
    actions.change_paper(other, "other.pdf", ORDER, by=dele, at=MONDAY)
    for row in (paper, other):
        file_of(row).write_bytes(ORDER)
    Restriction.objects.update(paper_key="")
    file_of(paper).unlink()

    assert [actions.seal_papers(at=MONDAY, limit=1) for _pass in range(2)] == [1, 0]
    assert ORDER not in file_of(other).read_bytes()


def test_keys_come_from_the_setting_where_it_is_set(paper, settings, folder):
    settings.FIELD_KEYS = keys(folder).read_text().split()
    keys(folder).unlink()

    assert actions.read_paper(paper) == ORDER
    with pytest.raises(sealing.KeysUnreadable):
        rotate(at=MONDAY)


def test_a_folder_that_takes_nothing_is_said(paper, folder, monkeypatch, dele):
    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(actions.NotWritten):
        actions.change_paper(paper, "order.pdf", ORDER, by=dele, at=MONDAY)

    paper.refresh_from_db()
    monkeypatch.undo()
    assert actions.read_paper(paper) == ORDER


@pytest.mark.django_db(transaction=True)
def test_those_who_seal_the_first_paper_at_once_make_one_key(folder):
    sealed = []

    at_once(lambda: sealed.append(sealing.seal(ORDER, "paper")), 4)

    assert len(sealing.ring()) == 1
    assert [sealing.unseal(one, "paper") for one in sealed] == [ORDER] * 4
    assert [file.name for file in (folder / "keys").iterdir()] == ["field_keys"]

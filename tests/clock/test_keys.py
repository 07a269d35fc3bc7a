"""`rapport keys`: names and numbers of what seals papers, and a new key; never a key itself."""

import shutil
from base64 import urlsafe_b64decode

from rapport.core.sealing import name_of
from tests.clock.conftest import rapport


def test_keys_are_named_turned_and_never_printed(install, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(install, folder)
    file = folder / "keys" / "field_keys"

    before = rapport("keys", "--dir", folder)
    turned = rapport("keys", "--rotate", "--dir", folder)

    lines = file.read_text().split()
    names = [name_of(urlsafe_b64decode(line)) for line in lines]
    assert before.stdout == "no key yet: the first is made with the first paper\n"
    assert (turned.returncode, len(lines)) == (0, 2)  # the first is made, and one after it
    assert [f"{name}: 0 papers" in turned.stdout for name in names] == [True, True]
    assert not [line for line in lines if line in turned.stdout + turned.stderr]
    assert file.stat().st_mode & 0o777 == 0o600

    file.write_text("not a key")
    spoiled = rapport("keys", "--rotate", "--dir", folder)
    assert (spoiled.returncode, "cannot be read" in spoiled.stderr) == (1, True)
    assert file.read_text() == "not a key"

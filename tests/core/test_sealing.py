"""Keys of the house: what is half made is said, and never taken for a damaged ring."""

import pytest

from rapport.core import sealing


def test_a_key_whose_making_was_cut_off_is_named(settings, tmp_path):
    settings.RAPPORT_DIR, settings.FIELD_KEYS = tmp_path, []
    first = sealing.newest()
    (tmp_path / "keys" / "field_keys.new").write_text("cut off")

    with pytest.raises(sealing.KeysUnreadable, match=r"remove field_keys\.new"):
        sealing.add_key()

    assert sealing.newest() == first


def test_whoever_comes_a_moment_late_to_the_first_key_takes_it(settings, tmp_path):
    settings.RAPPORT_DIR, settings.FIELD_KEYS = tmp_path, []
    first = sealing.newest()

    assert list(sealing.first_key().items()) == [first]
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["field_keys"]

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

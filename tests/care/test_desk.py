"""The Today desk: the sentence first, whom to call and why, and only figures that add up."""


def test_an_empty_desk_is_kind(desk_of, cora):
    page = desk_of(cora)
    assert page.status_code == 200
    assert "Your desk is clear" in page.text
    assert "Nothing is waiting for you today." in page.text

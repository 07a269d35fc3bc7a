"""The pages on which somebody says that two records are one person."""

from datetime import date

import pytest

from rapport.people.actions import note_likenesses
from rapport.people.models import ContactPoint, Guardianship, Likeness, OldRef, Person, Restriction
from tests.cast import MONDAY, participant, person, staff

FIND, ONE = "/p/riverside/people/one/{}/", "/p/riverside/people/one/{}/{}/"


@pytest.fixture
def amma(match, riverside):
    """Ama again, with an address of her own."""
    again = person("Amma", riverside, born_on=date(1990, 5, 1), family_name="Mensah", language="es")
    return participant(again, riverside, "mentor")


def words(response):
    return " ".join(response.content.decode().split())


def token(page):
    return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def pressed(browser, where, **more):
    """The page, and its form sent as it stands but for what is chosen."""
    page = browser.get(where)
    seen = page.context["form"]["seen"].value()
    chosen = {name: "kept" for name in page.context["form"].fields if name != "seen"} | more
    return browser.post(where, {"seen": seen, **chosen})


def test_both_are_shown_and_one_press_makes_them_one(as_user, cora, ama, ama_in, amma, django_assert_max_num_queries):
    coras, where = as_user(cora), ONE.format(ama.ref, amma.person.ref)
    with django_assert_max_num_queries(75):
        page = words(coras.get(where))
    for said in (
        "Are Ama Mensah and Amma Mensah one person?", "This cannot be taken back", "ama@example.org",
        "amma@example.org", "Both take part in Riverside mentoring as mentor: it becomes one.", "1 May 1990",
        "Ama and Ben", "Rapport cannot take them apart again.",
    ):  # fmt: skip
        assert said in page

    done = pressed(coras, where, name="other")

    assert done.url == f"/p/riverside/people/{ama_in.ref}/"
    told = words(coras.get(done.url))
    assert "Amma Mensah is one person now. Both addresses lead here." in told
    again = coras.post(where, {"seen": "old"}, follow=True)
    assert again.redirect_chain == [(done.url, 302)]
    assert "Amma Mensah is one person already." in words(again)
    assert coras.get(where, follow=True).status_code == 200


def test_old_addresses_of_pages_lead_on(as_user, cora, omar, ama, ama_in, amma):
    coras = as_user(cora)
    pressed(coras, ONE.format(ama.ref, amma.person.ref))

    moved = coras.get(f"/p/riverside/people/{amma.ref}/?a=1")
    assert (moved.status_code, moved.url) == (302, f"/p/riverside/people/{ama_in.ref}/?a=1")
    assert coras.get(f"/p/riverside/today/talk/{amma.person.ref}/").url == f"/p/riverside/today/talk/{ama.ref}/"
    assert coras.post(f"/p/riverside/people/{amma.ref}/").status_code == 404
    assert as_user(omar).get(f"/p/riverside/people/{amma.ref}/").status_code == 404
    assert as_user(omar).get(f"/p/hillside/people/{amma.ref}/").status_code == 404


def test_what_changed_since_is_looked_at_again(as_user, cora, ama, amma):
    coras, where = as_user(cora), ONE.format(ama.ref, amma.person.ref)
    seen = coras.get(where).context["form"]["seen"].value()
    ContactPoint.objects.create(person=ama, kind="phone", value="+12065550199")

    refused = coras.post(where, {"seen": seen, "name": "kept", "language": "kept"})

    assert refused.status_code == 409
    assert "changed a moment ago" in words(refused)
    assert Person.objects.filter(pk=amma.person_id).exists()


def test_nothing_is_chosen_by_a_page_that_lacks_it(as_user, cora, ama, amma):
    where = ONE.format(ama.ref, amma.person.ref)
    for sent in ({}, {"seen": "x" * 50}, {"seen": "x", "name": "both"}, {"seen": "\0", "name": "kept"}):
        assert as_user(cora).post(where, sent).status_code in (422, 409)
    assert as_user(cora).get(ONE.format(ama.ref, ama.ref)).status_code == 404
    assert as_user(cora).get(ONE.format(ama.ref, "nobody")).status_code == 404
    assert Person.objects.filter(pk=amma.person_id).exists()


def test_why_not_stands_on_the_page_and_there_is_no_button(as_user, cora, ama, ben, match):
    where = ONE.format(ama.ref, ben.ref)
    page = words(as_user(cora).get(where))

    assert "Both are in the same match, so they are two." in page
    assert "They are one person" not in page
    refused = as_user(cora).post(where, {"seen": "x", "name": "kept", "born_on": "kept"})
    assert refused.status_code == 409


def test_a_restriction_shows_nowhere_and_holds(as_user, cora, dele, ben, ben_in, grace, riverside):
    gracie = person("Gracie", riverside, family_name="Adler", born_on=date(1985, 2, 3))
    Guardianship.objects.create(adult=gracie, child=ben, relation="aunt", starts_on=date(2026, 1, 1))
    where, coras = ONE.format(gracie.ref, grace.ref), as_user(cora)
    before = words(coras.get(where))
    Restriction.objects.create(
        program=riverside, kept_away=grace, subject=ben, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2027, 1, 1), recorded_by=dele, recorded_at=MONDAY,
    )  # fmt: skip
    after = words(coras.get(where))

    assert after.partition("<main")[2] == before.partition("<main")[2].replace(token(before), token(after))
    done = pressed(coras, where)
    assert done.url == f"/p/riverside/people/{ben_in.ref}/"
    assert list(Restriction.objects.live(MONDAY.date()).values_list("kept_away", "subject")) == [(gracie.pk, ben.pk)]


def test_whoever_may_not_change_both_meets_nothing(as_user, omar, hill_match, dele, riverside, ama, amma, cora):
    hugo = hill_match.mentors[0].person
    eve = staff("Eve", riverside, "evaluator")
    for user, where in (
        (omar, ONE.format(ama.ref, amma.person.ref)), (omar, FIND.format(ama.ref)),
        (eve, ONE.format(ama.ref, amma.person.ref)), (cora, ONE.format(ama.ref, hugo.ref)),
        (cora, FIND.format(hugo.ref)), (cora, FIND.format(cora.person.ref)),
        (omar, ONE.format(hugo.ref, ama.ref).replace("riverside", "hillside")),
    ):  # fmt: skip
        assert as_user(user).get(where).status_code == 404
        assert as_user(user).post(where, {"seen": "x"}).status_code == 404


def test_who_takes_part_elsewhere_too_is_for_another_to_put_together(as_user, cora, hillside, ama, amma):
    participant(ama, hillside, "mentor")
    page = words(as_user(cora).get(ONE.format(ama.ref, amma.person.ref)))

    assert "somebody else has to look first. Ask your manager." in page
    assert "Hillside" not in page


def test_whom_somebody_may_be_is_found_by_likeness_and_by_name(as_user, cora, ama, amma, ben, grace):
    coras = as_user(cora)
    assert "Amma Mensah" in words(coras.get(FIND.format(ama.ref)))
    assert "Grace Adler" in words(coras.get(FIND.format(ama.ref) + "?q=gra"))
    assert "Nobody here whom you may change is called so." in words(coras.get(FIND.format(ama.ref) + "?q=Cora"))
    assert "Grace Adler" in words(coras.get(FIND.format(ama.ref) + "?q=gr%00a"))  # PostgreSQL takes no such sign
    assert f"/people/one/{ama.ref}/" in words(coras.get(ama.participations.get().get_absolute_url()))


def test_guardians_who_look_alike_stand_on_the_list_of_who_may_be_one(as_user, cora, ben_in, ben, grace, riverside):
    other = person("Gracy", riverside, family_name="Adler", born_on=date(1985, 2, 3))
    Guardianship.objects.create(adult=other, child=ben, starts_on=date(2026, 1, 1))
    note_likenesses([other], at=MONDAY)
    page = words(as_user(cora).get("/p/riverside/people/alike/"))

    assert 'Gracy Adler</b> <span class="soft">stands for Ben Adler' in page
    assert ONE.format(grace.ref, other.ref) in page
    pressed(as_user(cora), ONE.format(grace.ref, other.ref))
    assert Likeness.objects.count() == 0
    assert OldRef.objects.get().about == grace


def test_whoever_is_added_by_hand_and_looks_like_somebody_stands_there_at_once(as_user, cora, ben_in, ben, grace):
    Guardianship.objects.all().delete()
    coras = as_user(cora)
    coras.post(
        f"/p/riverside/people/{ben_in.ref}/guardians/",
        {"given_name": "Gracie", "family_name": "Adler", "email": "grace@example.org", "starts_on": "2026-01-01"},
    )  # fmt: skip

    row = Likeness.objects.get()
    assert (row.first, row.second.full_name, row.why) == (grace, "Gracie Adler", "way")

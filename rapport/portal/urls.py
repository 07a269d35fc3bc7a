from django.urls import path

from rapport.portal import apart, circle, home, match, matches, overview, participant, people, rules, staff, trail
from rapport.portal.setup import views as setup

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("mine/", home.own, name="own"),
    path("programs/new/", setup.start, name="new-start"),
    path("programs/new/name/", setup.own, name="new-own"),
    path("programs/new/sites/", setup.sites, name="new-sites"),
    path("programs/new/rules/", setup.rules, name="new-rules"),
    path("programs/new/people/", setup.people, name="new-people"),
    path("programs/new/check/", setup.check, name="new-check"),
    path("p/<slug:program>/", overview.program, name="program"),
    path("p/<slug:program>/matches/", matches.matches, name="matches"),
    path("p/<slug:program>/matches/<str:ref>/", match.match, name="match"),
    path("p/<slug:program>/people/", people.people, name="people"),
    path("p/<slug:program>/people/<str:ref>/", participant.participant, name="participant"),
    path("p/<slug:program>/people/<str:ref>/guardians/", circle.add, name="guardian-add"),
    path("p/<slug:program>/people/<str:ref>/guardians/<int:pk>/", circle.change, name="guardian"),
    path("p/<slug:program>/people/<str:ref>/guardians/<int:pk>/end/", circle.end, name="guardian-end"),
    path("p/<slug:program>/people/<str:ref>/birth-date/", circle.born, name="born"),
    path("p/<slug:program>/people/<str:ref>/restrictions/", apart.new, name="restriction-new"),
    path("p/<slug:program>/restrictions/<str:ref>/", apart.show, name="restriction"),
    path("p/<slug:program>/restrictions/<str:ref>/review/", apart.review, name="restriction-review"),
    path("p/<slug:program>/restrictions/<str:ref>/end/", apart.end, name="restriction-end"),
    path("p/<slug:program>/restrictions/<str:ref>/paper/", apart.paper, name="restriction-paper"),
    path("p/<slug:program>/staff/", staff.staff, name="staff"),
    path("p/<slug:program>/staff/invitation/", staff.invite, name="staff-invite"),
    path("p/<slug:program>/staff/<int:pk>/invitation/", staff.again, name="staff-again"),
    path("p/<slug:program>/staff/<int:pk>/way-in/", staff.let_in, name="staff-let-in"),
    path("p/<slug:program>/staff/<int:pk>/end/", staff.end, name="staff-end"),
    path("p/<slug:program>/settings/file/", rules.as_file, name="program-file"),
    path("p/<slug:program>/settings/limits/<slug:code>/", rules.limit, name="limit"),
    path("p/<slug:program>/settings/promises/<slug:code>/", rules.promise, name="promise"),
    path("p/<slug:program>/settings/gates/<slug:side>/<slug:code>/", rules.gate, name="gate"),
    path("p/<slug:program>/audit/", trail.audit, name="audit"),
]

from django.urls import path

from rapport.portal import home, match, matches, overview, participant, people, staff, trail

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("mine/", home.own, name="own"),
    path("p/<slug:program>/", overview.program, name="program"),
    path("p/<slug:program>/matches/", matches.matches, name="matches"),
    path("p/<slug:program>/matches/<str:ref>/", match.match, name="match"),
    path("p/<slug:program>/people/", people.people, name="people"),
    path("p/<slug:program>/people/<str:ref>/", participant.participant, name="participant"),
    path("p/<slug:program>/staff/", staff.staff, name="staff"),
    path("p/<slug:program>/staff/invitation/", staff.invite, name="staff-invite"),
    path("p/<slug:program>/staff/<int:pk>/invitation/", staff.again, name="staff-again"),
    path("p/<slug:program>/staff/<int:pk>/end/", staff.end, name="staff-end"),
    path("p/<slug:program>/audit/", trail.audit, name="audit"),
]

"""Every address of the house. Each app keeps its own; program pages begin with /p/<program>/."""

from django.urls import include, path

from rapport.core import views

urlpatterns = [
    path("", include("rapport.portal.urls")),
    path("account/", include("rapport.access.urls")),
    path("account/", include("allauth.urls")),
    path("", include("rapport.clock.urls")),
    path("", include("rapport.demo.urls")),
    path("components/", views.components, name="components"),
    path("a/", include("rapport.checkins.public_urls")),
    path("c/", include("rapport.matches.public_urls")),
    path("r/", include("rapport.matches.agreement_public_urls")),
    path("w/", include("rapport.meetings.own.public_urls")),
    path("g/", include("rapport.matches.goals_public_urls")),
    path("y/", include("rapport.matching.public_urls")),
    path("ways/", include("rapport.meetings.library.public_urls")),
    path("d/", include("rapport.meetings.sheet.public_urls")),
    path("", include("rapport.meetings.feeds.urls")),
    path("e/", include("rapport.events.days.public_urls")),
    path("o/", include("rapport.meetings.outings.urls")),
    path("t/", include("rapport.events.groups.public_urls")),
    path("p/<slug:program>/", include("rapport.programs.urls")),
    path("p/<slug:program>/people/", include("rapport.people.urls")),
    path("p/<slug:program>/outbox/", include("rapport.outbox.urls")),
    path("p/<slug:program>/tasks/", include("rapport.tasks.urls")),
    path("p/<slug:program>/gates/", include("rapport.onboarding.urls")),
    path("p/<slug:program>/matches/", include("rapport.matches.urls")),
    path("p/<slug:program>/matching/proposals/", include("rapport.matching.proposals.urls")),
    path("p/<slug:program>/matching/", include("rapport.matching.urls")),
    path("p/<slug:program>/safety/", include("rapport.safeguarding.urls")),
    path("p/<slug:program>/waiting/", include("rapport.safeguarding.waiting_urls")),
    path("p/<slug:program>/meetings/", include("rapport.meetings.urls")),
    path("p/<slug:program>/circles/", include("rapport.events.circles.urls")),
    path("p/<slug:program>/event-days/", include("rapport.events.days.urls")),
    path("p/<slug:program>/groups/", include("rapport.events.groups.urls")),
    path("p/<slug:program>/today/", include("rapport.care.urls")),
    path("p/<slug:program>/asks/", include("rapport.checkins.urls")),
    path("p/<slug:program>/imports/", include("rapport.imports.urls")),
]

from django.urls import path

from rapport.matches import (
    agreement_pages,
    away_pages,
    checking,
    consenting,
    goals_pages,
    milestones_pages,
    resting,
    views,
)

app_name = "matches"
urlpatterns = [
    path("proposals/new/", views.new, name="new"),
    path("checks/to-confirm/", checking.checks, name="checks"),
    path("coordinators/many/", views.coordinators, name="coordinators"),
    path("people/<str:ref>/rest/", away_pages.away, name="away"),
    path("gates/<str:ref>/<slug:code>/", resting.withdraw, name="withdraw"),
    path("consents/<str:ref>/", consenting.record_consent, name="record-consent"),
    path("goals/<str:ref>/", goals_pages.goal, name="goal"),
    path("goals/<str:ref>/again/", goals_pages.again, name="goal-again"),
    path("steps/<str:ref>/", goals_pages.step, name="step"),
    path("milestones/<str:ref>/", milestones_pages.take_back, name="milestone-back"),
    path("units/<str:ref>/", milestones_pages.unit, name="unit"),
    path("mentors/<str:ref>/achievements/", milestones_pages.achievements, name="achievements"),
    path("achievements/<str:ref>/", milestones_pages.take_back_achievement, name="achievement-back"),
    path("<str:ref>/milestones/", milestones_pages.milestones, name="milestones"),
    path("<str:ref>/goals/", goals_pages.goals, name="goals"),
    path("agreements/unsigned/", agreement_pages.unsigned, name="unsigned"),
    path("agreements/words/", agreement_pages.clauses, name="clauses"),
    path("signatures/<str:ref>/", agreement_pages.record_signature, name="record-signature"),
    path("signatures/<str:ref>/sheet/", agreement_pages.sheet, name="sign-sheet"),
    path("<str:ref>/agreement/", agreement_pages.agreement, name="agreement"),
    path("<str:ref>/beginning/", views.begin, name="begin"),
    path("<str:ref>/points/", views.points, name="points"),
    path("<str:ref>/setting-aside/", views.set_aside, name="set-aside"),
    path("<str:ref>/coordinator/", views.coordinator, name="coordinator"),
    path("<str:ref>/pause/", resting.pause, name="pause"),
    path("<str:ref>/resumption/", resting.resume, name="resume"),
    path("<str:ref>/closure/", views.close, name="close"),
]

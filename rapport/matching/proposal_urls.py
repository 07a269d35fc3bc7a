"""Pages of proposals: who is asked about a match, and what they said."""

from django.urls import path

from rapport.matching import proposals_pages

app_name = "proposals"
urlpatterns = [
    path("", proposals_pages.proposals, name="all"),
    path("<slug:ref>/", proposals_pages.proposal, name="one"),
    path("<slug:ref>/next/", proposals_pages.choose_next, name="next"),
    path("answers/<slug:ref>/", proposals_pages.record_answer, name="write-down"),
    path("answers/<slug:ref>/sheet/", proposals_pages.sheet, name="sheet"),
]

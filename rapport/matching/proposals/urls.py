"""Pages of proposals: who is asked about a match, and what they said."""

from django.urls import path

from rapport.matching.asking import patiently
from rapport.matching.proposals import pages as proposals_pages
from rapport.matching.wishes import pages as wish_pages

app_name = "proposals"
urlpatterns = [
    path("", proposals_pages.proposals, name="all"),
    path("suggestions/", patiently(wish_pages.suggestions), name="suggestions"),
    path("wishes/<slug:ref>/", wish_pages.write_wishes, name="write-wishes"),
    path("wishes/<slug:ref>/sheet/", wish_pages.sheet, name="wishes-sheet"),
    path("<slug:ref>/", proposals_pages.proposal, name="one"),
    path("<slug:ref>/next/", patiently(proposals_pages.choose_next), name="next"),
    path("answers/<slug:ref>/", proposals_pages.record_answer, name="write-down"),
    path("answers/<slug:ref>/sheet/", proposals_pages.sheet, name="sheet"),
]

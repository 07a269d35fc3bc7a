from django.urls import path

from rapport.matching.asking import looking, patiently
from rapport.matching.conflicts import pages as conflict_pages
from rapport.matching.criteria import pages as criteria_pages
from rapport.matching.criteria import words_pages
from rapport.matching.figures import pages as audit_pages
from rapport.matching.rematch import pages as placing_pages
from rapport.matching.rounds import editing_pages, policy_pages, why_pages
from rapport.matching.rounds import pages as views

app_name = "matching"
urlpatterns = [
    path("", patiently(views.rounds, press="run"), name="rounds"),
    path("looking/<slug:ref>/", looking, name="looking"),
    path("conflicts/<slug:ref>/", conflict_pages.conflicts, name="conflicts"),
    path("waiting/", placing_pages.who_waits, name="waiting"),
    path("mentees/<slug:ref>/", patiently(placing_pages.candidates), name="candidates"),
    path("mentees/<slug:ref>/moves/", patiently(placing_pages.moves), name="moves"),
    path("mentees/<slug:ref>/note/", placing_pages.keep, name="keep-waiting"),
    path("policy/", patiently(policy_pages.policy_page), name="policy"),
    path("criteria/", patiently(criteria_pages.criteria), name="criteria"),
    path("criteria/new/<slug:kind>/", patiently(criteria_pages.new), name="new-criterion"),
    path("criteria/<slug:code>/", patiently(criteria_pages.criterion), name="criterion"),
    path("words/", words_pages.word_lists, name="words"),
    path("weights/", audit_pages.weights, name="weights"),
    path("<slug:ref>/", views.show, name="round"),
    path("<slug:ref>/audit/", audit_pages.of_round, name="audit"),
    path("<slug:ref>/pairs/", patiently(editing_pages.pairs, press="again"), name="pairs"),
    path("<slug:ref>/compare/", editing_pages.compare, name="compare"),
    path("<slug:ref>/recruit/", patiently(why_pages.recruit), name="recruit"),
    path("<slug:ref>/why/", patiently(why_pages.why), name="why"),
    path("<slug:ref>/who/<slug:mentee>/", patiently(editing_pages.by_hand), name="by-hand"),
]

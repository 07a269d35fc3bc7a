from django.urls import path

from rapport.meetings import views
from rapport.meetings.feeds import pages as feeds
from rapport.meetings.feeds import staff as feeds_of_others
from rapport.meetings.library import staff as library
from rapport.meetings.outings import own as own_outings
from rapport.meetings.outings import views as outings
from rapport.meetings.own import holidays
from rapport.meetings.own import staff as own
from rapport.meetings.sheet import views as sheet
from rapport.meetings.tell import pages as tell

app_name = "meetings"
urlpatterns = [
    path("mine/", feeds.mine, name="mine"),
    path("mine/outing/<slug:ref>/", own_outings.mine, name="ask-outing"),
    path("calendars/<slug:ref>/", feeds_of_others.calendars, name="calendars"),
    path("caseload/", feeds.caseload, name="caseload"),
    path("told/", tell.told, name="told"),
    path("practice/", library.practice, name="practice"),
    path("of/<slug:ref>/plan/", views.plan, name="plan"),
    path("of/<slug:ref>/outings/", outings.ask, name="outings"),
    path("outings/<slug:ref>/", outings.outing, name="outing"),
    path("outings/<slug:ref>/change/", outings.change, name="outing-change"),
    path("outings/<slug:ref>/sheet/", outings.sheet, name="outing-sheet"),
    path("of/<slug:ref>/meeting/", views.add, name="add"),
    path("of/<slug:ref>/place/", own.place, name="place"),
    path("breaks/", holidays.holidays, name="holidays"),
    path("breaks/<slug:ref>/", holidays.holiday, name="holiday"),
    path("of/<slug:ref>/agenda/", own.agenda, name="agenda"),
    path("of/<slug:ref>/sheet/", own.sheet, name="own-sheet"),
    path("sites/", sheet.sites, name="sites"),
    path("sites/<slug:ref>/", sheet.sheet, name="sheet"),
    path("sites/<slug:ref>/poster/", sheet.poster, name="poster"),
    path("sites/<slug:ref>/keepers/", sheet.keepers, name="keepers"),
    path("sites/<slug:ref>/<slug:on>/", sheet.sheet, name="sheet-of"),
    path("sites/<slug:ref>/<slug:on>/paper/", sheet.paper, name="sheet-paper"),
    path("sites/<slug:ref>/<slug:on>/written/", sheet.write_down, name="write-down"),
    path("<slug:ref>/change/", own.change, name="change"),
    path("<slug:ref>/", views.log, name="log"),
]

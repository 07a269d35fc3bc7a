app_name = "checkins_staff"
urlpatterns: list = []

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "rapport.access"

    def ready(self):
        from rapport.access.staff import demo_banner
        from rapport.core import banners, nav

        banners.register(demo_banner)
        nav.account_page("access:account")

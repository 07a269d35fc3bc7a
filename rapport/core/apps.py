from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "rapport.core"

    def ready(self):
        from rapport.core import among, checks, days, moments, own_words  # noqa: F401  (registers the checks of an install)

        among.install()
        moments.install()
        own_words.install()
        days.teach_sqlite()

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "rapport.core"

    def ready(self):
        from rapport.core import checks, days, own_words  # noqa: F401  (registers the checks of an install)

        own_words.install()
        days.teach_sqlite()

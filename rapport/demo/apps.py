from django.apps import AppConfig
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _


class DemoConfig(AppConfig):
    name = "rapport.demo"

    def ready(self):
        from rapport.core import banners

        banners.register(this_is_a_demo, everywhere=True)


def this_is_a_demo(request):
    """A sentence above every page of a demo, for everybody."""
    if not settings.IS_DEMO:
        return None
    words = _("This is a demo: its people are invented and nothing leaves it. What it sends lies in the")
    return format_html('{} <a href="{}">{}</a>.', words, reverse("demo:mailbox"), _("mailbox"))

from functools import partial
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from rapport.clock import children, loop
from rapport.clock.actions import deliver, tick, work
from rapport.clock.beating import beating
from rapport.clock.install import a_port, make_ready, require_free

PARTS = ["web", "clock", "deliver", "work"]


class Command(BaseCommand):
    help = """Run the install: pages, clock, delivery and long work, until it is told to stop.

Example: rapport serve --dir /srv/rapport --port 8000
--only runs one part, for a network of machines or a service manager of your own."""

    def add_arguments(self, parser):
        parser.add_argument("--port", type=a_port, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--only", choices=PARTS)

    def handle(self, *, port, host, only, **options):
        call_command("check", tags=["security"], fail_level="ERROR", stdout=StringIO())
        if only:
            children.end_with_parent()
            run_part(only, host, port)
            return
        require_free(host, port)
        make_ready()
        print(f"Rapport is at http://{host}:{port}/  (stop: Ctrl-C)", flush=True)
        children.keep([children.Child(part_arguments(part, host, port)) for part in PARTS])


def part_arguments(part, host, port):
    where = ["--dir", str(settings.RAPPORT_DIR)]
    return ["serve", *where, "--host", host, "--port", str(port), "--only", part]


def run_part(part, host, port):
    if part == "web":
        serve_pages(host, port)
    elif part == "work":
        with beating("work"):
            loop.run("work", partial(work, stop=loop.STOP.is_set))
    else:
        loop.run(part, {"clock": tick, "deliver": deliver}[part])


def serve_pages(host, port):
    """Waitress with threads, until TERM. All pages are loaded before the first is asked for."""
    import signal
    import sys

    import waitress
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    pages = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018
    loop.collect_rarely()
    waitress.serve(pages, host=host, port=port, threads=8, ident=None, clear_untrusted_proxy_headers=True)

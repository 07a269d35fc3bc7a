"""Takes the pictures of docs/pictures from a fresh demo, with the system's Chromium.

    .venv/bin/python tools/pictures.py [folder of a demo, made anew where there is none]

It draws, signs in and opens links, so the demo is changed by it. PNG, each under 300 kB.
"""

import re
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import ARGUMENTS, chromium  # noqa: E402

RAPPORT = [sys.executable, "-m", "rapport"] if not (ROOT / ".venv/bin/rapport").exists() else [".venv/bin/rapport"]
PICTURES = ROOT / "docs" / "pictures"
PASSWORD = tomllib.loads((ROOT / "rapport/demo/programs.toml").read_text(encoding="utf-8"))["password"]
TALLEST = {1280: 1150, 360: 1100}  # what lies below is cut off
MOST = 300_000  # bytes of one picture
HERE = "/p/riverside"


@dataclass
class Camera:
    """A demo that is being served, and a browser to look at it."""

    browser: Browser
    home: str

    def page(self, width: int, scheme: str = "light") -> Page:
        scale = 1 if width > 600 else 2
        context = self.browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, device_scale_factor=scale
        )
        context.set_default_timeout(10_000)
        return context.new_page()

    def staff(self, name: str, width: int = 1280, scheme: str = "light") -> Page:
        page = self.page(width, scheme)
        page.goto(f"{self.home}/account/login/")
        page.fill("input[name=login]", f"{name}@example.org")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    def letters(self, page: Page, to: str) -> list[str]:
        page.goto(f"{self.home}/mailbox/?to={to}")
        return page.eval_on_selector_all("th a[href^='/mailbox/']", "links => links.map(one => one.pathname)")

    def asked(self, to: str) -> Page:
        """The newest link to this person that still asks something, opened."""
        page = self.page(360)
        for letter in self.letters(page, to):
            page.goto(self.home + letter)
            link = page.locator("main a[href*='/a/']")
            if link.count():
                page.goto(self.home + re.sub(r"^https?://[^/]+", "", link.first.get_attribute("href") or ""))
                start = page.locator("form:has([name=start]) button")
                if start.count():
                    start.click()
                    page.wait_for_load_state()
                    if page.locator(".faces").count():
                        return page
        raise SystemExit(f"nobody asks {to} anything now")

    def participant(self, address: str, width: int = 360) -> Page:
        """Somebody without a password, signed in with the code of a letter."""
        page = self.page(width)
        page.goto(f"{self.home}/account/login/code/")
        page.fill("input[name=email]", address)
        page.press("input[name=email]", "Enter")
        page.wait_for_selector("input[name=code]")
        page.fill("input[name=code]", self.code(address))
        page.press("input[name=code]", "Enter")
        page.wait_for_url(lambda here: "/login" not in here)
        return page

    def code(self, address: str) -> str:
        page = self.page(360)
        for _second in range(60):
            for letter in self.letters(page, address.partition("@")[0])[:1]:
                page.goto(self.home + letter)
                if found := re.search(r"\b[A-Z0-9]{3,4}-[A-Z0-9]{3,4}\b|\b[A-Z0-9]{6}\b", page.inner_text("main")):
                    return found[0]
            time.sleep(1)
        raise SystemExit("no letter with a code came")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="pictures-"))
    if not (folder / "rapport.sqlite3").exists():
        subprocess.run([*RAPPORT, "demo", "--no-serve", "--dir", str(folder)], check=True, cwd=ROOT)
    PICTURES.mkdir(exist_ok=True)
    port = free_port()
    serving = subprocess.Popen([*RAPPORT, "serve", "--dir", str(folder), "--port", str(port)], cwd=ROOT)
    try:
        home = f"http://127.0.0.1:{port}"
        wait_for(home)
        with sync_playwright() as playwright:
            take_all(
                Camera(
                    playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, "--disable-lcd-text"]),
                    home,
                )
            )
    finally:
        serving.terminate()
        serving.wait()


def take_all(camera: Camera) -> None:
    desks(camera)
    lists(camera)
    phones(camera)


def desks(camera: Camera) -> None:
    for scheme in ("light", "dark"):
        page = camera.staff("cora", scheme=scheme)
        show(camera, page, f"{HERE}/today/", f"today-{scheme}")
        show(camera, page, f"{HERE}/matches/?q=Ama", None)
        page.get_by_role("link", name="Ama and Ben").first.click()
        take(page, f"match-{scheme}")
    page.goto(f"{camera.home}{HERE}/today/")
    page = camera.staff("cora")
    page.locator("a.btn", has_text="Talked with Grace").click()
    page.locator("form.said").wait_for()
    page.locator("form.said").scroll_into_view_if_needed()
    take(page, "talk-light", whole=False)


def lists(camera: Camera) -> None:
    page = camera.staff("cora")
    show(camera, page, f"{HERE}/matches/", "matches-light")
    show(camera, page, f"{HERE}/gates/", "gates-light")
    show(camera, page, f"{HERE}/matching/", None)
    draft = page.get_by_role("button", name="Draft a round")
    if draft.count():
        draft.click()
    else:
        page.locator("main th a, main tr a").first.click()
    page.wait_for_load_state()
    take(page, "round-light")


def phones(camera: Camera) -> None:
    show(camera, camera.staff("cora", 360), f"{HERE}/today/", "today-phone-light")
    show(camera, camera.staff("dele", 360, "dark"), f"{HERE}/safety/", "safety-phone-dark")
    take(camera.asked("ben"), "ask-phone-light")
    take(camera.participant("ama.mensah@example.org"), "mentor-phone-light")


def show(camera: Camera, page: Page, path: str, name: str | None) -> None:
    page.goto(camera.home + path)
    if name:
        take(page, name)


def take(page: Page, name: str, *, whole: bool = True) -> None:
    """One picture, as tall as the page, but no taller than is worth reading."""
    width = page.viewport_size["width"] if page.viewport_size else 1280
    tall = page.evaluate("Math.ceil(document.querySelector('main').getBoundingClientRect().bottom + scrollY)")
    if whole:
        page.set_viewport_size({"width": width, "height": max(400, min(tall, TALLEST[width]))})
        page.evaluate("scrollTo(0, 0)")
    file = PICTURES / f"{name}.png"
    page.screenshot(path=file)
    if file.stat().st_size > MOST:
        raise SystemExit(f"{name} is {file.stat().st_size} bytes, more than {MOST}")
    print(name, file.stat().st_size)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(home: str) -> None:
    for _half in range(120):
        try:
            urllib.request.urlopen(f"{home}/account/login/", timeout=5)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the demo did not answer")


if __name__ == "__main__":
    main()

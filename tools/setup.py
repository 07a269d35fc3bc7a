"""What bin/setup does, with nothing but the standard library: environment, locked packages, front-end files, languages,
and the matching engine compiled.

A stamp tells what was done last time, so that a second run ends at once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONT = ROOT / "rapport" / "core" / "static" / "vendor"
PLAIN = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "DJANGO_SETTINGS_MODULE")}


def main() -> None:
    lock = ROOT / "requirements" / ("dev.txt" if "--dev" in sys.argv[1:] else "base.txt")
    make_environment()
    install(lock)
    with ThreadPoolExecutor() as beside:  # the engine takes longest, and a core of its own
        compiling = beside.submit(compile_engine)
        bring_front_end()
        bring_languages()
        compiling.result()


def make_environment() -> None:
    """A virtual environment with a pip in it, by whatever way this machine allows."""
    if PYTHON.exists() and runs(PYTHON, "-c", "import ssl, sqlite3"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    say("making .venv")
    for way in (with_ensurepip, with_another_pip, with_the_system_s_package):
        if way():
            return
    shutil.rmtree(VENV, ignore_errors=True)
    line = "Rapport needs a pip to begin with: install python3-venv (Debian: apt-get install python3-venv)"
    sys.exit(f"{line}, then try again.")


def with_ensurepip() -> bool:
    if not runs(sys.executable, "-c", "import ensurepip; ensurepip.version()"):
        return False
    try:
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return runs(PYTHON, "-m", "pip", "--version")


def with_another_pip() -> bool:
    """Where ensurepip is missing: a bare environment, filled by some other pip that this machine has."""
    pips = [[sys.executable, "-m", "pip"], ["pip3"], ["pip"], ["python3", "-m", "pip"]]
    able = next((pip for pip in pips if shutil.which(pip[0]) and runs(*pip, "--version")), None)
    if able is None:
        return False
    venv.create(VENV, with_pip=False, clear=True, symlinks=True)
    return runs(*able, "--python", str(PYTHON), "install", "--quiet", "pip", shown=True)


def with_the_system_s_package() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    say("installing python3-venv")
    quiet = {**PLAIN, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL, check=False)
    for package in (version, "python3-venv"):
        done = subprocess.run(
            ["apt-get", "install", "-y", "-qq", package], env=quiet, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode == 0 and with_ensurepip():
            return True
    return False


def install(lock: Path) -> None:
    """The locked packages, then the project itself without looking any further."""
    stamp = VENV / "stamp-packages"
    digest = digest_of([ROOT / "requirements" / "base.txt", ROOT / "requirements" / "dev.txt", ROOT / "pyproject.toml"])
    done = stamp.read_text().split() if stamp.exists() else []
    if done[:1] == [digest] and (lock.stem in done[1:] or "dev" in done[1:]):
        return
    say(f"installing the packages of requirements/{lock.name}")
    uv = shutil.which("uv")
    if uv:
        call(uv, "pip", "sync", "--quiet", "--python", str(PYTHON), "--require-hashes", str(lock))
        call(
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            str(PYTHON),
            "--no-deps",
            "--no-build-isolation",
            "-e",
            str(ROOT),
        )
    else:
        pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        call(*pip, "install", "--require-hashes", "-r", str(lock))
        call(*pip, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    stamp.write_text(f"{digest} {lock.stem}")


def bring_front_end() -> None:
    """Tabler's style sheets, the participants' small one, and every static file compressed."""
    stamp = VENV / "stamp-front"
    ours = [file for part in ("static", "templates") for file in (ROOT / "rapport").glob(f"*/{part}/**/*")]
    named = [ROOT / name for name in ("package.json", "package-lock.json", "tools/front.py", "tools/purge.mjs")]
    digest = digest_of([*named, *sorted(file for file in ours if own(file))])
    if stamp.exists() and stamp.read_text() == digest and (FRONT / "participant.css").exists():
        return
    say("bringing the front-end files")
    call(str(PYTHON), str(ROOT / "tools" / "front.py"))
    stamp.write_text(digest)


def bring_languages() -> None:
    """The words of every language the house speaks, as the machine reads them."""
    stamp = VENV / "stamp-languages"
    catalogues = sorted((ROOT / "rapport" / "locale").glob("*/LC_MESSAGES/*.po"))
    digest = digest_of([ROOT / "tools" / "words.py", *catalogues])
    compiled = all(file.with_suffix(".mo").exists() for file in catalogues)
    if compiled and stamp.exists() and stamp.read_text() == digest:
        return
    say("compiling the languages")
    call(str(PYTHON), str(ROOT / "tools" / "words.py"), "--compile")
    stamp.write_text(digest)


def compile_engine() -> None:
    """The kernels of matching as machine code, so that nobody waits for that in their first round."""
    stamp = VENV / "stamp-engine"
    kernels = sorted((ROOT / "rapport" / "matching" / "engine").glob("*.py"))
    digest = digest_of([ROOT / "requirements" / "base.txt", *kernels])
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("compiling the matching engine")
    for old in (kernels[0].parent / "__pycache__").glob("*.nb[ic]"):  # it may hold code of a file called from another
        old.unlink()
    call(str(PYTHON), "-m", "rapport.matching.engine", "--warm")
    stamp.write_text(digest)


def own(file: Path) -> bool:
    return file.is_file() and FRONT not in file.parents


def digest_of(files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.relative_to(ROOT)).encode() + b"\0" + (file.read_bytes() if file.exists() else b"-"))
    return total.hexdigest()


def runs(*command: str | Path, shown: bool = False) -> bool:
    out = None if shown else subprocess.DEVNULL
    try:
        return subprocess.run([str(c) for c in command], env=PLAIN, stdout=out, stderr=out, check=False).returncode == 0
    except OSError:
        return False


def call(*command: str) -> None:
    done = subprocess.run(command, env=PLAIN, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(
            f"bin/setup: {Path(command[0]).name} {' '.join(command[1:3])} ended with {done.returncode}; see above."
        )


def say(text: str) -> None:
    print(f"bin/setup: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

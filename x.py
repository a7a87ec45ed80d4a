#!/usr/bin/env python3
"""Everything a developer does with Camphor, one verb each. Needs Python 3.11 with pip, and nothing else."""

from __future__ import annotations

import argparse
import ast
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from camphor.site import serving
from tools import launcher, machine, postgresql
from tools.stamps import digest, is_stamped

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = ROOT / "var"
PRODUCTION = ["--extra", "prod"]
DEV = [*PRODUCTION, "--extra", "fast", "--extra", "cluster", "--extra", "telemetry", "--group", "dev"]
LOCKS: dict[str, list[str]] = {
    "runtime": [],
    "production": PRODUCTION,
    "dev": DEV,
    "bench": [*DEV, "--group", "bench"],
}
"""The locks by name, each a superset of the one before, and what it adds to the runtime's."""

Verb = Callable[[list[str]], None]
VERBS: dict[str, Verb] = {}


class Stop(Exception):
    """The work cannot go on, and this is why, in words for the person at the keyboard."""


def verb(function: Verb) -> Verb:
    """Offer the function as a verb; the first line of its docstring is its help."""
    VERBS[function.__name__] = function
    return function


# Running things


def run(*command: object, env: dict[str, str] | None = None) -> None:
    """Run a command in the repository; stop where it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env=env)
    if done.returncode:
        raise Stop(f"exit code {done.returncode} of {shlex.join(words)}")


def become(*command: object, env: dict[str, str]) -> None:
    """Turn into the command, so that signals reach it directly."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(words[0], words, env)


def on_continuous_integration() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


# Installing


def install(name: str) -> None:
    """Bring the virtual environment to the lock, which contains all the smaller locks."""
    launcher.offer(VENV / "bin", ROOT / "x.py")
    names = list(LOCKS)[: list(LOCKS).index(name) + 1]
    locks = {each: digest([ROOT / "requirements" / f"{each}.txt"]) for each in names}
    if PYTHON.exists() and is_stamped(VENV / f"{name}.lock", locks[name]):
        return
    if not PYTHON.exists():  # bare Debian has no ensurepip, so the system's pip serves the environment
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)
        launcher.offer(VENV / "bin", ROOT / "x.py")
    print(f"Installing requirements/{name}.txt …", flush=True)
    need_pip()
    pip = [sys.executable, "-m", "pip", "--python", PYTHON, "--disable-pip-version-check", "install", "-q"]
    run(*pip, "--no-deps", "--require-hashes", "-r", ROOT / "requirements" / f"{name}.txt")
    for each, value in locks.items():
        (VENV / f"{each}.lock").write_text(value)


def need_pip() -> None:
    """See that this Python has pip, from Debian's package where it has not."""
    known = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True)
    if known.returncode and not machine.install("python3-pip"):
        raise Stop("this Python has no pip: install it first (on Debian: apt-get install python3-pip)")


# Environments


def environment(**settings: str) -> dict[str, str]:
    """The caller's environment with our settings in the place of all of theirs, except where tools lie."""
    kept = ("CAMPHOR_CHROMIUM", "CAMPHOR_SHOTS")
    foreign = {
        key: value for key, value in os.environ.items() if key in kept or not key.startswith("CAMPHOR_")
    }
    return {**foreign, "DJANGO_SETTINGS_MODULE": "camphor.site.settings", **settings}


def demo_environment(port: int = 8000) -> dict[str, str]:
    """The settings of the demo city; its secret is made once, so that sign-ins outlive a restart."""
    VAR.mkdir(exist_ok=True)
    secret = VAR / "demo.secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(os.urandom(32).hex())
    return environment(
        CAMPHOR_DEMO="1",
        CAMPHOR_SECRET_KEY=secret.read_text(),
        CAMPHOR_DATABASE_URL=f"sqlite:///{VAR / 'demo.sqlite3'}",
        CAMPHOR_STATIC_ROOT=str(VAR / "static"),
        CAMPHOR_BASE_URL=f"http://127.0.0.1:{port}",
    )


def test_environment(database: str = "sqlite:///:memory:") -> dict[str, str]:
    """The settings of the tests, on SQLite unless another database is named."""
    return environment(
        CAMPHOR_SECRET_KEY="known to all: only for tests",
        CAMPHOR_DATABASE_URL=database,
        CAMPHOR_PLAIN_STATIC="1",
        CAMPHOR_CHROMIUM=machine.chromium() or "",
    )


# The demo city


@verb
def demo(arguments: list[str]) -> None:
    """Build the demo city and serve it on this machine (--port 8000, --fresh builds it anew)."""
    parser = argparse.ArgumentParser(prog="x.py demo", description=demo.__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where to listen on 127.0.0.1 (8000)")
    parser.add_argument("--fresh", action="store_true", help="forget the demo city and build it anew")
    chosen = parser.parse_args(arguments)
    take(chosen.port, serving.need_free)
    install("runtime")
    env = demo_environment(chosen.port)
    collect_static(env)
    if not build_city(env, fresh=chosen.fresh):
        run(PYTHON, "manage.py", "demo", "--logins", env=env)
    print(f"\nCamphor: http://127.0.0.1:{chosen.port}/   (Ctrl+C ends it)\n", flush=True)
    serve(chosen.port, env)


def take(port: int, how: Callable[[int], None] = serving.hold) -> None:
    """See that nobody else listens there, and does not begin to before us."""
    try:
        how(port)
    except serving.PortTaken as taken:
        raise Stop(f"{taken}, for instance with --port {port + 1}") from taken


def collect_static(env: dict[str, str]) -> None:
    """Lay the static files out for the server, where one of them has changed."""
    own = [path for path in ROOT.glob("camphor/**/static/**/*") if path.is_file()]
    value = digest([*own, ROOT / "requirements" / "runtime.txt", ROOT / "camphor" / "site" / "settings.py"])
    stamp = VAR / "static.stamp"
    if not is_stamped(stamp, value) or not (VAR / "static").is_dir():
        stamp.unlink(missing_ok=True)
        run(PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0", env=env)
        stamp.write_text(value)


def build_city(env: dict[str, str], *, fresh: bool) -> bool:
    """Build the demo city where it is missing, half built, or was built from another plan: whether it was.

    Built anew, it tells by itself who can sign in.
    """
    database, stamp = VAR / "demo.sqlite3", VAR / "demo.stamp"
    value = digest([*ROOT.glob("camphor/demo/**/*.py"), *ROOT.glob("camphor/*/migrations/*.py")])
    if database.exists() and is_stamped(stamp, value) and not fresh:
        return False
    print("Building the demo city …", flush=True)
    for rest in VAR.glob("demo.s*"):  # the database, its journals and the stamp; the secret stays
        if rest.name != "demo.secret":
            rest.unlink()
    run(PYTHON, "manage.py", "migrate", "--verbosity", "0", env=env)
    run(PYTHON, "manage.py", "demo", env=env)
    stamp.write_text(value)
    return True


def serve(port: int, env: dict[str, str]) -> None:
    """Become the web server, in one process, since SQLite has one writer."""
    take(port)  # building the city took a minute
    become(*serving.command(port, workers=1, python=PYTHON), env=env)


# Checks and tests


@verb
def test(arguments: list[str]) -> None:
    """Pass every check and test (arguments go to pytest instead: x.py test tests/engine -k word)."""
    install("dev")
    if arguments:
        return pytest(arguments)
    for package in machine.equip():
        print(f"Not on this machine, and not installed: {package}", flush=True)
    steps = {
        **checks(),
        "tests on SQLite": lambda: pytest(["-n", "2"]),
        "tests on PostgreSQL": on_postgresql,
        "tests in the browser": in_browser,
    }
    report(steps)


@verb
def check(arguments: list[str]) -> None:
    """Pass the checks without the tests: style, types, floors, migrations, texts."""
    need_none(arguments)
    install("dev")
    report(checks())


def need_none(arguments: list[str]) -> None:
    if arguments:
        raise Stop(f"takes no arguments, and was given {shlex.join(arguments)}")


def checks() -> dict[str, Callable[[], None]]:
    """The checks by name."""
    env = test_environment()
    commands: dict[str, list[object]] = {
        "style": ["-m", "ruff", "check"],
        "layout": ["-m", "ruff", "format", "--check"],
        "types": ["-m", "mypy"],
        "floors": [VENV / "bin" / "lint-imports", "--no-logo"],
        "settings": ["manage.py", "check"],
        "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
        "texts": ["tools/words.py", "--check"],
    }
    return {name: partial(run, PYTHON, *command, env=env) for name, command in commands.items()}


def report(steps: dict[str, Callable[[], None]]) -> None:
    """Take every step, also after one has failed, and say at the end what came of each."""
    outcomes = {}
    for name, step in steps.items():
        print(f"\n== {name}", flush=True)
        begun, outcome = time.monotonic(), "good"
        try:
            step()
        except Skipped as reason:
            outcome = f"left out: {reason}"
        except Stop as reason:
            outcome = f"FAILED: {reason}"
        outcomes[name] = f"{time.monotonic() - begun:6.0f} s  {outcome}"
    print("\n== Summary")
    for name, outcome in outcomes.items():
        print(f"{name:<22}{outcome}")
    failed = sum("FAILED" in outcome for outcome in outcomes.values())
    if failed:
        raise Stop(f"{failed} of {len(steps)} steps failed")


class Skipped(Exception):
    """A step cannot be taken on this machine, and this is why."""


def leave_out(reason: str) -> Exception:
    """What to raise where a step cannot be taken: a failure where everything must be tested."""
    return Stop(reason) if on_continuous_integration() else Skipped(reason)


def pytest(arguments: list[str], env: dict[str, str] | None = None) -> None:
    """Run pytest; without the browser's tests unless they are named."""
    asked = any("tests/browser" in argument for argument in arguments)
    rest = [] if asked else ["--ignore=tests/browser"]
    run(PYTHON, "-m", "pytest", "-q", *rest, *arguments, env=env or test_environment())


def in_browser() -> None:
    if not machine.chromium():
        raise leave_out("no Chromium here: install it, or name it in CAMPHOR_CHROMIUM")
    pytest(["-n", "2", "tests/browser"])


PURE = ["--ignore=tests/engine", "--ignore=tests/rules"]
"""Tests that know no database, and need not be run on each."""


def on_postgresql() -> None:
    if not postgresql.initdb():
        raise leave_out("no PostgreSQL server here: install it (on Debian: apt-get install postgresql)")
    try:
        with postgresql.cluster() as address:
            pytest(["-n", "2", *PURE], test_environment(address))
    except postgresql.NoServer as reason:
        raise Stop(str(reason)) from reason


# Keeping things current


@verb
def words(arguments: list[str]) -> None:
    """Collect the marked texts and compile the catalogues (--check, --merge FILE.json …, --prune)."""
    install("dev")
    run(PYTHON, "tools/words.py", *arguments, env=test_environment())


@verb
def docs(arguments: list[str]) -> None:
    """Write the documents that follow from the code (--check only compares)."""
    install("dev")
    run(PYTHON, "manage.py", "write_docs", *arguments, env=test_environment())


@verb
def manage(arguments: list[str]) -> None:
    """Run a command of manage.py, on the demo city unless CAMPHOR_DATABASE_URL names a database."""
    install("runtime")
    env = dict(os.environ) if os.environ.get("CAMPHOR_DATABASE_URL") else demo_environment()
    os.execve(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *arguments], env)  # paths are the caller's


@verb
def bench(arguments: list[str]) -> None:
    """List the benchmarks, or run one of them: x.py bench NAME."""
    known = {path.stem: path for path in sorted(ROOT.glob("benchmarks/[!_]*.py"))}
    if not arguments:
        for name, path in known.items():
            print(f"{name:<22}{first_line(ast.get_docstring(ast.parse(path.read_text())))}")
        return
    if arguments[0] not in known:
        raise Stop(f"no benchmark {arguments[0]!r}; there are: {', '.join(known) or 'none'}")
    install("bench")
    module = f"benchmarks.{arguments[0]}"
    become(PYTHON, "-m", module, *arguments[1:], env=test_environment(f"sqlite:///{VAR / 'bench.sqlite3'}"))


@verb
def drills(arguments: list[str]) -> None:
    """Break a service on purpose and count what it lost: x.py drills [NAME …] [--short]."""
    install("dev")
    become(PYTHON, "-m", "drills", *arguments, env=test_environment())


@verb
def lock(arguments: list[str]) -> None:
    """Write the locks anew from pyproject.toml (--upgrade takes the newest releases)."""
    install("dev")
    compiler = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--no-config", "pyproject.toml"]
    shape = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    smaller: list[str] = []
    for name, extras in LOCKS.items():
        target = f"requirements/{name}.txt"
        run(*compiler, *shape, "--no-emit-index-url", *extras, *smaller, *arguments, "-o", target)
        smaller = ["-c", target]


def usage() -> str:
    """The verbs, a line each."""
    lines = (f"  {name:<8}{first_line(function.__doc__)}" for name, function in VERBS.items())
    return "\n".join([f"{__doc__}\n\nusage: python3 x.py VERB [arguments]\n", *lines])


def first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0]


def main(arguments: list[str]) -> int:
    """Do what the first word says."""
    if not (3, 11) <= sys.version_info < (3, 14):
        print(f"Camphor needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    if not arguments or arguments[0] not in VERBS:
        print(usage())
        return int(bool(arguments) and arguments[0] not in ("-h", "--help", "help"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is ended too
    try:
        VERBS[arguments[0]](arguments[1:])
    except Stop as reason:
        print(f"x.py {arguments[0]}: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

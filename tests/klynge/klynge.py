"""A Dask cluster and a bucket as processes of their own, each on a machine of its own where this one can pretend so."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

ROT: Final = Path(__file__).parents[2]
MASKINER: Final = ("bestiller", "boette", "planlegger", "arbeider0", "arbeider1")
NOEKLER: Final = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}


class Nett:
    """Network namespaces with a cable from each to a switch, so that a machine reaches another by its address alone.

    Where there are none (they need root on Linux), or none are asked for, all are this machine.
    """

    def __init__(self, *, delt: bool = True) -> None:
        self._navn = f"tp{token_hex(3)}"
        self.er_delt = delt and shutil.which("ip") is not None and self._add("bro")
        if self.er_delt:
            self._ip("bro", "link", "add", "name", "bro", "type", "bridge")
            self._ip("bro", "link", "set", "dev", "bro", "up")
            for number, machine in enumerate(MASKINER, 1):
                self._plug(machine, number)

    def _name(self, maskin: str) -> str:
        return f"{self._navn}-{maskin}"

    def _add(self, maskin: str) -> bool:
        made = subprocess.run(["ip", "netns", "add", self._name(maskin)], capture_output=True, check=False)
        return not made.returncode

    def _ip(self, maskin: str, *ord_: str) -> None:
        subprocess.run(["ip", "-n", self._name(maskin), *ord_], check=True)

    def _plug(self, maskin: str, number: int) -> None:
        assert self._add(maskin)
        other = ("peer", "name", f"kabel{number}", "netns", self._name("bro"))
        self._ip(maskin, "link", "add", "name", "kabel", "type", "veth", *other)
        self._ip("bro", "link", "set", "dev", f"kabel{number}", "master", "bro", "up")
        self._ip(maskin, "addr", "add", f"{self.find_adresse(maskin)}/24", "dev", "kabel")
        for link in ("lo", "kabel"):
            self._ip(maskin, "link", "set", "dev", link, "up")

    def find_adresse(self, maskin: str) -> str:
        """Return the address of a machine."""
        return f"10.99.0.{MASKINER.index(maskin) + 1}" if self.er_delt else "127.0.0.1"

    def start(self, maskin: str, ord_: Sequence[str], **valg: Any) -> subprocess.Popen[str]:
        """Start Python on a machine."""
        there = ["ip", "netns", "exec", self._name(maskin)] if self.er_delt else []
        return subprocess.Popen([*there, sys.executable, *ord_], text=True, **valg)

    def run(self, maskin: str, *ord_: str, miljoe: Mapping[str, str]) -> str:
        """Run Python on a machine and return what it wrote."""
        with self.start(maskin, ord_, env=miljoe, cwd=ROT, stdout=subprocess.PIPE) as process:
            said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, said
        return said

    def close(self) -> None:
        """Remove the machines."""
        for machine in ("bro", *MASKINER) if self.er_delt else ():
            subprocess.run(["ip", "netns", "del", self._name(machine)], check=False)


def find_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(hva: Any, *, sekunder: float = 300) -> None:
    """Wait until something is true, or fail."""
    deadline = time.monotonic() + sekunder
    while not hva():
        assert time.monotonic() < deadline, hva
        time.sleep(0.1)


LAG_BOETTE: Final = "import fsspec; fsspec.filesystem('s3').mkdir('tettpaa')"
LES_BOETTE: Final = "import fsspec; print(*fsspec.filesystem('s3').find('tettpaa'))"


@contextmanager
def start_boette(nett: Nett) -> Iterator[dict[str, str]]:
    """Start a server that speaks as S3 does; yield the environment of those who use its bucket `tettpaa`."""
    address, port = nett.find_adresse("boette"), str(find_port())
    server = nett.start("boette", ["-m", "moto.server", "-H", address, "-p", port], stderr=subprocess.DEVNULL)
    environment = os.environ | NOEKLER | {"FSSPEC_S3_ENDPOINT_URL": f"http://{address}:{port}"}
    environment["PYTHONPATH"] = str(ROT)

    def is_there() -> bool:
        with nett.start("bestiller", ["-c", LAG_BOETTE], env=environment, stderr=subprocess.DEVNULL) as made:
            return not made.wait()

    try:
        wait_until(is_there)
        yield environment
    finally:
        server.kill()
        server.wait()


class Klynge:
    """A scheduler and workers with one thread each, without nannies that would start them again."""

    def __init__(self, mappe: Path, miljoe: Mapping[str, str], nett: Nett, arbeidere: int = 2) -> None:
        self.miljoe, self._mappe, self._nett = miljoe, mappe, nett
        self._port = str(find_port())
        self.adresse = f"tcp://{nett.find_adresse('planlegger')}:{self._port}"
        self.planlegger = self.start_planlegger()
        self.arbeidere = [self.start_arbeider(number) for number in range(arbeidere)]

    def start_planlegger(self) -> subprocess.Popen[str]:
        """Start the scheduler."""
        host = self._nett.find_adresse("planlegger")
        return self._start("planlegger", "scheduler", "--host", host, "--port", self._port)

    def start_arbeider(self, nummer: int, **miljoe: str) -> subprocess.Popen[str]:
        """Start a worker on one of the two machines for such."""
        machine = f"arbeider{nummer % 2}"
        options = ["--host", self._nett.find_adresse(machine), "--nthreads", "1", "--no-nanny"]
        options += ["--local-directory", str(self._mappe)]
        return self._start(machine, "worker", self.adresse, *options, **miljoe)

    def _start(self, maskin: str, hva: str, *ord_: str, **miljoe: str) -> subprocess.Popen[str]:
        words = ["-m", f"distributed.cli.dask_{hva}", *ord_, "--no-dashboard"]
        out = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return self._nett.start(maskin, words, env={**self.miljoe, **miljoe}, cwd=self._mappe, **out)

    def wait(self) -> None:
        """Wait until all workers are there."""
        count = len(self.arbeidere)
        program = f"from distributed import Client; Client('{self.adresse}').wait_for_workers({count}, 120)"
        self._nett.run("bestiller", "-c", program, miljoe=self.miljoe)

    def mend(self) -> None:
        """Start again what is dead, as those who run clusters have set up. Workers end with their scheduler."""
        if self.planlegger.poll() is not None:
            self.stop()
            self.planlegger = self.start_planlegger()
        for number, worker in enumerate(self.arbeidere):
            if worker.poll() is not None:
                self.arbeidere[number] = self.start_arbeider(number)

    def stop(self) -> None:
        """Kill what runs."""
        for process in [*self.arbeidere, self.planlegger]:
            process.kill()
            process.wait()

"""Kamailio in front of the front end."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lab"))

from picture import find_program  # noqa: E402
from process import Process, wait_until  # noqa: E402


class Kamailio:
    def __init__(self, picture, address):
        self.picture = picture
        self.address = address
        self.config = picture.directory / "kamailio.cfg"
        self.config.write_text((HERE / "kamailio.cfg").read_text().replace("LISTEN", self.address)
                               .replace("FRONT", picture.front))
        self.starts = 0
        self.start()

    def start(self):
        self.starts += 1
        folder = self.picture.run / f"kamailio-{self.starts}"
        folder.mkdir()
        self.process = self.picture.add(Process(
            f"kamailio-{self.starts}",
            [find_program("kamailio"), "-f", self.config, "-DD", "-E", "-m", 64, "-x", "fm", "-X", "fm", "-w", folder,
             "-Y", folder], self.picture.logs / f"kamailio-{self.starts}.log"))
        wait_until(self._listens, 20, "Kamailio to listen", [self.process])

    def restart(self):
        """Every connection that it had is closed, and it knows nothing of what was."""
        self.picture.processes.remove(self.process)
        self.process.stop()
        self.start()

    def _listens(self):
        """Whether its port is one that somebody listens on, as the kernel's table says: asking costs no connection."""
        here = f"0100007F:{int(self.address.rpartition(':')[2]):04X}"
        rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        return any(row[1] == here and row[3] == "0A" for row in rows)

"""One node that OCS hosts reach without a front end, before a simulated cluster, with its metrics page."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "path"), os.path.join(HERE, "..", "..", "lab")]

from picture import Picture, Wish, free_ports  # noqa: E402
from process import wait_until  # noqa: E402


class OneNode(Picture):
    """The publisher of a picture, alone."""

    def __init__(self, programs):
        sip, metrics = free_ports(2)
        self.sip, self.metrics = f"127.0.0.1:{sip}", f"127.0.0.1:{metrics}"
        super().__init__(programs, Wish(managers=1, ocs=False, sections={
            "node.publisher": {"direct_listen": self.sip, "metrics": self.metrics}}))

    def start(self):
        self._start_cucm()
        self._write_site()
        self._start("gateway-publisher", "linebridge-gateway", "--config", self.config, "--role", "publisher")
        wait_until(lambda: self.agent("publisher").startswith("up 100%"), 20, "the node to be up", self.processes)

    @property
    def api(self):
        return str(self.run / "publisher.sock")

    def counters(self):
        return self.status("publisher")["counters"]

    def resident(self):
        """KiB of the node that are in memory."""
        with open(f"/proc/{self.process('gateway-publisher').pid}/status") as file:
            return int(next(line for line in file if line.startswith("VmRSS:")).split()[1])

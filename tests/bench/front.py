"""The front end as a balancer of two nodes, beside HAProxy that passes whole connections on and Kamailio's dispatcher:
the same clients and the same scripted nodes, one after another in the same run."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "system/tls")]

from certificates import Authority  # noqa: E402
from cucm import resident_bytes  # noqa: E402
from sockets import HERE, Failed, Servers, find_program, free_ports, processor_seconds, toml, wait_until  # noqa: E402

NAME = "gw.example.test"
LINE_SERVER = f"sip:ctigw@{NAME}"
CONNECTIONS = 4
WINDOW = 200
RATE = 400


class Paths(Servers):
    """The two nodes, and what stands before them."""

    def __init__(self, programs):
        super().__init__(programs)
        self.authority = Authority(self.folder, "authority")
        self.front = self.authority.sign("front", NAME, [NAME])
        self.ocs = self.authority.sign("ocs", "ocs.example.test")

    def nodes(self, proxy):
        """Both nodes; the addresses they listen on."""
        made = []
        for name in ("pub", "sub"):
            listen, agent = free_ports(2)
            words = [] if proxy else ["--no-proxy"]
            node = self.start(f"node-{name}", self.programs / "linebridge-sim-node", "--name", name, "--listen",
                              f"127.0.0.1:{listen}", "--agent", f"127.0.0.1:{agent}", *words)
            node.line("ready", 10)
            made.append((node, listen, agent))
        return made

    def direct(self, tls):
        """No balancer: all goes to the first node."""
        return self.nodes(False)[0][1], []

    def pass_through(self, tls):
        """HAProxy as a balancer of connections."""
        nodes = self.nodes(False)
        (port,) = free_ports(1)
        both = self.folder / "front-both.pem"  # as HAProxy wants them
        both.touch(0o600)
        both.write_text("".join(Path(part).read_text() for part in self.front))
        bind = f" ssl crt '{both}' ca-file '{self.authority.certificate}' verify required" if tls else ""
        config = self.folder / "pass.cfg"
        config.write_text(
            "global\n    nbthread 1\n    maxconn 2000\ndefaults\n    mode tcp\n    timeout connect 1s\n"
            "    timeout client 1h\n    timeout server 1h\n"
            f"listen all\n    bind 127.0.0.1:{port}{bind}\n    balance roundrobin\n"
            + "".join(f"    server n{at} 127.0.0.1:{node[1]}\n" for at, node in enumerate(nodes)))
        haproxy = self.start("haproxy", find_program("haproxy"), "-db", "-f", config)
        self._listening(haproxy, port)
        return port, [haproxy]

    def kamailio_dispatcher(self, tls):
        """Kamailio as a balancer of dialogs."""
        nodes = self.nodes(False)
        port, inside = free_ports(2)
        hosts = self.folder / "dispatcher.list"
        hosts.write_text("".join(f"1 sip:127.0.0.1:{node[1]};transport=tcp\n" for node in nodes))
        config = self.folder / "dispatcher.cfg"
        trust = self.folder / "kamailio-tls.cfg"
        trust.write_text(f"[server:default]\nmethod = TLSv1.2+\ncertificate = {self.front[0]}\n"
                         f"private_key = {self.front[1]}\nca_list = {self.authority.certificate}\n"
                         "verify_certificate = yes\nrequire_certificate = yes\n")
        text = (HERE / "dispatcher.cfg").read_text()
        for word, value in (("LISTEN", f"127.0.0.1:{port}"), ("INSIDE", f"127.0.0.1:{inside}"), ('"LIST"', f'"{hosts}"'), ('"TLS"', f'"{trust}"')):
            text = text.replace(word, value)
        config.write_text(text)
        kamailio = self.start("kamailio", find_program("kamailio"), "-f", config, "-DD", "-E", "-m", "2048", "-x", "fm", "-X",
                              "fm", "-w", self.folder, "-Y", self.folder, *(["-A", "WITH_TLS"] if tls else []))
        self._listening(kamailio, port)
        return port, [kamailio]

    def linebridge(self, tls):
        """HAProxy and the splitter as they are shipped."""
        nodes = self.nodes(True)
        plain, secure, statistics = free_ports(3)
        password = self.folder / "cti.password"
        password.write_text("secret\n")
        password.chmod(0o600)
        run = self.folder / "run"
        run.mkdir(exist_ok=True)
        sections = {
            "sip": {"names": ["gw.example.test"], "incoming": ["127.0.0.1"]},
            "cti": {"user": "none", "password_file": str(password), "managers": ["127.0.0.1:1"]},
            "front": {"listen": f"127.0.0.1:{plain}", "tls_listen": f"127.0.0.1:{secure}", "run_directory": str(run),
                      "statistics": f"127.0.0.1:{statistics}", "dialogs": 8000},
            "tls": {"certificate": self.front[0], "key": self.front[1], "client_ca": self.authority.certificate},
        }
        for role, (_, listen, agent) in zip(("publisher", "subscriber"), nodes):
            sections["node." + role] = {"listen": f"127.0.0.1:{listen}", "agent": f"127.0.0.1:{agent}",
                                        "api_socket": str(run / f"{role}.sock")}
        site = self.folder / "site.toml"
        site.write_text(toml(sections))
        for path in run.iterdir():
            path.unlink()
        splitter = self.start("splitter", self.programs / "linebridge-splitter", "--config", site)
        wait_until((run / "split.sock").is_socket, 10, "the splitter's socket", [splitter])
        rendered = self.folder / "haproxy"
        subprocess.run([self.programs / "linebridge", "render", "--config", site, "--out", rendered], check=True,
                       stdout=subprocess.DEVNULL)
        haproxy = self.start("haproxy", find_program("haproxy"), "-db", "-f", rendered / "haproxy.cfg")
        wait_until(lambda: both_up(run / "admin.sock"), 20, "HAProxy to have checked both nodes", [haproxy, splitter])
        self.splitter_socket = run / "splitter.sock"
        return (secure if tls else plain), [haproxy, splitter]

    def load(self, port, tls, *words):
        """Figures of the simulated OCS and its clients."""
        load = self.start_load(port, tls, *words)
        said, problems = load.communicate(timeout=240)
        if load.returncode != 0:
            raise Failed(f"{' '.join(load.args)} ended with {load.returncode}\n{said}{problems[-4000:]}")
        return json.loads(said)

    def start_load(self, port, tls, *words):
        certificate, key = self.ocs
        secure = ["--tls", "--tls-host", NAME, "--ca", self.authority.certificate, "--certificate", certificate, "--key",
                  key] if tls else []
        command = [self.programs / "linebridge-sim-ocs", "load", "--next-hop", f"127.0.0.1:{port}", "--server", LINE_SERVER,
                   "--connections", CONNECTIONS, "--echo", "--json", "--limit", 60, *secure, *words]
        return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def both_up(admin):
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(admin))
            connection.sendall(b"show stat nodes 4 -1\n")
            rows = connection.makefile().read().split("\n")
    except OSError:
        return False
    return sum("L7OK" in row and ",UP," in row for row in rows) == 2


PATHS = {"direct": "no balancer, one node", "pass_through": "HAProxy passing connections on",
         "kamailio_dispatcher": "Kamailio's dispatcher", "linebridge": "Linebridge"}
CLOSED = ("--sessions", 6000, "--infos", 1, "--window", WINDOW)
INFOS = ("--sessions", WINDOW, "--infos", 100, "--window", WINDOW)
PACED = ("--sessions", 2400, "--infos", 2, "--rate", RATE)
HELD = 4000


def processor(processes):
    return sum(processor_seconds(process.pid) for process in processes)


def of_path(paths, name, tls):
    """Figures of one way between the same clients and nodes."""
    port, balancers = getattr(paths, name)(tls)
    out = {"path": name, "tls": tls}
    try:
        before = processor(balancers)
        found = paths.load(port, tls, *CLOSED)
        out["dialogs_per_second"] = found["sessions"] / found["seconds"]
        after = processor(balancers)
        out["us_per_dialog"] = (after - before) * 1e6 / found["sessions"]
        found = paths.load(port, tls, *INFOS)
        taken = processor(balancers) - after
        infos = 2 * WINDOW * 100  # one each way
        out["infos_per_core"] = infos / taken if taken else None
        found = paths.load(port, tls, *PACED)["kinds"]
        for kind in ("INVITE", "INFO"):
            out[kind] = {each: found[kind][each] for each in ("p50_ms", "p99_ms")}
    finally:
        paths.end_all()
    if name == "linebridge":
        out["held"] = held_memory(paths, tls)
    return out


def held_memory(paths, tls):
    """Bytes of a dialog that is only held, in each of our two processes. They are fresh: memory that was used once is not
    given back."""
    port, balancers = paths.linebridge(tls)
    before = {process.name: resident_bytes(process.pid) for process in balancers}
    load = paths.start_load(port, tls, "--sessions", HELD, "--window", WINDOW, "--hold", 2)
    most = dict(before)
    while load.poll() is None:
        for process in balancers:
            most[process.name] = max(most[process.name], resident_bytes(process.pid))
        time.sleep(0.1)
    found = json.loads(load.communicate()[0])
    if found["most_held"] != HELD:
        raise Failed(f"{found['most_held']} dialogs were held, not {HELD}")
    paths.end_all()
    return {name: (most[name] - before[name]) / HELD for name in before}


def measure(programs):
    out = []
    with Paths(programs) as paths:
        for tls in (False, True):
            out += [of_path(paths, name, tls) for name in PATHS if name != "direct" or not tls]
    return out


if __name__ == "__main__":
    started = time.monotonic()
    print(json.dumps(measure(sys.argv[1]), indent=1))
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr)

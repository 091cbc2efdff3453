"""A TCP relay that keeps what passed, and writes it as a capture."""

import socket
import struct
import threading
import time

FIN, SYN, ACK = 1, 2, 16
CLIENT, SERVER = b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02"  # 192.0.2.1 and .2
PORT = 2748


class Relay:
    """Listens on loopback and passes each connection on to one address."""

    def __init__(self, to):
        self.to = to
        self.passed = []  # (time, connection, from the client, bytes); no bytes: that side has closed
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self._sockets = []
        self._threads = []
        self._begin(self._accept)

    def close(self):
        with self._lock:
            open_ones = [self._listener, *self._sockets]
        for each in open_ones:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in list(self._threads):
            thread.join(10)
        for each in open_ones:
            each.close()

    def _begin(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        number = 0
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            number += 1
            host, port = self.to.rsplit(":", 1)
            try:
                server = socket.create_connection((host, int(port)), 10)
            except OSError:
                client.close()
                continue
            with self._lock:
                self._sockets += [client, server]
            self._begin(self._pass, number, client, server, True)
            self._begin(self._pass, number, server, client, False)

    def _pass(self, number, source, target, from_client):
        while True:
            try:
                data = source.recv(65536)
                with self._lock:  # Kept before it is passed on, so that no answer stands before its request.
                    self.passed.append((time.time(), number, from_client, data))
                if data:
                    target.sendall(data)
                    continue
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return

    def packets(self, most=1400):
        """All that passed as IP packets: [(time, bytes)]."""
        with self._lock:
            passed = list(self.passed)
        out, numbers = [], {}  # (connection, from the client): the next number

        def packet(at, connection, from_client, flags, data=b""):
            key, other = (connection, from_client), (connection, not from_client)
            ends = (40000 + connection, PORT) if from_client else (PORT, 40000 + connection)
            tcp = struct.pack(">HHIIBBHHH", *ends, numbers[key] % 2**32, numbers.get(other, 0) % 2**32, 0x50, flags, 8192, 0, 0)
            addresses = CLIENT + SERVER if from_client else SERVER + CLIENT
            out.append((at, struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(data), 0, 0, 64, 6, 0) + addresses + tcp + data))
            numbers[key] += len(data) + bool(flags & (SYN | FIN))

        for at, connection, from_client, data in passed:
            if (connection, True) not in numbers:
                numbers[connection, True] = 2**32 - 100  # Soon past its end.
                packet(at, connection, True, SYN)
                numbers[connection, False] = 7000
                packet(at, connection, False, SYN | ACK)
            for start in range(0, len(data), most):
                packet(at, connection, from_client, ACK, data[start:start + most])
            if not data:
                packet(at, connection, from_client, FIN | ACK)
        return out


def pcap(packets):
    """A capture of raw IP packets."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)
    for at, data in packets:
        out += struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(data), len(data)) + data
    return out

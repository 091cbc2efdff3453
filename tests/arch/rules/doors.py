"""Third-party doors: which room uses which library, in which file, and never in a header of ours."""

import re

from tree import target_of

LIBRARIES = {  # name in the table -> its headers, its targets in CMake
    "fmt": (r"fmt/", {"fmt::fmt"}),
    "libosip2": (r"osip2/|osipparser2/", {"PkgConfig::osip2"}),
    "Expat": (r"expat", {"EXPAT::EXPAT"}),
    "OpenSSL": (r"openssl/", {"OpenSSL::SSL", "OpenSSL::Crypto"}),
    "SQLite": (r"sqlite3", {"SQLite::SQLite3"}),
    "toml++": (r"toml\+\+/|toml\.hpp", {"tomlplusplus::tomlplusplus"}),
    "JSON": (r"nlohmann/", {"nlohmann_json::nlohmann_json"}),
    "Beast": (r"boost/beast", {"linebridge_asio"}),
    "Asio": (r"boost/(asio|system)", {"linebridge_asio"}),
    "spdlog": (r"spdlog/", {"spdlog::spdlog"}),
    "prometheus-cpp": (r"prometheus/", {"prometheus-cpp::core"}),
    "libsystemd": (r"systemd/", {"PkgConfig::systemd"}),
    "CLI11": (r"CLI/", {"CLI11::CLI11"}),
    "libpcap": (r"pcap", {"PkgConfig::pcap"}),
    "libxml2": (r"libxml/", {"LibXml2::LibXml2"}),
}
POSIX = re.compile(r"^((sys|net|netinet|arpa|linux)/[\w/]+|[a-z]+)\.h$")
STANDARD = re.compile(r"^[a-z_0-9]+$")


def library_of(header):
    return next((name for name, (pattern, _) in LIBRARIES.items() if re.match(pattern, header)), None)


def check(tree, table):
    found = []
    users = {}  # (room, library) -> files that include it
    for f in tree.cpp("gateway/", "lb/", "tests/simulators/"):
        room = table.room_of(f.path)
        for line, quoted, header in f.includes:
            if quoted or not room:
                continue
            library = library_of(header)
            what = _judge(f, room, library, header)
            if what:
                found.append((f.path, line, what))
            elif library:
                users.setdefault((room.name, library), {}).setdefault(f.path, line)
    return found + _more_than_one(users, table) + _leaving(tree, table)


def _judge(f, room, library, header):
    if not library:
        known = STANDARD.match(header) or POSIX.match(header)
        return None if known else f"<{header}>: unknown library; a new one needs a door in ARCHITECTURE.md"
    door = room.doors.get(library)
    if not door:
        return f"{room.name} has no door to {library} (<{header}>)"
    if f.suffix == ".hpp" and (door.file or door.one):
        return f"{library} shows in a header (<{header}>); {room.name} keeps it in one .cpp"
    if door.file and f.path.rpartition("/")[2] != door.file:
        return f"in {room.name} only {door.file} uses {library} (<{header}>)"
    return None


def _leaving(tree, table):
    """Headers with third-party headers in them, by themselves or through others, that another room includes."""
    carries = {}  # header of ours -> the library that shows in it
    headers = [f for f in tree.cpp("gateway/", "lb/", "tests/simulators/") if f.suffix == ".hpp"]
    grown = True
    while grown:
        grown = False
        for f in headers:
            if f.path in carries:
                continue
            for _, quoted, name in f.includes:
                library = carries.get(target_of(name)) if quoted else library_of(name)
                if library:
                    carries[f.path] = library
                    grown = True
                    break
    return [
        (f.path, line, f"{name} shows {carries[target_of(name)]} to {room.name}")
        for f in tree.cpp("gateway/", "lb/", "tests/simulators/")
        for line, quoted, name in f.includes
        if quoted and target_of(name) in carries
        and (room := table.room_of(f.path)) and room is not table.room_of(target_of(name))
    ]


def _more_than_one(users, table):
    found = []
    for (room, library), files in users.items():
        if table.rooms[room].doors[library].one and len(files) > 1:
            first, *others = sorted(files)
            found += [(path, files[path], f"{library} is used in {first} already: one file") for path in others]
    return found

"""A client that speaks TLS to a node or to the front end."""

import ssl

from csta_client import Connection


class TlsConnection(Connection):
    def __init__(self, where, context, answer_events=True):
        super().__init__(where, answer_events)
        self.socket = context.wrap_socket(self.socket, server_hostname="gw.example.test")


def client_context(authority, identity=None, newest=None):
    """Trusts `authority`; shows the certificate of `identity`; with `newest` it speaks from TLS 1.0 to that version."""
    made = ssl.create_default_context(cafile=authority.certificate)
    if identity:
        made.load_cert_chain(*identity)
    if newest:
        made.set_ciphers("DEFAULT@SECLEVEL=0")
        made.minimum_version = ssl.TLSVersion.TLSv1
        made.maximum_version = newest
    return made

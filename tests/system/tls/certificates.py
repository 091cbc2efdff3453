"""Certificates for one test run, made by the command openssl."""

import os
import subprocess


class Authority:
    """Signs certificates; everything lies in one folder."""

    def __init__(self, folder, name):
        self.folder = folder
        self.certificate, self.key = self._make(name, ["-addext", "basicConstraints=critical,CA:TRUE"])

    def expired(self, file, common_name):
        """As sign(), but it was good until a moment ago."""
        request = os.path.join(self.folder, file + ".csr")
        certificate, key = (os.path.join(self.folder, file + end) for end in (".pem", ".key"))
        self._run("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj", f"/CN={common_name}",
                  "-out", request, "-keyout", key)
        self._run("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-set_serial", "1", "-days", "0",
                  "-out", certificate)
        return certificate, key

    def sign(self, file, common_name, names=(), usage=None):
        """Gives the paths of a certificate and of its key."""
        alternative = ",".join(f"DNS:{name}" for name in names)
        extensions = ["-addext", f"subjectAltName={alternative}"] if names else []
        extensions += ["-addext", f"extendedKeyUsage={usage}"] if usage else []
        return self._make(file, ["-CA", self.certificate, "-CAkey", self.key, *extensions], common_name)

    def _make(self, file, options, common_name=None):
        certificate, key = (os.path.join(self.folder, file + end) for end in (".pem", ".key"))
        self._run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2", "-subj",
                  f"/CN={common_name or file}", "-out", certificate, "-keyout", key, *options)
        os.chmod(key, 0o600)
        return certificate, key

    @staticmethod
    def _run(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=30)

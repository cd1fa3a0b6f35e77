"""A Valkey of our own, on a Unix socket."""

import socket

from engine.embedded import places
from engine.embedded.account import OURSELVES
from engine.embedded.children import Child, wait_until


class Valkey:
    """The broker. Its data survive a restart (append-only file); nothing depends on that."""

    def __init__(self, data, sockets, *, env, say=None, halted=lambda: False, append_only=True):
        self.data, self.socket = data, sockets / "valkey.sock"
        self.env, self.say, self.halted, self.append_only = env, say, halted, append_only
        self.child = None

    @property
    def url(self):
        """As Celery wants it."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def prepare(self):
        """Make its folders."""
        places.private_folder(self.data, OURSELVES)

    def launch(self):
        """Fork the server and return its Child, without waiting."""
        argv = [
            places.valkey_program(),
            "--port",
            "0",
            "--unixsocket",
            self.socket,
            "--unixsocketperm",
            "700",
        ]
        argv += ["--dir", self.data, "--save", "", "--appendonly", "yes" if self.append_only else "no"]
        argv += ["--daemonize", "no", "--loglevel", "warning", "--maxmemory-policy", "noeviction"]
        argv += ["--proc-title-template", "{title} {unixsocket}"]
        self.child = Child(
            "valkey",
            argv,
            env=self.env,
            cwd=self.data,
            say=self.say,
            log=self.data / "log",
            vital=True,
        )
        return self.child.start()

    def wait(self):
        """Wait until it answers."""
        wait_until(self.answers, "Valkey", 30, self.child, self.halted)

    def answers(self):
        """Whether it answers PING."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False

import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import context  # noqa: F401
from processes import Server, port_is_taken, processes, wait_until

# A leader that starts a child, as MiniStack starts functions, and ends politely without it.
_LEADER = """
import subprocess, sys, time, pathlib
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(600)
"""


class ServerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.child = self.folder / "child"
        self.server = Server("leader", self.folder / "leader.pid", self.folder / "leader.log")

    def start(self):
        self.server.start([sys.executable, "-c", _LEADER, str(self.child)], dict(os.environ), {"digest": "1"})
        self.addCleanup(self.server.stop, 5)
        self.assertTrue(wait_until(lambda: self.child.is_file() and self.child.read_text(), 10))

    def child_lives(self) -> bool:
        found = processes().get(int(self.child.read_text()))
        return found is not None and found.alive

    def test_a_running_server_is_known_by_what_it_was_started_with(self):
        self.assertIsNone(self.server.running())
        self.start()
        self.assertEqual({"digest": "1"}, self.server.running())

    def test_stopping_leaves_no_child_behind(self):
        self.start()
        self.server.stop(5)
        self.assertIsNone(self.server.running())
        self.assertFalse(self.child_lives())
        self.assertFalse(self.server.pid_file.exists())

    def test_the_children_of_a_killed_server_are_stopped_too(self):
        self.start()
        self.server.signal(signal.SIGKILL)
        self.assertTrue(wait_until(lambda: self.server.running() is None, 5))
        self.assertTrue(self.child_lives())
        self.server.stop(5)
        self.assertFalse(self.child_lives())

    def test_a_stranger_with_the_same_pid_is_left_alone(self):
        stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        self.server.pid_file.write_text(f'{{"pid": {stranger.pid}, "started": "before", "config": {{}}}}')
        self.assertIsNone(self.server.running())
        self.server.stop(1)
        self.assertIsNone(stranger.poll())

    def test_a_port_in_use_is_seen(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            self.assertTrue(port_is_taken(taken.getsockname()[1]))


if __name__ == "__main__":
    unittest.main()

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.leash import leashed

PARENT = """
import subprocess, sys, time
from deploy.leash import leashed
child = subprocess.Popen(leashed(["sleep", "60"]), start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone_within(pid, seconds):
    end = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_the_command_runs_as_it_is():
    done = subprocess.run(leashed(["sh", "-c", "echo $PPID; exit 3"]), check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (3, str(os.getpid())), "exec: no process in between"


def test_a_command_that_is_none():
    done = subprocess.run(leashed(["/no/such"]), check=False, capture_output=True, text=True)
    assert done.returncode == 127 and done.stderr == "/no/such: No such file or directory\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a watcher process does this")
def test_the_child_dies_with_a_parent_that_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone_within(child, 3)


def test_a_parent_that_died_before_the_leash_was_on():
    command = leashed(["sleep", "60"])
    command[command.index(str(os.getpid()))] = "1"
    assert subprocess.run(command, check=False, timeout=30).returncode == 1


def test_the_watcher_of_other_systems(monkeypatch):
    program = "import sys; sys.platform = 'other'; from deploy import leash; sys.exit(leash.main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", program, str(os.getpid()), "0", "sh", "-c", "exit 5"], check=False, timeout=30)
    assert done.returncode == 5
    watcher = subprocess.Popen([sys.executable, "-c", program, "1", "0", "sleep", "60"])
    assert watcher.wait(20) == -signal.SIGKILL or watcher.returncode == 256 - signal.SIGKILL


def test_a_nice_command_lets_others_come_first():
    done = subprocess.run(leashed(["nice"], nice=5), check=False, capture_output=True, text=True)
    assert int(done.stdout) == min(os.nice(0) + 5, 19)

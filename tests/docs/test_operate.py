"""docs/operate.md: its units are units, its settings are settings, its commands are commands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.cli.main import COMMANDS, portal
from portal.config import Config, Smtp

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "operate.md").read_text("utf-8")
UNITS = dict(re.findall(r"```ini (\S+)\n(.*?)```", TEXT, re.DOTALL))


def test_every_setting_that_is_named_exists():
    known = {f"PORTAL_{name.upper()}" for name in Config.model_fields}
    known |= {f"PORTAL_SMTP__{name.upper()}" for name in Smtp.model_fields}
    named = set(re.findall(r"PORTAL_[A-Z_]+", TEXT))
    assert named
    assert named <= known


def test_every_command_and_option_that_is_named_exists():
    named = set(re.findall(r"(?:^|[/`])portal ([a-z]+)(?=[ `\n])", TEXT, re.MULTILINE))
    assert {"backup", "restore", "worker", "init"} <= named <= set(COMMANDS)
    for line in re.findall(r"^(?:ExecStart=\S+/)?portal ((?:backup|restore|worker) .*)$", TEXT, re.MULTILINE):
        command = portal.get_command(None, line.split()[0])
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= options


def test_every_key_file_is_told_of():
    from portal.cli.setup import KEYS

    assert all(f"`{name}.key`" in TEXT for name in (*KEYS, "secret"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here to read the units")
def test_units_are_read_by_systemd(tmp_path):
    assert {"exchange.service", "exchange-worker.service", "exchange-backup.timer"} <= set(UNITS)
    for name, text in UNITS.items():
        local = re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text)
        (tmp_path / name).write_text(
            re.sub(r"^(User|Group|EnvironmentFile|WorkingDirectory)=.*\n", "", local, flags=re.MULTILINE)
        )
    paths = [str(tmp_path / name) for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "exchange" in line]
    assert not complaints, done.stderr

"""In production nothing starts half-configured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = {
    "web": ("operate.serve",),
    "worker": ("celery", "-A", "workers.app", "worker"),
    "beat": ("celery", "-A", "workers.app", "beat"),
}


@pytest.mark.parametrize("part", PARTS)
def test_missing_settings_are_named_and_nothing_starts(part, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", *PARTS[part]],
        cwd=tmp_path,  # away from any .env of the checkout
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": "postgresql://studymaster@127.0.0.1:1/studymaster",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "cannot start: set REDIS_URL, FERNET_KEYS, JWT_SECRET" in done.stderr

"""What a host starts fits together: the image, the services, their folders."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def test_every_volume_of_ours_belongs_to_the_account_that_writes_it() -> None:
    (account,) = re.findall(r"^USER (\d+)$", IMAGE, re.MULTILINE)
    owned = re.findall(r"install --directory --owner=(\d+) --group=\d+ (\S+)", IMAGE)
    folders = {v.partition(":")[2] for service in OURS.values() for v in service["volumes"]}
    assert folders
    assert {(account, folder) for folder in folders} <= set(owned)


def test_files_are_kept_in_a_volume() -> None:
    for service in OURS.values():
        kept = {volume.partition(":")[2] for volume in service["volumes"]}
        assert service["environment"]["STORAGE_DIR"] in kept


def test_only_what_listens_is_asked_whether_it_answers() -> None:
    assert "HEALTHCHECK" not in IMAGE
    assert {name for name, service in OURS.items() if "healthcheck" in service} == {"web"}

from pathlib import Path

from operate.check import checks, pinned_names

ROOT = Path(__file__).parents[2]


def test_every_requirement_is_pinned_to_one_version():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    requirements = [line for line in lines if line and not line.startswith("#")]
    assert len(pinned_names(requirements)) == len(requirements)


def test_the_licences_of_all_pinned_packages_are_looked_at():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    licences = next(
        step for step in checks(pinned_names(lines)) if step.title == "licences"
    )
    assert set(pinned_names(lines)) <= set(licences.command)

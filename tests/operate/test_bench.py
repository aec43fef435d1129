import json

import pytest

from operate import bench


def test_an_unknown_part_is_named_with_those_there_are(capsys) -> None:
    assert bench.main(["review", "nothing"]) == 2
    told = capsys.readouterr().out
    assert "There is no part nothing." in told
    assert all(part in told for part in bench.PARTS)


@pytest.mark.parametrize("part", bench.PARTS)
def test_every_part_has_its_module(part) -> None:
    assert (bench.ROOT / "benchmarks" / f"{part}.py").exists()


def test_a_part_that_breaks_fails_the_whole_and_is_named(
    monkeypatch, tmp_path, capsys
) -> None:
    monkeypatch.setattr(bench, "PARTS", ("nothing",))
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    assert bench.main([]) == 1
    assert "Broken: nothing." in capsys.readouterr().out
    (file,) = tmp_path.iterdir()
    kept = json.loads(file.read_text("utf-8"))
    assert (kept["broken"], kept["parts"]) == (["nothing"], {})
    assert kept["machine"]["cores"] > 0

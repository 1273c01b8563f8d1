"""The catalogue: what a TOML may say, and what is said about one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.outlets import SHIPPED, CatalogueError, load_catalogue, load_outlet

GOOD = 'name = "Contoh"\nhome = "https://contoh.example/"\nfamily = "wordpress"\nprovince = "16"\n'


def written(tmp_path: Path, text: str, name: str = "contoh.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_catalogue_is_without_fault() -> None:
    outlets, problems = load_catalogue(SHIPPED)
    assert problems == []
    assert sorted(outlets) == [
        "aksaranewsroom",
        "prabumulihpos",
        "radarokuraya",
        "sumateraekspres",
        "wartain-banten",
    ]


def test_defaults_are_polite(tmp_path: Path) -> None:
    outlet = load_outlet(written(tmp_path, GOOD))
    assert (outlet.delay, outlet.interval, outlet.terms) == (5.0, 1800.0, "full")


@pytest.mark.parametrize(
    ("province", "zone"),
    [("16", "Asia/Jakarta"), ("51", "Asia/Makassar"), ("94", "Asia/Jayapura")],
)
def test_the_province_gives_the_time_zone(tmp_path: Path, province: str, zone: str) -> None:
    outlet = load_outlet(written(tmp_path, GOOD.replace('"16"', f'"{province}"')))
    assert outlet.timezone == zone


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        ("provinsi = '16'", "provinsi", "did you mean 'province'?"),
        ("delay = 0", "delay", "use 1 or more"),
        ("delay = 'cepat'", "delay", "a number"),
        ("enabled = 1", "enabled", "true or false"),
        ("terms = 'some'", "terms", "metadata-only"),
        ("brands = 'Contoh'", "brands", "a list"),
        ("timezone = 'WIB'", "timezone", "Asia/Makassar"),
        ("ports = [0]", "ports", "1 to 65535"),
        ("only = { tag = ['x'] }", "only.tag", "known: dateline, category"),
        ("source = [ { kind = 'rss', url = 'https://contoh.example/' } ]", "source.kind", "feed"),
        ("source = [ { kind = 'feed', url = 'feed' } ]", "source.url", "https://host/path"),
    ],
)
def test_a_wrong_key_is_named_with_its_remedy(
    tmp_path: Path, change: str, key: str, remedy: str
) -> None:
    path = written(tmp_path, f"{GOOD}{change}\n")
    with pytest.raises(CatalogueError) as caught:
        load_outlet(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: {key}: ")
    assert remedy in message
    assert "\n" not in message


@pytest.mark.parametrize("key", ["name", "home", "family", "province"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    text = "".join(f"{line}\n" for line in GOOD.splitlines() if not line.startswith(key))
    with pytest.raises(CatalogueError, match=f"{key}: missing; add a line"):
        load_outlet(written(tmp_path, text))


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"not valid TOML: .*line 1"):
        load_outlet(written(tmp_path, 'name = "Contoh\n'))


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "baik.toml")
    written(tmp_path, "x", "buruk.toml")
    outlets, problems = load_catalogue(tmp_path)
    assert list(outlets) == ["baik"]
    assert len(problems) == 1


def test_a_delay_of_nothing_is_for_mapped_hosts_only(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + "delay = 0\n")
    assert load_outlet(path, mapped=True).delay == 0


def test_an_outlet_answers_to_its_www_form(tmp_path: Path) -> None:
    outlet = load_outlet(written(tmp_path, GOOD + 'hosts = ["lain.example"]\n'))
    assert {"contoh.example", "www.contoh.example", "lain.example"} <= outlet.all_hosts
    assert "example" not in outlet.all_hosts

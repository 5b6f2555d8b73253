"""The demo deletes what it made itself, and nothing else."""

import pytest

from esep.demo import __main__ as command
from esep.demo.generate import MARKER, NotADemoHomeError, fresh_home


def test_a_new_folder_is_made_and_marked(tmp_path):
    home = fresh_home(tmp_path / "a" / "b")
    assert [item.name for item in home.iterdir()] == [MARKER]


def test_an_earlier_demo_is_deleted(tmp_path):
    home = fresh_home(tmp_path / "demo")
    (home / "archive" / "2024").mkdir(parents=True)
    (home / "file").write_text("x")
    (home / "link").symlink_to(tmp_path)
    assert [item.name for item in fresh_home(home).iterdir()] == [MARKER]
    assert tmp_path.exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "archive").mkdir()
    with pytest.raises(NotADemoHomeError, match="--home"):
        fresh_home(tmp_path)
    assert (tmp_path / "archive").exists()


def test_a_file_is_no_home(tmp_path):
    path = tmp_path / "file"
    path.write_text("x")
    with pytest.raises(NotADemoHomeError, match="is a file"):
        fresh_home(path)


def test_the_command_says_so_and_ends_with_2(tmp_path, capsys):
    (tmp_path / "precious").write_text("x")
    assert command.main(["--home", str(tmp_path)]) == 2
    assert "was not made by the demo" in capsys.readouterr().out
    assert (tmp_path / "precious").read_text() == "x"

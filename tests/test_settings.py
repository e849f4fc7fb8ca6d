"""Settings: flags before the environment, and nothing unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ConfigurationError, MissingFolder, MissingSetting, UnknownSetting
from assistant.settings import read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSISTANT_ORIGINALS", raising=False)


def test_a_flag_wins_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "9000")
    assert read_settings(port=None).port == 9000
    assert read_settings(port=9001).port == 9001


def test_an_unknown_name_is_an_error_that_names_the_nearest_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_ORIGINAL", "ergens")
    with pytest.raises(UnknownSetting, match="near=ASSISTANT_ORIGINALS"):
        read_settings()


def test_a_value_that_does_not_fit_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "achtduizend")
    with pytest.raises(ConfigurationError, match=r"setting=ASSISTANT_PORT, value=achtduizend"):
        read_settings()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingFolder, match="ASSISTANT_ORIGINALS"):
        read_settings(originals=tmp_path / "nergens")


def test_without_originals_the_cards_alone_are_used(tmp_path: Path) -> None:
    assert read_settings(corpus=tmp_path).originals_folder is None


def test_another_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = read_settings(port=9002, originals=tmp_path, data=tmp_path / "data")
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    assert read_settings() == settings


def test_an_address_of_a_model_needs_the_model() -> None:
    with pytest.raises(MissingSetting, match=r"ASSISTANT_MODEL, because=ASSISTANT_MODEL_BASE_URL"):
        read_settings(model_base_url="http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    ("name", "value"), [("model_base_url", "model.example"), ("model_timeout", 0), ("model", "")]
)
def test_settings_of_a_model_that_do_not_fit_are_named(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=f"ASSISTANT_{name.upper()}"):
        read_settings(**{"model": "openai:proefmodel", name: value})


def test_a_reranker_is_read_from_the_environment_and_is_off_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings().reranker is None
    monkeypatch.setenv("ASSISTANT_RERANKER", "modellen/cross-encoder")
    assert read_settings().reranker == "modellen/cross-encoder"


def test_an_empty_name_for_the_originals_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ORIGINALS", "")
    assert read_settings().originals is None


def test_a_reranker_without_a_name_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_RERANKER", "")
    with pytest.raises(ConfigurationError, match="ASSISTANT_RERANKER"):
        read_settings()

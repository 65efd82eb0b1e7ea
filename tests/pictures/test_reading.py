"""Reading of a picture: text in order, QR codes, scores of a model; nothing is downloaded."""

from __future__ import annotations

import importlib.util
import logging
import socket
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.picture_files import encoded, overlaid, qr_code, scene, with_text
from wildcrawl.pictures import codes, likeness, reading, text
from wildcrawl.pictures.codes import read_codes
from wildcrawl.pictures.decode import PictureError, Pixels, as_pixels
from wildcrawl.pictures.model import ModelError, PictureModel, load_picture_model
from wildcrawl.pictures.reading import VERSION, Task, missing_readers, read, readers
from wildcrawl.pictures.text import Line, in_order


def test_text_codes_and_contacts_are_read_in_one_pass(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a picture's reader opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refused)
    text._reader.cache_clear()
    picture = with_text(scene(3), ["象牙手镯 老料", "加微信：ivory_8899"])
    picture.paste(qr_code("https://u.wechat.com/made-up", 5), (380, 330))
    seen = read(Task(encoded(picture, quality=80)))
    lines = seen.text.splitlines()
    assert lines[0].replace(" ", "") == "象牙手镯老料"
    assert lines[1].endswith("[wechat]")
    assert [contact.kind for contact in seen.contacts] == ["wechat", "wechat"]
    assert seen.contacts[0].value == "ivory_8899"
    assert (seen.format, seen.width, seen.height, seen.codes) == ("JPEG", 640, 640, 1)
    assert seen.likeness.features is not None
    assert capfd.readouterr() == ("", "")


def test_a_picture_without_text_gives_none() -> None:
    seen = read(Task(encoded(scene(5))))
    assert (seen.text, seen.contacts, seen.codes, seen.scores) == ("", [], 0, {})


def test_a_single_letter_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader takes a tusk for a C, a ring for an O, a plaque for a 1."""
    box = (10.0, 10.0, 60.0, 60.0)
    read_as = [Line(each, box, 0.9) for each in ("C", "O.", " 1 ", "（c）", "Ｃ", "虎", "¥5", "A1")]
    monkeypatch.setattr(text, "read_lines", lambda _: read_as)
    assert read(Task(encoded(scene(5)))).text.splitlines() == ["虎", "¥5", "A1"]


def test_a_fault_is_a_picture_error() -> None:
    with pytest.raises(PictureError, match="SVG"):
        read(Task(b"<svg/>"))


def test_lines_are_ordered_by_rows() -> None:
    boxes = [(200.0, 12, 300, 40), (10.0, 10, 120, 42), (10.0, 60, 90, 90), (0.0, 110, 90, 300)]
    lines = [Line(name, box, 1.0) for name, box in zip("bacd", boxes, strict=True)]
    assert "".join(line.text for line in in_order(lines)) == "abcd"


def test_a_thin_character_at_the_end_of_a_line_is_read() -> None:
    """A box that was found for the line ends before it."""
    picture = overlaid(scene(18, 800), "一角鲸", (261, 596), 28, (20, 20, 20), (250, 250, 250))
    assert [line.text for line in text.read_lines(as_pixels(picture))] == ["一角鲸"]


def test_a_line_within_a_larger_box_is_found_besides() -> None:
    """A lively ground joins a line with what is around it, where the map is above 0.3."""
    found = np.zeros((1, 1, 100, 200), dtype=np.float32)
    found[..., 20:80, 20:180] = 0.6
    found[..., 44:56, 60:120] = 0.95
    text._reader()._load_det_model()
    boxes, scores = text._reader().text_det.postprocess_op(found, (100, 200))
    assert len(boxes) == len(scores) == 2
    assert np.ptp(boxes[0], axis=0).tolist() > [160, 60]
    low, high = boxes[1].min(axis=0), boxes[1].max(axis=0)
    assert (low <= (60, 44)).all()
    assert (high >= (120, 56)).all()
    assert (high - low <= (90, 45)).all()


def box(left: float, top: float, right: float, bottom: float) -> list[list[float]]:
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def test_a_line_is_within_a_box_around_its_middle_that_is_twice_as_large() -> None:
    turned = [[0, 100], [10, 90], [110, 190], [100, 200]]
    boxes = np.array([box(0, 0, 100, 40), turned])
    inner = np.array([box(10, 10, 60, 30), box(0, 0, 90, 38), box(20, 180, 30, 190)])
    assert text.lines_within(boxes, inner) == [(0, 0)]


def test_what_was_read_twice_is_kept_once() -> None:
    boxes = np.array([box(0, 0, 100, 40), box(10, 10, 60, 30), box(60, 10, 95, 30)])
    assert text._parts(boxes, ["犀牛角 手串", "犀牛角", "手申"]) == [1]


def test_a_line_is_read_beyond_its_ends_within_the_picture() -> None:
    boxes = np.array([box(50, 10, 150, 30), box(5, 50, 190, 70), box(10, 10, 30, 90)])
    wide = text.widened(boxes, 200, 100)
    assert wide.tolist() == [box(40, 10, 160, 30), box(0, 50, 199, 70), box(10, 10, 30, 90)]


def test_codes_are_read_turned_and_inverted() -> None:
    code = qr_code("微信 ivory_8899")
    turned = code.rotate(30, expand=True, fillcolor=(255, 255, 255))
    inverted = code.point(lambda value: 255 - value)
    for picture in (code, turned, inverted):
        assert [code.text for code in read_codes(as_pixels(picture))] == ["微信 ivory_8899"]
    assert read_codes(as_pixels(scene(1))) == []


def test_without_the_extra_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "reader_name", lambda: "")
    monkeypatch.setattr(codes, "code_reader_name", lambda: "")
    monkeypatch.setattr(reading, "find_spec", lambda _: None)
    monkeypatch.setattr(likeness, "find_spec", lambda _: None)
    assert missing_readers() == ["text", "QR codes", "crops, mirror images and screenshots"]
    assert readers() == f"reading {VERSION}"
    seen = read(Task(encoded(scene(1))))
    assert seen.likeness.hash is not None
    assert (seen.text, seen.likeness.features, seen.likeness.words) == ("", None, None)


def test_readers_names_what_a_reading_depends_on() -> None:
    assert readers().startswith(f"reading {VERSION}, rapidocr 3.")
    assert missing_readers() == []
    assert importlib.util.find_spec("cv2")


def test_the_text_reader_logs_errors_only() -> None:
    """Another test may have set the level back since the reader was made."""
    text._reader.cache_clear()
    text._reader()
    assert logging.getLogger("RapidOCR").level >= logging.ERROR


class ColourModel:
    """A model of mean colours, trained on examples by label."""

    version = "colours 1"

    def __init__(self, examples: dict[str, Sequence[Pixels]]) -> None:
        self.means = {
            label: np.mean([picture.mean(axis=(0, 1)) for picture in pictures], axis=0)
            for label, pictures in examples.items()
        }

    def __call__(self, batch: Sequence[Pixels]) -> list[dict[str, float]]:
        return [self._scores(picture.mean(axis=(0, 1))) for picture in batch]

    def _scores(self, colour: np.ndarray) -> dict[str, float]:
        near = {
            label: float(np.exp(-np.linalg.norm(colour - mean) / 30))
            for label, mean in self.means.items()
        }
        return {label: score / sum(near.values()) for label, score in near.items()}


def coloured(colour: tuple[int, int, int], seed: int) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, 14, (40, 40, 3))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


IVORY, HORN = (238, 226, 200), (88, 58, 36)
trained = ColourModel(
    {
        "ivory": [coloured(IVORY, seed) for seed in range(5)],
        "horn": [coloured(HORN, seed) for seed in range(5)],
    }
)


def test_a_trained_model_scores_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{__name__}:trained"
    model = load_picture_model(name)
    assert model is not None
    assert model.name == f"{name} colours 1"
    scores = model.scores([coloured(IVORY, 9), coloured(HORN, 9)])
    assert scores[0]["ivory"] > 0.9
    assert scores[1]["horn"] > 0.9
    seen = read(Task(encoded(Image.fromarray(coloured(HORN, 10))), model=name))
    assert seen.scores["horn"] > 0.9
    assert readers(name).endswith(f"model {name} colours 1")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ranker", "not of the form module:name"),
        ("no_such_module:call", "was not found"),
        ("wildcrawl:no_such_name", "was not found"),
        ("wildcrawl:__version__", "not callable"),
    ],
)
def test_a_model_that_cannot_be_loaded_names_the_setting(name: str, why: str) -> None:
    with pytest.raises(ModelError, match=why) as caught:
        load_picture_model(name)
    assert "WILDCRAWL_PICTURE_MODEL" in str(caught.value)


def test_no_model_is_none() -> None:
    assert load_picture_model(" ") is None


@pytest.mark.parametrize(
    ("result", "why"),
    [([], "0 results for 1"), ([["ivory"]], "return a mapping"), ([{"ivory": 3}], "from 0 to 1"),
     ([{"ivory": float("nan")}], "from 0 to 1"), (None, "failed")],
)  # fmt: skip
def test_a_result_of_another_form_is_refused(result: object, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        PictureModel("m:f", lambda _: result).scores([coloured(IVORY, 1)])  # type: ignore[arg-type, return-value]


def test_the_models_are_files_of_the_installed_package() -> None:
    import rapidocr

    for name in text._MODELS.values():
        assert (Path(rapidocr.__file__).parent / "models" / name).is_file()

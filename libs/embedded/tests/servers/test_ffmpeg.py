"""FFmpeg is found and says what it is."""

import os

from revenge.embedded.servers import Ffmpeg


def test_it_is_there_and_knows_its_version() -> None:
    ffmpeg = Ffmpeg.bundled()

    assert os.access(ffmpeg.binary, os.X_OK)
    assert ffmpeg.version.lstrip("n")[0].isdigit()

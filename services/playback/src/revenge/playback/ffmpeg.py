"""Where ffmpeg is."""

import asyncio

from imageio_ffmpeg import get_ffmpeg_exe


async def find_ffmpeg() -> str:
    """The binary of the `imageio-ffmpeg` wheel, or what `IMAGEIO_FFMPEG_EXE` names."""
    return str(await asyncio.to_thread(get_ffmpeg_exe))

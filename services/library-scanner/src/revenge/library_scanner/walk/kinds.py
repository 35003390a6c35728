"""What a file is, by the end of its name."""

import enum


class FileKind(enum.StrEnum):
    VIDEO = "video"
    AUDIO = "audio"
    SUBTITLE = "subtitle"
    IMAGE = "image"
    NFO = "nfo"
    BOOK = "book"
    OTHER = "other"


_EXTENSIONS = {
    FileKind.VIDEO: (
        "3g2 3gp amv asf avi bik divx dv dvr-ms evo f4v flv ivf m1v m2p m2t m2ts m2v "
        "m4v mk3d mkv mov mp2v mp4 mpe mpeg mpg mpv mts mxf nsv nuv ogm ogv ogx ps qt rm rmvb "
        "svq3 tod tp trp ts ty vdr viv vob webm wmv wtv xvid y4m"
    ),
    FileKind.AUDIO: (
        "aac ac3 aif aiff alac ape caf dff dsf dts eac3 flac m4a m4b mka mp2 mp3 mpc oga ogg opus "
        "ra shn spx tak thd tta wav weba wma wv"
    ),
    FileKind.SUBTITLE: (
        "aqt ass dfxp idx itt jss mks mpl pjs psb rt sami sbv smi srt ssa stl sub sup ttml usf vtt"
    ),
    FileKind.IMAGE: "avif bmp gif heic heif jfif jpe jpeg jpg jxl png svg tbn tif tiff webp",
    FileKind.NFO: "nfo",
    FileKind.BOOK: "azw azw3 cb7 cbr cbt cbz djvu epub fb2 kfx mobi pdf",
}
# A disc's index (ifo, bdm), its image (iso) and a pointer (strm) are left out: no probe reads them.
_KINDS = {
    extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions.split()
}


def extension(name: str) -> str:
    """The end of a name, lower case and without its dot; empty if there is none."""
    stem, dot, end = name.rpartition(".")
    return end.lower() if dot and stem else ""


def file_kind(name: str) -> FileKind:
    return _KINDS.get(extension(name), FileKind.OTHER)

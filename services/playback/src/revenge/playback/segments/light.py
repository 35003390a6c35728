"""Light that only some screens can show, mapped to what all can: filters of ffmpeg."""

from __future__ import annotations

from revenge.contracts.media import HdrKind

Matrix = tuple[tuple[float, ...], ...]

# what an SDR screen shows of it (BT.709, 100 cd/m2)
_SHOWN = "tonemap=tonemap=hable:desat=0,zscale=transfer=bt709:matrix=bt709:range=limited"
_TO_SDR = f"zscale=transfer=linear:npl=100,format=gbrpf32le,zscale=primaries=bt709,{_SHOWN}"

# Dolby Vision of profile 5 has intensity and two colour differences where others have YCbCr. Those
# are a rotation of PQ-coded LMS, with 2 % of crosstalk between its channels. Each file says these
# numbers in its metadata, and every one says the same.
_IPT_TO_LMS = (
    (1, 799 / 8192, 1681 / 8192),
    (1, -933 / 8192, 1091 / 8192),
    (1, 267 / 8192, -5545 / 8192),
)
_APART = tuple(tuple((17081 if n == m else -349) / 16384 for m in range(3)) for n in range(3))
# cone responses (Hunt, Pointer, Estevez) to BT.2020, and that to BT.709 (ITU-R BT.2407)
_LMS_TO_BT2020 = (
    (3.06441879, -2.16597676, 0.10155818),
    (-0.65612108, 1.78554118, -0.12943749),
    (0.01736321, -0.04725154, 1.03004253),
)
_BT2020_TO_BT709 = (
    (1.660491, -0.587641, -0.072850),
    (-0.124550, 1.132900, -0.008349),
    (-0.018151, -0.100579, 1.118730),
)
_BRIGHTER = 4  # the mixer takes no number above 2; so linear light is made that much brighter first


def to_sdr(light: HdrKind) -> list[str]:
    """The labels first: files often bear only some of them, and zscale then refuses."""
    match light:
        case HdrKind.SDR:
            return []
        case HdrKind.DOLBY_VISION:
            return _from_ipt()
        case _:
            transfer = "arib-std-b67" if light is HdrKind.HLG else "smpte2084"
            labels = f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc"
            return [labels, _TO_SDR]


def _from_ipt() -> list[str]:
    """What the metadata says of single scenes is not known to ffmpeg, and left out."""
    to_bt709 = _product(_product(_BT2020_TO_BT709, _LMS_TO_BT2020), _APART)
    dimmed = tuple(tuple(number / _BRIGHTER for number in row) for row in to_bt709)
    centred = tuple(-(row[1] + row[2]) / 2 for row in _IPT_TO_LMS)
    return [
        # planes as they are, at full range, under the names that the mixer has for them
        "setparams=range=pc,format=yuv444p10le,mergeplanes=0x010200:gbrp10le",
        "setparams=range=pc:colorspace=gbr:color_primaries=bt2020:color_trc=smpte2084",
        f"format=gbrapf32le,{_mixer(_IPT_TO_LMS, centred)},format=gbrpf32le",
        f"zscale=transfer=linear:npl={100 // _BRIGHTER},{_mixer(dimmed)}",
        f"setparams=color_primaries=bt709,{_SHOWN}",
    ]


def _mixer(matrix: Matrix, added: tuple[float, ...] = ()) -> str:
    """`added` to each channel, by its alpha, which is 1."""
    gains = [
        f"{to}{of}={number:.6f}"
        for to, row in zip("rgb", matrix, strict=True)
        for of, number in zip("rgb", row, strict=True)
    ]
    gains += [f"{to}a={number:.6f}" for to, number in zip("rgb", added, strict=False)]
    return f"colorchannelmixer={':'.join(gains)}"


def _product(one: Matrix, other: Matrix) -> Matrix:
    columns = tuple(zip(*other, strict=True))
    return tuple(
        tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns)
        for row in one
    )

"""The words of releases: where they begin, a title has ended."""

import re

_STRONG_WORDS = r"""
\d{3,4}[pi](?:\d\d)?|[48]k|(?:ultra-?)?uhd|ultra-?hd|fhd|\d{3,4}[x*]\d{3,4}
|(?:m|uhd)?blu-?ray\w*|(?:uhd)?bd-?(?:rip|remux|mux|light|25|50|iso|\d{3,4}p)|br-?(?:rip|mux)
|web-?(?:dl|rip|mux|hd|cap)\w*|web[ ](?:dl|rip)|dl-?mux
|hd-?tv\w*|[ps]dtv|dsr(?:ip)?|(?:tv|sat|dvb|dth)-?rip|hd[ ]tv|\d{0,2}x?dvd\w*|[\w]*xvidvd|dvb
|hd-?(?:rip|light|cam|dvd|ts|tc)|hdlight|(?:hd|new)?cam-?rip|newcam|tele-?(?:sync\w*|cine)
|vhs(?:rip)?
|(?:bd|dvd|br|web|dm|r5|vod|ld|pdtv|ppv)-?rip(?:mux)?|vodrip|scr(?:eener)?|dvdscr
|(?:amazon|netflix|itunes|maxdome|hbomax|disney|sky|web|joyn)(?:u?hd|sd)
|[xh][ .-]?26[3-6]|hevc(?:-4k)?|avc|xvid|divx\w*|av1|vp[89]|vc-?1|mpeg-?[24]|wmv
|aac\w*|ac-?3\w*|e-?ac-?3\w*|ddp?a?\+?(?:[ ]?[12567][ ]?[01])|dd[p+]|dts(?:-?\w+)?|true-?hd
|flac\w*|atmos|l?pcm|mp3|lame3|\d{2,3}[ ]kbps|\d[ ]?ch
|(?:8|10|12)[ -]?bits?|10b|hi10p?|hdr(?:10)?(?:\+|plus)?|remux\w*|hybrid-remux
|repack\d?|rerip\d?|readnfo|vostfr|subfrench|truefrench|vff|vfq|vfi|vof|nlsubs?
|dvdivx|d-?theater|\d{3,4}mb|bt[ ]?(?:709|2020)|(?:half|h)-?(?:sbs|ou)|r5|m?hd(?=[ -]\d{3,4}p)
|\d{2,3}(?:[ ]\d{3})?[ ]?fps|vr[ ]?(?:180|360)|hdc|\d[ ]?cds?|multi(?=$)
|(?<=[\[(])[0-9a-f]{8}(?=[\])])
"""
_WEAK_WORDS = r"""
german|french|english|spanish|italian|russian|japanese|korean|chinese|dutch|swedish|norwegian
|danish|finnish|polish|portuguese|turkish|hindi|swissgerman|latino|castellano|flemish|tamil|telugu
|ger|eng|ita|fra?e?|spa|esp|rus|jpn|jap|kor|chi|nl|pl|pt|ukr|us|vo|vf|dl|ml|md|ld|multi\w*|dual
|web|bd|br|dc|xxx|hd|hq|lq|ws|oar|imax|hdr|dv|dovi|sdr|3d|ts|tc|cam
|audio|limited|internal|complete|unrated|uncut|uncensored|extended|remastered|restored|theatrical
|directors?|director's|cut|edition|version|special|recut|final|ultimate|convert|colorized|festival
|proof|sample|fix|stv|doku|docu|dubbed|dublado|subbed|synced|custom|nordic|nfo|disc|full|pack
|subs?|subtitles|legendado|legendas|vost|pal|ntsc|retail|open[ ]matte|hybrid|arrow|criterion|fs
|opus|mkv|mp4|proper\d?|new|real|readnfo|nfofix|dm|r5|hfr|sbs|fastsub|v\d
|box-?set|complete[ ](?:mini-?)?series|(?:l'?)?int[ée]grale|coffret
"""
_STRONG = _STRONG_WORDS.replace("\n", "").replace("[ ]", " ")
_WEAK = _WEAK_WORDS.replace("\n", "").replace("[ ]", " ")
_SEPARATORS = r"[ \-+,()\[\]&/]{1,4}"
_TAIL = r"(?![a-z0-9])"

FIRST = re.compile(
    rf"(?<![a-z0-9])(?:(?:{_WEAK}){_SEPARATORS}){{0,10}}(?:{_STRONG}){_TAIL}", re.IGNORECASE
)
_LEADING = re.compile(
    rf"(?:[ \-\[(]*(?!\d+-bit)(?:{_STRONG}){_TAIL}[ \-\])]*)+",
    re.IGNORECASE,  # `8-Bit Christmas`
)
TELEVISION = re.compile(
    r"(?<![a-z0-9])(?:hdtv\w*|[ps]dtv|dsr|dsrip|tvrip)(?![a-z0-9])", re.IGNORECASE
)


def first(text: str, start: int = 0) -> int:
    """Where the first words of a release begin, or the end of the text."""
    found = FIRST.search(text, start)
    return found.start() if found else len(text)


def leading(text: str) -> int:
    """How much of the text's start is nothing but such words: `h265 - HEVC Riddick`."""
    found = _LEADING.match(text)
    return found.end() if found and found.end() < len(text) else 0

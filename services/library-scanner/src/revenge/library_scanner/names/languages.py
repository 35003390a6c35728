"""Languages by the codes and names that people put into file names."""

import re

# ISO 639-2/T, ISO 639-1, ISO 639-2/B where it differs, names in English and in the language
_TABLE = """
aar aa
abk ab
afr af
aka ak
amh am
ara ar arabic
asm as
aym ay
aze az
bak ba
bel be
bul bg bulgarian български
ben bn bengali bangla
bod bo tib
bre br
bos bs
cat ca catalan català catala
cos co
ces cs cze czech čeština cz
cym cy wel welsh
dan da danish dansk dk
deu de ger german deutsch
div dv
dzo dz
ell el gre greek ελληνικά gr
eng en english inglés ingles ing
epo eo
spa es spanish español espanol castellano esp castilian
est et estonian eesti
eus eu baq basque euskara
fas fa per persian farsi
fin fi finnish suomi
fao fo
fra fr fre french français francais vff vfq vfi vf truefrench
fry fy
gle ga irish
gla gd
glg gl galician
guj gu gujarati
glv gv
hau ha
heb he hebrew
hin hi hindi
hrv hr croatian hrvatski
hat ht
hun hu hungarian magyar
hye hy arm armenian
ind id indonesian
ibo ig
isl is ice icelandic íslenska
ita it italian italiano
iku iu
jpn ja japanese jp jap 日本語
jav jv
kat ka geo georgian
kaz kk kazakh
kal kl
khm km khmer
kan kn kannada
kor ko korean kr 한국어
kur ku kurdish
cor kw
kir ky
lat la latin
ltz lb
lin ln
lao lo
lit lt lithuanian
lav lv latvian
mlg mg
mri mi mao
mkd mk mac macedonian
mal ml malayalam
mon mn mongolian
mar mr marathi
msa ms may malay
mlt mt
mya my bur burmese
nob nb bokmål bokmal
nep ne nepali
nld nl dut dutch nederlands flemish
nno nn nynorsk
nor no norwegian norsk
nya ny
oci oc
ori or
pan pa punjabi
pol pl polish polski
pus ps
por pt portuguese português portugues
que qu
roh rm romansh
ron ro rum romanian română romana
rus ru russian русский
kin rw
san sa
snd sd
sme se
sin si sinhala sinhalese
slk sk slo slovak slovenčina
slv sl slovenian slovene slovenščina
smo sm
sna sn
som so
sqi sq alb albanian
srp sr serbian srpski
sot st
sun su
swe sv swedish svenska
swa sw
tam ta tamil
tel te telugu
tgk tg
tha th thai ไทย
tir ti
tuk tk
fil tl tagalog filipino
tsn tn
ton to
tur tr turkish türkçe turkce
tso ts
tat tt
uig ug
ukr uk ukrainian українська ua
urd ur urdu
uzb uz uzbek
vie vi vietnamese
wol wo
xho xh
yid yi yiddish
yor yo
zho zh chi chinese mandarin cantonese 中文
zul zu
"""
_VARIANTS = {
    "big5": "zh-Hant",
    "brazilian": "pt-BR",
    "chs": "zh-Hans",
    "cht": "zh-Hant",
    "latino": "es-419",
    "pb": "pt-BR",
    "pob": "pt-BR",
    "ptbr": "pt-BR",
    "sc": "zh-Hans",
    "simplified": "zh-Hans",
    "tc": "zh-Hant",
    "traditional": "zh-Hant",
}
_CODES = {word: line.split()[0] for line in _TABLE.split("\n") if line for word in line.split()}
_SHORTEST = {line.split()[0]: line.split()[1] for line in _TABLE.split("\n") if line}
_REGIONAL = re.compile(r"([a-z]{2,3})[-_](hans|hant|latn|cyrl|[a-z]{2}|419)", re.IGNORECASE)


def language(word: str) -> str | None:
    """ISO 639-2/T for a code or a name; BCP 47 where a region or a script is said."""
    word = word.lower()
    known = _VARIANTS.get(word) or _CODES.get(word)
    if known:
        return known
    regional = _REGIONAL.fullmatch(word)
    code = _SHORTEST.get(_CODES.get(regional[1], "")) if regional else None
    if regional is None or code is None:
        return None
    place = regional[2]
    return f"{code}-{place.upper() if len(place) < 4 else place.title()}"  # noqa: PLR2004 script

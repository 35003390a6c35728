"""Subtitles' names say language, use and title."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revenge.library_scanner.neighbours import Sidecar, read_sidecar


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", Sidecar()),
        (".en", Sidecar(language="eng")),
        (".EN", Sidecar(language="eng")),
        (".ger", Sidecar(language="deu")),
        (".pt-BR", Sidecar(language="pt-BR")),
        (".zh-Hans.sdh", Sidecar(language="zh-Hans", hearing_impaired=True)),
        (".hi", Sidecar(language="hin")),
        (".en.hi", Sidecar(language="eng", hearing_impaired=True)),
        (".hi.en", Sidecar(language="eng", hearing_impaired=True)),
        (".forced.en", Sidecar(language="eng", forced=True)),
        (".foreign", Sidecar(forced=True)),
        (".fr.en", Sidecar(language="eng", title="fr")),
        (".Title.with.Separator", Sidecar(title="Title.with.Separator")),
        (".title.en.default.forced", Sidecar("eng", "title", default=True, forced=True)),
        (".Subs for Chinese Audio.eng", Sidecar("eng", "Subs for Chinese Audio")),
        ("2_English", Sidecar(language="eng")),
        ("track3_eng", Sidecar(language="eng")),
        (".Brazilian Portuguese", Sidecar(language="pt-BR")),
        (".Portuguese (Brazilian)", Sidecar(language="pt-BR")),
        (".Simplified Chinese", Sidecar(language="zh-Hans")),
        (".Spanish (Latin American)", Sidecar(language="es-419")),
        (".Latin American Spanish.forced", Sidecar(language="es-419", forced=True)),
        (".chs&eng", Sidecar(language="zh-Hans")),
        (".European Spanish", Sidecar(language="es-ES")),
        (".Spanish (Spain).forced", Sidecar(language="es-ES", forced=True)),
        (".Portuguese (Portugal)", Sidecar(language="pt-PT")),
        (".Canadian French.sdh", Sidecar(language="fr-CA", hearing_impaired=True)),
        (".und.forced", Sidecar(forced=True)),
        (".en.hearing_impaired", Sidecar(language="eng", hearing_impaired=True)),
        (".English Closed Captions", Sidecar(language="eng", hearing_impaired=True)),
        (".en.Latinos at Work", Sidecar(language="eng", title="Latinos at Work")),
        (" [English SDH]", Sidecar(language="eng", hearing_impaired=True)),
    ],
)
def test_a_name_is_read_from_its_end(rest: str, expected: Sidecar) -> None:
    assert read_sidecar(rest) == expected


@settings(deadline=None)
@given(st.text(max_size=255))
def test_no_name_raises(rest: str) -> None:
    read_sidecar(rest)

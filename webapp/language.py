"""Chinese is the language of the source; English comes from one .po file, read as it is.  Knows no page."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale

from webapp.preferences import current_preferences

CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@lru_cache(maxsize=1)
def english() -> Translations:
    """The English sentences; compiled in memory, so no build step can be forgotten."""
    compiled = BytesIO()
    with CATALOGUE.open("rb") as source:
        write_mo(compiled, read_po(source, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


class _Catalogue(Domain):
    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return english() if locale is not None and locale.language == "en" else NullTranslations()


class _Languages(Babel):
    domain_instance = _Catalogue(domain="messages")


def register(app: Flask) -> None:
    _Languages(
        app,
        default_locale="zh_CN",
        default_timezone="Asia/Shanghai",
        locale_selector=lambda: "en" if current_preferences().language == "en" else "zh_CN",
    )

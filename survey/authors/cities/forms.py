"""Forms for the cities and levels that an author uploads."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import HiddenField

from survey.files.study_folder.reading import CITIES, LEVELS
from survey.files.study_folder.writing import study_files
from survey.reports.ranking.changes import units_digest
from survey.values import Study
from survey.web.responses import accepting

#: Time between the preview and loading, in seconds.
CHECK_LASTS = 24 * 3600


class LevelsForm(FlaskForm):
    """Form to upload new levels, and the cities if they change."""

    levels = FileField("levels.csv", render_kw=accepting("csv"))
    cities = FileField(
        _l("cities.csv, only where names, countries or places change"), render_kw=accepting("csv")
    )

    def content(self) -> dict[str, bytes]:
        """Return the chosen files by their names in a study folder."""
        return {
            f"{field.name}.csv": field.data.read()
            for field in (self.levels, self.cities)
            if field.data and field.data.filename
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """Valid files, and the digest of the units they were compared with."""

    files: dict[str, bytes]
    shown: str


class LoadForm(FlaskForm):
    """Form to load the files that were checked before, from a signed token."""

    loading = HiddenField()

    def checked(self, key: str, study_id: int) -> Checked | None:
        """Return the content of the token by :func:`sealed`; None if expired or forged."""
        try:
            content = _serializer(key, study_id).loads(self.loading.data or "", max_age=CHECK_LASTS)
        except BadData:
            return None
        files = {name: file.encode() for name, file in content["files"].items()}
        return Checked(files, content["shown"])


def sealed(key: str, study_id: int, before: Study, after: Study) -> str:
    """Return the checked files as a signed token for the confirmation form."""
    files = study_files(after)
    return _serializer(key, study_id).dumps(
        {
            "shown": units_digest(before.units),
            "files": {name: files[name].decode() for name in (CITIES, LEVELS)},
        }
    )


def _serializer(key: str, study_id: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=f"units of study {study_id}")

"""The cities and levels that an author hands in."""

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

#: How long an author may look at what she is about to load, in seconds.
CHECK_LASTS = 24 * 3600

CSV = {"accept": ".csv,text/csv"}


class UploadForm(FlaskForm):
    """New levels, and the cities themselves where they change."""

    levels = FileField("levels.csv", render_kw=CSV)
    cities = FileField(
        _l("cities.csv, only where names, countries or places change"), render_kw=CSV
    )

    def content(self) -> dict[str, bytes]:
        """The files that were chosen, by their names in a study folder."""
        return {
            f"{field.name}.csv": field.data.read()
            for field in (self.levels, self.cities)
            if field.data and field.data.filename
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """Files that were found right, and the digest of the units they were compared with."""

    files: dict[str, bytes]
    shown: str


class LoadForm(FlaskForm):
    """What was checked before, sealed, to be loaded now."""

    loading = HiddenField()

    def checked(self, key: str, study_id: int) -> Checked | None:
        """What :func:`sealed` put into the form; None where it is too old, or not ours."""
        try:
            content = _serializer(key, study_id).loads(self.loading.data or "", max_age=CHECK_LASTS)
        except BadData:
            return None
        files = {name: file.encode() for name, file in content["files"].items()}
        return Checked(files, content["shown"])


def sealed(key: str, study_id: int, before: Study, after: Study) -> str:
    """What was checked, to stand in a form until she agrees; nobody else can make one."""
    files = study_files(after)
    return _serializer(key, study_id).dumps(
        {
            "shown": units_digest(before.units),
            "files": {name: files[name].decode() for name in (CITIES, LEVELS)},
        }
    )


def _serializer(key: str, study_id: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=f"units of study {study_id}")

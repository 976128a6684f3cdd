"""A page that reads while others write sees one state: a journal never looks broken."""

from survey.models import Study
from survey.store import journal
from tests.worlds import cast


def test_what_is_written_while_a_page_reads_is_not_seen(database):
    with database.writing() as session:
        study_id = cast.load(session).id

    with database.reading() as page:
        assert page.get(Study, study_id).code == "pilot"
        before = journal.load_head(page, study_id)
        with database.writing() as session:
            journal.record(session, study_id, "author author", "tried", {}, cast.NOON)
        assert journal.load_head(page, study_id) == before
        assert journal.find_fault(page, study_id) is None
    with database.reading() as page:
        assert journal.load_head(page, study_id) != before

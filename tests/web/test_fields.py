"""Fields of forms, and numbers too long for them."""

from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import NumberRange, Optional

from survey.web.fields import WholeNumberField
from tests.clients.pages import PageClient

SURVEY = Path(__file__).parents[2] / "survey"
LONG = ["9" * 11, "9" * 400, f"-{'9' * 400}", "9" * 5000]


class CountForm(Form):
    """Form with an optional number, between bounds or free."""

    count = WholeNumberField(validators=[Optional(), NumberRange(0, 99)])
    free = WholeNumberField(validators=[Optional()])


@pytest.mark.parametrize("number", LONG)
def test_a_number_of_more_than_ten_digits_is_refused_before_it_is_compared(number):
    form = CountForm(MultiDict({"count": number, "free": number}))

    assert not form.validate()
    assert form.count.errors[0] == form.free.errors[0] == "Not a valid integer value."
    assert (form.count.data, form.free.data) == (None, None)


@pytest.mark.parametrize(("text", "number"), [("7", 7), (" 99 ", 99), ("0000000005", 5)])
def test_a_number_of_few_digits_is_read(text, number):
    form = CountForm(MultiDict({"count": text, "free": "-9999999999"}))

    assert form.validate()
    assert (form.count.data, form.free.data) == (number, -9_999_999_999)


def test_every_whole_number_of_a_form_is_read_by_this_field():
    using = [p.name for p in SURVEY.rglob("*.py") if "IntegerField" in p.read_text("utf-8")]

    assert using == ["fields.py"]


@pytest.mark.parametrize("digits", [400, 2000])
def test_a_number_of_hundreds_of_digits_in_a_query_is_refused(client: PageClient, digits):
    long = "9" * digits

    response = client.get("/seal", query_string={"entry": long, "seal": "0123456789abcdef"})

    assert response.status_code == 422

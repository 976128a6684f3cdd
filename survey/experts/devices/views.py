"""Views of an expert's devices."""

from datetime import timedelta

from flask import abort, redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from survey.db import MAX_ID
from survey.experts.devices.queries import find_device, load_devices
from survey.experts.pages import answering_expert, answering_expert_in_write, page, trip
from survey.store.invitations import end_device
from survey.store.seats import IDLE, LONGEST
from survey.tokens import digest
from survey.values import By
from survey.web.current import TOKEN, database, device_name, now

bp = trip("devices", __name__)


@bp.get("/devices")
def devices() -> ResponseReturnValue:
    """Show the browsers that the expert is signed in on, including this one."""
    with database().reading() as session:
        invitation = answering_expert(session)
        return page(
            "experts/devices/devices",
            invitation,
            devices=load_devices(session, invitation, now()),
            own=digest(cookie[TOKEN]),
            device_name=device_name,
            hours=IDLE // timedelta(hours=1),
            days=LONGEST.days,
        )


@bp.post(f"/devices/<int(max={MAX_ID}):sign_in_id>")
def close(sign_in_id: int) -> ResponseReturnValue:
    """Sign one of the expert's browsers out."""
    with database().writing() as session:
        invitation = answering_expert_in_write(session)
        sign_in = find_device(session, invitation, sign_in_id, now()) or abort(404)
        expert = invitation.expert
        end_device(session, expert, sign_in, By(f"expert {expert.code}", now()))
    return redirect(url_for(".devices"), 303)

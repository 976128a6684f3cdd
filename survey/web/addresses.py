"""Addresses that lead into a wing from outside it: no other file knows both sides."""

from flask import Flask, url_for

from survey.web.security import site_link


def name(app: Flask) -> None:
    """Give templates these functions."""
    app.jinja_env.globals.update(
        methods_url=methods_url,
        new_link_url=new_link_url,
        privacy_url=privacy_url,
        seal_url=seal_url,
        sign_out_url=sign_out_url,
        studies_url=studies_url,
    )


def personal_link(token: str) -> str:
    """Return the link that invites an expert, to be sent."""
    return site_link("landing.invitation", token=token)


def new_link_url(token: str) -> str:
    """Return where the bearer of a personal link asks for a new one."""
    return url_for("landing.ask_for_link", token=token)


def questionnaire_link() -> str:
    """Return where an expert brings a filled-in questionnaire back, to be sent."""
    return site_link("offline.questionnaire")


def ranking_link(code: str) -> str:
    """Return where a published ranking is read, to be sent."""
    return site_link("rankings.ranking", code=code)


def methods_url() -> str:
    """Return the page that says how weights are computed."""
    return url_for("methods.methods")


def privacy_url() -> str:
    """Return the page that says what is stored, and who sees it."""
    return url_for("methods.privacy")


def seal_url(entry: int, seal: str) -> str:
    """Return the page that checks this seal of this entry."""
    return url_for("seal.seal", entry=entry, seal=seal)


def sign_out_url() -> str:
    """Return the page that signs this browser out."""
    return url_for("sign_in.leave")


def studies_url() -> str:
    """Return the page with an author's studies."""
    return url_for("studies.studies")

"""Addresses of pages in other wings: the only file with the endpoints of all."""

from flask import Flask, url_for

from survey.web.security import site_link


def name(app: Flask) -> None:
    """Register these functions for templates."""
    app.jinja_env.globals.update(
        methods_url=methods_url,
        new_link_url=new_link_url,
        privacy_url=privacy_url,
        seal_url=seal_url,
        sign_out_url=sign_out_url,
        studies_url=studies_url,
    )


def personal_link(token: str) -> str:
    """Return the absolute link that invites an expert, for sending."""
    return site_link("landing.invitation", token=token)


def new_link_url(token: str) -> str:
    """Return the address to ask for a new link instead of this one."""
    return url_for("landing.ask_for_link", token=token)


def questionnaire_link() -> str:
    """Return the absolute link to upload a filled-in questionnaire, for sending."""
    return site_link("offline.questionnaire")


def ranking_link(code: str) -> str:
    """Return the absolute link to a published ranking, for sending."""
    return site_link("rankings.ranking", code=code)


def methods_url() -> str:
    """Return the address of the page about the methods."""
    return url_for("methods.methods")


def privacy_url() -> str:
    """Return the address of the page about privacy."""
    return url_for("methods.privacy")


def seal_url(entry: int, seal: str) -> str:
    """Return the address of the page that checks this seal of this entry."""
    return url_for("seal.seal", entry=entry, seal=seal)


def sign_out_url() -> str:
    """Return the address of the page to sign out."""
    return url_for("sign_in.leave")


def studies_url() -> str:
    """Return the address of an author's studies."""
    return url_for("studies.studies")

"""What went wrong in the sandbox, as one sentence for the person at the page."""

from __future__ import annotations

from simcord import BackendError, OptionError, SetupError

from bot.i18n import Translator


class PageError(Exception):
    """The page asked for something that is not there; the sentence is chosen by `key`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def sentence(t: Translator, error: Exception) -> str:
    """One sentence for whatever an action raised. What is not known is named by its type, for a report."""
    if isinstance(error, PageError):
        return _page_sentence(t, error.key)
    if isinstance(error, OptionError):
        return t("demo.error_option", option=error.option or "?")
    if isinstance(error, BackendError):
        return _backend_sentence(t, error)
    if isinstance(error, TimeoutError):
        return t("demo.error_still_working")
    if isinstance(error, SetupError):
        return _setup_sentence(t, str(error))
    return t("demo.error_unknown", kind=type(error).__name__)


def _page_sentence(t: Translator, key: str) -> str:
    sentences = {
        "person": t("demo.error_no_such_person"),
        "room": t("demo.error_room"),
        "forum": t("demo.error_forum"),
        "message": t("demo.error_message_gone"),
        "modal": t("demo.error_form_gone"),
        "unanswered": t("demo.error_unanswered"),
        "too_large": t("demo.error_too_large"),
    }
    return sentences.get(key) or t("demo.error_not_understood")


def _backend_sentence(t: Translator, error: BackendError) -> str:
    if error.code in {50001, 50013}:
        return t("demo.error_permission")
    if error.code == 10003:
        return t("demo.error_room")
    if error.code == 10008:
        return t("demo.error_message_gone")
    if error.code == 50035:
        return t("demo.error_text")
    return t("demo.error_refused")


def _setup_sentence(t: Translator, text: str) -> str:
    if "not visible to this user here" in text or "No application command" in text:
        return t("demo.error_command")
    if "channel" in text and "accessible" in text:
        return t("demo.error_room")
    if "message" in text and ("not visible" in text or "not bound" in text):
        return t("demo.error_message_gone")
    if "already been submitted" in text or "no longer available" in text:
        return t("demo.error_form_gone")
    if "disabled" in text or "No matching component" in text:
        return t("demo.error_button_gone")
    if "cannot be empty" in text or "was not supplied" in text:
        return t("demo.error_required")
    if "max_length" in text or "min_length" in text:
        return t("demo.error_length")
    if "expects" in text and ("value" in text or "files" in text):
        return t("demo.error_choice")
    return t("demo.error_refused")

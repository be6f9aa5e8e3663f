"""The words of the page, in one language. The page fills the placeholders itself, so they are handed on as they are."""

from __future__ import annotations

from bot.i18n import Translator


def words(t: Translator) -> dict[str, str]:
    """Every word of the page by its key, the placeholders left in braces."""
    return _frame(t) | _conversation(t) | _writing(t)


def _frame(t: Translator) -> dict[str, str]:
    # The frame of the page: people, rooms, the tour.
    return {
        "page_title": t("demo.page_title"),
        "skip": t("demo.skip"),
        "you_are": t("demo.you_are"),
        "switch_person": t("demo.switch_person"),
        "switched": t("demo.switched", name="{name}"),
        "people": t("demo.people"),
        "people_here": t("demo.people_here"),
        "find_person": t("demo.find_person"),
        "someone": t("demo.someone"),
        "rooms": t("demo.rooms"),
        "messages_with_bot": t("demo.messages_with_bot"),
        "private_room": t("demo.private_room"),
        "unknown_room": t("demo.unknown_room"),
        "unread": t("demo.unread", n="{n}"),
        "calls": t("demo.calls", n="{n}"),
        "sandbox_note": t("demo.sandbox_note"),
        "back_to": t("demo.back_to", room="{room}"),
        "working": t("demo.working"),
        "closed": t("demo.closed"),
        "leave": t("tour.leave", server="{server}"),
        "leave_sure": t("tour.leave_sure", server="{server}"),
        "leave_yes": t("tour.leave_yes"),
        "close": t("demo.close"),
        "tour": t("demo.tour"),
        "connection_lost": t("demo.connection_lost"),
    }


def tour_words(t: Translator) -> dict[str, str]:
    """The words of the tour, which speaks the visitor's language."""
    return {
        "tour": t("demo.tour"),
        "close": t("demo.close"),
        "tour_intro": t("demo.tour_intro"),
        "tour_as": t("demo.tour_as", name="{name}"),
        "tour_again": t("demo.tour_again"),
        "tour_progress": t("demo.tour_progress"),
        "step_done": t("demo.step_done", step="{step}"),
        "chapter_done": t("tour.chapter_done", done="{done}", all="{all}"),
        "step_of": t("tour.step_of", number="{number}", all="{all}", chapter="{chapter}"),
        "next_as": t("tour.next_as", name="{name}"),
        "well_done": t("tour.well_done"),
        "stop_following": t("tour.stop_following"),
    }


def _conversation(t: Translator) -> dict[str, str]:
    # What stands in a conversation.
    return {
        "conversation": t("demo.conversation", room="{room}"),
        "messages": t("demo.messages"),
        "empty_room": t("demo.empty_room"),
        "message_from": t("demo.message_from", name="{name}"),
        "private_message_from": t("demo.private_message_from", name="{name}"),
        "only_you": t("demo.only_you"),
        "dismiss": t("demo.dismiss"),
        "thinking": t("demo.thinking"),
        "edited": t("demo.edited"),
        "used": t("demo.used", command="{command}", name="{name}"),
        "started_thread": t("demo.started_thread", name="{name}"),
        "pinned": t("demo.pinned", name="{name}"),
        "joined": t("demo.joined", name="{name}"),
        "renamed": t("demo.renamed", name="{name}", room="{room}"),
        "replies": t("demo.replies", n="{n}"),
        "message_gone": t("demo.message_gone"),
        "app": t("demo.app"),
        "apps": t("demo.apps"),
        "more": t("demo.more"),
        "reply": t("demo.reply"),
        "replying_to": t("demo.replying_to", name="{name}"),
        "edit_message": t("demo.edit_message"),
        "editing": t("demo.editing"),
        "delete": t("demo.delete"),
        "mention": t("demo.mention", name="{name}"),
        "spoiler": t("demo.spoiler"),
        "enlarge": t("demo.enlarge", picture="{picture}"),
        "picture_without_words": t("demo.picture_without_words"),
        "picture_elsewhere": t("demo.picture_elsewhere"),
    }


def _writing(t: Translator) -> dict[str, str]:
    # What one writes, chooses and fills in.
    return {
        "composer": t("demo.composer", room="{room}"),
        "composer_hint": t("demo.composer_hint"),
        "forum_hint": t("demo.forum_hint"),
        "no_write": t("demo.no_write"),
        "send": t("demo.send"),
        "attach": t("demo.attach"),
        "remove_file": t("demo.remove_file", file="{file}"),
        "file": t("demo.file"),
        "commands": t("demo.commands"),
        "no_commands": t("demo.no_commands"),
        "command_keys": t("demo.command_keys"),
        "remove_option": t("demo.remove_option", option="{option}"),
        "optional": t("demo.optional"),
        "fill_in": t("demo.fill_in", field="{field}"),
        "yes": t("demo.yes"),
        "no": t("demo.no"),
        "choose": t("demo.choose"),
        "search": t("demo.search"),
        "nothing_found": t("demo.nothing_found"),
        "done": t("demo.done"),
        "cancel": t("demo.cancel"),
        "new_post": t("demo.new_post"),
        "no_posts": t("demo.no_posts"),
        "post_title": t("demo.post_title"),
        "post_text": t("demo.post_text"),
    }

"""Which checks there are for a set-up, in the order in which they are told."""

from collections.abc import Callable, Sequence

from bot.doctor.examining import Check, Look, Once
from bot.doctor.finding import Finding, State
from bot.doctor.kept import Kept
from bot.doctor.reading import Reading


def checks(reading: Reading) -> Sequence[Check]:
    """Gives the checks of the settings that were read. What each needs is imported when it is loaded."""
    settings = reading.settings

    async def read_kept() -> Kept | None:
        from bot.doctor.kept import read_kept

        return await read_kept(settings)

    kept: Once[Kept | None] = Once(read_kept)
    return (
        Check("settings", lambda: _settings(reading)),
        Check("program", _program),
        Check("page", lambda: _page(reading)),
        Check("admins", lambda: _admins(reading)),
        Check("lessons", lambda: _lessons(reading)),
        Check("prompts", lambda: _prompts(reading, kept)),
        Check("store", lambda: _store(reading)),
        Check("inbox", lambda: _inbox(kept)),
        Check("model", lambda: _model(reading, kept)),
        Check("slack", lambda: _slack(reading)),
        Check("teams", lambda: _teams(reading)),
        Check("announcements", lambda: _announcements(reading)),
    )


def _settings(reading: Reading) -> Look:
    from bot.doctor import settings

    return _at_once(lambda: settings.check(reading))


def _program() -> Look:
    from bot.doctor import program

    return _at_once(program.check)


def _page(reading: Reading) -> Look:
    from bot.doctor import page

    return _at_once(lambda: page.check(reading.settings))


def _admins(reading: Reading) -> Look:
    from bot.doctor import admins

    left_out = "coach_admins" in reading.left_out
    return _at_once(lambda: admins.check(reading.settings, left_out=left_out))


def _lessons(reading: Reading) -> Look:
    from bot.doctor import lessons

    return lambda: lessons.check(reading.settings)


def _prompts(reading: Reading, kept: Once[Kept | None]) -> Look:
    from bot.doctor import prompts

    return lambda: prompts.check(reading.settings, kept)


def _store(reading: Reading) -> Look:
    from bot.doctor import store

    return store.look(reading.settings)


def _inbox(kept: Once[Kept | None]) -> Look:
    from bot.doctor import inbox

    return lambda: inbox.check(kept)


def _model(reading: Reading, kept: Once[Kept | None]) -> Look:
    settings = reading.settings
    if reading.lacks("anthropic"):
        return _left_out("model")
    if settings.anthropic_api_key is None:
        return _off("model", "no ANTHROPIC_API_KEY: the lessons engine answers, and nothing leaves this machine")
    from bot.doctor import model
    from bot.engines.claude.calls import Calls, Server

    calls = Calls(Server(settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url))
    return lambda: model.check(calls, settings, kept)


def _slack(reading: Reading) -> Look:
    if reading.lacks("slack"):
        return _left_out("slack")
    if reading.settings.slack_bot_token is None:
        return _off("slack", "no SLACK_BOT_TOKEN: the coach is not in Slack")
    from bot.doctor import slack

    return lambda: slack.check(reading.settings)


def _teams(reading: Reading) -> Look:
    from bot.channels.web.trust import is_loopback

    settings = reading.settings
    if reading.lacks("teams"):
        return _left_out("teams")
    if settings.teams_app_id is None and not settings.teams_local:
        return _off("teams", "no TEAMS_APP_ID: the coach is not in Teams, and /api/messages answers 404")
    from bot.doctor import teams

    if settings.teams_local:
        return _at_once(lambda: teams.check_local(is_loopback=is_loopback(settings.coach_host)))
    return lambda: teams.check(settings)


def _announcements(reading: Reading) -> Look:
    from bot.doctor import announcements

    left_out = "coach_admin_channel" in reading.left_out
    return _at_once(lambda: announcements.check(reading.settings, left_out=left_out))


def _left_out(subject: str) -> Look:
    says = "not looked at: its settings are not right"
    return _at_once(lambda: [Finding(subject, State.UNSURE, says, "mend the settings above first")])


def _off(subject: str, says: str) -> Look:
    return _at_once(lambda: [Finding(subject, State.OFF, says)])


def _at_once(check: Callable[[], Sequence[Finding]]) -> Look:
    """A check that waits for nothing."""

    async def look() -> Sequence[Finding]:
        return check()

    return look

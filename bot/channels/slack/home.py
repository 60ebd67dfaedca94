"""App Home, made anew for whoever opens it or has just changed something."""

from bot.channels.slack.ids import person_id
from bot.channels.slack.parts import Parts
from bot.channels.slack.render.home import AdminHome, home_view
from bot.core.admin_commands import ListVersions, ShowTrail
from bot.core.prompts import Trail, VersionList


class Home:
    """Publishes App Home."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def publish(self, user: str) -> None:
        """Shows a member their App Home as things stand."""
        self._parts.chores.start("App Home could not be shown", self._publish(user))

    async def _publish(self, user: str) -> None:
        person = person_id(self._parts.workspace().team, user)
        coach = self._parts.coach
        guide, help_ = await coach.guide(""), await coach.help("", person=person)
        view = home_view(guide, help_, await self._for_admin(person))
        await self._parts.api.call("views.publish", {"user_id": user, "view": view}, again=True)

    async def _for_admin(self, person: str) -> AdminHome | None:
        desk = self._parts.desk
        if not desk.is_admin(person):
            return None
        versions = await desk.handle(ListVersions(), person=person, confirmed=None)
        trail = await desk.handle(ShowTrail(), person=person, confirmed=None)
        if not isinstance(versions, VersionList) or not isinstance(trail, Trail):
            return None
        return AdminHome(versions, trail)

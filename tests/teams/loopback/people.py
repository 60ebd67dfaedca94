"""What people do that the app hears of: write, edit, delete, react, add the app."""

import asyncio
from collections.abc import Iterable

from tests.teams.loopback.activities import Activities
from tests.teams.loopback.deliveries import Delivered, Deliveries
from tests.teams.loopback.state import State
from tests.teams.loopback.workspace import Conversation, Json, Kind, Message, Upload, oid


class People:
    """The members of the tenant, whose acts come to the app as activities."""

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries
        self._activities = Activities(state)
        self.files: dict[str, Upload] = {}

    def personal(self, user: str) -> str:
        """Gives a person's chat with the app, which is installed for them."""
        workspace = self._state.workspace
        there = workspace.personal(user)
        there.has_bot = True
        workspace.installed.add(user)
        return there.id

    def add(self, kind: Kind, id_: str, users: Iterable[str], *, has_bot: bool = True) -> str:
        """Adds a conversation of these people."""
        if ":" not in id_:
            id_ = f"19:{id_}@thread.{'tacv2' if kind == 'channel' else 'v2'}"
        self._state.workspace.add(Conversation(id_, kind, set(users), has_bot=has_bot))
        return id_

    def chat(self, user: str, other: str) -> str:
        """Adds the chat of two people, in which the app is not."""
        first, second = sorted((oid(user), oid(other)))
        there = Conversation(f"19:{first}_{second}@unq.gbl.spaces", "personal", {user, other}, has_bot=False)
        return self._state.workspace.add(there).id

    async def say(
        self,
        user: str,
        conversation: str,
        text: str,
        *,
        mention: bool = True,
        root: str | None = None,
        html: str | None = None,
        files: Iterable[Upload] = (),
    ) -> str:
        """A person writes what they typed; gives the activity's id, without waiting for the app.

        `mention` puts the app's name before it in a group chat or channel; without, the app does not hear of it.
        `root` is the post in a channel that it answers. `html` is the formatting, if it is any.
        """
        workspace = self._state.workspace
        there = workspace.conversation(conversation)
        if there is None or user not in there.members:
            raise LookupError(f"{user} is not in {conversation}")
        id_ = workspace.new_id()
        if there.kind == "channel" and conversation == there.id:
            conversation = f"{there.id};messageid={root or id_}"
        message = Message(id_, conversation, user, workspace.now(), text=text, html=html or "", files=tuple(files))
        workspace.write(message)
        self.files |= {each.name: each for each in message.files}
        if there.has_bot and (mention or there.kind == "personal"):
            self._tell(self._activities.message(message, mention=there.kind != "personal"))
        self._state.change(message)
        return id_

    async def redeliver(self, activity_id: str) -> Delivered:
        """Delivers an activity again, the very same, as Teams does where it thinks that it was not taken.

        It does so with invokes too (microsoft/botbuilder-dotnet 5005); their answers are then nobody's.
        """
        return await self._deliveries.once(self.delivered(activity_id), self._state.settings.resend_after)

    def delivered(self, activity_id: str) -> Json:
        """The activity as it was delivered."""
        return self._deliveries.delivered[activity_id]

    async def edit(self, user: str, activity_id: str, text: str) -> None:
        """A person changes a message of theirs."""
        message = self._own(user, activity_id)
        message.text, message.html, message.edited = text, "", True
        self._tell(self._activities.changed(message, "editMessage"))
        self._state.change(message)

    async def delete(self, user: str, activity_id: str) -> None:
        """A person takes a message of theirs away."""
        message = self._own(user, activity_id)
        message.deleted = True
        self._tell(self._activities.changed(message, "softDeleteMessage"))
        self._state.change(message)

    async def like(self, user: str, activity_id: str, kind: str = "like") -> None:
        """A person puts an emoji under a message, which is no feedback."""
        self._tell(self._activities.reaction(user, self._state.workspace.messages[activity_id], kind))

    async def install(self, user: str) -> str:
        """A person adds the app; gives their chat with it."""
        id_ = self.personal(user)
        there = self._state.workspace.conversations[id_]
        told = [self._activities.installed(user, there, "add"), self._activities.joined(user, there)]
        await asyncio.gather(*filter(None, map(self._deliveries.event, told)))
        return id_

    async def uninstall(self, user: str) -> None:
        """A person removes the app."""
        workspace = self._state.workspace
        there = workspace.personal(user)
        there.has_bot = False
        workspace.installed.discard(user)
        told = self._deliveries.event(self._activities.installed(user, there, "remove"))
        if told is not None:
            await told

    def _tell(self, activity: Json) -> None:
        self._deliveries.event(activity)

    def _own(self, user: str, activity_id: str) -> Message:
        message = self._state.workspace.messages[activity_id]
        if message.author != user:
            raise LookupError(f"{activity_id} is not {user}'s")
        return message

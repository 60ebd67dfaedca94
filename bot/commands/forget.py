"""`coach forget`: erases what is kept of a person, as `forget me` does for who asks."""

import asyncio
import re

import click

from bot.commands.opening import Opener, store_opened

_PERSON = re.compile(r"local|web(?::[^/\s]+)?|slack:[^/\s]+/[^/\s]+|teams:[^/\s]+/[^/\s]+")
_ACCOUNT = "29:"
"""What Teams' own ids of people begin with: those keep the case of their letters."""


@click.command("forget")
@click.argument("person")
@click.pass_obj
def command(opener: Opener, person: str) -> int:
    """Erase what is kept of PERSON: slack:TEAM/USER, teams:TENANT/OBJECT, local, web or web:ID.

    That is their messages and those given up, the replies to them, what was asked and answered in their threads,
    reviews that are still open, and what Slack's and Teams' channels keep. It asks nothing, may be done again, and
    while the server runs: what is being answered just now is erased when it has ended.

    The trail of prompt versions keeps who acted. What writers decided and wrote stays, since nothing in it says whose
    it is.
    """
    return asyncio.run(_forget(opener, _qualified(person)))


def _qualified(person: str) -> str:
    """Gives a person's id as the coach knows it.

    Raises:
        click.UsageError: it is none.
    """
    if not _PERSON.fullmatch(person):
        raise click.UsageError(
            f"{person!r} names nobody: write slack:TEAM/USER, teams:TENANT/OBJECT, local, web or web:ID"
        )
    if not person.startswith("teams:"):
        return person
    tenant, _, object_id = person.partition("/")
    return f"{tenant.lower()}/{object_id if object_id.startswith(_ACCOUNT) else object_id.lower()}"


async def _forget(opener: Opener, person: str) -> int:
    async with store_opened(opener) as app:
        erased = await app.forgetting.forget(person)
    from bot.channels.terminal.layout import counted

    turns, messages, records = (
        counted(number, noun)
        for number, noun in ((erased.turns, "answer"), (erased.messages, "message"), (erased.records, "other record"))
    )
    click.echo(f"Forgotten of {person}: {turns}, {messages} not answered, {records}.")
    return 0

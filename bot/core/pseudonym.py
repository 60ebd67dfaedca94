"""A person as what is counted and logged: to be told from others, not to be read."""

import hashlib


def pseudonym(person: str) -> str:
    """Gives 32 hexadecimal digits of the SHA-256 of a person's id.

    Whoever knows the id can find what is under its digest, as an operator who looks into a complaint has to; it keeps
    ids out of logs and counters, and is no secret.
    """
    return hashlib.sha256(person.encode("utf-8", "surrogatepass")).hexdigest()[:32]

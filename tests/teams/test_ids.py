"""How the coach names what is Teams'."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.teams.ids import message_id, person_id, record_id, request_id, thread_id
from tests.teams.activities import ID, OID, PERSONAL, TENANT, THREAD, USER


def test_a_person_is_named_by_tenant_and_object_id_in_any_case_of_letters() -> None:
    assert person_id(TENANT, OID) == f"teams:{TENANT}/{OID}"
    assert person_id(TENANT.upper(), OID.upper(), USER) == person_id(TENANT, OID)


def test_who_has_no_object_id_is_named_by_account_which_keeps_its_case() -> None:
    assert person_id(TENANT, "", USER) == f"teams:{TENANT}/{USER}"
    assert person_id("", "", USER) == f"teams:/{USER}"


def test_a_message_stands_in_its_thread() -> None:
    assert thread_id(TENANT, THREAD) == f"teams:{TENANT}/{THREAD}"
    assert message_id(TENANT.upper(), THREAD, ID) == f"{thread_id(TENANT, THREAD)}/{ID}"
    assert request_id(TENANT, "welcome", PERSONAL) == f"teams:{TENANT}/welcome/{PERSONAL}"


def test_a_record_names_its_kind_before_what_it_is_about() -> None:
    assert record_id("shown", message_id(TENANT, PERSONAL, ID)) == f"teams:shown:{TENANT}/{PERSONAL}/{ID}"


@given(st.lists(st.tuples(st.sampled_from(("shown", "review")), st.sampled_from((PERSONAL, THREAD)), st.text("12"))))
def test_records_of_different_messages_have_different_names(cases: list[tuple[str, str, str]]) -> None:
    assert len({record_id(kind, message_id(TENANT, place, id_)) for kind, place, id_ in cases}) == len(set(cases))

"""The same conversations through every channel, and what a person sees of them."""

import pytest

pytest.register_assert_rewrite("tests.contract.seeing")

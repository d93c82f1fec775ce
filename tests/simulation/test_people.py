"""Who answers for what a command makes."""

import pytest

from simulation.errors import NotFound
from simulation.people import NOBODY, answering_user

pytestmark = pytest.mark.django_db


def test_somebody_is_named(author):
    assert answering_user("alice") == author


def test_a_name_that_is_nobodys_is_refused():
    with pytest.raises(NotFound, match="no user 'zoe'"):
        answering_user("zoe")


def test_without_a_name_it_is_the_first_admin(author, admin_person):
    assert answering_user() == admin_person


def test_before_there_are_people_it_is_an_account_that_nobody_can_sign_in_with(client):
    made = answering_user()

    assert (made.username, made.is_active, made.has_usable_password()) == (NOBODY, False, False)
    assert answering_user() == made
    assert not client.login(username=NOBODY, password="")

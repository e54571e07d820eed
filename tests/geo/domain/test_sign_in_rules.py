"""Passwords, names, limits and successors: the rules behind signing in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from geo.domain.account_names import account_name
from geo.domain.passwords import check_password, fold_password
from geo.domain.sign_in_limits import ABSOLUTE, IDLE, WINDOW, address_block, is_over, seconds_to_wait
from geo.domain.succession import FormerVillage, successor
from geo.errors import Refused

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
REFORM = date(2024, 1, 1)


@pytest.mark.parametrize(
    "password",
    ["суу жана жол 7", "correct horse battery", "көпүрө-тоо-91", "x7#Kd92mmQp!", "бешик тоодо калды эле"],
)
def test_good_passwords(password: str) -> None:
    assert check_password(password, ("айгүл.асанова", "Айгүл Асанова")) == password


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("кыска", "password.short"),
        ("а" * 257, "password.long"),
        ("password123", "password.common"),
        ("1234567890", "password.common"),
        ("qwertyuiop", "password.common"),
        ("йцукенгшщз", "password.common"),
        ("пароль12345", "password.common"),
        ("gfhjkm12345", "password.common"),
        ("aaaaaaaaaaaa", "password.common"),
        ("Kyrgyzstan2024", "password.common"),
        ("ayilmap2026!", "password.common"),
        ("айылмап2026", "password.common"),
        ("айгүл.асанова", "password.common"),
        ("aigul.asanova", "password.common"),
    ],
)
def test_poor_passwords(password: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        check_password(password, ("айгүл.асанова", "Айгүл Асанова"))
    assert refused.value.key == key


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert fold_password("и\u0306ылдар жана тоо") == fold_password("йылдар жана тоо")


@pytest.mark.parametrize("name", ["", "a", "a b", "<b>", "x" * 65, "ай\nгүл", "local", "PUBLIC"])
def test_names_that_do_not_fit(name: str) -> None:
    with pytest.raises(Refused):
        account_name(name)


def test_a_name_is_folded() -> None:
    assert account_name("  АЙГҮЛ ") == "айгүл"


def test_the_door_opens_by_itself() -> None:
    tries = [NOW - timedelta(minutes=minutes) for minutes in (14, 3, 2, 1, 0)]
    assert seconds_to_wait(tries[1:], 5, NOW) == 0
    assert seconds_to_wait(tries, 5, NOW) == 60
    assert seconds_to_wait(tries, 5, NOW + timedelta(seconds=60)) == 0
    assert seconds_to_wait(tries * 4, 5, NOW + WINDOW) == 0


def test_a_session_ends_when_unused_and_at_last() -> None:
    assert not is_over(NOW, NOW, NOW + IDLE - timedelta(seconds=1))
    assert is_over(NOW, NOW, NOW + IDLE)
    later = NOW + ABSOLUTE
    assert is_over(NOW, later - timedelta(seconds=1), later)


def test_an_address_with_rubbish_is_one_of_its_own() -> None:
    assert address_block("2001:db8::1") == address_block("2001:db8::ffff")
    assert address_block("2001:db8::1") != address_block("2001:db8:0:1::1")
    assert address_block("192.0.2.1") != address_block("192.0.2.2")
    assert address_block("unix:") == "unix:"


@pytest.mark.parametrize(
    ("villages", "heir"),
    [
        ([FormerVillage(REFORM, A), FormerVillage(REFORM, A)], A),
        ([FormerVillage(REFORM, A), FormerVillage(date(2005, 5, 1), B)], A),
        ([FormerVillage(REFORM, A), FormerVillage(REFORM, B)], None),
        ([FormerVillage(REFORM, A), FormerVillage(None, C)], None),
        ([FormerVillage(None, C)], None),
        ([], None),
    ],
)
def test_who_goes_on_for_a_merged_aimak(villages: list[FormerVillage], heir: UUID | None) -> None:
    assert successor(villages) == heir

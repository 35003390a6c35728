from argon2 import PasswordHasher

from revenge.auth.passwords import Passwords


async def test_only_the_right_password_matches() -> None:
    passwords = Passwords()
    hashed = await passwords.hash("correct horse")

    assert await passwords.check("correct horse", hashed)
    assert not await passwords.check("wrong horse", hashed)


async def test_hashes_are_argon2id_and_salted() -> None:
    passwords = Passwords()

    first, second = await passwords.hash("same"), await passwords.hash("same")

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


async def test_an_unknown_user_costs_a_hash_as_well_and_never_matches() -> None:
    assert not await Passwords().check("anything", None)


async def test_accents_match_however_a_keyboard_composes_them() -> None:
    passwords = Passwords()
    hashed = await passwords.hash("caf\u00e9 noir")

    assert await passwords.check("cafe\u0301 noir", hashed)


async def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    passwords = Passwords()
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("secret")

    assert passwords.is_outdated(weaker)
    assert not passwords.is_outdated(await passwords.hash("secret"))

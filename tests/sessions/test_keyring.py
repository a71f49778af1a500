import base64
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from sessions.keyring import CannotOpen, Keyring

OLD, NEW, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
CALLER_KEY = bytes(range(96, 128))


def ring(**keys: bytes) -> Keyring:
    return Keyring({int(name[1:]): key for name, key in keys.items()}, CALLER_KEY)


def test_what_was_sealed_opens() -> None:
    keyring = ring(k1=OLD)
    assert keyring.open(keyring.seal(b"a session", b"place"), b"place") == b"a session"


def test_a_sealed_value_is_key_id_nonce_ciphertext_and_tag() -> None:
    sealed = ring(k7=OLD).seal(b"a session", b"place")
    assert sealed[0] == 7
    assert len(sealed) == 1 + 12 + len(b"a session") + 16
    assert b"session" not in sealed


def test_no_two_sealings_are_alike() -> None:
    keyring = ring(k1=OLD)
    assert len({keyring.seal(b"x", b"place")[:13] for _ in range(200)}) == 200


def test_the_first_key_seals() -> None:
    assert ring(k2=NEW, k1=OLD).seal(b"x", b"")[0] == 2


def test_the_old_key_still_opens_after_a_rotation() -> None:
    sealed = ring(k1=OLD).seal(b"x", b"")
    assert ring(k2=NEW, k1=OLD).open(sealed, b"") == b"x"


def test_a_key_that_was_taken_away_opens_nothing() -> None:
    sealed = ring(k1=OLD).seal(b"x", b"")
    with pytest.raises(CannotOpen):
        ring(k2=NEW).open(sealed, b"")


def test_another_key_under_the_same_id_opens_nothing() -> None:
    sealed = ring(k1=OLD).seal(b"x", b"")
    with pytest.raises(CannotOpen):
        ring(k1=OTHER).open(sealed, b"")


@pytest.mark.parametrize("place", range(1, 1 + 12 + 5 + 16))
def test_a_changed_byte_is_noticed(place: int) -> None:
    keyring = ring(k1=OLD)
    sealed = bytearray(keyring.seal(b"value", b"place"))
    sealed[place] ^= 1
    with pytest.raises(CannotOpen):
        keyring.open(bytes(sealed), b"place")


def test_a_value_moved_to_another_place_does_not_open() -> None:
    keyring = ring(k1=OLD)
    with pytest.raises(CannotOpen):
        keyring.open(keyring.seal(b"value", b"one caller"), b"another caller")


@pytest.mark.parametrize("length", range(29))
def test_what_is_too_short_to_be_sealed_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        ring(k1=OLD).open(b"\x01" * length, b"")


def test_keys_are_read_in_the_order_in_which_they_are_written() -> None:
    text = f"2:{base64.b64encode(NEW).decode()}, 1:{base64.b64encode(OLD).decode()}"
    keyring = Keyring.parse(text, CALLER_KEY)
    assert keyring.seal(b"x", b"")[0] == 2
    assert keyring.open(ring(k1=OLD).seal(b"x", b""), b"") == b"x"


A_KEY = base64.b64encode(OLD).decode()


MALFORMED = (
    *("", ":", A_KEY, f"0:{A_KEY}", f"256:{A_KEY}", f"x:{A_KEY}", f"²:{A_KEY}", "1:AAAA", "1:not base64"),
    *(f"1:{A_KEY},1:{A_KEY}", f"1:{A_KEY},", f"1:{A_KEY}!"),
)


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_keyring_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"key") as refusal:
        Keyring.parse(text, CALLER_KEY)
    assert A_KEY not in str(refusal.value)


def test_a_short_key_of_the_callers_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring({1: OLD}, CALLER_KEY[:31])


def test_a_pseudonym_is_16_bytes_and_always_the_same() -> None:
    first, again = ring(k1=OLD).pseudonym("+919876543210"), ring(k2=NEW).pseudonym("+919876543210")
    assert first == again
    assert len(first) == 16


def test_a_pseudonym_does_not_depend_on_who_was_named_before() -> None:
    keyring = ring(k1=OLD)
    assert keyring.pseudonym("+919876543210") == keyring.pseudonym("+919876543210")


def test_two_numbers_have_two_pseudonyms() -> None:
    keyring = ring(k1=OLD)
    assert keyring.pseudonym("+919876543210") != keyring.pseudonym("+919876543211")


@pytest.mark.parametrize("other", [OTHER, CALLER_KEY * 3, CALLER_KEY * 3 + b"x"])
def test_a_pseudonym_needs_the_key(other: bytes) -> None:
    assert Keyring({1: OLD}, other).pseudonym("+91") != ring(k1=OLD).pseudonym("+91")


def test_every_byte_of_a_long_key_counts() -> None:
    keys = [CALLER_KEY * 3 + end for end in (b"x", b"y")]
    assert len({Keyring({1: OLD}, key).pseudonym("+91") for key in keys}) == 2


def test_no_two_sealings_share_a_nonce_in_any_thread() -> None:
    keyring = Keyring({1: bytes(32)}, bytes(32))
    with ThreadPoolExecutor(4) as pool:
        sealed = list(pool.map(lambda _: keyring.seal(b"", b"")[:13], range(2000)))
    assert len(set(sealed)) == 2000


def test_a_forked_child_draws_its_own_nonces() -> None:
    keyring = Keyring({1: bytes(32)}, bytes(32))
    keyring.seal(b"", b"")  # what is drawn in advance must not be shared
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, keyring.seal(b"", b"")[:13])
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 13) != keyring.seal(b"", b"")[:13]
    os.close(reading)
    os.close(writing)

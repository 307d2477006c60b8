"""National identity numbers are found however they are written, and other numbers are left alone."""

import pytest

from kompetanse_lib.kilder.foedselsnummer import find_foedselsnummer, is_foedselsnummer


def make_foedselsnummer(begynnelse: str) -> str:
    """Return a made-up number with right check digits that begins with nine digits like these."""
    for last in range(1000):
        head = begynnelse[:6] + f"{last:03d}"
        for tail in range(100):
            number = f"{head}{tail:02d}"
            if is_foedselsnummer(number):
                return number
    raise AssertionError(begynnelse)


@pytest.mark.parametrize("dato", ["010190", "311299", "410190", "014190", "018190", "016690"])
def test_ordinary_d_numbers_and_synthetic(dato: str) -> None:
    number = make_foedselsnummer(dato)
    assert find_foedselsnummer(f"a;b\n1;{number}\n") == 2
    for between in (" ", "\u00a0", "-", "."):
        assert find_foedselsnummer(f"a,{number[:6]}{between}{number[6:]},b") == 1
    assert find_foedselsnummer(f"a,{number},b") == 1


@pytest.mark.parametrize(
    "tekst", ["974610744", "12345678901", "32139012345", "1 011;56 875", "010190;12345", "00000000000x"]
)
def test_other_numbers_are_left_alone(tekst: str) -> None:
    assert find_foedselsnummer(tekst) is None


def test_a_wrong_check_digit_is_not_one() -> None:
    number = make_foedselsnummer("010190")
    assert find_foedselsnummer(number[:-1] + str((int(number[-1]) + 1) % 10)) is None

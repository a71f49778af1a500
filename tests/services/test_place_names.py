import pytest

from services.place_names import alike, fitting, office_name, state_name, titled


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Kothimir B.O", "Kothimir"),
        ("Khunti SO", "Khunti"),
        ("Mancherial H.O", "Mancherial"),
        ("Ramgarh P.O.", "Ramgarh"),
        ("Kotra B O", "Kotra"),
        ("Kotra B. O.", "Kotra"),
        ("Kotra (S.O)", "Kotra"),
        ("tendua bo", "Tendua"),
        ("BONAL BO", "Bonal"),
        ("LINGALAVALASA", "Lingalavalasa"),
        ("Narwa Mines  SO", "Narwa Mines"),
        ("Chainpur SO Gumla", "Chainpur (Gumla)"),
        ("Mangrol S.O (Chittorgarh)", "Mangrol (Chittorgarh)"),
        ("Lingamgunta B.O-An", "Lingamgunta (An)"),
        ("Shirgaon(Umbraj) B.O", "Shirgaon (Umbraj)"),
        ("New Delhi GPO", "New Delhi GPO"),
        ("CAT EXTENSION COUNTER", "CAT Extension Counter"),
        ("HALL OF NATIONS SO", "Hall of Nations"),
        ("ISRO Anthariksha Bhavan S.O", "ISRO Anthariksha Bhavan"),
        ("S.M.PURAM B.O", "S.M.PURAM"),
    ],
)
def test_an_office_name_without_its_kind(raw: str, name: str) -> None:
    assert office_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("KUMURAM BHEEM ASIFABAD", "Kumuram Bheem Asifabad"),
        ("JAMMU AND KASHMIR", "Jammu and Kashmir"),
        ("THE NILGIRIS", "The Nilgiris"),
        ("SPSR NELLORE", "SPSR Nellore"),
        ("JANJGIR-CHAMPA", "Janjgir-Champa"),
        ("KAIMUR (BHABUA)", "Kaimur (Bhabua)"),
        ("24 PARAGANAS SOUTH", "24 Paraganas South"),
        ("Y.S.R.", "Y.S.R."),
        ("Alluri Sitharama Raju", "Alluri Sitharama Raju"),
        (" LEH  LADAKH ", "Leh Ladakh"),
    ],
)
def test_capitals_become_a_title_and_titles_stay(raw: str, name: str) -> None:
    assert titled(raw) == name


def test_a_state_loses_its_article() -> None:
    assert state_name("THE DADRA AND NAGAR HAVELI") == "Dadra and Nagar Haveli"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60),
        ("address " * 8, ("address " * 7).strip()),
        ("Main Road, " + "y" * 49 + " z", "Main Road, " + "y" * 49),
        ("a" * 58 + ", bc", "a" * 58),
        ("a  b", "a b"),
    ],
)
def test_a_long_text_is_cut_after_a_word(text: str, cut: str) -> None:
    assert fitting(text) == cut


@pytest.mark.parametrize("spelling", ["Janjgir-Champa", "JANJGIR CHAMPA", "Janjgir  champa"])
def test_spellings_of_one_name_are_alike(spelling: str) -> None:
    assert alike(spelling) == "janjgirchampa"


def test_and_is_alike_however_it_is_written() -> None:
    assert alike("Jammu & Kashmir") == alike("JAMMU AND KASHMIR")

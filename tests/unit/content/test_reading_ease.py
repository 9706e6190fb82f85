"""Every patient text of more than 30 words is plain English."""

from reading_ease import EASY, LONG, ease, medicine_names, patient_texts


def test_every_long_patient_text_is_easy_to_read(data) -> None:
    medicines = medicine_names(data)
    long = [(where, text) for where, text in patient_texts(data) if len(text.split()) > LONG]
    assert len(long) > 100
    hard = [f"{where}: {ease(text, medicines):.0f} {text}" for where, text in long if ease(text, medicines) < EASY]
    assert not hard, "\n".join(hard)


def test_the_measure_tells_easy_from_hard() -> None:
    easy = "Call your team today. Say which medicine you take. Do not wait for the next visit."
    hard = "Immediate multidisciplinary evaluation is recommended in accordance with institutional pharmacovigilance procedures."
    assert ease(easy, ("Tysabri",)) > 80 > 10 > ease(hard, ("Tysabri",))

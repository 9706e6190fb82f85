"""One message for each red flag, others for another level than its own, and a way into each state that a conversation can be in."""

FLAG_MESSAGES = {
    "chest_pain": "I have crushing chest pain",
    "breathing_trouble": "I can't breathe properly",
    "anaphylaxis": "my tongue and throat are swelling up",
    "stroke_fast": "my face is drooping on one side and my speech is slurred",
    "seizure": "I just had a seizure",
    "suicidal_thoughts": "I want to end my life",
    "sepsis_signs": "I am shaking with fever, my skin is mottled and I feel like I am dying",
    "fever_low_neutrophils": "temperature 39 and my neutrophils are 0.3",
    "severe_bleeding": "I am vomiting blood",
    "bruising_petechiae": "I am covered in bruises and tiny red dots",
    "thunderclap_headache": "the worst headache of my life came on in seconds",
    "meningitis_encephalitis": "I have a fever and a stiff neck and a rash that does not fade",
    "loss_of_consciousness": "I passed out and collapsed just now",
    "sudden_vision_loss": "I suddenly can't see out of my left eye",
    "new_weakness_cannot_walk": "my legs suddenly gave way and I cannot walk",
    "cauda_equina": "I am numb between my legs and have wet myself",
    "jaundice": "my eyes and skin have turned yellow",
    "pregnancy_on_teratogen": "I'm on aubagio and I'm pregnant",
    "overdose": "I took the whole box of my tablets",
    "severe_abdominal_pain": "I have agonising stomach pain",
    "severe_skin": "my skin is blistering and peeling off",
    "sudden_confusion": "my wife is suddenly very confused and doesn't know where she is",
    "high_sugar_crisis": "my blood sugar is 28 and I keep vomiting",
    "urinary_retention": "I can't pee at all since last night",
    "psychosis_harm_to_others": "the voices are telling me to hurt my children",
}

FOR_TODAY = {  # told so that an emergency's flag is only for today
    "new_weakness_cannot_walk": "my leg has been weak for 3 days",
}
AT_ONCE = {  # told so that a flag for today is an emergency
    "bruising_petechiae": "purple bruises all over and my head is pounding",
    "jaundice": "my eyes are yellow and I am so drowsy",
}

# State -> the messages that lead into it. The name before the dash is the kind of question that is then open.
STATES = {
    "first message": [],
    "medicine": ["I have a rash"],
    "noticed": ["I take Ocrevus"],
    "which_medicine": ["interferon, lump in my neck"],
    "unit": ["gilenya, neutrophils 40"],
    "doubt": ["on tysabri, i don't think it's a stroke but my face feels funny"],
    "meant": ["on vumerity, shoulder's been sore two months, can't reach the top shelf. neck is all right"],
    "danger": ["on tysabri, rash on my leg"],
    "signs": ["gilenya, swollen ankles", "no"],
    "quality": ["gilenya, dizzy"],
    "fact": ["tecfidera, anxious", "no"],
    "results": ["azathioprine, hb 9.8", "no", "no"],
    "last_dose": ["tysabri, rash on my leg", "no", "no"],
    "earlier_medicine": ["aubagio, my hair is falling out", "no"],
    "asked again": ["on tysabri, rash on my leg", "blah blah"],
    "after an answer": ["mitoxantrone 6 years ago, swollen ankles", "no"],
    "after an emergency": ["on gilenya, chest pain"],
    "after goodbye": ["on tysabri, my left hand got clumsy over three weeks", "no", "bye"],
    "mid-correction": ["on rebif, my platelets are 90", "that's wrong"],
    "retract": ["on gilenya, chest pain", "that was last year"],
}
QUESTION_KINDS = {"medicine", "noticed", "which_medicine", "unit", "doubt", "meant", "danger", "signs", "quality", "fact", "last_dose",
                  "results", "earlier_medicine", "retract"}

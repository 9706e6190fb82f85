"""Other people, as a person speaks of them: "my sister", "hubby", "the lady next door"."""

RELATIVE = (
    r"(?:(?:step)?(?:sister|brother|mum|mom|mother|dad|father|son|daughter)|husband|wife|partner|friend|mate|aunt"
    r"|auntie|uncle|cousin|neighbou?r|colleague|co-?worker|boyfriend|girlfriend|fianc[eé]e?|flatmate|roommate"
    r"|niece|nephew|nan(?:na|a)?|gran(?:ny|dma|dad|dpa|dmother|dfather)?|bestie|boss|sis|bro|hubby|other half|in-law"
    r"|girl i know|guy i know|twin|boy|girl|lad|lass|kid|child|toddler|teenager|ex|missus|mrs|fella|bloke|pal|buddy|mam|mama"
    r"|grand(?:son|daughter|child))s?(?:-in-law)?")

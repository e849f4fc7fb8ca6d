"""Dutch words that say nothing about a subject: they're left out of the keyword index.

Besides the usual function words these are question words and the words of chatting,
because refusing looks at how many of a question's words the passages hold.
Written without diacritics, in small letters.
"""

from __future__ import annotations

_ARTICLES_AND_PRONOUNS = """
de het een der des den ik jij je jou jouw jullie u uw hij hem zij ze haar hun hen wij we ons onze
mij me mijn zich zichzelf elkaar elkaars men iemand niemand iets niets alles iedereen ieder iedere elk elke
die dat deze dit degene datgene zulke zulk dezelfde hetzelfde zelf welk welke
"""

_PREPOSITIONS_AND_CONJUNCTIONS = """
aan achter af bij binnen boven buiten door gedurende in langs met na naar naast om omtrent onder op over per
sinds te tegen ten ter tijdens tot tussen uit van vanaf vanuit via volgens voor voorbij wegens zonder
en of maar want dus doch noch als dan toen terwijl omdat doordat zodat opdat hoewel indien mits tenzij
zoals zodra voordat nadat totdat evenals alsook
"""

_VERBS = """
ben bent is was waren zijn geweest wees wezen word wordt worden werd werden geworden
heb hebt heeft hebben had hadden gehad kan kun kunt kunnen kon konden gekund
mag mogen mocht mochten moet moeten moest moesten wil wilt willen wilde wilden wou
zal zult zullen zou zouden hoef hoeft hoeven doe doet doen deed deden gedaan
ga gaat gaan ging gingen laat laten liet lieten blijf blijft blijven bleef bleven
"""

_ADVERBS = """
al alle allemaal aldus alleen alsof altijd alweer anders bijna bijvoorbeeld bovendien daar daaraan daarbij
daardoor daarin daarmee daarna daarnaast daarom daarop daarover daarvan daarvoor echter eens eerst eigenlijk
enige enkele enkel er eraan erbij erdoor erin ermee erna erom erop erover ertoe eruit ervan ervoor even
geen gewoon ginds heel hele hier hieraan hierbij hierdoor hierin hiermee hierna hierom hierop hierover
hiervan hiervoor immers inderdaad ja juist meer meest meestal minder minst misschien nee neen nergens niet
nog nogal nooit nou nu ook ooit overal reeds samen slechts soms steeds straks toch te veel vaak vele
verder vervolgens vrij waarschijnlijk weer weinig wel zeer zo zoveel zowel zojuist andere ander
"""

_QUESTION_WORDS = """
wie wat waar wanneer waarom hoe hoeveel hoelang hoever hoezo waaraan waarbij waardoor waarheen waarin waarmee
waarna waarnaar waarop waarover waartoe waaruit waarvan waarvoor wiens
"""

_CHATTING = """
let letten hallo hoi hey dag goedemorgen goedemiddag goedenavond bedankt bedank dank dankjewel dankuwel
alsjeblieft alstublieft graag oke okay prima sorry welnu tja hm vertel vertelt vertellen zeg zegt zeggen
noem noemt noemen geef geeft geven leg legt leggen uitleg uitleggen uitgelegd verstaat verstaan belangrijk
gebruik gebruikt gebruiken gebeurt gebeuren krijg krijgt krijgen kies kiest kiezen herken herkent
herkennen bedacht bedenken bedenkt heet heten mis misgaat loopt lopen werkt verhoudt verhouden levert
leveren bewaar bewaart bewaren procent percentage toelichten licht help helpt helpen weet weten wist ken
kent kennen denk denkt denken bedoel bedoelt bedoelen bedoeld betekent betekenen beteken snap snapt
begrijp begrijpt zie ziet zien vind vindt vinden zoek zoekt zoeken vraag vragen antwoord kom komt komen
nodig precies eens even iets wat bepaalde gevaar gevaren bedachten verschilt gewone definitie zei zeiden
gebeurde gebeurden
"""

STOP_WORDS = frozenset(
    " ".join(
        (
            _ARTICLES_AND_PRONOUNS,
            _PREPOSITIONS_AND_CONJUNCTIONS,
            _VERBS,
            _ADVERBS,
            _QUESTION_WORDS,
            _CHATTING,
        )
    ).split()
)

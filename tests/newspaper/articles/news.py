"""The news pages."""

from __future__ import annotations

from ..model import Article, Picture

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="skarra-north-shore-winter-lodging",
        section="news",
        title="North shore families will winter in town, Skarra’s warden says, as ferry company disputes the numbers",
        description="The road at Hollow Sand is gone until spring. Who pays for the beds in Pellhaven is less clear.",
        authors=("Maren Oduya",),
        published="2026-11-20T04:27:00Z",
        tags=("Skarra", "Saint Brice gale", "ferry"),
        picture=Picture(
            name="hollow-sand-causeway",
            caption="What is left of the causeway at Hollow Sand.",
            credit="Ines Varga/The Lantern",
            alt="A strip of broken tarmac ending in grey water",
        ),
        seed=True,
        body="""
The families of Skarra’s north shore are to spend the winter in Pellhaven, the island’s warden said late on
Thursday, six days after the Saint Brice gale cut the only road to their houses.

“Eleven households are across already, and the Compass has given them its top floor,” said warden Aud Nethercott.
“The others come on the Constance Vey as soon as somebody tells me who signs for the fares.”

Neither she nor the harbour board would say how many people that makes.

The causeway at Hollow Sand has been the north shore’s way to the pier since 1931. Surveyors from the College of the
Sea counted 212 metres of it missing on Monday, and 41 houses that a car can no longer reach.

The ferry company, Sound Passage, tells another story. In its newsletter it wrote that islanders had “turned down
two free sailings, left stock on the slipway and shouted at a relief crew that had been on its feet since four in
the morning.”

The harbour board calls that account invented. It says that no free sailing was offered before Wednesday, and that
the company stopped answering the island’s telephone on the night of the storm.

“There is an old habit of blaming the passenger,” the board’s chair, Bettany Crole, told reporters on the Custom
House steps. “We had it after Marrow Night (in February 1974, when a ferry turned back and eleven people spent
nineteen hours in an open boat), and I have no wish to read the same letter with a new date on it.”

Sound Passage is paid from the town’s winter subsidy to sail whenever the sea allows. It has yet to show the board
its logs for 13 and 14 November, and refers questions to a passengers’ club whose treasurer it employs.

The club has 26 members. None of them lives on Skarra.

By the company’s count 60 people have asked for a passage. Nethercott went from door to door with a notebook and
makes it 138, of whom 31 are under ten.

School places are being found for them at Lantern Hill, where the head teacher said that the infants would share a
room with the choir’s robes until Christmas.

Mayor Ilse Torvane, who campaigned on a bridge to the island, met the board and the company on Tuesday. Nobody from
Skarra was at the table; the mayor’s office said that the invitation had gone out by the boat that was not running.

A second meeting is set for Monday at noon, on the island this time, in the net loft, if the weather holds.
""",
    ),
    Article(
        slug="live-gate-closed-spring-tide",
        section="news",
        title="Live: The Gate stays shut as the highest tide of the year comes up the Merrow",
        description="Hour by hour from Narrow Point, the Infirmary and the low streets behind Quay Six.",
        authors=("Maren Oduya", "Priyanka Dole"),
        published="2026-11-17T09:20:00Z",
        modified="2026-11-17T22:05:00Z",
        tags=("The Gate", "Saint Brice gale", "weather"),
        picture=Picture(
            name="gate-at-dusk",
            caption="The Gate at Narrow Point, seen from the pilot cutter.",
            credit="Jonah Petrel/The Lantern",
            alt="Four steel leaves closed across a river mouth at dusk",
        ),
        page_type="liveblog",
        body="""
## 6:25 PM — That is all from us

The tide turned at 5:52 and the river is falling by a hand’s width every ten minutes. The gatekeepers will open one
leaf at midnight to let the Merrow drain, and the rest before breakfast. We are going home to dry our boots.

## 5:52 PM — The top of the tide

It stood at 4.61 metres on the Custom House gauge, nine centimetres under the mark of 1974. On the river side of the
Gate the same gauge would have read 3.10.

“Nobody will remember today, and that is what they pay us for,” said gatekeeper Ruta Lindqvay over the radio.

## 4:40 PM — Water in Cooper Street

Not from the river, the borough engineer says, but from a drain that has nowhere to go while the Gate is shut. Two
pumps are on their way from the ropeworks. Four cellars are wet to the second step.

## 3:15 PM — The Infirmary moves its pharmacy upstairs

A precaution, the hospital says. Visiting hours are as usual, but the car park by the river is closed, and anyone
who has left a car there is asked to ring the porter’s desk.

## 1:30 PM — Last tram until the evening

Line 2 has stopped short at Wharf Street. Drivers are walking passengers over the footbridge to the stop on the
hill, and at least one of them is carrying a cello that is not his.

## 11:05 AM — All four leaves are down

It took thirty-one minutes, four more than in the September exercise. A tree trunk had lodged under the third leaf
and had to be talked out of it with a boathook.

## 5:50 AM — Good morning from Narrow Point

High water is due shortly before six this evening. The wind has gone round to the south-west, which is the wrong
way. This page will be written from the gatekeepers’ kitchen all day, where there is soup.
""",
    ),
    Article(
        slug="weather-diary-behind-classroom-wall",
        section="news",
        title="A weather diary from 1911 turns up behind a classroom wall",
        description="Lantern Hill pupils went looking for a draught and found eleven months of somebody’s mornings.",
        authors=("Priyanka Dole",),
        published="2026-11-18T14:10:00Z",
        tags=("schools", "Lantern Hill", "history"),
        picture=Picture(
            name="weather-diary-open",
            caption="The diary lies open at 3 March 1911: “Hail like peas. Cat indoors.”",
            credit="Ines Varga/The Lantern",
            alt="A small notebook with brown ink on squared paper",
        ),
        body="""
The draught in Room 4 had been a joke at Lantern Hill School for as long as anyone can remember. Coats were hung
against it. A rag doll called Mrs Gust was stuffed into the skirting. Last week the caretaker, Emeric Sholl, took a
panel off to settle the matter, and a notebook fell on his foot.

It is the size of a hand, bound in oilcloth, and it records the weather over Pellhaven on every school morning from
January to November 1911. There is no name in it. The writer had a barometer, a thermometer that stopped at minus
ten, and opinions.

{pull | had a barometer, a thermometer that stopped at minus ten, and opinions}

“Fog. The harbour may be there or not,” says the entry for 9 February. On 22 June, the coronation holiday of a
country that the writer plainly did not care for, there is only: “Too fine for school, and no school. Justice.”

{figure | diary-barometer-page | A page of readings, taken at ten to nine each morning. | Ines Varga/The Lantern |
Columns of figures in a neat hand}

The pupils of the fifth form have copied out all 203 entries and set them beside the harbour office’s own log, which
survives. The two agree to within a millibar on all but six days. On those six, the children argue, the school was
right: the harbour’s barometer went to be mended that October, and came back with a receipt.

Their teacher, Oonagh Tressider, thinks that the diarist was a pupil and not a master. The handwriting improves. The
spelling of “squall” changes three times. In May somebody else takes over for a week, presses too hard, and is
sacked.

{pull | In May somebody else takes over for a week, presses too hard, and is sacked}

The last line is dated 17 November. “Wind has got in behind the wall,” it says. “Shall stop it up with this.”

{figure | room-four-panel | Room 4, where the panel has been put back with a small glass window in it. | Jonah
Petrel/The Lantern | Children looking at a wall}

The book will go to the town archive in the new year. Room 4 keeps a facsimile, and the draught: by a vote of
nineteen to four, the form decided that Mrs Gust should stay where she is.
""",
    ),
    Article(
        slug="wharf-street-library-closes-early-friday",
        section="news",
        title="Wharf Street Library closes early on Friday",
        description="A boiler is to be carried out past the fiction shelves.",
        authors=("Priyanka Dole",),
        published="2026-11-19T18:45:00Z",
        tags=("library",),
        body="""
Wharf Street Library will close at two o’clock on Friday so that its old boiler can be carried out through the front
door, the only one wide enough.

Books due that day may be brought back on Saturday without a fine. The reading room opens again at nine on Saturday
morning, with heating, the librarians promise, for the first time since the clocks went back. Borrowed umbrellas are
also welcome home.
""",
    ),
    Article(
        slug="fire-in-net-loft-quay-six",
        section="news",
        title="Fire damages net loft on Quay Six",
        description="Nobody was hurt; forty years of nets and a brass band’s costumes were inside.",
        authors=("Maren Oduya",),
        published="2026-11-19T23:30:00Z",
        modified="2026-11-20T02:15:00Z",
        tags=("fire service", "Quay Six"),
        picture=Picture(
            name="net-loft-smoke",
            caption="Smoke over Quay Six on Thursday evening.",
            credit="Photo sent in by a reader",
            alt="Grey smoke above a row of slate roofs",
        ),
        body="""
A fire broke out in a net loft on Quay Six on Thursday evening and burned for nearly two hours before crews from
both of the town’s stations put it out. Nobody was hurt.

The loft, above the old ice house, is shared by five fishing families and by the Fishmarket Band, which keeps its
costumes there between one parade and the next. “The nets can be made again. The hats were my grandfather’s,” said
the bandmaster, Ludo Farrant, watching from behind the tape in his slippers.

Station officer Henrike Vane said that the fire had started near a stove on the upper floor, and that the slate roof
had held long enough to keep it from the auction hall next door. The hall’s clock, which hangs on the shared wall,
stopped at 7:41.

The quay is closed to traffic as far as the weighbridge. The morning sale will be held in the open, at the usual
hour.

This is a developing story and will be updated.
""",
    ),
    Article(
        slug="lifeboat-kayakers-fog",
        section="news",
        title="Lifeboat follows a tin whistle to two lost kayakers",
        description="In fog so thick that the crew could not see their own bow, one of the pair began to play.",
        authors=("Maren Oduya",),
        published="2026-11-15T20:05:00Z",
        tags=("lifeboat", "Skarra", "fog"),
        picture=Picture(
            name="lifeboat-in-fog",
            caption="The lifeboat Patient Griselda returns to her slip on Sunday.",
            credit="Jonah Petrel/The Lantern",
            alt="An orange boat coming out of fog",
        ),
        body="""
The crew of the Pellhaven lifeboat found two kayakers in dense fog off Skarra on Sunday by steering towards the
sound of a tin whistle.

The pair, cousins of 19 and 23 who were visiting from up the coast, had set out from the island’s west beach in
sunshine at noon. By one o’clock, in the words of coxswain Anselm Rook, “the lid had come down.” They had a
telephone, which got wet, and one flare, which nobody could have seen.

They also had the whistle. The younger of the two is learning, and knows, he says, three tunes. He played all three
in turn for an hour and twenty minutes, while his cousin kept the boats together with her feet.

Rook cut his engines every two minutes to listen. “You lose direction in fog, everybody does, so we had one man at
each corner with his eyes shut, pointing,” he said. “When all four pointed the same way we went that way, slowly.”

They were picked up at 2:48 some three miles from where they thought they were, cold but well, and were given tea
and a lecture. The Infirmary kept them for the evening.

It was the boat’s thirty-third launch this year. Asked whether the crew had recognised the tunes, Rook thought about
it. “One of them,” he said. “In the end.”
""",
    ),
    Article(
        slug="tram-line-two-stone-bridge",
        section="news",
        title="Line 2 will cross the stone bridge at walking pace until Easter",
        description="Engineers found a hollow the size of a piano under the second arch. The tram may still use it, softly.",
        authors=("Priyanka Dole",),
        published="2026-11-12T11:00:00Z",
        tags=("trams", "roads", "engineering"),
        picture=Picture(
            name="stone-bridge-arch",
            caption="An inspector lowers a lamp under the second arch.",
            credit="Ines Varga/The Lantern",
            alt="A person in a harness under a stone arch",
        ),
        body="""
Trams on Line 2 are to cross the stone bridge at no more than five kilometres an hour until Easter, the borough
engineer has ruled, after a routine look under the second arch found that part of it was no longer there.

The missing part is a pocket in the rubble fill, about as large as an upright piano, that the river has been
emptying for years through a joint below the waterline. The stones that carry the weight are sound. “It is like a
tooth,” said the engineer, Casimir Bold. “You can chew on it. You should not chew toffee on it.”

{signup}

Each crossing will take two minutes longer than now. The tramway has taken one car out of the timetable to make
room, so that the gap between trams goes from nine minutes to eleven at midday, and stays as it is in the morning.

{also | tram-vote-night-service}

Goods vehicles are sent round by the weir road from Monday. Bicycles, prams and funerals may use the bridge as
before; it was the undertaker who asked.

{promo}

The repair waits for low water in March, when divers can close the joint and the pocket can be filled from above
with lime grout. Bold puts the cost at a little under that of a new tramcar. The council’s own estimate, made before
anybody had looked, was a little over that of two.

A man with a lamp will look at the arch every morning until then. He has asked to be left out of this report, and to
have it said that he knows what he is doing.
""",
    ),
    Article(
        slug="infirmary-roof-repair-winter",
        section="news",
        title="Infirmary will mend its roof ward by ward, through the winter",
        description="Scaffolding goes up on Monday. Patients in the east wing move first, and the cat with them.",
        authors=("Priyanka Dole",),
        published="2026-11-10T13:40:00Z",
        modified="2026-11-16T10:30:00Z",
        tags=("Merrow Infirmary", "health", "Saint Brice gale"),
        picture=Picture(
            name="infirmary-east-wing",
            caption="Tarpaulins on the east wing of the Merrow Infirmary.",
            credit="Ines Varga/The Lantern",
            alt="Blue sheets over a slate roof",
        ),
        body="""
The Merrow Infirmary is to repair its roof one ward at a time between now and the end of March, without closing a
single bed, its director told staff on Monday.

Every ward will move down one floor for about three weeks while the slates above it are lifted, the battens replaced
and the slates put back. The first to go are the 28 patients of the east wing. They will be cared for in the former
laundry, which has been painted, heated and given a view by the removal of a mangle.

“We looked at closing, and closing meant sending people two hours up the coast in winter,” said the director,
Solange Attwater. “So we looked at it again.”

The work will be paid for from the building fund and from a bequest by the late Hester Quimby, who was a patient for
one night in 1988 and noticed a drip.

The hospital’s cat, which is not on the staff list but has a basket in the east wing, will move with the ward.
""",
        update="""
**Correction:** An earlier version of this article gave the number of patients in the east wing as 82. The right
number is 28.

**Editor’s note:** This article was published three days before the Saint Brice gale. The hospital says that the
storm took no more slates than were coming off anyway, and that the plan stands as described.
""",
    ),
    Article(
        slug="pekarnia-na-kanatnii",
        section="news",
        title="Пекарня на Канатній знову пече вночі",
        description="Після бурі пів міста прийшло по хліб до людей, яких донедавна знало лише на вигляд.",
        authors=("Соломія Бережна",),
        published="2026-11-18T06:30:00Z",
        tags=("українською", "Quay Six", "Saint Brice gale"),
        language="uk",
        picture=Picture(
            name="bakery-window-night",
            caption="Вікно пекарні о третій годині ночі.",
            credit="Ines Varga/The Lantern",
            alt="A lit shop window on a dark street",
        ),
        body="""
У ніч після бурі на Канатній вулиці не було світла, але пахло хлібом. Піч у пекарні Параски Дзвінки топиться
дровами, тому їй байдуже, чи є струм. О третій ночі біля дверей стояло семеро людей з ліхтариками, о п’ятій — уже
близько сорока.

«Я думала, що вони чекають на рибний базар, — каже пекарка. — А вони чекали на мене».

Параска приїхала до Пеллгейвена чотири роки тому. Перший рік вона мила посуд у «Компасі», другий — вчила мову й
місила тісто для чужої вивіски. Власну відкрила навесні: дві полиці, одна лавка і кіт, якого попередній господар не
схотів забирати.

Місцеві заходили обережно. Чорний хліб здавався їм кислим, а пампушки з часником — надто сміливими як на сніданок.
Докерам вони, зрештою, сподобалися першим, бо їх можна їсти однією рукою.

Тієї ночі ніхто не питав, що з чим. Брали все. Хтось приніс власну дошку, щоб різати швидше, хтось грав на гармошці,
а вчителька з Лантерн-Гілл записувала в зошит, хто скільки винен, бо каса без струму не відчинялася.

Зошит зберігся. У ньому сто вісімнадцять імен, і, за словами Параски, не заплатили тільки двоє. «Один — священник,
він забув. Другий — кіт».

Відтоді пекарня працює й уночі, з другої до шостої, для рибалок, медсестер і тих, кому не спиться. На дверях
з’явився новий напис двома мовами: «Стукайте. Ми тут».
""",
    ),
    Article(
        slug="skarra-pier-clock-brief",
        section="news",
        title="Skarra’s pier clock is right again, twice as often as before",
        description="A brief from the island.",
        authors=("Maren Oduya",),
        published="2026-11-19T13:05:00Z",
        tags=("Skarra",),
        reach="feed",
        body="""
The clock on Skarra’s pier, which the Saint Brice gale left showing ten past four, has been started again by a
visiting piano tuner, Ambrose Tickell, who was on the island for quite another reason.

He found the pendulum in the harbour and hung it back with a piece of fishing line. The clock now gains four minutes
a day. The islanders, asked whether they would like it corrected, said that four minutes early was about right for
the ferry.

“It used to be right twice a day without any help,” said the piermaster, Sunniva Holt. “Now we have to look at it.”

Mr Tickell would take no fee. He was given a dozen eggs and the key of the church, whose harmonium has wanted tuning
since the old minister’s time, and he missed his boat home by four minutes.
""",
    ),
)

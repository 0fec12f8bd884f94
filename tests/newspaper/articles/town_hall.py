"""The town hall pages."""

from __future__ import annotations

from ..model import Article, Picture

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="old-sluice-to-open-clerk-says",
        section="town-hall",
        title="Mill owners and council agree to open the old sluice, town clerk says",
        description="Water may run through the Long Meadow for the first time in forty years, if everybody means the same gate.",
        authors=("Tobias Ferncastle",),
        published="2026-11-19T03:12:00Z",
        tags=("council", "Long Meadow", "water"),
        picture=Picture(
            name="old-sluice-gate",
            caption="The old sluice, with its wheel.",
            credit="Jonah Petrel/borough archive",
            alt="A rusty iron wheel above a wooden gate",
        ),
        seed=True,
        body="""
The owners of Cray’s Mill and the borough council have come to terms over the old sluice, which will be opened
before the year is out to let the Long Meadow flood as it used to, the town clerk said on Wednesday evening.

“I have two signatures on one sheet of paper, and it is the same sheet,” clerk Leopold Wray told the drainage
committee. “Those of you who have been here as long as I have will know what that is worth.”

He did not read the sheet aloud.

The sluice was shut in 1986 after a dispute about eels. Since then the meadow has been dry enough to plough and,
most years, wet enough to ruin what was ploughed.

The council wants it back under water as a place for the river to go when the Gate is closed. Borough engineer
Casimir Bold reckons that it could hold a sixth of what came down the Merrow on the night of the Saint Brice gale.

The mill’s three owners, who are cousins, have asked at various times for a fee, for a weir, for an apology, and for
the eels.

“What was written in the parish paper about us wanting to ‘drown the allotments’ (the plots below the weir were
flooded in 1985, when the council’s own man left the wheel open and went to a wedding) is the sort of thing that
gets said when people would sooner be angry than be dry,” the cousins wrote in an open letter last month.

The parish paper stands by its report. Its editor, who has a plot below the weir, did not wish to be quoted beyond
that.

Records of the 1985 flood have been looked into since. The college’s hydrologists, working from a tide mark in the
chapel, found that water stood on the plots for nine hours, not the three days of local memory.

Farmers on the far bank say that ten hectares of winter wheat will be lost. The clerk has put it at four. The
difference seems to be a field that is down on both lists under different names.

Councillor Dorran Pike, who leads the opposition, said that his group would vote for the agreement when it had seen
it, “and not one minute sooner, and possibly not then.”

A vote could be taken on 8 December. The budget sets aside enough for a new wheel, the old one having been sold in
the meantime to a restaurant.

The restaurant has been written to.
""",
    ),
    Article(
        slug="who-owns-the-foreshore",
        section="town-hall",
        title="Who owns the foreshore? Forty deeds, two maps and one missing page",
        description="Between the high water mark and the low lies a strip worth more every year. We went to look for its owner.",
        authors=("Tobias Ferncastle", "Maren Oduya"),
        published="2026-11-14T07:00:00Z",
        tags=("foreshore", "courts", "history", "kelp"),
        picture=Picture(
            name="foreshore-at-low-water",
            caption="The foreshore below Ropewalk at low water, with kelp frames.",
            credit="Ines Varga/The Lantern",
            alt="Mud flats with rows of wooden frames",
        ),
        body="""
Twice a day the sea uncovers four hundred acres of mud on the south side of Pellhaven, and twice a day it covers
them again. For eight hundred years hardly anybody asked whose they were. Now a kelp grower wants to lease them, a
boatyard wants to build on them and the borough wants to tax them, and all three have found out that they cannot say
from whom.

This newspaper spent five weeks in the borough archive, the county registry and three attics. We read forty deeds.
What follows is what they say, and where they stop.

## The priory’s mud

The oldest is a grant of 1214, by which a lord whose name is half eaten by mice gave the monks of Saint Brice “the
ooze, with what lives in it.” The monks kept eel traps there and fought the town for the right of wreck. When the
priory was dissolved its land was sold in eleven lots, each described to the pace. The ooze is in none of them.

“People take that for an oversight,” says Idony Carrick, who keeps the archive and has a low opinion of oversights.
“I think that nobody would pay for it.”

## Two maps

In 1840 two surveyors drew the shore within a month of each other. The harbour commissioners’ map colours the mud
pink, for themselves. The turnpike trust’s map colours it green, for the trust. Both are signed, both are sealed,
and the seals are the same seal, which the two bodies shared to save money.

A court was asked in 1902 to say which map was right. It sat for three days, walked out at low tide to see for
itself, and had to be fetched off a sandbank by a shrimper. The judgment runs to one sentence: the question, it
says, “is not ripe.”

## The missing page

The nearest thing to an answer ought to be in the commissioners’ minute book for 1911, in which the sale of “the
whole of the shore, with its burdens” is announced on page 88 and thanked for on page 90. Page 89 was cut out with
something sharp.

We showed the stub to a conservator at the Museum of Ropes. The cut is old, she says, and was made from the left, as
a left-handed person would. The commissioners’ clerk that year was one Josiah Torvane, whose portrait hangs in the
Custom House. He is holding the pen in his left hand. The present mayor is his great-granddaughter.

“I have never been told that we own a beach,” Mayor Ilse Torvane said when we asked her. “I should think somebody
would have mentioned it. There would have been picnics.” She has opened the family’s papers to us. There is nothing
in them about mud.

## What happens now

In law, land that nobody owns falls to the town. But the borough has to claim it, and to claim it must say where it
ends, and the shore at Ropewalk has moved ninety metres since either map was drawn. Borough solicitor Philippa
Dunmore expects to put the matter before the court in the spring.

The court will be offered a boat.
""",
    ),
    Article(
        slug="tram-vote-night-service",
        section="town-hall",
        title="Council gives the night tram one more winter",
        description="By a single vote, and with a bell that must not be rung after eleven.",
        authors=("Tobias Ferncastle",),
        published="2026-11-11T02:40:00Z",
        tags=("council", "trams"),
        picture=Picture(
            name="night-tram",
            caption="The last car of the night at Wharf Street.",
            credit="Jonah Petrel/The Lantern",
            alt="A small tram with lit windows",
        ),
        body="""
The night tram will run for another winter. Councillors voted 12 to 11 on Tuesday to keep the hourly service between
midnight and five, after a debate that itself went on until twenty to eleven.

The service carries 64 passengers on an average night, most of them bakers, nurses and the people who clean the fish
market. It loses money on every one of them. The finance committee had proposed a shared taxi in its place.

Councillor Perpetua Lisle, who worked nights at the Infirmary for thirty years, brought a thermos to the lectern and
poured herself a cup. “That is how long you wait for a shared taxi,” she said when she had finished drinking it.

The vote was tied until Councillor Bram Oakshott, who had been expected to stay away, came in out of the rain. He
had come, it turned out, by tram.

In exchange for the service its supporters gave up the bell. From eleven at night until six, drivers on Line 2 are
to use a lamp. Residents of Ropewalk had asked for it in a petition of 212 names, among them, the clerk noted for
the record, four of the drivers’.
""",
    ),
    Article(
        slug="borough-budget-six-questions",
        section="town-hall",
        title="The borough budget in six questions",
        description="Where the money comes from, where it goes, and what became of the fountain.",
        authors=("Tobias Ferncastle",),
        published="2026-11-16T12:00:00Z",
        tags=("budget", "council", "explainer"),
        picture=Picture(
            name="council-chamber",
            caption="The council chamber before Monday’s sitting.",
            credit="Ines Varga/The Lantern",
            alt="Rows of empty benches under a painted ceiling",
        ),
        body="""
Pellhaven’s draft budget for next year is 214 pages long and weighs, bound, as much as a small dog. We have read it
so that the dog may rest.

## How much is it?

Forty-one million crowns, a million and a half more than this year. Nearly all of the increase is in two lines: the
Gate, which needs new hydraulics, and the winter subsidy for the ferry.

| What | This year | Next year |
| Schools | 14.2 | 14.4 |
| Roads and trams | 7.9 | 7.6 |
| The Gate | 3.1 | 4.0 |
| Ferry subsidy | 1.2 | 1.8 |
| Libraries and museums | 1.9 | 1.9 |
| All else | 11.2 | 11.3 |

## Who pays?

Rates on houses bring in a little over half. The rest is harbour dues, the national grant, and fees for everything
from weddings to moorings. The draft leaves rates alone and puts up three fees:

- moorings for boats over nine metres, by a tenth
- market stalls, by five crowns a day
- the burial of pets, which has been free by mistake since 1997

## What is cut?

Roads, for the second year. The borough engineer’s list of repairs now stands in this order:

1. the second arch of the stone bridge
2. the retaining wall at Chapel Steps
3. the drain in Cooper Street
4. everything else

The engineer was asked by the committee what “everything else” amounted to, and gave an answer that the chair asked
to have struck from the minutes.

## Is there anything new?

A school bus for the far side of the Long Meadow, and a second reading room at Wharf Street. The treasurer, Hyacinth
Mole, explained the reading room to the committee in these words:

> We have more people who want to sit and read in the warm than we have warm places to sit and read. I could give
> you a graph.
>
> It would be a graph of the first sentence.

## And the fountain?

The fountain in Custom House Square, dry since 2019, is down for repair in every budget since and in none of the
accounts. The draft moves it to the year after next.

## When is it settled?

The council votes on 15 December. Anyone may speak for three minutes; [the last debate about
trams](tram-vote-night-service) shows what can be done with one of them.
""",
    ),
    Article(
        slug="ropewalk-by-election-eleven-votes",
        section="town-hall",
        title="Ropewalk elects a beekeeper, by eleven votes and after three counts",
        description="Alma Fairweather takes the seat that was empty since June.",
        authors=("Tobias Ferncastle",),
        published="2026-10-30T07:20:00Z",
        tags=("elections", "Ropewalk"),
        picture=Picture(
            name="count-at-drill-hall",
            caption="Counting at the Drill Hall on Thursday night.",
            credit="Jonah Petrel/The Lantern",
            alt="People sorting papers at long tables",
        ),
        body="""
Alma Fairweather, a beekeeper who stood for no party, won the Ropewalk by-election on Thursday by eleven votes. It
took three counts and the better part of the night.

She had 702 votes; Gideon Marsh-Pettifer, for the Harbour Union, had 691. The first count had put him ahead by two.
In the second the two drew level, at which the returning officer sent out for sandwiches.

What settled it was a bundle of thirteen papers found to have stuck to the back of another. Every one of them
smelled faintly of honey, as the Union’s agent pointed out, and every one was valid, as the returning officer
replied.

Miss Fairweather fought the seat on a single leaflet, printed on both sides. One side said that she would answer
letters. The other was a map of the ward’s forty-four drains, with notes.

Turnout was 47 per cent, which is high for October and for rain. She will be sworn in on Tuesday, and says that she
will miss Thursdays in swarming time.
""",
    ),
    Article(
        slug="allotment-queue-longest-wait",
        section="town-hall",
        title="He asked for an allotment in 1999. On Monday he got the key",
        description="Plot 17 has gone to the man at the head of the longest list in the borough.",
        authors=("Osric Lund",),
        published="2026-10-20T09:15:00Z",
        tags=("allotments", "council"),
        body="""
When Wendell Apsley put his name down for an allotment he was 38, and wanted somewhere to grow runner beans for his
children. The children have children now. On Monday the parks office gave him the key to Plot 17, and he went in,
alone, and stood there for a while.

The waiting list for the plots below the weir holds 340 names. It moves by about a dozen a year. Some people have
left it by moving away, some by dying, and one, the parks office says, by marrying a plot.

Mr Apsley never rang to ask how it was coming along. “I thought they might think that I was pushing,” he said. He
wrote one letter, in 2011, to say that he had changed his address. It was to the house next door.

Plot 17 is ten paces by twenty and has a shed with half a door. The last tenant left a row of leeks, a radio tuned
to the shipping forecast, and a note under a flowerpot which says that the tap sticks and that the robin is called
Desmond.

He will put in beans. “It’s late to start,” Mr Apsley said, and it was not clear whether he meant the year.
""",
    ),
    Article(
        slug="notices-week-of-sixteenth-november",
        section="town-hall",
        title="Council notices for the week",
        description="Closures, consultations and a found tortoise.",
        published="2026-11-16T08:00:00Z",
        tags=("notices",),
        body="""
The following notices were posted on the board at the Custom House on Monday, and are printed here without charge,
as the charter of this paper requires.

- Weir Road will be closed to all but residents from Thursday for the laying of a main.
- The footbridge at Cray’s Mill is open again. The council thanks those who waited, and asks the person who did not
  wait to collect his bicycle.
- Views are invited on the naming of the new lane behind the Infirmary. The names put forward so far are Quimby
  Lane, Laundry Lane and Cat Lane.
- Applications for the Candlemas fair may be handed in until noon on 4 December. Owners of geese should state how
  many.
- A tortoise has been found in the rates office. It answers to nothing and may be claimed there.

Objections to any of the above may be made in writing to the town clerk, or aloud on the first Tuesday of the month.
""",
    ),
)

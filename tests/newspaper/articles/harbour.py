"""The harbour pages: ships, fish and money."""

from __future__ import annotations

from ..model import Article, Picture

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="quay-six-auction-clock",
        section="harbour",
        title="The auction clock on Quay Six runs backwards, and everyone is calmer for it",
        description="After a year of trial the fish market keeps its Dutch auction.",
        authors=("Halvard Quill",),
        published="2026-11-17T07:45:00Z",
        tags=("fish market", "Quay Six"),
        twin=True,
        picture=Picture(
            name="auction-clock",
            caption="The auction clock, with its single hand.",
            credit="Ines Varga/The Lantern",
            alt="A large dial above crates of fish",
        ),
        body="""
A year ago the fish market on Quay Six stopped shouting. In place of the auctioneer’s rising call it hung up a clock
with one hand, which starts at a price nobody would pay and falls until somebody does. The market’s members have now
voted to keep it, by 51 to 6.

Under the old way the price climbed and buyers egged each other on. Under the new one each has a button, and the
first to press has the fish. There is nothing to hear but the hand, and a sort of breathing.

“I used to go home hoarse and having bought mackerel that I did not want,” says Thessaly Brand, who supplies eleven
restaurants. “Now I go home having bought the mackerel that I was afraid of losing. It is not the same mistake.”

Prices are up by about four per cent over the year, according to the market’s books, and the sale is done in fifty
minutes where it took ninety. The boats like both figures. The buyers dislike the first, and use the second to have
breakfast.

The six who voted against are all retired auctioneers. They keep their votes for life, and they keep, by custom, the
bell. It is rung at five every morning, loudly, by a different one of them each day.
""",
    ),
    Article(
        slug="kelp-boom-solveig-ledger",
        section="harbour",
        title="Inside the kelp boom: what the Solveig ledger shows",
        description="The Sound’s largest kelp grower has doubled its frames every year. Its own books suggest that it cannot go on.",
        authors=("Halvard Quill",),
        published="2026-11-18T10:00:00Z",
        tags=("kelp", "business", "foreshore"),
        access="paywalled",
        picture=Picture(
            name="kelp-lines",
            caption="Kelp lines drying at the Solveig works.",
            credit="Ines Varga/The Lantern",
            alt="Brown ribbons hanging from ropes",
        ),
        body="""
In the spring of 2021 the Solveig Kelpworks was two sisters, a borrowed punt and forty ropes. It now has 9,600
ropes, a drying hall with a turf roof and a contract to put its powder into a third of the bread sold along this
coast.

A ledger that has been seen by this newspaper, kept by hand in three colours of ink, sets out for the first time
what that growth has cost. It shows a business which earns well on every kilo it sells, and which has borrowed,
against kelp that is still underwater, a little more than every kilo it can sell.

The sisters do not dispute the figures. “We write them down so that we can see them,” said the elder, Solveig Aune,
when we spread the copies out on her kitchen table.
""",
    ),
    Article(
        slug="little-auk-hybrid-ferry-trial",
        section="harbour",
        title="The Little Auk crosses on batteries alone, with the kettle off",
        description="Sound Passage’s new hybrid ferry made it to Skarra in silence. Nearly.",
        authors=("Halvard Quill",),
        published="2026-11-06T15:20:00Z",
        tags=("ferry", "Skarra", "engineering"),
        picture=Picture(
            name="little-auk-trial",
            caption="The Little Auk passes the bar buoy on Friday’s trial.",
            credit="Jonah Petrel/The Lantern",
            alt="A small white ferry on calm water",
        ),
        body="""
The new ferry Little Auk crossed the Sound on Friday on her batteries alone, eleven kilometres in forty-six minutes,
and came alongside the pier at Skarra with seven per cent to spare.

It would have been nine, said chief engineer Noor Vantongeren, but for the galley. “Somebody made tea at the bar
buoy. We saw it on the gauge. We all looked round.”

The ship is meant to use her diesel only in heavy weather or against the ebb. On the pier a cabinet the size of a
garden shed fills her up again in the hour before she sails home. It draws as much as the rest of the island put
together, so the islanders have been asked not to bake between ten and eleven.

For the passengers the chief novelty was the quiet. Several found that they had been talking too loudly for years. A
party of bell-ringers on an outing to Skarra’s chapel heard, halfway over, what they took for a tapping in the hull.
It was rain.

She goes into service on 1 December, in place of the Constance Vey, which was built in 1979 and will be kept in
reserve. Her captain has asked for, and been given, her whistle.
""",
    ),
    Article(
        slug="lobster-hatchery-ten-thousand",
        section="harbour",
        title="Ten thousand lobsters leave home, each the length of a fingernail",
        description="The hatchery in the old lamp store lets its first full brood go.",
        authors=("Halvard Quill",),
        published="2026-10-26T10:30:00Z",
        tags=("fishing", "College of the Sea"),
        picture=Picture(
            name="lobster-juvenile",
            caption="A lobster of six weeks on the scale.",
            credit="Ines Varga/The Lantern",
            alt="A tiny lobster beside a ruler",
        ),
        body="""
They travelled in ice-cube trays, one to a cell, because they eat each other. On Saturday ten thousand young
lobsters from the hatchery in the old lamp store were let down through a hose to the stones off Narrow Point, and
were left to get on with it.

A hen lobster carries some twenty thousand eggs. In the sea perhaps one of them lives to be caught. In the lamp
store, where they are fed by hand for six weeks and kept apart, the college’s marine school has brought one in three
as far as the stage at which it can dig.

Fishermen bring in hens that are carrying, and are paid the market price for them, and get them back afterwards,
thinner. “It’s the only time that anyone has rented a lobster off me,” said Caradoc Penn, who has sent six.

Nobody will know for five years whether it works. The young ones cannot be tagged, having nothing to tag. The school
took a scrap of each mother’s swimmeret instead, and will look for their grandchildren in the catch.

On the stones off Narrow Point, the divers reported, the trays emptied slowly. Most of the lobsters took one look at
the open sea and tried to get back into the hose.
""",
    ),
    Article(
        slug="dredger-finds-anchor-channel",
        section="harbour",
        title="Dredger lifts an anchor nobody can account for",
        description="Four tonnes, hand-forged, and stamped with a mark that is in no register.",
        authors=("Osric Lund",),
        published="2026-10-14T08:50:00Z",
        tags=("dredging", "history", "Museum of Ropes"),
        reach="sitemap",
        picture=Picture(
            name="unknown-anchor",
            caption="The anchor on the quay, still dripping.",
            credit="Halvard Quill/The Lantern",
            alt="A great rusty anchor on chocks",
        ),
        body="""
The dredger Humble Pie, deepening the fairway below the Custom House, brought up an anchor on Monday that is larger
than any ship known to have used the port.

It weighs a little over four tonnes. It was forged by hand, in one piece, which few smithies could have done, and
its shank bears a mark: three fishes in a ring, each biting the next one’s tail.

Lucasta Ferrow of the Museum of Ropes has been through every register of founders’ marks that she has, and two that
she borrowed. “I can tell you four hundred people who did not make it,” she says.

A ship to suit such an anchor would have drawn more water than there was in the channel before 1890. So either it
was lost from a ship that should not have been there, or it was brought on something else, or it was never on a ship
at all. A former pilot remembers that the old chain ferry is said to have been moored to “the Bishop.” Nobody
thought to ask what the Bishop was.

For now it lies on Quay Two under a wet blanket, because iron that has been so long in the sea falls to pieces when
it dries. Children are allowed to water it on Saturdays.
""",
    ),
    Article(
        slug="boatyard-apprentices-larch",
        section="harbour",
        title="Four apprentices, one larch: the boat that took a winter to begin",
        description="Before the first plank is bent at Tolliver’s yard, there is a tree to be chosen.",
        authors=("Osric Lund",),
        published="2026-11-08T09:00:00Z",
        tags=("boatbuilding", "work", "long read"),
        picture=Picture(
            name="larch-in-snow",
            caption="The larch above Cray’s Mill, marked with a chalk cross.",
            credit="Osric Lund/The Lantern",
            alt="A tall bare tree with a white mark",
        ),
        body="""
At Tolliver’s yard they begin with an argument about a tree. Old Jeb Tolliver, who is eighty-one and no longer lifts
anything, takes the new apprentices up the valley in October and lets them choose. They walk about for a day. They
come back with a tree. He asks them why, and they find that they do not know.

This year there are four: Imogen Slate, who was a dental nurse; the brothers Pim and Casper Oyelaran; and Wynn
Hathersage, who is seventeen and has not yet been heard to speak before ten in the morning. They are paid by the
yard for three days and by the college for two, and at the end of three years each of them will have built a quarter
of a boat.

{split}

What you want in a larch, it turns out, is slowness. A tree that has stood in the open grows fast and fat and makes
planks that split. One that was crowded when it was young, on the north side, in thin soil, has rings as close as
the pages of a book. It will also have a bend in it somewhere. The bend is not a fault. The bend is the turn of the
bilge, already grown.

“You are not looking for a straight tree,” Tolliver told them. “You’re looking for a boat that is standing up.”

On the third Saturday it was Wynn who found it, on a slope above Cray’s Mill, and put a hand on the bark and said
nothing. The others walked round it. Imogen looked up at the crown for so long that she had to sit down. Tolliver
came up last, on two sticks, and got his breath back, and asked why.

{split}

“It leans the way we go,” said Wynn.

They felled it on the first of November, a Sunday, with the moon going down, because sap is low then or because it
always has been done so; the yard does not insist on which. A horse brought it to the road. It lies now in the slip
under wet sacking with its bark off, the colour of a new loaf, and will be left alone until February.

In the meantime the apprentices sweep. They boil pitch, sharpen, draw the same curve forty times on the loft floor
and scrub it out. They have each made a mallet, and been shown what is wrong with it, and made another. Nobody has
touched the tree, though Casper admits that he says good night to it.

The boat has been ordered by a doctor on Skarra who wants to be rowed to her patients. She rang last week to ask how
far they were.

“Tell her,” Tolliver said, “that we’ve got the hard part done.”
""",
    ),
    Article(
        slug="ferry-timetable-what-we-know",
        section="harbour",
        title="Ferries after the gale: what sails, what does not and what it costs",
        description="A guide for anyone who has to get across before the month is out.",
        authors=("Halvard Quill", "Maren Oduya"),
        published="2026-11-19T09:30:00Z",
        modified="2026-11-20T05:10:00Z",
        tags=("ferry", "Skarra", "explainer", "Saint Brice gale"),
        picture=Picture(
            name="ferry-queue",
            caption="Waiting for the one o’clock on Wednesday.",
            credit="Ines Varga/The Lantern",
            alt="A queue of people in raincoats",
        ),
        body="""
The gale of 13 November left one of the Sound’s two ferries with a bent rudder and the pier at Skarra with half a
ramp. This is how things stand; it will be put right here as they change.

The Constance Vey sails three times a day while the [Little Auk, which crossed on batteries two weeks
ago](little-auk-hybrid-ferry-trial), waits for a diver to look at her stern. Cars are not being taken.

| From Pellhaven | From Skarra | Days |
| 7:10 | 8:20 | not Sundays |
| 13:00 | 14:15 | every day |
| 17:30 | 18:40 | Fridays only |

The fare is as before. Islanders from the north shore travel free until the end of the month, and the question of
who pays after that is [as the warden put it on Thursday](skarra-north-shore-winter-lodging), waiting for a
signature. Bring something with an address on it.

Nothing sails when the Gate is shut, because the berth lies behind it. That was so [all through
Tuesday](live-gate-closed-spring-tide) and will be again on 2 December. Letters go by the pilot cutter, and so do
prescriptions, which the Infirmary’s porter takes down at six.

If you miss the last boat, the Compass keeps four beds for strangers at a fair price. It has done so under the terms
of a bet since 1903.
""",
    ),
)

"""The opinion pages."""

from __future__ import annotations

from ..model import Article, Picture

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="stroud-on-being-early",
        section="opinion",
        title="In praise of being far too early",
        description="Wilhelmina Stroud has forty minutes to wait, and means to enjoy them.",
        authors=("Wilhelmina Stroud",),
        published="2026-11-19T07:00:00Z",
        tags=("column",),
        page_type="opinion",
        body="""
I have been early all my life, and I am done apologising for it. I am writing this on a bench at the tram stop in
Wharf Street, forty minutes before a tram that takes nine, and there is nowhere I would sooner be.

The punctual despise us. They arrive, as they like to say, on the dot, with their scarves flying, and find us
already sitting there, like furniture. They think that we are anxious. Some of us are. But most of the early people
I know are simply greedy. We want the part of the evening that nobody has planned.

Consider what goes on before things. The orchestra has not begun, and the oboe is trying one bar over and over. The
church is empty but for a man on a ladder. At the quay, a good half hour before the ferry, the gulls and the ticket
clerk are having a conversation which will stop the moment that there is a queue.

None of this is on the programme. You cannot buy it. It is given away to those who have misjudged the time.

My late husband ran for things. He caught them, too, mostly, and would drop into the seat beside me all lit up and
out of breath, as if the train had been a sort of prize. I used to tell him that I had been there for half an hour
and had got the window. I see now that he had got something also. But he never once saw the man on the ladder.

Here comes the tram. It is the one before mine. I believe that I shall let it go.
""",
    ),
    Article(
        slug="lantern-view-causeway",
        section="opinion",
        title="The Lantern’s view: Build the causeway twice",
        description="A road that is washed away once in a lifetime is not a bad road. A town that forgets so is.",
        published="2026-11-18T05:00:00Z",
        tags=("editorial", "Skarra", "budget"),
        page_type="opinion",
        body="""
Nobody who has stood at Hollow Sand this week will need to be told that the causeway must be rebuilt. The question
before the council is how well. One estimate, for a road like the old one, is 1.9 million crowns. The other, for a
road on piles that should stand for a century, is 6.4.

We think that the council should build the cheap one, at once, and should begin in the same week to put money by for
the next.

The case for piles is that the sea is rising. So it is, and that is what is wrong with the case. The pile road is
drawn for the shore as it is now, and Hollow Sand has moved thirty paces since this newspaper’s founder walked
there. A road that is meant to last a hundred years on a beach that does not is a monument.

The old causeway stood for ninety-five years with three repairs. It was put up by people who knew that they would
have to do it again, and who wrote so in the minutes, and who set up a fund. The fund was spent in 1988 on a
fountain.

Build it for two million. Put the other four away where no one can see water come out of it.
""",
    ),
    Article(
        slug="abbotkane-let-the-meadow-flood",
        section="opinion",
        title="Let the meadow flood, and say so out loud",
        description="An engineer’s case for water in the right place.",
        authors=("Nerys Abbotkane",),
        published="2026-11-17T05:30:00Z",
        tags=("Long Meadow", "The Gate", "water"),
        page_type="opinion",
        picture=Picture(
            name="long-meadow",
            caption="The Long Meadow from the chapel tower.",
            credit="Jonah Petrel/The Lantern",
            alt="Flat fields with a line of willows",
        ),
        body="""
I teach people to keep water out of things. So it may seem odd that I should ask for some to be let in.

When the Gate closes, it stops the sea. It does not stop the river. For as long as the leaves are down, everything
that falls on the hills has to wait behind them, and what the Merrow needs while it waits is room. There is less of
that every year. We have built on it.

The Long Meadow is the last large piece left. It is flat, it lies low, and for some six centuries it was flooded
each winter on purpose, because the silt was good for the grass. There is a sluice for it. It works, or will when
someone finds the wheel.

People who live near the meadow are afraid, and they have been told not to be, which never helped anybody. I would
rather tell them how much. On the worst night that we can work out, the water would stand knee-deep at the willows
and ankle-deep at the chapel wall, and would be gone in two days. It would come to nobody’s door. And it would take
eleven centimetres off the river at Cooper Street, where last week it came to four.

That is the bargain: some wet grass on one side, some dry cellars on the other. Put like that, most people will take
it. But it must be put like that, with the figures, at a meeting, by someone who will still be there in the spring.

I am free on Tuesdays.
""",
    ),
    Article(
        slug="letters-bells-buns-bridges",
        section="opinion",
        title="Letters: bells, buns and the length of a marathon",
        description="What readers wrote this week.",
        published="2026-11-14T05:00:00Z",
        tags=("letters",),
        page_type="opinion",
        body="""
## A quiet tram

Sir, I signed the petition against the tram’s bell, and I drive the tram. I should like to explain. I live on
Ropewalk, and when I am in bed I am not a driver. — *Name and address supplied*

## Cardamom

Madam, Your recipe for harbour buns was correct in all respects except the lack of cardamom, the knot, the salt, the
oven and the name. — *Morag Baine, Skarra*

## Short measure

Sir, I came last in the Sound Marathon in 2018, in a time of six hours and two minutes. I now learn that I did not
run a marathon at all. May I have my two minutes back? — *C. Penhallow, Chapel Steps*

## The fountain

Madam, In 1988 I was the plumber. It never did work. We used to fill it with a hose on the mornings of official
visits. I thought that everybody knew. — *H. Dace, retired*
""",
    ),
    Article(
        slug="stroud-lost-property",
        section="opinion",
        title="A short inventory of lost property",
        description="Wilhelmina Stroud goes to fetch an umbrella, and stays.",
        authors=("Wilhelmina Stroud",),
        published="2026-11-05T07:00:00Z",
        tags=("column", "trams"),
        page_type="opinion",
        body="""
The tramway’s lost property office is down a passage behind the depot, and is open for two hours on a Thursday. I
went for an umbrella. I had not gone there for the wedding cake, the left-hand half of a set of encyclopaedias, or
the glass eye; but I was shown them.

Mr Pettibone has had charge of it for thirty-four years. He sorts by where a thing was found and not by what it is,
so that to ask for an umbrella is no good: you must say where you were when you were last dry. I said Chapel Steps.
He went away, and came back with seven.

What surprises him, he told me, is not what people lose. It is what they do not come for. Gloves, yes. But somebody
has been without a cello since 2003. Somebody got on a tram with a stuffed pike, and got off without one, and has
presumably been conscious ever since of a gap on the wall.

He writes to them, where there is an address. Hardly anyone replies. His belief is that they have already grieved.

I took my umbrella. It was not until I was home that I saw that it was a better one than mine. I shall have to go
back on Thursday and lose it.
""",
    ),
    Article(
        slug="marsh-to-our-members",
        section="opinion",
        title="To our members, from the editor’s desk",
        description="For those who pay for the paper.",
        authors=("Edda Marsh",),
        published="2026-11-16T05:00:00Z",
        tags=("members",),
        page_type="opinion",
        reach="private",
        body="""
You have this letter because you pay for the Lantern, and I should like to tell you what you bought.

This year you paid for five weeks in the archive, for a tide table that was right, for a pair of waders, and for the
time that it took to find out that the council’s fountain had never worked. You also paid for four corrections. I
regret each of them, and the third one very much.

Next year I mean to spend more on the island, and to print on Sundays again. If you think that I should not, the
kettle is on at the usual hour, and the stairs are no steeper than they were. Bring a bun.
""",
    ),
)

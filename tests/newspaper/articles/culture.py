"""The culture pages."""

from __future__ import annotations

from ..model import Article, Picture

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="in-pictures-lantern-rehearsal",
        section="culture",
        title="In pictures: four hundred lanterns go out on the water, and one comes back",
        description="The rehearsal for Lantern Night, from the quay, the bridge and a very small boat.",
        authors=("Ines Varga",),
        published="2026-11-15T12:00:00Z",
        tags=("Lantern Night", "photography"),
        page_type="gallery",
        body="""
Every year, three weeks before the real thing, the Lantern Guild floats four hundred paper lamps down the Merrow to
see whether they will burn, sink or wander off. I went out with them on Saturday in a borrowed dinghy.

{figure | lanterns-1-paper | Guild members fold the last of the paper in the Drill Hall. Each lamp takes eleven
folds. | Ines Varga/The Lantern | Hands folding yellow paper}

{figure | lanterns-2-quay | The first lamps are lit on the steps of Quay Two. | Ines Varga/The Lantern | A row of
small flames at the water’s edge}

{figure | lanterns-3-bridge | From the stone bridge, where the tram waited for the procession to pass under it. |
Ines Varga/The Lantern | Lights on a dark river seen from above}

Nobody steers them. The ebb takes the lot as far as the bar buoy, where the pilot cutter is waiting with a net so
that no paper goes out to sea.

{figure | lanterns-4-cutter | The pilot cutter gathers them in. Jory Pell has done it for thirty years. | Ines
Varga/The Lantern | A man leaning from a boat with a long net}

{figure | lanterns-5-stray | The lamp that came back, on an eddy, to the very step it had left. | Ines Varga/The
Lantern | A single lantern beside stone steps}

One always does, I was told. It is kept, and lit first on the night. This one is mine, by about four metres: it
bumped against the dinghy while I was changing a lens.
""",
    ),
    Article(
        slug="watch-the-gate-closes-in-four-minutes",
        section="culture",
        title="Watch: How the Gate closes, in four minutes and one long note",
        description="A short film about steel, water and the composer who listened to both.",
        authors=("Clemency Achterberg",),
        published="2026-11-13T16:30:00Z",
        tags=("The Gate", "film", "music"),
        page_type="video",
        body="""
When the four leaves of the Gate come down, the whole of Narrow Point hums. Engineers put it at 58 hertz. The
composer Thandeka Roswell puts it at “a B flat that has had bad news.”

For this film she spent five closings on the gatekeepers’ gallery with six microphones, two of them under water.
What you hear is all from there. Nothing was added, she says, except patience.

The picture is by Jonah Petrel, who fixed his camera to the roof of the lamp store and left it running, and so has
also caught, at two minutes and ten seconds, a seal that thought better of it.

Listen for the third leaf. It has been a quarter tone flat since the September exercise, and nobody at the borough
will say whether that is on the list of repairs.
""",
    ),
    Article(
        slug="interview-rope-is-a-memory",
        section="culture",
        title="‘A rope is a memory of every hand that pulled it’",
        description="Lucasta Ferrow, keeper of the Museum of Ropes, on knots, fire and the smell of tar.",
        authors=("Clemency Achterberg",),
        published="2026-11-12T08:00:00Z",
        tags=("Museum of Ropes", "interview"),
        picture=Picture(
            name="lucasta-ferrow",
            caption="Lucasta Ferrow on the ropewalk, which is 380 metres long.",
            credit="Jonah Petrel/The Lantern",
            alt="A woman at the end of a very long room",
        ),
        body="""
Lucasta Ferrow came to the Museum of Ropes to catalogue one box and has stayed for twenty-six years. She talks with
her hands, and there is generally something in them. We met in the long shed, where the last rope was laid in 1962.

**Do people know what they are looking at when they come in?**

They think that it will be dull, and they are quite polite about it. Then I give them a bit of hemp and let them
twist it, and let go. It leaps. They never get over that. It wants to come undone, you see, and all the craft is in
making it want two opposite things at once.

**What is the oldest thing you have?**

A hand’s length of lime-bast cord from the bog behind the Long Meadow. It is about five thousand years old, and it
has a mistake in it. Somebody lost count. I find that I am fond of that person.

**You have said that ropes remember.**

I said that they show wear. It was your paper that made it sound grand. But yes: a bell rope is thin where the hands
go, and you can tell that the ringers here were short. A halyard will tell you what it was led through, and how
badly. A rope is a memory of every hand that pulled it. There, now I have said it.

**What would you save in a fire?**

The visitors. Then the ledgers, since they are the only copy. The ropes I should have to leave, and they would go up
like hair. It’s why you will notice that I never turn my back on anybody with a pipe.

**And the anchor that came up last month?**

It is not a rope, so strictly it is not my business. I go and see it every day.
""",
    ),
    Article(
        slug="review-the-salt-widow-tidewater",
        section="culture",
        title="Review: ‘The Salt Widow’ at the Tidewater Playhouse",
        description="A ghost story in which the ghost does the washing-up.",
        authors=("Clemency Achterberg",),
        published="2026-11-09T22:45:00Z",
        tags=("theatre", "review"),
        picture=Picture(
            name="salt-widow-kitchen",
            caption="Beatrix Olander and the kitchen table that takes most of the applause.",
            credit="Tidewater Playhouse",
            alt="An actor at a kitchen table under one lamp",
        ),
        body="""
There is a moment in the second act of The Salt Widow when Beatrix Olander takes a plate out of the rack, dries it,
and puts it away, and three hundred people hold their breath. Nothing else happens. It is only that we have been
told, a minute earlier, that she is dead.

Fenwick Ashby’s new play is set in one kitchen on one evening. A pilot’s widow waits for her lodger; the lodger
waits for the tide; it dawns on them, over a supper that is really cooked and really eaten, that one of the two has
drowned and that it would be rude to say which.

It could be arch. It is not, because Ashby has a good ear for how people on this coast avoid a subject. A full ten
minutes go to whether the window should be open. By the end of them you know all that there is to know about the
marriage.

Olander is superb, dry as a biscuit and, when she finally lets go, frightening. Kit Marchbanks, as the lodger, is
asked to do less and sometimes does more. The lamp over the table, by Ursule Fane, gives the third-best performance
of the evening.

I could have done without the foghorn. We had understood.

The Salt Widow runs until 12 December. The soup is lentil.
""",
    ),
    Article(
        slug="harbour-bun-recipe",
        section="culture",
        title="How to make harbour buns, and why you should not ask a Skarra cook",
        description="The town’s breakfast, with the cardamom question left open.",
        authors=("Clemency Achterberg",),
        published="2026-10-24T07:30:00Z",
        tags=("food", "recipe"),
        picture=Picture(
            name="harbour-buns",
            caption="Harbour buns from the first tray.",
            credit="Ines Varga/The Lantern",
            alt="Knotted buns on a rack",
        ),
        body="""
A harbour bun is a knot of sweet dough with salt on top. It was made for pilots, who ate with one hand, and it ought
to survive being dropped. On Skarra they put cardamom in it and do not discuss the matter. This is the town’s
version. It makes sixteen.

## What you need

- 500 g of strong flour, and some for the table
- 300 ml of milk, warm as a hand
- 7 g of dried yeast
- 80 g of butter, soft
- 60 g of brown sugar
- one egg, beaten, for the tops
- coarse salt

## What you do

1. Stir the yeast into the milk with a spoonful of the sugar and leave it until it froths.
2. Mix it with the flour, the butter and the rest of the sugar, and knead for ten minutes by the clock. You will
  want to stop after six.
3. Cover, and leave to rise for as long as it takes to walk to Narrow Point and back.
4. Cut into sixteen, roll each piece into a rope of two hands’ length, and tie it in a single knot. Tuck the ends
  under.
5. Leave for half an hour, brush with egg, and sprinkle with salt, less than you think.
6. Bake at 200 degrees for fourteen minutes.

Eat them the same day. They are said to keep, but nobody has ever had the chance to find out.
""",
    ),
    Article(
        slug="last-croft-on-skarra",
        section="culture",
        title="A year on the last working croft of Skarra",
        description="Twelve visits, nine sheep and a wall that is never finished.",
        authors=("Osric Lund",),
        published="2026-10-31T06:00:00Z",
        tags=("Skarra", "farming", "long read"),
        picture=Picture(
            name="croft-wall",
            caption="Torquil Baine at the wall, in May.",
            credit="Osric Lund/The Lantern",
            alt="An old man placing a stone",
        ),
        body="""
I first went to see Torquil Baine in January because I had been told that he would not talk. He did not. He handed
me a stone, and pointed at a gap in the wall, and when I had put it there he took it out and turned it over and put
it back.

The croft lies at the south end, where the island runs down into the sea like a cat stretching. There were thirty
such when he was a boy. Nine sheep, a cow, a strip of oats, potatoes, peat to cut. He is seventy-six. His sister
Morag, who is eighty, keeps the accounts, and says that they come out in stones.

{split}

In March the lambs came, in sleet, all in two nights. By then I was allowed to hold the lamp. He talks to ewes
without stopping, in a low voice and at some length, about people he has known. I heard the whole of the ferry
dispute of 1974 addressed to a Cheviot cross.

In May we cut peat. In June the oats stood as high as a hand, and the corncrakes began, and Morag sat on the bench
of an evening with a stick and a list, ticking off the birds that she had heard. There were five corncrakes this
year. In 1961 she counted ninety-four, and still has the list.

{split}

I asked in August what would happen to the place. We were at the wall again. He thought about it for the length of
three stones.

“It’s not a place that you leave to someone,” he said. “It is more of a thing that you have hold of the end of.”

There is a great-niece, it turns out, who comes at Easter and has never been asked whether she wants it. Morag
thinks that she does. She has noticed her turning stones over.

The gap was closed in October, on my last visit but one. When I came back, a week after, there was another, ten
yards on. The gale will have made more since then. I have not been across to see, but I know what he will be doing,
and to whom he will be complaining.
""",
    ),
    Article(
        slug="umi-no-hotaru-pellhaven",
        section="culture",
        title="湾に海ほたるが戻ってきた夜",
        description="二十年ぶりに青く光る波を、研究者が桟橋から数えた。",
        authors=("汐見 灯",),
        published="2026-11-04T21:00:00Z",
        tags=("日本語", "College of the Sea", "science"),
        language="ja",
        picture=Picture(
            name="blue-water-jetty",
            caption="二番桟橋の下で光る水面。",
            credit="Ines Varga/The Lantern",
            alt="Blue light in black water under a jetty",
        ),
        body="""
十月の終わり、二番桟橋の下で水が光っていると電話があった。
かけてきたのは夜勤明けのパン職人で、酔ってはいないと三度くり返した。
私は長靴をはいて坂を下りた。

光っていたのは海ほたるである。体長三ミリほどの小さな甲殻類で、驚くと青い液を吐く。
ペルヘイヴン湾では二十年前に姿を消し、記録の上では「絶滅」とされていた。
古い浚渫のあと、底の砂が泥に変わったためだと言われている。

翌晩から、学生たちと交代で数えはじめた。
ガラス瓶に魚の切り身を入れ、糸で底まで下ろし、二十分待って引き上げる。
最初の夜は十一匹。四日目には三百を超え、瓶そのものがランプのようになった。

「子どものころ、父はこの光で網を繕ったものです」と、漁師のカラドック・ペンさんは言う。
彼は自分の船を静かに止め、櫂の先で水をひと撫でして見せてくれた。
青い線が一本、しばらく消えずに残った。

なぜ戻ってきたのか、まだ分からない。水門の改修で潮の流れが速くなり、砂が帰ってきたのかもしれない。
夏が暖かかったせいかもしれない。論文にするには、少なくともあと二回の冬が要る。

それまでは、毎晩九時に桟橋の街灯を十分間だけ消してもらえることになった。
見に来る人は、どうか懐中電灯を持たずに。目が慣れるまで、少しだけ待ってほしい。
""",
    ),
    Article(
        slug="foghorn-choir-first-concert",
        section="culture",
        title="The Foghorn Choir will accept anybody, and has",
        description="Sixty people who were told at school that they could not sing are about to.",
        authors=("Priyanka Dole",),
        published="2026-11-05T17:10:00Z",
        tags=("music", "Drill Hall"),
        picture=Picture(
            name="foghorn-choir",
            caption="Rehearsal at the Drill Hall.",
            credit="Jonah Petrel/The Lantern",
            alt="People with their mouths open",
        ),
        body="""
To join the Foghorn Choir you must have been told, by a person in authority, not to sing. There is a form. It asks
for the year, the place and the words that were used.

“‘Just move your lips, dear,’” reads Ottoline Bracegirdle, who founded the choir last winter and keeps the forms in
a biscuit tin. “That is the commonest. ‘You are putting off the others.’ ‘Somebody near you is droning.’ One
gentleman was asked to stand outside and hold the coats. He is our first bass.”

Sixty of them meet on Wednesdays in the Drill Hall. They do not audition, they do not read music, and for the first
three months they were not allowed to sing a tune at all: only one note, each their own, held for as long as they
cared to. “Most people who can’t sing have never been let stay on a note long enough to find out where it is,” Miss
Bracegirdle says.

The effect, from the back of the hall, is of a large and rather friendly ship. By degrees it has learnt to change
course. There are now four songs, all slow.

They will be given on 28 November at seven. Admission is free to those with a form; others pay five crowns, and are
asked not to join in.
""",
    ),
)

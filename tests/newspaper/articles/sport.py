"""The sports pages."""

from __future__ import annotations

from ..model import Article, Picture

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="harriers-draw-ebbing-sands",
        section="sport",
        title="Harriers 2, Ebbing Sands 2: a point saved in the dark",
        description="The floodlights failed in the 88th minute. The equaliser came in the 89th.",
        authors=("Rufus Hale-Okoro",),
        published="2026-11-15T00:10:00Z",
        tags=("football", "Harriers"),
        picture=Picture(
            name="harriers-dark-goal",
            caption="Mika Ostrander, somewhere in this picture, scores.",
            credit="Jonah Petrel/The Lantern",
            alt="A nearly black photograph of a football pitch",
        ),
        body="""
Pellhaven Harriers were losing 2–1 to Ebbing Sands on Saturday, and deserved to be, when the generator behind the
east stand gave a cough and left two thousand people in the dark.

The rules of the Sound League say that the referee may play on if he can see both goals. Severin Holroyd said
afterwards that he could see “the idea of them.” He let play go on. What happened next was heard rather than
watched: a shout, a boot, a post, another boot, and the noise of a net.

It was Mika Ostrander’s ninth of the season. He thinks that it came off his shin. Ebbing’s goalkeeper, to his
lasting credit, was asked by the referee whether it had gone in, and said that it had, because he had just fallen
over it.

The first half had been all the visitors’. Dag Whitlow scored twice from corners that nobody in green seemed to
think were their business, and it took a penalty by Anneke Thorn’s brother Lars, just before the break, to keep the
thing alive.

The point leaves the Harriers fifth. They go to Cragness on Saturday, where the kick-off is at noon.
""",
    ),
    Article(
        slug="gig-racing-women-take-the-bell",
        section="sport",
        title="Ropewalk women take the Bell for the first time since it was a real bell",
        description="Six oars, fourteen kilometres and a finish that had to be measured.",
        authors=("Rufus Hale-Okoro",),
        published="2026-10-18T18:00:00Z",
        tags=("gig racing", "Ropewalk"),
        picture=Picture(
            name="gig-finish",
            caption="Ropewalk’s gig Stubborn, nearest, at the line.",
            credit="Ines Varga/The Lantern",
            alt="Two rowing boats level at a finish line",
        ),
        body="""
By forty centimetres, after fourteen kilometres, the women of Ropewalk won the Bell on Sunday from a Skarra crew
that had led round both buoys and for all but the last nine strokes.

The Bell is raced from the Custom House to Skarra’s pier and back whenever the third Sunday of October is rowable.
It used to be an actual ship’s bell. It was lost overboard by the winners of 1958, in the course of celebrating, and
has been a painting of one since.

Anneke Thorn, who strokes Ropewalk’s gig Stubborn, had her crew sit out Skarra’s sprint at the bar buoy. “You could
hear them counting. They counted very well,” she said. “But they were counting down, and we had not begun.”

| Crew | Gig | Time |
| Ropewalk | Stubborn | 1:21:08 |
| Skarra | Widow’s Mite | 1:21:08 |
| College of the Sea | Second Draft | 1:24:40 |
| Quay Six | Cod Almighty | 1:31:02 |

The timekeepers had the two first crews level, and gave it on the photograph. Skarra have asked to see the
photograph. They have been asked to bring back the ruler.
""",
    ),
    Article(
        slug="cold-water-swimmers-winter-list",
        section="sport",
        title="What the seven o’clock swimmers know that you do not",
        description="Forty people go into the Merrow every morning of the winter. They have rules.",
        authors=("Rufus Hale-Okoro",),
        published="2026-11-07T11:20:00Z",
        tags=("swimming", "winter"),
        picture=Picture(
            name="seven-oclock-swimmers",
            caption="Quay Two steps at seven on Friday. The water was at six degrees.",
            credit="Ines Varga/The Lantern",
            alt="Swimmers in woollen hats",
        ),
        body="""
The first rule is that you do not say how cold it is. There is a thermometer on a string at the bottom of the steps
for those who must know, and they look at it afterwards.

I had asked to go in with the seven o’clock swimmers once. They said that once was no use and that I should come for
a fortnight. I have now done nine days of it and have these further rules to report.

Nobody dives. Nobody counts aloud. You go down the steps without stopping, like a person who has left something at
the bottom, and you talk, because if you are talking you are breathing. The talk is of no importance. On Tuesday it
was about gutters.

You stay in for as many minutes as there are degrees, and not one longer for pride. You get out while you still feel
clever. You dress from the top down, hat first, and drink what is put into your hand.

Dr Ysolde Pym, who has been doing it since 1994, is a heart specialist, and I asked her if it was good for you. “For
some,” she said. “I have never met anyone who did it for that.”

On the ninth day I forgot to notice that I was cold. They tell me that this is the dangerous stage.
""",
    ),
    Article(
        slug="shatranj-al-mina",
        section="sport",
        title="نادي الشطرنج في الميناء يفتح لوحه الخمسين",
        description="بدأ بطاولة واحدة في سوق السمك، وصار موعدًا ينتظره نصف البلدة كل خميس.",
        authors=("يسرى حدّان",),
        published="2026-11-13T05:30:00Z",
        tags=("العربية", "chess"),
        language="ar",
        picture=Picture(
            name="chess-in-the-market",
            caption="لاعبان في سوق السمك بعد انتهاء المزاد.",
            credit="Jonah Petrel/The Lantern",
            alt="Two people playing chess on a fish crate",
        ),
        body="""
قبل ستة أعوام وضع سليم البحّار رقعة شطرنج على صندوق سمك مقلوب، وجلس ينتظر. كان المزاد قد انتهى، والأرض ما زالت
مبلّلة. لم يأتِ أحد في اليوم الأول، ولا في الثاني.

في اليوم الثالث وقف أمامه حمّال شابّ وسأله: «هل تنتظر شخصًا بعينه؟» فأجاب: «أنتظر من يحرّك البيدق». وهكذا بدأ
النادي.

افتتح النادي يوم الخميس رقعته الخمسين. لا رسوم للاشتراك ولا قائمة أعضاء، والقاعدة الوحيدة المكتوبة على الجدار هي أن
الخاسر يصنع الشاي.

يلعب هنا قبطان متقاعد وطبيبة أسنان وتلميذة في الحادية عشرة لم يهزمها أحد منذ الربيع. تقول التلميذة، واسمها تالا، إن
سرّها بسيط: «الكبار ينظرون إلى قطعهم. أنا أنظر إلى وجوههم».

أما سليم فلم يعد يلعب كثيرًا. يتنقّل بين الطاولات ويصلح القطع المكسورة بالغراء، ويحتفظ في جيبه ببيدق واحد من الرقعة
الأولى. وحين سألته متى سيعتزل ضحك وقال: «حين تتعلّم تالا كيف تصنع الشاي».
""",
    ),
    Article(
        slug="harriers-second-eleven-ferry-win",
        section="sport",
        title="Second eleven win on Skarra, then miss the boat",
        description="Three goals, one sheep, a night on the floor of the net loft.",
        authors=("Rufus Hale-Okoro",),
        published="2026-10-11T19:30:00Z",
        tags=("football", "Harriers", "Skarra"),
        reach="section",
        body="""
The Harriers’ second eleven won 3–0 on Skarra on Saturday, their first victory on the island in nine years, and were
still there on Sunday.

Goals by Efosa Lindgren, two, and by a Skarra defender who asked for his name to be left out, settled it well before
half-time. The second half was held up for eleven minutes by a sheep. It was not the same sheep as last year.

What with the sheep, and the tea that the island’s side puts on for visitors, and a speech, the team reached the
pier at ten to seven to see the ferry’s lights going round the point. Sixteen footballers and a linesman spent the
night on nets in the loft, where they were woken at five by the people who own the nets.

“They were very decent about it,” said captain Rory Vale. “They gave us a needle each.”
""",
    ),
    Article(
        slug="marathon-course-measured-by-bicycle",
        section="sport",
        title="The marathon was 180 metres short. She found out on a bicycle",
        description="For eleven years the Sound Marathon has been a personal best for everybody.",
        authors=("Rufus Hale-Okoro",),
        published="2026-11-02T12:15:00Z",
        tags=("running", "roads"),
        picture=Picture(
            name="marathon-measuring",
            caption="Drusilla Keene with the counter on her front wheel.",
            credit="Ines Varga/The Lantern",
            alt="A cyclist looking down at a wheel",
        ),
        body="""
Drusilla Keene measures things for a living, mostly fields. In September she entered the Sound Marathon, ran it four
minutes faster than she had any right to, and was suspicious.

Road races are measured with a bicycle, ridden along the shortest line that a runner could take, with a counter on
the wheel that clicks some eleven thousand times a kilometre. The counter is checked against a steel tape before and
after. Mrs Keene borrowed one, waited for a Sunday with no wind, and rode the course twice between four and seven in
the morning with a constable in front.

Both times it came out at 42,015 metres. It should be 42,195.

The organisers, who were sent a letter of one page and a graph, have accepted it. The fault lies in a hairpin at
Cray’s Mill, which was straightened in 2015 to save a badger’s sett. Nobody thought of the marathon; the badgers
were not consulted about it.

So eleven years’ results will be marked with a star, 6,240 of them, among them the course record. Its holder, Ivo
Brandt, says that he would sooner have had the badgers told.

Next year the start moves back by 180 metres, which puts it exactly outside the house of Drusilla Keene. She says
that this is what it came to, and that they may check.
""",
    ),
)

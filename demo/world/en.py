"""Kestrel Automation of Hamburg: software for factories, sold in Europe and in Asia."""

from demo.world import Names, Territory, World, words

GERMAN = Names(
    given=words(
        "Anna Lukas Julia Felix Katharina Jonas Lena Maximilian Sophie Tobias Marie Florian Laura Stefan Nina "
        "Matthias Eva Andreas Claudia Jürgen Sabine Martin Petra Thomas Heike Markus Birgit Daniel Silke Oliver "
        "Franziska Sebastian Miriam Christoph Verena Dominik Carolin Philipp Antonia Moritz"
    ),
    family=words(
        "Berg Hofmann Krämer Vogel Schuster Lindner Brandt Keller Winter Albrecht Seidel Kuhn Böhm Hartmann Engel "
        "Ritter Arnold Pfeiffer Graf Dietrich Ziegler Kaiser Fuchs Sommer Haas Schreiber Bachmann Reuter Steiner "
        "Gruber Wagner Huber Egger Moser Brunner Frei Baumann Zimmermann Wyss Kessler Thoma Ackermann Voss Petersen "
        "Jansen Behrens Lorenz Hagen Falk Osterloh"
    ),
)
WESTERN = Names(
    given=words(
        "James Claire Oliver Camille Emma Julien Harry Sophie Thomas Margaux George Élise William Antoine Charlotte "
        "Hugo Amelia Mathieu Lucy Baptiste Daan Sanne Lars Femke Pieter Marieke Bram Anouk Eleanor Rupert Isobel "
        "Gareth Fiona Callum Niamh Ewan Manon Luc Hélène Olivier"
    ),
    family=words(
        "Bennett, Moreau, Carter, Lefèvre, Hughes, Girard, Walker, Dubois, Palmer, Fournier, Reid, "
        "Lambert, Marshall, Rousseau, Fletcher, Mercier, Barker, Blanchard, Holmes, Chevalier, Doyle, "
        "Marchand, Whitfield, Perrin, Ashworth, Colin, Vermeulen, de Vries, van Dijk, Bakker, Visser, "
        "Smit, Mulder, Hendriks, Claes, Peeters, Maes, Wouters, Thornton, Hargreaves, Ellison, Prescott, "
        "Sinclair, Drummond, Lowell, Garnier, Faure, Renaud, Besson, Aubert",
        ", ",
    ),
)
ASIAN = Names(
    given=words(
        "Wei Jia Hui Min Jun Ling Kai Mei Hao Xin Yan Zhi Ming Ping Rong Qian Tao Yi Sheng Lan Siti Arjun Priya Rajesh "
        "Ananya Nurul Farid Hana Kenji Yuki Linh Minh"
    ),
    family=words(
        "Tan Lim Wang Chen Ng Lee Zhang Liu Wong Goh Ong Koh Teo Chua Yeo Zhao Zhou Xu Sun Ma Guo Lin He Gao Rahman "
        "Kumar Menon Pillai Iyer Sato Tanaka Nguyen Tran Pham"
    ),
)
TRADES = (
    ("Machine building", ("Machinery", "Drives", "Tools", "Robotics")),
    ("Automotive suppliers", ("Automotive", "Castings", "Components")),
    ("Food and beverage", ("Foods", "Dairy", "Beverages")),
    ("Chemicals", ("Chemicals", "Coatings", "Polymers")),
    ("Pharmaceuticals", ("Pharma", "Laboratories")),
    ("Electronics", ("Electronics", "Sensors", "Circuits")),
    ("Metal processing", ("Steel", "Metals", "Forgings")),
    ("Packaging", ("Packaging", "Print")),
    ("Energy and water", ("Energy", "Water", "Pumps")),
)
TERRITORIES = (
    Territory(
        code="dach",
        name="Germany, Austria, Switzerland",
        zone="Europe/Berlin",
        holidays="DE",
        share=0.46,
        places=(
            ("Germany", "Hamburg"), ("Germany", "Stuttgart"), ("Germany", "Munich"), ("Germany", "Nuremberg"),
            ("Germany", "Cologne"), ("Germany", "Leipzig"), ("Germany", "Bielefeld"), ("Germany", "Ulm"),
            ("Austria", "Linz"), ("Austria", "Graz"), ("Switzerland", "Winterthur"), ("Switzerland", "Basel"),
        ),
        names=(GERMAN,),
        heads=words("Nord Alb Rhein Isar Weser Harz Alpen Donau Elb Main Neckar Havel Spree Saale Fulda Lahn Ems Inn Enns Mur "
            "Aare Reuss Jura Eifel Taunus Hanse"),
        tails=words("werk tec form tal feld stahl haus mont bau kraft mark stein berg mann hof dyn"),
        firm=("{head}{tail} {trade} GmbH", "{head}{tail} {trade} AG", "{head}{tail} {trade} GmbH & Co. KG"),
        mobile="+49154{n:07d}",
        landline="+4930231250{n:02d}",
        language="de",
    ),
    Territory(
        code="west",
        name="Western Europe",
        zone="Europe/Paris",
        holidays="FR",
        share=0.31,
        places=(
            ("United Kingdom", "Birmingham"), ("United Kingdom", "Leeds"), ("United Kingdom", "Bristol"),
            ("United Kingdom", "Coventry"), ("France", "Lyon"), ("France", "Lille"), ("France", "Toulouse"),
            ("France", "Nantes"), ("Netherlands", "Eindhoven"), ("Netherlands", "Rotterdam"), ("Belgium", "Ghent"),
        ),
        names=(WESTERN,),
        heads=words("Ash Oak Rother Wex Calder Avon Sever Mers Loire Meuse Valm Beau Clair Mont Schel Maas Waal Dom Bret Thorn "
            "Hal Win Kirk Brad Lang North"),
        tails=words("ford ton ley bridge field mont val court beck mere wick dale stede land port gate"),
        firm=("{head}{tail} {trade} Ltd", "{head}{tail} {trade} SAS", "{head}{tail} {trade} B.V."),
        mobile="+3363998{n:04d}",
        landline="+441632960{n:03d}",
        language="en",
    ),
    Territory(
        code="asia",
        name="Asia Pacific",
        zone="Asia/Shanghai",
        holidays="CN",
        share=0.23,
        places=(
            ("China", "Shanghai"), ("China", "Suzhou"), ("China", "Shenzhen"), ("China", "Tianjin"),
            ("Singapore", "Singapore"), ("Malaysia", "Penang"), ("Malaysia", "Johor Bahru"), ("Vietnam", "Da Nang"),
        ),
        names=(ASIAN,),
        heads=words("Hua Sun Jin Tai Hong Xin Rui Bo Lian Heng Golden Pacific Eastern Straits Merlion Jade Lotus Orchid "
            "Harbour Summit"),
        tails=words("da sheng tai feng xing ling way tech ray star nova max lion peak tide line"),
        firm=("{head}{tail} {trade} Co., Ltd", "{head}{tail} {trade} Pte Ltd", "{head}{tail} {trade} Sdn Bhd"),
        mobile="+86154{n:08d}",
        landline="+86215550{n:04d}",
        language="en",
    ),
)  # fmt: skip
STAFF = {
    "marketer": "Mia Falk",
    "rep": "Jonas Hartmann",
    "manager": "Birgit Lorenz",
    "head.marketing": "Clara Behrens",
    "head.sales": "Stefan Osterloh",
    "admin": "Robin Kessler",
    "finance": "Heike Albrecht",
    "marketer2": "Tom Ackermann",
    "marketer3": "Aisha Rahman",
    "rep2": "Uwe Petersen",
    "rep3": "Camille Fournier",
    "rep4": "Kai Tan",
    "farmer": "Sabine Voss",
    "key": "Helena Brandt",
    "leaver": "Rupert Ellison",
}
PRODUCTS = {
    "mes": ("Kestrel MES", "Production"),
    "scada": ("Kestrel SCADA", "Production"),
    "predict": ("Kestrel Predict", "Maintenance"),
    "energy": ("Kestrel Energy", "Maintenance"),
    "quality": ("Kestrel Quality", "Production"),
    "edge": ("Kestrel Edge Gateway", "Devices"),
    "support": ("Support, one year", "Services"),
    "rollout": ("Rollout day", "Services"),
}
CAMPAIGNS = {
    "fairs": "Trade fairs",
    "always": "Always-on demand",
    "accounts": "Customers and partners",
    "hannover": "Hannover fair: the line that talks",
    "sps": "SPS Nuremberg: edge to cloud",
    "search": "Paid search: MES and SCADA",
    "brandsearch": "Paid search: our own name",
    "seo": "Guides that rank: OEE, downtime, traceability",
    "website": "Website: price calculator",
    "feed": "LinkedIn feed: plant managers",
    "display": "Display: retargeting",
    "content": "White paper: 12 hours less downtime",
    "social": "Social: a day in the control room",
    "email": "Newsletter: shop floor letter",
    "webinars": "Webinar series: predictive maintenance",
    "roadshow": "Roadshow: five cities, five factories",
    "press": "Trade press: plant of the year",
    "pr": "Study: the state of the factory",
    "swap": "Joint mailing with a robot maker",
    "dealer": "Dealer programme",
    "tender": "Public tenders: water and energy",
    "referral": "Customers bring customers",
    "direct": "Came straight to us",
    "mailing": "Postcard to 3,000 plants",
    "affiliate": "Comparison portals",
    "inbound": "Hotline",
    "coldcall": "Calling campaign: food and beverage",
    "own": "Reps' own finds",
    "other": "Podcast sponsorship",
    "unknown": "Old list without a source",
}
VENDORS = {
    "fair": "Messebau Nordlicht",
    "ads": "Clickyard Media",
    "agency": "Agentur Leuchtturm",
    "print": "Druckhaus Elbe",
    "venue": "Hafen Events",
    "tools": "Mailwerk",
}
WORDS = {
    "agreement": ("Half of the B leads cool down before we call. We answer faster; marketing hands over only what is warm.",),
    "scorecard": ("Standard, plants first",),
    "registration": ("Quoted on site, waits for the board.",),
    "need": (
        "Replace spreadsheets on three lines", "One picture of all plants", "Predict bearing failures",
        "Traceability for an audit", "Energy use for each order", "Connect old controllers", "OEE in real time",
        "Paperless quality checks",
    ),
    "when": ("This quarter", "Within six months", "Budget for next year", "As soon as possible", "After the summer stop"),
    "call": (
        "Talked about the current system and who decides.", "Wants a reference in the same industry.",
        "Left a message, calling again tomorrow.", "Needs to speak with IT first.", "Asked for a price indication.",
        "Interested; sends the line layout.", "Out of office until Monday.", "Budget is being discussed next month.",
    ),
    "missed": ("No answer.", "Voicemail.", "Line busy.", "At a plant visit, try again."),
    "meeting": (
        "Demo with production and IT; good questions about interfaces.", "Walked through the pilot line.",
        "Workshop on goals; they will send data.", "Met the plant manager, board decides in May.",
    ),
    "mail": ("Sent the offer.", "Sent references and a price range.", "Confirmed the date.", "Answered questions on security."),
    "booth": (
        "Business card. Wants a demo for two lines.", "Business card. Looks for a partner before summer.",
        "Scanned badge, talked for ten minutes about downtime.", "Business card. Already has a budget.",
    ),
    "form": ("Please send me prices.", "We run 14 machines in two shifts. Can you connect them?", "Downloaded the guide.", ""),
    "callback": ("Please call me back in the morning.", "Question about licences.", "Wants to talk to an engineer."),
    "step": (
        "Send the revised offer", "Call about the pilot", "Prepare the demo", "Get the purchase order", "Ask for the line data",
        "Confirm the reference visit", "Follow up on the offer",
    ),
    "return": (
        "Told me to come back next year.", "Left the company.", "Mail bounces, number is wrong.", "Belongs to the colleague.",
        "Only wants spare parts.", "We are already talking to the headquarters.",
    ),
    "stay": ("Not now, asked to be kept informed.", "Project postponed.", "No answer after all attempts."),
    "qualified": ("Knows us from the last project", "Talked at an association meeting", "Asked for by the region"),
    "grade": ("Strategic account", "Too small for a project", "Knows the decision maker", "Budget confirmed"),
    "won": ("Pilot went well.", "Fast answers decided it.", "Best fit with their controllers.", ""),
    "lost": ("Chose a cheaper product.", "Project stopped by the board.", "Went with the supplier of the machines.", ""),
    "cold": ("No reaction to three mails.", "Only looking around.", "Too early, stays on the newsletter."),
    "spend": ("Booth and stand construction", "Media", "Agency fee", "Printing and postage", "Venue and catering"),
    "deal": ("{company}: {product}", "{company}: more {product}", "{company}: renewal of {product}"),
    "forecast": (
        "Two pilots end before the period does.", "The largest deal may slip into the next month.",
        "Purchasing has promised to sign.", "Same pattern as in earlier years.",
    ),
    "counsel": (
        "They asked about the reference in Lyon. Have we anything of it that I may send?",
        "The Lyon story is signed off: two pages, in the library since Tuesday. Send the one with the figures.",
        "Sent it with the offer, and it was read the same day.",
        "Their head of production spoke at our webinar last spring: start with the downtime figures, not with the price.",
    ),
    "audience": ("Plant managers and heads of production of mid-size makers who have met us before.",),
    "offer": ("A day at the pilot line, and a fixed-price start for one line.",),
    "advice": (
        "Two weeks earlier: most of my plants close their budgets before then.",
        "Leave customers in a running project out, and offer them a review instead.",
    ),
    "reply": ("Adopted: the series starts two weeks earlier.",),
    "argument": ("The firm has 80 people and asked for a price itself.", "Every agreed question was answered, and the grade was B."),
    "counter": ("Nobody there has a budget this year.", "The contact had moved on, which nobody could have known."),
    "ruling": ("By the agreement it was ready when it was offered; the return does not count.",),
    "shift": ("Tired audience: the same spend brings fewer people every month.", "More people ask for what we show there."),
    "audiences": ("Mid-size makers who ask", "Customers who are at it again", "Asleep, worth waking"),
    "audience for": (
        "Whom the autumn series is for, and whom sales calls first.", "Bought from us and did something in the last months.",
        "Good fit, not now: for the newsletter.",
    ),
    "growth": (
        "Maintenance plans for plants that bought once",
        "Second line at mid-size makers",
        "Small workshops through dealers",
    ),
    "grows": (
        "Seven in ten mid-size customers buy again within a year; of those with a maintenance plan nearly all do.",
        "Customers with one line bring half of what those with two bring; 40 of them run a second line without us.",
        "Small workshops cost as much to win as mid-size makers and stay half as often; dealers visit them anyway.",
    ),
    "grown": (
        "Call the plant manager, not purchasing: the plan is decided on the shop floor.",
        "Offer it with the handover of the machine. A month later nobody listens.",
    ),
    "waves": ("Brand tracking, first wave", "Brand tracking, second wave", "Brand tracking, third wave", "Brand tracking, mid-size makers"),
    "searches": ("Search console and keyword planner",),
    "learned": ("The move paid, though later than we thought.",),
    "month_marketing": (
        "The fair's leads are through. Cost per SQL is back where it was before.",
        "Search carried the month; display is being cut.",
        "Fewer leads than planned, but more of them accepted.",
    ),
    "month_sales": (
        "Two large contracts came a month early. Answer times are better, one team is behind.",
        "A good month for existing customers; new names were slow.",
        "First contacts within a day in four of five cases.",
    ),
    "late": ("Invoice came after the close.",),
    "corrected": ("The contract was signed for less than we had booked.",),
    "campaign": ("Goal: qualified conversations, not badges.", "Runs with the yearly media plan.", ""),
}  # fmt: skip
VOICE = (
    ("roof", "all", "Plants that tell you in time", ""),
    ("pillar", "all", "Machines speak before they stop", ""),
    ("claim", "all", "Finds nine of ten bearing failures a week ahead", "Eleven customers, 2,140 bearings, twelve months"),
    ("claim", "customers", "First line connected in ten working days", "Median of 84 projects of the last two years"),
    ("pillar", "all", "Yours to run", ""),
    ("claim", "all", "Your data stay in your plant", "Runs on one server of yours; audit of the security institute"),
    ("claim", "dealers", "Dealers keep the service contract", "Partner agreement, section 4"),
    ("avoid", "all", "zero downtime", "fewer unplanned stops: nine of ten failures a week ahead"),
    ("avoid", "customers", "the cheapest", "pays for itself within the first year on three lines or more"),
    ("claim", "customers", "Energy bill down by twelve per cent", "Two customers, one winter"),
    ("claim", "customers", "Energy bill down by eight per cent", "Nine customers, a whole year"),
)  # fmt: skip

WORLD = World(
    language="en",
    organisation="Kestrel Automation",
    currency="EUR",
    foreign=(("USD", 0.92), ("CNY", 0.128)),
    scale=1,
    zone="Europe/Berlin",
    fiscal_year_start=1,
    territories=TERRITORIES,
    industries=TRADES,
    segments=(("enterprise", "Large plants"), ("midsize", "Mid-size makers"), ("small", "Small workshops")),
    titles=(
        ("Plant manager", 5), ("Head of production", 5), ("Maintenance manager", 4), ("Automation engineer", 5),
        ("IT manager", 4), ("Quality manager", 3), ("Managing director", 2), ("Purchasing", 3), ("Energy manager", 1),
        ("Process engineer", 3), ("Student", 1),
    ),
    staff=STAFF,
    teams={"desk": "Marketing", "dach": "Sales DACH", "west": "Sales West", "asia": "Sales Asia"},
    products=PRODUCTS,
    campaigns=CAMPAIGNS,
    vendors=VENDORS,
    words=WORDS,
    voice=VOICE,
)  # fmt: skip

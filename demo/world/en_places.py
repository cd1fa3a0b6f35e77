"""Where Kestrel Automation sells: the territories, and the names of people, firms and trades there."""

from demo.world import Names, Territory, words

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
